"""Records as plain values for files, and back: what has its default is left out, fields stand in their own order."""

from collections.abc import Mapping
from typing import cast

import msgspec

from signalpost.vocabulary import records

#: The order in which members of a JSON Schema are written: canonical JSON has lost the author's.
_SCHEMA_ORDER = (
    "$schema",
    "$id",
    "$ref",
    "title",
    "description",
    "type",
    "format",
    "enum",
    "const",
    "required",
    "additionalProperties",
    "properties",
    "items",
    "minItems",
    "maxItems",
    "if",
    "then",
    "else",
    "oneOf",
    "anyOf",
    "allOf",
    "$defs",
)
#: Members whose own members are names of the author's, not words of JSON Schema.
_NAMED = frozenset({"properties", "$defs", "patternProperties", "dependentSchemas"})


def plain(value: object) -> records.Json:
    """A record or part of one as JSON values, without what a reader of the file can do without."""
    match value:
        case msgspec.Struct():
            return members(value)
        case frozenset():
            return sorted(map(plain, cast("frozenset[object]", value)), key=records.canonical)
        case tuple() | list():
            return [plain(each) for each in cast("tuple[object, ...]", value)]
        case dict():
            return {name: plain(each) for name, each in cast("dict[str, object]", value).items()}
        case _:
            return cast("records.Json", msgspec.to_builtins(value))


def members(record: msgspec.Struct) -> dict[str, records.Json]:
    """The members of a record: its tag first, then every field that has another value than its default."""
    config = record.__struct_config__
    found: dict[str, records.Json] = {}
    if config.tag_field is not None and config.tag is not None:
        found[config.tag_field] = config.tag
    values = msgspec.structs.asdict(record)
    for field in msgspec.structs.fields(record):
        value: object = values[field.name]
        if value != _default(field):
            found[field.encode_name] = plain(value)
    return found


def _default(field: msgspec.structs.FieldInfo) -> object:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def schema(value: records.Json, *, is_named: bool = False) -> records.Json:
    """A JSON Schema in the order in which people write one."""
    match value:
        case dict():
            ordered = value if is_named else dict(sorted(value.items(), key=_place_in_schema))
            return {name: schema(inner, is_named=name in _NAMED and not is_named) for name, inner in ordered.items()}
        case list():
            return [schema(inner) for inner in value]
        case _:
            return value


def _place_in_schema(member: tuple[str, records.Json]) -> tuple[int, str]:
    name = member[0]
    return (_SCHEMA_ORDER.index(name) if name in _SCHEMA_ORDER else _SCHEMA_ORDER.index("properties"), name)


def without(found: Mapping[str, records.Json], *names: str) -> dict[str, records.Json]:
    """The members but these."""
    return {name: value for name, value in found.items() if name not in names}
