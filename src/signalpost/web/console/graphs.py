"""What uses an item, drawn: boxes in columns by how far they are, lines from what is used to what uses it."""

from collections.abc import Mapping, Sequence

import msgspec

from signalpost.govern import uses
from signalpost.vocabulary import library
from signalpost.web.console import naming

#: Boxes of a column that are drawn; the list below the picture holds all.
ROWS_SHOWN = 12
#: Measures in pixels.
_BOX_WIDTH = 210
_BOX_HEIGHT = 48
_GAP_X = 70
_GAP_Y = 16
_MARGIN = 8
#: Characters of a title that a box holds.
_TITLE_CHARACTERS = 26


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One item, with its left upper corner."""

    x: int
    y: int
    kind: str
    title: str
    url: str
    #: It stands for so many more that are not drawn.
    is_rest: bool = False

    def text_x(self) -> int:
        """Where its words begin."""
        return self.x + 12

    def kind_y(self) -> int:
        """Base line of its kind."""
        return self.y + 19

    def title_y(self) -> int:
        """Base line of its title."""
        return self.y + 36


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """The picture."""

    width: int
    height: int
    boxes: Sequence[Box]
    #: Paths of SVG.
    lines: Sequence[str]
    box_width: int = _BOX_WIDTH
    box_height: int = _BOX_HEIGHT


def drawn(own: naming.Named, found: Sequence[uses.Use]) -> Graph | None:
    """The picture of what uses an item; `None` where nothing does."""
    if not found:
        return None
    columns: dict[int, list[uses.Use]] = {}
    for use in found:
        columns.setdefault(len(use.through) + 1, []).append(use)
    rows = max(min(len(column), ROWS_SHOWN + 1) for column in columns.values())
    height = rows * (_BOX_HEIGHT + _GAP_Y) - _GAP_Y + 2 * _MARGIN
    first = Box(x=_MARGIN, y=(height - _BOX_HEIGHT) // 2, kind=own.kind, title=_short(own.title), url=own.url)
    places: dict[library.Key, Box] = {}
    boxes = [first]
    for number, column in sorted(columns.items()):
        for row, use in enumerate(column[:ROWS_SHOWN]):
            named = naming.named(use.key, use.title)
            box = _box(number, row, len(column), height, kind=named.kind, title=named.title, url=named.url)
            places[use.key] = box
            boxes.append(box)
        if len(column) > ROWS_SHOWN:
            rest = f"{len(column) - ROWS_SHOWN} more"
            boxes.append(_box(number, ROWS_SHOWN, len(column), height, kind="and", title=rest, url="", is_rest=True))
    lines = [_line(_from(use, first, places), places[use.key]) for use in found if use.key in places]
    width = (max(columns) + 1) * (_BOX_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN
    return Graph(width=width, height=height, boxes=boxes, lines=lines)


def _box(
    column: int, row: int, count: int, height: int, *, kind: str, title: str, url: str, is_rest: bool = False
) -> Box:
    shown = min(count, ROWS_SHOWN + 1)
    top = (height - (shown * (_BOX_HEIGHT + _GAP_Y) - _GAP_Y)) // 2
    x = _MARGIN + column * (_BOX_WIDTH + _GAP_X)
    return Box(x=x, y=top + row * (_BOX_HEIGHT + _GAP_Y), kind=kind, title=_short(title), url=url, is_rest=is_rest)


def _from(use: uses.Use, first: Box, places: Mapping[library.Key, Box]) -> Box:
    """What a user uses directly: the last step of its way; one that is not drawn stands at the first box."""
    return places.get(use.through[-1], first) if use.through else first


def _line(start: Box, end: Box) -> str:
    x1, y1 = start.x + _BOX_WIDTH, start.y + _BOX_HEIGHT // 2
    x2, y2 = end.x, end.y + _BOX_HEIGHT // 2
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"


def _short(text: str) -> str:
    return text if len(text) <= _TITLE_CHARACTERS else text[: _TITLE_CHARACTERS - 1] + "…"
