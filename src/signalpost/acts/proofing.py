"""A proof: what a working copy says, to the account of the person who wrote it and to nobody else.

It goes out through the ordinary channel, is marked in its subject and its body, and is a fact in the log before and
after it is sent. It has no notice, no delivery and no address of a customer: it cannot be mistaken for one.
"""

import email.message
import email.policy
import enum
from collections.abc import Callable

import msgspec
from django.conf import settings as django_settings
from django.utils import timezone

from signalpost import channels
from signalpost.acts import previewing, studio
from signalpost.store import log, traffic
from signalpost.vocabulary import deliveries, library, manuscripts, parties, records
from signalpost.vocabulary import traffic as nouns

MARK = "[Proof]"
#: One in ten seconds for each person.
PROOFS_PER_SECOND = 0.1
_NOTE = "This is a proof for its author, made of sample data. It was sent to no customer."


class NotSentReason(enum.StrEnum):
    """Why a proof did not go out. Closed."""

    #: The account has no e-mail address.
    NO_ADDRESS = "no_address"
    #: No relay is configured.
    NO_CHANNEL = "no_channel"
    #: One went out moments ago.
    TOO_SOON = "too_soon"
    #: The working copy cannot be said, or not laid out, for this sample.
    NOT_SHOWN = "not_shown"
    #: The relay did not take it.
    NOT_TAKEN = "not_taken"


class NotSent(msgspec.Struct, frozen=True, kw_only=True):
    """Why a proof did not go out, in words for the person."""

    reason: NotSentReason
    detail: str


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A proof that a relay took."""

    address: str
    channel: str


def send(item: library.Item, shelf: library.Shelf, wish: previewing.Wish, *, by: str, address: str) -> Sent | NotSent:
    """Send a proof of a working copy.

    Args:
        item: the working copy as it is saved.
        shelf: everything it may use.
        wish: which sample, language and channel.
        by: the person's login name.
        address: of the person's own account.
    """
    make: Callable[[], channels.Channel | None] = django_settings.SIGNALPOST_MAIL
    if not address:
        return NotSent(reason=NotSentReason.NO_ADDRESS, detail="your account has no e-mail address")
    engines = studio.warm()
    communication = previewing.shown_in(item, shelf)
    shown = previewing.preview(communication, shelf, wish, given=engines)
    if shown.manuscript is None:
        detail = next((finding.message for finding in shown.findings), "nothing is written yet")
        return NotSent(reason=NotSentReason.NOT_SHOWN, detail=detail)
    marked = _marked(shown.manuscript)
    (rendered,) = studio.lay_out([marked], parties.ChannelKind(shown.channel), engines)
    if isinstance(rendered, manuscripts.Unrenderable):
        return NotSent(reason=NotSentReason.NOT_SHOWN, detail=rendered.detail)
    way = make()
    if way is None:
        return NotSent(reason=NotSentReason.NO_CHANNEL, detail="no relay is configured: SIGNALPOST_SMTP_URL")
    try:
        wanted = nouns.Wanted(bucket=f"proof:{by}", count=1, per_second=PROOFS_PER_SECOND)
        share = traffic.Traffic().take([wanted])[wanted.bucket]
        if not share.granted:
            return NotSent(reason=NotSentReason.TOO_SOON, detail="one went out moments ago; try again in ten seconds")
        return _sent(way, rendered, marked, by=by, address=address)
    finally:
        way.close()


def _sent(
    way: channels.Channel, rendered: manuscripts.Rendition, marked: manuscripts.Manuscript, *, by: str, address: str
) -> Sent | NotSent:
    """Send it, with the facts before and after."""
    now = timezone.now()
    ref = records.reference("proof", by, now.isoformat())
    told = {"by": by, "communication": marked.communication, "manuscript": records.digest(records.canonical(marked))}
    _note("send proof", told, ref)
    (outcome,) = way.send(
        [
            deliveries.Outgoing(
                ref=ref,
                attempt=1,
                communication=ref,
                channel=parties.ChannelKind.EMAIL,
                address=address,
                media_type="multipart/mixed",
                content=_entity(rendered, marked),
                headers=(("subject", marked.words.subject), ("from_name", marked.brand.name)),
            )
        ]
    )
    _note("proof sent", {**told, "outcome": outcome.kind, "code": outcome.code}, ref)
    if outcome.kind is not deliveries.OutcomeKind.ACCEPTED:
        return NotSent(reason=NotSentReason.NOT_TAKEN, detail=f"{outcome.kind}: {outcome.detail}"[:200])
    return Sent(address=address, channel=rendered.channel)


def _note(act: str, told: dict[str, str], ref: str) -> None:
    body = records.canonical({"act": act, **told}).decode()
    fact = records.Fact(kind=records.FactKind.STAFF_ACTED, subject=ref, at=timezone.now(), body=body)
    log.add([fact])


def _marked(manuscript: manuscripts.Manuscript) -> manuscripts.Manuscript:
    """The manuscript with the mark in all that it says; its own links lead nowhere."""
    words = manuscript.words
    note = manuscripts.Callout(tone=manuscripts.Tone.NOTE, title=MARK, runs=(manuscripts.Run(text=_NOTE),))
    return msgspec.structs.replace(
        manuscript,
        ref="proof",
        blocks=(*manuscript.blocks[:1], note, *manuscript.blocks[1:]),
        words=msgspec.structs.replace(
            words,
            subject=f"{MARK} {words.subject}",
            sms=f"{MARK} {words.sms}" if words.sms else "",
            push_title=f"{MARK} {words.push_title}" if words.push_title else "",
        ),
    )


def _entity(rendered: manuscripts.Rendition, marked: manuscripts.Manuscript) -> bytes:
    """The body of the mail: the e-mail itself, or a note with the letter or text."""
    if rendered.channel is parties.ChannelKind.EMAIL:
        return rendered.content
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    if rendered.channel is parties.ChannelKind.LETTER:
        mail.set_content(f"{MARK} {_NOTE}\n")
        mail.add_attachment(rendered.content, maintype="application", subtype="pdf", filename="proof.pdf")
    else:
        words = marked.words
        said = words.sms if rendered.channel is parties.ChannelKind.SMS else f"{words.push_title}\n{words.push_body}"
        mail.set_content(f"{MARK} {_NOTE}\n\n{said}\n")
        mail.make_mixed()
    # The channel writes it, with the other headers of the envelope.
    del mail["MIME-Version"]
    return mail.as_bytes()
