"""Whom a communication leaves out: customers of jurisdictions for which a shared text that it uses has no wording."""

import msgspec
from django.utils import timezone

from signalpost.flow import expressions
from signalpost.flow.compose import wordings
from signalpost.govern import uses
from signalpost.store import library as shelves
from signalpost.store.seen import jurisdictions
from signalpost.vocabulary import library, records


class Excluded(msgspec.Struct, frozen=True, kw_only=True):
    """Customers of one jurisdiction who would get no message for want of a wording."""

    #: ISO 3166 code; "" for customers of whom none is known.
    jurisdiction: str
    customers: int
    #: The shared text, and the languages in which it has no wording for them.
    text: str
    languages: tuple[str, ...]


def excluded(name: str, shelf: library.Shelf | None = None) -> tuple[Excluded, ...]:
    """Whom a communication leaves out today, the most customers first.

    Args:
        name: of the communication.
        shelf: what it is bound with; `None` for what is live.

    Raises:
        LookupError: there is no communication of that name.
    """
    kept = shelves.shelf() if shelf is None else shelf
    key = library.Key(kind=library.Kind.COMMUNICATION, name=name)
    found = kept.get(key)
    communication = found if isinstance(found, library.Communication) else None
    if communication is None:
        raise LookupError(f"communication: wanted {name!r} to be kept, got none of that name")
    languages = sorted(edition.language for edition in communication.editions)
    counts = jurisdictions.counted()
    left_out: list[Excluded] = []
    for text in uses.texts_of(communication, kept):
        for place, customers in counts.items():
            lacking = tuple(language for language in languages if not _has_wording(text, language, place))
            if lacking:
                left_out.append(Excluded(jurisdiction=place, customers=customers, text=text.name, languages=lacking))
    return tuple(sorted(left_out, key=lambda row: (-row.customers, row.jurisdiction, row.text)))


def _has_wording(text: library.SharedText, language: str, jurisdiction: str) -> bool:
    own: dict[str, records.Json] = {"jurisdiction": jurisdiction} if jurisdiction else {}
    person: dict[str, records.Json] = {"facts": own, "today": timezone.now().date().isoformat()}
    asked = [
        expressions.holds(each.condition, {"party": person}) for each in wordings.in_language(text, language).wordings
    ]
    return any(answer is True for answer in asked)
