"""How values are shown to people: moments, amounts, and the words of closed enumerations."""

import datetime as dt
from collections.abc import Mapping

from django import template
from django.utils import timezone

from signalpost.store import overview
from signalpost.vocabulary import situations

register = template.Library()

#: Good, bad, worth a look, or none of it: how a state is coloured beside its word.
TONES: Mapping[str, str] = {
    "accepted": "good",
    "acknowledged": "warn",
    "approved": "good",
    "cancelled": "quiet",
    "cleared": "good",
    "composed": "good",
    "delivered": "good",
    "discarded": "quiet",
    "draft": "quiet",
    "ended": "quiet",
    "failed": "bad",
    "in_review": "warn",
    "incomplete": "bad",
    "live": "good",
    "notice": "good",
    "open": "bad",
    "partly_restored": "warn",
    "paused": "warn",
    "pending": "warn",
    "replayed": "good",
    "resolved": "good",
    "scheduled": "calm",
    "superseded": "quiet",
    "told": "good",
    "unclear": "warn",
    "withdrawn": "quiet",
    "withheld": "quiet",
}


@register.filter
def words(value: object) -> str:
    """A word of an enumeration as people read it: `partly_restored` → "partly restored"."""
    return str(value).replace("_", " ")


@register.filter
def tone(value: object) -> str:
    """How a state is coloured."""
    return TONES.get(str(value), "calm")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment in the console's time zone, which the foot of each page names; "" for none."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""


@register.filter
def amount(value: float) -> str:
    """A number with thousands separated; counting ends at a limit."""
    text = f"{int(value):,}"
    return f"{text}+" if value == overview.COUNTED_ROWS else text


@register.filter
def severity(value: int) -> str:
    """A severity in its word."""
    return situations.Severity(value).name.lower()
