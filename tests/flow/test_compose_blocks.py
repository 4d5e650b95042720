"""Blocks: what of a template becomes which block, and what each block lacks."""

import pytest
from tests.flow import composing

from signalpost.flow import compose
from signalpost.vocabulary import manuscripts, records, templates

Run = manuscripts.Run

LINES: records.Json = [
    {"label": "Base fee", "amount": {"amount": "9.90", "currency": "EUR"}},
    {"label": "Energy", "amount": {"amount": "61.10", "currency": "EUR"}},
]
MONTHS: records.Json = [{"name": "Jan", "used": 210}, {"name": "Feb", "used": "198.5"}, {"name": "Mar", "used": None}]
EVENT: records.Json = {
    "lines": LINES,
    "months": MONTHS,
    "total": {"amount": "71.00", "currency": "EUR"},
    "tips": ["Air <b>well</b>", "**Dry** outside"],
    "nothing": [],
    "status": "late",
}
FACTS = composing.with_facts(event=EVENT)
LOGO = templates.Asset(name="map.png", media_type="image/png", digest="d" * 64)


def composed(body: str) -> manuscripts.Composed:
    template = composing.approved(composing.content(body, assets=(LOGO,)))
    return compose.compose(composing.notice(template), template, FACTS)


def blocks(body: str) -> "tuple[manuscripts.Block, ...]":
    result = composed(body)
    assert isinstance(result, manuscripts.Manuscript), result
    return result.blocks


def missing(body: str) -> "tuple[str, ...]":
    result = composed(body)
    assert isinstance(result, manuscripts.Incomplete), result
    return result.missing


BLOCKS: "list[tuple[str, manuscripts.Block]]" = [
    (
        "{type: heading, level: 3, text: 'For {party.name}'}",
        manuscripts.Heading(level=3, runs=(Run(text="For Ann Meyer"),)),
    ),
    ("{type: paragraph, text: always the same}", manuscripts.Paragraph(runs=(Run(text="always the same"),))),
    (
        "{type: list, is_ordered: true, items: [One, '**{party.name}**']}",
        manuscripts.List(items=((Run(text="One"),), (Run(text="Ann Meyer", strong=True),)), is_ordered=True),
    ),
    (
        "{type: list, each: event.tips, item: '*Tip:* {item}'}",
        manuscripts.List(
            items=(
                (Run(text="Tip:", emphasis=True), Run(text=" Air <b>well</b>")),
                (Run(text="Tip:", emphasis=True), Run(text=" **Dry** outside")),
            )
        ),
    ),
    ("{type: list, each: event.nothing, item: '{item}'}", manuscripts.List(items=())),
    (
        """
        type: table
        caption: "Your bill, {party.name}"
        each: event.lines
        columns:
        - {heading: What, cell: "{item.label}", width: 3}
        - {heading: Amount, cell: "{item.amount | money}", align: end}
        totals:
        - ["Total", "{event.total | money}"]
        """,
        manuscripts.Table(
            caption="Your bill, Ann Meyer",
            columns=(
                manuscripts.Column(heading="What", width=3),
                manuscripts.Column(heading="Amount", align=manuscripts.Alignment.END),
            ),
            rows=(("Base fee", "9,90\xa0€"), ("Energy", "61,10\xa0€")),
            totals=(("Total", "71,00\xa0€"),),
        ),
    ),
    (
        "{type: key_figures, figures: [{label: To pay, value: '{event.total | money}', note: by Friday}]}",
        manuscripts.KeyFigures(figures=(manuscripts.KeyFigure(label="To pay", value="71,00\xa0€", note="by Friday"),)),
    ),
    (
        """
        type: chart
        kind: bar
        title: Use by month
        categories: event.months.map(m, m.name)
        series: [{name: "{party.name}", values: "event.months.map(m, has(m.used) ? m.used : null)"}]
        unit: kWh
        alternative: "{party.name} used less from month to month."
        """,
        manuscripts.Chart(
            kind=manuscripts.ChartKind.BAR,
            title="Use by month",
            categories=("Jan", "Feb", "Mar"),
            series=(manuscripts.Series(name="Ann Meyer", values=("210", "198.5", None)),),
            unit="kWh",
            alternative="Ann Meyer used less from month to month.",
        ),
    ),
    (
        "{type: image, asset: map.png, alternative: 'Where {party.name} lives', width_mm: 80}",
        manuscripts.Image(digest="d" * 64, media_type="image/png", alternative="Where Ann Meyer lives", width_mm=80),
    ),
    (
        (
            '{type: barcode, symbology: qr, payload: "BCD\\n{party.name}\\n{event.total.currency}{event.total.amount}",'
            " alternative: Scan to pay}"
        ),
        manuscripts.Barcode(
            symbology=manuscripts.Symbology.QR, payload="BCD\nAnn Meyer\nEUR71.00", alternative="Scan to pay"
        ),
    ),
    (
        "{type: callout, tone: danger, title: Stay away, text: 'Never touch a **line**.'}",
        manuscripts.Callout(
            tone=manuscripts.Tone.DANGER,
            title="Stay away",
            runs=(Run(text="Never touch a "), Run(text="line", strong=True), Run(text=".")),
        ),
    ),
    (
        "{type: action, label: 'Call us', link: 'tel:+4930231250'}",
        manuscripts.Action(label="Call us", link="tel:+4930231250"),
    ),
    (
        "{type: reference_lines, lines: [{label: Name, value: '{party.name}'}]}",
        manuscripts.ReferenceLines(lines=(manuscripts.ReferenceLine(label="Name", value="Ann Meyer"),)),
    ),
    (
        "{type: signature, closing: Kind regards, name: Your service team}",
        manuscripts.Signature(closing="Kind regards", name="Your service team"),
    ),
    ("{type: break}", manuscripts.Break()),
]


@pytest.mark.parametrize(("template", "expected"), BLOCKS)
def test_a_block_of_a_template_becomes_a_block_of_the_manuscript(template: str, expected: manuscripts.Block):
    lines = template.strip("\n").split("\n")
    body = "\n".join(("-", *(f"  {line}" for line in lines)))
    assert blocks(body) == (expected,)


def test_blocks_stand_when_their_condition_holds_and_others_when_not():
    body = """
    - type: when
      condition: event.status == "late"
      then:
      - {type: paragraph, text: Late.}
      - type: when
        condition: size(event.lines) > 5
        then: [{type: paragraph, text: Long.}]
        otherwise: [{type: paragraph, text: Short.}, {type: break}]
    - {type: when, condition: event.status == "paid", then: [{type: break}]}
    """
    assert blocks(body) == (
        manuscripts.Paragraph(runs=(Run(text="Late."),)),
        manuscripts.Paragraph(runs=(Run(text="Short."),)),
        manuscripts.Break(),
    )


def test_a_block_without_facts_is_one_record_in_every_manuscript():
    body = "[{type: paragraph, text: Always the same.}]"
    assert blocks(body)[0] is blocks(body)[0]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "[{type: list, each: event.months, item: '{item.used | number}'}]",
            "body[0].item of element 3: {item.used | number}",
        ),
        ("[{type: list, each: event.none, item: '{item}'}]", "body[0].each: {event.none}"),
        (
            "[{type: list, each: event.total, item: '{item}'}]",
            "body[0].each: {event.total}: wanted a list, got an object",
        ),
        (
            "[{type: list, each: event.tips, item: '[{item}]({item})'}]",
            "body[0].item of element 1: {item}: wanted an https, mailto or tel address, got another text",
        ),
        (
            "[{type: table, caption: A, each: event.lines, columns: [{heading: B, cell: '{item.name}'}]}]",
            "body[0].columns[0].cell of element 1: {item.name}",
        ),
        (
            "[{type: when, condition: 'event.status', then: []}]",
            "body[0].condition: expression 'event.status': wanted true or false, got str",
        ),
        (
            "[{type: chart, kind: bar, title: A, categories: event.total, series: [], alternative: B}]",
            "body[0].categories: wanted a list, got an object",
        ),
        (
            "[{type: chart, kind: bar, title: A, categories: '[1]', series: [], alternative: B}]",
            "body[0].categories: wanted a list of texts, got a number in it",
        ),
        (
            (
                "[{type: chart, kind: bar, title: A, categories: '[]',"
                " series: [{name: B, values: event.tips}], alternative: C}]"
            ),
            "body[0].series[0].values: wanted a list of numbers, got text in it",
        ),
        (
            (
                "[{type: chart, kind: bar, title: A, categories: event.tips,"
                " series: [{name: B, values: '[1]'}], alternative: C}]"
            ),
            "body[0].series: wanted 2 values, one per category, got 1",
        ),
        # Nothing of the facts is read, and still the chart is not drawn.
        (
            (
                "[{type: chart, kind: bar, title: A, categories: '[]',"
                " series: [{name: B, values: '[1]'}], alternative: C}]"
            ),
            "body[0].series: wanted 0 values, one per category, got 1",
        ),
    ],
)
def test_what_a_block_lacks_is_named_with_its_place(body: str, expected: str):
    assert missing(body)[0] == expected


def test_a_list_of_a_chart_that_cannot_be_asked_is_named():
    body = "[{type: chart, kind: bar, title: A, categories: event.none, series: [], alternative: B}]"
    found = missing(body)
    assert [place.split(": ")[0] for place in found] == ["body[0].categories"]
    assert "no field 'none'" in found[0]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[{type: heading, level: 5, text: A}]", "body[0].level: wanted 1 to 4, got 5"),
        ("[{type: list}]", "body[0]: wanted either items, or each with item"),
        ("[{type: list, each: event.tips}]", "body[0]: wanted either items, or each with item"),
        ("[{type: list, items: [A], each: event.tips, item: B}]", "body[0]: wanted either items, or each with item"),
        ("[{type: list, items: [A], item: B}]", "body[0]: wanted either items, or each with item"),
        (
            "[{type: table, caption: A, each: event.lines, columns: []}]",
            "body[0]: wanted 0 cells in every total, and a column at least",
        ),
        (
            "[{type: table, caption: A, each: event.lines, columns: [{heading: B, cell: C}], totals: [[A, B]]}]",
            "body[0]: wanted 1 cells in every total, and a column at least",
        ),
        ("[{type: image, asset: other.png, alternative: A}]", "body[0].asset: no asset 'other.png'"),
        (
            "[{type: action, label: A, link: www.a.example}]",
            "body[0].link: wanted an https, mailto or tel address, got 'www.a.example'",
        ),
        ("[{type: when, condition: '', then: []}]", "body[0].condition: wanted a condition, got none"),
        ("[{type: when, condition: 'a ==', then: []}]", "body[0].condition: expression 'a ==': "),
        ("[{type: when, condition: 'now()', then: []}]", "body[0].condition: expression 'now()': no function 'now'"),
        (
            "[{type: chart, kind: bar, title: A, categories: '[', series: [], alternative: B}]",
            "body[0].categories: expression '[': ",
        ),
    ],
)
def test_what_can_never_be_filled_is_named_with_its_place(body: str, expected: str):
    assert missing(body)[0].startswith(expected)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # What stands beside or within what a condition reads is given to CEL as it is.
        ("event.total.amount == '71.00' && size(event.total) == 2", True),
        ("has(event.total) && has(event.total.amount) && !has(event.total.rate)", True),
        ("has(party.name) && !has(party.title)", True),
        ("event.months.exists(m, !has(m.used))", True),
        ("event['status'] == 'late'", True),
        ("event.tips[1] == '**Dry** outside'", True),
        ("true", True),
        ("'a' == 'b'", False),
    ],
)
def test_a_condition_sees_just_what_it_reads(condition: str, *, expected: bool):
    body = [templates.WhenBlock(condition=condition, then=(templates.BreakBlock(),))]
    template = composing.approved(composing.content(body))
    result = compose.compose(composing.notice(template), template, FACTS)
    assert isinstance(result, manuscripts.Manuscript), result
    assert bool(result.blocks) is expected
