"""Whether two names are one person's: neither case, width nor surrounding space makes a second one."""

import unicodedata
from collections.abc import Iterable


def plain(name: str) -> str:
    """The form in which names are compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def is_same(person: str, other: str) -> bool:
    """Whether two names are one person's."""
    return plain(person) == plain(other)


def is_among(person: str, others: Iterable[str]) -> bool:
    """Whether a person is one of those named."""
    return plain(person) in {plain(other) for other in others}
