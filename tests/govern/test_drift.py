"""What of the library does not fit any more."""

import datetime as dt

import msgspec
import pytest
from tests.govern import shelves
from tests.govern.test_releases import NOON, State, release

from signalpost.govern import drift
from signalpost.vocabulary import library, templates

HOUR = dt.timedelta(hours=1)
KINDS = drift.DriftKind
FACTS = shelves.schema({"value": {"type": "integer"}}, "value")
NEEDS = shelves.schema({"value": {"type": "string"}}, "value")
ENGLISH = shelves.edition()


def found(*items: library.Item) -> list[tuple[str, str, str]]:
    """What does not fit among these items."""
    return [(each.kind.value, each.subject, each.place) for each in drift.in_shelf(shelves.shelf(*items))]


WHOLE = (
    shelves.BRAND,
    shelves.ENGLISH,
    shelves.contract(FACTS),
    shelves.policy("service"),
    shelves.communication("notice", ENGLISH, contract=FACTS),
    shelves.trigger(),
)


def test_nothing_is_said_of_what_fits():
    assert found(*WHOLE) == []


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        (
            shelves.communication("notice", ENGLISH, contract=NEEDS),
            [("contract_misfit", "communication notice", "value"), ("trigger_misfit", "trigger tell", "value")],
        ),
        (
            shelves.communication("notice", ENGLISH, contract=FACTS, category="odd"),
            [("unknown_category", "communication notice", "category")],
        ),
        (
            shelves.communication("other", shelves.edition(language="de"), contract=FACTS),
            [
                ("missing_language", "communication notice", "de"),
                ("missing_item", "communication other", "language de"),
                ("missing_language", "communication other", "en"),
            ],
        ),
        (
            shelves.communication(
                "notice", shelves.edition(templates.ImageBlock(asset="logo", alternative="x")), contract=FACTS
            ),
            [("missing_item", "communication notice", "image logo")],
        ),
        (shelves.trigger(communication="none"), [("missing_item", "trigger tell", "communication none")]),
    ],
)
def test_what_does_not_fit_is_named(changed: library.Item, wanted: list[tuple[str, str, str]]):
    others = [item for item in WHOLE if library.key(item) != library.key(changed)]
    assert found(*others, changed) == wanted


def test_without_a_contract_nothing_is_compared():
    items = [item for item in WHOLE if not isinstance(item, library.DataContract)]
    assert {kind for kind, _, _ in found(*items)} == {"missing_item"}


def test_what_is_said_but_would_not_be():
    live = {("a", "en"): "1", ("b", "en"): "1", ("c", "en"): "1"}
    bound = {("a", "en"): "1", ("b", "en"): "2", ("d", "en"): "1"}
    assert [(each.subject, each.place) for each in drift.in_contents(live, bound)] == [
        ("communication b", "en"),
        ("communication c", "en"),
        ("communication d", "en"),
    ]


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (release(State.APPROVED, reason="because"), "held back: because"),
        (release(State.SCHEDULED, effective_from=NOON - HOUR), "was to go live at 2025-11-05T11:00:00+00:00"),
        (release(State.SCHEDULED, effective_from=NOON), ""),
        (release(State.IN_REVIEW, due_at=NOON - HOUR), "was due at 2025-11-05T11:00:00+00:00"),
        (release(State.DRAFT, due_at=NOON + HOUR), ""),
        (release(State.DRAFT), ""),
        (release(State.LIVE, due_at=NOON - HOUR), ""),
    ],
)
def test_a_release_that_waits_for_too_long(given: library.Release, detail: str):
    late = drift.in_release(given, now=NOON)
    assert (late.detail if late else "") == detail
    assert late is None or (late.kind, late.subject) == (KINDS.RELEASE_OVERDUE, "release R-1")


def test_the_kinds_that_are_not_about_one_item_have_a_subject_too():
    (only,) = drift.in_contents({("a", "en"): "1"}, {})
    assert msgspec.structs.asdict(only)["kind"] is KINDS.CONTENT_DIFFERS


def test_letters_that_wait_too_long_are_told_with_their_number():
    since = dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
    (found,) = drift.in_letters(2, since=since)
    assert (found.kind, found.detail) == (
        KINDS.LETTERS_WAITING,
        "2 wait for an agent's words, the first since 2026-02-03T00:00:00+00:00",
    )
    assert drift.in_letters(0, since=None) == ()
