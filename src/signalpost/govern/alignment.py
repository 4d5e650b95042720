"""Whether what a trigger brings can fill what a communication's texts speak of (flow B6).

Both sides are JSON Schemas (2020-12): the facts that are there, and the facts that texts may use. What texts rely on
must be promised: a field that they require must be required there too, at every depth, and nothing may come that they
do not take. Compared are types, `enum` and `const`, `format`, and members and elements at every depth, with `$ref`
within the document, `allOf`, `anyOf` and `oneOf`. Lengths, patterns and bounds are left to the event's own contract:
they keep no text from being written.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, cast

import msgspec

from signalpost.vocabulary import library, records, situations

#: Pairs of schemas that are compared before the two are called too large to compare.
PAIRS_MAX = 5_000
#: References that lead to references.
REFERENCE_DEPTH_MAX = 20

#: What a change that is no event tells, by the name under which its contract is kept.
FACTS_OF: Mapping[situations.ChangeKind, str] = {
    situations.ChangeKind.OPENED: "incident",
    situations.ChangeKind.UPDATED: "incident",
    situations.ChangeKind.RESTORED: "incident",
    situations.ChangeKind.REOPENED: "incident",
    situations.ChangeKind.RESOLVED: "incident_over",
    situations.ChangeKind.ALARM: "estimate_passed",
}

_Schema: TypeAlias = "Mapping[str, records.Json]"

_ALL_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
#: JSON's name for the type of a value.
_TYPE_OF: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_NOTHING: _Schema = {"enum": []}


class Misfit(records.Record, frozen=True, kw_only=True):
    """A field that texts rely on and that is not there as they need it."""

    #: Dotted path; `[]` stands for the elements of a list: `event.data.lines[].amount`.
    field: str
    wanted: str
    got: str


class Gap(records.Record, frozen=True, kw_only=True):
    """A misfit between a trigger and the communication that it sends."""

    trigger: str
    communication: str
    #: The contract that says what the trigger brings.
    contract: str
    misfit: Misfit


def contract_of(trigger: situations.Trigger) -> str:
    """Name of the contract that says what a trigger brings."""
    return trigger.event_type or FACTS_OF.get(trigger.change, "")


def gaps(item: library.Trigger, shelf: Mapping[library.Key, library.Item]) -> tuple[Gap, ...]:
    """What keeps a trigger from filling the texts of its communication; nothing where one of the two is not kept."""
    trigger = item.trigger
    name = contract_of(trigger)
    communication = shelf.get(library.Key(kind=library.Kind.COMMUNICATION, name=trigger.communication))
    contract = shelf.get(library.Key(kind=library.Kind.CONTRACT, name=name))
    if not isinstance(communication, library.Communication) or not isinstance(contract, library.DataContract):
        return ()
    return tuple(
        Gap(trigger=item.name, communication=communication.name, contract=name, misfit=misfit)
        for misfit in misfits(contract.facts, communication.contract)
    )


def broken_promises(contract: library.DataContract) -> tuple[Misfit, ...]:
    """What a contract promises to texts that its event need not bring."""
    if contract.event is None:
        return ()
    promised = _Document(contract.facts)
    data = promised.root
    for name in ("event", "data"):
        data = _members(promised.plain(data)).get(name, {})
    own = {"$defs": promised.root.get("$defs", {}), **promised.plain(data)}
    found = misfits(contract.event.data_schema, records.canonical(own).decode())
    return tuple(msgspec.structs.replace(each, field=_under("event.data", each.field)) for each in found)


@functools.lru_cache(maxsize=512)
def misfits(offered: str, needed: str) -> tuple[Misfit, ...]:
    """Every field that a schema needs and another does not offer as it is needed, in the order of the needed one.

    Args:
        offered: JSON Schema of what is there, as JSON text.
        needed: JSON Schema of what is relied upon, as JSON text.
    """
    if offered == needed:
        return ()
    comparison = _Comparison(_Document(offered), _Document(needed))
    return tuple(dict.fromkeys(comparison.of("", comparison.offered.root, comparison.needed.root)))


class _Document:
    """A schema with what its references lead to."""

    def __init__(self, text: str) -> None:
        self.root = _schema(cast("records.Json", msgspec.json.decode(text)))

    def plain(self, schema: _Schema, depth: int = 0) -> _Schema:
        """The schema without references and without `allOf`: all that holds, in one."""
        reference, parts = schema.get("$ref"), schema.get("allOf")
        if depth > REFERENCE_DEPTH_MAX or not (isinstance(reference, str) or isinstance(parts, list)):
            return schema
        plain = {name: value for name, value in schema.items() if name not in ("$ref", "allOf")}
        if isinstance(reference, str):
            plain = _both(plain, self.plain(self._at(reference), depth + 1))
        for part in parts if isinstance(parts, list) else ():
            plain = _both(plain, self.plain(_schema(part), depth + 1))
        return plain

    def _at(self, reference: str) -> _Schema:
        """What a reference within the document leads to; one that leads elsewhere says nothing."""
        found: records.Json = dict(self.root)
        if not reference.startswith("#"):
            return {}
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or name not in found:
                return {}
            found = found[name]
        return _schema(found)


class _Comparison:
    """Two documents that are compared."""

    def __init__(self, offered: _Document, needed: _Document) -> None:
        self.offered = offered
        self.needed = needed
        #: Pairs of schemas that are being compared further up: a schema may refer to itself.
        self._open: set[tuple[bytes, bytes]] = set()
        self._pairs = 0

    def of(self, path: str, offered: _Schema, needed: _Schema) -> Iterator[Misfit]:
        """What does not fit at a path and below it."""
        pair = (records.canonical(offered), records.canonical(needed))
        if pair in self._open:
            return
        self._pairs += 1
        if self._pairs > PAIRS_MAX:
            yield Misfit(field=path, wanted="schemas that can be compared", got="larger ones")
            return
        self._open.add(pair)
        yield from self._within(path, offered, needed)
        self._open.remove(pair)

    def _within(self, path: str, offered: _Schema, needed: _Schema) -> Iterator[Misfit]:
        there, wanted = self.offered.plain(offered), self.needed.plain(needed)
        choices = _choices(there)
        if choices:
            for choice in choices:
                yield from self.of(path, _both(_without_choices(there), choice), wanted)
            return
        wishes = _choices(wanted)
        if wishes:
            yield from self._any_of(path, there, [_both(_without_choices(wanted), wish) for wish in wishes])
            return
        misfit = _kind_misfit(path, there, wanted)
        if misfit is not None:
            yield misfit
            return
        yield from self._members(path, there, wanted)
        yield from self._elements(path, there, wanted)

    def _any_of(self, path: str, there: _Schema, wishes: Iterable[_Schema]) -> Iterator[Misfit]:
        """Nothing when one of the wishes is met, otherwise what is wrong with the one that comes nearest."""
        tried = [list(self.of(path, there, wish)) for wish in wishes]
        yield from min(tried, key=len)

    def _members(self, path: str, there: _Schema, wanted: _Schema) -> Iterator[Misfit]:
        offered, needed = _members(there), _members(wanted)
        promised, required = _required(there), _required(wanted)
        for name in [*needed, *(extra for extra in required if extra not in needed)]:
            field = _under(path, name)
            if name not in offered:
                if name in required:
                    yield Misfit(field=field, wanted="a field that is always there", got="none")
                continue
            if name in required and name not in promised:
                yield Misfit(field=field, wanted="a field that is always there", got="one that may be missing")
            yield from self.of(field, offered[name], needed.get(name, {}))

    def _elements(self, path: str, there: _Schema, wanted: _Schema) -> Iterator[Misfit]:
        if "items" in wanted and "array" in _types(there):
            yield from self.of(f"{path}[]", _schema(there.get("items", True)), _schema(wanted["items"]))


def _kind_misfit(path: str, there: _Schema, wanted: _Schema) -> Misfit | None:
    """Why what comes is of another kind than what is taken: type, words, format."""
    types, taken = _types(there), _types(wanted)
    if "number" in taken:
        taken |= {"integer"}
    if not types <= taken:
        return Misfit(field=path, wanted=_named(_types(wanted)), got=_named(types))
    words, known = _words(there), _words(wanted)
    if known is not None and (words is None or not words <= known):
        got = "any" if words is None else ", ".join(sorted(words - known))
        return Misfit(field=path, wanted=f"one of {', '.join(sorted(known))}", got=got)
    form = wanted.get("format")
    if isinstance(form, str) and "string" in types and there.get("format") != form:
        return Misfit(field=path, wanted=f"a text in the form of a {form}", got=str(there.get("format", "any text")))
    return None


def _types(schema: _Schema) -> frozenset[str]:
    """The JSON types that a schema lets through."""
    given = schema.get("type")
    if isinstance(given, str):
        return frozenset({given})
    if isinstance(given, list):
        return frozenset(str(name) for name in given)
    words = _values(schema)
    if words is not None:
        return frozenset(_TYPE_OF[type(word)] for word in words)
    return _ALL_TYPES


def _values(schema: _Schema) -> "list[records.Json] | None":
    """The values that a schema lists; `None` for any."""
    listed = schema.get("enum")
    if isinstance(listed, list):
        return listed
    return [schema["const"]] if "const" in schema else None


def _words(schema: _Schema) -> frozenset[str] | None:
    values = _values(schema)
    return None if values is None else frozenset(records.canonical(value).decode().strip('"') for value in values)


def _choices(schema: _Schema) -> list[_Schema]:
    for name in ("anyOf", "oneOf"):
        given = schema.get(name)
        if isinstance(given, list) and given:
            return [_schema(choice) for choice in given]
    return []


def _without_choices(schema: _Schema) -> _Schema:
    name = next(name for name in ("anyOf", "oneOf") if isinstance(schema.get(name), list) and schema[name])
    return {key: value for key, value in schema.items() if key != name}


def _members(schema: _Schema) -> dict[str, _Schema]:
    given = schema.get("properties")
    return {name: _schema(value) for name, value in given.items()} if isinstance(given, dict) else {}


def _required(schema: _Schema) -> list[str]:
    given = schema.get("required")
    return [str(name) for name in given] if isinstance(given, list) else []


def _schema(value: "records.Json") -> _Schema:
    """A schema; `true` and whatever is none lets everything through, `false` nothing."""
    if isinstance(value, dict):
        return value
    return _NOTHING if value is False else {}


def _both(one: _Schema, other: _Schema) -> dict[str, "records.Json"]:
    """What two schemas say together."""
    united: dict[str, records.Json] = {**one, **other}
    members, others = _members(one), _members(other)
    if members and others:
        united["properties"] = {
            name: dict(_both(members[name], others[name]) if name in members and name in others else schema)
            for name, schema in {**members, **others}.items()
        }
    if "required" in one and "required" in other:
        united["required"] = cast("records.Json", list(dict.fromkeys([*_required(one), *_required(other)])))
    if "type" in one and "type" in other:
        united["type"] = cast("records.Json", sorted(_types(one) & _types(other)))
    return united


def _named(types: frozenset[str]) -> str:
    return "any" if types == _ALL_TYPES else " or ".join(sorted(types)) or "nothing"


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name
