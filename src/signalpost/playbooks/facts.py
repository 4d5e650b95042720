"""JSON Schemas of the facts that texts may use: those of every notice with those of what is spoken of, and back."""

from collections.abc import Mapping
from typing import cast

import msgspec

from signalpost.playbooks import files
from signalpost.vocabulary import records

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OBJECT = dict[str, object]


class DoubleError(ValueError):
    """A definition of an event's contract has a name that `facts.yaml` gives to another one."""


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What a schema has beside the facts of every notice."""

    facts: dict[str, object]
    definitions: dict[str, object]


def schema(base: files.FactsFile, own: Own) -> str:
    """The JSON Schema of these facts beside the common ones, as JSON text."""
    properties = {**base.common, **own.facts}
    return records.canonical(
        {
            "$schema": _DIALECT,
            "type": "object",
            "required": sorted(properties),
            "properties": properties,
            "$defs": base.definitions | own.definitions,
        }
    ).decode()


def own(base: files.FactsFile, text: str) -> Own | None:
    """What makes this schema with the common facts; `None` where nothing does."""
    try:
        whole = msgspec.json.decode(text, type=_OBJECT)
    except msgspec.DecodeError:
        return None
    found = Own(
        facts=_beside(base.common, whole.get("properties")), definitions=_beside(base.definitions, whole.get("$defs"))
    )
    return found if schema(base, found) == text else None


def of_event(base: files.FactsFile, data_schema: str) -> str:
    """The JSON Schema of the facts of a notice about an event with such data.

    Raises:
        DoubleError: the data's schema defines something under a name of `facts.yaml`.
    """
    data = msgspec.json.decode(data_schema, type=_OBJECT)
    # References within a schema start at its root, which is another one here.
    definitions = cast("dict[str, object]", data.pop("$defs", {}))
    if twice := sorted(set(definitions) & set(base.definitions)):
        raise DoubleError(f"{', '.join(twice)}: stands in facts.yaml too")
    return schema(base, Own(facts={"event": _event(data)}, definitions=definitions))


def _event(data: Mapping[str, object]) -> dict[str, object]:
    """The fact `event` of a change that is an event with such data."""
    text = {"type": "string"}
    members = {"type": text, "source": text, "id": text, "subject": text, "occurred_at": text, "data": data}
    return {"type": "object", "required": sorted(members), "properties": members}


def _beside(common: Mapping[str, object], all_of_them: object) -> dict[str, object]:
    if not isinstance(all_of_them, dict):
        return {}
    found = cast("dict[str, object]", all_of_them)
    return {name: value for name, value in found.items() if name not in common or common[name] != value}
