"""The tailor works through one manuscript: cleans, checks and fits its texts, and keeps the first flaw.

What is refused goes on being worked on, so that callers need no second path; the flaw decides in the end.
"""

import contextlib
from collections.abc import Collection, Generator, Sequence

from signalpost.engines.pdf import glyphs, sheets, texts
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason

#: Baseline to baseline in fixed boxes, in type sizes, rounded up from the layout's own.
PITCH_EM = 1.3


class Wardrobe:
    """What is the same for all manuscripts of a worker: stationery, fonts, their characters."""

    def __init__(self, window: sheets.Window, found: glyphs.Fonts) -> None:
        self.paper = sheets.paper(window)
        self.measures = sheets.measures()
        self.fonts = found
        self.coverage = glyphs.Coverage(found)
        self.fitter = texts.Fitter(self.coverage)


class Tailor:
    """The state of dressing one manuscript."""

    def __init__(
        self, manuscript: manuscripts.Manuscript, wardrobe: Wardrobe, assets: Collection[str], *, rows_max: int
    ) -> None:
        self.flaw: sheets.Flaw | None = None
        #: Whether any block has something to say.
        self.has_content = False
        #: Fixed boxes whose content may not fit.
        self.doubtful: list[str] = []
        #: Level of the last heading.
        self.level = 0
        #: Tables with a carried total so far.
        self.carried = 0
        #: Places of the parts around the block of the moment.
        self.parts: list[str] = []
        #: Attached files by name, and those whose bytes are placed already.
        self.attached: dict[str, str] = {}
        self.placed: set[str] = set()
        self.manuscript = manuscript
        self.assets = assets
        self.wardrobe = wardrobe
        self.rows_max = rows_max
        self.look = wardrobe.measures
        #: Width of the text in millimetres.
        self.width = wardrobe.paper.body_width
        self.is_rtl = manuscript.direction is manuscripts.Direction.RTL

    @contextlib.contextmanager
    def inside(self, path: str, width: float) -> Generator[None]:
        """Work on a part of a block, for its own width in millimetres."""
        outer, self.width = self.width, width
        self.parts.append(path)
        yield
        self.parts.pop()
        self.width = outer

    def refuse(
        self, path: str, detail: str, reason: UnrenderableReason = UnrenderableReason.UNSUPPORTED
    ) -> sheets.Plain:
        """Note a flaw; the first one stays."""
        self.flaw = self.flaw or sheets.Flaw(reason=reason, detail=f"{path}: {detail}")
        return sheets.Plain()

    def text(self, path: str, text: str, *, width: float, size: float) -> str:
        """A text as it may stand in a column of this width (mm) at this size (pt)."""
        cleaned = texts.clean(text)
        self.flaw = self.flaw or self.wardrobe.coverage.check(path, cleaned)
        if self.is_rtl:
            cleaned = texts.steady(cleaned)
        return self.wardrobe.fitter.fit(cleaned, width_mm=width, size_pt=size)

    def runs(self, path: str, runs: manuscripts.Runs, *, width: float, size: float = 0) -> manuscripts.Runs:
        """Runs for a column; behind a link whose text does not show it stands its address."""
        size = size or self.look.body_pt
        self.has_content = self.has_content or has_text(runs)
        dressed: list[manuscripts.Run] = []
        for index, run in enumerate(runs):
            place = f"{path}[{index}]"
            shown = self.text(place, run.text, width=width, size=size)
            link = run.link if shown.strip() else ""
            dressed.append(manuscripts.Run(text=shown, strong=run.strong, emphasis=run.emphasis, link=link))
            if run.link and not texts.is_link(run.link):
                self.refuse(place, f"wanted an https, mailto or tel link, got {run.link[:60]!r}")
            elif run.link and not texts.shows(run.text, run.link):
                address = self.text(place, f" ({texts.printed(run.link)})", width=width, size=size)
                dressed.append(manuscripts.Run(text=address))
        return tuple(dressed)

    def is_single(self, text: str, *, width: float, size: float) -> bool:
        """Whether the text certainly stands on one line of a column."""
        return self.wardrobe.fitter.is_single(text, width_mm=width, size_pt=size)

    def broken(self, text: str, *, width: float, size: float) -> str:
        """The text with a line end wherever it may have to be broken."""
        return self.wardrobe.fitter.broken(text, width_mm=width, size_pt=size)

    def lines_at_most(self, text: str, *, width: float, size: float) -> int:
        """How many lines the text may take in a column."""
        return self.wardrobe.fitter.lines_at_most(text, width_mm=width, size_pt=size)

    def box(self, name: str, lines: Sequence[str], *, width: float, height: float, size: float) -> None:
        """Have the layout measure a fixed box (mm) unless its lines certainly fit at this size (pt)."""
        is_low = len(lines) * size * PITCH_EM <= height * texts.PT_PER_MM
        if name not in self.doubtful and not (
            is_low and all(self.is_single(line, width=width, size=size) for line in lines)
        ):
            self.doubtful.append(name)


def has_text(runs: manuscripts.Runs) -> bool:
    """Whether the runs say anything."""
    return any(run.text.strip() for run in runs)
