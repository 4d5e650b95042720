"""Texts of the template language as the editor shows them, both ways and without loss.

What is stored is the language of `vocabulary.templates`: `**strong**`, `*emphasis*`, `{path | format}`,
`[label](address)`. The editor works on the content state of Draft.js: lines with ranges of styles and entities. There a
placeholder is an entity that is one piece (`VARIABLE`), a link another (`LINK`). A text that the language cannot read
is shown as it stands, in the style `SOURCE`, and comes back as it was: nothing an author wrote is lost.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

import msgspec

#: Characters of one text; more is no sentence but a mistake, and would make the editor slow.
TEXT_CHARACTERS_MAX = 20_000

BOLD, ITALIC, SOURCE = "BOLD", "ITALIC", "SOURCE"
VARIABLE, LINK = "VARIABLE", "LINK"
_STYLES = (BOLD, ITALIC)

_PLACEHOLDER = re.compile(
    r"\{\s*(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*(?P<format>[a-z_-]+(?::\w*)?)\s*)?\}", re.ASCII
)
_SUM = re.compile(r"\{\s*(?:sum|count)\(item(?:\.[A-Za-z_]\w*)*\)\s*(?:\|\s*[a-z_-]+(?::\w*)?\s*)?\}", re.ASCII)
_BRACES = r"(?P<brace>\{\{|\}\})|(?P<placeholder>\{[^{}]*\})|(?P<stray>[{}])"
_PLAIN = re.compile(_BRACES)
_MARKED = re.compile(
    _BRACES
    + r"|\\(?P<escaped>[\\*\[\]])|(?P<strong>\*\*)|(?P<emphasis>\*)"
    + r"|\[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<link>[^()\s{}]*(?:\{[^{}]*\}[^()\s{}]*)*)\)"
)


class _UnreadableError(Exception):
    """A text that is not in the language."""


class Piece(NamedTuple):
    """A stretch of a text: literal, or a placeholder in its braces."""

    text: str
    is_placeholder: bool = False
    strong: bool = False
    emphasis: bool = False
    link: str = ""


def to_state(text: str, *, is_marked: bool, label: Callable[[str, str], str] | None = None) -> str:
    """The content state of a text, as JSON.

    Args:
        text: in the template language.
        is_marked: whether marks and links are read; without, stars and brackets are characters.
        label: what a path and format are called in the chip; by default the path's own words.
    """
    named = label or described
    entities: list[Mapping[str, object]] = []
    blocks = [_block(line, number, entities, is_marked, named) for number, line in enumerate(text.split("\n"))]
    entity_map = {str(number): entity for number, entity in enumerate(entities)}
    return msgspec.json.encode({"blocks": blocks, "entityMap": entity_map}).decode()


def from_state(state: str, *, is_marked: bool) -> str:
    """The text of a content state; a line of the editor is a line of the text.

    Raises:
        ValueError: it is no content state.
    """
    try:
        read = msgspec.json.decode(state, type=_State)
    except msgspec.DecodeError as error:
        raise ValueError(f"text: wanted the editor's content state, got something else: {error}") from error
    return "\n".join(_line(block, read.entities, is_marked) for block in read.blocks)


def described(path: str, form: str) -> str:
    """A path and a format as words: `incident.opened_at`, `time` → "incident opened at (time)"."""
    words = path.replace(".", " ").replace("_", " ")
    return f"{words} ({form.replace('_', ' ').replace(':', ' ')})" if form else words


def pieces(text: str, *, is_marked: bool) -> tuple[Piece, ...] | None:
    """A line in pieces, `None` where the language cannot read it."""
    try:
        return tuple(_read(text, _MARKED if is_marked else _PLAIN, Piece("")))
    except _UnreadableError:
        return None


def _read(text: str, grammar: re.Pattern[str], around: Piece) -> Iterator[Piece]:
    """As `flow.compose.texts` reads it, keeping what is literal and what is not apart."""
    marks, position = around, 0
    for match in grammar.finditer(text):
        if match.start() > position:
            yield marks._replace(text=text[position : match.start()])
        position = match.end()
        match match.lastgroup:
            case "brace" | "escaped":
                yield marks._replace(text=match.group()[-1])
            case "placeholder" if _PLACEHOLDER.fullmatch(match.group()) or _SUM.fullmatch(match.group()):
                yield marks._replace(text=match.group(), is_placeholder=True)
            case "strong":
                marks = marks._replace(strong=not marks.strong)
            case "emphasis":
                marks = marks._replace(emphasis=not marks.emphasis)
            case "link" if match["link"]:
                yield from _read(match["label"], grammar, marks._replace(link=match["link"]))
            case _:
                raise _UnreadableError
    if position < len(text):
        yield marks._replace(text=text[position:])
    if (marks.strong, marks.emphasis) != (around.strong, around.emphasis):
        raise _UnreadableError


def written(found: Sequence[Piece], *, is_marked: bool) -> str:
    """The pieces as a text. A bracket or backslash that is read as itself anyway is left as it is."""
    text = _written(found, is_marked=is_marked, is_bare=True)
    again = pieces(text, is_marked=is_marked)
    if again is None or _joined(again) != _joined(found):
        text = _written(found, is_marked=is_marked, is_bare=False)
    return text


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """The pieces with neighbours of the same marks as one."""
    joined: list[Piece] = []
    for piece in found:
        last = joined[-1] if joined else None
        if last is not None and not (last.is_placeholder or piece.is_placeholder) and last[1:] == piece[1:]:
            joined[-1] = last._replace(text=last.text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined


def _written(found: Sequence[Piece], *, is_marked: bool, is_bare: bool) -> str:
    text = ""
    strong = emphasis = False
    position = 0
    while position < len(found):
        piece = found[position]
        end = position + 1
        while piece.link and end < len(found) and found[end].link == piece.link:
            end += 1
        stretch, position = found[position:end], end
        if piece.link:
            text += _switched(strong, emphasis, to=Piece(""))
            strong = emphasis = False
            # A bracket inside of a label always says where the label ends.
            label = _written([each._replace(link="") for each in stretch], is_marked=is_marked, is_bare=False)
            text += f"[{label}]({piece.link})"
            continue
        text += _switched(strong, emphasis, to=piece)
        strong, emphasis = piece.strong, piece.emphasis
        text += piece.text if piece.is_placeholder else _escaped(piece.text, is_marked=is_marked, is_bare=is_bare)
    return text + _switched(strong, emphasis, to=Piece(""))


def _switched(strong: bool, emphasis: bool, *, to: Piece) -> str:  # noqa: FBT001 - what holds so far
    """The marks between two stretches; `***` is read as `**` and `*`, in this order."""
    return "**" * (strong != to.strong) + "*" * (emphasis != to.emphasis)


def _escaped(text: str, *, is_marked: bool, is_bare: bool) -> str:
    doubled = text.replace("{", "{{").replace("}", "}}")
    if not is_marked:
        return doubled
    return re.sub(r"(\*)" if is_bare else r"([\\*\[\]])", r"\\\1", doubled)


def _units(text: str) -> int:
    """Length as browsers count it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _block(
    line: str,
    number: int,
    entities: list[Mapping[str, object]],
    is_marked: bool,  # noqa: FBT001 - passed on
    label: Callable[[str, str], str],
) -> Mapping[str, object]:
    found = pieces(line, is_marked=is_marked)
    text = ""
    styles: list[Mapping[str, object]] = []
    ranges: list[Mapping[str, object]] = []
    if found is None:
        styles.append({"offset": 0, "length": _units(line), "style": SOURCE})
        text = line
    link_before = ""
    for piece in found or ():
        offset = _units(text)
        shown = piece.text
        if piece.is_placeholder:
            path, form = _parts(piece.text)
            shown = label(path, form)
        length = _units(shown)
        text += shown
        held = zip((piece.strong, piece.emphasis), _STYLES, strict=True)
        styles += [{"offset": offset, "length": length, "style": style} for holds, style in held if holds]
        if piece.is_placeholder:
            data = {"source": piece.text, "link": piece.link}
            ranges.append({"offset": offset, "length": length, "key": len(entities)})
            entities.append({"type": VARIABLE, "mutability": "IMMUTABLE", "data": data})
        elif piece.link:
            if piece.link == link_before:
                ranges[-1] = {**ranges[-1], "length": cast("int", ranges[-1]["length"]) + length}
            else:
                ranges.append({"offset": offset, "length": length, "key": len(entities)})
                entities.append({"type": LINK, "mutability": "MUTABLE", "data": {"url": piece.link}})
        link_before = "" if piece.is_placeholder else piece.link
    return {
        "key": f"l{number:04x}",
        "text": text,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": styles,
        "entityRanges": ranges,
        "data": {},
    }


def _parts(placeholder: str) -> tuple[str, str]:
    """Path and format of a placeholder, for its label."""
    path, _, form = placeholder.strip("{} ").partition("|")
    return path.strip(), form.strip()


class _Range(msgspec.Struct):
    offset: int
    length: int
    style: str = ""
    key: int = 0


class _Block(msgspec.Struct):
    text: str = ""
    inlineStyleRanges: list[_Range] = []  # noqa: N815 - as Draft.js calls it
    entityRanges: list[_Range] = []  # noqa: N815 - as Draft.js calls it


class _Entity(msgspec.Struct):
    type: str
    data: dict[str, object] = {}


class _State(msgspec.Struct):
    blocks: list[_Block]
    entities: dict[str, _Entity] = msgspec.field(name="entityMap", default_factory=dict[str, _Entity])


class _Cell(NamedTuple):
    """One UTF-16 code unit with its marks."""

    unit: bytes
    marks: Piece
    #: Which entity it belongs to, "" for none.
    entity: str = ""
    is_source: bool = False


def _line(block: _Block, entities: Mapping[str, _Entity], is_marked: bool) -> str:  # noqa: FBT001 - passed on
    cells = _cells(block, entities)
    found: list[Piece | str] = []
    position = 0
    while position < len(cells):
        first = cells[position]
        end = position + 1
        while end < len(cells) and cells[end][1:] == first[1:]:
            end += 1
        text = b"".join(cell.unit for cell in cells[position:end]).decode("utf-16-le", "replace")
        entity = entities.get(first.entity)
        if entity is not None and entity.type == VARIABLE:
            source = str(entity.data.get("source", ""))
            link = str(entity.data.get("link", ""))
            found.append(first.marks._replace(text=source, is_placeholder=True, link=link if is_marked else ""))
        elif first.is_source:
            found.append(text)
        else:
            found.append(first.marks._replace(text=text))
        position = end
    return _mixed(found, is_marked)


def _mixed(found: Sequence[Piece | str], is_marked: bool) -> str:  # noqa: FBT001 - passed on
    """Pieces and stretches of source, which are taken as they stand."""
    text = ""
    waiting: list[Piece] = []
    for each in found:
        if isinstance(each, str):
            text += written(waiting, is_marked=is_marked) + each
            waiting = []
        else:
            waiting.append(each if is_marked else Piece(each.text, each.is_placeholder))
    return text + written(waiting, is_marked=is_marked)


def _cells(block: _Block, entities: Mapping[str, _Entity]) -> list[_Cell]:
    """The line unit by unit, because ranges overlap as they like."""
    encoded = block.text.encode("utf-16-le", "surrogatepass")
    cells = [_Cell(encoded[at : at + 2], Piece("")) for at in range(0, len(encoded), 2)]
    for held in block.inlineStyleRanges:
        for at in range(max(0, held.offset), min(len(cells), held.offset + held.length)):
            cell = cells[at]
            match held.style:
                case "BOLD":
                    cells[at] = cell._replace(marks=cell.marks._replace(strong=True))
                case "ITALIC":
                    cells[at] = cell._replace(marks=cell.marks._replace(emphasis=True))
                case "SOURCE":
                    cells[at] = cell._replace(is_source=True)
                case _:
                    pass
    for held in block.entityRanges:
        entity = entities.get(str(held.key))
        link = str(entity.data.get("url", "")) if entity and entity.type == LINK else ""
        for at in range(max(0, held.offset), min(len(cells), held.offset + held.length)):
            marks = cells[at].marks._replace(link=link)
            # A link is no piece of its own: neighbours with the same address are one.
            cells[at] = cells[at]._replace(marks=marks, entity=str(held.key) if not link else "")
    return cells
