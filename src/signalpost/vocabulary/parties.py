"""Parties: who may be told, where and how. Customers, staff and systems alike."""

import datetime as dt
import enum

from signalpost.vocabulary import records


class PartyKind(enum.StrEnum):
    """What a party is."""

    PERSON = "person"
    STAFF = "staff"
    SYSTEM = "system"


class ChannelKind(enum.StrEnum):
    """The way a communication travels. A contact point belongs to one; a configured channel implements one."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    LETTER = "letter"
    PORTAL = "portal"
    WEBHOOK = "webhook"


#: Channels that make a noise where the party is: the only ones that quiet hours hold back.
RINGING = frozenset({ChannelKind.SMS, ChannelKind.PUSH})


class AddressState(enum.StrEnum):
    """What is known about a contact point."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    #: Syntactically wrong or reported dead by a channel.
    INVALID = "invalid"


class PostalAddress(records.Record, frozen=True, kw_only=True):
    """A postal address in parts (after UPU S42); lines are made per country when the letter is laid out."""

    lines: tuple[str, ...]
    postcode: str
    locality: str
    region: str = ""
    #: ISO 3166-1 alpha-2.
    country: str


class ContactPoint(records.Record, frozen=True, kw_only=True):
    """One address on one channel. `address` is an e-mail address, E.164 number, endpoint, or "" for a letter."""

    ref: str
    channel: ChannelKind
    address: str
    postal: PostalAddress | None = None
    state: AddressState = AddressState.UNVERIFIED
    #: A bounce, complaint, STOP or order of the party bars it from now on; the reason is kept with it.
    suppressed: str = ""


class Preference(records.Record, frozen=True, kw_only=True):
    """What a party asked for: for one category ("" is all), the channels in order of liking."""

    category: str = ""
    channels: tuple[ChannelKind, ...] = ()
    #: Channels they never want for this category.
    refused: tuple[ChannelKind, ...] = ()


class QuietHours(records.Record, frozen=True, kw_only=True):
    """Local time of day in which routine messages wait. May pass midnight: 21:00 to 08:00.

    Both are wall-clock times of the party's time zone; `start` is quiet, `end` is not. Equal ones are no quiet time.
    """

    start: dt.time
    end: dt.time


class Told(records.Record, frozen=True, kw_only=True):
    """What a party was already told about the situation at hand."""

    #: The kind of change, as `situations.ChangeKind` writes it.
    change: str
    stage: int
    estimate_version: int
    at: dt.datetime
    #: Channels on which it was confirmed or at least not failed, best first.
    reached_by: tuple[ChannelKind, ...] = ()
    #: False while nothing is known to have arrived anywhere.
    was_reached: bool = True


class Party(records.Record, frozen=True, kw_only=True):
    """A person, member of staff or system with everything the choice needs to know about them.

    Loaded per change: `premises` and `told` speak of the situation at hand.
    """

    ref: str
    kind: PartyKind = PartyKind.PERSON
    name: str
    #: Parties of one household get one message; a party alone in it is a household of its own.
    household: str
    #: BCP 47 tag.
    language: str
    #: IANA time zone of the premise.
    time_zone: str
    contact_points: tuple[ContactPoint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    #: Purposes consented to; marketing needs `marketing`.
    consents: frozenset[str] = frozenset()
    quiet_hours: QuietHours | None = None
    #: The premises of this party that the change concerns.
    premises: tuple[str, ...] = ()
    #: Device state that bears on the choice: `mains_off` (home router and telephone are dark).
    device_states: frozenset[str] = frozenset()
    told: tuple[Told, ...] = ()
    #: Messages already decided in the window of the category's cap, by category.
    recent_counts: tuple[tuple[str, int], ...] = ()
    #: Deceased, in dispute, moved out: nothing but what the law demands.
    is_barred: bool = False
    #: Name used in the greeting, already chosen: "Ms Meyer".
    salutation: str = ""
    #: Display address of the premise, for the text.
    premise_address: str = ""
    #: Further fields that templates may use, as canonical JSON: account number, product.
    facts: str = "{}"
