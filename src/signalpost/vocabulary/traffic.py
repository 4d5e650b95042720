"""Traffic: the providers behind a channel, how each of them fares, and the pace at which peers are sent to.

All workers share what is known here: a relay that one of them could not reach is spared by the others, and a rate holds
over all of them.
"""

import datetime as dt
import enum

from signalpost.vocabulary import records


class Throttle(enum.StrEnum):
    """Whom an answer asks us to send more slowly to."""

    NONE = "none"
    #: The provider itself: SMPP ESME_RTHROTTLED, SMTP 421.
    PROVIDER = "provider"
    #: The recipient's domain behind it: SMTP 4.7.x to RCPT.
    DOMAIN = "domain"


class Provider(records.Record, frozen=True, kw_only=True):
    """One relay or centre of a channel: its place among them, and how it fares."""

    #: The configured channel.
    via: str
    #: Host and port.
    name: str
    #: Place in the configured order, 0 is the first.
    rank: int
    #: Batches in a row that it could not take at all; 0 is well.
    failures: int = 0
    #: Spared until then; the first batch after it is the probe.
    rests_until: dt.datetime | None = None
    failed_at: dt.datetime | None = None
    well_at: dt.datetime | None = None
    #: What it failed with, one line without persons.
    detail: str = ""


class Bucket(records.Record, frozen=True, kw_only=True):
    """How far the share of one provider or recipient domain is used up."""

    name: str
    #: When the next message is due at the steady rate.
    free_at: dt.datetime
    #: Up to when messages that were turned away have been told to come back.
    promised_until: dt.datetime
    #: How often the pace was halved because the peer asked for it …
    slowness: int = 0
    #: … and when last.
    slowed_at: dt.datetime | None = None


class Wanted(records.Record, frozen=True, kw_only=True):
    """How many messages of a batch want to go to one provider or domain."""

    bucket: str
    count: int
    #: Messages a second over all workers; 0 is unbounded.
    per_second: float = 0
    #: Whether those turned away come back ahead of what was promised to others.
    is_urgent: bool = False


class Share(records.Record, frozen=True, kw_only=True):
    """How many of them may go now."""

    granted: int
    #: For each of the others, in order, the seconds until it may come back.
    waits_seconds: tuple[int, ...] = ()
