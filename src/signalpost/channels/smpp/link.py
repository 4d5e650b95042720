"""One connection to an SMS centre: bound as transmitter, with a window of submits under way.

What was handed to the centre and not answered is unclear; what was not handed over yet may go by another centre.
"""

import contextlib
from collections.abc import Sequence

import msgspec
from smpplib import pdu

from signalpost.channels import failover
from signalpost.channels.smpp import answers, segments, wire
from signalpost.vocabulary import deliveries, traffic

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
#: … that say "more slowly".
_TOO_FAST = frozenset({0x14, 0x58})
#: … that say "this number is none".
_NO_NUMBER = {0x0B: "ESME_RINVDSTADR", 0x50: "ESME_RINVDSTTON", 0x51: "ESME_RINVDSTNPI"}
#: … that refuse to bind.
_NO_BIND = {0x0D: "ESME_RBINDFAIL", 0x0E: "ESME_RINVPASWD", 0x0F: "ESME_RINVSYSID"}
#: What a centre answers a submit_sm with.
_ANSWERS = frozenset({"submit_sm_resp", "generic_nack"})
#: A centre that is too busy wants a pause.
BUSY_SECONDS = 5


class _Submit(msgspec.Struct, kw_only=True):
    """A segment on its way: which message, which of its segments."""

    message: int
    segment: int


class Link:
    """The connection; opened when needed, dropped when it fails."""

    def __init__(self, centre: wire.Centre, *, label: str = "") -> None:
        """Prepare; nothing is connected yet. `label` tells the message ids of several centres apart."""
        self.name = centre.where
        self.per_second = centre.per_second
        self._centre = centre
        self._label = label
        self._wire: wire.Wire | None = None

    def carry(self, items: Sequence[segments.Message]) -> failover.Carried:
        """Submit messages, several at once; those without an outcome were not handed over."""
        results = _Results(items, label=self._label)
        problem = ""
        try:
            self._pump(self._living(), items, results)
        except wire.LinkError as error:
            self.drop()
            problem = f"SMS centre: {error}"
            results.fail(problem)
        return failover.Carried(results.outcomes(), problem=problem, is_down=not results.is_answered)

    def check(self) -> str:
        """Bind, and say what is wrong if it cannot be done."""
        try:
            self._living()
        except wire.LinkError as error:
            self.drop()
            return f"SMS centre {self.name}: {error}; check smpp_url and that the centre is up"
        return ""

    def close(self) -> None:
        """Unbind and close."""
        if self._wire is None:
            return
        with contextlib.suppress(wire.LinkError):
            _ask(self._wire, "unbind")
        self.drop()

    def drop(self) -> None:
        """Close without a word."""
        dropped, self._wire = self._wire, None
        if dropped is not None:
            dropped.close()

    def _living(self) -> wire.Wire:
        """The bound connection; one that the centre has left meanwhile is made anew."""
        if self._wire is not None:
            try:
                _ask(self._wire, "enquire_link")
            except wire.LinkError:
                self.drop()
            else:
                return self._wire
        self._wire = wire.Wire(self._centre)
        answer = _ask(self._wire, "bind_transmitter", system_id=self._centre.system_id, password=self._centre.password)
        if answer.is_error():
            name = _NO_BIND.get(answer.status, f"0x{answer.status:08X}")
            raise wire.LinkError(f"it refuses to bind as {self._centre.system_id!r}: {name}")
        return self._wire

    def _pump(self, bound: wire.Wire, messages: Sequence[segments.Message], results: "_Results") -> None:
        waiting = [
            _Submit(message=index, segment=number)
            for index, message in enumerate(messages)
            for number in range(len(message.segments))
        ]
        waiting.reverse()
        under_way: dict[int, _Submit] = {}

        def may_go() -> bool:
            # A centre that asks for a slower pace gets what was begun, and no other message of the batch.
            return bool(waiting) and not (results.is_throttled and waiting[-1].segment == 0)

        while may_go() or under_way:
            while may_go() and len(under_way) < WINDOW_SUBMITS:
                submit = waiting.pop()
                results.handed_over(submit.message)
                under_way[_submit(bound, messages[submit.message], submit.segment)] = submit
            answer = bound.read()
            if answer.command == "enquire_link":
                bound.answer("enquire_link_resp", answer.sequence)
            elif answer.command == "unbind":
                bound.answer("unbind_resp", answer.sequence)
                raise wire.LinkError("the centre ended the session")
            elif answer.sequence in under_way and answer.command in _ANSWERS:
                submit = under_way.pop(answer.sequence)
                results.answered(submit.message, submit.segment, answer.status, _message_id(answer))


def _ask(bound: wire.Wire, command: str, **fields: str) -> pdu.PDU:
    """Send a request and wait for its answer; what the centre asks meanwhile is answered.

    Raises:
        wire.LinkError: the connection is of no use any more, or the centre ends it.
    """
    sequence = bound.request(command, **fields)
    while True:
        answer = bound.read()
        if answer.command == "enquire_link":
            bound.answer("enquire_link_resp", answer.sequence)
        elif answer.command == "unbind":
            bound.answer("unbind_resp", answer.sequence)
            raise wire.LinkError("the centre ended the session")
        elif answer.sequence == sequence:
            return answer


class _Results:
    """What is known of each message while answers come in, in any order."""

    def __init__(self, messages: Sequence[segments.Message], *, label: str) -> None:
        self._label = label
        self.is_answered = False
        self.is_throttled = False
        self._counts = [len(message.segments) for message in messages]
        self._is_handed_over = [False for _ in messages]
        self._answered: list[dict[int, tuple[int, str]]] = [{} for _ in messages]
        self._failure = ""

    def handed_over(self, message: int) -> None:
        self._is_handed_over[message] = True

    def answered(self, message: int, segment: int, status: int, message_id: str) -> None:
        self.is_answered = True
        self.is_throttled = self.is_throttled or status in _TOO_FAST
        self._answered[message][segment] = (status, message_id)

    def fail(self, detail: str) -> None:
        self._failure = detail

    def outcomes(self) -> list[deliveries.Outcome | None]:
        return [self._outcome(message) for message in range(len(self._counts))]

    def _outcome(self, message: int) -> deliveries.Outcome | None:
        answered = self._answered[message]
        refused = [status for status, _ in answered.values() if status]
        if refused:
            return _refused(refused[0])
        if len(answered) == self._counts[message]:
            named = answers.provider_ref(self._label, answered[max(answered)][1])
            return deliveries.Outcome(kind=_Kind.ACCEPTED, code="0", provider_ref=named)
        if self._is_handed_over[message]:
            return deliveries.Outcome(kind=_Kind.UNCLEAR, detail=self._failure)
        if self.is_throttled and not self._failure:
            return failover.held_back("the SMS centre asked for a slower pace", BUSY_SECONDS)
        return None


def _refused(status: int) -> deliveries.Outcome:
    if status in _LATER:
        return deliveries.Outcome(
            kind=_Kind.DEFERRED,
            code=_LATER[status],
            detail="the SMS centre is busy",
            retry_after_seconds=BUSY_SECONDS,
            throttle=traffic.Throttle.PROVIDER if status in _TOO_FAST else traffic.Throttle.NONE,
        )
    if status in _NO_NUMBER:
        return deliveries.Outcome(
            kind=_Kind.ADDRESS_INVALID, code=_NO_NUMBER[status], detail="the SMS centre knows no such number"
        )
    return deliveries.Outcome(kind=_Kind.REJECTED, code=f"0x{status:08X}", detail="the SMS centre refused the message")


def _submit(bound: wire.Wire, message: segments.Message, number: int) -> int:
    segment = message.segments[number]
    return bound.request(
        "submit_sm",
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
