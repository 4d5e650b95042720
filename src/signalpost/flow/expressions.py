"""Conditions and values in rules, triggers, mappings and templates: CEL, and nothing else.

This is the only place that touches the `common-expression-language` library. An expression that cannot be compiled or
evaluated gives a `Fault`: a value that says what was asked and what was there. It is never taken for false, and never
for true: using a fault as a condition raises.

The library copies the facts for each evaluation, which costs more than the evaluation: so it is given those that an
expression speaks of, and several expressions on the same facts are evaluated as one (`first`).

CEL has no loops but its comprehensions (`all`, `exists`, `map` …), and the library cannot be interrupted. So time is
bounded by form: an expression is at most `EXPRESSION_LENGTH_CHARACTERS` long and no comprehension stands inside
another, which makes an evaluation linear in the size of the facts (measured: 5 ms for a list of 1,000 records,
15 µs for a plain condition; three levels over 200 elements took 7.8 s).

As CEL defines it (language definition, "Logical Operators"), `&&` and `||` are commutative: a fault on one side does
not matter where the other side decides alone. The empty condition always holds.
"""

import datetime as dt
import enum
import functools
import math
import re
from collections.abc import Iterator, Mapping
from typing import NoReturn, TypeAlias, cast

from signalpost.flow.cel_core import cel
from signalpost.vocabulary import records

EXPRESSION_LENGTH_CHARACTERS = 2_000
COMPREHENSION_DEPTH_LEVELS = 1
EXPRESSIONS_CACHED_COUNT = 4_096

#: What an expression speaks of, by its first name: `data`, `event`, `incident`. Instants may be given as such.
Facts: TypeAlias = Mapping[str, "records.Json | dt.datetime"]

#: A condition, and expressions by name.
Case: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]

#: The functions of CEL's standard library that exist here; any other name is a fault when the rule is saved.
FUNCTIONS = frozenset(
    {"has", "size", "type", "dyn", "int", "uint", "double", "string", "bytes", "timestamp", "duration"}
    | {"contains", "startsWith", "endsWith", "matches", "all", "exists", "exists_one", "existsOne", "map", "filter"}
    | {"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"}
    | {"getHours", "getMinutes", "getSeconds", "getMilliseconds"}
)
COMPREHENSIONS = frozenset({"all", "exists", "exists_one", "existsOne", "map", "filter"})


class FaultReason(enum.StrEnum):
    """Why an expression gave no result. Closed: every value is documented."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_NESTED = "too_nested"
    SYNTAX = "syntax"
    UNKNOWN_FUNCTION = "unknown_function"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    ARITHMETIC = "arithmetic"


class Fault(records.Record, frozen=True, kw_only=True):
    """Why an expression gave no result, and in which words to say so."""

    expression: str
    reason: FaultReason
    #: The field or function at fault, "" where it is none in particular.
    name: str = ""
    #: What, which, wanted, got; without the facts' values.
    text: str

    def __bool__(self) -> NoReturn:
        """Refuse to be a condition: a fault is neither true nor false."""
        raise TypeError(f"a fault is neither true nor false: {self.text}")


def holds(expression: str, facts: Facts) -> bool | Fault:
    """Whether the condition is true of the facts; "" always is.

    A result that is not a boolean is a fault of reason `wrong_type`.
    """
    if not expression:
        return True
    result = _evaluate(expression, facts)
    if isinstance(result, bool | Fault):
        return result
    return _fault(expression, FaultReason.WRONG_TYPE, f"wanted true or false, got {_kind(result)}")


def value(expression: str, facts: Facts) -> "records.Json | Fault":
    """What the expression gives, as JSON: an instant as RFC 3339 text in UTC, a duration as seconds with an "s".

    Bytes, and map keys other than text, have no JSON form here and are faults of reason `wrong_type`.
    """
    result = _evaluate(expression, facts)
    if isinstance(result, str | Fault):
        return result
    try:
        return _json(result)
    except _NoJsonFormError as error:
        return _fault(expression, FaultReason.WRONG_TYPE, f"wanted a value with a JSON form, got {error}")


def first(cases: tuple[Case, ...], facts: Facts) -> "tuple[int, dict[str, records.Json] | Fault] | None":
    """The first case whose condition holds: its place, and by name what its expressions give, each as `value` does.

    A fault comes with the place of the case it is in: of the condition, or the first of the expressions. `None` when no
    condition holds.
    """
    match value(_united(cases), facts):
        case None:
            return None
        case [int(place), dict(found)]:
            return place, found
        case _:
            # One of them is at fault, or together they are beyond the limits.
            return _first(cases, facts)


def _first(cases: tuple[Case, ...], facts: Facts) -> "tuple[int, dict[str, records.Json] | Fault] | None":
    for place, (condition, wanted) in enumerate(cases):
        applies = holds(condition, facts)
        if isinstance(applies, Fault):
            return place, applies
        if applies:
            return place, _values(wanted, facts)
    return None


def _values(wanted: tuple[tuple[str, str], ...], facts: Facts) -> "dict[str, records.Json] | Fault":
    found: dict[str, records.Json] = {}
    for name, expression in wanted:
        result = value(expression, facts)
        if isinstance(result, Fault):
            return result
        found[name] = result
    return found


def fields(expression: str) -> frozenset[str] | Fault:
    """The dotted paths an expression reads, each as far as its names are fixed: `data.volts`, `event.data.lines`.

    Names bound by a comprehension are not fields, and what follows an index by number or by expression is not told:
    `data.lines[0].code` reads `data.lines`. A path asked for with `has` is among them. "" reads nothing.
    """
    if not expression:
        return frozenset()
    program = _compiled(expression)
    if isinstance(program, Fault):
        return program
    variables = frozenset(program.variables())
    return frozenset(path for path in _paths(_tokens(expression)) if path.split(".")[0] in variables - _TYPES)


def check(expression: str) -> Fault | None:
    """The fault that can be seen without facts, `None` when there is none: what is asked when a rule is saved."""
    if not expression:
        return None
    program = _compiled(expression)
    return program if isinstance(program, Fault) else None


def _evaluate(expression: str, facts: Facts) -> object:
    """The library's own result, or a `Fault`."""
    program = _compiled(expression)
    if isinstance(program, Fault):
        return program
    try:
        return program.execute({name: facts[name] for name in _names(expression) if name in facts})
    except KeyError as error:
        name = str(error.args[0]).strip("'\"")
        return _fault(expression, FaultReason.UNKNOWN_FIELD, f"no field {name!r} in the facts", name=name)
    except IndexError as error:
        return _fault(expression, FaultReason.UNKNOWN_FIELD, f"no such element in the facts: {error}")
    except ArithmeticError as error:
        return _fault(expression, FaultReason.ARITHMETIC, str(error))
    except (TypeError, ValueError, RuntimeError) as error:
        return _misuse(expression, facts, error)


def _misuse(expression: str, facts: Facts, error: Exception) -> Fault:
    """A name that the facts do not have, which the library reports as a machine's error; otherwise a wrong type."""
    asked = fields(expression)
    unknown = sorted(path for path in asked if path.split(".")[0] not in facts) if isinstance(asked, frozenset) else ()
    if unknown and isinstance(error, RuntimeError):
        known = ", ".join(sorted(facts)) or "nothing"
        text = f"no field {unknown[0]!r} in the facts, which have {known}"
        return _fault(expression, FaultReason.UNKNOWN_FIELD, text, name=unknown[0])
    return _fault(expression, FaultReason.WRONG_TYPE, str(error).split("\n", 1)[0].split(". ", 1)[0])


@functools.lru_cache(maxsize=EXPRESSIONS_CACHED_COUNT)
def _united(cases: tuple[Case, ...]) -> str:
    """One expression that gives the place and map of the first case that holds; "" when one of theirs is none."""
    if any(check(text) is not None for condition, wanted in cases for text in (condition, *dict(wanted).values())):
        return ""
    united = "null"
    for place, (condition, wanted) in reversed(tuple(enumerate(cases))):
        # On lines of their own: an expression may end in a comment.
        members = ",".join(f"{records.canonical(name).decode()}: (\n{text}\n)" for name, text in wanted)
        united = f"(\n{condition or 'true'}\n) ? [{place}, {{{members}}}] : {united}"
    return united


@functools.lru_cache(maxsize=EXPRESSIONS_CACHED_COUNT)
def _names(expression: str) -> tuple[str, ...]:
    """The first names of the facts that an expression within the limits speaks of."""
    program = _compiled(expression)
    return () if isinstance(program, Fault) else tuple(program.variables())


@functools.lru_cache(maxsize=EXPRESSIONS_CACHED_COUNT)
def _compiled(expression: str) -> "cel.Program | Fault":
    """The program of an expression within the limits, or why there is none."""
    if not expression.strip():
        return _fault(expression, FaultReason.EMPTY, "wanted an expression, got none")
    if len(expression) > EXPRESSION_LENGTH_CHARACTERS:
        text = f"wanted at most {EXPRESSION_LENGTH_CHARACTERS} characters, got {len(expression)}"
        return _fault(expression[:80], FaultReason.TOO_LONG, text)
    if _depth(_tokens(expression)) > COMPREHENSION_DEPTH_LEVELS:
        text = f"wanted comprehensions at most {COMPREHENSION_DEPTH_LEVELS} deep, got one inside another"
        return _fault(expression, FaultReason.TOO_NESTED, text)
    try:
        program = cel.compile(expression)
    except ValueError as error:
        reason = str(error).split("ERROR: ", 1)[-1].split("\n", 1)[0]
        return _fault(expression, FaultReason.SYNTAX, reason)
    unknown = sorted(name for name in program.functions() if name.isidentifier() and name not in FUNCTIONS)
    if unknown:
        return _fault(expression, FaultReason.UNKNOWN_FUNCTION, f"no function {unknown[0]!r}", name=unknown[0])
    return program


def _fault(expression: str, reason: FaultReason, text: str, *, name: str = "") -> Fault:
    return Fault(expression=expression, reason=reason, name=name, text=f"expression {expression!r}: {text}")


class _NoJsonFormError(Exception):
    """A CEL value that JSON has no form for; its text is the kind of value."""


def _json(result: object) -> "records.Json":
    """A CEL result as JSON.

    Raises:
        _NoJsonFormError: for bytes, numbers that are not finite, and map keys other than text.
    """
    match result:
        case float() if not math.isfinite(result):
            raise _NoJsonFormError(str(result))
        case None | bool() | int() | float() | str():
            return result
        case dt.datetime():
            return result.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.timedelta():
            return f"{result.total_seconds():.6f}".rstrip("0").rstrip(".") + "s"
        case list():
            return [_json(element) for element in cast("list[object]", result)]
        case dict():
            return {_key(key): _json(member) for key, member in cast("dict[object, object]", result).items()}
        case _:
            raise _NoJsonFormError(_kind(result))


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise _NoJsonFormError(f"a map with keys of {_kind(key)}")
    return key


def _kind(result: object) -> str:
    return type(result).__name__


#: CEL's lexis as far as names are concerned (language definition, "Syntax"): text and comments hide names in them.
_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* )
    | (?P<text> [bB]?[rR][bB]? (?: \"{3}.*?\"{3} | '{3}.*?'{3} | "[^"\n]*" | '[^'\n]*' )
              | [bB]? (?: \"{3}(?:\\.|.)*?\"{3} | '{3}(?:\\.|.)*?'{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' ) )
    | (?P<name> [A-Za-z_][A-Za-z0-9_]* )
    | (?P<number> [0-9][0-9A-Za-z_]* (?: \.[0-9][0-9A-Za-z_]* )? )
    | (?P<space> \s+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
#: Names that stand for types and literals, not for fields.
_TYPES = frozenset(
    {"int", "uint", "double", "string", "bytes", "bool", "list", "map", "type", "null_type", "true", "false", "null"}
)


def _tokens(expression: str) -> tuple[tuple[str, str], ...]:
    """Kind and text of each token that matters, in order."""
    found = ((str(match.lastgroup), match.group()) for match in _TOKEN.finditer(expression))
    return tuple((kind, text) for kind, text in found if kind not in {"comment", "space"})


def _depth(tokens: tuple[tuple[str, str], ...]) -> int:
    """How deep comprehensions stand inside each other."""
    stack: list[bool] = []
    deepest = 0
    for before, (_, text) in zip((("", ""), *tokens), tokens, strict=False):
        if text == "(":
            stack.append(before[0] == "name" and before[1] in COMPREHENSIONS)
            deepest = max(deepest, sum(stack))
        elif text == ")" and stack:
            stack.pop()
    return deepest


def _paths(tokens: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Each dotted path of names, but for functions and for what a comprehension has bound."""
    bound: list[str] = []
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        following = tokens[position + 1 : position + 3]
        position += 1
        if text == "(":
            previous = tokens[position - 2] if position > 1 else ("", "")
            bound.append(following[0][1] if previous[1] in COMPREHENSIONS else "")
        elif text == ")":
            bound.pop()
        elif kind == "name" and tokens[position - 2 : position - 1] != ((("mark", "."),)):
            path, position = _path(text, tokens, position)
            if path and text not in bound:
                yield path


def _path(root: str, tokens: tuple[tuple[str, str], ...], position: int) -> tuple[str, int]:
    """The path that starts with the name before the position, "" for a function, and where it ends."""
    names = [root]
    while position < len(tokens):
        marks = tuple(text for _, text in tokens[position : position + 3])
        kinds = tuple(kind for kind, _ in tokens[position : position + 3])
        if marks[0] == "(":
            names.pop()
            break
        if marks[0] == "." and kinds[1:2] == ("name",):
            names.append(marks[1])
            position += 2
        elif marks[0] == "[" and kinds[1:2] == ("text",) and marks[2:] == ("]",):
            names.append(marks[1][1:-1])
            position += 3
        else:
            break
    return ".".join(names), position
