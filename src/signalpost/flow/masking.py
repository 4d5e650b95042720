"""Facts of a past case without its person: names, addresses, numbers and e-mail made up, always in the same way.

Whoever writes sees how a text looks on a real case, and nobody's data. What a text branches on stays: languages, time
zones, countries, jurisdictions, and the paths that the caller names, because a contract lists their codes. What
identifies somebody below `party` is replaced wherever else it stands in the facts, too, and so are e-mail addresses,
telephone numbers and accounts anywhere. The same original under the same key is always the same made-up one.
"""

import datetime as dt
import functools
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

import msgspec

from signalpost.vocabulary import records

#: Members of the facts that say nothing about who it is, wherever they stand.
KEPT_NAMES = frozenset({"language", "time_zone", "country", "jurisdiction", "currency"})
#: Members outside of `party` that name a person, an account or a place.
TELLING_NAMES = frozenset(
    {
        "name",
        "payee",
        "salutation",
        "subject",
        "iban",
        "bic",
        "email",
        "phone",
        "telephone",
        "street",
        "city",
        "postcode",
    }
    | {"address", "premise_address", "account", "account_ending", "customer", "customer_number", "contract_number"}
)
#: A shorter word can stand in any text without telling who it is.
TELLING_CHARACTERS_MIN = 3

#: How deep a contract is looked into; it may refer to itself.
DEPTH_MAX = 12

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])\+?\d[\d ()/-]{6,}\d(?![\w.])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
#: Dates and instants (RFC 3339) have many digits and are no telephone numbers.
_DAY_CHARACTERS = len("2026-01-31")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?")
_WORD = re.compile(r"\w+")

_GIVEN = ("Maria", "Jonas", "Leila", "Anton", "Greta", "Pavel", "Amina", "Otto", "Irena", "Malik")
_FAMILY = ("Muster", "Beispiel", "Probst", "Vorlage", "Example", "Sampleton", "Modell", "Exemplar")
_NUMBER_DIGITS_MAX = 9
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"


def mask(
    facts: "Mapping[str, records.Json]", *, key: bytes, kept: frozenset[str] = frozenset()
) -> "dict[str, records.Json]":
    """The facts of somebody else.

    Args:
        facts: as they were decided with.
        key: secret of the installation, so that nobody can try names until one fits.
        kept: dotted paths that hold codes, `party.facts.tariff`.
    """
    party = facts.get("party")
    telling = _Telling(key, _originals(party, "party", kept))
    return {name: telling.masked(value, name, kept) for name, value in facts.items()}


def codes(contract: str) -> frozenset[str]:
    """The paths that a contract (JSON Schema as text) lists the values of: they say what it is about, not about whom.

    A contract that cannot be read lists none.
    """
    try:
        schema = msgspec.json.decode(contract, type=dict[str, object])
    except msgspec.DecodeError:
        return frozenset()
    return frozenset(_listed(schema, schema, "", 0))


def _listed(schema: object, root: dict[str, object], path: str, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict) or depth == DEPTH_MAX:
        return
    members = cast("dict[str, object]", schema)
    reference = members.get("$ref")
    if isinstance(reference, str):
        definitions = root.get("$defs")
        found = cast("dict[str, object]", definitions) if isinstance(definitions, dict) else {}
        yield from _listed(found.get(reference.removeprefix("#/$defs/")), root, path, depth + 1)
    if "enum" in members or "const" in members:
        yield path
    yield from _listed(members.get("items"), root, path, depth + 1)
    properties = members.get("properties")
    for name, inner in (cast("dict[str, object]", properties) if isinstance(properties, dict) else {}).items():
        yield from _listed(inner, root, f"{path}.{name}" if path else name, depth + 1)


class _Telling:
    """What tells who it is, and what stands in its place."""

    def __init__(self, key: bytes, originals: Iterable[str]) -> None:
        self._key = key
        self._whole = frozenset(originals)
        words = {word for text in self._whole for word in (text, *_WORD.findall(text))}
        self._words = frozenset(word for word in words if len(word) >= TELLING_CHARACTERS_MIN)
        longest_first = sorted(self._words, key=lambda word: (-len(word), word))
        alternatives = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if longest_first else None

    def masked(self, value: "records.Json", path: str, kept: frozenset[str]) -> "records.Json":
        """A value at its path."""
        name = path.rpartition(".")[2]
        if path in kept or name in KEPT_NAMES:
            return value
        is_telling = path.startswith("party.") or name in TELLING_NAMES
        match value:
            case dict():
                return {inner: self.masked(one, f"{path}.{inner}", kept) for inner, one in value.items()}
            case list():
                return [self.masked(one, path, kept) for one in value]
            case bool() | None:
                return value
            case str():
                return self._whole_masked(value, name) if is_telling else self._within(value)
            case _:
                return self._number(value) if path.startswith("party.") else value

    def _number(self, value: float) -> float:
        """Another number, of at most as many digits."""
        drawn = self._drawn(str(value)) % 10 ** min(len(str(value)), _NUMBER_DIGITS_MAX)
        drawn += drawn == value
        return float(drawn) if isinstance(value, float) else drawn

    def _whole_masked(self, text: str, name: str) -> str:
        """Something else of its kind."""
        if not text.strip():
            return text
        if _MOMENT.fullmatch(text):
            return self._moved(text)
        if "@" in text:
            return self._email(text)
        if name in {"name", "salutation", "payee"}:
            return self._differing(text, self._person)
        return self._scrambled(text)

    def _within(self, text: str) -> str:
        """A text in which somebody may be named."""
        if _MOMENT.fullmatch(text) or _AMOUNT.fullmatch(text):
            return self._scrambled(text) if text in self._words else text
        for pattern, replaced in ((_EMAIL, self._email), (_IBAN, self._scrambled), (_PHONE, self._scrambled)):
            text = pattern.sub(lambda found, replaced=replaced: replaced(found.group()), text)
        if self._pattern is None:
            return text
        found = self._pattern.sub(lambda match: self._scrambled(match.group()), text)
        return self._scrambled(found) if self._pattern.search(found) else found

    def _moved(self, text: str) -> str:
        """Another day of the same form, at most a year away; what is no day is scrambled."""
        try:
            day = dt.date.fromisoformat(text[:_DAY_CHARACTERS])
            return (day - dt.timedelta(days=self._drawn(text) % 365 + 1)).isoformat() + text[_DAY_CHARACTERS:]
        except (ValueError, OverflowError):
            return self._scrambled(text)

    def _email(self, text: str) -> str:
        return f"{self._person(text).replace(' ', '.').lower()}.{self._drawn(text) % 1000}@example.org"

    def _person(self, text: str) -> str:
        drawn = self._drawn(text.casefold())
        return f"{_GIVEN[drawn % len(_GIVEN)]} {_FAMILY[drawn // 16 % len(_FAMILY)]}"

    def _scrambled(self, text: str) -> str:
        """A text of the same shape: other letters for letters, other digits for digits."""
        return self._differing(text, functools.partial(self._shaped, text))

    def _shaped(self, text: str, salted: str) -> str:
        stream = self._stream(salted)
        return "".join(_alike(character, next(stream)) for character in text)

    def _differing(self, text: str, make: Callable[[str], str]) -> str:
        """What `make` gives, made with other salts until it names nobody."""
        made = make(text)
        for salt in range(_SALTS_MAX):
            if not self._names_somebody(made):
                return made
            made = make(f"{text}\0{salt}")
        return _UNNAMED

    def _names_somebody(self, text: str) -> bool:
        return text in self._whole or (self._pattern is not None and self._pattern.search(text) is not None)

    def _drawn(self, text: str) -> int:
        return int.from_bytes(self._digest(text)[:4], "big")

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(errors="surrogatepass"), hashlib.sha256).digest()

    def _stream(self, text: str) -> Iterator[int]:
        block = 0
        while True:
            yield from self._digest(f"{block}\0{text}")
            block += 1


#: Salts that are tried; what still names somebody then is blacked out.
_SALTS_MAX = 20
_UNNAMED = "×××"  # noqa: RUF001 - what nobody is called


def _alike(character: str, drawn: int) -> str:
    """Another character of its kind."""
    if character.isnumeric():
        return _DIGITS[drawn % 10]
    if not character.isalpha():
        return character
    letter = _LETTERS[drawn % 26]
    return letter.upper() if character.isupper() else letter


def _originals(value: "records.Json", path: str, kept: frozenset[str]) -> Iterator[str]:
    """Every text and number below the party that tells who it is."""
    if path in kept or path.rpartition(".")[2] in KEPT_NAMES:
        return
    match value:
        case dict():
            for name, inner in value.items():
                yield from _originals(inner, f"{path}.{name}", kept)
        case list():
            for inner in value:
                yield from _originals(inner, path, kept)
        case str() if value.strip() and not _MOMENT.fullmatch(value):
            yield value
        case bool() | None:
            return
        case int() | float():
            yield str(value)
        case _:
            return
