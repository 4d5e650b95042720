"""`compose`: letters and e-mails from manuscripts."""

import datetime as dt
import pathlib
import tempfile
from collections.abc import Mapping

import msgspec
import typst
from tests.engines import samples

from benchmarks import figures
from signalpost.engines.email import Email
from signalpost.engines.pdf import Pdf
from signalpost.vocabulary import manuscripts

#: The peer lays out a plain letter of as many pages, with as long a table, tagged and archivable as ours.
_PEER_SOURCE = """
#set document(title: "Bill", date: auto)
#set page(paper: "a4", margin: 2.5cm)
#set text(lang: "en", size: 10pt)
#set par(linebreaks: "simple")
= Your bill for January
#for n in range(9) [ #lorem(60) \\ ]
#table(columns: (3fr, 1fr, 1fr, 1fr), table.header([Item], [Quantity], [Price], [Amount]),
  ..range(24).map(n => ([Energy], [284 kWh], [0.32], [90.88])).flatten())
#for n in range(4) [ #lorem(60) \\ ]
"""


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Letters and e-mails."""
    return {
        "compose_pdf": _letters(scale.of(100, 10)),
        "compose_email": _mails(scale.of(2_000, 200)),
    }


def _letters(count: int) -> figures.Found:
    figures.keep_to(figures.OWN)
    engine = Pdf(samples.ASSETS.get, workers=1)
    batch = _copies(samples.bill(), count)
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
            for _ in range(count):
                compiler.compile(format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=at)

        return count / figures.median_wall_seconds(run)


def _mails(count: int) -> figures.Found:
    engine = Email(samples.ASSETS.get)
    batch = _copies(samples.outage(), count)
    return figures.Found(count / figures.median_seconds(lambda: engine.render(batch)))


def _copies(manuscript: manuscripts.Manuscript, count: int) -> list[manuscripts.Manuscript]:
    return [msgspec.structs.replace(manuscript, ref=f"{manuscript.ref}{number}") for number in range(count)]
