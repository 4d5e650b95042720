"""Plain expressions: evaluated without the library, to its answer; whatever is in doubt is left to it."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from signalpost.flow import expressions, plain
from signalpost.flow.cel_core import cel
from signalpost.vocabulary import records

FACTS: "dict[str, records.Json | dt.datetime]" = {
    "topic": ["meters", "M-1", "events"],
    "message": {"id": "M-1", "v": 11.5, "n": 5, "ok": True, "none": None, "deep": {"er": ["x"]}},
    "at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("message.id", "M-1"),
        ("topic[1]", "M-1"),
        (" message.deep.er[0] ", "x"),
        ("message.none", None),
        ("message.ok", True),
        ("!message.ok || message.v < 12", True),
        ('message.id == topic[1] && (message.n != 6 && message.v >= 11.5) && message.id > "A"', True),
        ("message.n <= 4", False),
        ("has(message.id) && !has(message.nothing)", True),
        ("message.id + '/' + string(message.n) + string('!')", "M-1/5!"),
        ("false || true", True),
        # The left side decides alone.
        ("false && message.nothing", False),
        ("timestamp('2026-03-01T07:00:00.25+01:00')", dt.datetime(2026, 3, 1, 6, 0, 0, 250_000, tzinfo=dt.UTC)),
    ],
)
def test_what_is_plain_is_evaluated(expression: str, expected: object):
    program = plain.program(expression)
    assert program is not None
    assert program(FACTS) == expected == cel.compile(expression.strip()).execute(dict(FACTS))


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "message.id.size()",
        "size(topic)",
        "topic[message.n]",
        "topic[1.5]",
        "message['id']",
        "'a\\n'",
        "r'a'",
        '"""a"""',
        "1u",
        "0x1f",
        "99999999999999999999",
        "message.n - 1",
        "message.n ? 1 : 2",
        "[1]",
        "int",
        "has(message)",
        "has(topic[0])",
        "has('a')",
        "has(int.a)",
        "(message.n",
        "message.n)",
        "message.",
        "string(message.n",
        "topic[1",
        "message.n < 1 < 2",
    ],
)
def test_what_is_not_plain_is_left_to_the_library(expression: str):
    assert plain.program(expression) is None


@pytest.mark.parametrize(
    ("expression", "facts"),
    [
        ("nothing", {}),
        ("message.nothing", {"message": {}}),
        ("topic[3]", {"topic": ["a"]}),
        ("topic[0]", {"topic": "text"}),
        ("message.id", {"message": ["text"]}),
        ("message", {"message": {}}),
        ("at", {"at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}),
        ("n", {"n": 2**53 + 1}),
        ("text", {"text": "\ud800"}),
        ("has(message.id)", {"message": ["text"]}),
        ("a == b", {"a": 1, "b": "1"}),
        ("a == b", {"a": 1, "b": True}),
        ("a == b", {"a": True, "b": True}),
        ("a == null", {"a": None}),
        ("a + b", {"a": 1, "b": 2}),
        ("string(a)", {"a": 1.5}),
        ("string(a)", {"a": True}),
        ("timestamp(a)", {"a": "yesterday"}),
        ("timestamp(a)", {"a": "2026-02-30T00:00:00Z"}),
        ("timestamp(a)", {"a": 5}),
        ("!a", {"a": 1}),
        ("a && true", {"a": 1}),
        ("true && a", {"a": 1}),
    ],
)
def test_facts_that_leave_a_doubt_are_left_to_the_library(expression: str, facts: "dict[str, records.Json]"):
    program = plain.program(expression)
    assert program is not None
    with pytest.raises(plain.BeyondError):
        program(facts)


def test_text_beyond_ascii_is_plain():
    program = plain.program("a + 'ß'")
    assert program is not None
    assert program({"a": "grü"}) == "grüß"


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["a", "", "2026-03-01T07:00:00Z", "2026-03-01T07:00:00.123456+01:30", "2026-13-01T00:00:00Z"])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), SCALARS, max_size=2)
ATOMS = st.sampled_from(
    [
        "x",
        "y",
        "x.a",
        "y.b",
        "x[0]",
        "y[1]",
        "true",
        "false",
        "null",
        "0",
        "1",
        "2.5",
        "'a'",
        '""',
        "'2026-03-01T07:00:00Z'",
        "has(x.a)",
        "string(x)",
        "string(y.b)",
        "timestamp(x)",
        "timestamp(y.a)",
    ]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "+", "&&", "||"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        inner.map(lambda one: f"!({one})"),
    ),
    max_leaves=6,
)


@given(expression=EXPRESSIONS, x=VALUES, y=VALUES)
@example(expression="x < y", x=2**53, y=2.0**53)
@example(expression="string(x)", x=-0, y=None)
def test_the_answer_is_the_library_s(expression: str, x: "records.Json", y: "records.Json"):
    facts: dict[str, records.Json | dt.datetime] = {"x": x, "y": y}
    program = plain.program(expression)
    assert program is not None
    try:
        found = program(facts)
    except plain.BeyondError:
        return
    theirs = cel.compile(expression).execute(facts)
    assert (found, type(found) is bool) == (theirs, type(theirs) is bool)
    assert expressions.value(expression, facts) == expressions.value(f"({expression})", facts)
