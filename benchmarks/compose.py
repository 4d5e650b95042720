"""`compose`: letters and e-mails from manuscripts; pages of blocks beside a hand-written one; a very long statement."""

import datetime as dt
import pathlib
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec
import typst
from tests.engines import samples

from benchmarks import figures
from signalpost.engines.email import Email
from signalpost.engines.pdf import Pdf, barcodes, glyphs, worker
from signalpost.flow.compose import program
from signalpost.vocabulary import manuscripts, records, templates

#: Rows of the statement: 2,000 pages.
STATEMENT_ROWS = 84_000
_MOVEMENTS = templates.TableBlock(
    caption="All movements",
    each="event.lines",
    columns=(
        templates.ColumnTemplate(heading="Date", cell="{item.day | date:medium}", width=2),
        templates.ColumnTemplate(heading="What", cell="{item.what}", width=6),
        templates.ColumnTemplate(
            heading="Amount", cell="{item.amount | money}", width=2, align=manuscripts.Alignment.END
        ),
    ),
    totals=(("Total", "{count(item)} movements", "{sum(item.amount) | money}"),),
    carry=templates.CarryTemplate(
        column=2, amount="{item.amount | money}", forward="Carried forward", brought="Brought forward"
    ),
)

_HAND_WRITTEN = pathlib.Path(__file__).with_name("others") / "bill.typ"
#: Members of blocks that hold what a reader reads.
_TEXTS = frozenset({"text", "value", "note", "rows"})
#: The peer lays out a plain letter of as many pages, with as long a table, tagged and archivable as ours.
_PEER_SOURCE = """
#set document(title: "Bill", date: auto)
#set page(paper: "a4", margin: 2.5cm)
#set text(lang: "en", size: 10pt)
#set par(linebreaks: "simple")
= Your bill for January, number #sys.inputs.number
#for n in range(9) [ #sys.inputs.number #lorem(60) \\ ]
#table(columns: (3fr, 1fr, 1fr, 1fr), table.header([Item], [Quantity], [Price], [Amount]),
  ..range(24).map(n => ([Energy #sys.inputs.number], [284 kWh], [0.32], [90.88])).flatten())
#for n in range(4) [ #sys.inputs.number #lorem(60) \\ ]
"""


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Letters and e-mails."""
    return {
        "compose_pdf": _letters(scale.of(100, 10)),
        "compose_email": _mails(scale.of(2_000, 200)),
        "blocks_vs_layout": _blocks(scale.of(100, 10)),
        **_statement(scale.of(STATEMENT_ROWS, STATEMENT_ROWS // 100)),
    }


def _letters(count: int) -> figures.Found:
    figures.keep_to(figures.OWN)
    engine = Pdf(samples.ASSETS.get, workers=1)
    batch = _letters_of(samples.bill(), count)
    try:
        engine.render(batch[:2])
        value = count / figures.median_wall_seconds(lambda: engine.render(batch))
    finally:
        engine.close()
    return figures.Found(value, _typst_alone(count))


def _typst_alone(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "letter.typ"
        source.write_text(_PEER_SOURCE, encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False)
        at = int(dt.datetime(2026, 2, 3, tzinfo=dt.UTC).timestamp())

        compiler = typst.Compiler(str(source), font_paths=fonts)

        def run() -> None:
            for number in range(count):
                inputs = {"number": str(number)}
                compiler.compile(format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=at, sys_inputs=inputs)

        return count / figures.median_wall_seconds(run)


def _blocks(count: int) -> figures.Found:
    """Letters of blocks, from their manuscripts on, against Typst alone with a layout written for just this page.

    Both by processor time: ours of the engine's worker and of this process, the peer's of this process.
    """
    figures.keep_to(figures.OWN)
    batch = _letters_of(samples.bill(), count)
    # Ended workers alone are counted: one engine a run, less what it takes to start one.
    bare = statistics.median(_engine_seconds(batch[:1]) for _ in range(figures.RUNS))
    ours = statistics.median(_engine_seconds(batch) for _ in range(figures.RUNS)) - bare
    own = (count - 1) / ours
    peer = count / _hand_written(batch)
    return figures.Found(100 * own / peer, peer_value=100, per_processor_second=own)


def _engine_seconds(batch: Sequence[manuscripts.Manuscript]) -> float:
    """Processor time of an engine with one worker from its start to its end."""
    before = _processor_seconds()
    engine = Pdf(samples.ASSETS.get, workers=1)
    try:
        rendered = engine.render(batch)
    finally:
        engine.close()
    assert all(isinstance(one, manuscripts.Rendition) for one in rendered)
    return _processor_seconds() - before


def _processor_seconds() -> float:
    """Of this process and of those it has started and seen end."""
    taken = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in taken)


def _hand_written(batch: Sequence[manuscripts.Manuscript]) -> float:
    """Processor time for the batch by Typst alone, fonts loaded."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "bill.typ").write_bytes(_HAND_WRITTEN.read_bytes())
        fonts = folder / "fonts"
        fonts.mkdir()
        for file in map(pathlib.Path, glyphs.fonts().files):
            (fonts / file.name).symlink_to(file)
        loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
        compiler = typst.Compiler(str(folder / "bill.typ"), font_paths=loaded)

        def run() -> None:
            for manuscript in batch:
                (code,) = [block for block in manuscript.blocks if isinstance(block, manuscripts.Barcode)]
                given = {"manuscript": manuscript, "code": barcodes.draw(code)}
                (folder / "data.json").write_bytes(msgspec.json.encode(given))
                compiler.compile(format="pdf", pdf_standards=worker.STANDARDS, timestamp=worker.TIMESTAMP_SECONDS)

        return figures.median_seconds(run)


def _statement(rows: int) -> Mapping[str, figures.Found]:
    """One statement with a total carried from page to page, from its facts on: processor time, largest memory."""
    content = templates.Content(
        communication="statement",
        category="billing",
        language="en-GB",
        contract="{}",
        title="Your statement",
        subject="Your statement",
        body=(templates.HeadingBlock(text="Your statement", level=1), _MOVEMENTS),
        brand=samples.BRAND,
        labels=samples.LABELS,
        is_long=True,
    )
    lines: list[records.Json] = [
        {
            "day": f"2026-01-{number % 28 + 1:02d}",
            "what": f"Reading {number:06d} at service point {number * 7 % 99_991}",
            "amount": {"amount": f"{number * 131 % 9_973 / 100:.2f}", "currency": "GBP"},
        }
        for number in range(rows)
    ]
    facts: dict[str, records.Json] = {
        "party": {"name": "Ms Maria Meyer", "time_zone": "Europe/London"},
        "event": {"lines": lines},
        "now": "2026-03-14T09:00:00Z",
    }
    started = time.process_time()
    readable = program.read(program.Source(content.digest(), content))
    composed = program.fill(readable, facts, ref="statement", postal=None)
    assert isinstance(composed, manuscripts.Manuscript), composed
    seconds = time.process_time() - started + _engine_seconds([composed])
    # The largest of all processes ended so far: no other one is anywhere near.
    taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {
        "statement_2000_pages": figures.Found(seconds),
        "statement_memory": figures.Found(taken / 1_000_000),
    }


def _mails(count: int) -> figures.Found:
    engine = Email(samples.ASSETS.get)
    batch = _letters_of(samples.outage(), count)
    return figures.Found(count / figures.median_seconds(lambda: engine.render(batch)))


def _letters_of(manuscript: manuscripts.Manuscript, count: int) -> list[manuscripts.Manuscript]:
    """As many manuscripts, each with texts and figures of its own: Typst remembers what it laid out before."""
    blocks = msgspec.to_builtins(manuscript.blocks)
    return [
        msgspec.structs.replace(
            manuscript,
            ref=f"{manuscript.ref}{number}",
            recipient=(f"{manuscript.recipient[0]} {number}", *manuscript.recipient[1:]),
            blocks=msgspec.convert(_varied(blocks, number), tuple[manuscripts.Block, ...]),
        )
        for number in range(count)
    ]


def _varied(given: object, number: int, key: str = "") -> object:
    match given:
        case dict():
            members = cast("dict[str, object]", given)
            return {name: _varied(member, number, name) for name, member in members.items()}
        case list() | tuple():
            return [_varied(member, number, key) for member in cast("Sequence[object]", given)]
        case str() if key in _TEXTS:
            # As long as it was, so that the shape of the letter stays.
            digits = str(number % 10**9).zfill(9)
            turned = "".join(
                digits[place % 9] if character.isdecimal() else character for place, character in enumerate(given)
            )
            return f"{turned} {number}" if key == "text" else turned
        case _:
            return given
