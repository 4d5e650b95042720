"""Reading JSON that anyone may have written: what cannot be read is a refusal with its place."""

import re
from typing import TypeAlias, TypeVar, cast

import msgspec

from signalpost.vocabulary import events, records

#: A refusal shows at most so much of what was there.
SHOWN_CHARACTERS = 200
#: Digits from which a number is looked at: it may not fit what stores and schemas can hold.
LONG_NUMBER_DIGITS = 19

_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % LONG_NUMBER_DIGITS)
_PLACE = re.compile(r" - at `\$(?P<path>.*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")

_T = TypeVar("_T")
_Container: TypeAlias = "dict[object, object] | list[object]"


def refuse(
    reason: events.RefusalReason, *, wanted: str, got: str, field: str = "", source: str = "", event_id: str = ""
) -> events.Refusal:
    """A refusal, with what was there shortened."""
    return events.Refusal(
        reason=reason,
        field=field,
        wanted=wanted[:SHOWN_CHARACTERS],
        got=literal(got),
        source=literal(source),
        id=literal(event_id),
    )


def at(refusal: events.Refusal, position: int) -> events.Refusal:
    """The same refusal at its position in a batch."""
    return msgspec.structs.replace(refusal, position=position)


def literal(text: str) -> str:
    """Text that can be stored and shown: no NUL, no lone surrogates, not too long."""
    shown = text[:SHOWN_CHARACTERS].replace("\x00", "\N{SYMBOL FOR NULL}")
    return shown.encode("utf-8", "replace").decode()


def decode(data: bytes | msgspec.Raw, as_type: type[_T]) -> _T | events.Refusal:
    """Read JSON into a type, or say what is wrong and where."""
    try:
        return msgspec.json.decode(data, type=as_type)
    except RecursionError:
        return refuse(events.RefusalReason.TOO_DEEP, wanted="less nesting", got="nesting beyond what can be read")
    except msgspec.ValidationError as error:
        return _invalid(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        return refuse(events.RefusalReason.MALFORMED, wanted="JSON (RFC 8259) in UTF-8", got=str(error))


def json_of(data: bytes, *, max_depth_levels: int) -> "records.Json | events.Refusal":
    """Read any JSON value that can be stored: no NUL, nesting and numbers within bounds."""
    value = decode(data, object)
    if isinstance(value, events.Refusal):
        return value
    is_suspect = (
        data.count(b"[") + data.count(b"{") > max_depth_levels
        or b"\\u" in data
        or _LONG_NUMBER.search(data) is not None
    )
    if is_suspect:
        flaw = _flaw(value, "", max_depth_levels)
        if flaw is not None:
            return flaw
    return _known(value)


def _known(value: object) -> "records.Json":
    return value  # type: ignore[return-value] - decoded JSON is nothing else


def _flaw(value: object, place: str, levels_left: int) -> events.Refusal | None:
    """The first thing in a value that cannot be stored; iterative, so that nesting cannot exhaust the stack."""
    pending: list[tuple[object, str, int]] = [(value, place, levels_left)]
    while pending:
        current, where, left = pending.pop()
        if isinstance(current, str):
            flaw = text_flaw(current, where)
            if flaw is not None:
                return flaw
        elif isinstance(current, int) and not -(2**63) <= current < 2**63:
            return refuse(
                events.RefusalReason.INVALID_FIELD, field=where, wanted="a number of 64 bits", got="a longer one"
            )
        elif isinstance(current, (dict, list)):
            if left == 0:
                return refuse(events.RefusalReason.TOO_DEEP, field=where, wanted="less nesting", got="another level")
            pending.extend(_children(cast("_Container", current), where, left - 1))
    return None


def _children(current: "_Container", where: str, left: int) -> list[tuple[object, str, int]]:
    if isinstance(current, dict):
        inner = [(child, f"{where}/{pointer(str(key))}", left) for key, child in current.items()]
        return [*((key, where, left) for key in current), *inner]
    return [(child, f"{where}/{index}", left) for index, child in enumerate(current)]


def text_flaw(text: str, field: str) -> events.Refusal | None:
    """Why a text cannot be stored, `None` when it can."""
    if "\x00" in text:
        return refuse(events.RefusalReason.INVALID_FIELD, field=field, wanted="text without U+0000", got=text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return refuse(events.RefusalReason.INVALID_FIELD, field=field, wanted="text without lone surrogates", got=text)
    return None


def pointer(step: str) -> str:
    """One step of a JSON Pointer (RFC 6901, section 3)."""
    return step.replace("~", "~0").replace("/", "~1")


def _invalid(text: str) -> events.Refusal:
    place = _PLACE.search(text)
    path = place["path"] if place else ""
    field = "".join(f"/{pointer(name or index)}" for name, index in _STEP.findall(path))
    told = text[: place.start()] if place else text
    missing = _MISSING.match(told)
    if missing:
        return refuse(
            events.RefusalReason.MISSING_FIELD,
            field=f"{field}/{pointer(missing['field'])}",
            wanted=f"a member {missing['field']!r}",
            got="none",
        )
    wanted, _, got = told.removeprefix("Expected ").partition(", got ")
    return refuse(events.RefusalReason.INVALID_FIELD, field=field, wanted=wanted.strip("`"), got=got.strip("`"))
