"""Expressions of a template: conditions and the lists of charts, in CEL, over just the facts that they read."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from signalpost.flow import expressions
from signalpost.flow.compose import texts, values
from signalpost.vocabulary import records

#: Reads one element of a list; `None` is a gap.
ReadOne: TypeAlias = Callable[[records.Json], str | values.Misfit | None]

#: Names by what they lead to: nothing below a name takes the whole of it.
_Tree: TypeAlias = "dict[str, _Tree]"


def condition(expression: str, place: texts.Place, setting: texts.Setting) -> texts.Fill[bool]:
    """What asks a condition; one that cannot be answered is noted as missing and taken for neither."""
    _note_fields(expression, place, setting)
    setting.conditions.append((place.name, expression))
    if not expression:
        setting.wrong(place, "wanted a condition, got none", "write one in CEL, or take the block out of the when")
    read_facts = facts_read_by(expression)

    def asked(scope: texts.Scope) -> bool:
        if expression in scope.answers:
            return scope.answers[expression]
        result = expressions.holds(expression, read_facts(scope.facts))
        if isinstance(result, expressions.Fault):
            scope.missing.append(f"{place.name}: {result.text}")
            result = False
        scope.answers[expression] = result
        return result

    return asked


def guards(expression: str) -> frozenset[str]:
    """The fields that a condition asks about."""
    found = expressions.fields(expression)
    return found if isinstance(found, frozenset) else frozenset()


def facts_read_by(expression: str) -> Callable[[dict[str, records.Json]], dict[str, records.Json]]:
    """What takes the fields that an expression reads out of the facts, without those that say nothing.

    Every fact given to CEL is copied into its own values: a condition over one field costs 8 µs with that field alone
    and 80 µs with all the facts of an outage notice.
    """
    wanted: _Tree = {}
    for path in sorted(guards(expression), key=len):
        _plant(path.split("."), wanted)
    return lambda facts: _taken(wanted, facts)


def _plant(path: Iterable[str], tree: _Tree) -> None:
    """Put a path into a tree, unless a shorter one already takes all that it leads to."""
    for name in path:
        if name in tree and not tree[name]:
            return
        tree = tree.setdefault(name, {})


def _taken(tree: _Tree, facts: dict[str, records.Json]) -> dict[str, records.Json]:
    """What of the facts stands at the paths of a tree."""
    some: dict[str, records.Json] = {}
    for name, inner in tree.items():
        value = facts.get(name)
        if value is not None and value != "":
            some[name] = _taken(inner, value) if inner and isinstance(value, dict) else values.present(value)
    return some


def listed(
    expression: str,
    place: texts.Place,
    setting: texts.Setting,
    read_one: ReadOne,
) -> texts.Fill[tuple[str | None, ...]]:
    """What gives the values of a chart; `read_one` reads one of them."""
    _note_fields(expression, place, setting)
    read_facts = facts_read_by(expression)

    def read_all(scope: texts.Scope) -> tuple[str | None, ...]:
        found = expressions.value(expression, read_facts(scope.facts))
        if isinstance(found, expressions.Fault):
            scope.missing.append(f"{place.name}: {found.text}")
            return ()
        if not isinstance(found, list):
            scope.missing.append(f"{place.name}: wanted a list, got {values.kind(found)}")
            return ()
        read = [read_one(value) for value in found]
        misfits = [value for value in read if isinstance(value, values.Misfit)]
        scope.missing.extend(f"{place.name}: wanted {misfit.wanted}, got {misfit.got}" for misfit in misfits)
        return tuple([value for value in read if not isinstance(value, values.Misfit)])

    return read_all


def _note_fields(expression: str, place: texts.Place, setting: texts.Setting) -> None:
    """Note what an expression reads, or why it cannot be read."""
    fields = expressions.fields(expression)
    if isinstance(fields, expressions.Fault):
        setting.wrong(place, fields.text, "correct the expression; CEL's own functions are the only ones")
        return
    setting.uses.extend(texts.Use(place=place, path=path) for path in sorted(fields))
