"""`compose`: letters and e-mails from manuscripts."""

import datetime as dt
import pathlib
import tempfile
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec
import typst
from tests.engines import samples

from benchmarks import figures
from signalpost.engines.email import Email
from signalpost.engines.pdf import Pdf
from signalpost.vocabulary import manuscripts

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
