"""The Maildir into which the mail server puts what comes back.

Read, understand, store the receipts, then `done`: a crash in between reads the same mail again, and its receipts are
told as the same.
"""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from signalpost.channels.smtp import inbound

#: Mails given by one reading.
READ_LIMIT = 500


class Arrived(NamedTuple):
    """A mail not yet dealt with."""

    #: File name in the Maildir.
    name: str
    #: Its beginning, as far as `understand` looks.
    raw: bytes


def read(maildir: Path, *, limit: int = READ_LIMIT) -> Iterator[Arrived]:
    """Give the mails that are new, oldest first by name; none while the server has not yet made the folder."""
    folder = maildir / "new"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir())[:limit]:
        try:
            with path.open("rb") as file:
                raw = file.read(inbound.SIZE_LIMIT_BYTES)
        except FileNotFoundError:
            # Another reader was faster.
            continue
        yield Arrived(path.name, raw)


def done(maildir: Path, name: str) -> None:
    """Put a mail that was dealt with among the read ones (`cur`, flag S); one that is gone already is fine."""
    seen = maildir / "cur"
    seen.mkdir(exist_ok=True)
    try:
        (maildir / "new" / name).rename(seen / f"{name}:2,S")
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
