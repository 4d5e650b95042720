"""Print spool: one batch a closing time for a print shop: a merged PDF, a manifest, the counts.

A batch is a folder that appears whole (written aside, flushed, renamed) and never changes. Every letter in it is named
by its delivery reference in the manifest, so a letter that is sent again after a crash is found there and not printed
twice. What the shop reports back (`accepted`, `printed`, `posted`, `returned`) comes as CSV or JSON, by file or API.
"""

import csv
import datetime as dt
import io
import os
import pathlib
import shutil
from collections.abc import Sequence

import msgspec
import pikepdf

from signalpost.vocabulary import deliveries, parties, records

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


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what a print shop reports: about one letter, or a whole batch."""

    status: str
    at: dt.datetime
    delivery: str = ""
    batch: str = ""
    detail: str = ""


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

        A report about a batch speaks for every letter in it. What is not understood says nothing.
        """
        try:
            reports = _read_reports(raw, media_type)
            self._learn()
        except (msgspec.MsgspecError, ValueError, OSError):
            return ()
        receipts: list[deliveries.Receipt] = []
        for report in reports:
            if report.status not in REPORTED:
                continue
            refs = [report.delivery] if report.delivery else self._letters_of(report.batch)
            receipts.extend(self._receipt(report, ref) for ref in refs)
        return receipts

    def check(self) -> str:
        """Whether the folder can be written."""
        nearest = next(place for place in [self._config.folder, *self._config.folder.parents] if place.exists())
        if os.access(nearest, os.W_OK):
            return ""
        return f"spool folder {str(self._config.folder)!r}: wanted a folder we can write, got none; change spool_folder"

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, new: Sequence[deliveries.Outgoing]) -> dict[str, deliveries.Outcome]:
        name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{records.reference(*(outgoing.ref for outgoing in new))[:8]}"
        merged, items, refused = _merge(new)
        if not items:
            return refused
        self._config.folder.mkdir(parents=True, exist_ok=True)
        aside = self._config.folder / f".{name}.part"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        manifest = Manifest(
            batch=name,
            closed_at=dt.datetime.now(dt.UTC),
            letters=len(items),
            pages=sum(item.pages for item in items),
            sheets=sum(item.sheets for item in items),
            merged=records.digest(merged),
            items=tuple(items),
        )
        _write_flushed(aside / MERGED_NAME, merged)
        _write_flushed(aside / MANIFEST_NAME, msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        _flush_folder(aside)
        aside.rename(self._config.folder / name)
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
            self._remember(msgspec.json.decode(file.read_bytes(), type=Manifest))

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
            at=report.at,
            delivery=ref,
            code=report.status,
            detail=report.detail[:200],
            dedupe=records.digest(f"{self._config.name} {ref} {report.status}".encode()),
        )


def _merge(
    letters: Sequence[deliveries.Outgoing],
) -> tuple[bytes, list[Letter], dict[str, deliveries.Outcome]]:
    items: list[Letter] = []
    refused: dict[str, deliveries.Outcome] = {}
    page = 1
    with pikepdf.new() as merged:
        for outgoing in letters:
            try:
                with pikepdf.open(io.BytesIO(outgoing.content)) as letter:
                    pages = len(letter.pages)
                    merged.pages.extend(letter.pages)
            except pikepdf.PdfError:
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


def _read_reports(raw: bytes, media_type: str) -> list[Report]:
    if media_type.startswith("text/csv"):
        rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
        return msgspec.convert([dict(row) for row in rows], list[Report], strict=False)
    return msgspec.json.decode(raw, type=list[Report])


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
