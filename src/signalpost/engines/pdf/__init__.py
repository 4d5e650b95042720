"""Letters as PDF: manuscripts laid out by Typst in worker processes, tagged (PDF/UA-1) and archivable (PDF/A-3a)."""

import functools
import hashlib
import os
import pathlib
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from typing import cast

import msgspec

from signalpost.engines.pdf import blocks, glyphs, pool, sheets, tracing, worker, workplace
from signalpost.vocabulary import manuscripts, parties, records
from signalpost.vocabulary.manuscripts import UnrenderableReason

#: A layout that a manuscript brings with it.
LAYOUT_BYTES_MAX = 200_000

#: A killed document is looked at a second time, which takes as long again: only so often in an engine's life.
TRACES_MAX = 5

_KILLED = frozenset({UnrenderableReason.TIMED_OUT, UnrenderableReason.OUT_OF_MEMORY})

#: Gives the bytes of an image by digest, None for one it does not have.
Assets = Callable[[str], bytes | None]

_LIBRARIES = ("typst", "zxing-cpp", "babel")


class Pdf:
    """The engine for the `letter` channel.

    Worker processes start with the first document. Calls from several threads share them.
    """

    def __init__(
        self,
        assets: Assets,
        *,
        window: sheets.Window = "din5008",
        layout: pathlib.Path | None = None,
        workers: int = 0,
        limits: pool.Limits | None = None,
        further_fonts: Sequence[pathlib.Path] = glyphs.FURTHER_FOLDERS,
    ) -> None:
        """Set up without starting a process.

        Args:
            assets: where images come from.
            window: the envelope's window, and with it the paper: DIN 5008 form B on A4, or US #10 on Letter.
            layout: a folder with a `letter.typ` to use instead of the standard one; it can import `/standard/*.typ`.
                A manuscript with a layout of its own is laid out by that.
            workers: processes; 0 is one for each core this process may use.
            limits: what one document may take.
            further_fonts: folders with the Noto families for scripts that the packaged family does not hold.

        Raises:
            workplace.LayoutRefusedError: the layout folder must not be used.
        """
        self._assets = assets
        self._limits = limits or pool.Limits()
        self._layouts = workplace.layouts(layout)
        self._window: sheets.Window = window
        self._fonts = glyphs.fonts(further_fonts)
        self._traces_left = TRACES_MAX
        count = workers or len(os.sched_getaffinity(0))
        self._pool = self._workers(self._limits, count)
        # One at a time: each may take as much memory as a dozen others.
        self._long_pool = self._workers(pool.LONG, 1)

    def _workers(self, limits: pool.Limits, count: int) -> pool.Pool:
        setup = worker.Setup(
            window=self._window,
            main=self._layouts.main,
            fonts=self._fonts,
            memory_bytes=limits.memory_bytes,
            cpu_seconds=limits.cpu_seconds,
            pages_max=limits.pages,
            rows_max=limits.rows,
        )
        return pool.Pool(self._layouts, setup, limits=limits, count=count)

    @property
    def channel(self) -> parties.ChannelKind:
        """Letters."""
        return parties.ChannelKind.LETTER

    @property
    def version(self) -> str:
        """Digest of all that shapes the bytes: this package, layout, fonts, libraries, window."""
        return _version(self._window, self._fonts, self._layouts.digest())

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out a batch on all workers.

        Raises:
            pool.StartError: workers do not come up.
            RuntimeError: the engine is closed.
        """
        assets = functools.cache(self._assets)
        orders = [_order(manuscript, assets, self._limits_of(manuscript)) for manuscript in batch]
        pairs = list(zip(batch, orders, strict=True))
        short, long = (
            [order for manuscript, order in pairs if isinstance(order, pool.Order) and manuscript.is_long == is_long]
            for is_long in (False, True)
        )
        done = {False: iter(self._pool.run(short)), True: iter(self._long_pool.run(long) if long else ())}
        return [
            self._rendered(manuscript, order, next(done[manuscript.is_long]))
            if isinstance(order, pool.Order)
            else _refused(manuscript.ref, order.reason, order.detail)
            for manuscript, order in pairs
        ]

    def _limits_of(self, manuscript: manuscripts.Manuscript) -> pool.Limits:
        return pool.LONG if manuscript.is_long else self._limits

    def _rendered(self, manuscript: manuscripts.Manuscript, order: pool.Order, done: pool.Done) -> manuscripts.Rendered:
        ref = manuscript.ref
        reason, detail = done.verdict.reason, done.verdict.detail
        if reason is None:
            return manuscripts.Rendition(
                ref=ref,
                channel=parties.ChannelKind.LETTER,
                media_type="application/pdf",
                content=done.content,
                units=done.verdict.pages,
            )
        if reason in _KILLED and self._traces_left > 0:
            self._traces_left -= 1
            desk = (self._long_pool if manuscript.is_long else self._pool).desk()
            place = tracing.last_entered(desk, order, self._limits_of(manuscript))
            detail = f"{detail}; last entered {place}" if place else detail
        return _refused(ref, reason, detail)

    def close(self) -> None:
        """End the workers and take their folders away. Idempotent."""
        self._pool.close()
        self._long_pool.close()


def _order(manuscript: manuscripts.Manuscript, assets: Assets, limits: pool.Limits) -> pool.Order | sheets.Flaw:
    """What a worker needs for a manuscript, or why it cannot get it."""
    found = [
        (digest, ending, content)
        for digest, ending in _files(manuscript)
        if records.is_digest(digest) and (content := assets(digest)) is not None
    ]
    files = [(f"{workplace.ASSETS}/{digest}.{ending}", content) for digest, ending, content in found]
    if manuscript.layout:
        source = manuscript.layout.encode(errors="replace")
        if len(source) > LAYOUT_BYTES_MAX:
            detail = f"layout: wanted at most {LAYOUT_BYTES_MAX} bytes, got {len(source)}"
            return sheets.Flaw(reason=UnrenderableReason.TOO_LONG, detail=detail)
        files.append((workplace.own(manuscript.layout), source))
    digests = tuple(digest for digest, _, _ in found)
    try:
        job = msgspec.json.encode(worker.Job(manuscript=manuscript, assets=digests))
    except UnicodeEncodeError:
        path, code = next(_surrogates("manuscript", msgspec.to_builtins(manuscript)))
        return sheets.Flaw(reason=UnrenderableReason.MISSING_GLYPH, detail=f"{path}: no font holds U+{code:04X}")
    if len(job) > limits.manuscript_bytes:
        wanted = f"manuscript: wanted at most {limits.manuscript_bytes} bytes, got {len(job)}"
        return sheets.Flaw(reason=UnrenderableReason.TOO_LONG, detail=wanted)
    return pool.Order(job=job, files=tuple(files))


def _files(manuscript: manuscripts.Manuscript) -> Iterator[tuple[str, str]]:
    """The files that stand in a letter, by digest and ending."""
    for block in manuscripts.walk(manuscripts.said_on(parties.ChannelKind.LETTER, manuscript.blocks)):
        match block:
            case manuscripts.Image() if block.media_type in blocks.ENDINGS:
                yield block.digest, blocks.ENDINGS[block.media_type]
            case manuscripts.Attachment():
                yield block.digest, blocks.ATTACHED_ENDING
            case _:
                pass


def _surrogates(path: str, value: object) -> Iterator[tuple[str, int]]:
    """Half characters, which no text may hold, with their places."""
    if isinstance(value, str):
        yield from ((path, ord(character)) for character in value if "\ud800" <= character <= "\udfff")
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from _surrogates(f"{path}.{key}", inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(cast("Sequence[object]", value)):
            yield from _surrogates(f"{path}[{index}]", inner)


def _refused(ref: str, reason: UnrenderableReason, detail: str) -> manuscripts.Unrenderable:
    return manuscripts.Unrenderable(ref=ref, channel=parties.ChannelKind.LETTER, reason=reason, detail=detail)


@functools.cache
def _version(window: sheets.Window, fonts: glyphs.Fonts, layouts: str) -> str:
    """Digest of the arguments, of this package's code, and of the libraries that draw."""
    code = (path.read_bytes() for path in sorted(pathlib.Path(__file__).parent.glob("*.py")))
    libraries = (f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    seen = (*(records.digest(content) for content in code), *libraries, window, fonts.digest(), layouts)
    return f"pdf-{hashlib.sha256(' '.join(seen).encode()).hexdigest()[:20]}"
