"""Plain expressions, evaluated here: fields, comparisons, `&&`, `||`, `!`, joined text, `has`, `string`, `timestamp`.

The CEL library copies all facts for each evaluation (measured: 5 µs a text, 40 µs for a meter's message of five fields,
where the evaluation itself takes under 1 µs). Most conditions and mappings are plain, and a storm asks some hundred
thousand of them.

It never decides what is in doubt: whatever is not plain, or not plain with these facts (a missing field, two kinds
of value side by side, numbers to be added), is beyond it and the library's. A property test holds both to the same
answers.
"""

import datetime as dt
import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from signalpost.vocabulary import records

Facts: TypeAlias = Mapping[str, "records.Json | dt.datetime"]
Result: TypeAlias = "str | int | float | bool | dt.datetime | None"
Evaluate: TypeAlias = Callable[[Facts], Result]

PROGRAMS_CACHED_COUNT = 4_096
#: Integers up to here are exact as double precision numbers too, so that comparing them with one is not in doubt.
EXACT_INTEGER = 2**53

_TOKEN = re.compile(
    r"""\s*(?: (?P<text> "[^"\\\n]*"(?!") | '[^'\\\n]*'(?!') )
      | (?P<number> [0-9]+ (?: \.[0-9]+ )? (?![\w.]) )
      | (?P<name> [A-Za-z_][A-Za-z0-9_]* (?!["']) )
      | (?P<mark> && | \|\| | == | != | <= | >= | [<>!+().\[\]] ) )""",
    re.VERBOSE,
)
#: Instants of which nothing is in doubt: RFC 3339 in capitals, to the microsecond.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_LITERALS: Mapping[str, Result] = {"true": True, "false": False, "null": None}
#: Names that are no fields: types, and words that CEL reserves.
_NO_FIELDS = frozenset(
    {"int", "uint", "double", "string", "bytes", "bool", "list", "map", "type", "null_type", "in", "as", "break"}
    | {"const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return"}
    | {"var", "void", "while"}
)
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class BeyondError(Exception):
    """Not plain: the expression's form or, at evaluation, what it finds in the facts."""


@functools.lru_cache(maxsize=PROGRAMS_CACHED_COUNT)
def program(expression: str) -> Evaluate | None:
    """What evaluates an expression that CEL can compile, `None` when it is not plain.

    What is given raises `BeyondError` for facts that make a plain expression a matter of doubt.
    """
    try:
        parser = _Parser(expression)
        made = parser.either()
        parser.end()
    except BeyondError:
        return None
    return made


class _Parser:
    """Recursive descent over CEL's own precedence: `||`, `&&`, comparison, `+`, `!`, primary."""

    def __init__(self, expression: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place, length = 0, len(expression.rstrip())
        while place < length:
            found = _TOKEN.match(expression, place)
            if found is None:
                raise BeyondError
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        self._tokens.append(("end", ""))
        self._at = 0

    def end(self) -> None:
        if self._tokens[self._at][0] != "end":
            raise BeyondError

    def either(self) -> Evaluate:
        made = self._both()
        while self._took("||"):
            made = _decided(made, self._both(), by=True)
        return made

    def _both(self) -> Evaluate:
        made = self._compared()
        while self._took("&&"):
            made = _decided(made, self._compared(), by=False)
        return made

    def _compared(self) -> Evaluate:
        left = self._joined()
        for mark, order in _ORDERS.items():
            if self._took(mark):
                return _comparison(left, self._joined(), order)
        return left

    def _joined(self) -> Evaluate:
        made = self._primary()
        while self._took("+"):
            made = _joint(made, self._primary())
        return made

    def _primary(self) -> Evaluate:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "mark":
            return self._marked(text)
        if kind == "name" and text not in _LITERALS:
            return self._named(text)
        return _constant(_literal(kind, text))

    def _marked(self, mark: str) -> Evaluate:
        if mark == "!":
            return _negation(self._primary())
        if mark != "(":
            raise BeyondError
        inner = self.either()
        self._want(")")
        return inner

    def _named(self, name: str) -> Evaluate:
        if self._took("("):
            return self._called(name)
        if name in _NO_FIELDS:
            raise BeyondError
        return _field(self._steps(name))

    def _called(self, function: str) -> Evaluate:
        if function == "has":
            kind, root = self._tokens[self._at]
            self._at += 1
            steps = self._steps(root) if kind == "name" and root not in _NO_FIELDS else []
            self._want(")")
            if len(steps) > 1 and isinstance(steps[-1], str):
                return _presence(steps)
            raise BeyondError
        if function not in _FUNCTIONS:
            raise BeyondError
        inner = self.either()
        self._want(")")
        return _call(_FUNCTIONS[function], inner)

    def _steps(self, root: str) -> list[str | int]:
        """The names and numbers of a path: `a.b[0].c`."""
        steps: list[str | int] = [root]
        while True:
            if self._took("."):
                steps.append(self._taken("name"))
            elif self._took("["):
                steps.append(int(self._taken("number", is_whole=True)))
                self._want("]")
            elif self._tokens[self._at][1] == "(":
                raise BeyondError
            else:
                return steps

    def _took(self, mark: str) -> bool:
        is_there = self._tokens[self._at] == ("mark", mark)
        self._at += is_there
        return is_there

    def _want(self, mark: str) -> None:
        if not self._took(mark):
            raise BeyondError

    def _taken(self, kind: str, *, is_whole: bool = False) -> str:
        found, text = self._tokens[self._at]
        if found != kind or (is_whole and not text.isdecimal()):
            raise BeyondError
        self._at += 1
        return text


def _literal(kind: str, text: str) -> Result:
    match kind:
        case "text":
            return text[1:-1]
        case "number":
            return _number(text)
        case "name":
            return _LITERALS[text]
        case _:
            raise BeyondError


def _number(text: str) -> int | float:
    number = int(text) if text.isdecimal() else float(text)
    if number > EXACT_INTEGER:
        raise BeyondError
    return number


def _constant(result: Result) -> Evaluate:
    return lambda facts: result  # noqa: ARG005 - the facts do not matter


def _found(facts: Facts, root: str, steps: Sequence[tuple[str | int, type]]) -> object:
    """What a path leads to; each step comes with what it is a step of, a dictionary or a list."""
    try:
        found: object = facts[root]
        for step, of in steps:
            if type(found) is not of:
                raise BeyondError
            found = cast("Any", found)[step]
    except (KeyError, IndexError):
        raise BeyondError from None
    return found


def _typed(steps: Sequence[str | int]) -> tuple[tuple[str | int, type], ...]:
    return tuple((step, dict if isinstance(step, str) else list) for step in steps)


def _field(steps: Sequence[str | int]) -> Evaluate:
    root, path = str(steps[0]), _typed(steps[1:])

    def evaluate(facts: Facts) -> Result:
        found = _found(facts, root, path)
        if isinstance(found, str):
            # The library takes no lone surrogates.
            if found.isascii() or _is_sound(found):
                return found
        elif isinstance(found, int):
            if -EXACT_INTEGER <= found <= EXACT_INTEGER:
                return found
        elif found is None or isinstance(found, float):
            return found
        raise BeyondError

    return evaluate


def _is_sound(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _presence(steps: Sequence[str | int]) -> Evaluate:
    root, path = str(steps[0]), _typed(steps[1:-1])

    def evaluate(facts: Facts) -> Result:
        parent = _found(facts, root, path)
        if not isinstance(parent, dict):
            raise BeyondError
        return steps[-1] in parent

    return evaluate


def _decided(left: Evaluate, right: Evaluate, *, by: bool) -> Evaluate:
    """`||` is decided by true, `&&` by false, on the left; else the right one decides."""

    def evaluate(facts: Facts) -> Result:
        return by if _truth(left(facts)) is by else _truth(right(facts))

    return evaluate


def _negation(inner: Evaluate) -> Evaluate:
    return lambda facts: not _truth(inner(facts))


def _truth(result: Result) -> bool:
    if isinstance(result, bool):
        return result
    raise BeyondError


def _comparison(left: Evaluate, right: Evaluate, order: Callable[[Any, Any], bool]) -> Evaluate:
    def evaluate(facts: Facts) -> Result:
        one, other = left(facts), right(facts)
        if isinstance(one, str) and isinstance(other, str):
            return order(one, other)
        if isinstance(one, int | float) and isinstance(other, int | float) and not isinstance(one, bool):
            return order(one, other) if not isinstance(other, bool) else _beyond()
        return _beyond()

    return evaluate


def _beyond() -> Result:
    raise BeyondError


def _joint(left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(facts: Facts) -> Result:
        one, other = left(facts), right(facts)
        return one + other if isinstance(one, str) and isinstance(other, str) else _beyond()

    return evaluate


def _call(function: Callable[[Result], Result], inner: Evaluate) -> Evaluate:
    return lambda facts: function(inner(facts))


def _string(given: Result) -> Result:
    if isinstance(given, str) or (isinstance(given, int) and not isinstance(given, bool)):
        return str(given)
    raise BeyondError


def _timestamp(given: Result) -> Result:
    if isinstance(given, str) and _INSTANT.fullmatch(given):
        try:
            return dt.datetime.fromisoformat(given)
        except ValueError:
            pass
    raise BeyondError


_FUNCTIONS: Mapping[str, Callable[[Result], Result]] = {"string": _string, "timestamp": _timestamp}
