"""Proof: the whole log and every document, checked from the rows and packs alone."""

from collections.abc import Iterator

import msgspec

from signalpost.flow import keep
from signalpost.store import archive, log
from signalpost.vocabulary import records

#: Facts and documents read at once.
PAGE = 2000


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of everything found."""

    facts: int
    documents: int
    #: Digest of the last seal, "" for an empty log.
    head: str
    problems: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(given: archive.Archive) -> Verified:
    """Check every seal of the log and every document against its name."""
    problems: list[str] = []
    counted = _Counted()
    broken = keep.first_break(_pairs(counted))
    if broken is not None:
        problems.append(f"log: record {broken.sequence}: wanted {broken.wanted}, got {broken.got}")
    documents = 0
    after = ""
    while places := archive.places(after, PAGE):
        after = places[-1].digest
        documents += len(places)
        by_pack: dict[str, list[str]] = {}
        for place in places:
            by_pack.setdefault(place.pack, []).append(place.digest)
        for digests in by_pack.values():
            try:
                given.read(digests)
            except archive.MissingDocumentError as error:
                problems.append(f"archive: {error}")
    head = log.head()
    return Verified(
        facts=counted.facts, documents=documents, head=head.digest if head else "", problems=tuple(problems)
    )


class _Counted:
    def __init__(self) -> None:
        self.facts = 0


def _pairs(counted: _Counted) -> Iterator[tuple[records.Fact, records.Seal]]:
    after = 0
    while rows := log.sealed(after, PAGE):
        for row in rows:
            counted.facts += 1
            yield row.fact(), row.seal()
        after = rows[-1].sequence
