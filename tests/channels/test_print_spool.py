"""The print spool: what a print shop finds in the folder, and what it reports back."""

import csv
import datetime as dt
import io
import json
import pathlib
import resource
import shutil
from collections.abc import Callable, Iterator

import msgspec
import pikepdf
import pytest
from tests.channels import conformance

from signalpost import settings as table
from signalpost.channels import print_spool
from signalpost.vocabulary import deliveries, parties, records

Kind = deliveries.OutcomeKind
AT = "2026-01-05T10:00:00+00:00"


def pdf(*texts: str) -> bytes:
    """A PDF with a page for each text."""
    with pikepdf.new() as made:
        for text in texts:
            page = made.add_blank_page(page_size=(595, 842))
            page.Contents = pikepdf.Stream(made, f"BT ({text}) Tj ET".encode())
        buffer = io.BytesIO()
        made.save(buffer)
    return buffer.getvalue()


def letter(ref: str, *texts: str, content: bytes = b"", country: str = "") -> deliveries.Outgoing:
    postal = None
    if country:
        postal = parties.PostalAddress(lines=("Ann Example", "Way 1"), postcode="1", locality="Town", country=country)
    return deliveries.Outgoing(
        ref=ref,
        attempt=1,
        communication=f"c-{ref}",
        channel=parties.ChannelKind.LETTER,
        address="Ann Example",
        postal=postal,
        media_type="application/pdf",
        content=content or pdf(*(texts or (f"letter {ref}",))),
        headers=(("language", "en"),),
    )


def batches(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(place for place in folder.iterdir() if not place.name.startswith(".")) if folder.is_dir() else []


def manifest_of(batch: pathlib.Path) -> print_spool.Manifest:
    return msgspec.json.decode((batch / "manifest.json").read_bytes(), type=print_spool.Manifest)


def pages_of(content: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return [page.Contents.read_bytes() for page in opened.pages]


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: pathlib.Path) -> print_spool.PrintSpool:
    return print_spool.PrintSpool(print_spool.Config(folder=folder))


class Peer:
    """The folder: gone is it when a file stands in its place."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._kept = folder.with_name("kept")

    def taken(self) -> int:
        return sum(manifest_of(batch).letters for batch in batches(self._folder))

    def die(self) -> None:
        if self._folder.exists():
            shutil.move(self._folder, self._kept)
        self._folder.write_text("no folder")

    def revive(self) -> None:
        self._folder.unlink()
        if self._kept.exists():
            shutil.move(self._kept, self._folder)


class TestSuite(conformance.ChannelSuite):
    @pytest.fixture
    def rig(self, spool: print_spool.PrintSpool, folder: pathlib.Path) -> conformance.Rig:
        return conformance.Rig(channel=spool, peer=Peer(folder), where=str(folder))

    def good(self, number: int) -> deliveries.Outgoing:
        return letter(f"good-{number}")

    def refused(self, number: int) -> deliveries.Outgoing | None:
        return letter(f"bad-{number}", content=b"not a PDF")

    def receipt(
        self, rig: conformance.Rig, outgoing: deliveries.Outgoing, outcome: deliveries.Outcome
    ) -> conformance.Inbound | None:
        del rig, outcome
        raw = json.dumps([{"status": "posted", "at": AT, "delivery": outgoing.ref}]).encode()
        return conformance.Inbound(raw=raw, media_type="application/json", kind=Kind.POSTED)


# --- Batches ----------------------------------------------------------------------------------------------------------


def test_the_manifest_counts_and_finds_every_page(spool: print_spool.PrintSpool, folder: pathlib.Path):
    letters = [letter("a", "a1", "a2", "a3", country="DE"), letter("b", "b1"), letter("c", "c1", "c2", country="FR")]
    outcomes = conformance.sent(spool, letters)
    [batch] = batches(folder)
    manifest = manifest_of(batch)
    merged = (batch / "letters.pdf").read_bytes()
    assert (manifest.batch, manifest.letters, manifest.pages, manifest.sheets) == (batch.name, 3, 6, 4)
    assert manifest.merged == records.digest(merged)
    assert [(item.delivery, item.first_page, item.pages, item.sheets, item.country) for item in manifest.items] == [
        ("a", 1, 3, 2, "DE"),
        ("b", 4, 1, 1, ""),
        ("c", 5, 2, 1, "FR"),
    ]
    pages = pages_of(merged)
    for item, outgoing in zip(manifest.items, letters, strict=True):
        assert pages[item.first_page - 1 :][: item.pages] == pages_of(outgoing.content)
        assert item.document == records.digest(outgoing.content)
    assert [outcome.provider_ref for outcome in outcomes] == [f"{batch.name}/{number}" for number in (1, 2, 3)]
    assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}


def test_what_was_written_before_a_crash_is_not_printed_again(folder: pathlib.Path):
    before = print_spool.PrintSpool(print_spool.Config(folder=folder))
    lost = conformance.sent(before, [letter("a"), letter("b")])
    # The outcome was never recorded: another process sends again, with a letter that is new.
    after = print_spool.PrintSpool(print_spool.Config(folder=folder))
    again = conformance.sent(after, [letter("a"), letter("b"), letter("c")])
    assert list(again[:2]) == list(lost)
    assert sorted(item.delivery for batch in batches(folder) for item in manifest_of(batch).items) == ["a", "b", "c"]


def test_a_batch_left_half_written_is_written_anew(spool: print_spool.PrintSpool, folder: pathlib.Path):
    conformance.sent(spool, [letter("a")])
    [batch] = batches(folder)
    (batch / "manifest.json").unlink()
    shutil.move(batch, folder / f".{batch.name.partition('-')[2]}.part")
    again = print_spool.PrintSpool(print_spool.Config(folder=folder))
    conformance.sent(again, [letter("a")])
    assert [item.delivery for made in batches(folder) for item in manifest_of(made).items] == ["a"]
    assert [place.name for place in folder.iterdir()] == [made.name for made in batches(folder)]


def test_a_manifest_that_cannot_be_read_hides_no_other(spool: print_spool.PrintSpool, folder: pathlib.Path):
    conformance.sent(spool, [letter("a")])
    (folder / "0-foreign").mkdir()
    (folder / "0-foreign" / "manifest.json").write_text("{")
    (folder / "a-file").write_text("x")
    again = print_spool.PrintSpool(print_spool.Config(folder=folder))
    (outcome,) = conformance.sent(again, [letter("a")])
    assert (outcome.kind, outcome.provider_ref.partition("/")[0]) == (Kind.ACCEPTED, batches(folder)[1].name)


def locked() -> bytes:
    with pikepdf.open(io.BytesIO(pdf("secret"))) as opened:
        buffer = io.BytesIO()
        opened.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    return buffer.getvalue()


HOSTILE = {
    "nothing": b"\n",
    "no_pdf": b"<html>",
    "header_only": b"%PDF-1.7\n",
    "cut": pdf("one", "two")[:-400],
    "locked": locked(),
    "no_pages": pdf(),
    "no_page_tree": pdf("one").replace(b"/Pages", b"/Sages"),
    "looping_tree": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n"
    ),
    "pages_are_numbers": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[7]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n"
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_spoils_no_other_letter(spool: print_spool.PrintSpool, folder: pathlib.Path, name: str):
    outcomes = conformance.sent(spool, [letter("a"), letter("bad", content=HOSTILE[name]), letter("b", "b1", "b2")])
    items = manifest_of(batches(folder)[0]).items
    pages = pages_of((batches(folder)[0] / "letters.pdf").read_bytes())
    good = list(items)
    assert [item.delivery for item in good] == ["a", "b"]
    assert pages[good[0].first_page - 1] == b"BT (letter a) Tj ET"
    assert pages[good[1].first_page - 1 :] == [b"BT (b1) Tj ET", b"BT (b2) Tj ET"]
    assert (outcomes[0].kind, outcomes[2].kind) == (Kind.ACCEPTED, Kind.ACCEPTED)
    assert (outcomes[1].kind, outcomes[1].code) == (Kind.REJECTED, "not-pdf")


def test_a_batch_of_refused_letters_writes_nothing(spool: print_spool.PrintSpool, folder: pathlib.Path):
    (outcome,) = conformance.sent(spool, [letter("bad", content=b"no")])
    assert (outcome.kind, batches(folder)) == (Kind.REJECTED, [])


@pytest.fixture
def full_disk() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_defers_and_leaves_nothing(spool: print_spool.PrintSpool, folder: pathlib.Path):
    outcomes = conformance.sent(spool, [letter("a"), letter("b")])
    assert [(outcome.kind, outcome.detail) for outcome in outcomes] == [
        (Kind.DEFERRED, "spool folder: File too large")
    ] * 2
    assert list(folder.iterdir()) == []


# --- Reports ----------------------------------------------------------------------------------------------------------


Form = Callable[..., bytes]


def as_csv(*rows: dict[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["status", "at", "delivery", "batch", "detail"], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_json(*rows: dict[str, str]) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(("form", "media_type"), [(as_csv, "text/csv; charset=utf-8"), (as_json, "application/json")])
@pytest.mark.parametrize(
    ("status", "kind"),
    [("accepted", Kind.ACCEPTED), ("printed", Kind.PRINTED), ("posted", Kind.POSTED), ("returned", Kind.RETURNED)],
)
def test_reports_about_letters_and_batches(
    spool: print_spool.PrintSpool, folder: pathlib.Path, form: Form, media_type: str, status: str, kind: Kind
):
    conformance.sent(spool, [letter("a"), letter("b")])
    conformance.sent(spool, [letter("c")])
    batch = next(made.name for made in batches(folder) if manifest_of(made).letters == 2)
    about_one = {"status": status, "at": AT, "delivery": "c", "detail": "moved away"}
    about_batch = {"status": status, "at": AT, "batch": batch}
    receipts = spool.understand(form(about_one, about_batch), media_type)
    assert [(receipt.delivery, receipt.kind, receipt.code, receipt.detail) for receipt in receipts] == [
        ("c", kind, status, "moved away"),
        ("a", kind, status, ""),
        ("b", kind, status, ""),
    ]
    assert {receipt.at for receipt in receipts} == {dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)}


def test_a_report_reaches_another_process_and_an_unknown_batch_nobody(folder: pathlib.Path):
    conformance.sent(print_spool.PrintSpool(print_spool.Config(folder=folder)), [letter("a")])
    other = print_spool.PrintSpool(print_spool.Config(folder=folder))
    about = {"status": "posted", "at": AT, "batch": batches(folder)[0].name}
    assert [r.delivery for r in other.understand(as_json(about), "application/json")] == ["a"]
    assert list(other.understand(as_json({**about, "batch": "nowhere"}), "application/json")) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"status": "eaten", "at": AT, "delivery": "x"},
        {"status": "posted", "at": "yesterday", "delivery": "x"},
        {"status": "posted", "at": "2026-01-05T10:00:00", "delivery": "x"},
        {"status": "posted", "delivery": "x"},
    ],
)
@pytest.mark.parametrize(("form", "media_type"), [(as_csv, "text/csv"), (as_json, "application/json")])
def test_a_bad_line_silences_no_other(spool: print_spool.PrintSpool, form: Form, media_type: str, bad: dict[str, str]):
    good = {"status": "posted", "at": AT, "delivery": "a"}
    receipts = spool.understand(form(bad, good), media_type)
    assert [receipt.delivery for receipt in receipts] == ["a"]


@pytest.mark.parametrize("raw", [b"", b"\xff", b"a,b\n1,2,3\n", b"status\n\x00", b'"' + b"x" * 200_000])
def test_csv_that_is_none_says_nothing(spool: print_spool.PrintSpool, raw: bytes):
    assert list(spool.understand(raw, "text/csv")) == []


def test_a_spool_that_is_gone_still_reads_reports_about_letters(spool: print_spool.PrintSpool, folder: pathlib.Path):
    conformance.sent(spool, [letter("a")])
    broken = folder / "broken"
    broken.mkdir()
    (broken / "manifest.json").symlink_to(broken / "manifest.json")
    about = [{"status": "posted", "at": AT, "delivery": "a"}, {"status": "posted", "at": AT, "batch": "nowhere"}]
    assert [receipt.delivery for receipt in spool.understand(as_json(*about), "application/json")] == ["a"]


# --- Settings ---------------------------------------------------------------------------------------------------------


def key(purpose: str) -> bytes:
    return purpose.encode()


def test_the_settings_say_where_and_when(tmp_path: pathlib.Path):
    given = table.Settings(data_folder=str(tmp_path), spool_closing="12:00, 18:30", time_zone="Europe/Paris")
    made = print_spool.from_settings(given, key)
    assert made.profile.closes_at == (dt.time(12), dt.time(18, 30))
    assert made.profile.time_zone == "Europe/Paris"
    conformance.sent(made, [letter("a")])
    assert len(batches(tmp_path / "spool")) == 1
    every = print_spool.from_settings(msgspec.structs.replace(given, spool_closing="every:5"), key)
    assert (every.profile.closes_every_seconds, every.profile.closes_at) == (5, ())


@pytest.mark.parametrize("text", ["noon", "every:soon", ""])
def test_a_closing_time_that_is_none_is_named(text: str):
    with pytest.raises(table.SettingError, match=f"'spool_closing': wanted .* got '{text}'"):
        print_spool.from_settings(table.Settings(spool_closing=text), key)
