"""Releases on the command line, by members of staff in the roles they have."""

import pytest
from tests.acts import releases
from tests.cli import running

from signalpost.acts import access, releasing
from signalpost.vocabulary import library

pytestmark = pytest.mark.usefixtures("database")

State = library.ReleaseState


@pytest.fixture
def staff() -> None:
    """People with one role each."""
    access.make_roles()
    for name, role in (
        ("ben", "approver"),
        ("ann", "approver"),
        ("lea", "legal"),
        ("bro", "brand"),
        ("aud", "auditor"),
    ):
        access.make_staff(name, role=role, password="none of the tests logs in")


@pytest.mark.usefixtures("staff")
def test_a_release_from_review_to_withdrawal(capsys: pytest.CaptureFixture[str]):
    ref = releases.submitted(*releases.everything()).ref

    assert running.here("release", "approve", ref, "--by", "ben") == 0
    assert running.here("release", "list", "--state", "live") == 0
    assert running.here("release", "show", ref) == 0
    assert running.here("release", "withdraw", ref, "--by", "ben", "--reason", "a mistake") == 0

    out = capsys.readouterr().out
    assert f"{ref}: live: A change" in out
    assert "new: text disclaimer" in out
    assert "said first: reading in en" in out
    assert "approver: ben, " in out
    assert f"{ref}: withdrawn: A change (a mistake)" in out


@pytest.mark.usefixtures("staff")
def test_the_steps_of_a_review_one_after_the_other_with_a_time(capsys: pytest.CaptureFixture[str]):
    releases.live(*releases.everything()[:-1], releases.policy(law=("legal", "brand")))
    ref = releases.submitted(releases.notice("law", category="law")).ref

    assert running.here("release", "approve", ref, "--by", "lea") == 0
    assert running.here("release", "approve", ref, "--by", "bro", "--from", "2100-01-01T00:00:00+01:00") == 0

    assert releasing.release(ref).state is State.SCHEDULED
    assert f"{ref}: scheduled" in capsys.readouterr().out


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("approve", "{ref}", "--by", "ann"), "own_change: wanted an approver who did not change it"),
        (("approve", "{ref}", "--by", "aud"), "role_missing: wanted approver or legal or brand, got auditor"),
        (("approve", "{ref}", "--by", "nobody"), "--by: wanted a member of staff, got 'nobody'"),
        (("approve", "R-none", "--by", "ben"), "release: wanted 'R-none', got none of that reference"),
        (("approve", "{ref}", "--by", "ben", "--from", "soon"), "--from: wanted a time with its offset"),
        (("approve", "{ref}", "--by", "ben", "--to", "2020-01-01T00:00:00"), "--to: wanted a time with its offset"),
        (("submit", "{ref}", "--by", "ben"), "illegal_move: wanted draft, got in_review"),
        (("show", "R-none"), "release: wanted 'R-none', got none of that reference"),
        (("withdraw", "R-none", "--by", "ben", "--reason", "x"), "release: wanted 'R-none'"),
    ],
)
def test_what_may_not_be_is_said(words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]):
    ref = releases.submitted(*releases.everything()).ref
    assert running.here("release", *(word.format(ref=ref) for word in words)) == 1
    assert message in capsys.readouterr().err
    assert releasing.release(ref).state is State.IN_REVIEW


def test_drift_is_an_exit_code(capsys: pytest.CaptureFixture[str]):
    assert running.here("drift") == 0
    ref = releases.live(*releases.everything())
    assert running.here("drift") == 0
    draft = releases.submitted(releases.text("Late."))
    releases.made(releasing.assign(draft.ref, by=releases.BEN, to="ben", due_at=releasing.release(ref).created_at))
    assert running.here("drift") == 1
    assert f"release_overdue: release {draft.ref}: was due at" in capsys.readouterr().out
