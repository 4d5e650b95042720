"""Tables: groups with subtotals, sums, and totals that are carried from page to page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flow import composing

from signalpost.flow import compose
from signalpost.flow.compose import sums, values
from signalpost.vocabulary import manuscripts, records


def money(amount: str, currency: str = "EUR") -> records.Json:
    return {"amount": amount, "currency": currency}


ROWS: records.Json = [
    {"day": "1", "meter": "A", "kwh": "1.5", "cost": money("10.10")},
    {"day": "2", "meter": "B", "kwh": 2, "cost": money("0.005")},
    {"day": "3", "meter": "A", "kwh": 3, "cost": money("20.20")},
]
FACTS = composing.with_facts(
    event={"rows": ROWS, "none": [], "mixed": [{"cost": money("1")}, {"cost": money("1", "USD")}]}
)

MIXED = "wanted numbers, or amounts in one currency, got more than one kind"

TABLE = """
- type: table
  caption: Costs
  each: event.rows
  columns:
    - {heading: Day, cell: "{item.day}"}
    - {heading: Cost, cell: "{item.cost | money}", align: end}
"""


def composed(body: str) -> manuscripts.Composed:
    template = composing.approved(composing.content(body))
    return compose.compose(composing.notice(template), template, FACTS)


def table(more: str, each: str = "event.rows") -> manuscripts.Table:
    result = composed(TABLE.replace("event.rows", each) + more)
    assert isinstance(result, manuscripts.Manuscript), result
    (block,) = result.blocks
    assert isinstance(block, manuscripts.Table)
    return block


def missing(more: str, each: str = "event.rows") -> tuple[str, ...]:
    result = composed(TABLE.replace("event.rows", each) + more)
    assert isinstance(result, manuscripts.Incomplete), result
    return result.missing


def test_a_total_is_the_exact_sum_over_all_elements_in_the_digits_that_it_has() -> None:
    found = table("  totals: [['{count(item)} days', '{sum(item.cost) | money}'], ['', '']]")
    assert found.totals == (("3 days", "30,305\xa0€"), ("", ""))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{sum(item.kwh) | number}", "6,5"),
        ("{sum( item.kwh ) | number:2}", "6,50"),
        ("{ count(item) }", "3"),
        ("{count(item.day) | number:1}", "3,0"),
        ("up to {sum(item.cost) | money:2}", "up to 30,31 €"),
    ],
)
def test_sums_are_written_in_any_format_that_fits(text: str, written: str) -> None:
    assert table(f"  totals: [[Sum, '{text}']]").totals == (("Sum", written.replace(" €", "\xa0€")),)


def test_neighbours_or_not_rows_of_one_value_are_a_group_in_the_order_in_which_values_come() -> None:
    found = table(
        """  group_by: item.meter
  group_heading: "Meter {item.meter}"
  subtotals: [["{count(item)}", "{sum(item.cost) | money}"]]
"""
    )
    assert [row[0] for row in found.rows] == ["1", "3", "2"]
    assert found.groups == (
        manuscripts.RowGroup(heading="Meter A", rows=2, subtotals=(("2", "30,30\xa0€"),)),
        manuscripts.RowGroup(heading="Meter B", rows=1, subtotals=(("1", "0,005\xa0€"),)),
    )


def test_a_running_total_stands_beside_each_row_in_the_order_of_the_table() -> None:
    found = table(
        """  group_by: item.meter
  carry: {column: 1, amount: "{item.cost | money}", forward: Carried forward, brought: "Brought forward, {party.name}"}
"""
    )
    assert found.carry == manuscripts.Carry(
        column=1,
        forward="Carried forward",
        brought="Brought forward, Ann Meyer",
        totals=("10,10\xa0€", "30,30\xa0€", "30,305\xa0€"),
    )


def test_rows_are_kept_whole_where_the_author_says_so() -> None:
    assert not table("").is_row_kept
    assert table("  is_row_kept: true").is_row_kept


@pytest.mark.parametrize(
    ("each", "more", "said"),
    [
        (
            "event.none",
            "  totals: [[Sum, '{sum(item.cost) | money}']]",
            "body[0].totals[0][1]: {sum(item.cost) | money}: wanted something to add up, got an empty list",
        ),
        (
            "event.mixed",
            "  totals: [[Sum, '{sum(item.cost) | money}']]",
            f"body[0].totals[0][1]: {{sum(item.cost) | money}}: {MIXED}",
        ),
        (
            "event.rows",
            "  totals: [[Sum, '{sum(item.kwh) | money}']]",
            (
                "body[0].totals[0][1]: {sum(item.kwh) | money}: wanted money: "
                '{"amount": "12.30", "currency": "EUR"} with the amount as text, got text'
            ),
        ),
        (
            "event.rows",
            "  totals: [[Sum, '{sum(item.gone) | number}']]",
            "body[0].totals[0][1]: {sum(item.gone) | number}: wanted numbers, or amounts in one currency, got nothing",
        ),
        (
            "event.mixed",
            "  carry: {column: 1, amount: '{item.cost | money}', forward: f, brought: b}",
            (f"body[0].carry.amount of element 2: {{item.cost | money}}: {MIXED}"),
        ),
        (
            "event.rows",
            "  group_by: item.gone",
            "body[0].group_by of element 2: {item.gone}",
        ),
    ],
)
def test_what_cannot_be_reckoned_keeps_the_letter_from_being_made(each: str, more: str, said: str) -> None:
    assert said in missing(more, each)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("  totals: [[one]]", "body[0]: wanted 2 cells in every total, and a column at least"),
        (
            "  group_by: item.meter\n  subtotals: [[one]]",
            "body[0]: wanted 2 cells in every total, and a column at least",
        ),
        ("  group_by: meter", "body[0].group_by: wanted a field of item, got 'meter'"),
        ("  group_heading: Meter", "body[0].group_by: wanted what the groups are made by, got nothing"),
        ("  subtotals: [['', '']]", "body[0].group_by: wanted what the groups are made by, got nothing"),
        (
            "  carry: {column: 0, amount: '{item.cost | money}', forward: f, brought: b}",
            "body[0].carry: wanted a column from 1 to 1, got 0",
        ),
        (
            "  carry: {column: 1, amount: 'about {item.cost | money}', forward: f, brought: b}",
            "body[0].carry.amount: wanted one placeholder, got 'about {item.cost | money}'",
        ),
        (
            "  carry: {column: 1, amount: '{sum(item.cost) | money}', forward: f, brought: b}",
            "body[0].carry.amount: {sum(item.cost) | money}: nothing to reckon over",
        ),
        (
            "  totals: [[Sum, '{sum(event.total) | money}']]",
            "body[0].totals[0][1]: {sum(event.total) | money}: nothing to reckon over",
        ),
    ],
)
def test_a_table_that_cannot_be_is_found_before_any_facts(more: str, said: str) -> None:
    assert said in missing(more)


def test_sums_stand_in_totals_alone() -> None:
    result = composed("- {type: paragraph, text: '{sum(item.cost) | money}'}")
    assert isinstance(result, manuscripts.Incomplete)
    assert result.missing == ("body[0].text: {sum(item.cost) | money}: nothing to reckon over",)


_AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False)


@given(st.lists(_AMOUNTS, min_size=1))
def test_a_sum_is_exact_whatever_the_order(amounts: list[object]) -> None:
    forwards, backwards = (sums.total([money(f"{amount:f}") for amount in order]) for order in (amounts, amounts[::-1]))
    assert forwards == backwards
    assert isinstance(forwards, dict)
    assert values.decimal_of(forwards["amount"]) == sum(amounts)  # type: ignore[arg-type]
