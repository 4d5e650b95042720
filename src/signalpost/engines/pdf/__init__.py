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

#: A manuscript larger than this as JSON is not laid out.
MANUSCRIPT_BYTES_MAX = 8_000_000

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
            workers: processes; 0 is one for each core this process may use.
            limits: what one document may take.
            further_fonts: folders with the Noto families for scripts that the packaged family does not hold.

        Raises:
            workplace.LayoutRefusedError: the layout folder must not be used.
        """
        self._assets = assets
        self._limits = limits or pool.Limits()
        self._layouts = workplace.layouts(layout)
        self._setup = worker.Setup(
            window=window,
            main=self._layouts.main,
            fonts=glyphs.fonts(further_fonts),
            memory_bytes=self._limits.memory_bytes,
            cpu_seconds=self._limits.cpu_seconds,
            pages_max=self._limits.pages,
        )
        self._traces_left = TRACES_MAX
        count = workers or len(os.sched_getaffinity(0))
        self._pool = pool.Pool(self._layouts, self._setup, limits=self._limits, count=count)

    @property
    def channel(self) -> parties.ChannelKind:
        """Letters."""
        return parties.ChannelKind.LETTER

    @property
    def version(self) -> str:
        """Digest of all that shapes the bytes: this package, layout, fonts, libraries, window."""
        return _version(self._setup.window, self._setup.fonts, self._layouts.digest())

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out a batch on all workers.

        Raises:
            pool.StartError: workers do not come up.
            RuntimeError: the engine is closed.
        """
        images = functools.cache(self._assets)
        orders = [_order(manuscript, images) for manuscript in batch]
        done = iter(self._pool.run([order for order in orders if isinstance(order, pool.Order)]))
        return [
            self._rendered(manuscript.ref, order, next(done))
            if isinstance(order, pool.Order)
            else _refused(manuscript.ref, order.reason, order.detail)
            for manuscript, order in zip(batch, orders, strict=True)
        ]

    def _rendered(self, ref: str, order: pool.Order, done: pool.Done) -> manuscripts.Rendered:
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
            place = tracing.last_entered(self._pool.desk(), order, self._limits)
            detail = f"{detail}; last entered {place}" if place else detail
        return _refused(ref, reason, detail)

    def close(self) -> None:
        """End the workers and take their folders away. Idempotent."""
        self._pool.close()


def _order(manuscript: manuscripts.Manuscript, images: Assets) -> pool.Order | sheets.Flaw:
    """What a worker needs for a manuscript, or why it cannot get it."""
    found = [
        (block.digest, blocks.ENDINGS[block.media_type], content)
        for block in manuscript.blocks
        if isinstance(block, manuscripts.Image)
        and records.is_digest(block.digest)
        and block.media_type in blocks.ENDINGS
        and (content := images(block.digest)) is not None
    ]
    digests = tuple(digest for digest, _, _ in found)
    try:
        job = msgspec.json.encode(worker.Job(manuscript=manuscript, assets=digests))
    except UnicodeEncodeError:
        path, code = next(_surrogates("manuscript", msgspec.to_builtins(manuscript)))
        return sheets.Flaw(reason=UnrenderableReason.MISSING_GLYPH, detail=f"{path}: no font holds U+{code:04X}")
    if len(job) > MANUSCRIPT_BYTES_MAX:
        wanted = f"manuscript: wanted at most {MANUSCRIPT_BYTES_MAX} bytes, got {len(job)}"
        return sheets.Flaw(reason=UnrenderableReason.TOO_LONG, detail=wanted)
    return pool.Order(job=job, assets=tuple((f"{digest}.{ending}", content) for digest, ending, content in found))


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
