"""What is said to a channel policy."""

import datetime as dt

import msgspec
import pytest

from signalpost.govern import policies
from signalpost.vocabulary import notices, parties

Channel = parties.ChannelKind
Legal = notices.LegalClass

SOUND = notices.CategoryPolicy(
    category="outage",
    legal_class=Legal.SERVICE,
    urgent_channels=(Channel.SMS, Channel.PUSH),
    at_once=2,
    routine_channels=(Channel.EMAIL, Channel.LETTER),
    escalate_after_seconds=600,
    expires_after_seconds=86_400,
    has_unsubscribe=True,
)
CAP = notices.FrequencyCap(count=2, within_seconds=3600)
MARKETING = {"legal_class": Legal.MARKETING, "consent": "marketing", "frequency_cap": CAP}
SAFETY = {"legal_class": Legal.SAFETY, "has_unsubscribe": False}


def row(**changed: object) -> notices.CategoryPolicy:
    return msgspec.structs.replace(SOUND, **changed)


def said(*rows: notices.CategoryPolicy, **more: object) -> list[tuple[str, str]]:
    policy = notices.Policy(version="1", categories=rows, **more)  # pyright: ignore[reportArgumentType] - fields by name
    return [(found.severity.value, found.place) for found in policies.findings(policy)]


def test_a_sound_policy_is_silent():
    assert said(row(), row(category="safety", **SAFETY), row(category="offers", **MARKETING)) == []


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        (SAFETY | {"has_unsubscribe": True}, [("error", "has_unsubscribe")]),
        (SAFETY | {"frequency_cap": CAP}, [("error", "frequency_cap")]),
        (SAFETY | {"consent": "safety"}, [("error", "consent")]),
        (SAFETY | {"routine_channels": (Channel.EMAIL,)}, [("warning", "routine_channels")]),
        (SAFETY | {"escalate_after_seconds": 0}, [("warning", "escalate_after_seconds")]),
        (SAFETY | {"escalate_after_seconds": 7200}, [("warning", "escalate_after_seconds")]),
        (MARKETING | {"consent": ""}, [("warning", "consent")]),
        (MARKETING | {"has_unsubscribe": False}, [("error", "has_unsubscribe")]),
        (MARKETING | {"frequency_cap": None}, [("warning", "frequency_cap")]),
        ({"routine_channels": (Channel.EMAIL, Channel.EMAIL)}, [("error", "routine_channels")]),
        ({"urgent_channels": (), "routine_channels": (), "at_once": 1}, [("warning", "routine_channels")]),
        ({"at_once": 3}, [("error", "at_once")]),
        ({"at_once": 0}, [("error", "at_once")]),
        ({"urgent_from": 5}, [("error", "urgent_from")]),
        ({"breaks_quiet_hours_from": -1}, [("error", "breaks_quiet_hours_from")]),
        ({"frequency_cap": notices.FrequencyCap(count=0, within_seconds=60)}, [("error", "frequency_cap")]),
        ({"frequency_cap": notices.FrequencyCap(count=1, within_seconds=0)}, [("error", "frequency_cap")]),
        ({"escalate_after_seconds": -1}, [("error", "escalate_after_seconds")]),
        ({"expires_after_seconds": 300}, [("warning", "expires_after_seconds")]),
    ],
)
def test_a_row_that_the_law_or_sense_objects_to(changed: dict[str, object], wanted: list[tuple[str, str]]):
    assert said(row(**changed)) == [(severity, f"categories[outage].{field}") for severity, field in wanted]


def test_what_holds_for_the_whole_table():
    found = said(
        row(),
        row(),
        row(category=" "),
        quiet_hours=parties.QuietHours(start=dt.time(8), end=dt.time(8)),
        fallback_languages=(),
    )

    assert found == [
        ("error", "categories[outage].category"),
        ("error", "categories[].category"),
        ("warning", "quiet_hours"),
        ("warning", "fallback_languages"),
    ]


def test_a_finding_says_what_to_do():
    (found,) = policies.findings(notices.Policy(version="1", categories=(row(**SAFETY, consent="x"),)))

    assert (found.message, found.remedy) == (
        "safety messages are owed by law: they need no consent",
        "leave the purpose empty",
    )
