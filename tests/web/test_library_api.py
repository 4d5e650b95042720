"""Releases and drift for machines: to read, and nothing to approve."""

import pytest
from tests.acts import releases
from tests.web.test_api import Caller

from signalpost.acts import releasing
from signalpost.web import routes

pytestmark = pytest.mark.usefixtures("database")


def get(caller: Caller, path: str):
    """An answer to a machine."""
    return caller.client.get(path, headers={"authorization": f"Bearer {caller.token}"})


def test_releases_are_listed_and_shown():
    ref = releases.live(*releases.everything())
    caller = Caller("library:read")

    (listed,) = get(caller, "/api/releases").json()["releases"]
    shown = get(caller, f"/api/releases/{ref}").json()

    assert (listed["ref"], listed["state"], listed["changes"]) == (ref, "live", 7)
    assert (shown["author"], shown["review"]) == ("ann", ["approver"])
    assert [(step["role"], step["person"]) for step in shown["sign_offs"]] == [("approver", "ben")]
    assert {change["name"] for change in shown["changes"]} >= {"disclaimer", "reading", "tell", "policy"}
    assert [(each["communication"], each["language"]) for each in shown["contents"]] == [("reading", "en")]


def test_what_is_not_there_is_a_problem():
    answer = get(Caller("library:read"), "/api/releases/R-none")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "wanted 'R-none'" in answer.json()["detail"]


def test_drift_is_told():
    releases.live(*releases.everything())
    caller = Caller("library:read")
    assert get(caller, "/api/library/drift").json() == {"drift": []}
    draft = releases.submitted(releases.text("Late."))
    releases.made(releasing.approve(draft.ref, by=releases.BEN))
    releases.made(releasing.withdraw(draft.ref, by=releases.BEN, reason="no"))
    assert get(caller, "/api/library/drift").json() == {"drift": []}


@pytest.mark.parametrize("path", ["/api/releases", "/api/releases/R-1", "/api/library/drift"])
def test_another_scope_does_not_read_it(path: str):
    assert get(Caller("events:write"), path).status_code == 403


def test_no_machine_approves():
    changing = [
        machine.name
        for machine in routes.API
        for operation in machine.operations
        if operation.scope == "library:read" and operation.method != "GET"
    ]
    assert changing == []
