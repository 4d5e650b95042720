"""What a mail server's answer means: reply codes (RFC 5321, 4.2) and enhanced status codes (RFC 3463) in our words.

Used both for the answers to our own attempts and for what delivery reports say. A code that names the recipient's
address as dead is believed; where servers write a code that says nothing ("5.0.0"), their words decide; in doubt the
address stays.
"""

import enum
import re
from typing import NamedTuple

from signalpost.vocabulary import deliveries, traffic

DETAIL_LIMIT_CHARACTERS = 200
#: An answer or diagnostic is looked at so far.
TEXT_LIMIT_CHARACTERS = 2000
#: What greylisting servers ask for when they name no time; most let pass after one to five minutes.
GREYLIST_SECONDS = 300
#: A server's own wish beyond this is not followed.
RETRY_LIMIT_SECONDS = 86_400


class Phase(enum.Enum):
    """Which command was answered."""

    SESSION = "session"
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"


class Status(NamedTuple):
    """The codes found in an answer; 0 and "" where there is none."""

    reply: int
    enhanced: str

    @property
    def code(self) -> str:
        """Both codes as one text: `550 5.1.1`."""
        return f"{self.reply or ''} {self.enhanced}".strip()


#: RFC 3463, 3.2 and 3.3, RFC 7505: the address is dead. X.2.1 with class 5 is a mailbox that will not be enabled again.
_DEAD_ADDRESS = frozenset({"1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1"})

#: RFC 3463: about the sender, the content, security. The words of such an answer are not asked.
_LIVING_ADDRESS = frozenset({"1.7", "1.8", "2.2", "2.3", "2.4"})
_LIVING_SUBJECTS = frozenset({"6", "7"})

#: The server closes the connection (RFC 5321, 3.8).
_CLOSING = 421

#: "should be used as a persistent transient failure" (RFC 3463, 3.3, X.2.2), and too many recipients (X.5.3).
_TRY_AGAIN = frozenset({"2.2", "5.3"})

#: Authentication or encryption is wanted first (RFC 4954, 6; RFC 3207, 4): ours to set right, not the message's fault.
_OURS_TO_SET_RIGHT = frozenset({530, 534, 535, 538})

_DEAD_WORDS = re.compile(
    r"user unknown|unknown (user|recipient|mailbox|address)|no such (user|recipient|mailbox|address|person)"
    r"|(user|recipient|mailbox|account) (is )?(not found|unknown|invalid|inactive)"
    r"|(user|recipient|mailbox|account|address)[^.:;]{0,60} (does not|doesn't|not) exist"
    r"|account[^.:;]{0,40} (disabled|discontinued|closed|deleted)"
    r"|mailbox unavailable|no mailbox here|not a valid (user|recipient|mailbox|address)"
    r"|(host|domain)( or domain)?( name)? not found(?!, try)|no such (host|domain)|invalid (domain|recipient|mailbox)"
    r"|recipient address rejected(: access denied|\W*$)|no longer (on (this )?server|valid|available|in use)"
    r"|unroute?able address|malformed address",
    re.IGNORECASE,
)
_SENDER_WORDS = re.compile(r"\bsender\b|\bfrom address\b", re.IGNORECASE)
_FULL_WORDS = re.compile(r"(mailbox|quota|storage)[^.:;]{0,30} (full|exceeded)|over ?quota", re.IGNORECASE)
_EXPIRED_WORDS = re.compile(
    r"retry time(out)? (exceeded|not reached)|failing for a long time|try again|timed? ?out|lost connection"
    r"|temporar|delivery temporarily suspended|too old|expired",
    re.IGNORECASE,
)
#: The relay will not serve us at all: the same for every message, and no fault of any.
_NOT_SERVED_WORDS = re.compile(
    r"client host rejected|relay(ing)? (access )?(is )?(denied|not (permitted|allowed))", re.IGNORECASE
)
_GREY_WORDS = re.compile(r"gr[ae]y.?list|try (again )?later|please (try again|retry)", re.IGNORECASE)
_THROTTLE_WORDS = re.compile(
    r"too (many|much|fast)|throttl|slow down|(rate|messages|connections)[^.:;]{0,40} (limit|exceed)"
    r"|(limit|exceed)[^.:;]{0,40} (rate|messages|connections)|unusual rate",
    re.IGNORECASE,
)
_WAIT_WORDS = re.compile(r"(?:in|after|within|for) +(\d{1,5}) *(s|m|h)[a-z]*", re.IGNORECASE)
_SECONDS_PER_UNIT = {"s": 1, "m": 60, "h": 3600}

_REPLY = re.compile(r"(?<![\w.#-])([245]\d\d)(?=[ \-]|$)")
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_ADDRESS = re.compile(r"<[^<>\s]*>|[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")
_NOT_PRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


def find(text: str) -> Status:
    """Give the codes that stand in an answer or diagnostic: "550 5.1.1 <…> User unknown"."""
    text = text[:TEXT_LIMIT_CHARACTERS]
    reply = _REPLY.search(text)
    codes = [f"{int(found[1])}.{int(found[2])}.{int(found[3])}" for found in _ENHANCED.finditer(text)]
    telling = [code for code in codes if not code.endswith(".0.0")]
    return Status(int(reply[1]) if reply else 0, (telling or codes or [""])[0])


def of_answer(reply: int, text: str, *, phase: Phase) -> deliveries.Outcome:
    """Give the outcome of an attempt that the server answered with a 4xx or 5xx reply.

    Args:
        reply: The reply code, 400 … 599; any other is a server out of step and defers.
        text: The words after it, lines joined with spaces.
        phase: Which command was answered.
    """
    status = Status(reply, find(text[:12]).enhanced)
    kind = _kind_of_answer(status, text, phase=phase)
    return deliveries.Outcome(
        kind=kind,
        code=status.code,
        detail=clean(f"{phase.value}: {text}"),
        retry_after_seconds=wait_of(reply, text) if kind is deliveries.OutcomeKind.DEFERRED else None,
        throttle=throttle_of(status, text),
    )


def of_report(status: Status, text: str) -> deliveries.OutcomeKind:
    """Give the kind of failure that a delivery report tells of: it came back, so it is never "try again later".

    Args:
        status: The codes, the diagnostic's preferred over a status that says nothing.
        text: The diagnostic in words.
    """
    text = text[:TEXT_LIMIT_CHARACTERS]
    if status.enhanced.startswith("4") or 400 <= status.reply < 500:  # noqa: PLR2004 (RFC 5321, 4.2.1)
        return deliveries.OutcomeKind.EXPIRED
    if _is_dead(status.enhanced, text):
        return deliveries.OutcomeKind.ADDRESS_INVALID
    if not status.reply and status.enhanced in {"", "5.0.0"} and _EXPIRED_WORDS.search(text):
        return deliveries.OutcomeKind.EXPIRED
    return deliveries.OutcomeKind.REJECTED


def clean(text: str, *, hide: str = "") -> str:
    """Make one line of at most 200 characters without addresses; `hide` is a further word to leave out."""
    line = _ADDRESS.sub("<…>", _NOT_PRINTABLE.sub(" ", text[:TEXT_LIMIT_CHARACTERS]).strip())
    if len(hide) > 1:
        line = re.sub(rf"(?<!\w){re.escape(hide)}(?!\w)", "<…>", line, flags=re.IGNORECASE)
    return line if len(line) <= DETAIL_LIMIT_CHARACTERS else line[: DETAIL_LIMIT_CHARACTERS - 1] + "…"


def wait_of(reply: int, text: str) -> int | None:
    """Give how many seconds the server wants us to wait, None where it does not say and the reply does not imply it."""
    if wish := _WAIT_WORDS.search(text):
        return min(max(int(wish[1]) * _SECONDS_PER_UNIT[wish[2].lower()], 1), RETRY_LIMIT_SECONDS)
    is_grey = reply in {450, 451} or (400 <= reply < 500 and _GREY_WORDS.search(text))  # noqa: PLR2004
    return GREYLIST_SECONDS if is_grey else None


def throttle_of(status: Status, text: str) -> traffic.Throttle:
    """Tell whom an answer wants less mail sent to: a 421 speaks of the connection, others of the recipient's domain.

    4.7.x is security or policy (RFC 3463, 3.8), which large receivers write when they limit rates; a greylisting
    server writes it too, and means this first contact only.
    """
    if not 400 <= status.reply < 500:  # noqa: PLR2004 (RFC 5321, 4.2.1)
        return traffic.Throttle.NONE
    is_policy = status.enhanced.startswith("4.7.") and not _GREY_WORDS.search(text)
    if not is_policy and not _THROTTLE_WORDS.search(text):
        return traffic.Throttle.NONE
    return traffic.Throttle.PROVIDER if status.reply == _CLOSING else traffic.Throttle.DOMAIN


def _kind_of_answer(status: Status, text: str, *, phase: Phase) -> deliveries.OutcomeKind:
    if not 500 <= status.reply < 600 or status.reply in _OURS_TO_SET_RIGHT:  # noqa: PLR2004 (RFC 5321, 4.2.1)
        return deliveries.OutcomeKind.DEFERRED
    rest = status.enhanced.partition(".")[2]
    if _NOT_SERVED_WORDS.search(text):
        return deliveries.OutcomeKind.DEFERRED
    if rest in _TRY_AGAIN or (rest in {"", "0.0"} and _FULL_WORDS.search(text)):
        return deliveries.OutcomeKind.DEFERRED
    if phase is Phase.SENDER or phase is Phase.SESSION:
        return deliveries.OutcomeKind.REJECTED
    # At the end of the content only a code is believed: filters write all kinds of words there.
    words = text if phase is Phase.RECIPIENT else ""
    return (
        deliveries.OutcomeKind.ADDRESS_INVALID if _is_dead(status.enhanced, words) else deliveries.OutcomeKind.REJECTED
    )


def _is_dead(enhanced: str, text: str) -> bool:
    rest = enhanced.partition(".")[2]
    if rest in _DEAD_ADDRESS:
        return True
    if rest in _LIVING_ADDRESS or rest.partition(".")[0] in _LIVING_SUBJECTS:
        return False
    return bool(_DEAD_WORDS.search(text)) and not _SENDER_WORDS.search(text)
