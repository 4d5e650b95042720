"""Values become YAML and JSON that people read and git compares: the same value always gives the same text.

A text that is too long for a line is folded, one with line ends stands as it is; a flat object in a list takes one line
where it fits. What cannot be seen (no-break spaces, control characters) is written as an escape.
"""

import unicodedata
from collections.abc import Iterable, Iterator

import msgspec
import yaml

from signalpost.vocabulary import records

#: A line longer than this is broken where YAML or JSON let it be.
WIDTH_CHARACTERS = 120
#: A longer key stands on a line of its own: YAML takes 1,024 characters with its value's colon (YAML 1.1, 5.8).
KEY_CHARACTERS_MAX = 100

_STEP = "  "
_PARSER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
#: What no plain text begins with: indicators of YAML, and what could be mistaken for a number or date.
_NEVER_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@` =<")
#: Signs of a template text; it is quoted, so that its braces are not taken for YAML.
_BRACES = frozenset("{}")
_FLOW_SIGNS = frozenset(",[]?")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_HEX_BYTE, _HEX_SHORT = 0x100, 0x10000
#: General categories of what nobody sees: controls, formats, surrogates, unassigned, separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})


def yaml_text(value: records.Json) -> str:
    """The text of a YAML file."""
    return "\n".join(block(value, "")) + "\n"


def json_text(value: records.Json) -> str:
    """The text of a JSON file: what fits stands on one line."""
    return "\n".join(_json(value, "", is_root=True)) + "\n"


def block(value: records.Json, indent: str) -> list[str]:
    """The lines of a value in YAML's block style, all of them indented."""
    if isinstance(value, dict) and value:
        return [line for name, inner in value.items() for line in _member(name, inner, indent)]
    if isinstance(value, list) and value:
        return [line for inner in value for line in item(inner, indent)]
    lines = _text_lines(value, indent) if isinstance(value, str) else None
    return [f"{indent}{_flow(value) or ''}"] if lines is None else [f"{indent}{lines[0]}", *lines[1:]]


def _member(name: str, value: records.Json, indent: str) -> list[str]:
    """One member of an object."""
    key = scalar(name)
    head = f"{indent}{key}:" if len(key) <= KEY_CHARACTERS_MAX else f"{indent}? {key}\n{indent}:"
    column = len(head.rpartition("\n")[2]) + 1
    inline = None if isinstance(value, dict) and value and not indent else flow(value, WIDTH_CHARACTERS - column)
    if inline is not None:
        return [*f"{head} {inline}".split("\n")]
    if isinstance(value, dict | list):
        return [*head.split("\n"), *block(value, indent + _STEP)]
    lines = _text_lines(value, indent + _STEP) if isinstance(value, str) else None
    return [*f"{head} {scalar(value) if lines is None else lines[0]}".split("\n"), *(lines or [])[1:]]


def item(value: records.Json, indent: str) -> list[str]:
    """The lines of one element of a list."""
    inline = flow(value, WIDTH_CHARACTERS - len(indent) - 2)
    if inline is not None:
        return [f"{indent}- {inline}"]
    first, *others = block(value, indent + _STEP)
    return [f"{indent}- {first[len(indent) + len(_STEP) :]}", *others]


def flow(value: records.Json, width: int) -> str | None:
    """The value on one line, `None` where it is too long for it, has line ends or is not flat."""
    if isinstance(value, str) and "\n" in value and _is_literal(value):
        return None
    text = _flow(value)
    return None if text is None or len(text) > width else text


def _flow(value: records.Json) -> str | None:
    match value:
        case dict() if value:
            members = [_flat(inner) for inner in value.values()]
            if any(member is None for member in members):
                return None
            names = [scalar(name, is_in_flow=True) for name in value]
            return "{" + ", ".join(f"{name}: {member}" for name, member in zip(names, members, strict=True)) + "}"
        case [dict() as only] if only:
            inner = _flow(only)
            return None if inner is None else f"[{inner}]"
        case dict() | list():
            return _flat(value)
        case _:
            return scalar(value)


def _flat(value: records.Json) -> str | None:
    """A value inside one that takes one line: a scalar, or scalars."""
    match value:
        case dict():
            return None if value else "{}"
        case list():
            if any(isinstance(inner, dict | list) for inner in value):
                return None
            return "[" + ", ".join(scalar(inner, is_in_flow=True) for inner in value) + "]"
        case _:
            return scalar(value, is_in_flow=True)


def scalar(value: records.Json, *, is_in_flow: bool = False) -> str:
    """A text, number, truth or null on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            mantissa, sign, exponent = repr(value).partition("e")
            return f"{mantissa if '.' in mantissa or not sign else mantissa + '.0'}{sign}{exponent}"
        case str():
            return value if _is_plain(value, is_in_flow=is_in_flow) else quoted(value)
        case _:
            raise TypeError(f"wanted a scalar, got {type(value).__name__}")


def quoted(text: str) -> str:
    """The text in double quotes, with escapes for what nobody sees."""
    return '"' + "".join([_escaped(character) for character in text]) + '"'


def _escaped(character: str) -> str:
    if found := _ESCAPES.get(character):
        return found
    if not _is_unseen(character):
        return character
    code = ord(character)
    if code < _HEX_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _HEX_SHORT else f"\\U{code:08x}"


def _is_unseen(character: str) -> bool:
    return character != " " and unicodedata.category(character) in _UNSEEN


def _is_plain(text: str, *, is_in_flow: bool) -> bool:
    """Whether YAML reads the bare text as itself."""
    if not text or text[0] in _NEVER_FIRST or text[-1] in " :" or ": " in text or " #" in text:
        return False
    signs = set(text)
    if signs & _BRACES or (is_in_flow and (signs & _FLOW_SIGNS or ":" in signs)):
        return False
    if text[0].isdigit() and ":" in signs:
        # A time of day: 21:00:00 is a number in YAML 1.1, and 08:00:00 is none.
        return False
    if any(map(_is_unseen, signs)) or text.startswith(("...", "---")):
        return False
    return _reads_as_itself(text)


def _reads_as_itself(text: str) -> bool:
    """Whether the bare text is a text, and no number, date or truth."""
    try:
        return yaml.load(text, _PARSER) == text  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return False


def _text_lines(text: str, indent: str) -> list[str] | None:
    """A long text as a block, its header first; `None` where it can only be quoted."""
    if "\n" in text:
        return _literal(text, indent) if _is_literal(text) else None
    if len(indent) + len(text) <= WIDTH_CHARACTERS or not _is_foldable(text):
        return None
    return [">-", *_folded(text.split(" "), indent)]


def _is_literal(text: str) -> bool:
    lines = text.split("\n")
    return (
        bool(lines[0])
        and not lines[0].startswith(" ")
        and not any(line.endswith(" ") for line in lines)
        and not any(map(_is_unseen, set(text) - {"\n"}))
    )


def _literal(text: str, indent: str) -> list[str]:
    lines = text.split("\n")
    ends = len(text) - len(text.rstrip("\n"))
    header = "|-" if not ends else "|" if ends == 1 else "|+"
    return [header, *(f"{indent}{line}" if line else "" for line in lines[: len(lines) - (ends > 0)])]


def _is_foldable(text: str) -> bool:
    return text[:1] != " " and text[-1:] != " " and "  " not in text and not any(map(_is_unseen, set(text)))


def _folded(words: Iterable[str], indent: str) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(indent) + len(line) + 1 + len(word) > WIDTH_CHARACTERS:
            yield indent + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield indent + line


def _json(value: records.Json, indent: str, *, is_root: bool = False) -> list[str]:
    """The lines of a value in JSON, the first one without indentation."""
    text = _json_line(value)
    if not isinstance(value, dict | list) or not value or (not is_root and len(indent) + len(text) < WIDTH_CHARACTERS):
        return [text]
    inner = indent + _STEP
    if isinstance(value, dict):
        parts = [_prefixed(f"{_json_line(name)}: ", _json(each, inner)) for name, each in value.items()]
    else:
        parts = [_json(each, inner) for each in value]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    lines = [opening]
    for number, part in enumerate(parts, start=1):
        ending = "," if number < len(parts) else ""
        lines += [f"{inner}{part[0]}", *part[1:]]
        lines[-1] += ending
    return [*lines, f"{indent}{closing}"]


def _prefixed(prefix: str, lines: list[str]) -> list[str]:
    return [prefix + lines[0], *lines[1:]]


def _json_line(value: records.Json) -> str:
    """A value as JSON on one line, with a space after commas and colons."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_json_line(name)}: {_json_line(inner)}" for name, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(_json_line(inner) for inner in value) + "]"
        case _:
            return msgspec.json.encode(value).decode()
