"""Notices: the decision about every affected party. Exactly one `Notice` or `Withheld` each, never silence.

The decision is explained: `trace` holds, in order, each rule that was asked and what it said, so that "why did I get
this, why by SMS, why now" and "why did Ben get nothing" are read, not reconstructed.
"""

import datetime as dt
import enum

from signalpost.vocabulary import events, parties, records


class LegalClass(enum.StrEnum):
    """What the law makes of a category. Decides what may override whom."""

    MARKETING = "marketing"
    SERVICE = "service"
    CONTRACTUAL = "contractual"
    REGULATORY = "regulatory"
    SAFETY = "safety"


#: Classes that no consent, preference, cap or quiet hour may hold back.
MANDATORY = frozenset({LegalClass.REGULATORY, LegalClass.SAFETY})


class WithheldReason(enum.StrEnum):
    """Why a party gets nothing. Closed: every value is documented, counted and shown."""

    #: The trigger means other customers.
    NOT_IN_SEGMENT = "not_in_segment"
    NO_CONSENT = "no_consent"
    REFUSED_BY_PREFERENCE = "refused_by_preference"
    CAP_REACHED = "cap_reached"
    #: Someone of the same household is told.
    HOUSEHOLD_TOLD = "household_told"
    #: This party was already told this.
    ALREADY_TOLD = "already_told"
    #: The end is told only to those who were told the beginning.
    NEVER_TOLD = "never_told"
    #: The beginning reached them on no channel.
    NEVER_REACHED = "never_reached"
    #: They left the incident and were told so.
    NO_LONGER_AFFECTED = "no_longer_affected"
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    BARRED = "barred"
    #: It would have come out of quiet hours after it stopped being true.
    EXPIRED = "expired"
    #: No approved template in force for the communication type and any language of the party.
    NO_TEMPLATE = "no_template"
    #: Superseded before it was sent, by a later change of the same situation.
    SUPERSEDED = "superseded"
    #: A fact the template needs is missing for this party.
    INCOMPLETE = "incomplete"


class FrequencyCap(records.Record, frozen=True, kw_only=True):
    """At most so many messages of a category in so long."""

    count: int
    within_seconds: int


class CategoryPolicy(records.Record, frozen=True, kw_only=True):
    """What holds for one category of communication. Versioned and approved like a template."""

    category: str
    legal_class: LegalClass
    #: Consent purpose that is needed, "" for none.
    consent: str = ""
    #: Channels in order when it is urgent, that is at or above `urgent_from`; all of `at_once` start together.
    urgent_channels: tuple[parties.ChannelKind, ...] = ()
    at_once: int = 1
    #: `situations.Severity` from which it is urgent.
    urgent_from: int = 3
    #: Channels in order when it is routine; the party's preference reorders these.
    routine_channels: tuple[parties.ChannelKind, ...] = ()
    #: Severity from which quiet hours do not hold it back.
    breaks_quiet_hours_from: int = 4
    frequency_cap: FrequencyCap | None = None
    #: After so long without confirmation the next channel starts too; 0 is never.
    escalate_after_seconds: int = 0
    #: A message not sent by then is no longer true; 0 is never.
    expires_after_seconds: int = 0
    #: Whether one-click unsubscribe is offered (RFC 8058). Never on mandatory classes.
    has_unsubscribe: bool = False
    #: Roles whose approvals a text of the category needs, in this order; none is one approver.
    review: tuple[str, ...] = ()


class Policy(records.Record, frozen=True, kw_only=True):
    """The channel policy in force: the decision table of the business side."""

    version: str
    categories: tuple[CategoryPolicy, ...]
    #: Quiet hours of parties that set none of their own.
    quiet_hours: parties.QuietHours | None = None
    #: Channels that are useless in a device state: `mains_off` → push over the home router.
    useless_in: tuple[tuple[str, parties.ChannelKind], ...] = ()
    #: Languages tried after the party's own, in order.
    fallback_languages: tuple[str, ...] = ("en",)


class CommunicationType(records.Record, frozen=True, kw_only=True):
    """What kind of thing is said: the anchor of templates, policy and retention."""

    name: str
    title: str
    category: str
    #: Languages with an approved version in force at the moment of the decision, with that version's digest.
    versions: tuple[tuple[str, str], ...] = ()
    #: Channels it has content for.
    channels: tuple[parties.ChannelKind, ...] = ()
    retention_days: int = 3650


class UnknownCategoryError(LookupError):
    """The policy in force says nothing about a communication type's category. A broken configuration."""


class Start(enum.StrEnum):
    """What sets a planned delivery off."""

    AT_ONCE = "at_once"
    #: When everything before it in the plan has failed.
    ON_FAILURE = "on_failure"
    #: On failure, or when nothing is confirmed after `after_seconds`.
    ON_SILENCE = "on_silence"


class PlannedDelivery(records.Record, frozen=True, kw_only=True):
    """One step of the plan for a notice."""

    rank: int
    channel: parties.ChannelKind
    contact_point: str
    #: The address as it was at the decision; later edits never change history.
    address: str
    postal: parties.PostalAddress | None = None
    start: Start
    #: For `on_silence`: seconds after the notice's `send_at`, growing with the rank.
    after_seconds: int = 0
    #: Why this channel stands at this rank.
    because: str


class Because(records.Record, frozen=True, kw_only=True):
    """One rule that was asked, and what it said."""

    rule: str
    verdict: str
    #: The values it looked at, in words.
    detail: str = ""


class Notice(records.Record, frozen=True, kw_only=True):
    """The decision to tell a party: what, why, on which channels, when."""

    #: Derived from change, party and communication type: deciding again gives the same name.
    ref: str
    change: str
    situation: str
    party: str
    household: str
    communication: str
    category: str
    legal_class: LegalClass
    language: str
    #: Digest of the approved template version, snapshotted at the decision.
    template: str
    policy_version: str
    lane: events.Lane
    plan: tuple[PlannedDelivery, ...]
    #: Not before; after the end of quiet hours for one that waits.
    send_at: dt.datetime
    #: Not after; `None` for one that stays true.
    expires_at: dt.datetime | None = None
    has_unsubscribe: bool = False
    #: Quiet hours that bind its ringing channels whenever a later rank or a retry starts, in the party's time zone;
    #: `None` where none do: mandatory, severe, or not a person.
    quiet_hours: parties.QuietHours | None = None
    time_zone: str = "UTC"
    trace: tuple[Because, ...]


class Withheld(records.Record, frozen=True, kw_only=True):
    """The decision not to tell a party, and why."""

    ref: str
    change: str
    situation: str
    party: str
    household: str
    communication: str
    reason: WithheldReason
    #: For `household_told`: the party that is told instead.
    instead: str = ""
    policy_version: str
    trace: tuple[Because, ...]


Decision = Notice | Withheld
