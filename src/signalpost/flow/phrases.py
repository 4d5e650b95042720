"""Simple comparisons as CEL: a field, a comparison, a value. For people who do not write CEL, and to learn it from.

It writes and does not read back: what was written is a condition like any other, and stays one.
"""

import enum
import json
import re

from signalpost.vocabulary import records

#: A path of names with points between.
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class Comparison(enum.StrEnum):
    """How a field is compared; the value is what people choose."""

    IS = "is"
    IS_NOT = "is not"
    AT_LEAST = "is at least"
    MORE = "is more than"
    AT_MOST = "is at most"
    LESS = "is less than"
    BEGINS = "begins with"
    CONTAINS = "contains"
    IS_THERE = "is there"


_SIGNS = {
    Comparison.IS: "==",
    Comparison.IS_NOT: "!=",
    Comparison.AT_LEAST: ">=",
    Comparison.MORE: ">",
    Comparison.AT_MOST: "<=",
    Comparison.LESS: "<",
}
_CALLS = {Comparison.BEGINS: "startsWith", Comparison.CONTAINS: "contains"}


class Unsaid(records.Record, frozen=True, kw_only=True):
    """Why a comparison cannot be written, in words."""

    text: str


def condition(path: str, comparison: Comparison, value: str, *, is_text: bool = False) -> str | Unsaid:
    """The comparison as CEL. What reads as a number, `true` or `false` is one, unless the field holds text."""
    if not _PATH.fullmatch(path):
        return Unsaid(text=f"wanted the name of a field, got {path[:40]!r}")
    if comparison is Comparison.IS_THERE:
        return f"has({path})" if "." in path else Unsaid(text=f"{path!r} is always there")
    if comparison in _CALLS:
        return f"{path}.{_CALLS[comparison]}({_text(value)})"
    given = value.strip()
    if not is_text and (_NUMBER.fullmatch(given) or given in {"true", "false"}):
        return f"{path} {_SIGNS[comparison]} {given}"
    if comparison in {Comparison.IS, Comparison.IS_NOT}:
        return f"{path} {_SIGNS[comparison]} {_text(value)}"
    return Unsaid(text=f"{comparison.value!r} compares numbers: wanted one, got {value[:40]!r}")


def joined(before: str, further: str) -> str:
    """Both conditions as one that holds where both do."""
    if not before.strip():
        return further
    first = f"({before.strip()})" if "||" in before else before.strip()
    return f"{first} && {further}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
