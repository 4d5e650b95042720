"""What an author can put into a text: the fields of a data contract with the formats that fit each.

Read from the contract alone (JSON Schema), for the list in which a value is chosen. `check` judges what was written.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from signalpost.flow import expressions
from signalpost.flow.compose import conditions
from signalpost.vocabulary import records

#: How deep a contract is looked into; a schema may refer to itself.
DEPTH_MAX = 8
#: Fields that are offered at most: a list of more is no list to choose from.
FIELDS_MAX = 1_500

_MOMENT = ("datetime", "time", "date", "weekday_date", "weekday_date:short", "date:short", "time:zone")
_DAY = ("date", "weekday_date", "date:short", "weekday_date:short")
_NUMBER = ("number", "number:0", "number:2", "percent", "duration")
_OF_FORMAT: Mapping[str, tuple[str, ...]] = {"date-time": _MOMENT, "date": _DAY, "phone": ("phone", "")}
_MONEY = frozenset({"amount", "currency"})
_TELEPHONE = ("phone", "mobile")


class Offer(records.Record, frozen=True, kw_only=True):
    """A field that can be put into a text, or a list that a table can run over."""

    #: As a placeholder names it; below a list it begins with `item`.
    path: str
    #: The contract's title, or the words of the path.
    label: str
    description: str = ""
    #: What fits, the likeliest first; "" is as it is. None for a list of records.
    formats: tuple[str, ...] = ()
    #: What a condition compares it with: text, code, number, money, yes_or_no, list, moment.
    kind: str = "text"
    #: The codes it can have, where the contract lists them.
    codes: tuple[str, ...] = ()
    #: Path of the list whose elements it is of, "" for a field of the facts.
    each: str = ""
    is_list: bool = False
    is_required: bool = True


class _Node(msgspec.Struct, frozen=True):
    schema: dict[str, records.Json]
    path: tuple[str, ...]
    each: str
    is_required: bool


def offered(contract: str) -> tuple[Offer, ...]:
    """The fields of a contract in its order, those of the elements of a list after it; none of what is no schema."""
    try:
        root = cast("dict[str, records.Json]", msgspec.json.decode(contract, type=dict[str, object]))
    except msgspec.DecodeError:
        return ()
    return tuple(itertools.islice(_walk(_Node(root, (), "", is_required=True), root), FIELDS_MAX))


def _walk(node: _Node, root: dict[str, records.Json]) -> Iterator[Offer]:
    schema = _followed(node.schema, root)
    properties = schema.get("properties")
    formats = _formats(schema, node.path[-1] if node.path else "")
    if node.path and (formats or _is(schema, "boolean")):
        yield _offer(node, schema, formats)
        if formats[:1] == ("list",) and not node.each:
            yield _offer(_Node({}, ("item",), ".".join(node.path), is_required=True), {}, ("",))
    elif isinstance(properties, dict) and len(node.path) < DEPTH_MAX:
        required = schema.get("required")
        for name, inner in properties.items():
            if isinstance(inner, dict):
                is_required = node.is_required and isinstance(required, list) and name in required
                yield from _walk(_Node(inner, (*node.path, name), node.each, is_required=is_required), root)
    elif _is(schema, "array") and not node.each:
        yield _offer(node, schema, ())
        items = schema.get("items")
        if isinstance(items, dict):
            yield from _walk(_Node(items, ("item",), ".".join(node.path), is_required=True), root)


def _offer(node: _Node, schema: Mapping[str, records.Json], formats: tuple[str, ...]) -> Offer:
    path = ".".join(node.path)
    title, description, codes = schema.get("title"), schema.get("description"), schema.get("enum")
    return Offer(
        path=path,
        label=title if isinstance(title, str) and title else path.replace(".", " ").replace("_", " "),
        description=description if isinstance(description, str) else "",
        formats=formats,
        kind=_kind(schema, formats),
        codes=tuple(code for code in codes if isinstance(code, str)) if isinstance(codes, list) else (),
        each=node.each,
        is_list=_is(schema, "array"),
        is_required=node.is_required,
    )


def _kind(schema: Mapping[str, records.Json], formats: tuple[str, ...]) -> str:
    if _is(schema, "boolean"):
        return "yes_or_no"
    if _is(schema, "array"):
        return "list"
    by_format = {
        "money": "money",
        "term": "code",
        "datetime": "moment",
        "date": "moment",
        "number": "number",
        "duration": "number",
    }
    return by_format.get(formats[0] if formats else "", "text")


class Judgement(records.Record, frozen=True, kw_only=True):
    """What is to be said about a condition while it is written."""

    #: Why it cannot be read, "" where it can.
    fault: str = ""
    #: Fields it speaks of that the contract does not have.
    unknown: tuple[str, ...] = ()
    #: For each sample: its name, whether it holds, and why that cannot be said.
    samples: tuple[tuple[str, bool | None, str], ...] = ()


def judged(
    expression: str, offers: Sequence[Offer], samples: Sequence[tuple[str, Mapping[str, records.Json]]]
) -> Judgement:
    """What a condition comes to: against the fields there are, and for each sample by its name."""
    fault = expressions.check(expression)
    if fault is not None:
        return Judgement(fault=_without_expression(fault))
    read = expressions.fields(expression)
    paths = () if isinstance(read, expressions.Fault) else sorted(read)
    unknown = tuple(path for path in paths if not _is_known(path, offers))
    facts_read = conditions.facts_read_by(expression)
    told: list[tuple[str, bool | None, str]] = []
    for name, facts in samples:
        holds = expressions.holds(expression, facts_read(dict(facts)))
        is_fault = isinstance(holds, expressions.Fault)
        told.append((name, None, _without_expression(holds)) if is_fault else (name, holds, ""))
    return Judgement(unknown=unknown, samples=tuple(told))


def _without_expression(fault: expressions.Fault) -> str:
    """The words of a fault; the expression itself stands above them."""
    return fault.text.removeprefix(f"expression {fault.expression!r}: ")


def _is_known(path: str, offers: Sequence[Offer]) -> bool:
    """Whether a path is a field, a part of one, or holds some."""
    return any(
        offer.path == path or offer.path.startswith(f"{path}.") or path.startswith(f"{offer.path}.")
        for offer in offers
        if not offer.each
    )


def _formats(schema: Mapping[str, records.Json], name: str) -> tuple[str, ...]:
    """The formats that fit a schema, none for what holds further fields."""
    properties, items = schema.get("properties"), schema.get("items")
    if isinstance(properties, dict):
        return ("money", "money:2") if properties.keys() >= _MONEY else ()
    if _is(schema, "array"):
        return ("list", "list:or") if isinstance(items, dict) and _is(items, "string") else ()
    if isinstance(schema.get("enum"), list):
        return ("term", "")
    if _is(schema, "integer") or _is(schema, "number"):
        return ("duration", "number") if name.endswith("minutes") else (*_NUMBER[:-1], *_whole(schema))
    if _is(schema, "string"):
        return _OF_FORMAT.get(str(schema.get("format")), _by_name(name))
    return () if schema.get("type") in {"object", "boolean"} else ("",)


def _by_name(name: str) -> tuple[str, ...]:
    """The formats of a text by what it is called: instants end in `_at`, days in `_on`."""
    if name.endswith("_at"):
        return (*_MOMENT, "")
    if name.endswith("_on"):
        return (*_DAY, "")
    return ("phone", "") if any(word in name for word in _TELEPHONE) else ("", "upper-first")


def _whole(schema: Mapping[str, records.Json]) -> tuple[str, ...]:
    return ("duration", "") if _is(schema, "integer") else ()


def _is(schema: Mapping[str, records.Json], kind: str) -> bool:
    kinds = schema.get("type")
    return kinds == kind or (isinstance(kinds, list) and kind in kinds)


def _followed(schema: dict[str, records.Json], root: dict[str, records.Json]) -> dict[str, records.Json]:
    """The schema that a reference within the contract stands for."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: records.Json = root
    for name in reference.removeprefix("#/").split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return {**found, **schema} if isinstance(found, dict) else {}
