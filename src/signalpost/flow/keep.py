r"""The `keep` stage: facts into sealed records of a hash-chained log, and the check that finds where one was touched.

Each seal covers its own number, the seal before it and the fact. The digest is SHA-256 over these bytes:

    signalpost-log-1 LF
    sequence, in decimal digits LF
    digest of the seal before it, 64 lowercase hexadecimal digits (64 zeros for sequence 1) LF
    the fact in canonical JSON

LF is the byte 0x0A and only the three before the fact are separators; no part before the fact can hold one, so no two
different records give the same bytes. Canonical JSON is UTF-8 without spaces, with the members of every object sorted
by name: `at`, `body`, `kind`, `subject` for a fact. `at` is RFC 3339 in UTC with "Z", its fraction left out when zero
and six digits long otherwise. In strings only `"`, `\` and the characters below U+0020 are escaped (RFC 8259, 7), by
`\b \t \n \f \r` where there is such a form and else by `\u00xx`. A shell with `sha256sum` can check a record.

A chain shows that nothing inside it was changed, removed, inserted or reordered. That nothing was cut off at its end,
or the whole rewritten, only a seal kept elsewhere can show: compare the last one.
"""

import datetime as dt
from collections.abc import Iterable

from signalpost.vocabulary import records

#: Names the framing; another framing would be another version.
FORMAT = b"signalpost-log-1"


def keep(fact: records.Fact, previous: records.Seal | None) -> records.Seal:
    """Seal a fact as the one after `previous`, or as the first.

    Raises:
        ValueError: the fact's instant is not in UTC; stored and read back it would have another canonical form.
    """
    if fact.at.utcoffset() != dt.timedelta(0):
        message = (
            f"fact {fact.kind.value!r} about {fact.subject!r}: wanted an instant in UTC, got {fact.at.isoformat()!r}"
        )
        raise ValueError(message)
    sequence, link = _after(previous)
    return records.Seal(sequence=sequence, previous=link, digest=_digest(sequence, link, fact=fact))


def seal_all(facts: Iterable[records.Fact], previous: records.Seal | None) -> tuple[records.Seal, ...]:
    """Seal facts one after the other, in their order.

    Raises:
        ValueError: as `keep`.
    """
    seals: list[records.Seal] = []
    for fact in facts:
        previous = keep(fact, previous)
        seals.append(previous)
    return tuple(seals)


def first_break(
    pairs: Iterable[tuple[records.Fact, records.Seal]], *, previous: records.Seal | None = None
) -> records.ChainBreak | None:
    """Read a chain from its beginning, or from after a seal that is trusted, to the first record that is not true.

    Works on any number of records in constant memory.

    Returns:
        The sequence number that should stand there, with what was wanted and got; `None` when all are true.
    """
    for fact, seal in pairs:
        sequence, link = _after(previous)
        wanted = records.Seal(sequence=sequence, previous=link, digest=_digest(sequence, link, fact=fact))
        if seal != wanted:
            return _difference(wanted, seal)
        previous = seal
    return None


def _after(previous: records.Seal | None) -> tuple[int, str]:
    return (1, records.GENESIS) if previous is None else (previous.sequence + 1, previous.digest)


def _digest(sequence: int, link: str, *, fact: records.Fact) -> str:
    return records.digest(b"\n".join((FORMAT, str(sequence).encode(), link.encode(), records.canonical(fact))))


def _difference(wanted: records.Seal, got: records.Seal) -> records.ChainBreak:
    """The first thing that differs: a record missing or too many, the link to the one before, the fact itself."""
    if got.sequence != wanted.sequence:
        want, have = f"sequence {wanted.sequence}", f"sequence {got.sequence}"
    elif got.previous != wanted.previous:
        want, have = f"previous {wanted.previous}", f"previous {got.previous}"
    else:
        want, have = f"digest {wanted.digest}", f"digest {got.digest}"
    return records.ChainBreak(sequence=wanted.sequence, wanted=want, got=have)
