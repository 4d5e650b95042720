"""Checks of what is written, one module each: what they find, where, and what they let pass."""

import pathlib
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import samples

from signalpost.flow.compose.checks import languages, links, markup, readability, spelling, tables, walking
from signalpost.vocabulary import manuscripts, parties, templates

WARNING = templates.FindingSeverity.WARNING

BODY: tuple[templates.TemplateBlock, ...] = (
    templates.HeadingBlock(text="Your bill", level=1),
    templates.ParagraphBlock(text="You can see [your bill](https://a.example/bill) online."),
)

EVERY_BLOCK: tuple[templates.TemplateBlock, ...] = (
    *BODY,
    templates.ListBlock(items=("one", "two"), each="", item=""),
    templates.TableBlock(
        caption="Table",
        each="event.data.lines",
        columns=(templates.ColumnTemplate(heading="Item", cell="{item.name}"),),
        totals=(("Total",),),
        group_heading="Group",
        subtotals=(("Part",),),
        carry=templates.CarryTemplate(column=0, amount="{item.amount}", forward="Forward", brought="Brought"),
    ),
    templates.TableBlock(caption="Bare", each="event.data.lines", columns=()),
    templates.KeyFiguresBlock(figures=(templates.FigureTemplate(label="Usage", value="{a} kWh", note="note"),)),
    templates.ChartBlock(
        kind=manuscripts.ChartKind.BAR,
        title="Chart",
        categories="a",
        series=(templates.SeriesTemplate(name="Series", values="b"),),
        alternative="Alternative",
    ),
    templates.ImageBlock(asset="a.png", alternative="A picture"),
    templates.BarcodeBlock(symbology=manuscripts.Symbology.QR, payload="x", alternative="A code"),
    templates.CalloutBlock(tone=manuscripts.Tone.NOTE, title="Callout", text="Callout text"),
    templates.ActionBlock(label="Pay the bill", link="https://a.example/pay"),
    templates.ReferenceLinesBlock(lines=(templates.ReferenceTemplate(label="Number", value="{n}"),)),
    templates.SignatureBlock(closing="Regards", name="Ann", role="Service"),
    templates.BreakBlock(),
    templates.SharedTextBlock(name="imprint"),
    templates.AttachmentBlock(asset="a.pdf", title="File"),
    templates.WhenBlock(condition="has(a)", then=(templates.ParagraphBlock(text="then"),), otherwise=()),
    templates.ColumnsBlock(columns=(templates.ColumnsPart(blocks=(templates.ParagraphBlock(text="beside"),)),)),
    templates.KeepBlock(blocks=(templates.ParagraphBlock(text="kept"),)),
    templates.OnlyBlock(channels=(parties.ChannelKind.EMAIL,), blocks=(templates.ParagraphBlock(text="only"),)),
    templates.OpenBlock(name="free", label="Open", blocks=(templates.ParagraphBlock(text="open"),)),
)


def content(
    body: Sequence[templates.TemplateBlock] = BODY, *, language: str = "en", **more: object
) -> templates.Content:
    made = templates.Content(
        communication="bill",
        category="billing",
        language=language,
        contract="{}",
        title="Your bill",
        subject="Your bill",
        body=tuple(body),
        brand=samples.BRAND,
        labels=samples.LABELS,
    )
    return msgspec.structs.replace(made, **more)


def told(findings: Sequence[templates.Finding]) -> list[tuple[str, str]]:
    assert all(one.message and one.remedy for one in findings)
    return [(one.place, one.severity.value) for one in findings]


class TestWalking:
    def test_every_block_and_every_block_in_it_has_its_place(self):
        places = [place for place, _ in walking.blocks(EVERY_BLOCK)]
        assert len(places) == len(set(places)) == len(EVERY_BLOCK) + 5
        assert {
            "body[16].then[0]",
            "body[17].columns[0].blocks[0]",
            "body[18].blocks[0]",
            "body[19].blocks[0]",
            "body[20].blocks[0]",
        } <= set(places)

    def test_every_text_is_found_once_with_its_place(self):
        given_content = content(
            EVERY_BLOCK,
            sms="An SMS",
            terms=(("kwh", "kWh"),),
            variants=(templates.WordsVariant(condition="a", subject="Other subject"),),
        )
        found = {one.place: one.text for one in walking.texts(given_content)}
        assert len(found) == len(list(walking.texts(given_content)))
        assert found["subject"] == "Your bill"
        assert found["sms"] == "An SMS"
        assert found["variants[0].subject"] == "Other subject"
        assert found["terms.kwh"] == "kWh"
        assert found["body[3].carry.brought"] == "Brought"
        assert found["body[3].subtotals[0][0]"] == "Part"
        assert found["body[16].then[0].text"] == "then"
        assert found["body[20].label"] == "Open"
        assert all(text.strip() for text in found.values())


class TestLanguages:
    def test_languages_that_say_the_same_are_not_told_of(self):
        assert languages.check(()) == ()
        assert languages.check((content(EVERY_BLOCK), content(EVERY_BLOCK, language="de"))) == ()

    @pytest.mark.parametrize(
        ("other", "places"),
        [
            (content(language="de", sms="Text"), [("editions[en].sms", "error")]),
            (content(language="de", push_title="Titel"), [("editions[en].push_title", "error")]),
            (content(language="de", terms=(("a", "b"),)), [("editions[en].terms", "warning")]),
            (
                content(language="de", variants=(templates.WordsVariant(condition="a", subject="b"),)),
                [("editions[en].variants", "error")],
            ),
            (content(BODY[:1], language="de"), [("editions[de].body", "error")]),
            (content((*BODY, templates.BreakBlock()), language="de"), [("editions[en].body", "error")]),
            (content((BODY[0], templates.BreakBlock()), language="de"), [("editions[de].body[1]", "warning")]),
        ],
    )
    def test_what_one_language_lacks_is_told_with_its_place(
        self, other: templates.Content, places: list[tuple[str, str]]
    ):
        assert told(languages.check((content(), other))) == places

    def test_what_the_further_language_lacks_is_told_there(self):
        first = content(
            sms="Text",
            terms=(("a", "b"),),
            variants=(templates.WordsVariant(condition="a", subject="b"),),
        )
        places = {place for place, _ in told(languages.check((first, content(language="de"))))}
        assert places == {"editions[de].sms", "editions[de].terms", "editions[de].variants"}

    def test_of_many_differences_some_are_told(self):
        ours = [templates.HeadingBlock(text="x", level=2), templates.BreakBlock()] * 40
        theirs = [templates.HeadingBlock(text="x", level=2), templates.ParagraphBlock(text="x")] * 40
        found = languages.check((content(ours), content(theirs, language="de")))
        assert len(found) == languages.DIFFERENCES_MAX

    @given(st.lists(st.sampled_from(EVERY_BLOCK), max_size=8), st.lists(st.sampled_from(EVERY_BLOCK), max_size=8))
    def test_a_finding_exactly_where_the_shapes_differ(
        self, ours: list[templates.TemplateBlock], theirs: list[templates.TemplateBlock]
    ):
        found = languages.check((content(ours), content(theirs, language="de")))
        assert bool(found) == ([type(one) for one in ours] != [type(one) for one in theirs]) or ours != theirs


def linked(label: str, address: str = "https://a.example/x") -> templates.ParagraphBlock:
    return templates.ParagraphBlock(text=f"See [{label}]({address}).")


class TestLinks:
    @pytest.mark.parametrize(
        ("language", "label", "severity"),
        [
            ("en", "click here", "error"),
            ("en", "Click **here**!", "error"),
            ("en-GB", "here", "error"),
            ("de", "hier", "error"),
            ("de", "mehr …", "error"),
            ("en", "https://a.example/x", "warning"),
            ("en", "www.a.example", "warning"),
        ],
    )
    def test_words_that_do_not_say_where_a_link_leads(self, language: str, label: str, severity: str):
        assert told(links.check(content((linked(label),), language=language))) == [("body[0].text", severity)]

    @pytest.mark.parametrize(
        ("language", "block"),
        [
            ("en", linked("your bill")),
            ("de", linked("here")),
            ("xx", linked("here")),
            ("en", linked("help@a.example", "mailto:help@a.example")),
            ("en", linked("030 23125-100", "tel:+493023125100")),
            ("en", templates.ActionBlock(label="Pay", link="{links.status}")),
        ],
    )
    def test_words_that_do(self, language: str, block: templates.TemplateBlock):
        assert links.check(content((block,), language=language)) == ()

    def test_the_same_words_for_different_places_are_told_of_once(self):
        body = (linked("your bill"), linked("your bill", "https://a.example/y"), linked("Your bill"))
        assert told(links.check(content(body))) == [("body[1].text", "warning")]

    def test_a_button_that_says_nothing_is_told_of(self):
        body = (templates.ActionBlock(label="Click here", link="https://a.example"),)
        assert told(links.check(content(body))) == [("body[0].label", "error")]


HARD = (
    "Notwithstanding the aforementioned contractual considerations, the establishment of supplementary "
    "infrastructural arrangements necessitates comprehensive administrative authorisation. "
)


def saying(*texts: str, language: str = "en") -> manuscripts.Manuscript:
    return samples.manuscript("r", [samples.paragraph(text) for text in texts], language=language)


class TestReadability:
    def test_an_easy_text_is_not_told_of(self):
        assert readability.check(saying("The power is back. You do not have to do a thing. " * 8)) == ()

    def test_a_hard_one_is_with_its_hardest_sentence(self):
        (found,) = readability.check(saying("We help you. ", HARD * 4))
        assert (found.place, found.severity) == ("body", WARNING)
        assert "Notwithstanding" in found.message

    @pytest.mark.parametrize(
        "manuscript",
        [
            saying(HARD),
            saying(HARD * 4, language="ar"),
            saying(""),
            saying("12 34 56"),
            samples.manuscript("r", [manuscripts.Break()]),
        ],
    )
    def test_too_little_text_or_a_language_without_a_formula_says_nothing(self, manuscript: manuscripts.Manuscript):
        assert readability.check(manuscript) == ()

    def test_a_sentence_without_end_is_named_and_cut(self):
        hard, found = readability.check(saying("You go " + "and go " * 40 + "home."))
        assert "hard to read" in hard.message
        assert "a sentence of 83 words" in found.message
        assert len(found.message) < 150

    def test_lists_and_callouts_are_read_too(self):
        blocks = (
            manuscripts.List(items=(samples.runs("One item."), samples.runs("Two."))),
            manuscripts.Callout(tone=manuscripts.Tone.NOTE, title="t", runs=samples.runs("Three.")),
            manuscripts.Keep(blocks=(samples.paragraph("Four."),)),
        )
        assert list(readability.running_texts(blocks)) == ["One item.", "Two.", "Three.", "Four."]

    @pytest.mark.parametrize(
        ("word", "language", "count"),
        [
            ("bill", "en", 1),
            ("the", "en", 1),
            ("make", "en", 1),
            ("table", "en", 2),
            ("electricity", "en", 5),
            ("Rechnung", "de", 2),
            ("Stromausfall", "de", 3),
            ("grâce", "fr", 2),
            ("pfff", "de", 1),
        ],
    )
    def test_syllables(self, word: str, language: str, count: int):
        assert readability.syllables(word, language) == count

    def test_the_formulas_give_their_published_values(self):
        # Flesch 1948 and Amstad 1978: 10 words a sentence, 1.5 syllables a word.
        assert readability.ease([(10, 15)], readability.FORMULAS["en"]) == pytest.approx(69.785)
        assert readability.ease([(10, 15)], readability.FORMULAS["de"]) == pytest.approx(82.25)

    def test_abbreviations_do_not_end_a_sentence_before_a_small_letter(self):
        assert len(list(readability.split("Call us, e.g. today. We help."))) == 2

    @given(st.text(max_size=300), st.sampled_from(sorted(readability.FORMULAS)))
    def test_any_text_can_be_read(self, text: str, language: str):
        assert len(readability.check(saying(text, language=language))) <= 2


class TestSpelling:
    def test_words_that_nobody_knows_are_told_with_their_place(self):
        body = (templates.ParagraphBlock(text="The **bil** of Stadtwerke, {party.name}s Konto 12kWh A/C ABC"),)
        known = {"The", "of", "Your", "bill"}
        found = spelling.check(content(body), knows=known.__contains__, also=frozenset({"stadtwerke"}))
        assert [(one.place, one.message.split("'")[1]) for one in found] == [
            ("body[0].text", "bil"),
            ("body[0].text", "Konto"),
            ("body[0].text", "kWh"),
        ]

    def test_addresses_and_literal_braces_are_no_words(self):
        body = (templates.ParagraphBlock(text="[go](https://xyzzy.example) {{ok}} qwx@plugh.example www.foo.example"),)
        assert set(spelling.words(content(body))) == {"Your", "bill", "go"}

    def test_a_word_without_end_is_no_word(self):
        body = (templates.ParagraphBlock(text="W" + "w" * 10_000),)
        assert set(spelling.words(content(body))) == {"Your", "bill"}

    def test_of_many_words_some_are_told(self):
        text = " ".join(f"{first}{second}q" for first in "abcdefgh" for second in "abcdefgh")
        body = (templates.ParagraphBlock(text=text),)
        assert len(spelling.check(content(body), knows=lambda _word: False, also=frozenset())) == spelling.WORDS_MAX

    @given(st.text(max_size=200))
    def test_what_everybody_knows_is_never_told(self, text: str):
        body = (templates.ParagraphBlock(text=text),)
        assert spelling.check(content(body), knows=lambda _word: True, also=frozenset()) == ()


def table(*headings: str, cell: str = "x", width: int = 1) -> manuscripts.Table:
    columns = tuple(manuscripts.Column(heading=heading, width=width) for heading in headings)
    return manuscripts.Table(caption="T", columns=columns, rows=(tuple(cell for _ in headings),))


class TestTables:
    def test_a_table_that_fits_is_not_told_of(self):
        assert tables.check(samples.bill()) == ()

    def test_too_many_columns_are(self):
        (found,) = tables.check(samples.manuscript("r", [table(*"abcdefghi")]))
        assert "9 columns" in found.message

    def test_a_word_that_its_column_must_break_is_named(self):
        (found,) = tables.check(samples.manuscript("r", [table("a", "b", cell="W" * 60), samples.paragraph("x")]))
        assert "does not fit its column" in found.message

    def test_beside_other_blocks_there_is_less_room(self):
        one = table("a", "b", cell="W" * 30)
        half = manuscripts.Columns(columns=(manuscripts.ColumnsPart(blocks=(one,)), manuscripts.ColumnsPart(blocks=())))
        assert tables.check(samples.manuscript("r", [manuscripts.Keep(blocks=(one,))])) == ()
        assert len(tables.check(samples.manuscript("r", [half]))) == 1

    def test_rows_of_another_length_break_nothing(self):
        odd = manuscripts.Table(caption="T", columns=(manuscripts.Column(heading="a"),), rows=((),))
        assert tables.check(samples.manuscript("r", [odd])) == ()


KNOWN = markup.Baseline(
    source="s",
    license="MIT",
    date="2025-09-09",
    clients=("A", "B", "C", "D"),
    dropped_by={
        "html-video": (0, 1, 2),
        "css-display-flex": (0, 1, 2, 3),
        "css-position": (0, 1, 2),
        "css-at-import": (0, 1, 2),
        "css-variables": (0, 1, 2),
        "image-svg": (1, 2, 3),
        "css-border-radius": (0, 1, 2),
        "html-abbr": (0,),
        "html-required": (0, 1, 2),
    },
)


class TestMarkup:
    @pytest.mark.parametrize(
        ("document", "feature"),
        [
            ("<video src=x></video>", "video"),
            ("<p style='display:flex'>x</p>", "display-flex"),
            ("<style>p{position:absolute}</style>", "position"),
            ("<style>@import 'a.css';</style>", "at-import"),
            ("<p style='color:var(--a)'>x</p>", "variables"),
            ("<img src='data:image/svg+xml;base64,AA'>", "svg"),
            ("<input required>", "required"),
        ],
    )
    def test_what_several_clients_drop_is_told_with_their_names(self, document: str, feature: str):
        (found,) = markup.check(document + document, KNOWN)
        assert repr(feature) in found.message
        assert ", ".join(KNOWN.clients[1:3]) in found.message

    @pytest.mark.parametrize(
        "document",
        ["<p>x</p>", "<p style='border-radius:3px'>x</p>", "<abbr>x</abbr>", "position: absolute", "<p style>x</p>"],
    )
    def test_the_rest_is_not(self, document: str):
        assert markup.check(document, KNOWN) == ()

    def test_after_a_style_sheet_text_is_text_again(self):
        assert list(markup.features("<style>p{color:red}</style><p>position: x</p>")) == [
            "html-style",
            "css-color",
            "html-p",
        ]

    @given(st.text(max_size=500))
    def test_any_document_can_be_read(self, document: str):
        assert all(one.severity is WARNING for one in markup.check(document, KNOWN))


def test_the_modules_stay_small():
    folder = pathlib.Path(walking.__file__).parent
    assert {path.name for path in folder.glob("*.py") if len(path.read_text().splitlines()) > 200} == set()
