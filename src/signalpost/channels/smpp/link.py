"""One connection to an SMS centre: bound as transmitter, with a window of submits under way.

What was handed to the centre and not answered is unclear; what was not handed over yet is deferred. `smpplib` is the
wire codec; the window and the failures are ours.
"""

import contextlib
import socket
import ssl
from collections.abc import Sequence

import msgspec
from smpplib import client, exceptions, pdu, smpp

from signalpost.channels.smpp import segments
from signalpost.vocabulary import deliveries, records

#: Seconds for a connection and for each answer.
ANSWER_SECONDS = 10.0
#: Submits under way at once.
WINDOW_SUBMITS = 50

_Kind = deliveries.OutcomeKind

#: command_status values (SMPP 3.4, 5.1.3) that say "later".
_LATER = {
    0x08: "ESME_RSYSERR",
    0x14: "ESME_RMSGQFUL",
    0x58: "ESME_RTHROTTLED",
    0x64: "ESME_RX_T_APPN",
}
#: … that say "this number is none".
_NO_NUMBER = {0x0B: "ESME_RINVDSTADR", 0x50: "ESME_RINVDSTTON", 0x51: "ESME_RINVDSTNPI"}
#: A centre that is too busy wants a pause.
BUSY_SECONDS = 5


class Centre(records.Record, frozen=True, kw_only=True):
    """Where the centre is and who we are there."""

    host: str
    port: int
    system_id: str
    password: str
    uses_tls: bool = False

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Centre(host={self.host!r}, port={self.port!r}, system_id={self.system_id!r})"


class _Submit(msgspec.Struct, kw_only=True):
    """A segment on its way: which message, which of its segments."""

    message: int
    segment: int


class Link:
    """The connection; opened when needed, dropped when it fails."""

    def __init__(self, centre: Centre) -> None:
        """Prepare; nothing is connected yet."""
        self._centre = centre
        self._client: client.Client | None = None

    def submit(self, messages: Sequence[segments.Message]) -> list[deliveries.Outcome]:
        """Submit messages, several at once, and say what came of each."""
        if not messages:
            return []
        results = _Results(messages)
        try:
            bound = self._bound()
            self._pump(bound, messages, results)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            self._drop()
            results.fail(f"connection to the SMS centre: {type(error).__name__}")
        return results.outcomes()

    def check(self) -> str:
        """Bind, and say what is wrong if it cannot be done."""
        try:
            bound = self._bound()
            bound.send_pdu(smpp.make_pdu("enquire_link", client=bound))
            bound.read_pdu()
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            self._drop()
            where = f"{self._centre.host}:{self._centre.port}"
            return f"SMS centre {where}: {error or type(error).__name__}; check smpp_url and that the centre is up"
        return ""

    def close(self) -> None:
        """Unbind and close."""
        if self._client is None:
            return
        with contextlib.suppress(exceptions.ConnectionError, exceptions.PDUError, OSError):
            self._client.unbind()
        self._drop()

    def _bound(self) -> client.Client:
        if self._client is not None:
            return self._client
        centre = self._centre
        context = ssl.create_default_context() if centre.uses_tls else None
        made = client.Client(
            centre.host,
            centre.port,
            timeout=ANSWER_SECONDS,
            ssl_context=context,
            allow_unknown_opt_params=True,
            logger_name="signalpost.smpp",
        )
        self._client = made
        made.connect()
        # Without it each window waits for the peer's delayed acknowledgement: 35 times slower on loopback.
        made._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # noqa: SLF001 - no public way
        made.bind_transmitter(system_id=centre.system_id, password=centre.password)
        return made

    def _pump(self, bound: client.Client, messages: Sequence[segments.Message], results: "_Results") -> None:
        waiting = [
            _Submit(message=index, segment=number)
            for index, message in enumerate(messages)
            for number in range(len(message.segments))
        ]
        waiting.reverse()
        under_way: dict[int, _Submit] = {}
        while waiting or under_way:
            while waiting and len(under_way) < WINDOW_SUBMITS:
                submit = waiting.pop()
                request = _pdu(bound, messages[submit.message], submit.segment)
                under_way[request.sequence] = submit
                results.handed_over(submit.message)
                bound.send_pdu(request)
            answer = bound.read_pdu()
            if answer.command == "enquire_link":
                response = smpp.make_pdu("enquire_link_resp", client=bound)
                response.sequence = answer.sequence
                bound.send_pdu(response)
            elif answer.sequence in under_way:
                submit = under_way.pop(answer.sequence)
                results.answered(submit.message, submit.segment, answer.status, _message_id(answer))

    def _drop(self) -> None:
        dropped, self._client = self._client, None
        if dropped is not None:
            dropped.disconnect()


class _Results:
    """What is known of each message while answers come in, in any order."""

    def __init__(self, messages: Sequence[segments.Message]) -> None:
        self._counts = [len(message.segments) for message in messages]
        self._is_handed_over = [False for _ in messages]
        self._answered: list[dict[int, tuple[int, str]]] = [{} for _ in messages]
        self._failure = ""

    def handed_over(self, message: int) -> None:
        self._is_handed_over[message] = True

    def answered(self, message: int, segment: int, status: int, message_id: str) -> None:
        self._answered[message][segment] = (status, message_id)

    def fail(self, detail: str) -> None:
        self._failure = detail

    def outcomes(self) -> list[deliveries.Outcome]:
        return [self._outcome(message) for message in range(len(self._counts))]

    def _outcome(self, message: int) -> deliveries.Outcome:
        answered = self._answered[message]
        refused = [status for status, _ in answered.values() if status]
        if refused:
            return _refused(refused[0])
        if len(answered) == self._counts[message]:
            return deliveries.Outcome(kind=_Kind.ACCEPTED, code="0", provider_ref=answered[max(answered)][1])
        if self._is_handed_over[message]:
            return deliveries.Outcome(kind=_Kind.UNCLEAR, detail=self._failure)
        return deliveries.Outcome(kind=_Kind.DEFERRED, detail=self._failure)


def _refused(status: int) -> deliveries.Outcome:
    code = f"0x{status:08X}"
    if status in _LATER:
        return deliveries.Outcome(
            kind=_Kind.DEFERRED, code=code, detail=_LATER[status], retry_after_seconds=BUSY_SECONDS
        )
    if status in _NO_NUMBER:
        return deliveries.Outcome(kind=_Kind.ADDRESS_INVALID, code=code, detail=_NO_NUMBER[status])
    return deliveries.Outcome(kind=_Kind.REJECTED, code=code, detail="the SMS centre refused the message")


def _pdu(bound: client.Client, message: segments.Message, number: int) -> pdu.PDU:
    segment = message.segments[number]
    return smpp.make_pdu(
        "submit_sm",
        client=bound,
        source_addr_ton=message.source_ton,
        source_addr_npi=message.source_npi,
        source_addr=message.source,
        dest_addr_ton=segments.INTERNATIONAL,
        dest_addr_npi=segments.ISDN,
        destination_addr=message.destination,
        short_message=segment.content,
        data_coding=segment.data_coding,
        esm_class=segment.esm_class,
        registered_delivery=segment.asks_receipt,
    )


def _message_id(answer: pdu.PDU) -> str:
    return (answer.message_id or b"").decode("ascii", "replace") if answer.command == "submit_sm_resp" else ""
