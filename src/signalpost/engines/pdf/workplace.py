"""The folders of an engine: one for itself, below it one for each worker, in memory where the system offers that.

    signalpost-pdf-XXXXXXXX/       mode 0700, held by a lock for as long as its owner lives
      lock
      fonts/                       links to the font files: Typst takes folders only
      worker-N/                    see `worker`

What a killed owner left behind is swept away by the next engine.
"""

import contextlib
import fcntl
import functools
import itertools
import pathlib
import shutil
import stat
import tempfile
from collections.abc import Iterator

from signalpost.engines.pdf import glyphs, sheets
from signalpost.vocabulary import records

_PREFIX = "signalpost-pdf-"
_MEMORY = pathlib.Path("/dev/shm")  # noqa: S108 -- made with mode 0700 and an unguessable name by mkdtemp

#: Bounds of a layout given from outside.
LAYOUT_FILES_MAX = 200
LAYOUT_BYTES_MAX = 20_000_000
MAIN = "letter.typ"

FONTS, ROOT, ASSETS, OWN = "fonts", "root", "assets", "own"


@functools.lru_cache
def own(layout: str) -> str:
    """Path from the root of the layout that a manuscript brings with it."""
    return f"{OWN}/{records.digest(layout.encode(errors='replace'))}/layout.typ"


class LayoutRefusedError(ValueError):
    """A layout folder that must not be used: a symlink in it, no main file, too many or too large files."""


def validate(layout: pathlib.Path) -> list[pathlib.Path]:
    """The files of a layout folder, sorted.

    Typst follows symlinks out of its root, so there must be none.

    Raises:
        LayoutRefusedError: names the file and what is wrong with it.
    """
    files: list[pathlib.Path] = []
    size = 0
    for path in _walk(layout):
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            message = f"layout {str(layout)!r}: wanted plain files only, got {path.relative_to(layout).as_posix()!r}"
            raise LayoutRefusedError(message)
        files.append(path)
        size += path.lstat().st_size
        if len(files) > LAYOUT_FILES_MAX or size > LAYOUT_BYTES_MAX:
            message = f"layout {str(layout)!r}: wanted at most {LAYOUT_FILES_MAX} files and {LAYOUT_BYTES_MAX} bytes"
            raise LayoutRefusedError(message)
    if layout / MAIN not in files:
        message = f"layout {str(layout)!r}: wanted a main file {MAIN!r}, got none"
        raise LayoutRefusedError(message)
    return sorted(files)


def _walk(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """Everything below a folder that is not itself a true folder."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


class Layouts(records.Record, frozen=True, kw_only=True):
    """The files that a layout can import, by path from its root, read once: what changes later has no effect."""

    files: dict[str, bytes]
    #: The file that is compiled.
    main: str

    def digest(self) -> str:
        """Changes with any file."""
        seen = (f"{name} {records.digest(content)}" for name, content in self.files.items())
        return records.digest(" ".join((self.main, *seen)).encode())


def layouts(given: pathlib.Path | None = None) -> Layouts:
    """The standard layouts as `standard/`, and beside them, and in their place, a folder given as `layout/`.

    Raises:
        LayoutRefusedError: the folder must not be used.
    """
    files = {f"standard/{path.name}": path.read_bytes() for path in sorted(sheets.LAYOUT.iterdir())}
    if given is None:
        return Layouts(files=files, main=f"standard/{MAIN}")
    own = {f"layout/{path.relative_to(given).as_posix()}": path.read_bytes() for path in validate(given)}
    return Layouts(files=files | own, main=f"layout/{MAIN}")


class Workplace:
    """The folders of one engine. `close` takes them away."""

    def __init__(self, fonts: glyphs.Fonts, layouts: Layouts) -> None:
        base = _MEMORY if _MEMORY.is_dir() else pathlib.Path(tempfile.gettempdir())
        _sweep(base)
        # Locked before it has the name by which others sweep.
        made = pathlib.Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=base))
        self._lock = (made / "lock").open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.folder = made.rename(made.with_name(made.name.removeprefix(".")))
        self._layouts = layouts
        self._numbers = itertools.count(1)
        (self.folder / FONTS).mkdir()
        for file in map(pathlib.Path, fonts.files):
            (self.folder / FONTS / file.name).symlink_to(file)

    def desk(self) -> pathlib.Path:
        """A new folder for a worker, with the layouts in its root."""
        folder = self.folder / f"worker-{next(self._numbers)}"
        (folder / ROOT / ASSETS).mkdir(parents=True)
        for name, content in self._layouts.files.items():
            path = folder / ROOT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder

    def close(self) -> None:
        """Take everything away. Idempotent."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def _sweep(base: pathlib.Path) -> None:
    """Remove the folders whose owner is gone: nobody holds their lock."""
    for folder in base.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), (folder / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
