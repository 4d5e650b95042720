"""Which way a text runs, and keeping one that runs against its surroundings together (UAX #9, HTML `dir`)."""

import re

import minijinja

from signalpost.vocabulary import manuscripts

#: Code points of the right-to-left scripts (Unicode blocks whose default Bidi_Class is R or AL).
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_HAS_RTL = re.compile(f"[{_RTL}]")
_HAS_LTR = re.compile(rf"(?![{_RTL}])[^\W\d_]")
_HAS_DIGIT = re.compile(r"\d")


def is_mixed(text: str, *, direction: manuscripts.Direction) -> bool:
    """Whether `text` holds anything that could run against `direction`. Right to left, numbers already do."""
    return direction is manuscripts.Direction.RTL or (not _is_western(text) and bool(_HAS_RTL.search(text)))


def _is_western(text: str) -> bool:
    """Whether one byte a character would do; asking takes a tenth of the time of a search."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def isolated(text: str, *, direction: manuscripts.Direction) -> str:
    """`text` as HTML, in an isolate of its own direction where it runs against `direction`, else just escaped.

    A text of both directions keeps the surrounding one. Numbers without letters are isolated left to right: groups
    of digits ("+44 20 7946") would otherwise change places between right-to-left letters.
    """
    rtl, ltr = bool(_HAS_RTL.search(text)), bool(_HAS_LTR.search(text))
    escaped = minijinja.escape(text)
    if direction is manuscripts.Direction.LTR:
        own = "" if not rtl else "ltr" if ltr else "rtl"
    elif ltr or (not rtl and _HAS_DIGIT.search(text)):
        own = "rtl" if rtl else "ltr"
    else:
        own = ""
    return minijinja.safe(f'<span dir="{own}">{escaped}</span>' if own else escaped)
