"""Secrets are in no log, no answer and no repr."""

import base64
import logging

import msgspec
import pytest
from django.conf import settings as django_settings
from django.test import Client
from tests.path.world import World
from tests.web.test_api import Caller, event

from signalpost import settings
from signalpost.acts import access
from signalpost.store import endpoints
from signalpost.vocabulary import records

SECRET = "s3cr3t-0f-5ignalp0st"


def test_no_repr_shows_a_secret():
    given = msgspec.convert(dict.fromkeys(settings.SECRETS, f"smtp://u:{SECRET}@relay.example"), settings.Settings)
    endpoint = endpoints.Endpoint(
        ref="EP-1", system="ERP", url="https://x.example", secret=SECRET, wants=[], owner="STAFF-OPS"
    )
    shown = [
        repr(given),
        str(given),
        f"{endpoint}",
        repr([access.Client(client_id="c", secret=SECRET)]),
        f"{endpoint!r}",
    ]

    assert [text for text in shown if SECRET in text] == []
    assert "relay.example" not in repr(given)
    assert "port=8320" in repr(given)
    assert "EP-1" in repr(endpoint)


def test_every_setting_that_looks_like_a_secret_is_one():
    fields = {field.name for field in msgspec.structs.fields(settings.Settings)}
    looks = {name for name in fields if any(word in name for word in ("secret", "password", "token"))}
    assert looks - settings.SECRETS == set()


def _basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


def test_nothing_that_fails_writes_or_answers_a_secret(world: World, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    world.register_platform()
    caller = Caller("events:write")
    made = access.make_client("other", scopes=["events:write"])
    access.make_roles()
    access.make_staff("olga", role="operations", password=SECRET)
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    form = "application/x-www-form-urlencoded"
    asks = b"grant_type=client_credentials"

    answers = [
        browser.post("/api/token", asks, content_type=form, headers=_basic(made.client_id, SECRET)),
        browser.post("/api/token", asks + f"&client_secret={SECRET}".encode(), content_type=form),
        browser.post("/api/token", f"grant_type={SECRET}".encode(), content_type=form),
        browser.post("/api/events", b"{", content_type="text/plain", headers={"authorization": f"Bearer {SECRET}"}),
        browser.get("/api/events", headers={"authorization": f"Bearer {caller.token}"}),
        browser.get(f"/s/{SECRET}"),
        browser.post("/console/login/", {"login": "olga", "username": "olga", "password": SECRET + "x"}),
        caller.post(b"{"),
        caller.post(records.canonical(event(type="no.such"))),
        caller.post(b"[]", path="/api/print-status"),
    ]

    world.storm()
    secrets = [SECRET, made.secret, caller.token, "c2VjcmV0", django_settings.SECRET_KEY]
    told = "\n".join(
        [caplog.text, *(answer.text for answer in answers if answer.request["PATH_INFO"] != f"/s/{SECRET}")]
    )
    # The one place that names an address is Django's own "Not Found", and an address is no secret of ours.
    told = "\n".join(line for line in told.splitlines() if f"/s/{SECRET}" not in line)
    assert [secret[:4] for secret in secrets if secret in told] == []
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


def test_secrets_are_stored_as_hashes_where_nobody_needs_them_back(world: World):
    made = access.make_client("other", scopes=["events:write"])
    access.make_roles()
    access.make_staff("olga", role="operations", password=SECRET)
    caller = Caller("events:write")

    rows = [
        *world.rows("SELECT client_secret FROM oauth2_provider_application", tuple[str]),
        *world.rows("SELECT password FROM auth_user", tuple[str]),
    ]

    assert len(rows) == 3
    assert [row for row in rows if any(secret in str(row) for secret in (SECRET, made.secret, caller.token))] == []
