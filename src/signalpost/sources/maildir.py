"""Maildir in: delivery reports, complaints and replies that the mail server has put into a folder.

A mail is handed over, and moved from `new` to `cur` once it is stored. After a crash in between it is handed over
again; receipts are told apart by what they say, so that changes nothing.
"""

import contextlib
import datetime as dt
import logging
import pathlib
import threading
from collections.abc import Sequence

from signalpost import settings
from signalpost.sources import NotStoredError, Sink
from signalpost.vocabulary import events

logger = logging.getLogger("signalpost.sources.maildir")

#: How often the folder is looked at.
LOOK_SECONDS = 0.5
#: Mails handed over at once.
BATCH_MAILS = 200
#: A mail longer than this is cut: what it reports stands at its beginning.
MAIL_BYTES = 1_048_576
MEDIA_TYPE = "message/rfc822"
#: What a mail's file name ends with once it was seen (maildir(5)).
SEEN = ":2,S"


class Maildir:
    """The listener for a Maildir."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Listen to this folder, which has `new`, `cur` and `tmp`; they are made when missing."""
        self._folder = folder
        self._stop = threading.Event()

    @property
    def name(self) -> str:
        """As it stands in `Raw.channel`."""
        return "maildir"

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stop.set()

    def run(self, sink: Sink) -> None:
        """Look again and again until stopped."""
        for part in ("new", "cur", "tmp"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        while not self._stop.is_set():
            found = sorted(path for path in (self._folder / "new").iterdir() if path.is_file())[:BATCH_MAILS]
            if not found or not self._take(found, sink):
                self._stop.wait(LOOK_SECONDS)

    def _take(self, found: Sequence[pathlib.Path], sink: Sink) -> bool:
        try:
            sink([self._raw(path) for path in found])
        except NotStoredError as error:
            logger.warning("maildir: %d mails not stored, taken again: %s", len(found), error)
            return False
        for path in found:
            # Another reader of the folder may have moved it meanwhile.
            with contextlib.suppress(FileNotFoundError):
                path.rename(self._folder / "cur" / f"{path.name}{SEEN}")
        return True

    def _raw(self, path: pathlib.Path) -> events.Raw:
        with path.open("rb") as file:
            body = file.read(MAIL_BYTES)
        return events.Raw(
            channel=self.name,
            sender="mail",
            content_type=MEDIA_TYPE,
            body=body,
            received_at=dt.datetime.now(dt.UTC),
            headers=(("file", path.name),),
        )


def from_settings(given: settings.Settings) -> Maildir | None:
    """The listener, `None` without a folder."""
    return Maildir(pathlib.Path(given.returns_maildir)) if given.returns_maildir else None
