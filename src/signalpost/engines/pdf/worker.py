"""The work of a worker process, `python -m signalpost.engines.pdf FOLDER`.

It lays out one manuscript at a time, alone with one core, in a folder of its own:

- `setup.json` says how, read once;
- `root/` is all that a layout can read: `standard/`, `layout/` where one was given, `assets/`, `data.json`;
- `job.json` is the manuscript of the moment; a line on standard input says that it lies there;
- `out.pdf` is the result; a line on standard output, a `Verdict` as JSON, says what became of it.

End of input ends the process: so a worker never outlives its owner by more than one document.
"""

import os
import pathlib
import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import pypdfium2
import typst

from signalpost.engines.pdf import cage, dress, fitting, glyphs, sheets, workplace
from signalpost.vocabulary import manuscripts, records
from signalpost.vocabulary.manuscripts import UnrenderableReason

SETUP, JOB, DATA, OUT = "setup.json", "job.json", "data.json", "out.pdf"

#: All three always: tagged for PDF/UA-1, archivable with attachments as PDF/A-3a.
STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-3a"]
#: PDF/A wants a date; the true one would make the same manuscript another document. 2000-01-01T00:00:00Z.
TIMESTAMP_SECONDS = 946_684_800

DETAIL_CHARACTERS_MAX = 300
#: Layouts of manuscripts that stay loaded, beside the engine's.
LAYOUTS_KEPT_COUNT = 8

#: The layout of a manuscript lies below its digest, which says nothing to its author.
_PLACE = re.compile(rf"┌─ (?:/?{workplace.OWN}/[0-9a-f]+/)?(\S+:\d+):\d+")
_OVERFLOW = re.compile(r"signalpost-overflow (.*)")
_UNSETTLED = "did not converge"
_NO_GLYPH = re.compile(r"the text `(.*)` could not be displayed")


class Setup(records.Record, frozen=True, kw_only=True):
    """What a worker needs to know."""

    window: sheets.Window
    #: Path of the main file from the root.
    main: str
    fonts: glyphs.Fonts
    memory_bytes: int
    cpu_seconds: int
    pages_max: int
    rows_max: int


class Job(records.Record, frozen=True, kw_only=True):
    """One manuscript, and the digests of the images and files that lie ready."""

    manuscript: manuscripts.Manuscript
    assets: tuple[str, ...] = ()


class Verdict(records.Record, frozen=True, kw_only=True):
    """What became of a job: pages, or a reason."""

    pages: int = 0
    reason: UnrenderableReason | None = None
    detail: str = ""


def main(folder: pathlib.Path, orders: BinaryIO, answers: BinaryIO) -> None:
    """Work until the orders end."""
    setup = msgspec.json.decode((folder / SETUP).read_bytes(), type=Setup)
    cage.limit_memory(setup.memory_bytes)
    cage.forbid_network()
    # Typst names files from here on.
    os.chdir(folder / workplace.ROOT)
    press = Press(folder, setup)
    _answer(answers, Verdict())
    for _ in _lines(orders):
        cage.allow_cpu(setup.cpu_seconds)
        _answer(answers, press.print())


def _lines(orders: BinaryIO) -> Iterator[bytes]:
    while line := orders.readline():
        yield line


def _answer(answers: BinaryIO, verdict: Verdict) -> None:
    answers.write(msgspec.json.encode(verdict) + b"\n")
    answers.flush()


class Press:
    """The layout engine with fonts and main file loaded."""

    def __init__(self, folder: pathlib.Path, setup: Setup) -> None:
        self._folder = folder
        self._root = folder / workplace.ROOT
        self._setup = setup
        self._wardrobe = fitting.Wardrobe(setup.window, setup.fonts)
        self._jobs = msgspec.json.Decoder(Job)
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder.parent / workplace.FONTS)]
        )
        self._fonts = fonts
        self._compilers = {setup.main: self._compiler(setup.main)}

    def _compiler(self, main: str) -> typst.Compiler:
        """For one main file; it keeps what it has read."""
        return typst.Compiler(
            input=str(self._root / main),
            root=str(self._root),
            font_paths=self._fonts,
            package_path=str(self._folder),
            package_cache_path=str(self._folder),
        )

    def print(self) -> Verdict:
        """Lay out the job that lies in the folder."""
        try:
            prepared = self._prepared()
            return prepared if isinstance(prepared, Verdict) else self._compile(prepared)
        except MemoryError:
            limit = self._setup.memory_bytes >> 20
            return Verdict(reason=UnrenderableReason.OUT_OF_MEMORY, detail=f"more than {limit} MiB")

    def _prepared(self) -> str | Verdict:
        """Lay the sheet out and name the main file, or say what is wrong. Nothing is held while Typst works."""
        job = self._jobs.decode((self._folder / JOB).read_bytes())
        sheet = dress.dress(job.manuscript, self._wardrobe, assets=job.assets, rows_max=self._setup.rows_max)
        if isinstance(sheet, sheets.Flaw):
            return Verdict(reason=sheet.reason, detail=sheet.detail)
        (self._root / DATA).write_bytes(msgspec.json.encode(sheet))
        return workplace.own(job.manuscript.layout) if job.manuscript.layout else self._setup.main

    def _compile(self, main: str) -> Verdict:
        if main not in self._compilers:
            if len(self._compilers) > LAYOUTS_KEPT_COUNT:
                self._compilers = {self._setup.main: self._compilers[self._setup.main]}
            self._compilers[main] = self._compiler(main)
        compiler = self._compilers[main]
        try:
            content, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=STANDARDS, timestamp=TIMESTAMP_SECONDS
            )
        except typst.TypstError as error:
            return explain(error)
        # A layout that looks up what it changes by that may settle on nothing, and then shows wrong numbers.
        if unsettled := [warning.message for warning in warnings if _UNSETTLED in warning.message]:
            detail = f"layout: {unsettled[0]}"
            return Verdict(reason=UnrenderableReason.LAYOUT_ERROR, detail=detail[:DETAIL_CHARACTERS_MAX])
        assert isinstance(content, bytes), "a PDF is one file"
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
        if pages > self._setup.pages_max:
            wanted = f"wanted at most {self._setup.pages_max} pages, got {pages}"
            return Verdict(reason=UnrenderableReason.TOO_LONG, detail=wanted)
        (self._folder / OUT).write_bytes(content)
        return Verdict(pages=pages)


def explain(error: typst.TypstError) -> Verdict:
    """What a layout's error means: a box too small, a character without glyph, or a fault at a line of the layout."""
    place = _PLACE.search(error.diagnostic)
    where = f" ({place[1]})" if place else ""
    if found := _OVERFLOW.search(error.message):
        return Verdict(reason=UnrenderableReason.OVERFLOW, detail=f"{found[1]}: does not fit{where}")
    if found := _NO_GLYPH.search(error.message):
        return Verdict(reason=UnrenderableReason.MISSING_GLYPH, detail=f"no font shows {found[1]}{where}")
    fault = f"{place[1] if place else 'layout'}: {error.message}"
    return Verdict(reason=UnrenderableReason.LAYOUT_ERROR, detail=fault[:DETAIL_CHARACTERS_MAX])
