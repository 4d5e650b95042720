"""The mailbox page: what each recipient really received over SMTP, SMPP and as letters, served on a port of its own.

It reads what the peers hold, never what Signalpost thinks it sent. Mail is shown in a frame without scripts, forms or
addresses of its own.
"""

import http
import http.server
import io
import threading
from collections.abc import Mapping, Sequence
from typing import Protocol, cast
from urllib.parse import parse_qs, urlsplit

import msgspec
import pypdfium2

from signalpost.channels import print_spool
from signalpost.demo import mail, pages, peers, ports, printshop, smsc, town
from signalpost.store import explanations

#: Messages on one page.
PAGE_MESSAGES = 50
#: Letters are shown at so many pixels a point of 1/72 inch.
_SCALE = 1.4
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-src 'self'; form-action 'self'"
#: Pictures in mail may come along with it or not at all: nothing is fetched from elsewhere.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class _Picture(Protocol):
    def save(self, fp: io.BytesIO, format: str) -> None: ...  # noqa: A002 - the name in Pillow


class _Bitmap(Protocol):
    def to_pil(self) -> _Picture: ...


class _Page(Protocol):
    """What is used of a page; the library is not typed."""

    def render(self, *, scale: float) -> _Bitmap: ...


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    content: bytes
    media_type: str = "text/html; charset=utf-8"
    policy: str = _PAGE_POLICY
    status: http.HTTPStatus = http.HTTPStatus.OK


class Mailbox:
    """The page."""

    def __init__(self, given: peers.Peers, people: town.Town, *, port: int = 0) -> None:
        """Listen on a port of the loopback interface, any free one with 0."""
        self._peers = given
        self._names = _names(people)
        self._lock = threading.Lock()
        #: Letters name their communication; who it went to is looked up once.
        self._letter_parties: dict[str, str] = {}
        mailbox = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = mailbox.answer(self.path)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.media_type)
                self.send_header("Content-Length", str(len(answer.content)))
                self.send_header("Content-Security-Policy", answer.policy)
                self.send_header("X-Content-Type-Options", "nosniff")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
                del format, args

        self._server = http.server.ThreadingHTTPServer((ports.LOOPBACK, port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{ports.LOOPBACK}:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, name="mailbox", daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, target: str) -> _Answer:
        """What stands at an address."""
        parts = urlsplit(target)
        match parts.path.strip("/").split("/"):
            case [""]:
                return self._overview(parse_qs(parts.query))
            case ["mail", number, *view]:
                found = self._mail_of(number)
                return self._mail(found, view) if found else _gone()
            case ["letter", delivery, *view]:
                letter = self._letter_of(delivery)
                return self._letter(letter, view) if letter else _gone()
            case _:
                return _gone()

    def entries(self) -> list[pages.Entry]:
        """Everything received, the newest first."""
        found = [
            *(self._mail_entry(one) for one in self._peers.mail.kept()),
            *(self._text_entry(one) for one in self._peers.sms.kept()),
            *(self._letter_entry(one) for one in self._peers.shop.kept()),
        ]
        return sorted(found, key=lambda entry: entry.at, reverse=True)

    def _overview(self, query: Mapping[str, list[str]]) -> _Answer:
        wanted = query.get("q", [""])[0].strip()[:100]
        channel = query.get("channel", [""])[0]
        entries = self.entries()
        counts = {kind: sum(1 for entry in entries if entry.channel == kind) for kind in pages.CHANNELS}
        words = wanted.casefold().split()
        fitting = [
            entry
            for entry in entries
            if (not channel or entry.channel == channel)
            and all(word in f"{entry.person} {entry.address} {entry.title}".casefold() for word in words)
        ]
        text = pages.overview(
            fitting[:PAGE_MESSAGES], total=len(fitting), counts=counts, wanted=wanted, channel=channel
        )
        return _Answer(content=text.encode())

    def _mail(self, found: mail.Mail, view: Sequence[str]) -> _Answer:
        match view:
            case []:
                headers = [(name, str(value)) for name, value in found.message().items()]
                text, has_html = found.part("plain"), bool(found.part("html"))
                page = pages.mail(self._mail_entry(found), headers, text=text, has_html=has_html)
                return _Answer(content=page.encode())
            case ["html"]:
                return _Answer(content=pages.with_pictures(found.message()).encode(), policy=_MAIL_POLICY)
            case ["source"]:
                return _Answer(content=found.content, media_type="text/plain; charset=utf-8")
            case _:
                return _gone()

    def _mail_of(self, number: str) -> mail.Mail | None:
        kept = self._peers.mail.kept()
        return kept[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(kept) else None

    def _letter(self, found: printshop.Letter, view: Sequence[str]) -> _Answer:
        match view:
            case []:
                text = pages.letter(self._letter_entry(found), delivery=found.delivery, count=found.pages)
                return _Answer(content=text.encode())
            case ["page", number] if number.isdecimal() and 1 <= int(number) <= found.pages:
                return self._picture(found, int(number))
            case _:
                return _gone()

    def _picture(self, found: printshop.Letter, number: int) -> _Answer:
        # PDFium is not for several threads at once.
        with self._lock:
            document = pypdfium2.PdfDocument(found.batch / print_spool.MERGED_NAME)
            try:
                page = cast("_Page", document[found.first_page + number - 2])
                picture = page.render(scale=_SCALE).to_pil()
            finally:
                document.close()
        written = io.BytesIO()
        picture.save(written, "PNG")
        return _Answer(content=written.getvalue(), media_type="image/png")

    def _letter_of(self, delivery: str) -> printshop.Letter | None:
        return next((one for one in self._peers.shop.kept() if one.delivery == delivery), None)

    def _mail_entry(self, one: mail.Mail) -> pages.Entry:
        subject = str(one.message()["subject"] or "")
        return pages.Entry(
            at=one.at,
            channel="email",
            person=self._names.get(one.recipient.casefold(), ""),
            address=one.recipient,
            title=subject,
            link=f"/mail/{one.number}",
        )

    def _text_entry(self, one: smsc.Text) -> pages.Entry:
        return pages.Entry(
            at=one.at,
            channel="sms",
            person=self._names.get(one.to, ""),
            address=one.to,
            title=one.text,
            note=f"{one.segments} segment{'s' if one.segments > 1 else ''}, {one.encoding}",
            is_reply=one.is_reply,
        )

    def _letter_entry(self, one: printshop.Letter) -> pages.Entry:
        party = self._party_of(one.communication)
        return pages.Entry(
            at=one.at,
            channel="letter",
            person=self._names.get(party, party),
            address=f"batch {one.batch.name}, page {one.first_page}",
            title=f"Letter of {one.pages} page{'s' if one.pages > 1 else ''}",
            link=f"/letter/{one.delivery}",
        )

    def _party_of(self, communication: str) -> str:
        if communication not in self._letter_parties:
            found = explanations.decisions(communication)
            self._letter_parties[communication] = found[0].party if found else ""
        return self._letter_parties[communication]


def _names(people: town.Town) -> dict[str, str]:
    """Name and number of each person by e-mail address, telephone number and reference."""
    named = {str(row["ref"]): f"{row['name']} ({row['ref']})" for row in people.tables["customer"]}
    by_address = {
        str(row["address"]).casefold(): named[str(row["customer"])]
        for row in people.tables["contact_point"]
        if "address" in row
    }
    return named | by_address


def _gone() -> _Answer:
    return _Answer(content=pages.gone().encode(), status=http.HTTPStatus.NOT_FOUND)
