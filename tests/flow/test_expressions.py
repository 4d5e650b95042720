"""CEL in rules: what holds, what is a value, what is read, and what is a fault and why."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalpost.flow import expressions
from signalpost.vocabulary import records

FACTS: "dict[str, records.Json | dt.datetime]" = {
    "data": {"volts": 199.5, "phase": "L1", "count": 3, "note": None, "lines": [{"code": "A"}, {"code": "B"}]},
    "received_at": dt.datetime(2026, 3, 1, 6, 30, tzinfo=dt.UTC),
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", True),
        ("data.volts < 207.0", True),
        ("data.volts < 207", True),
        ("data.count == 3 && data.phase == 'L1'", True),
        ("data.count > 3", False),
        ("data.note == null", True),
        ("has(data.current)", False),
        ("has(data.current) && data.current > 1.0", False),
        ("data.lines.exists(line, line.code == 'B')", True),
        ("received_at > timestamp('2026-03-01T00:00:00Z')", True),
        # One side decides alone (CEL language definition, "Logical Operators").
        ("data.current > 1.0 || data.count == 3", True),
    ],
)
def test_a_condition_holds_or_does_not(expression: str, *, expected: bool):
    assert expressions.holds(expression, FACTS) is expected


REASON = expressions.FaultReason


@pytest.mark.parametrize(
    ("expression", "reason", "name", "text"),
    [
        (" ", REASON.EMPTY, "", "wanted an expression"),
        ("data.", REASON.SYNTAX, "", "no viable alternative"),
        ("data.volts <", REASON.SYNTAX, "", "mismatched input"),
        ("'" + "x" * 2_000 + "'", REASON.TOO_LONG, "", "wanted at most 2000 characters, got 2002"),
        ("l.all(a, l.all(b, a == b))", REASON.TOO_NESTED, "", "one inside another"),
        ("lower(data.phase) == 'l1'", REASON.UNKNOWN_FUNCTION, "lower", "no function 'lower'"),
        ("data.current > 1.0", REASON.UNKNOWN_FIELD, "current", "no field 'current' in the facts"),
        ("event.type == 'x'", REASON.UNKNOWN_FIELD, "event.type", "which have data, received_at"),
        ("data.lines[7].code == 'A'", REASON.UNKNOWN_FIELD, "", "index out of bounds: 7"),
        ("data.phase > 1", REASON.WRONG_TYPE, "", "No such overload"),
        ("data.note > 1", REASON.WRONG_TYPE, "", "No such overload"),
        ("received_at.getHours('Europe/Berlin') > 1", REASON.WRONG_TYPE, "", "getHours"),
        ("int(data.phase) > 1", REASON.WRONG_TYPE, "", "Function 'int' error"),
        ("data.volts", REASON.WRONG_TYPE, "", "wanted true or false, got float"),
        ("1 / (data.count - 3) == 1", REASON.ARITHMETIC, "", "division by zero"),
        ("9223372036854775807 + data.count > 1", REASON.ARITHMETIC, "", "overflow"),
    ],
)
def test_what_cannot_be_decided_is_a_fault_with_its_reason(
    expression: str, reason: expressions.FaultReason, name: str, text: str
):
    fault = expressions.holds(expression, FACTS)
    assert isinstance(fault, expressions.Fault)
    assert (fault.reason, fault.name) == (reason, name)
    assert text in fault.text
    assert fault.text.startswith("expression ")


def test_a_fault_is_neither_true_nor_false():
    fault = expressions.holds("data.current > 1", FACTS)
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(fault)


def test_a_fault_names_what_is_there_even_when_nothing_is():
    fault = expressions.holds("event.type == 'x'", {})
    assert isinstance(fault, expressions.Fault)
    assert fault.text == "expression \"event.type == 'x'\": no field 'event.type' in the facts, which have nothing"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("data.volts", 199.5),
        ("data.count + 1", 4),
        ("data.phase", "L1"),
        ("data.note", None),
        ("data.count > 2", True),
        ("data.lines.map(line, line.code)", ["A", "B"]),
        ("data.lines[0]", {"code": "A"}),
        ("received_at", "2026-03-01T06:30:00Z"),
        ("received_at + duration('90m')", "2026-03-01T08:00:00Z"),
        ("duration('90s')", "90s"),
        ("duration('1.5s')", "1.5s"),
        ("{'a': [1, {'b': received_at}]}", {"a": [1, {"b": "2026-03-01T06:30:00Z"}]}),
    ],
)
def test_a_value_is_always_json(expression: str, expected: "records.Json"):
    assert expressions.value(expression, FACTS) == expected


@pytest.mark.parametrize(
    ("expression", "reason", "text"),
    [
        ("", REASON.EMPTY, "wanted an expression, got none"),
        ("data.current", REASON.UNKNOWN_FIELD, "no field 'current'"),
        ("b'abc'", REASON.WRONG_TYPE, "got bytes"),
        ("{1: 2}", REASON.WRONG_TYPE, "got a map with keys of int"),
        ("[0.0 / 0.0]", REASON.WRONG_TYPE, "got nan"),
    ],
)
def test_what_has_no_value_is_a_fault(expression: str, reason: expressions.FaultReason, text: str):
    fault = expressions.value(expression, FACTS)
    assert isinstance(fault, expressions.Fault)
    assert fault.reason is reason
    assert text in fault.text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", set[str]()),
        ("true", set[str]()),
        ("data", {"data"}),
        ("data.volts < 207.0 && data.phase == 'data.other'", {"data.volts", "data.phase"}),
        ("event.data.amount > 1e3", {"event.data.amount"}),
        ("data['volts'] > 1", {"data.volts"}),
        ("data.lines[0].code == 'A'", {"data.lines"}),
        ("data.lines[data.count].code == 'A'", {"data.lines", "data.count"}),
        ("has(data.current) ? data.current : 0.0", {"data.current"}),
        ("size(data.lines) > 1", {"data.lines"}),
        ("data.phase.startsWith('L')", {"data.phase"}),
        ("data.lines.exists(line, line.code == data.phase)", {"data.lines", "data.phase"}),
        ("data.lines.map(x, x.code).size() > 1 && x.y", {"data.lines", "x.y"}),
        ("(data.volts) > 1 // data.comment", {"data.volts"}),
        ("type(data.count) == int", {"data.count"}),
        ('data . volts > 1 && r"\\" != data.phase', {"data.volts", "data.phase"}),
        ("'''it's data.volts''' == data.note", {"data.note"}),
    ],
)
def test_the_fields_an_expression_reads(expression: str, expected: set[str]):
    assert expressions.fields(expression) == expected


def test_the_fields_of_what_is_no_expression_are_a_fault():
    assert expressions.fields("data.") == expressions.check("data.")


@pytest.mark.parametrize("expression", ["", "data.volts < 1.0", "a.all(x, x) && b.all(x, x)", "'((' == '))'"])
def test_nothing_is_wrong_with_a_sound_expression(expression: str):
    assert expressions.check(expression) is None


def test_an_unbalanced_bracket_is_a_fault_of_syntax():
    fault = expressions.check("data.volts) > 1")
    assert isinstance(fault, expressions.Fault)
    assert fault.reason is REASON.SYNTAX


def test_the_slowest_condition_that_is_allowed_stays_linear():
    lines: list[records.Json] = [{"code": number} for number in range(2_000)]
    started = time.perf_counter()
    assert expressions.holds("lines.all(line, line.code >= 0)", {"lines": lines}) is True
    assert time.perf_counter() - started < 1


@given(st.text(max_size=60))
def test_any_text_is_a_result_or_a_fault(text: str):
    result = expressions.holds(text, FACTS)
    assert isinstance(result, bool | expressions.Fault)
    assert isinstance(expressions.fields(text), frozenset | expressions.Fault)


@given(st.text(alphabet="data.volts()[]'\" \\rb/|&<1,xeist{}:?", max_size=60))
def test_anything_like_an_expression_is_a_result_or_a_fault(text: str):
    assert isinstance(expressions.holds(text, FACTS), bool | expressions.Fault)
    assert isinstance(expressions.fields(text), frozenset | expressions.Fault)


@given(st.text(max_size=200))
def test_any_text_in_the_facts_is_compared_literally(text: str):
    assert expressions.holds("data.name == other", {"data": {"name": text}, "other": text}) is True


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"volts": "data.volts", "phase": "data.phase", "when": "received_at", "none": "data.note"},
        {"first": "data.lines[0].code", "commented": "data.count // three", 'odd "name"\n': "1"},
        {"deep": "data.lines.map(line, line.code)", "deep too": "data.lines.filter(line, line.code == 'A')"},
        {f"long {number}": "'" + "x" * 1_500 + "'" for number in range(3)},
        {"wide": "2.0", "not a number": "1.0 / 0.0"},
        {"fine": "data.count", "missing": "data.current"},
        {"broken": "data.", "fine": "data.count"},
        {"escaping": "1), 'other': (2"},
    ],
)
@pytest.mark.parametrize("condition", ["", "data.count == 3", "data.count == 4 // never"])
def test_several_expressions_together_give_what_each_gives_alone(condition: str, wanted: "dict[str, str]"):
    alone = {name: expressions.value(expression, FACTS) for name, expression in wanted.items()}
    faults = [result for result in alone.values() if isinstance(result, expressions.Fault)]
    expected = (0, faults[0] if faults else alone) if expressions.holds(condition, FACTS) is True else None
    assert expressions.first(((condition, tuple(wanted.items())),), FACTS) == expected


@pytest.mark.parametrize(
    ("conditions", "place", "is_fault"),
    [
        ([], None, False),
        (["data.count == 4", "data.count == 3", "true"], 1, False),
        (["data.count == 4", "data.count == 5"], None, False),
        (["data.current > 1.0", "true"], 0, True),
        (["data.count == 4", "data.current > 1.0", "true"], 1, True),
        (["true", "data.current > 1.0"], 0, False),
        (["true", "data."], 0, False),
    ],
)
def test_the_first_case_that_holds_counts(conditions: list[str], place: int | None, *, is_fault: bool):
    found = expressions.first(tuple((condition, (("count", "data.count"),)) for condition in conditions), FACTS)
    assert (found and found[0]) == place
    if found:
        assert isinstance(found[1], expressions.Fault) is is_fault
        assert is_fault or found[1] == {"count": 3}
