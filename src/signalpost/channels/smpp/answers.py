"""What a centre delivers to us: receipts (SMPP 3.4, appendix B) and replies of people."""

import datetime as dt
import re
from collections.abc import Sequence

import msgspec
from smpplib.pdu import PDU

from signalpost.channels.smpp import wire
from signalpost.vocabulary import deliveries, parties, records, sms

#: esm_class: message type bits, and the value that means "delivery receipt" (5.2.12).
_TYPE_BITS, _RECEIPT = 0x3C, 0x04
_WITH_HEADER = 0x40
_UCS2 = 0x08
_LATIN1 = 0x03

_FIELD = re.compile(r"(?P<name>id|stat|err|submit date):(?P<value>[^ ]*)", re.IGNORECASE)
_TEXT = re.compile(r"\btext:", re.IGNORECASE)

_Kind = deliveries.OutcomeKind

#: Message states as a receipt spells them. What is not final says nothing yet.
_STATES = {
    "DELIVRD": _Kind.DELIVERED,
    "EXPIRED": _Kind.EXPIRED,
    "DELETED": _Kind.EXPIRED,
    "UNDELIV": _Kind.REJECTED,
    "REJECTD": _Kind.REJECTED,
}
#: The same states as numbers, in the optional parameter message_state (5.2.28).
_NUMBERED = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}


class _Optional(msgspec.Struct, frozen=True, kw_only=True):
    message_id: str
    state: str


def provider_ref(label: str, message_id: str) -> str:
    """How a message is referred to: centres count alone, so among several an id is none without its centre."""
    return f"{label} {message_id}" if label else message_id


def read(raw: bytes, *, via: str, label: str = "") -> Sequence[deliveries.Receipt]:
    """The receipt or reply in a deliver_sm PDU; nothing for what is neither. `label` names the centre of several."""
    try:
        pdu = wire.parsed(raw)
    except wire.UNREADABLE:
        return ()
    if pdu.command != "deliver_sm" or pdu.esm_class is None or pdu.data_coding is None:
        return ()
    text = _text(pdu.short_message or pdu.message_payload or b"", pdu.data_coding, pdu.esm_class)
    now = dt.datetime.now(dt.UTC)
    if pdu.esm_class & _TYPE_BITS == _RECEIPT:
        return _receipt(text, _optional(pdu), via=via, label=label, now=now)
    return [
        deliveries.Receipt(
            channel=parties.ChannelKind.SMS,
            via=via,
            kind=_Kind.REPLIED,
            at=now,
            text=text[:1000],
            sender="+" + (pdu.source_addr or b"").decode("ascii", "replace").lstrip("+"),
            dedupe=records.digest(raw),
        )
    ]


def _receipt(text: str, optional: _Optional, *, via: str, label: str, now: dt.datetime) -> list[deliveries.Receipt]:
    # What follows `text:` is the beginning of the message itself, which may look like any field.
    told = _TEXT.split(text, maxsplit=1)[0]
    fields = {found["name"].lower(): found["value"] for found in _FIELD.finditer(told)}
    message_id = optional.message_id or fields.get("id", "")
    state = optional.state or fields.get("stat", "")
    if not message_id or state not in _STATES:
        return []
    named = provider_ref(label, message_id)
    return [
        deliveries.Receipt(
            channel=parties.ChannelKind.SMS,
            via=via,
            kind=_STATES[state],
            at=now,
            provider_ref=named,
            code=f"{state} {fields.get('err', '')}".strip(),
            # Centres count from the beginning again some day: the same id at another time is another message.
            dedupe=records.digest(f"{via} {named} {state} {fields.get('submit date', '')}".encode()),
        )
    ]


def _optional(pdu: PDU) -> _Optional:
    message_id = pdu.receipted_message_id
    state = pdu.message_state
    return _Optional(
        message_id=message_id.rstrip(b"\x00").decode("ascii", "replace") if message_id else "",
        state=_NUMBERED.get(state, "") if state is not None else "",
    )


def _text(content: bytes, coding: int, esm_class: int) -> str:
    body = content[1 + content[0] :] if esm_class & _WITH_HEADER and content else content
    if coding == _UCS2:
        return sms.decode(body, sms.Encoding.UCS2)
    if coding == _LATIN1:
        return body.decode("latin-1")
    return sms.decode(body, sms.Encoding.GSM7)
