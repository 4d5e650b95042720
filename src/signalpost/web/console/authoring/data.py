"""What a form needs to know of the data: the fields a text can use, the samples, the addresses it asks."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import functools
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.urls import reverse

from signalpost import drafts
from signalpost.drafts import base, models
from signalpost.flow.compose import offered
from signalpost.vocabulary import library, manuscripts, records

#: What every communication can say, whatever it speaks of: `flow.compose.facts` builds it.
COMMON = records.canonical(
    {
        "type": "object",
        "required": ["party", "links", "now"],
        "properties": {
            "party": {
                "type": "object",
                "required": ["ref", "name", "language"],
                "properties": {
                    "name": {"type": "string", "title": "Name of the recipient"},
                    "salutation": {"type": "string", "title": "Salutation"},
                    "premise_address": {"type": "string", "title": "Address of the premise"},
                    "ref": {"type": "string", "title": "Reference of the recipient"},
                    "language": {"type": "string", "title": "Language of the recipient"},
                },
            },
            "links": {
                "type": "object",
                "properties": {
                    "status": {"type": "string", "title": "Link to the status page"},
                    "preferences": {"type": "string", "title": "Link to the preferences"},
                    "unsubscribe": {"type": "string", "title": "Link to unsubscribe"},
                },
            },
            "now": {"type": "string", "format": "date-time", "title": "Now"},
        },
    }
).decode()
#: What each format is called where one is chosen.
FORMATS: Mapping[str, str] = {
    "": "as it is",
    "upper-first": "with a capital",
    "term": "the word for the code",
    "date": "31 January 2026",
    "date:short": "31/01/2026",
    "weekday_date": "Saturday, 31 January 2026",
    "weekday_date:short": "Sat 31 Jan",
    "time": "14:30",
    "time:zone": "14:30 CET",
    "datetime": "31 January 2026, 14:30",
    "number": "1,234.5",
    "number:0": "1,235",
    "number:2": "1,234.50",
    "percent": "12.5%",
    "money": "€12.30",
    "money:2": "€12.30, two digits always",
    "phone": "+44 207 123 4567",
    "duration": "1 hour 20 minutes",
    "list": "A, B and C",
    "list:or": "A, B or C",
}


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """A language of a communication, with where it is written."""

    language: str
    title: str
    url: str


def communication_of(row: base.Draft | None) -> models.Communication | None:
    """The communication whose data a row speaks of; `None` where it is none in particular."""
    match row:
        case models.Edition():
            return row.communication
        case models.Communication():
            return row
        case _:
            return None


def offers(row: base.Draft | None) -> tuple[offered.Offer, ...]:
    """The fields that the texts of a row can use; for a shared text those that every communication has."""
    communication = communication_of(row)
    return _offered(communication.contract if communication else COMMON)


@functools.lru_cache(maxsize=64)
def _offered(contract: str) -> tuple[offered.Offer, ...]:
    return offered.offered(contract)


def names(row: base.Draft | None) -> Mapping[str, str]:
    """What the contract calls each field, for chips."""
    return {offer.path: offer.label for offer in offers(row)}


def samples(row: base.Draft | None) -> list[tuple[str, Mapping[str, records.Json]]]:
    """The samples that can be read, by name."""
    communication = communication_of(row)
    if communication is None:
        return []
    found: list[tuple[str, Mapping[str, records.Json]]] = []
    for sample in communication.with_editions(()).samples:
        try:
            found.append((sample.name, records.decode(sample.facts, dict[str, object])))
        except msgspec.DecodeError:
            continue
    return found


def for_form(row: base.Draft | None, model: type[base.Draft]) -> Mapping[str, object]:
    """What the scripts of a form are given."""
    language = row.language if isinstance(row, models.Edition) else ""
    key = {"kind": model.kind.value, "pk": row.pk if row is not None else ""}
    return {
        "fields": [_plain(offer) for offer in offers(row)],
        "formats": FORMATS,
        "samples": [name for name, _ in samples(row)],
        "key": {**key, "edition": isinstance(row, models.Edition)},
        "language": language,
        "direction": direction(language),
        "isNew": row is None,
        "asks": {
            "condition": reverse("draft_asks", args=["condition"]),
            "sms": reverse("draft_asks", args=["sms"]),
            "findings": reverse("draft_asks", args=["findings"]),
            "contrast": reverse("draft_asks", args=["contrast"]),
            "schema": reverse("draft_asks", args=["schema"]),
            "begin": reverse("draft_asks", args=["begin"]),
            "logo": reverse("draft_asks", args=["logo"]),
        },
    }


def _plain(offer: offered.Offer) -> Mapping[str, object]:
    return msgspec.to_builtins(offer)


def direction(language: str) -> str:
    """`ltr` or `rtl`, as the language says; left to right where it is not known."""
    found = drafts.read(library.Kind.LANGUAGE, language) if language else None
    is_known = isinstance(found, library.Language)
    return found.direction.value if is_known else manuscripts.Direction.LTR.value


def editions_of(row: models.Communication) -> Sequence[Edited]:
    """The languages of a communication."""
    found: Iterable[models.Edition] = row.editions.order_by("language") if row.pk else ()
    return [
        Edited(
            language=edition.language,
            title=edition.title,
            url=reverse("wagtailsnippets_drafts_edition:edit", args=[edition.pk]),
        )
        for edition in found
    ]
