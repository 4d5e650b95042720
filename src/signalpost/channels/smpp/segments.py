"""Texts as submit_sm parameters: segments with their concatenation header."""

import re
import zlib

import msgspec

from signalpost.vocabulary import deliveries, sms

#: data_coding: SMSC default alphabet (GSM 03.38), UCS-2 (SMPP 3.4, 5.2.19).
_CODING = {sms.Encoding.GSM7: 0x00, sms.Encoding.UCS2: 0x08}
#: esm_class with a user data header (5.2.12).
_WITH_HEADER = 0x40
#: Type of number and numbering plan (5.2.5, 5.2.6): international E.164, alphanumeric.
INTERNATIONAL, ISDN = 1, 1
ALPHANUMERIC, UNKNOWN_PLAN = 5, 0

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One submit_sm."""

    content: bytes
    esm_class: int
    data_coding: int
    #: Only the last segment asks for a receipt: one message, one receipt.
    asks_receipt: bool


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A text ready to be submitted."""

    source: str
    source_ton: int
    source_npi: int
    destination: str
    segments: tuple[Segment, ...]


def prepare(outgoing: deliveries.Outgoing, *, sender: str) -> Message | deliveries.Outcome:
    """Cut a text into segments; a number that is none, and a text that no message holds, are the outcome."""
    if not _NUMBER.fullmatch(outgoing.address):
        return deliveries.Outcome(
            kind=deliveries.OutcomeKind.ADDRESS_INVALID, detail="wanted a number in E.164, got something else"
        )
    cut = _cut(outgoing.content)
    if isinstance(cut, deliveries.Outcome):
        return cut
    is_number = _NUMBER.fullmatch(sender) is not None
    return Message(
        source=sender.removeprefix("+"),
        source_ton=INTERNATIONAL if is_number else ALPHANUMERIC,
        source_npi=ISDN if is_number else UNKNOWN_PLAN,
        destination=outgoing.address.removeprefix("+"),
        segments=_segments(outgoing.ref, cut),
    )


def _cut(content: bytes) -> sms.Segmentation | deliveries.Outcome:
    try:
        cut = sms.segments(content.decode())
    except UnicodeDecodeError:
        return deliveries.Outcome(kind=deliveries.OutcomeKind.REJECTED, detail="wanted text in UTF-8, got other bytes")
    if len(cut.parts) > sms.MESSAGE_PARTS:
        return deliveries.Outcome(
            kind=deliveries.OutcomeKind.REJECTED,
            detail=f"wanted at most {sms.MESSAGE_PARTS} parts, got {len(cut.parts)}",
        )
    return cut


def _segments(ref: str, cut: sms.Segmentation) -> tuple[Segment, ...]:
    parts = sms.encode_parts(cut)
    # The same reference on every attempt: a message half accepted is completed, not begun anew on the phone.
    reference = zlib.crc32(ref.encode()) & 0xFF
    return tuple(
        Segment(
            content=(bytes([5, 0, 3, reference, len(parts), number]) if len(parts) > 1 else b"") + part,
            esm_class=_WITH_HEADER if len(parts) > 1 else 0,
            data_coding=_CODING[cut.encoding],
            asks_receipt=number == len(parts),
        )
        for number, part in enumerate(parts, start=1)
    )
