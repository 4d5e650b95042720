"""The library: what authors and the business side keep, and the releases that change it.

An *item* is one thing that is kept under a name: a communication type with its editions, a shared text, a brand, a
trigger. Items refer to each other by name, so that a disclaimer is written once. What leaves is never an item: when a
release is made, every communication it touches is *bound* with everything it uses into one `templates.Content` per
language, and that is what is checked, shown, approved and frozen.

    drafts (working copies)  →  release (items + bound contents)  →  review  →  live at one moment, or withdrawn as one
"""

import datetime as dt
import enum

from signalpost.vocabulary import events, manuscripts, notices, parties, records, situations, templates


class Kind(enum.StrEnum):
    """What the library keeps."""

    COMMUNICATION = "communication"
    TEXT = "text"
    BRAND = "brand"
    IMAGE = "image"
    INSERT = "insert"
    LAYOUT = "layout"
    LANGUAGE = "language"
    CONTRACT = "contract"
    TRIGGER = "trigger"
    SEGMENT = "segment"
    POLICY = "policy"


#: What the communications side keeps; the rest is the business side's.
COMMUNICATIONS_SIDE = frozenset(
    {Kind.COMMUNICATION, Kind.TEXT, Kind.BRAND, Kind.IMAGE, Kind.INSERT, Kind.LAYOUT, Kind.LANGUAGE}
)


class Sample(records.Record, frozen=True, kw_only=True):
    """Facts of one case that the texts distinguish; made up, never a real person."""

    name: str
    #: JSON object of the facts, as `compose.facts` builds it.
    facts: str


class Edition(records.Record, frozen=True, kw_only=True):
    """What a communication type says in one language. Texts as in the template language."""

    #: BCP 47.
    language: str
    title: str
    subject: str
    preheader: str = ""
    sms: str = ""
    push_title: str = ""
    push_body: str = ""
    variants: tuple[templates.WordsVariant, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    body: tuple[templates.TemplateBlock, ...]


class InsertRule(records.Record, frozen=True, kw_only=True):
    """An insert that goes with a letter when the condition (CEL over the facts, "" is always) holds."""

    insert: str
    condition: str = ""


class Communication(records.Record, frozen=True, kw_only=True, tag="communication"):
    """A communication type as it is written: who may get it how, from which data, in which languages."""

    name: str
    title: str
    #: Category of the channel policy, and with it the legal class and the review.
    category: str
    channels: tuple[parties.ChannelKind, ...]
    retention_days: int = 3650
    #: Length budget of the SMS in segments.
    sms_segments: int = 3
    #: Name of the contract whose facts it speaks of: an event type, or `incident` and the like.
    speaks_of: str
    #: JSON Schema 2020-12 of the facts the texts may use, as JSON text.
    contract: str
    brand: str
    #: Name of a layout; "" for the standard one.
    layout: str = ""
    inserts: tuple[InsertRule, ...] = ()
    editions: tuple[Edition, ...] = ()
    samples: tuple[Sample, ...] = ()


class TextVariant(records.Record, frozen=True, kw_only=True):
    """One wording of a shared text."""

    language: str
    #: ISO 3166-1 or 3166-2 code (`DE`, `US-CA`) that `party.facts.jurisdiction` is compared with; "" for everywhere
    #: that has no wording of its own.
    jurisdiction: str = ""
    #: First and first no longer day, in the recipient's time zone; `None` is open.
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    body: tuple[templates.TemplateBlock, ...]


class SharedText(records.Record, frozen=True, kw_only=True, tag="text"):
    """A disclaimer, regulatory paragraph, signature or contact block that many communications use."""

    name: str
    title: str
    variants: tuple[TextVariant, ...]


class Sender(records.Record, frozen=True, kw_only=True):
    """Who a message is from on a channel: an e-mail address or an SMS sender."""

    channel: parties.ChannelKind
    address: str
    name: str = ""


class Brand(records.Record, frozen=True, kw_only=True, tag="brand"):
    """A brand: what every communication in it wears."""

    name: str
    title: str
    dress: manuscripts.Brand
    senders: tuple[Sender, ...] = ()


class Image(records.Record, frozen=True, kw_only=True, tag="image"):
    """An image with what it shows, per language. The bytes lie in the archive under the digest."""

    name: str
    title: str
    media_type: str
    digest: str
    #: Language → text alternative; an empty text says that the image is decoration.
    alternatives: tuple[tuple[str, str], ...] = ()


class Insert(records.Record, frozen=True, kw_only=True, tag="insert"):
    """A one-page document that can go with letters. The PDF lies in the archive under the digest."""

    name: str
    title: str
    digest: str
    weight_grams: float


class Layout(records.Record, frozen=True, kw_only=True, tag="layout"):
    """A Typst file that lays manuscripts out, by professionals."""

    name: str
    title: str
    source: str


class Language(records.Record, frozen=True, kw_only=True, tag="language"):
    """A language that can be written in: its direction and the words layouts need. The name is the BCP 47 tag."""

    name: str
    title: str
    direction: manuscripts.Direction = manuscripts.Direction.LTR
    labels: manuscripts.Labels


class DataContract(records.Record, frozen=True, kw_only=True, tag="contract"):
    """What a communication can speak of: an event type with its contract, or what an incident tells."""

    name: str
    title: str
    #: JSON Schema of all facts that are there, as JSON text.
    facts: str
    #: For an event type: what the business platform has to send.
    event: events.Contract | None = None


class Trigger(records.Record, frozen=True, kw_only=True, tag="trigger"):
    """A trigger with the segment that narrows its audience."""

    name: str
    title: str
    trigger: situations.Trigger
    #: Name of a segment; "" for everybody whom it concerns.
    segment: str = ""


class Segment(records.Record, frozen=True, kw_only=True, tag="segment"):
    """Customers that are meant: CEL over the customer record (`party` as in the facts)."""

    name: str
    title: str
    condition: str


class Policy(records.Record, frozen=True, kw_only=True, tag="policy"):
    """The channel policy: one in an installation, named `policy`."""

    name: str = "policy"
    title: str = "Channel policy"
    policy: notices.Policy


Item = (
    Communication | SharedText | Brand | Image | Insert | Layout | Language | DataContract | Trigger | Segment | Policy
)

#: The record of each kind.
RECORDS: dict[Kind, type[Item]] = {
    Kind.COMMUNICATION: Communication,
    Kind.TEXT: SharedText,
    Kind.BRAND: Brand,
    Kind.IMAGE: Image,
    Kind.INSERT: Insert,
    Kind.LAYOUT: Layout,
    Kind.LANGUAGE: Language,
    Kind.CONTRACT: DataContract,
    Kind.TRIGGER: Trigger,
    Kind.SEGMENT: Segment,
    Kind.POLICY: Policy,
}


class Key(records.Record, frozen=True, kw_only=True, order=True):
    """The name of an item in the whole library."""

    kind: Kind
    name: str


def key(item: Item) -> Key:
    """Under which name an item is kept."""
    kind = next(kind for kind, record in RECORDS.items() if isinstance(item, record))
    return Key(kind=kind, name=item.name)


def digest(item: Item) -> str:
    """Name of this version of an item: SHA-256 of its canonical JSON."""
    return records.digest(records.canonical(item))


#: The library at one moment: what is live, or what is live with a release laid over it.
Shelf = dict[Key, Item]


class ReleaseState(enum.StrEnum):
    """Where a release stands; `RELEASE_MOVES` holds the legal moves."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    LIVE = "live"
    #: Taken back before it went live, or out of use again afterwards.
    WITHDRAWN = "withdrawn"
    #: Its time is over: what it brought is out of use, and nothing came in its place.
    ENDED = "ended"


#: Legal moves of a release. Approved without a date to come is held back: what is live is not what it was made for.
RELEASE_MOVES: dict[ReleaseState, frozenset[ReleaseState]] = {
    ReleaseState.DRAFT: frozenset({ReleaseState.DRAFT, ReleaseState.IN_REVIEW, ReleaseState.WITHDRAWN}),
    ReleaseState.IN_REVIEW: frozenset(
        {ReleaseState.DRAFT, ReleaseState.IN_REVIEW, ReleaseState.APPROVED, ReleaseState.WITHDRAWN}
    ),
    ReleaseState.APPROVED: frozenset(
        {ReleaseState.DRAFT, ReleaseState.SCHEDULED, ReleaseState.LIVE, ReleaseState.WITHDRAWN}
    ),
    ReleaseState.SCHEDULED: frozenset(
        {ReleaseState.DRAFT, ReleaseState.APPROVED, ReleaseState.LIVE, ReleaseState.WITHDRAWN}
    ),
    ReleaseState.LIVE: frozenset({ReleaseState.WITHDRAWN, ReleaseState.ENDED}),
    ReleaseState.WITHDRAWN: frozenset(),
    ReleaseState.ENDED: frozenset(),
}


class Changed(records.Record, frozen=True, kw_only=True):
    """One item that a release changes: its new version, or "" where it is taken out of use."""

    key: Key
    #: Digest of the new version, "" to retire the item.
    digest: str
    #: Digest of what was live when the change was made, "" for a new item. Another one by then makes it stale.
    base: str = ""


class BoundContent(records.Record, frozen=True, kw_only=True):
    """One communication type in one language as a release would make it: the frozen content by digest."""

    communication: str
    language: str
    #: Digest of the bound content, "" where the language is taken out of use.
    content: str
    #: Digest of the content that was live when the release was made.
    base: str = ""


class Comment(records.Record, frozen=True, kw_only=True):
    """What somebody noted at a place of a release."""

    number: int
    place: str
    text: str
    person: str
    at: dt.datetime
    resolved_by: str = ""


class Release(records.Record, frozen=True, kw_only=True):
    """Changes that are approved as one and go live at one moment, or are withdrawn as one."""

    ref: str
    title: str
    state: ReleaseState
    #: Who put it together. Authors of its items and everyone who changed them are `editors`: it is their change too.
    author: str
    editors: frozenset[str] = frozenset()
    changes: tuple[Changed, ...]
    contents: tuple[BoundContent, ...] = ()
    #: What the review is of: SHA-256 over changes and contents. A later change makes sign-offs void.
    digest: str
    sign_offs: tuple[templates.SignOff, ...] = ()
    created_at: dt.datetime
    #: By when it is to be reviewed, and by whom; `None` and "" where nothing was said.
    due_at: dt.datetime | None = None
    assigned_to: str = ""
    #: Who made the last step of the review, and when.
    approver: str = ""
    approved_at: dt.datetime | None = None
    #: When it goes live, set with the last step of the review.
    effective_from: dt.datetime | None = None
    effective_to: dt.datetime | None = None
    #: When it did go live, and when it was withdrawn or its time was over.
    live_at: dt.datetime | None = None
    over_at: dt.datetime | None = None
    #: Why it was sent back, held back or withdrawn; "" otherwise.
    reason: str = ""
    comments: tuple[Comment, ...] = ()
