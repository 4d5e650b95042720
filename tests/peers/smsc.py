"""An SMPP 3.4 server on 127.0.0.1: jSMPP, told by the test how to behave and telling it what came.

A plain start answers every submit_sm with a message id and sends a delivery receipt DELIVRD to whoever asked for one.
`Smsc.behave` changes that: refusals, delays, lost answers, receipts that come first or not at all.
"""

import base64
import collections
import contextlib
import enum
import json
import threading
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import msgspec

from . import inventory, java, processes

MAIN = Path(__file__).parent / "smsc" / "Smsc.java"
WAIT_SECONDS = 10.0

#: command_status values (SMPP 3.4, 5.1.3) that tests answer with.
ESME_ROK = 0x00
ESME_RINVDSTADR = 0x0B
ESME_RBINDFAIL = 0x0D
ESME_RINVPASWD = 0x0E
ESME_RMSGQFUL = 0x14
ESME_RTHROTTLED = 0x58

#: Command ids (SMPP 3.4, 5.1.2) as they appear in `Pdu.command`.
SUBMIT_SM = 0x00000004
UNBIND = 0x00000006
ENQUIRE_LINK = 0x00000015
DELIVER_SM_RESP = 0x80000005
UNBIND_RESP = 0x80000006
ENQUIRE_LINK_RESP = 0x80000015

_UDHI = 0x40
_CONCATENATED_8_BIT = 0x00
_CONCATENATED_16_BIT = 0x08


class Action(enum.StrEnum):
    """What to do with a submit_sm besides refusing it with a command_status."""

    ACCEPT = "accept"
    #: Take the message, then close the connection without an answer.
    DROP = "drop"
    #: Take the message and never answer; the connection stays.
    IGNORE = "ignore"


class ReceiptState(enum.StrEnum):
    """Message states as a delivery receipt spells them (SMPP 3.4, appendix B)."""

    ENROUTE = "ENROUTE"
    DELIVRD = "DELIVRD"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"
    UNDELIV = "UNDELIV"
    ACCEPTD = "ACCEPTD"
    UNKNOWN = "UNKNOWN"
    REJECTD = "REJECTD"


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """The concatenation header of one segment (3GPP TS 23.040, 9.2.3.24.1 and .8)."""

    reference: int
    total: int
    number: int


class Submit(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="submit"):
    """One submit_sm as jSMPP decoded it, and what was decided about it."""

    #: Number of the connection; never given twice.
    link: int
    sequence: int
    service_type: str
    source: str
    source_ton: int
    source_npi: int
    destination: str
    destination_ton: int
    destination_npi: int
    esm_class: int
    protocol_id: int
    priority: int
    validity_period: str
    registered_delivery: int
    data_coding: int
    #: short_message with its header, if any.
    content: bytes
    #: What a phone would show of this segment; "" for codings other than GSM 03.38, Latin-1 and UCS-2.
    text: str
    #: Optional parameters by tag, values without tag and length.
    parameters: dict[int, bytes]
    #: Answered command_status; None where no answer was given (yet).
    status: int | None = None
    #: Id the server gave the message; "" where it refused it.
    message_id: str = ""

    @property
    def segment(self) -> Segment | None:
        """The concatenation header in the content, or None for a message of one segment."""
        if not self.esm_class & _UDHI:
            return None
        elements = self.content[1 : 1 + self.content[0]]
        while elements:
            kind, length = elements[0], elements[1]
            value, elements = elements[2 : 2 + length], elements[2 + length :]
            if kind == _CONCATENATED_8_BIT:
                return Segment(reference=value[0], total=value[1], number=value[2])
            if kind == _CONCATENATED_16_BIT:
                return Segment(reference=int.from_bytes(value[:2], "big"), total=value[2], number=value[3])
        return None


class Pdu(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="pdu"):
    """One PDU the server read."""

    link: int
    command: int
    status: int
    sequence: int
    #: The whole PDU, header included.
    content: bytes


class Opened(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="opened"):
    """The start of a connection."""

    link: int


class Bind(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="bind"):
    """One request to bind; `mode` is BIND_TX, BIND_RX or BIND_TRX, `status` what was answered."""

    link: int
    system_id: str
    mode: str
    status: int


class Closed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="closed"):
    """The end of a connection; `was` is its state before, BOUND_TRX for one that ended without unbind."""

    link: int
    was: str


class _Decision(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="decision"):
    link: int
    sequence: int
    status: int
    message_id: str


class _Listening(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="listening"):
    port: int


class _Done(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="done"):
    id: int
    status: int
    problem: str


_Event = Submit | Pdu | Opened | Bind | Closed | _Decision | _Listening | _Done
_EVENTS: msgspec.json.Decoder[_Event] = msgspec.json.Decoder(_Event)


class _Heard:
    """What the server told, by kind and in order; all access under `news`."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.last_lines: collections.deque[str] = collections.deque(maxlen=processes.TAIL_LINES)
        self.port = 0
        self.runs = 0
        self.done: dict[int, _Done] = {}
        self.open_links: set[int] = set()
        self.forget()

    def forget(self) -> None:
        with self.news:
            self.submits: list[Submit] = []
            self.pdus: list[Pdu] = []
            self.binds: list[Bind] = []
            self.closed: list[Closed] = []
            self.decisions: dict[tuple[int, int], _Decision] = {}

    def hear(self, line: str) -> None:
        event = _EVENTS.decode(line)
        with self.news:
            self.last_lines.append(line)
            match event:
                case Submit():
                    self.submits.append(event)
                case Pdu():
                    self.pdus.append(event)
                case Bind():
                    self.binds.append(event)
                case Opened():
                    self.open_links.add(event.link)
                case Closed():
                    self.open_links.discard(event.link)
                    self.closed.append(event)
                case _Decision():
                    self.decisions[event.link, event.sequence] = event
                case _Listening():
                    self.port = event.port
                    self.runs += 1
                    self.open_links.clear()
                case _Done():
                    self.done[event.id] = event
            self.news.notify_all()


class Smsc:
    """A running server; everything read so far stays readable until `forget`."""

    def __init__(self, folder: Path, *, login: tuple[str, str], enquire_link_seconds: float) -> None:
        """Prepare a server in `folder`; `start` runs it."""
        self.host = processes.LOOPBACK
        self.port = 0
        self.system_id, self.password = login
        self.log = folder / "smsc.log"
        self._enquire_link_seconds = enquire_link_seconds
        self._heard = _Heard()
        self._commands = 0

    def restart(self) -> None:
        """Run again on the same port, behaving plainly; messages submitted before are unknown to it."""
        parts = inventory.PEERS["smsc"].java
        if parts is None:
            raise processes.PeerFailedError("the SMPP server needs jars")
        runs = self._heard.runs
        arguments = [self.port, self.system_id, self.password, self._enquire_link_seconds, runs]
        self.process = processes.Process(
            [*java.command(MAIN, parts), *map(str, arguments)], log=self.log, on_line=self._heard.hear
        )
        self.process.wait_until_ready(lambda: self._heard.runs > runs, what="SMPP server")
        self.port = self._heard.port
        self.behave()

    def kill(self) -> None:
        """End the server as `kill -9` does."""
        self.process.kill()

    def behave(
        self,
        next_submits: Sequence[int | Action] = (),
        *,
        next_binds: Sequence[int] = (),
        delay_seconds: float = 0.0,
        receipt: ReceiptState | None = ReceiptState.DELIVRD,
        is_receipt_first: bool = False,
        submits_per_second: int = 0,
    ) -> None:
        """Change how the server behaves from now on; without arguments it behaves plainly.

        `next_submits`: what to do with the next submit_sm, one by one: an action, or the command_status to refuse it
        with; all later ones are accepted. `next_binds`: the same for binds (ESME_ROK checks the login as usual).
        `delay_seconds`: time before each answer. `receipt`: the state to report to those who ask for receipts, None
        for no receipts. `is_receipt_first`: the receipt overtakes the answer. `submits_per_second`: what exceeds it in
        a second is refused with ESME_RTHROTTLED, 0 for no limit.
        """
        self._order(
            "behave",
            next_submits=list(next_submits),
            next_binds=list(next_binds),
            delay_milliseconds=round(delay_seconds * 1000),
            receipt="" if receipt is None else receipt,
            is_receipt_first=is_receipt_first,
            submits_per_second=submits_per_second,
        )

    def send_receipt(
        self,
        message_id: str,
        *,
        state: ReceiptState = ReceiptState.DELIVRD,
        error: str = "000",
        shown_id: str | None = None,
        has_parameters: bool = True,
    ) -> int:
        """Send a delivery receipt for a submitted message and give the command_status the client answered with.

        `shown_id` names the message otherwise than the answer to submit_sm did, as servers do that switch between
        decimal and hexadecimal; without `has_parameters` the outcome is in the text only. A client that does not
        answer within 5 s, or none bound to receive, raises `PeerFailedError`.
        """
        return self._order(
            "receipt",
            message_id=message_id,
            state=state,
            error=error,
            shown_id=message_id if shown_id is None else shown_id,
            has_parameters=has_parameters,
        )

    def send_message(
        self, source: str, destination: str, *, content: bytes, data_coding: int = 0, esm_class: int = 0
    ) -> int:
        """Send a message from a phone (international numbers, no "+") and give the client's command_status."""
        return self._order(
            "message",
            source=source,
            destination=destination,
            content=base64.b64encode(content).decode("ascii"),
            data_coding=data_coding,
            esm_class=esm_class,
        )

    def disconnect(self) -> None:
        """Close all connections without a word, and wait until they are closed."""
        self._order("disconnect")
        self._wait_until(lambda: not self._heard.open_links, what="end of all connections", seconds=WAIT_SECONDS)

    def unbind(self) -> None:
        """Send unbind to all bound clients, wait for their answers and close."""
        self._order("unbind")

    def submits(self) -> list[Submit]:
        """Give every submit_sm read so far, in order of arrival."""
        with self._heard.news:
            return [self._with_decision(submit) for submit in self._heard.submits]

    def wait_for_submits(self, count: int, *, seconds: float = WAIT_SECONDS) -> list[Submit]:
        """Wait until `count` submit_sm were read and decided upon, and give all; late raises `PeerFailedError`."""
        self._wait_until(lambda: len(self._heard.decisions) >= count, what=f"{count} submits", seconds=seconds)
        return self.submits()

    def answered_submits(self) -> list[Submit]:
        """Give every submit_sm whose answer a client has read: what the server said of them before is read first."""
        self._order("echo")
        return self.submits()

    def pdus(self, command: int | None = None) -> list[Pdu]:
        """Give the PDUs read so far, in order of arrival; only those with the id `command` when given."""
        with self._heard.news:
            return [pdu for pdu in self._heard.pdus if command is None or pdu.command == command]

    def wait_for_pdus(self, command: int, count: int = 1, *, seconds: float = WAIT_SECONDS) -> list[Pdu]:
        """Wait until `count` PDUs with the id `command` were read and give them."""
        self._wait_until(lambda: len(self.pdus(command)) >= count, what=f"{count} PDUs {command:#x}", seconds=seconds)
        return self.pdus(command)

    def binds(self) -> list[Bind]:
        """Give every request to bind so far."""
        with self._heard.news:
            return list(self._heard.binds)

    def wait_for_binds(self, count: int = 1, *, seconds: float = WAIT_SECONDS) -> list[Bind]:
        """Wait until `count` requests to bind were decided upon and give all."""
        self._wait_until(lambda: len(self._heard.binds) >= count, what=f"{count} binds", seconds=seconds)
        return self.binds()

    def wait_for_closed(self, count: int = 1, *, seconds: float = WAIT_SECONDS) -> list[Closed]:
        """Wait until `count` connections were closed since the start or `forget`."""
        self._wait_until(lambda: len(self._heard.closed) >= count, what=f"{count} ends", seconds=seconds)
        with self._heard.news:
            return list(self._heard.closed)

    def forget(self) -> None:
        """Forget what was read so far, and every message submitted: no receipt can be sent for it any more."""
        self._order("forget")
        self._heard.forget()

    def log_tail(self) -> str:
        """Give the last lines the server logged, and the last events."""
        with self._heard.news:
            return "\n".join([processes.tail_of(self.log), *self._heard.last_lines])

    def _with_decision(self, submit: Submit) -> Submit:
        decision = self._heard.decisions.get((submit.link, submit.sequence))
        if decision is None:
            return submit
        status = None if decision.status < 0 else decision.status
        return msgspec.structs.replace(submit, status=status, message_id=decision.message_id)

    def _order(self, name: str, **arguments: object) -> int:
        self._commands += 1
        number = self._commands
        self.process.write(json.dumps({"do": name, "id": number, **arguments}))
        self._wait_until(lambda: number in self._heard.done, what=f"end of {name}", seconds=WAIT_SECONDS)
        with self._heard.news:
            done = self._heard.done[number]
        if done.problem:
            raise processes.PeerFailedError(f"{name}: {done.problem}\n{self.log_tail()}")
        return done.status

    def _wait_until(self, is_true: Callable[[], bool], *, what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._heard.news:
            while not is_true():
                left = deadline - time.monotonic()
                if left <= 0 or not self.process.is_running:
                    raise processes.PeerFailedError(f"no {what} within {seconds} s\n{self.log_tail()}")
                self._heard.news.wait(left)


@contextlib.contextmanager
def start(
    folder: Path | None = None,
    *,
    login: tuple[str, str] = ("signalpost", "secret12"),
    enquire_link_seconds: float = 60.0,
) -> Generator[Smsc]:
    """Run an SMPP server; `folder` (default: a new one) takes its log.

    `login` is the one system id and password (at most 8 characters, SMPP 3.4, 5.2.2) it lets bind;
    `enquire_link_seconds` is the silence after which it sends enquire_link.
    """
    with processes.folder_for("smsc", folder) as base:
        server = Smsc(base, login=login, enquire_link_seconds=enquire_link_seconds)
        server.restart()
        try:
            yield server
        finally:
            server.kill()
