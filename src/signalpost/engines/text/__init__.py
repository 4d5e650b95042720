"""Short texts: a manuscript's SMS and its push notification, measured against what the channels can carry.

Both say exactly the words of the manuscript. Nothing is shortened, replaced or transliterated: what does not fit is
refused with the numbers, so that the author shortens it.
"""

from collections.abc import Sequence

from signalpost.vocabulary import manuscripts, parties, records, sms

#: What the common platforms show of a collapsed notification.
PUSH_TITLE_CHARACTERS = 65
PUSH_BODY_CHARACTERS = 240


class Sms:
    """Manuscript → `text/plain` in UTF-8; `units` is the number of segments (`vocabulary.sms`)."""

    channel = parties.ChannelKind.SMS
    version = "sms-1"

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out a batch, in the same order and number."""
        return [_sms(manuscript) for manuscript in batch]

    def close(self) -> None:
        """Nothing to end."""


class Push:
    """Manuscript → `application/json` with the members `title` and `body`."""

    channel = parties.ChannelKind.PUSH
    version = "push-1"

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out a batch, in the same order and number."""
        return [_push(manuscript) for manuscript in batch]

    def close(self) -> None:
        """Nothing to end."""


class Notification(records.Record, frozen=True, kw_only=True):
    """What a push rendition holds, as canonical JSON."""

    title: str
    body: str


def _sms(manuscript: manuscripts.Manuscript) -> manuscripts.Rendered:
    text, budget = manuscript.words.sms, min(manuscript.words.sms_segments, sms.MESSAGE_PARTS)
    if not text.strip():
        return _refusal(manuscript, Sms.channel, manuscripts.UnrenderableReason.NO_CONTENT, "words.sms: wanted text")
    if broken := _half_pair(text):
        return _refusal(manuscript, Sms.channel, manuscripts.UnrenderableReason.MISSING_GLYPH, f"words.sms: {broken}")
    cut = sms.segments(text)
    if len(cut.parts) > budget:
        detail = (
            f"words.sms: wanted at most {budget} segments, got {len(cut.parts)}"
            f" ({sum(cut.lengths)} units of {cut.encoding})"
        )
        return _refusal(manuscript, Sms.channel, manuscripts.UnrenderableReason.TOO_LONG, detail)
    return manuscripts.Rendition(
        ref=manuscript.ref,
        channel=Sms.channel,
        media_type="text/plain",
        content=text.encode(),
        units=len(cut.parts),
    )


def _push(manuscript: manuscripts.Manuscript) -> manuscripts.Rendered:
    title, body = manuscript.words.push_title, manuscript.words.push_body
    if not title.strip():
        detail = "words.push_title: wanted text"
        return _refusal(manuscript, Push.channel, manuscripts.UnrenderableReason.NO_CONTENT, detail)
    for field, text, limit in (("title", title, PUSH_TITLE_CHARACTERS), ("body", body, PUSH_BODY_CHARACTERS)):
        if broken := _half_pair(text):
            detail = f"words.push_{field}: {broken}"
            return _refusal(manuscript, Push.channel, manuscripts.UnrenderableReason.MISSING_GLYPH, detail)
        if len(text) > limit:
            detail = f"words.push_{field}: wanted at most {limit} characters, got {len(text)}"
            return _refusal(manuscript, Push.channel, manuscripts.UnrenderableReason.TOO_LONG, detail)
    return manuscripts.Rendition(
        ref=manuscript.ref,
        channel=Push.channel,
        media_type="application/json",
        content=records.canonical(Notification(title=title, body=body)),
    )


def _half_pair(text: str) -> str:
    """Name the first half of a surrogate pair in `text`, which no encoding can carry; "" where there is none."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"wanted characters, got half a surrogate pair U+{ord(text[error.start]):04X}"
    return ""


def _refusal(
    manuscript: manuscripts.Manuscript,
    channel: parties.ChannelKind,
    reason: manuscripts.UnrenderableReason,
    detail: str,
) -> manuscripts.Unrenderable:
    return manuscripts.Unrenderable(ref=manuscript.ref, channel=channel, reason=reason, detail=detail)
