"""The PDF engine: blocks that hold others, files, totals carried on, layouts that a manuscript brings with it."""

import io
import pathlib
import re
from collections.abc import Iterator

import msgspec
import pikepdf
import pytest
from tests.engines import pages, samples
from tests.peers import verapdf as judges

from signalpost import engines
from signalpost.engines import pdf
from signalpost.engines.pdf import pool
from signalpost.vocabulary import manuscripts, parties, records
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason


@pytest.fixture(scope="module", name="letters")
def _letters() -> Iterator[pdf.Pdf]:
    engine = pdf.Pdf(samples.ASSETS.get, workers=1)
    yield engine
    engine.close()


def _render(engine: engines.Engine, manuscript: manuscripts.Manuscript) -> bytes:
    (rendered,) = engine.render([manuscript])
    assert isinstance(rendered, manuscripts.Rendition), rendered
    return rendered.content


def _refusal(engine: engines.Engine, *blocks: manuscripts.Block) -> tuple[Reason, str]:
    (rendered,) = engine.render([samples.manuscript("refused", [samples.heading("Top", 1), *blocks])])
    assert isinstance(rendered, manuscripts.Unrenderable), rendered
    return rendered.reason, rendered.detail


class TestParts:
    def test_columns_stand_side_by_side_in_the_order_in_which_they_are_read(self, letters: pdf.Pdf):
        content = _render(letters, samples.parts())
        paying, asking = pages.place(content, "How to pay"), pages.place(content, "Questions")
        assert abs(paying.bottom - asking.bottom) < 0.1
        assert asking.left > paying.right + 20
        text = pages.texts(content)[0]
        assert text.index("How to pay") < text.index("Transfer the amount") < text.index("Questions")

    def test_what_is_kept_together_goes_to_the_next_page_together(self, letters: pdf.Pdf):
        first, second = pages.texts(_render(letters, samples.parts()))
        assert "Compared with last year" not in first
        assert "Compared with last year" in second
        assert "You used less." in second

    def test_what_is_too_high_for_a_page_is_divided_after_all(self, letters: pdf.Pdf):
        many = tuple(samples.paragraph(f"Paragraph number {number}") for number in range(120))
        content = _render(
            letters, samples.manuscript("high", [samples.heading("Top", 1), manuscripts.Keep(blocks=many)])
        )
        said = pages.texts(content)
        assert len(said) > 2
        assert all(f"Paragraph number {number}" in "".join(said) for number in range(120))

    def test_a_letter_shows_what_stands_in_letters(self, letters: pdf.Pdf):
        said = "".join(pages.texts(_render(letters, samples.parts())))
        assert "In the letter alone." in said
        assert "Write to us." in said
        assert "e-mail alone" not in said

    def test_groups_have_headings_that_are_headings_of_the_table_too(self, letters: pdf.Pdf):
        content = _render(letters, samples.parts())
        (table,) = pages.tags(content).all("Table")
        assert len(table.all("TH")) == 5
        text = pages.texts(content)[0]
        assert text.index("Meter 0012345") < text.index("£ 15.50") < text.index("Meter 0098765") < text.index("£ 36.80")

    @pytest.mark.parametrize(
        ("block", "refused"),
        [
            (
                manuscripts.Columns(columns=(manuscripts.ColumnsPart(width=0, blocks=()),)),
                "blocks[1]: wanted columns with widths of at least 1, not inside others",
            ),
            (
                manuscripts.Columns(
                    columns=tuple(manuscripts.ColumnsPart(blocks=(samples.paragraph("a"),)) for _ in range(8))
                ),
                "blocks[1]: wanted columns of at least 22.0 mm, got 14",
            ),
            (
                manuscripts.Keep(blocks=(samples.statement(rows=3).blocks[2],)),
                "blocks[1].blocks[0]: a total cannot be carried forward in a column or a part that is kept on one page",
            ),
            (
                msgspec.structs.replace(
                    samples.long_table().blocks[2], groups=(manuscripts.RowGroup(heading="", rows=1),)
                ),
                "blocks[1]: groups: wanted 130 rows in all, got 1",
            ),
        ],
    )
    def test_what_cannot_be_laid_out_is_refused_with_its_place(
        self, letters: pdf.Pdf, block: manuscripts.Block, refused: str
    ):
        assert _refusal(letters, block)[1] == refused

    def test_what_holds_nothing_leaves_no_trace(self, letters: pdf.Pdf):
        email_only = manuscripts.Only(channels=(parties.ChannelKind.EMAIL,), blocks=(samples.paragraph("x"),))
        empty = (
            manuscripts.Keep(blocks=(email_only,)),
            manuscripts.Columns(columns=(manuscripts.ColumnsPart(blocks=(email_only,)),)),
        )
        with_them = samples.manuscript("same", [samples.heading("Top", 1), *empty, samples.paragraph("End.")])
        without = samples.manuscript("same", [samples.heading("Top", 1), samples.paragraph("End.")])
        assert _render(letters, with_them) == _render(letters, without)


class TestAttachments:
    def test_a_file_is_embedded_with_its_relation_and_named_in_the_text(self, letters: pdf.Pdf):
        content = _render(letters, samples.parts())
        with pikepdf.open(io.BytesIO(content)) as document:
            (spec,) = [document.attachments[name] for name in document.attachments]
            assert spec.filename == "terms 2026 für Sie.txt"
            assert spec.get_file().read_bytes() == samples.TERMS
            assert spec.obj["/AFRelationship"] == "/Supplement"
            assert str(spec.obj["/Desc"]) == "General terms"
        said = " ".join("".join(pages.texts(content)).split())
        assert "Attached General terms terms 2026 für Sie.txt" in said

    def test_a_file_that_is_named_twice_is_embedded_once(self, letters: pdf.Pdf):
        terms = samples.parts().blocks[-2]
        content = _render(letters, samples.manuscript("twice", [samples.heading("Top", 1), terms, terms]))
        with pikepdf.open(io.BytesIO(content)) as document:
            assert len(document.attachments) == 1

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"digest": "0" * 64}, f"file {'0' * 64!r} is not among the assets"),
            ({"name": "../etc/passwd"}, "wanted a title and a plain file name, got '../etc/passwd'"),
            ({"title": " "}, "wanted a title and a plain file name, got 'terms 2026 für Sie.txt'"),
        ],
    )
    def test_a_file_that_cannot_go_is_refused(self, letters: pdf.Pdf, changes: dict[str, str], said: str):
        block = msgspec.structs.replace(samples.parts().blocks[-2], **changes)
        assert _refusal(letters, block)[1] == f"blocks[1]: {said}"

    def test_two_files_of_one_name_are_refused(self, letters: pdf.Pdf):
        terms = samples.parts().blocks[-2]
        other = msgspec.structs.replace(terms, digest=records.digest(samples.PNG))
        assert _refusal(letters, terms, other)[1].endswith(
            "wanted files of different names, got 'terms 2026 für Sie.txt' twice"
        )


_READING = re.compile(r"Reading ([0-9]{6}) at")
_CARRIED = re.compile(r"(Brought|Carried) forward £ ([0-9,]+)\.([0-9]{2})")


def _carried(page: str, word: str) -> list[int]:
    """The totals that a page carries forward or was brought, in pence."""
    found = _CARRIED.findall(" ".join(page.split()))
    return [int(pounds.replace(",", "") + pence) for kind, pounds, pence in found if kind == word]


@pytest.mark.parametrize("rows", [1, 20, 30, 31, 32, 33, 74, 130, 131, 132, 400])
@pytest.mark.parametrize("is_grouped", [False, True], ids=["plain", "grouped"])
def test_a_total_is_carried_over_every_page_end(letters: pdf.Pdf, rows: int, *, is_grouped: bool):
    """What was brought forward and the rows of the page make what is carried forward, up to the total."""
    manuscript = samples.statement(rows=rows, is_grouped=is_grouped)
    said = pages.texts(_render(letters, manuscript))
    told = [list(map(int, _READING.findall(page))) for page in said]
    assert [number for page in told for number in page] == list(range(1, rows + 1))
    last = max(index for index, page in enumerate(told) if page)
    total = 0
    for index, page in enumerate(said[: last + 1]):
        assert _carried(page, "Brought") == ([total] if index else [])
        total += sum(number * 131 % 9_973 for number in told[index])
        # Only totals may stand on a page without rows, and then nothing is carried to them.
        assert _carried(page, "Carried") == ([total] if index < last else [])
    table = manuscript.blocks[2]
    assert isinstance(table, manuscripts.Table)
    assert table.totals[0][2] == f"£ {total / 100:,.2f}"


class TestCarried:
    def test_the_judges_find_nothing(self, letters: pdf.Pdf, tmp_path: pathlib.Path, verapdf: judges.Judge):
        path = tmp_path / "grouped.pdf"
        path.write_bytes(_render(letters, samples.statement(rows=90, is_grouped=True)))
        assert verapdf.judge([path], ("ua1", "3a")) == {path: []}

    def test_a_table_that_begins_low_on_a_page_begins_on_the_next(self, letters: pdf.Pdf):
        filler = [samples.paragraph(f"Line {number}") for number in range(23)]
        table = samples.statement(rows=60).blocks[2]
        said = pages.texts(_render(letters, samples.manuscript("low", [samples.heading("Top", 1), *filler, table])))
        assert "All movements" not in said[0]
        assert "Reading 000001" in said[1]

    def test_two_of_them_settle_and_three_are_refused(self, letters: pdf.Pdf):
        table = samples.statement(rows=60).blocks[2]
        content = _render(letters, samples.manuscript("two", [samples.heading("Top", 1), table, table]))
        assert "".join(pages.texts(content)).count("Reading 000060") == 2
        assert _refusal(letters, table, table, table)[1] == (
            "blocks[3]: wanted at most 2 tables with a total that is carried forward"
        )

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"column": 0}, "carry: wanted a column from 1 to 2 and 3 totals, got 3"),
            ({"totals": ()}, "carry: wanted a column from 1 to 2 and 3 totals, got 0"),
            ({"totals": ("1", "2", "9" * 60)}, f"'{'9' * 40}' does not fit"),
        ],
    )
    def test_what_cannot_be_carried_is_refused(self, letters: pdf.Pdf, changes: dict[str, object], said: str):
        table = samples.statement(rows=3).blocks[2]
        assert isinstance(table, manuscripts.Table)
        assert table.carry is not None
        wrong = msgspec.structs.replace(table, carry=msgspec.structs.replace(table.carry, **changes))
        assert said in _refusal(letters, wrong)[1]

    def test_a_row_that_is_too_high_is_refused(self, letters: pdf.Pdf):
        table = samples.statement(rows=1).blocks[2]
        assert isinstance(table, manuscripts.Table)
        high = msgspec.structs.replace(table, rows=(("1", "word " * 900, "£ 1"),))
        reason, detail = _refusal(letters, high)
        assert reason is Reason.OVERFLOW
        assert detail.startswith("blocks[1]: wanted rows of at most 30 lines where a total is carried forward")


class TestLong:
    def test_a_long_document_has_limits_of_its_own_and_ends_its_worker(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, limits=pool.Limits(pages=2, rows=100))
        try:
            short = samples.statement(rows=130)
            refused, done = engine.render([short, msgspec.structs.replace(short, is_long=True)])
        finally:
            engine.close()
        assert isinstance(refused, manuscripts.Unrenderable)
        assert refused.detail == "blocks[2]: wanted at most 100 rows, got 130"
        assert isinstance(done, manuscripts.Rendition)
        assert done.units == 4


_OWN = """#import "/standard/frame.typ": letter
#import "/standard/blocks.typ": body
#let sheet = json("/data.json")
#set document(title: sheet.frame.title)
#set text(font: sheet.frame.fonts, lang: sheet.frame.language)
= By hand: #sheet.frame.title
#for block in sheet.blocks { if block.type == "paragraph" { for run in block.runs { par(run.text) } } }
"""


def _with_layout(source: str) -> tuple[pdf.Pdf, manuscripts.Manuscript]:
    engine = pdf.Pdf(samples.ASSETS.get, workers=1, limits=pool.Limits(cpu_seconds=2))
    return engine, msgspec.structs.replace(samples.outage(), layout=source)


class TestLayouts:
    def test_a_manuscript_is_laid_out_by_the_layout_it_brings(self, tmp_path: pathlib.Path, verapdf: judges.Judge):
        engine, manuscript = _with_layout(_OWN)
        try:
            own, standard, again = engine.render([manuscript, samples.outage(), manuscript])
        finally:
            engine.close()
        assert isinstance(own, manuscripts.Rendition)
        assert isinstance(standard, manuscripts.Rendition)
        assert own == again
        assert "By hand: " in pages.texts(own.content)[0]
        assert "By hand: " not in pages.texts(standard.content)[0]
        path = tmp_path / "own.pdf"
        path.write_bytes(own.content)
        assert verapdf.judge([path], ("ua1", "3a")) == {path: []}

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("#let x = 1\n#panic(x)\n", "layout.typ:2: panicked with: 1"),
            ('\n\n#read("/etc/passwd")\n', "layout.typ:3: file not found"),
            ('#read("../../../../setup.json")', "layout.typ:1: "),
            ('#import "@preview/cetz:0.3.0"', "layout.typ:1: "),
            (
                "#set document(title: [x])\n#context counter(page).update(n => n + counter(page).final().first())\n",
                "layout",
            ),
            ("#let x = (", "layout.typ:1: unclosed delimiter"),
        ],
    )
    def test_what_a_layout_may_not_do_is_told_with_its_line(self, source: str, said: str):
        engine, manuscript = _with_layout(source)
        try:
            (refused,) = engine.render([manuscript])
        finally:
            engine.close()
        assert isinstance(refused, manuscripts.Unrenderable)
        assert refused.reason is Reason.LAYOUT_ERROR
        assert said in refused.detail

    def test_an_endless_loop_is_ended_and_told_with_its_line(self):
        engine, manuscript = _with_layout(
            '#let sheet = json("/data.json")\n#let f(x) = {\n  while true { x += 1 }\n}\n#f(0)\n'
        )
        try:
            refused, after = engine.render([manuscript, samples.outage()])
        finally:
            engine.close()
        assert isinstance(refused, manuscripts.Unrenderable)
        assert isinstance(after, manuscripts.Rendition)
        # Typst itself ends a loop that it sees to be endless; what it does not see, the limits end.
        assert refused.reason in {Reason.LAYOUT_ERROR, Reason.TIMED_OUT}
        assert "layout.typ:3" in refused.detail

    def test_what_takes_too_long_is_ended_and_told_with_its_line(self):
        slow = (
            "#let f() = {\n  for a in range(1000000) {\n    for b in range(1000000) { let c = a * b }\n  }\n}\n#f()\n"
        )
        engine, manuscript = _with_layout(slow)
        try:
            refused, after = engine.render([manuscript, samples.outage()])
        finally:
            engine.close()
        assert isinstance(refused, manuscripts.Unrenderable)
        assert isinstance(after, manuscripts.Rendition)
        assert refused.reason is Reason.TIMED_OUT
        assert refused.detail.endswith("last entered layout.typ:3")

    def test_a_layout_that_is_too_large_is_refused(self, letters: pdf.Pdf):
        (refused,) = letters.render([msgspec.structs.replace(samples.outage(), layout="x" * 200_001)])
        assert isinstance(refused, manuscripts.Unrenderable)
        assert refused.detail == "layout: wanted at most 200000 bytes, got 200001"
