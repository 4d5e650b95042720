"""The hash-chained log: what is sealed, and that any touch is found at its record."""

import dataclasses
import datetime as dt
import hashlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import keep as stage
from signalpost.vocabulary import records

NOON = dt.datetime(2025, 11, 5, 11, 0, tzinfo=dt.UTC)


def fact(number: int = 1, body: str = "{}") -> records.Fact:
    return records.Fact(
        kind=records.FactKind.NOTICE_DECIDED,
        subject=f"notice-{number}",
        at=NOON + dt.timedelta(seconds=number),
        body=body,
    )


Pairs = list[tuple[records.Fact, records.Seal]]


def chain(count: int) -> Pairs:
    facts = [fact(number) for number in range(1, count + 1)]
    return list(zip(facts, stage.seal_all(facts, None), strict=True))


def test_a_seal_can_be_made_by_anyone_who_reads_how():
    given = fact(7, body='{"reason":"cap \\"reached\\"","zeichen":"ü\\u0001"}')
    before = stage.keep(fact(6), None)
    canonical = json.dumps(
        {"at": "2025-11-05T11:00:07Z", "body": given.body, "kind": "notice_decided", "subject": "notice-7"},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    text = f"signalpost-log-1\n2\n{before.digest}\n{canonical}"
    assert stage.keep(given, before).digest == hashlib.sha256(text.encode()).hexdigest()


def test_this_very_seal_never_changes():
    """Computed with a shell: a chain sealed by one version of Signalpost is checked by every later one."""
    seal = stage.keep(fact(1), None)
    assert seal == records.Seal(
        sequence=1,
        previous="0" * 64,
        digest="62af56fc20c167d0fc2aeb9919550b555cd97d67c7028b930cc2904125a2c626",
    )


def test_the_first_seal_stands_on_nothing_and_each_later_one_on_the_one_before():
    seals = stage.seal_all([fact(1), fact(2), fact(3)], None)
    assert [seal.sequence for seal in seals] == [1, 2, 3]
    assert [seal.previous for seal in seals] == [records.GENESIS, seals[0].digest, seals[1].digest]


def test_sealing_in_parts_is_sealing_at_once():
    first = stage.seal_all([fact(1), fact(2)], None)
    assert first + stage.seal_all([fact(3)], first[-1]) == stage.seal_all([fact(1), fact(2), fact(3)], None)
    assert stage.seal_all([], first[-1]) == ()


@pytest.mark.parametrize("zone", [None, dt.timezone(dt.timedelta(hours=1))])
def test_only_instants_in_utc_are_sealed(zone: dt.tzinfo | None):
    given = msgspec.structs.replace(fact(), at=dt.datetime(2025, 11, 5, 12, 0, tzinfo=zone))
    with pytest.raises(
        ValueError, match="'notice_decided' about 'notice-1': wanted an instant in UTC, got '2025-11-05"
    ):
        stage.keep(given, None)


def test_an_untouched_chain_has_no_break():
    assert stage.first_break(chain(5)) is None
    assert stage.first_break([]) is None


def test_a_chain_can_be_read_from_after_a_trusted_seal():
    pairs = chain(5)
    assert stage.first_break(pairs[2:], previous=pairs[1][1]) is None
    broken = stage.first_break(pairs[2:])
    assert broken == records.ChainBreak(sequence=1, wanted="sequence 1", got="sequence 3")


def test_what_was_cut_off_at_the_end_shows_only_against_a_seal_kept_elsewhere():
    pairs = chain(5)
    assert stage.first_break(pairs[:3]) is None
    assert pairs[2][1] != pairs[4][1]


@dataclasses.dataclass(frozen=True)
class Touch:
    """One thing done to a chain, and the sequence number at which it must be found."""

    pairs: Pairs
    found_at: int


def _flip(text: str, place: int) -> str:
    """The text with one bit of one character changed."""
    place %= len(text)
    return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


@st.composite
def touches(draw: st.DrawFn) -> Touch:
    pairs = chain(draw(st.integers(2, 6)))
    place = draw(st.integers(0, len(pairs) - 1))
    given, seal = pairs[place]
    way = draw(st.sampled_from(["fact", "seal", "remove", "insert", "swap"]))
    if way == "fact":
        field = draw(st.sampled_from(["subject", "body", "at", "kind"]))
        text = {"subject": given.subject, "body": given.body}.get(field, "")
        changed: object = _flip(text, draw(st.integers(0, 50))) if text else None
        changed = changed or (records.FactKind.STAFF_ACTED if field == "kind" else given.at + dt.timedelta.resolution)
        pairs[place] = (msgspec.structs.replace(given, **{field: changed}), seal)
    elif way == "seal":
        field = draw(st.sampled_from(["sequence", "previous", "digest"]))
        text = {"previous": seal.previous, "digest": seal.digest}.get(field, "")
        changed = _flip(text, draw(st.integers(0, 63))) if text else seal.sequence + draw(st.sampled_from([-1, 1, 9]))
        pairs[place] = (given, msgspec.structs.replace(seal, **{field: changed}))
    elif way == "remove":
        place = min(place, len(pairs) - 2)
        del pairs[place]
    elif way == "insert":
        before = pairs[place - 1][1] if place else None
        forged = fact(99)
        pairs.insert(place, (forged, draw(st.sampled_from([seal, stage.keep(forged, before)]))))
        # A record forged to fit stands true; the one after it is the first that does not.
        place += pairs[place][1] != seal
    else:
        other = (place + 1) % len(pairs)
        pairs[place], pairs[other] = pairs[other], pairs[place]
        place = min(place, other)
    return Touch(pairs=pairs, found_at=place + 1)


@given(touches())
def test_whatever_was_touched_is_found_at_its_record(touch: Touch):
    broken = stage.first_break(touch.pairs)
    assert broken is not None
    assert broken.sequence == touch.found_at
    assert broken.wanted != broken.got


@given(
    sequence=st.integers(1, 10**9),
    bodies=st.tuples(st.text(max_size=20), st.text(max_size=20)),
    subjects=st.tuples(st.text(max_size=20), st.text(max_size=20)),
)
def test_two_facts_have_the_same_seal_only_if_they_are_the_same(
    sequence: int, bodies: tuple[str, str], subjects: tuple[str, str]
):
    before = records.Seal(sequence=sequence, previous=records.GENESIS, digest=records.digest(b"before"))
    one, other = (
        msgspec.structs.replace(fact(), subject=subject, body=body)
        for subject, body in zip(subjects, bodies, strict=True)
    )
    assert (stage.keep(one, before) == stage.keep(other, before)) == (one == other)
