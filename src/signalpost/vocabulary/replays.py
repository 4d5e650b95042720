"""Replays: past cases gone through again with a release laid over them, and what would have been another.

A *case* is one decision about one party. Its two *sides* are what was decided and said, and what would be with the
release. Nothing of a replay is sent, and nothing of it stands in the tables of the path.
"""

import datetime as dt
import enum
from decimal import Decimal

from signalpost.vocabulary import manuscripts, parties, records


class Verdict(enum.StrEnum):
    """What a release makes of a past case."""

    SAME = "same"
    DIFFERENT = "different"
    #: Nothing was said, and something would be.
    NEW = "new"
    #: Something was said, and nothing would be.
    GONE = "gone"


class Aspect(enum.StrEnum):
    """In what the two sides of a case differ."""

    #: It cannot be said any more: a fact that the new text needs is missing.
    INCOMPLETE = "incomplete"
    AMOUNT = "amount"
    CHANNEL = "channel"
    LANGUAGE = "language"
    PAGES = "pages"
    COST = "cost"
    TEXT = "text"
    #: Brand, layout, the words a layout needs; not a word of the text.
    LOOK = "look"
    #: When it would leave.
    MOMENT = "moment"


class Silence(enum.StrEnum):
    """Why a side says nothing, beside what `choose` gives as reason (`notices.WithheldReason`)."""

    #: No trigger asks for it.
    NO_TRIGGER = "no_trigger"
    #: The trigger's segment leaves the party out.
    NOT_IN_SEGMENT = "not_in_segment"
    #: The trigger's condition could not be read on these facts.
    FAULTY_CONDITION = "faulty_condition"
    #: The facts do not fill the text.
    INCOMPLETE = "incomplete"
    #: The language is taken out of use.
    NO_TEMPLATE = "no_template"


class Side(records.Record, frozen=True, kw_only=True):
    """One side of a case."""

    #: What is said; `None` where nothing is.
    manuscript: manuscripts.Manuscript | None = None
    #: Why nothing is said: a `Silence` or a `notices.WithheldReason`; "" where something is.
    silence: str = ""
    #: What could not be filled, for `Silence.INCOMPLETE`.
    detail: str = ""
    language: str = ""
    #: The channels that start at once, in the order of their ranks.
    channels: tuple[parties.ChannelKind, ...] = ()
    #: All channels of the plan.
    plan: tuple[parties.ChannelKind, ...] = ()
    #: Pages, segments or messages of those that start at once, as far as they are known.
    units: tuple[tuple[parties.ChannelKind, int], ...] = ()
    send_at: dt.datetime | None = None

    @property
    def is_told(self) -> bool:
        """Whether anything is said."""
        return self.manuscript is not None


class Amount(records.Record, frozen=True, kw_only=True):
    """An amount of money in a text, read in the conventions of its language."""

    value: Decimal
    #: ISO 4217.
    currency: str


class AmountChange(records.Record, frozen=True, kw_only=True):
    """An amount that is another one, or stands on one side alone."""

    before: Amount | None
    after: Amount | None


class Line(records.Record, frozen=True, kw_only=True):
    """One line of what a manuscript says, in reading order."""

    #: What it is: `subject`, `paragraph`, `table row`.
    kind: str
    text: str


class Stretch(records.Record, frozen=True, kw_only=True):
    """A part of a line that is the same on both sides, or on this side alone."""

    text: str
    is_changed: bool = False


class Pair(records.Record, frozen=True, kw_only=True):
    """Two lines side by side; one of them is empty where the other stands alone."""

    kind: str
    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]

    @property
    def is_same(self) -> bool:
        """Whether both sides say the same."""
        return not any(stretch.is_changed for stretch in (*self.before, *self.after))


class Price(records.Record, frozen=True, kw_only=True):
    """What one page, segment or message on a channel costs."""

    channel: parties.ChannelKind
    amount: Decimal


class Compared(records.Record, frozen=True, kw_only=True):
    """What came of a case."""

    verdict: Verdict
    aspects: tuple[Aspect, ...] = ()
    #: Kinds of lines that differ.
    places: tuple[str, ...] = ()
    lines_changed: int = 0
    #: The amount that changed most.
    amount: AmountChange | None = None
    pages_before: int | None = None
    pages_after: int | None = None
    #: In the currency of the prices; `None` where units or a price are not known.
    cost_before: Decimal | None = None
    cost_after: Decimal | None = None
    #: Why a side says nothing.
    silence: str = ""
    #: What makes it unusual by itself: points and words. How rare its kind is comes on top once all are known.
    points: tuple[tuple[float, str], ...] = ()
    #: What this difference is like: cases with the same one are of one kind.
    kind: str = ""


class State(enum.StrEnum):
    """Where a replay stands; `MOVES` holds the legal moves."""

    #: Asked for; no worker has begun.
    WAITING = "waiting"
    #: Some of the cases are gone through.
    RUNNING = "running"
    #: All cases are gone through, and ranked.
    DONE = "done"
    #: Somebody ended it; what was found so far is kept.
    CANCELLED = "cancelled"
    #: It could not go on; `problem` says why.
    FAILED = "failed"


#: Legal moves of a replay.
MOVES: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.RUNNING, State.CANCELLED, State.FAILED}),
    State.RUNNING: frozenset({State.DONE, State.CANCELLED, State.FAILED}),
    State.DONE: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset(),
}
