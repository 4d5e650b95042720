"""Print spool: one batch a closing time for a print shop: a merged PDF, a manifest, the counts.

A batch is a folder that appears whole (written aside, flushed, renamed) and never changes. Every letter in it is named
by its delivery reference in the manifest, so a letter that is sent again after a crash is found there and not printed
twice. What the shop reports back (`accepted`, `printed`, `posted`, `returned`) comes as CSV or JSON, by file or API.
"""

import csv
import datetime as dt
import io
import logging
import os
import pathlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated

import msgspec
import pikepdf

from signalpost import settings
from signalpost.channels import traffic
from signalpost.vocabulary import deliveries, parties, records

logger = logging.getLogger("signalpost.channels.print_spool")

#: Letters of one batch at most; more at one closing time make several batches.
BATCH_LETTERS = 5000
PAGES_PER_SHEET = 2
MERGED_NAME = "letters.pdf"
MANIFEST_NAME = "manifest.json"
#: What a print shop may report, in its words and ours.
REPORTED = {
    "accepted": deliveries.OutcomeKind.ACCEPTED,
    "printed": deliveries.OutcomeKind.PRINTED,
    "posted": deliveries.OutcomeKind.POSTED,
    "returned": deliveries.OutcomeKind.RETURNED,
}


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Where batches go and when they close."""

    name: str = "print_spool"
    folder: pathlib.Path
    closes_at: tuple[dt.time, ...] = ()
    time_zone: str = "UTC"
    closes_every_seconds: int = 0


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter of a manifest."""

    sequence: int
    delivery: str
    communication: str
    #: SHA-256 of the letter as composed.
    document: str
    first_page: int
    pages: int
    sheets: int
    #: ISO 3166-1 alpha-2, for postage; "" when the letter does not say.
    country: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a batch."""

    batch: str
    closed_at: dt.datetime
    letters: int
    pages: int
    sheets: int
    #: SHA-256 of the merged PDF.
    merged: str
    items: tuple[Letter, ...]


#: What a database can hold (no U+0000) and a reference can be.
_Text = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")]
_Word = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00]*$")]
#: Years in which letters are reported; others are a shop's faulty clock, and some are none in another time zone.
_YEARS = range(2000, 2200)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what a print shop reports: about one letter, or a whole batch."""

    status: str
    at: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    delivery: _Word = ""
    batch: _Word = ""
    detail: _Text = ""


class PrintSpool:
    """The print spool channel."""

    def __init__(self, config: Config) -> None:
        """Prepare; the folder is made with the first batch."""
        self._config = config
        self._known: dict[str, str] = {}
        self._read: set[str] = set()
        self.profile = deliveries.Profile(
            name=config.name,
            kind=parties.ChannelKind.LETTER,
            unclear=deliveries.UnclearPolicy.RESEND,
            batch=BATCH_LETTERS,
            closes_at=config.closes_at,
            time_zone=config.time_zone,
            closes_every_seconds=config.closes_every_seconds,
        )

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Write the letters that are in no batch yet as one batch."""
        try:
            self._learn()
            new = [outgoing for outgoing in batch if outgoing.ref not in self._known]
            refused = self._write(new) if new else {}
        except OSError as error:
            wait = deliveries.Outcome(kind=deliveries.OutcomeKind.DEFERRED, detail=f"spool folder: {error.strerror}")
            return [wait for _ in batch]
        return [refused.get(outgoing.ref) or self._accepted(outgoing.ref) for outgoing in batch]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read what the shop reports: JSON (a list of reports), or CSV with the same names as headings.

        A report about a batch speaks for every letter in it. A report that is not understood says nothing; those beside
        it still do.
        """
        reports = list(_read_reports(raw, media_type))
        if any(report.batch for report in reports):
            try:
                self._learn()
            except OSError as error:
                logger.warning("spool folder: %s", error.strerror)
        receipts: list[deliveries.Receipt] = []
        for report in reports:
            refs = [report.delivery] if report.delivery else self._letters_of(report.batch)
            receipts.extend(self._receipt(report, ref) for ref in refs)
        return receipts

    def check(self) -> str:
        """Whether the folder can be written."""
        nearest = next(place for place in [self._config.folder, *self._config.folder.parents] if place.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
            return ""
        return f"spool folder {str(self._config.folder)!r}: wanted a folder we can write, got none; change spool_folder"

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, new: Sequence[deliveries.Outgoing]) -> dict[str, deliveries.Outcome]:
        merged, items, refused = _merge(new)
        if not items:
            return refused
        closed_at = dt.datetime.now(dt.UTC)
        letters = records.reference(*(item.delivery for item in items))[:8]
        name = f"{closed_at:%Y%m%dT%H%M%S}-{letters}"
        manifest = Manifest(
            batch=name,
            closed_at=closed_at,
            letters=len(items),
            pages=sum(item.pages for item in items),
            sheets=sum(item.sheets for item in items),
            merged=records.digest(merged),
            items=tuple(items),
        )
        self._config.folder.mkdir(parents=True, exist_ok=True)
        # The same letters again after a crash take the place of what was left half written.
        aside = self._config.folder / f".{letters}.part"
        shutil.rmtree(aside, ignore_errors=True)
        try:
            aside.mkdir()
            _write_flushed(aside / MERGED_NAME, merged)
            _write_flushed(aside / MANIFEST_NAME, msgspec.json.format(msgspec.json.encode(manifest), indent=2))
            _flush_folder(aside)
            aside.rename(self._config.folder / name)
        except OSError:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        _flush_folder(self._config.folder)
        self._remember(manifest)
        return refused

    def _learn(self) -> None:
        """Read the manifests that others, or we before a crash, have written."""
        if not self._config.folder.is_dir():
            return
        for place in sorted(self._config.folder.iterdir()):
            file = place / MANIFEST_NAME
            if place.name.startswith(".") or place.name in self._read or not file.is_file():
                continue
            try:
                self._remember(msgspec.json.decode(file.read_bytes(), type=Manifest))
            except msgspec.MsgspecError:
                # Not ours, or changed by another hand: its letters are unknown, the others' are not.
                logger.warning("spool folder: the manifest of batch %r cannot be read", place.name)
                self._read.add(place.name)

    def _remember(self, manifest: Manifest) -> None:
        self._read.add(manifest.batch)
        for item in manifest.items:
            self._known[item.delivery] = f"{manifest.batch}/{item.sequence}"

    def _letters_of(self, batch: str) -> list[str]:
        return [ref for ref, place in self._known.items() if place.rpartition("/")[0] == batch]

    def _accepted(self, ref: str) -> deliveries.Outcome:
        return deliveries.Outcome(kind=deliveries.OutcomeKind.ACCEPTED, code="spooled", provider_ref=self._known[ref])

    def _receipt(self, report: Report, ref: str) -> deliveries.Receipt:
        return deliveries.Receipt(
            channel=parties.ChannelKind.LETTER,
            via=self._config.name,
            kind=REPORTED[report.status],
            at=report.at.astimezone(dt.UTC),
            delivery=ref,
            code=report.status,
            detail=report.detail[:200],
            dedupe=records.digest(f"{self._config.name} {ref} {report.status}".encode()),
        )


def from_settings(
    given: settings.Settings, key: Callable[[str], bytes], known: traffic.Traffic | None = None
) -> PrintSpool:
    """The print spool; there is always one.

    Raises:
        settings.SettingError: the closing times cannot be read.
    """
    del key, known
    folder = pathlib.Path(given.spool_folder) if given.spool_folder else given.folder() / "spool"
    every, _, seconds = given.spool_closing.partition(":")
    try:
        if every == "every":
            return PrintSpool(Config(folder=folder, closes_every_seconds=int(seconds)))
        times = tuple(dt.time.fromisoformat(text.strip()) for text in given.spool_closing.split(","))
    except ValueError:
        told = f"setting 'spool_closing': wanted HH:MM,HH:MM or every:SECONDS, got {given.spool_closing!r}"
        raise settings.SettingError(told) from None
    return PrintSpool(Config(folder=folder, closes_at=times, time_zone=given.time_zone))


def _merge(
    letters: Sequence[deliveries.Outgoing],
) -> tuple[bytes, list[Letter], dict[str, deliveries.Outcome]]:
    items: list[Letter] = []
    refused: dict[str, deliveries.Outcome] = {}
    page = 1
    with pikepdf.new() as merged:
        for outgoing in letters:
            pages = _append(merged, outgoing.content)
            if not pages:
                refused[outgoing.ref] = deliveries.Outcome(
                    kind=deliveries.OutcomeKind.REJECTED, code="not-pdf", detail="wanted a PDF, got something else"
                )
                continue
            items.append(
                Letter(
                    sequence=len(items) + 1,
                    delivery=outgoing.ref,
                    communication=outgoing.communication,
                    document=records.digest(outgoing.content),
                    first_page=page,
                    pages=pages,
                    sheets=-(-pages // PAGES_PER_SHEET),
                    country=outgoing.postal.country if outgoing.postal else "",
                )
            )
            page += pages
        buffer = io.BytesIO()
        merged.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return buffer.getvalue(), items, refused


def _append(merged: pikepdf.Pdf, content: bytes) -> int:
    """Add a letter's pages; how many, 0 for what is no PDF with pages. All or none are added."""
    before = len(merged.pages)
    try:
        # A letter that would have to be mended is not what was composed: it could come out with blank pages.
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as letter:
            merged.pages.extend(letter.pages)
    # qpdf tells damage as PdfError, and as the last three where the page tree itself is none.
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, TypeError, ValueError):
        del merged.pages[before:]
    return len(merged.pages) - before


def _read_reports(raw: bytes, media_type: str) -> Iterator[Report]:
    """The reports that can be understood, one by one."""
    try:
        rows = _csv_rows(raw) if media_type.startswith("text/csv") else msgspec.json.decode(raw, type=list[object])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, csv.Error):
        return
    for row in rows:
        try:
            report = msgspec.convert(row, Report)
        except msgspec.ValidationError as error:
            logger.warning("print report not understood: %s", error)
            continue
        if report.status in REPORTED and report.at.year in _YEARS:
            yield report


def _csv_rows(raw: bytes) -> Sequence[Mapping[str, str]]:
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), restkey="", restval="")
    return [{name: text for name, text in row.items() if isinstance(text, str)} for row in reader]


def _write_flushed(path: pathlib.Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: pathlib.Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
