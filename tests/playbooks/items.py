"""Items of the library as Hypothesis makes them: every record with every field, whatever is added to one later."""

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
from hypothesis import strategies as st

from signalpost.vocabulary import events, library, records, situations, templates

#: What files of text could lose: quotes, marks of YAML, line ends of all kinds, what nobody sees, other scripts.
TEXT = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=" ab:#-{}[],'\"\\\t\n\r\x85\xa0\u2028\u200f|>&*!%@`?", max_size=20),
    st.sampled_from(
        ["no", "1:20", "2026-01-01", "~", "<<", "{party.name}", "a\n\nb\n", "مرحبا", "👩\u200d👩", "x " * 70]
    ),
)
NAME = st.one_of(
    st.from_regex(r"[a-z][a-z0-9.-]{0,12}", fullmatch=True), st.text(min_size=1, max_size=8), st.just("../../x")
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(TEXT, _JSON, max_size=3).map(lambda value: records.canonical(value).decode())
_DEPTH = 3

#: Fields whose values are bound by more than their type.
_FIELDS: Mapping[tuple[type[Any], str], st.SearchStrategy[Any]] = {
    (library.Communication, "contract"): OBJECT,
    (library.Sample, "facts"): OBJECT,
    (library.DataContract, "facts"): OBJECT,
    (events.Contract, "data_schema"): OBJECT,
    (library.Edition, "terms"): st.dictionaries(TEXT, TEXT, max_size=3).map(lambda found: tuple(found.items())),
    (library.Image, "alternatives"): st.dictionaries(TEXT, TEXT, max_size=3).map(lambda found: tuple(found.items())),
    (library.Image, "digest"): TEXT.map(lambda text: records.digest(text.encode())),
    (library.Insert, "digest"): TEXT.map(lambda text: records.digest(text.encode())),
    (library.Policy, "name"): st.just("policy"),
    # Bound in when rules are made of the item.
    (situations.Trigger, "segment"): st.just(""),
    (situations.Trigger, "segment_when"): st.just(""),
}


@functools.cache
def of(kind: type[Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a record."""
    hints = typing.get_type_hints(kind)
    made: dict[str, st.SearchStrategy[Any]] = {}
    for field in msgspec.structs.fields(kind):
        given = _FIELDS.get((kind, field.name))
        if given is None and field.name == "name" and issubclass(kind, typing.get_args(library.Item)):
            given = NAME
        made[field.name] = of_type(hints[field.name], depth) if given is None else given
    built = st.fixed_dictionaries(made).map(lambda fields: kind(**fields))
    return built.map(_distinct) if kind is library.Communication else built


def of_type(hint: Any, depth: int) -> st.SearchStrategy[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and arguments[-1] is Ellipsis:
        most = 2 if depth < _DEPTH else 0
        return st.lists(of_type(arguments[0], depth + 1), max_size=most).map(tuple) if most else st.just(())
    if origin is tuple:
        return st.tuples(*(of_type(each, depth) for each in arguments))
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(of_type(each, depth) for each in arguments))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return st.deferred(lambda: of(hint, depth))
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(list(hint))
    return _SIMPLE[hint]


_SIMPLE: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**40), 2**40),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    dt.date: st.dates(),
    dt.time: st.times(),
}


def _distinct(item: library.Communication) -> library.Communication:
    """Each language once."""
    editions = {edition.language: edition for edition in item.editions}
    return msgspec.structs.replace(item, editions=tuple(editions.values()))


def items() -> st.SearchStrategy[library.Item]:
    """One item of any kind."""
    kinds = cast("Sequence[type[Any]]", typing.get_args(library.Item))
    return st.one_of(*(of(kind) for kind in kinds))


def editions() -> st.SearchStrategy[library.Edition]:
    return of(library.Edition)


BLOCKS = cast("Sequence[type[msgspec.Struct]]", typing.get_args(templates.TemplateBlock))
