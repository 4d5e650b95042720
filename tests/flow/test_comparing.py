"""Two sides of a past case: what differs, in which words, amounts, channels, pages, at what cost."""

import datetime as dt
from decimal import Decimal

import hypothesis
import msgspec
import pytest
from hypothesis import strategies
from tests.engines import samples

from signalpost.flow import comparing
from signalpost.flow.compose import amounts, values
from signalpost.vocabulary import manuscripts, parties, replays

Channel = parties.ChannelKind
Aspect = replays.Aspect
Verdict = replays.Verdict
NOON = dt.datetime(2026, 2, 3, 12, 0, tzinfo=dt.UTC)
PRICES = {Channel.LETTER: Decimal("0.95"), Channel.SMS: Decimal("0.07")}


def manuscript(*blocks: manuscripts.Block, **changes: object) -> manuscripts.Manuscript:
    """A manuscript of these blocks, otherwise like the outage's."""
    return msgspec.structs.replace(samples.outage(), blocks=blocks or samples.outage().blocks, **changes)


def paragraph(text: str) -> manuscripts.Paragraph:
    return manuscripts.Paragraph(runs=(manuscripts.Run(text=text),))


def side(said: manuscripts.Manuscript | None = None, **changes: object) -> replays.Side:
    """A side that says this by SMS."""
    own = replays.Side(
        manuscript=said or manuscript(),
        language="en",
        channels=(Channel.SMS,),
        plan=(Channel.SMS,),
        units=((Channel.SMS, 1),),
        send_at=NOON,
    )
    return msgspec.structs.replace(own, **changes)


SILENT = replays.Side(silence="no_consent")


def compare(before: replays.Side, after: replays.Side) -> replays.Compared:
    return comparing.compare(before, after, prices=PRICES)


@pytest.mark.parametrize(
    ("before", "after", "verdict", "aspects"),
    [
        (side(), side(), Verdict.SAME, ()),
        (SILENT, replays.Side(silence="barred"), Verdict.SAME, ()),
        (SILENT, side(), Verdict.NEW, ()),
        (side(), SILENT, Verdict.GONE, ()),
        (side(), replays.Side(silence="incomplete", detail="x"), Verdict.GONE, (Aspect.INCOMPLETE,)),
        (side(), side(manuscript(paragraph("Other."))), Verdict.DIFFERENT, (Aspect.TEXT,)),
        (side(), side(send_at=NOON + dt.timedelta(hours=1)), Verdict.DIFFERENT, (Aspect.MOMENT,)),
        (side(), side(language="de"), Verdict.DIFFERENT, (Aspect.LANGUAGE,)),
        (side(), side(plan=(Channel.SMS, Channel.LETTER)), Verdict.DIFFERENT, (Aspect.CHANNEL,)),
        (side(), side(units=((Channel.SMS, 2),)), Verdict.DIFFERENT, (Aspect.COST,)),
        (side(), side(units=()), Verdict.SAME, ()),
        (
            side(channels=(Channel.LETTER,), units=((Channel.LETTER, 1),)),
            side(channels=(Channel.LETTER,), units=((Channel.LETTER, 3),)),
            Verdict.DIFFERENT,
            (Aspect.PAGES, Aspect.COST),
        ),
        (side(), side(manuscript(title="Other")), Verdict.DIFFERENT, (Aspect.TEXT,)),
        (
            side(),
            side(manuscript(brand=msgspec.structs.replace(samples.BRAND, primary="#000000"))),
            Verdict.DIFFERENT,
            (Aspect.LOOK,),
        ),
        (side(), side(manuscript(ref="another", template="another")), Verdict.SAME, ()),
    ],
)
def test_what_a_release_makes_of_a_case(
    before: replays.Side, after: replays.Side, verdict: Verdict, aspects: tuple[Aspect, ...]
) -> None:
    found = compare(before, after)
    assert (found.verdict, found.aspects) == (verdict, aspects)


def test_an_amount_that_differs_is_read_in_the_conventions_of_the_language() -> None:
    before = side(manuscript(paragraph("You pay €1,234.50 by May 3."), language="en"))
    after = side(manuscript(paragraph("You pay €1,111.05 by May 3."), language="en"))
    found = compare(before, after)
    assert found.aspects == (Aspect.AMOUNT, Aspect.TEXT)
    assert found.amount == replays.AmountChange(
        before=replays.Amount(value=Decimal("1234.50"), currency="EUR"),
        after=replays.Amount(value=Decimal("1111.05"), currency="EUR"),
    )
    assert found.points == ((0.5, "an amount differs by 10%"),)
    assert found.places == ("paragraph",)


@pytest.mark.parametrize(
    ("text", "locale", "found"),
    [
        ("", "de_DE", []),
        ("Am 3.5. um 12.30 Uhr", "de_DE", []),
        ("Sie zahlen 1.234,50\u00a0€.", "de_DE", ["1234.50 EUR"]),
        ("Gutschrift -12,50\u00a0€", "de_DE", ["-12.50 EUR"]),
        ("-$12.50 and $3", "en_US", ["-12.50 USD", "3 USD"]),
        ("£7.05", "en_GB", ["7.05 GBP"]),
        ("CHF\u00a01\u2019234.50, CHF-12.50", "de_CH", ["1234.50 CHF", "-12.50 CHF"]),
        ("1\u202f234,50\u00a0€", "fr_FR", ["1234.50 EUR"]),
        ("\u200f-12.50\u00a0\u200f₪", "he_IL", ["-12.50 ILS"]),
        ("12.3.4 EUR", "en_US", []),
        ("3,14 USD; 4 kWh", "en_US", ["314 USD"]),
    ],
)
def test_amounts_are_numbers_beside_a_currency(text: str, locale: str, found: list[str]) -> None:
    assert [f"{one.value} {one.currency}" for one in comparing.amounts(text, locale)] == found


def test_an_amount_that_stands_on_one_side_alone_differs_wholly() -> None:
    before = side(manuscript(paragraph("Hello.")))
    after = side(manuscript(paragraph("Hello."), paragraph("You pay £5.")))
    found = compare(before, after)
    added = replays.Amount(value=Decimal(5), currency="GBP")
    assert found.amount == replays.AmountChange(before=None, after=added)
    assert found.points == ((5.0, "an amount differs by 100%"),)
    assert compare(after, before).amount == replays.AmountChange(before=added, after=None)


def test_another_currency_is_another_amount() -> None:
    found = compare(side(manuscript(paragraph("£5"))), side(manuscript(paragraph("$5"))))
    assert found.points == ((5.0, "an amount differs by 100%"),)


def test_of_several_amounts_the_one_that_changed_most_is_told() -> None:
    before = side(manuscript(paragraph("£100, £10 and £7")))
    after = side(manuscript(paragraph("£101, £20 and £7")))
    amount = compare(before, after).amount
    assert amount is not None
    assert amount.before == replays.Amount(value=Decimal(10), currency="GBP")


def test_pages_count_up_to_a_limit() -> None:
    def letter(pages: int) -> replays.Side:
        return side(channels=(Channel.LETTER,), units=((Channel.LETTER, pages),))

    assert compare(letter(2), letter(1)).points == ((2.0, "-1 pages"),)
    found = compare(letter(1), letter(9))
    assert (found.points, found.cost_before, found.cost_after) == (
        ((6.0, "+8 pages"),),
        Decimal("0.95"),
        Decimal("8.55"),
    )


def test_who_is_no_longer_told_for_a_missing_fact_stands_out() -> None:
    found = compare(side(), replays.Side(silence="incomplete", detail="template lacks facts"))
    assert found.points == ((10.0, "a fact that the new text needs is missing"),)
    assert found.kind == "gone: incomplete: incomplete"


@pytest.mark.parametrize(("count", "total", "points"), [(1, 1, 0.0), (1, 2, 1.0), (10, 10_000, 9.97)])
def test_the_rarer_a_kind_the_more_points(count: int, total: int, points: float) -> None:
    assert comparing.rarity_points(count, total) == points


def test_every_block_says_its_words() -> None:
    inner = paragraph("inside")
    said = manuscript(
        *samples.bill().blocks,
        *samples.outage().blocks,
        manuscripts.Break(),
        manuscripts.Attachment(digest="d", media_type="application/pdf", name="tariff.pdf", title="Tariff"),
        manuscripts.Columns(columns=(manuscripts.ColumnsPart(blocks=(inner,)),)),
        manuscripts.Keep(blocks=(inner,)),
        manuscripts.Only(channels=(Channel.LETTER, Channel.EMAIL), blocks=(inner,)),
        manuscripts.Image(digest="d", media_type="image/png", alternative="A meter"),
        manuscripts.Barcode(symbology=manuscripts.Symbology.QR, payload="https://x.example", alternative="Pay"),
        manuscripts.Callout(
            tone=manuscripts.Tone.WARNING, title="Note", runs=(manuscripts.Run(text="now", link="tel:1"),)
        ),
        manuscripts.Table(
            caption="Usage",
            columns=(manuscripts.Column(heading="Day"),),
            rows=(("Monday",),),
            groups=(manuscripts.RowGroup(heading="Meter 1", rows=1, subtotals=(("1 kWh",),)),),
            totals=(("Sum",),),
        ),
        manuscripts.Chart(
            kind=manuscripts.ChartKind.BAR,
            title="Use",
            categories=("a", "b"),
            series=(manuscripts.Series(name="now", values=("1", None)),),
            alternative="Less",
        ),
        manuscripts.List(items=((manuscripts.Run(text="first"),),)),
        manuscripts.KeyFigures(figures=(manuscripts.KeyFigure(label="Due", value="£5"),)),
        manuscripts.Action(label="Pay", link="https://x.example"),
        manuscripts.ReferenceLines(lines=(manuscripts.ReferenceLine(label="No", value="1"),)),
        manuscripts.Signature(closing="Yours", name="Ann"),
    )
    found = [(line.kind, line.text) for line in comparing.lines(said)]
    for wanted in (
        ("break", "page break"),
        ("attachment", "Tariff | tariff.pdf"),
        ("paragraph", "inside"),
        ("paragraph on letter and email", "inside"),
        ("callout", "Note | now (tel:1)"),
        ("table group", "Meter 1"),
        ("table subtotal", "1 kWh"),
        ("table total", "Sum"),
        ("chart data", "now | 1"),
        ("list item", "first"),
        ("signature", "Yours | Ann"),
    ):
        assert wanted in found


def line(kind: str, text: str) -> replays.Line:
    return replays.Line(kind=kind, text=text)


def test_lines_between_equal_ones_stand_beside_those_of_their_kind() -> None:
    before = [line("heading", "a"), line("paragraph", "one two"), line("image", "x"), line("heading", "z")]
    after = [line("heading", "a"), line("callout", "new"), line("paragraph", "one three"), line("heading", "z")]
    assert comparing.differing(before, after) == (
        (None, after[1]),
        (before[1], after[2]),
        (before[2], None),
    )


def test_words_that_differ_are_marked_on_both_sides() -> None:
    (pair,) = comparing.side_by_side([line("paragraph", "one two three")], [line("paragraph", "one 2 three four")])
    assert [part.text.strip() for part in pair.before if part.is_changed] == ["two"]
    assert [part.text.strip() for part in pair.after if part.is_changed] == ["2", "four"]


def test_very_long_texts_are_paired_in_their_order() -> None:
    before = [line("row", f"a{number}") for number in range(2_001)]
    after = [line("row", f"b{number}") for number in range(2_001)]
    assert comparing.differing(before, after) == tuple(zip(before, after, strict=True))


@pytest.mark.parametrize(("language", "country", "text"), [("xx-nonsense", "", "5 EUR"), ("de", "", "5\u00a0€")])
def test_a_language_that_is_not_known_is_read_as_english(language: str, country: str, text: str) -> None:
    brand = msgspec.structs.replace(samples.BRAND, country=country)
    after = manuscript(paragraph(text), language=language, brand=brand)
    found = compare(side(manuscript(language=language, brand=brand)), side(after))
    assert found.amount is not None


_lines = strategies.lists(
    strategies.builds(
        line,
        strategies.sampled_from(["paragraph", "heading", "table row"]),
        strategies.text("ab ", max_size=6).filter(bool),
    ),
    max_size=8,
)


@hypothesis.given(_lines)
def test_nothing_differs_from_itself(one: list[replays.Line]) -> None:
    assert comparing.differing(one, one) == ()
    assert all(pair.is_same for pair in comparing.side_by_side(one, one))


@hypothesis.given(_lines, _lines)
def test_both_sides_are_shown_whole_and_in_order(one: list[replays.Line], other: list[replays.Line]) -> None:
    pairs = comparing.side_by_side(one, other)
    left = ["".join(part.text for part in pair.before) for pair in pairs if pair.before]
    right = ["".join(part.text for part in pair.after) for pair in pairs if pair.after]
    assert left == [each.text for each in one]
    assert right == [each.text for each in other]


@hypothesis.given(_lines, _lines)
def test_what_is_new_one_way_is_gone_the_other_way(one: list[replays.Line], other: list[replays.Line]) -> None:
    assert bool(comparing.differing(one, other)) == bool(comparing.differing(other, one)) == (one != other)


@pytest.mark.parametrize("said", [samples.bill(), samples.outage()])
def test_a_case_that_did_not_change_is_the_same(said: manuscripts.Manuscript) -> None:
    assert compare(side(said), side(said)).verdict is Verdict.SAME


@hypothesis.given(
    strategies.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False),
    strategies.sampled_from([("de", "de_DE"), ("en", "en_US"), ("fr", "fr_FR"), ("pl", "pl_PL"), ("de-CH", "de_CH")]),
    strategies.sampled_from(["EUR", "USD", "CHF", "PLN"]),
)
def test_an_amount_is_read_as_it_was_written(value: Decimal, language: tuple[str, str], currency: str) -> None:
    manner = values.Manner(locale=language[1], argument="", terms={})
    written = amounts.money(manner)({"amount": f"{value:f}", "currency": currency}, "UTC")
    assert isinstance(written, str)
    (found,) = comparing.amounts(f"Sum: {written}.", language[1])
    assert found == replays.Amount(value=value, currency=currency)
