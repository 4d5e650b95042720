"""A draft is started from a letter: Word files that python-docx made, PDFs of our own engine, and hostile files."""
# python-docx has few types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportPrivateUsage=false

import io
import pathlib
import subprocess
import sys
import zipfile

import docx
import msgspec
import pikepdf
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from PIL import Image

from signalpost.engines.pdf import Pdf
from signalpost.flow.compose import bind, check
from signalpost.playbooks import load
from signalpost.playbooks.starting import data, draft, matching, pieces
from signalpost.playbooks.starting import docx as word
from signalpost.playbooks.starting import pdf as paper
from signalpost.vocabulary import library, manuscripts, records, templates

BASE = load.base(pathlib.Path())
SHELF = {library.key(item): item for item in load.items([load.load(folder) for folder in load.BUILT_IN])}
WISH = draft.Wish(
    name="started", language="de", brand="stadtwerke", category="billing", country="DE", zone="Europe/Berlin"
)
DATA: data.Facts = {
    "rechnung": "R-77",
    "faellig": "2026-02-17",
    "summe": {"amount": "1234.50", "currency": "EUR"},
    "schritte": ["Prüfen Sie die Angaben.", "Heben Sie sie auf."],
    "posten": [
        {"art": "strom", "menge": 1284, "einheit": "kwh", "betrag": {"amount": "1000.00", "currency": "EUR"}},
        {"art": "grundpreis", "menge": 31, "einheit": "day", "betrag": {"amount": "234.50", "currency": "EUR"}},
    ],
    "fehlt": "nirgends",
}
WINDOW = ["Lumen AG, Postfach 1, 10115 Berlin", "Erika Muster", "Hauptstraße 5", "12345 Musterstadt"]


def link(paragraph: Paragraph, text: str, address: str) -> None:
    part = paragraph.part
    found = OxmlElement("w:hyperlink")
    relation = part.relate_to(
        address, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
    )
    found.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", relation)
    run = OxmlElement("w:r")
    written = OxmlElement("w:t")
    written.text = text
    run.append(written)
    found.append(run)
    paragraph._p.append(found)


def letter() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Lumen AG"
    for line in WINDOW:
        document.add_paragraph(line)
    document.add_paragraph("Berlin, den 3. Februar 2026")
    document.add_heading("Ihre Rechnung R-77", 0)
    document.add_paragraph("Sehr geehrte Frau Muster,")
    text = document.add_paragraph("wir berechnen Ihnen ")
    text.add_run("1.234,").bold = True
    text.add_run("50 €").bold = True
    text.add_run(" bis zum ")
    text.add_run("17. Februar 2026").italic = True
    text.add_run(". {Netto} *wirklich*. ")
    link(text, "Mehr dazu", "https://lumen.example/a")
    link(text, " (hier)", "file:///etc/passwd")
    document.add_heading("Was zu tun ist", 2)
    for step in ("Prüfen Sie die Angaben.", "Heben Sie sie auf."):
        document.add_paragraph(step, style="List Bullet")
    for step in ("Zahlen Sie 1.234,50 €.", "Fertig."):
        document.add_paragraph(step, style="List Number")
    table = document.add_table(rows=1, cols=3)
    rows = [
        ("Posten", "Menge", "Betrag"),
        ("Strom", "1.284 kWh", "1.000,00 €"),
        ("Grundpreis", "31 Tage", "234,50 €"),
        ("Summe", "", "1.234,50 €"),
    ]
    for number, row in enumerate(rows):
        cells = table.rows[0].cells if not number else table.add_row().cells
        for cell, content in zip(cells, row, strict=True):
            cell.text = content
        cells[2].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "PNG")
    document.add_picture(picture, width=Mm(30))
    for line in ("Mit freundlichen Grüßen", "Lumen AG", "Kundenservice"):
        document.add_paragraph(line)
    return saved(document)


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def started(given: pieces.Letter, rows: "tuple[data.Facts, ...]" = (DATA,)) -> draft.Draft:
    return draft.make(given, rows, WISH, BASE)


def body(made: draft.Draft) -> "tuple[templates.TemplateBlock, ...]":
    (edition,) = made.communication.editions
    return edition.body


def said(made: draft.Draft) -> "list[manuscripts.Manuscript]":
    """Every sample of the draft, which is without an error."""
    shelf = SHELF | {library.key(image): image for image in made.images}
    bound = bind.bind(made.communication, shelf)
    (content,) = bound.contents
    facts = [msgspec.json.decode(sample.facts) for sample in made.communication.samples]
    errors = [found for found in check.check(content, facts) if found.severity is templates.FindingSeverity.ERROR]
    assert errors == []
    results = [check.preview(content, one) for one in facts]
    assert all(isinstance(result, manuscripts.Manuscript) for result in results), results
    return [result for result in results if isinstance(result, manuscripts.Manuscript)]


def test_a_word_letter_becomes_a_draft_that_says_the_same():
    made = started(word.read(letter()))
    assert body(made) == (
        templates.HeadingBlock(text="Ihre Rechnung {event.data.rechnung}", level=1),
        templates.WhenBlock(
            condition="has(party.salutation)",
            then=(templates.ParagraphBlock(text="Sehr geehrte {party.salutation},"),),
            otherwise=(templates.ParagraphBlock(text="Sehr geehrte {party.name},"),),
        ),
        templates.ParagraphBlock(
            text="wir berechnen Ihnen **{event.data.summe | money}** bis zum *{event.data.faellig | date}*. "
            r"{{Netto}} \*wirklich\*. [Mehr dazu](https://lumen.example/a) (hier)"
        ),
        templates.HeadingBlock(text="Was zu tun ist"),
        templates.ListBlock(each="event.data.schritte", item="{item}"),
        templates.ListBlock(items=("Zahlen Sie {event.data.summe | money}.", "Fertig."), is_ordered=True),
        templates.TableBlock(
            caption="Posten",
            each="event.data.posten",
            columns=(
                templates.ColumnTemplate(heading="Posten", cell="{item.art | term}"),
                templates.ColumnTemplate(heading="Menge", cell="{item.menge | number} {item.einheit | term}"),
                templates.ColumnTemplate(
                    heading="Betrag", cell="{item.betrag | money}", align=manuscripts.Alignment.END
                ),
            ),
            totals=(("Summe", "", "{event.data.summe | money}"),),
        ),
        templates.ImageBlock(asset="started-1", alternative="", width_mm=30),
        templates.SignatureBlock(closing="Mit freundlichen Grüßen", name="Lumen AG", role="Kundenservice"),
    )
    (edition,) = made.communication.editions
    assert dict(edition.terms) == {"strom": "Strom", "grundpreis": "Grundpreis", "kwh": "kWh", "day": "Tage"}
    assert edition.subject == "Ihre Rechnung {event.data.rechnung}"
    assert [(image.media_type, len(made.files[image.digest]) > 0) for image in made.images] == [("image/png", True)]
    (manuscript,) = said(made)
    assert manuscript.recipient == ("Erika Muster", "Hauptstraße 5", "12345 Musterstadt")
    assert manuscript.words.subject == "Ihre Rechnung R-77"


def test_what_was_left_to_the_layout_and_what_was_lost_is_told():
    made = started(word.read(letter()))
    assert made.left_to_layout == ("Lumen AG", *WINDOW, "Berlin, den 3. Februar 2026")
    assert [(note.place, note.what) for note in made.notes] == [
        ("paragraph 8", "a link that is neither of the web, nor mail, nor telephone; its text was kept"),
        ("image started-1", "no text alternative: say what it shows, or that it is decoration"),
        ("data", 'event.data.fehlt ("nirgends") was not found in the text'),
    ]


def test_the_contract_is_what_all_rows_keep_to():
    other: data.Facts = {**DATA, "faellig": "2026-03-01"}
    del other["fehlt"]
    made = started(word.read(letter()), (DATA, other))
    assert made.contract.event is not None
    schema = msgspec.json.decode(made.contract.event.data_schema)
    assert schema["required"] == ["rechnung", "faellig", "summe", "schritte", "posten"]
    assert schema["properties"]["faellig"] == {"type": "string", "format": "date"}
    assert schema["properties"]["posten"]["items"]["properties"]["menge"] == {"type": "integer"}
    assert made.communication.contract == made.contract.facts
    first, second = said(made)
    assert first != second


def test_a_table_that_is_not_in_the_data_brings_its_rows():
    made = started(word.read(letter()), ({"nothing": "of it"},))
    table = next(block for block in body(made) if isinstance(block, templates.TableBlock))
    assert table.each == "event.data.table_1"
    (manuscript,) = said(made)
    found = next(block for block in manuscript.blocks if isinstance(block, manuscripts.Table))
    assert found.rows == (
        ("Strom", "1.284 kWh", "1.000,00 €"),
        ("Grundpreis", "31 Tage", "234,50 €"),
        ("Summe", "\u2013", "1.234,50 €"),
    )


def test_a_letter_of_ours_as_pdf_becomes_a_draft_that_says_what_it_said():
    content, facts = bill()
    engine = Pdf(lambda _digest: None, workers=1)
    try:
        (sent,) = engine.render([content])
    finally:
        engine.close()
    assert isinstance(sent, manuscripts.Rendition)
    made = started(paper.read(sent.content), (facts["event"]["data"],))
    assert made.left_to_layout[1:4] == ("Ann Meyer", "Lindenstraße 5", "12345 Musterstadt")
    table = next(block for block in body(made) if isinstance(block, templates.TableBlock))
    assert table.each == "event.data.lines"
    assert [column.cell for column in table.columns] == [
        "{item.code | term}",
        "{item.quantity} {item.unit | term}",
        "{item.price | money}",
        "{item.amount | money}",
    ]
    assert table.totals[-1] == ("Gesamt", "", "", "{event.data.total | money}")
    (manuscript,) = said(made)
    again = next(block for block in manuscript.blocks if isinstance(block, manuscripts.Table))
    before = next(block for block in content.blocks if isinstance(block, manuscripts.Table))
    assert (again.rows, again.totals) == (before.rows, before.totals)
    assert made.placeholders > 12
    assert [note.what for note in made.notes if note.place == "data"] == [
        'event.data.payment.method ("transfer") was not found in the text'
    ]


def bill() -> "tuple[manuscripts.Manuscript, dict[str, dict[str, data.Facts]]]":
    book = load.load(load.BUILT_IN[2])
    found = next(one for one in book.communications if one.type.name == "bill-ready")
    content = next(one for one in found.contents if one.language == "de")
    facts = msgspec.json.decode(found.samples[0].facts)
    result = check.preview(content, facts)
    assert isinstance(result, manuscripts.Manuscript)
    return result, facts


@pytest.mark.parametrize(
    ("text", "file", "rows"),
    [
        ('{"Kunden-Nr.": "4711", "n": 2.0}', "a.json", ({"kunden_nr": "4711", "n": 2},)),
        ('[{"a": 1}, {"a": null}]', "a.json", ({"a": 1}, {"a": None})),
        ("Name;Größe\nAnn;3\nBen;\n", "a.csv", ({"name": "Ann", "grosse": "3"}, {"name": "Ben"})),
        ("\ufeffa,b\n1,2\n", "a.csv", ({"a": "1", "b": "2"},)),
    ],
)
def test_a_data_file_is_rows(text: str, file: str, rows: "tuple[data.Facts, ...]"):
    assert data.read(text.encode(), file) == rows


@pytest.mark.parametrize(
    ("content", "file", "message"),
    [
        (b"[1]", "a.json", "wanted an object, or a list of objects"),
        (b"{", "a.json", "wanted JSON"),
        (b"[]", "a.json", "wanted a row at least, got none"),
        (b"\xff\xfe", "a.csv", "wanted UTF-8"),
        (b"[" * 5000, "a.json", "wanted JSON"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "a.json", "wanted at most 12 levels"),
        (b" " * (data.BYTES_MAX + 1), "a.json", "wanted at most"),
        (b'a\n"x', "a.csv", "wanted CSV"),
    ],
)
def test_data_that_cannot_be_used_is_said(content: bytes, file: str, message: str):
    with pytest.raises(pieces.LetterError, match=message):
        data.read(content, file)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("am 17. Februar 2026", "am {d | date}"),
        ("am 17.02.26", "am {d | date:short}"),
        ("Dienstag, 17. Februar 2026", "{d | weekday_date}"),
        ("1.284 Stück", "{n | number} Stück"),
        ("1.2845 Stück", "1.2845 Stück"),
        ("A4711 und 4711", "A4711 und {k}"),
        ("12 %", "{p | percent}"),
        ("+49 302 312 5100", "{t | phone}"),
        ("{d}", "{{d}}"),
    ],
)
def test_values_are_found_as_people_write_them(text: str, found: str):
    facts: list[tuple[str, records.Json]] = [
        ("d", "2026-02-17"),
        ("n", 1284),
        ("k", "4711"),
        ("p", 12),
        ("t", "+493023125100"),
    ]
    assert matching.Finder(facts, matching.Manner("de", "DE", "Europe/Berlin")).plain(text) == found


def test_two_values_that_are_written_alike_are_told():
    facts: list[tuple[str, records.Json]] = [("a", "same"), ("b", "same")]
    finder = matching.Finder(facts, matching.Manner("de", "DE", "UTC"))
    assert finder.plain("the same") == "the {a}"
    assert finder.alike == [("a", "b")]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def blank(width: float, height: float, count: int = 1) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(count):
            page = document.add_blank_page(page_size=(100, 100))
            page.MediaBox = pikepdf.Array([0, 0, width, height])
        document.save(out)
    return out.getvalue()


def scan() -> bytes:
    out = io.BytesIO()
    Image.new("L", (600, 800), 200).save(out, "PDF")
    return out.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("docx", b"no zip", "wanted a Word file"),
        ("docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 100, "encrypted or older"),
        ("docx", zipped(other=b"x"), "wanted a Word file"),
        ("docx", zipped(word__document_xml=b"0" * (word.UNPACKED_BYTES_MAX + 1)), "bytes unpacked, got more"),
        ("docx", zipped(word__document_xml=BOMB), "wanted a Word file"),
        ("docx", zipped(**{f"part{number}": b"" for number in range(word.PARTS_MAX + 1)}), "wanted at most 2000 parts"),
        ("docx", saved(docx.Document()), "got an empty one"),
        ("pdf", b"no pdf", "cannot be read as one"),
        ("pdf", encrypted(), "wanted a PDF without a password"),
        ("pdf", scan(), "have a text recognition"),
        ("pdf", blank(20_000, 20_000), "points"),
        ("pdf", blank(100, 100, paper.PAGES_MAX + 1), "wanted a letter of at most 30 pages, got 31"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_a_hostile_or_useless_file_is_refused_with_its_reason(kind: str, content: bytes, message: str):
    done = subprocess.run(
        [sys.executable, "-m", "signalpost.playbooks.starting", kind], input=content, capture_output=True, check=False
    )
    assert done.returncode == 3
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_what_word_can_and_a_letter_cannot_is_told():
    document = docx.Document()
    document.add_heading("Title", 1)
    paragraph = document.add_paragraph("Text")
    for tag in ("w:footnoteReference", "w:object"):
        run = OxmlElement("w:r")
        run.append(OxmlElement(tag))
        paragraph._p.append(run)
    deleted = OxmlElement("w:del")
    paragraph._p.append(deleted)
    found = word.read(saved(document))
    assert [(lost.place, lost.what) for lost in found.lost] == [
        ("paragraph 2", "a footnote"),
        ("paragraph 2", "an embedded object"),
        ("paragraph 2", "text that was deleted with changes tracked"),
    ]
    assert found.pieces[1] == pieces.Paragraph(spans=(pieces.Span(text="Text"),))
