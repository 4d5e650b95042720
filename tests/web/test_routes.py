"""Every route and everybody who may ask: the matrix in docs/threats.md is what really happens."""

import re
from collections.abc import Mapping
from typing import cast

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path
from tests.path.world import PEOPLE, World
from tests.web.test_api import token

from signalpost.acts import access, links
from signalpost.web import matrix, routes

#: From where nobody may read figures without a token.
ELSEWHERE = "203.0.113.9"
PASSWORD = "pass-1234-word"


def samples(world: World) -> Mapping[str, str]:
    """Something that is there, for each argument of an address."""
    message = world.message_to("ada", "outage-opened")
    ((incident,),) = world.rows("SELECT ref FROM incident", tuple[str])
    return {
        "party": "ada",
        "token": links.token(message.communication),
        "ref": message.communication,
        "delivery": message.ref,
        "incident": str(incident),
        "name": "sms",
        "uidb64": "MQ",
        "app_label": "auth",
        "model_name": "user",
    }


def filled(address: str, found: Mapping[str, str]) -> str:
    """An address as somebody asks for it."""
    if "incidents/" in address:
        found = {**found, "ref": found["incident"]}
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "1", address).replace("^.*/$", "nothing-here/")
    plain = plain.replace("^", "").replace("$", "").replace("\\", "")

    def value(argument: re.Match[str]) -> str:
        return found.get(argument[2]) or ("1" if argument[1] == "int" else "x")

    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", value, plain)


class Crowd:
    """Everybody who may ask, each with what they have."""

    def __init__(self) -> None:
        access.make_roles()
        self.clients = {caller: self._client(caller) for caller in matrix.CALLERS}
        self.tokens = {scope: token(Client(SERVER_NAME="localhost"), scope) for scope in access.SCOPES}

    def _client(self, caller: str) -> Client:
        address = "127.0.0.1" if caller == matrix.SCRAPER else ELSEWHERE
        client = Client(SERVER_NAME="localhost", raise_request_exception=False, REMOTE_ADDR=address)
        if caller == matrix.SUPERUSER:
            client.force_login(get_user_model().objects.create_superuser("root", "root@staff.example", PASSWORD))
        elif caller in access.ROLES:
            access.make_staff(caller, role=caller, password=PASSWORD)
            assert client.login(username=caller, password=PASSWORD)
        return client

    def ask(self, caller: str, method: str, address: str) -> HttpResponse:
        headers = {"authorization": f"Bearer {self.tokens[caller]}"} if caller in self.tokens else {}
        made = self.clients[caller].generic(method, address, b"", headers=headers)
        return cast("HttpResponse", made)


def outcome(answer: HttpResponse) -> str:
    """`in`, `out`, or `absent` when nothing is found there."""
    to = answer.headers.get("location", "")
    if answer.status_code in {401, 403} or (answer.status_code == 302 and re.match(r"/console/(login/.*)?$", to)):
        return "out"
    return "absent" if answer.status_code == 404 else "in"


#: Asking for these ends the session of who asks, or sends somebody who is in to where they are already.
_ENDS = ("console/logout/", "console/leave/")
_LEADS_HOME = ("console/login/", "console/second-factor/authenticate/")
ASKS_LIBRARIES = (matrix.ANYONE, *access.ROLES, matrix.SUPERUSER)


# Some 250 addresses, each asked for by everybody.
@pytest.mark.timeout(1200)
def test_every_route_lets_in_exactly_who_the_matrix_says(world: World):
    world.storm()
    found = samples(world)
    crowd = Crowd()
    wrong: list[str] = []
    rows = [row for row in matrix.rows() if row.path not in (*_ENDS, *_LEADS_HOME)]

    for row in rows:
        is_library = matrix.area(row.path) is not None
        for caller in matrix.CALLERS:
            # To a library's pages all who are not staff are one: they have no session.
            if is_library and caller not in ASKS_LIBRARIES:
                continue
            is_link = row.callers == frozenset({matrix.LINK})
            mine = found if caller == matrix.LINK else {**found, "token": "forged" * 6}
            answer = crowd.ask(caller, row.method, filled(row.path, mine))
            got = outcome(answer)
            # A text message has no pages to be looked at.
            allowed = {"in", "absent"} if "<" in row.path or is_library else {"in"}
            refused = {"out", "absent"} if is_library or is_link else {"out"}
            if got not in (allowed if caller in row.callers else refused) or answer.status_code >= 500:
                wrong.append(f"{row.method} {row.path} by {caller}: {answer.status_code} {got}")

    assert "\n".join(wrong) == ""
    assert len(rows) > 60


def test_what_is_closed_is_found_by_nobody():
    closed = [row for row in matrix.rows() if not row.callers]
    assert {row.path.split("/")[1] for row in closed} == set(re.findall(r"[a-z0-9_-]+", routes.CLOSED)) - {"console"}


@pytest.mark.usefixtures("configured")
def test_an_address_that_no_table_knows_is_an_error(monkeypatch: pytest.MonkeyPatch):
    from signalpost.web import urls  # noqa: PLC0415 - Django is configured by now

    def nothing(request: object) -> HttpResponse:
        del request
        return HttpResponse()

    resolver = get_resolver()
    monkeypatch.setattr(resolver, "url_patterns", [*urls.urlpatterns, path("back-door/", nothing)])
    with pytest.raises(matrix.UnknownRouteError, match="back-door/"):
        matrix.rows()


def test_no_customer_sees_anything_of_another(world: World):
    world.storm()
    browser = Client(SERVER_NAME="localhost")
    told = {party: sent.communication for kind, party, sent in world.outbox() if kind == "outage-opened"}
    everyone = {ref: (f"{ref.title()} Adler", f"{ref}@mail.example") for ref, *_ in PEOPLE}

    for party, ref in told.items():
        for kind in links.PATHS.values():
            page = browser.get(f"/{kind}/{links.token(ref)}")
            assert page.status_code == 200
            shown = [
                other for other, words in everyone.items() if other != party and any(w in page.text for w in words)
            ]
            assert shown == [], (party, kind)
        # The reference of another with the signature of one's own.
        mine = links.token(ref)[len(ref) :]
        for other in told.values():
            status = browser.get(f"/s/{other}{mine}").status_code
            assert status == (200 if other == ref else 404)
    assert browser.cookies.get("sessionid") is None


def test_a_withheld_decision_and_a_status_webhook_have_no_page(world: World):
    world.register_platform()
    world.storm()
    browser = Client(SERVER_NAME="localhost")
    sql = "SELECT ref FROM decision WHERE verdict = 'withheld' OR kind = 'status'"
    refs = [str(ref) for (ref,) in world.rows(sql, tuple[str])]

    assert len(refs) > 3
    for ref in refs:
        for kind in links.PATHS.values():
            assert browser.get(f"/{kind}/{links.token(ref)}").status_code == 404
