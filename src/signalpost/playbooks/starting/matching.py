"""Values of the data are found in the text, as the product's own formats would write them, and become placeholders."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from signalpost.flow.compose import formats, values
from signalpost.playbooks.starting import data
from signalpost.vocabulary import records

#: Figures with fewer digits stand in every letter for something else too.
DIGITS_MIN = 3
CHARACTERS_MIN = 2
#: Values that are looked for.
VALUES_MAX = 2_000

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_SPACES = re.compile(r"\s+")
_DATES = ("date", "date:short", "date:medium", "weekday_date", "weekday_date:short")
_TIMES = ("datetime:zone", "datetime", *_DATES, "time:zone", "time")
_NUMBERS = ("number", "number:2", "number:0", "percent")


class Manner:
    """How values are written: a language in a country, in a time zone."""

    def __init__(self, language: str, country: str, zone: str) -> None:
        self.locale = values.locale_of(language, country) or "en"
        self.zone = zone

    def written(self, value: records.Json) -> Iterator[tuple[str, str]]:
        """Each way in which a value can be written: the text, and its format ("" for as it is)."""
        for name in _fitting(value):
            kind, _, argument = name.partition(":")
            manner = values.Manner(locale=self.locale, argument=argument, terms={})
            text = formats.FORMATS[kind].make(manner)(value, self.zone)
            if isinstance(text, str):
                yield text, "" if name == "text" else name


def _fitting(value: records.Json) -> Sequence[str]:
    match value:
        case dict():
            return ("money",)
        case int() | float():
            return (*_NUMBERS, "text")
        case str():
            return _fitting_text(value)
        case _:
            return ()


def _fitting_text(text: str) -> Sequence[str]:
    if data.is_date(text):
        return (*_DATES, "text")
    if data.is_instant(text):
        return (*_TIMES, "text")
    if text.startswith("+"):
        return ("phone", "text")
    if _DECIMAL.fullmatch(text):
        return ("text", *_NUMBERS) if "." not in text else ("number", "number:2", "percent", "text")
    return ("text",)


class Finder:
    """Finds values in texts; remembers which it found."""

    def __init__(self, facts: Iterable[tuple[str, records.Json]], manner: Manner, *, is_close: bool = False) -> None:
        """Look for these values; `is_close` where the text can be about nothing else, so that a short one tells too."""
        self._placeholders: dict[str, str] = {}
        #: Paths that are written alike: only the first can be meant.
        self.alike: list[tuple[str, str]] = []
        self.used: set[str] = set()
        for path, value in list(facts)[:VALUES_MAX]:
            for text, form in manner.written(value):
                plain = _SPACES.sub(" ", text).strip()
                if not plain or not (is_close or _is_telling(plain)):
                    continue
                placeholder = f"{{{path} | {form}}}" if form else f"{{{path}}}"
                known = self._placeholders.setdefault(plain, placeholder)
                if _path(known) != path and (_path(known), path) not in self.alike:
                    self.alike.append((_path(known), path))
        self._pattern = _pattern(self._placeholders)

    def parts(self, text: str) -> list[tuple[bool, str]]:
        """The text in parts: whether it is a placeholder, and what."""
        if self._pattern is None:
            return [(False, text)]
        found: list[tuple[bool, str]] = []
        position = 0
        for hit in self._pattern.finditer(text):
            if hit.start() > position:
                found.append((False, text[position : hit.start()]))
            placeholder = self._placeholders[_SPACES.sub(" ", hit[0])]
            self.used.add(_path(placeholder))
            found.append((True, placeholder))
            position = hit.end()
        if position < len(text):
            found.append((False, text[position:]))
        return found

    def plain(self, text: str) -> str:
        """The text as a template without marks."""
        return "".join(part if is_placeholder else escaped(part) for is_placeholder, part in self.parts(text))


def escaped(text: str) -> str:
    """Text in which braces are literal."""
    return text.replace("{", "{{").replace("}", "}}")


def _path(placeholder: str) -> str:
    return placeholder[1:-1].partition(" | ")[0]


def _is_telling(text: str) -> bool:
    if text.replace(" ", "").isdecimal():
        return len(text) >= DIGITS_MIN
    return len(text) >= CHARACTERS_MIN


def _pattern(placeholders: Mapping[str, str]) -> re.Pattern[str] | None:
    """The longest first, and never inside a word or a longer figure."""
    if not placeholders:
        return None
    texts = sorted(placeholders, key=len, reverse=True)
    spaced = [r"\s+".join(map(re.escape, text.split(" "))) for text in texts]
    return re.compile(rf"(?<!\w)(?<!\d[.,])(?:{'|'.join(spaced)})(?!\w)(?![.,]\d)")
