"""Blocks that hold others, open regions, attachments, and alternatives of charts that are made from the data."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flow import composing

from signalpost.flow import compose
from signalpost.vocabulary import manuscripts, parties, records, templates

TERMS = templates.Asset(name="terms.pdf", media_type="application/pdf", digest="e" * 64)
FACTS = composing.with_facts(
    event={
        "on": True,
        "off": False,
        "months": [{"name": "Jan", "now": 210, "then": 180}, {"name": "Feb", "now": "198.5", "then": None}],
        "days": [{"name": f"{day}", "now": day} for day in range(1, 31)],
        "flat": [{"name": "Jan", "now": 5}, {"name": "Feb", "now": 5}],
    }
)
LABELS = msgspec.structs.replace(
    composing.LABELS,
    charts=("Bar chart", "Line chart", "Comparison"),
    chart_highest="Highest: {value} ({category})",
    chart_lowest="Lowest: {value} ({category})",
    chart_gap="no value",
)


def composed(
    body: str, *, written: dict[str, str] | None = None, labels: manuscripts.Labels = LABELS
) -> manuscripts.Composed:
    template = composing.approved(composing.content(body, assets=(TERMS,), labels=labels))
    return compose.compose(composing.notice(template), template, FACTS, written=written)


def blocks(
    body: str, *, written: dict[str, str] | None = None, labels: manuscripts.Labels = LABELS
) -> tuple[manuscripts.Block, ...]:
    result = composed(body, written=written, labels=labels)
    assert isinstance(result, manuscripts.Manuscript), result
    return result.blocks


def missing(body: str, *, written: dict[str, str] | None = None) -> tuple[str, ...]:
    result = composed(body, written=written)
    assert isinstance(result, manuscripts.Incomplete), result
    return result.missing


def said(text: str) -> manuscripts.Paragraph:
    return manuscripts.Paragraph(runs=(manuscripts.Run(text=text),))


A, B = "{type: paragraph, text: a}", "{type: paragraph, text: '{party.name}'}"
NEVER = f"{{type: when, condition: event.data.off, then: [{A}]}}".replace(".data", "")


def test_columns_hold_their_blocks_and_their_widths() -> None:
    body = f"- {{type: columns, columns: [{{width: 2, blocks: [{A}, {B}]}}, {{blocks: [{NEVER}]}}]}}"
    left = manuscripts.ColumnsPart(width=2, blocks=(said("a"), said("Ann Meyer")))
    assert blocks(body) == (manuscripts.Columns(columns=(left, manuscripts.ColumnsPart(blocks=()))),)


def test_what_is_kept_or_stands_on_some_channels_is_held_by_its_block() -> None:
    assert blocks(f"- {{type: keep, blocks: [{A}, {B}]}}") == (manuscripts.Keep(blocks=(said("a"), said("Ann Meyer"))),)
    only = manuscripts.Only(channels=(parties.ChannelKind.LETTER,), blocks=(said("a"),))
    assert blocks(f"- {{type: only, channels: [letter], blocks: [{A}]}}") == (only,)


@pytest.mark.parametrize(
    "empty",
    [
        f"{{type: keep, blocks: [{NEVER}]}}",
        f"{{type: only, channels: [email], blocks: [{NEVER}]}}",
        f"{{type: columns, columns: [{{blocks: [{NEVER}]}}, {{blocks: []}}]}}",
    ],
)
def test_what_would_hold_nothing_does_not_stand(empty: str) -> None:
    assert blocks(f"[{A}, {empty}]") == (said("a"),)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{type: shared_text, name: terms}", "body[0]: shared text 'terms' is not bound"),
        (
            "{type: columns, columns: [{blocks: []}]}",
            "body[0].columns: wanted 2 to 4 columns with widths of at least 1, got 1",
        ),
        (
            "{type: columns, columns: [{width: 0, blocks: []}, {blocks: []}]}",
            "body[0].columns: wanted 2 to 4 columns with widths of at least 1, got 2",
        ),
        (
            "{type: keep, blocks: [{type: columns, columns: [{blocks: []}, {blocks: []}]}]}",
            "body[0].blocks[0]: columns inside columns, or inside a part that is kept on one page",
        ),
        (
            "{type: keep, blocks: [{type: break}]}",
            "body[0].blocks[0]: a page break in a column or a part that is kept on one page",
        ),
        (
            (
                "{type: keep, blocks: [{type: table, caption: c, each: event.months, columns: [{heading: h, cell: c},"
                " {heading: h, cell: c}], carry: {column: 1, amount: '{item.now | number}', forward: f, brought: b}}]}"
            ),
            "body[0].blocks[0].carry: a total cannot be carried forward in a column or a part that is kept on one page",
        ),
        ("{type: only, channels: [], blocks: []}", "body[0].channels: wanted a channel at least, got none"),
        ("{type: open, name: '', label: l, blocks: []}", "body[0].name: wanted a name of its own, got ''"),
        ("{type: attachment, asset: gone.pdf, title: Gone}", "body[0].asset: no asset 'gone.pdf'"),
        ("{type: attachment, asset: terms.pdf, title: ' '}", "body[0].title: wanted a title, got none"),
        (
            (
                "{type: chart, kind: comparison, title: t, categories: 'event.months.map(m, m.name)', alternative: '',"
                " series: [{name: n, values: 'event.months.map(m, m.now)'}]}"
            ),
            "body[0].series: wanted 2 series to compare, got 1",
        ),
    ],
)
def test_a_part_that_cannot_be_is_found_before_any_facts(body: str, said: str) -> None:
    assert said in missing(f"[{body}]")


def test_two_regions_of_one_name_are_an_error() -> None:
    region = "{type: open, name: reason, label: l, blocks: []}"
    assert missing(f"[{region}, {region}]") == ("body[1].name: wanted a name of its own, got 'reason'",)


def test_an_attachment_is_named_with_its_file() -> None:
    (found,) = blocks("[{type: attachment, asset: terms.pdf, title: 'Terms for {party.name}'}]")
    assert found == manuscripts.Attachment(
        digest="e" * 64, media_type="application/pdf", name="terms.pdf", title="Terms for Ann Meyer"
    )


REGION = f"""
- {{type: open, name: reason, label: Why, characters_max: 60,
   blocks: [{B}, {{type: list, items: [one, two]}}, {{type: break}}]}}
- {{type: when, condition: event.off, then: [{{type: open, name: more, label: More, blocks: []}}]}}
"""


def test_a_region_holds_its_own_blocks_unless_somebody_writes() -> None:
    assert blocks(REGION)[0] == said("Ann Meyer")
    assert blocks(REGION, written={"reason": "First,\r\nstill first. \n \n\n{party.name} *x*\u202e"}) == (
        said("First, still first."),
        said("{party.name} *x*"),
    )
    assert blocks(REGION + f"- {A}", written={"reason": ""}) == (said("a"),)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ({"other": "x"}, "open region 'other': is not a region of this template"),
        ({"more": "x"}, "open region 'more': does not stand in this letter"),
        ({"reason": "x" * 61}, "open region 'reason': wanted at most 60 characters, got 61"),
    ],
)
def test_what_cannot_stand_keeps_the_letter_from_being_made(written: dict[str, str], fault: str) -> None:
    assert missing(REGION, written=written) == (fault,)


def test_the_regions_that_stand_are_told_with_what_stands_there_by_itself() -> None:
    content = composing.content(REGION)
    (found,) = compose.open_regions(content, FACTS)
    assert (found.name, found.label, found.characters_max) == ("reason", "Why", 60)
    assert found.text == "Ann Meyer\n\none\n\ntwo"


@given(st.text(max_size=30))
def test_whatever_is_written_is_literal(text: str) -> None:
    result = blocks(REGION + f"- {A}", written={"reason": text})
    shown = " ".join(run.text for block in result if isinstance(block, manuscripts.Paragraph) for run in block.runs)
    assert "".join(shown.split()).startswith(
        "".join(text.split()).translate(dict.fromkeys([*range(32), *range(127, 160)]))[:1]
    )
    assert all(
        not run.strong and not run.link
        for block in result
        if isinstance(block, manuscripts.Paragraph)
        for run in block.runs
    )


def chart(
    series: str, *, of: str = "months", kind: str = "bar", unit: str = "kWh", labels: manuscripts.Labels = LABELS
) -> str:
    body = f"[{{type: chart, kind: {kind}, title: Usage, unit: {unit}, alternative: '',"
    body += f" categories: 'event.{of}.map(m, m.name)', series: [{series}]}}]"
    (found,) = blocks(body, labels=labels)
    assert isinstance(found, manuscripts.Chart)
    return found.alternative


def points(of: str, field: str, name: str) -> str:
    return f"{{name: '{name}', values: 'event.{of}.map(m, has(m.{field}) ? m.{field} : null)'}}"


def test_an_alternative_is_made_from_the_data() -> None:
    assert chart(points("months", "now", "Usage")) == (
        "Bar chart: Usage. Jan 210 kWh; Feb 198,5 kWh. Highest: 210 kWh (Jan). Lowest: 198,5 kWh (Feb)."
    )
    now, then = points("months", "now", "2025"), points("months", "then", "2024")
    assert chart(f"{now}, {then}", kind="comparison") == (
        "Comparison: Usage. 2025: Jan 210 kWh; Feb 198,5 kWh. Highest: 210 kWh (Jan). Lowest: 198,5 kWh (Feb)."
        " 2024: Jan 180 kWh; Feb no value."
    )
    assert chart(points("flat", "now", "Usage"), of="flat", unit="''") == "Bar chart: Usage. Jan 5; Feb 5."


def test_of_a_long_series_its_ends_and_extremes_are_told() -> None:
    assert chart(points("days", "now", "Usage"), of="days", kind="line") == (
        "Line chart: Usage. 1 1 kWh; 30 30 kWh. Highest: 30 kWh (30). Lowest: 1 kWh (1)."
    )


def test_without_words_the_figures_are_told() -> None:
    said = chart(points("months", "then", "2024"), labels=composing.LABELS)
    assert said == "Usage. 2024: Jan 180 kWh; Feb \N{EN DASH}."


def test_what_a_language_has_no_words_for_is_not_told() -> None:
    labels = msgspec.structs.replace(LABELS, chart_lowest="", charts=("", "", ""))
    assert chart(points("months", "now", "Usage"), labels=labels) == (
        "Usage. Jan 210 kWh; Feb 198,5 kWh. Highest: 210 kWh (Jan)."
    )


def test_data_that_are_missing_are_told_instead_of_an_alternative() -> None:
    body = "[{type: chart, kind: bar, title: t, alternative: '', categories: 'event.gone', series: []}]"
    assert len(missing(body)) == 1


def test_a_content_of_before_keeps_its_digest() -> None:
    """Records that got further fields leave them out while nothing uses them."""
    content = composing.content([templates.TableBlock(caption="c", each="event.x", columns=())])
    written = records.canonical(content)
    for name in (b"layout", b"group_by", b"carry", b"is_row_kept", b"chart_highest", b"attachment"):
        assert name not in written
    for name in (b'"totals":[]', b'"sms":""', b'"variants":[]', b'"assets":[]'):
        assert name in written
    assert records.decode(written, templates.Content) == content


def test_a_manuscript_brings_the_layout_of_its_content() -> None:
    template = composing.approved(composing.content(f"[{A}]", layout="#set page()"))
    result = compose.compose(composing.notice(template), template, FACTS)
    assert isinstance(result, manuscripts.Manuscript)
    assert result.layout == "#set page()"
    assert b"layout" not in records.canonical(msgspec.structs.replace(result, layout=""))


def test_what_stands_on_a_channel() -> None:
    """`Only` is resolved wherever it stands, and what is empty then goes with it."""
    letter = manuscripts.Only(channels=(parties.ChannelKind.LETTER,), blocks=(said("a"),))
    body = (
        letter,
        manuscripts.Keep(blocks=(letter,)),
        manuscripts.Keep(blocks=(letter, said("b"))),
        manuscripts.Columns(columns=(manuscripts.ColumnsPart(blocks=(letter,)), manuscripts.ColumnsPart(blocks=()))),
        manuscripts.Columns(
            columns=(manuscripts.ColumnsPart(width=2, blocks=(letter,)), manuscripts.ColumnsPart(blocks=(said("c"),)))
        ),
    )
    assert manuscripts.said_on(parties.ChannelKind.EMAIL, body) == (
        manuscripts.Keep(blocks=(said("b"),)),
        manuscripts.Columns(
            columns=(manuscripts.ColumnsPart(width=2, blocks=()), manuscripts.ColumnsPart(blocks=(said("c"),)))
        ),
    )
    assert manuscripts.said_on(parties.ChannelKind.LETTER, body)[0] == said("a")
    plain = (said("a"),)
    assert manuscripts.said_on(parties.ChannelKind.EMAIL, plain) is plain
    assert [type(block).__name__ for block in manuscripts.walk(body[1:4])] == [
        *("Keep", "Only", "Paragraph"),
        *("Keep", "Only", "Paragraph", "Paragraph"),
        *("Columns", "Only", "Paragraph"),
    ]
