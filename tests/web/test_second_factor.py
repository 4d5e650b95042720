"""The second factor of staff: given, asked for, kept secret, required."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator

import msgspec
import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from tests.path.world import World

from signalpost.acts import access
from signalpost.store import batch

PASSWORD = "pass-1234-word"
STEP_SECONDS = 30


@pytest.fixture
def grace(world: World) -> Client:
    """Somebody of operations who logged in with her password."""
    del world
    from django.core.cache import cache  # noqa: PLC0415 - Django is set up by now

    # Codes that were used and logins that failed are remembered there.
    cache.clear()
    access.make_staff("grace", role="operations", password=PASSWORD)
    browser = Client(SERVER_NAME="localhost")
    assert log_in(browser).headers["location"] == "/console/"
    return browser


@pytest.fixture
def required() -> Iterator[None]:
    with override_settings(SIGNALPOST=msgspec.structs.replace(django_settings.SIGNALPOST, require_mfa=True)):
        yield


def log_in(browser: Client, *, password: str = PASSWORD):
    return browser.post("/console/login/", {"login": "grace", "password": password})


def code(secret: str) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // STEP_SECONDS)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def add_app(browser: Client) -> str:
    """Set up an authenticator app, which wants the password once more; its secret."""
    assert browser.get("/console/second-factor/totp/activate/").headers["location"].startswith("/console/confirm/")
    browser.post("/console/confirm/", {"password": PASSWORD})
    page = browser.get("/console/second-factor/totp/activate/").text
    found = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert found is not None, page
    answer = browser.post("/console/second-factor/totp/activate/", {"code": code(found[1])})
    assert answer.status_code == 302
    return found[1]


@pytest.mark.usefixtures("world")
def test_a_wrong_password_lets_nobody_in():
    access.make_staff("grace", role="operations", password=PASSWORD)
    browser = Client(SERVER_NAME="localhost")

    answer = log_in(browser, password="wrong")

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert browser.get("/console/").status_code == 302


def test_the_code_is_asked_for_after_the_password(grace: Client):
    secret = add_app(grace)
    browser = Client(SERVER_NAME="localhost")

    after_password = log_in(browser)
    closed = browser.get("/console/")
    wrong = browser.post("/console/second-factor/authenticate/", {"code": "000000"})
    still_closed = browser.get("/console/")

    assert after_password.headers["location"].startswith("/console/second-factor/authenticate/")
    assert closed.status_code == still_closed.status_code == 302
    assert "Incorrect code" in wrong.text
    # The code of this step was used up by the set-up.
    batch.run("UPDATE mfa_authenticator SET last_used_at = NULL")
    from django.core.cache import cache  # noqa: PLC0415

    cache.clear()
    right = browser.post("/console/second-factor/authenticate/", {"code": code(secret)})
    assert right.headers["location"] == "/console/"
    assert browser.get("/console/").status_code == 200


def test_a_recovery_code_lets_in_once(grace: Client):
    add_app(grace)
    listed = grace.get("/console/second-factor/recovery-codes/").text
    found = re.search(r"<textarea[^>]*>\s*([0-9-]+)", listed)
    assert found is not None, listed
    recovery = found[1]

    def enters() -> str:
        browser = Client(SERVER_NAME="localhost")
        log_in(browser)
        return browser.post("/console/second-factor/authenticate/", {"code": recovery}).headers.get("location", "")

    assert (enters(), enters()) == ("/console/", "")


def test_the_secret_of_an_app_lies_encrypted(grace: Client):
    secret = add_app(grace)

    stored = batch.fetch("SELECT data::text FROM mfa_authenticator", [], tuple[str])

    assert stored
    assert not any(secret in data for (data,) in stored)


@pytest.mark.usefixtures("required")
def test_where_it_is_required_nothing_opens_without_it(grace: Client):
    for path in ("", "communications/", "channels/lane:bulk/switch/", "account/", "users/"):
        answer = grace.get(f"/console/{path}")
        assert (answer.status_code, answer.headers["location"]) == (302, "/console/second-factor/"), path
    assert grace.post("/console/channels/lane:bulk/switch/").status_code == 302
    assert batch.fetch("SELECT count(*) FROM switch", [], tuple[int]) == [(0,)]
    assert grace.get("/console/second-factor/").status_code == 200

    add_app(grace)

    assert grace.get("/console/").status_code == 200


def test_leaving_closes_the_console(grace: Client):
    grace.post("/console/logout/")

    assert grace.get("/console/").status_code == 302


def test_every_page_of_the_set_up_opens(grace: Client):
    add_app(grace)

    for path in ("", "totp/deactivate/", "webauthn/", "webauthn/add/", "recovery-codes/", "recovery-codes/generate/"):
        answer = grace.get(f"/console/second-factor/{path}")
        assert (answer.status_code, path) == (200, path)
        assert "Signalpost</title>" in answer.text.replace("\n", ""), path
