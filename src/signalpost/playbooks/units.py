"""Units of translation: a place, the original text and the translated one."""

from signalpost.vocabulary import records


class Unit(records.Record, frozen=True, kw_only=True):
    """One text."""

    #: Where it stands in the content: `body[3].text`.
    place: str
    original: str
    #: "" while nobody has translated it.
    translated: str
    #: Line in the file it was read from.
    line: int = 1


class Units(records.Record, frozen=True, kw_only=True):
    """The texts of a communication in one language, beside those it is a translation of."""

    language: str
    original_language: str
    units: tuple[Unit, ...]
