"""Mail that comes back, understood: delivery reports, delays, complaints, unsubscribes, automatic and human replies.

A mail speaks of a delivery through a signed reference (`verp`): first the address it came to, then what it answers,
then anywhere in it (the returned headers hold it in Message-ID and Return-Path). A mail to a forged address of ours
says nothing. Reports that hold no reference of ours still give a receipt, with the Message-ID of the returned mail as
the provider's reference: a relay that writes its own Message-ID named it in its answer to the final dot.

Parsing never raises, whatever comes in.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from signalpost.channels.smtp import codes, inbound, message, reports, verp
from signalpost.flow import replies
from signalpost.vocabulary import deliveries, parties, records

#: The one media type understood.
MEDIA_TYPE = "message/rfc822"
#: What is kept of a reply.
TEXT_LIMIT_CHARACTERS = 2000

#: Headers that hold the address a mail came to, the envelope's first (RFC 3798, 2.3; the others are servers' habits).
_RECIPIENT_HEADERS = ("x-original-to", "delivered-to", "envelope-to", "original-recipient", "to", "cc")
_ANSWER_HEADERS = ("in-reply-to", "original-envelope-id", "references")

_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-auto-reply")
_AUTO_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_AUTO_SUBJECT = re.compile(
    r"(auto(matic|mated)?[ -]?(reply|response|answer)|out of (the )?office|auto:"
    r"|autoantwort|automatische (antwort|empfangsbestätigung)|abwesen(d|heit)|nicht im büro|urlaub:)",
    re.IGNORECASE,
)

_MESSAGE_ID = re.compile(r"^message-id: *<?([^@<>\s]{1,200})@", re.IGNORECASE | re.MULTILINE)
#: The address in a From header. The standard library's reader recurses with every bracket.
_AUTHOR = re.compile(r"<([^<>\s]+)>\s*$|([^\s<>\"]{1,254}@[^\s<>\"]{1,254})")
_AUTHOR_LIMIT_CHARACTERS = 1000
#: Where a person's own words end: a line that announces a quotation, a signature, a forwarded head.
_QUOTE_START = re.compile(
    r"\s*>|-- ?$|_{10,}|-{2,} ?(original|ursprüngliche|forwarded|weitergeleitete)"
    r"|.*(wrote|schrieb|a écrit|escribió|ha scritto)\b.*:$|\W*(from|von|de|da):\W* .*@"
    r"|(sent|get|gesendet|von meinem|from my)\b.{0,30}\b(iphone|ipad|android|mobile|outlook|handy|smartphone|gesendet)",
    re.IGNORECASE,
)
#: … announced over two lines: `On Mon, 2 Nov 2026 at 10:00 Grid` `<notices@signalpost.example> wrote:`.
_QUOTE_BROKEN = re.compile(r"(on|am|den)\b.*(wrote|schrieb)\b.*:$", re.IGNORECASE)
#: Longer lines are not such ones.
_QUOTE_START_CHARACTERS = 300


def understand(raw: bytes, signer: verp.Verp, *, via: str, now: dt.datetime) -> tuple[deliveries.Receipt, ...]:
    """Read one mail.

    Args:
        raw: The mail as it arrived.
        signer: Recognises our references.
        via: Name of the configured channel.
        now: Moment of reading; a mail dated later is taken as of now.

    Returns:
        One receipt for each recipient it speaks of; none when it says nothing about a delivery of ours.
    """
    mail = inbound.parse(raw)
    if mail is None:
        return ()
    addressed, is_forged = signer.addressed("\n".join(mail.header(name) for name in _RECIPIENT_HEADERS))
    if is_forged and not addressed:
        return ()
    delivery = addressed[0][1] if addressed else _mentioned(mail, signer)
    is_unsubscribe = any(prefix == verp.UNSUBSCRIBE for prefix, _ in addressed)
    news = _news(mail, is_ours=bool(delivery), is_addressed=bool(addressed), is_unsubscribe=is_unsubscribe)
    returned = _returned_message_id(mail)
    return tuple(
        deliveries.Receipt(
            channel=parties.ChannelKind.EMAIL,
            via=via,
            kind=item.kind,
            at=mail.date(now),
            delivery=delivery,
            provider_ref="" if delivery else item.provider_ref or returned,
            code=item.code,
            detail=item.detail,
            dedupe=_dedupe(mail, delivery, number=number, item=item),
            text=item.text,
            sender=item.sender,
        )
        for number, item in enumerate(news)
    )


def _news(mail: inbound.Mail, *, is_ours: bool, is_addressed: bool, is_unsubscribe: bool) -> Sequence[reports.News]:
    if is_unsubscribe:
        return [reports.News(deliveries.OutcomeKind.UNSUBSCRIBED, detail="unsubscribed by mail")]
    if (news := reports.read(mail)) is not None:
        return news
    if not is_ours:
        return []
    if is_addressed and (news := reports.read_unstructured(mail)) is not None:
        return news
    if _is_automatic(mail):
        return [reports.News(deliveries.OutcomeKind.AUTO_REPLIED, detail=codes.clean(mail.words("subject")))]
    return _reply(mail)


def _mentioned(mail: inbound.Mail, signer: verp.Verp) -> str:
    answered = signer.mentioned("\n".join(mail.header(name) for name in _ANSWER_HEADERS))
    return next(iter(answered or signer.mentioned(mail.raw)), "")


def _is_automatic(mail: inbound.Mail) -> bool:
    """Tell an automatic answer (RFC 3834, 5, and the habits before it)."""
    submitted = mail.header("auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or mail.is_from_system
        or any(mail.header(name) for name in _AUTO_HEADERS)
        or mail.header("precedence").lower() in _AUTO_PRECEDENCE
        or _AUTO_SUBJECT.match(mail.words("subject")) is not None
        or mail.message.get_content_type() == "multipart/report"
    )


def _reply(mail: inbound.Mail) -> Sequence[reports.News]:
    found = _AUTHOR.search(mail.header("from")[:_AUTHOR_LIMIT_CHARACTERS])
    sender = message.mailbox(found[1] or found[2] if found else "")
    if isinstance(sender, message.Unaddressable):
        return []
    words = "\n".join(_own_lines(mail.text)).strip()[:TEXT_LIMIT_CHARACTERS]
    if replies.meant(words) is replies.Meaning.STOP:
        # Bars the address that was written to, whichever one the person writes from.
        return [reports.News(deliveries.OutcomeKind.UNSUBSCRIBED, detail="unsubscribed by reply")]
    return [reports.News(deliveries.OutcomeKind.REPLIED, text=words, sender=sender.address)]


def _own_lines(text: str) -> Iterator[str]:
    """Give the lines above the first one that begins a quotation or a signature."""
    lines = [line.strip()[:_QUOTE_START_CHARACTERS] for line in text.strip().splitlines()]
    for number, line in enumerate(text.strip().splitlines()):
        both = " ".join(lines[number : number + 2])
        if _QUOTE_START.match(lines[number]) or _QUOTE_BROKEN.match(both[:_QUOTE_START_CHARACTERS]):
            return
        yield line.strip()


def _returned_message_id(mail: inbound.Mail) -> str:
    """Give the part before the @ of the returned mail's Message-ID: of the last one that stands in the mail."""
    found = _MESSAGE_ID.findall(mail.raw)
    return found[-1] if len(found) > 1 else ""


def _dedupe(mail: inbound.Mail, delivery: str, *, number: int, item: reports.News) -> str:
    name = mail.header("message-id") or records.digest(mail.raw.encode("latin-1"))
    return records.reference(name, delivery, str(number), item.kind, item.code)
