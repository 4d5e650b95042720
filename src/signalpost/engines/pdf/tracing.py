"""Where a layout was when it had to be killed: the second look at a document that took too long or too much.

Typst names the line of a fault, but a killed compile says nothing. So the layout is run once more with a mark at every
block of code that it enters: reading a file is the one thing a layout does that can be seen from outside. Marks are
read once per place, so the last one is where the compile went for the first time before it stayed.
"""

import contextlib
import ctypes
import os
import pathlib
import re
import selectors
import struct
import sys
from collections.abc import Generator

from msgspec.structs import replace

from signalpost.engines.pdf import pool, workplace

MARKS = "marks"
EVENTS_BYTES_MAX = 1 << 20

_IN_NONBLOCK = 0o4000
_IN_OPEN = 0x20
#: `struct inotify_event`: watch, mask, cookie, length of the name that follows.
_EVENT = struct.Struct("iIII")

#: A statement: in markup behind a hash at the start of a line, in code a binding.
_STATEMENT = re.compile(r"\s*(?=#[a-z]|let )")
#: A loop with its body, or a block that opens at the end of a line: code in braces, content in brackets.
_LOOP = re.compile(r"\b(?:for|while)\b[^{}\[\]]*[{\[]")
_OPENING = re.compile(r"[{\[](?=\s*(?://.*)?$)")


def last_entered(folder: pathlib.Path, order: pool.Order, limits: pool.Limits) -> str:
    """File and line of the layout that it entered last, "" where that cannot be seen.

    Args:
        folder: made ready for a worker; it is marked, used and taken away.
        order: what was being carried out.
        limits: what it may take this time.
    """
    if sys.platform != "linux":
        return ""
    root = folder / workplace.ROOT
    layouts = [(name, content) for name, content in order.files if name.endswith(".typ")]
    for name, content in layouts:
        (root / name).parent.mkdir(parents=True)
        (root / name).write_bytes(content)
    order = replace(order, files=tuple(file for file in order.files if file not in layouts))
    places = mark(root)
    with _opened(root / MARKS) as opened:
        hand = pool.Worker(folder, limits)
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(hand, selectors.EVENT_READ)
                hand.begin(order)
                while not pool.await_answers(selector, [hand]):
                    pass
        finally:
            hand.kill()
            hand.close()
        names = [places[name] for name in opened() if name in places]
    return names[-1] if names else ""


def mark(root: pathlib.Path) -> dict[str, str]:
    """Put marks into every layout file below the root; gives what each stands for, as `folder/file.typ:line`."""
    marks = root / MARKS
    marks.mkdir()
    places: dict[str, str] = {}

    def sign(place: str) -> str:
        name = str(len(places))
        places[name] = place
        (marks / name).touch()
        return f'let _ = read("/{MARKS}/{name}"); '

    def marked(line: str, place: str) -> str:
        if found := _LOOP.search(line) or _OPENING.search(line):
            hash_ = "#" if found[0].endswith("[") else ""
            line = f"{line[: found.end()]} {hash_}{sign(place)}{line[found.end() :]}"
        if found := _STATEMENT.match(line):
            hash_ = "#" if line[found.end()] == "#" else ""
            line = f"{found[0]}{hash_}{sign(place)}{line[found.end() :]}"
        return line

    for path in sorted(root.glob("**/*.typ")):
        lines = path.read_text().split("\n")
        inside = path.relative_to(root)
        shown = inside.name if inside.parts[0] == workplace.OWN else inside.as_posix()
        path.write_text("\n".join(marked(line, f"{shown}:{number}") for number, line in enumerate(lines, start=1)))
    return places


@contextlib.contextmanager
def _opened(folder: pathlib.Path) -> Generator["_Opened"]:
    """Watch a folder; calling the result gives the names of its files that were opened so far, in order."""
    system = ctypes.CDLL(None, use_errno=True)
    watch = system.inotify_init1(_IN_NONBLOCK)
    try:
        system.inotify_add_watch(watch, os.fsencode(folder), _IN_OPEN)
        yield _Opened(watch)
    finally:
        os.close(watch)


class _Opened:
    def __init__(self, watch: int) -> None:
        self._watch = watch

    def __call__(self) -> list[str]:
        names: list[str] = []
        with contextlib.suppress(BlockingIOError):
            while events := os.read(self._watch, EVENTS_BYTES_MAX):
                start = 0
                while start < len(events):
                    length = _EVENT.unpack_from(events, start)[3]
                    start += _EVENT.size
                    names.append(events[start : start + length].rstrip(b"\0").decode())
                    start += length
        return names
