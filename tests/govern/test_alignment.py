"""A trigger whose event cannot fill the texts of a communication is found, with the field named."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.govern import shelves
from tests.govern.shelves import Kind, key

from signalpost.govern import alignment
from signalpost.vocabulary import events, records, situations

Schema = Mapping[str, object]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}


def obj(required: str = "", /, **properties: object) -> Schema:
    """An object with these members, of which some are always there."""
    return {"type": "object", "properties": properties, "required": required.split()}


def found(offered: object, needed: object) -> list[str]:
    """What does not fit, in words."""
    misfits = alignment.misfits(records.canonical(offered).decode(), records.canonical(needed).decode())
    return [f"{misfit.field}: {misfit.wanted} / {misfit.got}" for misfit in misfits]


ALWAYS = "a field that is always there"
MONEY = {"$defs": {"money": obj("amount", amount=TEXT)}}
TREE = {"$defs": {"tree": obj("name", name=TEXT, below={"type": "array", "items": {"$ref": "#/$defs/tree"}})}}


@pytest.mark.parametrize(
    ("offered", "needed", "wanted"),
    [
        # What is there, and what may be missing.
        (obj("a", a=TEXT), obj("a", a=TEXT), []),
        (obj("a b", a=TEXT, b=TEXT), obj("a", a=TEXT), []),
        (obj(), obj("a", a=TEXT), [f"a: {ALWAYS} / none"]),
        (obj(a=TEXT), obj("a", a=TEXT), [f"a: {ALWAYS} / one that may be missing"]),
        (obj(), obj(a=TEXT), []),
        (obj("a", a=TEXT), obj("a"), []),
        (obj(), obj("a"), [f"a: {ALWAYS} / none"]),
        # Types.
        (obj("a", a=NUMBER), obj("a", a=TEXT), ["a: string / number"]),
        (obj("a", a=WHOLE), obj("a", a=NUMBER), []),
        (obj("a", a=NUMBER), obj("a", a=WHOLE), ["a: integer / number"]),
        (obj("a", a={"type": ["string", "null"]}), obj("a", a=TEXT), ["a: string / null or string"]),
        (obj("a", a=TEXT), obj("a", a={"type": ["string", "null"]}), []),
        (obj("a", a={}), obj("a", a=TEXT), ["a: string / any"]),
        (obj("a", a=True), obj("a", a=TEXT), ["a: string / any"]),
        (obj("a", a=TEXT), obj("a", a=True), []),
        (obj("a", a=TEXT), obj("a", a=False), ["a: nothing / string"]),
        (obj(a=NUMBER), obj(a=TEXT), ["a: string / number"]),
        # Words and forms.
        (obj("a", a={"enum": ["x"]}), obj("a", a={"enum": ["x", "y"]}), []),
        (obj("a", a={"enum": ["x", "z"]}), obj("a", a={"enum": ["x", "y"]}), ["a: one of x, y / z"]),
        (obj("a", a=TEXT), obj("a", a={"type": "string", "enum": ["x"]}), ["a: one of x / any"]),
        (obj("a", a={"const": "x"}), obj("a", a={"enum": ["x"]}), []),
        (obj("a", a={"enum": ["x", 1, 1.5, True, None, [0], {"k": 0}]}), obj("a", a=TEXT),
         ["a: string / any"]),
        (obj("a", a={"enum": ["x"]}), obj("a", a=TEXT), []),
        (obj("a", a={"type": "string", "format": "date"}), obj("a", a=TEXT), []),
        (obj("a", a=TEXT), obj("a", a={"type": "string", "format": "date"}),
         ["a: a text in the form of a date / any text"]),
        # Below, in lists, through references.
        (obj("e", e=obj(a=TEXT)), obj("e", e=obj("a", a=TEXT)), [f"e.a: {ALWAYS} / one that may be missing"]),
        ({"type": "array", "items": obj()}, {"type": "array", "items": obj("a", a=TEXT)}, [f"[].a: {ALWAYS} / none"]),
        ({"type": "array"}, {"type": "array", "items": TEXT}, ["[]: string / any"]),
        ({"type": "array", "items": TEXT}, {"type": "array"}, []),
        (
            {**obj("a b", a={"$ref": "#/$defs/money"}, b={"$ref": "#/$defs/money"}), **MONEY},
            obj("a b", a=obj("amount currency", amount=TEXT), b=obj("amount currency", amount=TEXT)),
            [f"a.currency: {ALWAYS} / none", f"b.currency: {ALWAYS} / none"],
        ),
        ({**obj("a", a={"$ref": "#/$defs/none"}), **MONEY}, obj("a", a=TEXT), ["a: string / any"]),
        (obj("a", a={"$ref": "https://elsewhere.example"}), obj("a", a=TEXT), ["a: string / any"]),
        ({"$ref": "#/$defs/a~1b~0", "$defs": {"a/b~": obj("a", a=TEXT)}}, obj("a", a=TEXT), []),
        ({"$ref": "#/$defs/x/y", "$defs": {"x": "odd"}}, obj("a", a=TEXT), ["object / any"]),
        ({**obj("t", t={"$ref": "#/$defs/tree"}), **TREE}, {**TREE, **obj("t", t={"$ref": "#/$defs/tree"})}, []),
        (
            {**obj("t", t={"$ref": "#/$defs/tree"}), **TREE},
            {
                **obj("t", t={"$ref": "#/$defs/tree"}),
                "$defs": {"tree": obj("name", name=NUMBER, below={"type": "array", "items": {"$ref": "#/$defs/tree"}})},
            },
            ["t.name: number / string"],
        ),
        # Together, and one of several.
        ({"allOf": [obj("a", a=TEXT), obj("b", b=TEXT)]}, obj("a b", a=TEXT, b=TEXT), []),
        ({"allOf": [obj("a", a=obj("x", x=TEXT)), obj("a", a=obj("y", y=TEXT))]}, obj("a", a=obj("x y")), []),
        (obj("a", a={"anyOf": [TEXT, NUMBER]}), obj("a", a=TEXT), ["a: string / number"]),
        (obj("a", a={"oneOf": [TEXT, {"type": "string", "format": "date"}]}), obj("a", a=TEXT), []),
        (obj("a", a=TEXT), obj("a", a={"anyOf": [NUMBER, TEXT]}), []),
        (obj("a", a=TEXT), obj("a", a={"anyOf": [NUMBER, WHOLE]}), ["a: number / string"]),
        (obj("a", a={"anyOf": []}), obj("a", a=TEXT), ["a: string / any"]),
    ],
)  # fmt: skip
def test_what_texts_need_and_what_is_there(offered: object, needed: object, wanted: list[str]):
    assert [line.removeprefix(": ") for line in found(offered, needed)] == wanted


def test_references_that_lead_to_each_other_end():
    offered = {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}
    assert [line.removeprefix(": ") for line in found(offered, obj("a", a=TEXT))] == ["object / any"]


def test_schemas_that_are_too_large_are_said_to_be():
    names = [f"f{number}" for number in range(80)]
    inner = obj(" ".join(names), **dict.fromkeys(names, TEXT))
    needed = {**obj(" ".join(names), **{name: {"$ref": "#/$defs/inner"} for name in names}), "$defs": {"inner": inner}}
    offered = {**needed, "title": "the same in other words"}
    assert found(offered, needed)[-1].endswith("schemas that can be compared / larger ones")


_LEAVES = st.sampled_from([TEXT, NUMBER, WHOLE, {"enum": ["x", "y"]}, {"type": ["string", "null"]}])


def _objects(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.dictionaries(st.sampled_from("abc"), inner, max_size=3).flatmap(
        lambda members: st.sets(st.sampled_from(sorted(members) or ["a"])).map(
            lambda required: {"type": "object", "properties": members, "required": sorted(required & members.keys())}
        )
    )


SCHEMAS = st.recursive(
    _LEAVES, lambda inner: _objects(inner) | inner.map(lambda items: {"type": "array", "items": items}), max_leaves=8
)


@given(schema=SCHEMAS)
def test_every_schema_offers_what_it_needs_itself(schema: Schema):
    assert found({**schema, "title": "the same"}, schema) == []


@given(offered=SCHEMAS, needed=SCHEMAS, name=st.sampled_from("abc"))
def test_a_field_more_that_is_needed_is_never_less_found(offered: Schema, needed: Schema, name: str):
    outer = obj("inner", inner=needed)
    more = {**outer, "properties": {"inner": needed, name: TEXT}, "required": ["inner", name]}
    given_ = obj("inner", inner=offered)
    assert set(found(given_, more)) == {*found(given_, outer), f"{name}: {ALWAYS} / none"}


FACTS = shelves.schema({"event": obj("data", data=obj("value", value=WHOLE))}, "event")
NEEDS = shelves.schema({"event": obj("data", data=obj("value total", value=WHOLE, total=TEXT))}, "event")


def test_a_trigger_communication_and_field_are_named():
    shelf = shelves.shelf(shelves.contract(FACTS), shelves.communication(contract=NEEDS))
    (gap,) = alignment.gaps(shelves.trigger(), shelf)
    assert (gap.trigger, gap.communication, gap.contract) == ("tell", "notice", "meter.read")
    assert (gap.misfit.field, gap.misfit.got) == ("event.data.total", "none")
    fits = shelves.shelf(shelves.contract(FACTS), shelves.communication(contract=FACTS))
    assert alignment.gaps(shelves.trigger(), fits) == ()


@pytest.mark.parametrize("gone", [key(Kind.CONTRACT, "meter.read"), key(Kind.COMMUNICATION, "notice")])
def test_what_is_not_kept_is_not_compared(gone: object):
    shelf = shelves.shelf(shelves.contract(FACTS), shelves.communication(contract=NEEDS))
    assert alignment.gaps(shelves.trigger(), {name: item for name, item in shelf.items() if name != gone}) == ()


@pytest.mark.parametrize(
    ("change", "contract"),
    [
        (situations.ChangeKind.OPENED, "incident"),
        (situations.ChangeKind.RESOLVED, "incident_over"),
        (situations.ChangeKind.ALARM, "estimate_passed"),
        (situations.ChangeKind.EVENT, ""),
    ],
)
def test_what_says_what_a_change_tells(change: situations.ChangeKind, contract: str):
    trigger = shelves.trigger(event_type="", change=change).trigger
    assert alignment.contract_of(trigger) == contract
    assert alignment.contract_of(shelves.trigger().trigger) == "meter.read"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (obj("value", value=WHOLE), []),
        (obj(value=WHOLE), [("event.data.value", "one that may be missing")]),
        ({"type": "string"}, [("event.data", "string")]),
    ],
)
def test_a_contract_promises_no_more_than_its_event_brings(data: Schema, wanted: list[tuple[str, str]]):
    event = events.Contract(type="meter.read", data_schema=records.canonical(data).decode())
    contract = msgspec.structs.replace(shelves.contract(FACTS), event=event)
    assert [(misfit.field, misfit.got) for misfit in alignment.broken_promises(contract)] == wanted
    assert alignment.broken_promises(shelves.contract(FACTS)) == ()
