"""Interactive letters: what an agent wrote into the open regions of one, and who may not write now and why."""

import datetime as dt
import enum

from signalpost.vocabulary import records

#: How long a letter is held for the agent who has it open, from when it was opened or saved last.
HOLD_SECONDS = 900


class Written(records.Record, frozen=True, kw_only=True):
    """What stands in one open region, and who wrote it."""

    #: Of the region.
    name: str
    text: str
    by: str
    at: dt.datetime


class NotWrittenReason(enum.StrEnum):
    """Why words of an agent were not taken. Closed."""

    #: Another agent has the letter open.
    HELD = "held"
    #: It was saved meanwhile: what was seen is not what is there.
    STALE = "stale"
    #: It waits for no words (any more): released, or overtaken by later news.
    NOT_WAITING = "not_waiting"
    #: The letter has no open region of that name.
    UNKNOWN_REGION = "unknown_region"
    #: More characters than the region may hold.
    TOO_LONG = "too_long"
    #: The letter cannot be made with it.
    INCOMPLETE = "incomplete"


class NotWritten(records.Record, frozen=True, kw_only=True):
    """Why words of an agent were not taken: which letter, wanted, got."""

    reason: NotWrittenReason
    wanted: str
    got: str
