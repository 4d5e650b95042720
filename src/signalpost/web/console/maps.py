"""Maps drawn from our own data: outlines of areas, or the shape that their premises make. No tiles, nobody is asked."""

import math
from collections.abc import Mapping, Sequence

import msgspec
from django.urls import reverse

from signalpost.store.seen import situations
from signalpost.vocabulary import records
from signalpost.vocabulary import situations as nouns
from signalpost.web.console.templatetags import humane

#: The drawing, in its own units.
WIDTH, HEIGHT, MARGIN = 800.0, 420.0, 36.0
#: How far around its outermost premises an area reaches, in degrees of latitude (about 100 m).
AROUND_DEGREES = 0.001
#: A shape needs so many corners.
_CORNERS = 3

Point = tuple[float, float]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """An area on the map."""

    ref: str
    name: str
    #: Corners as SVG writes them.
    corners: str
    label_x: float
    label_y: float
    #: "bad" from severity major, "warn" when anything goes on, "" when all is well.
    tone: str
    incidents: int
    affected: int
    url: str


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A premise on the map."""

    x: float
    y: float
    tone: str


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing."""

    width: float
    height: float
    shapes: Sequence[Shape]
    dots: Sequence[Dot] = ()
    #: What it shows, in one sentence.
    text: str


def overall(areas: Sequence[situations.Area], states: Sequence[situations.AreaState]) -> Map | None:
    """All areas, coloured by what goes on in them; `None` when no place is known."""
    outlines = {area.ref: _outline(area) for area in areas}
    drawn = {ref: outline for ref, outline in outlines.items() if outline}
    if not drawn:
        return None
    place = _Place([point for outline in drawn.values() for point in outline])
    by_area = {state.area: state for state in states}
    shapes = [_shape(area, drawn[area.ref], place, by_area) for area in areas if area.ref in drawn]
    going_on = [shape for shape in shapes if shape.incidents]
    words = ", ".join(f"{shape.name}: {humane.amount(shape.affected)} affected" for shape in going_on)
    return Map(
        width=WIDTH, height=HEIGHT, shapes=shapes, text=f"{words}." if words else "No incident goes on in any area."
    )


def one(area: situations.Area, points: Sequence[tuple[float, float, bool]]) -> Map | None:
    """One area with the places of an incident's members; `None` when no place is known."""
    outline = _outline(area)
    if not outline:
        return None
    place = _Place([*outline, *((longitude, latitude) for longitude, latitude, _ in points)])
    dots = [
        Dot(x=x, y=y, tone="bad" if is_affected else "good")
        for (x, y), is_affected in (
            (place.put((longitude, latitude)), is_affected) for longitude, latitude, is_affected in points
        )
    ]
    affected = sum(is_affected for _, _, is_affected in points)
    return Map(
        width=WIDTH,
        height=HEIGHT,
        shapes=[_shape(area, outline, place, {})],
        dots=dots,
        text=f"{area.name}: {humane.amount(affected)} places affected, {humane.amount(len(points) - affected)} back.",
    )


class _Place:
    """Puts longitude and latitude on the drawing: north up, a degree of longitude as wide as it is there."""

    def __init__(self, points: Sequence[Point]) -> None:
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        self._narrow = math.cos(math.radians((south + north) / 2)) or 1.0
        width, height = max((east - west) * self._narrow, AROUND_DEGREES), max(north - south, AROUND_DEGREES)
        self._scale = min((WIDTH - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN) / height)
        self._west, self._north = west, north
        self._left = (WIDTH - width * self._scale) / 2
        self._top = (HEIGHT - height * self._scale) / 2

    def put(self, point: Point) -> Point:
        longitude, latitude = point
        x = self._left + (longitude - self._west) * self._narrow * self._scale
        y = self._top + (self._north - latitude) * self._scale
        return round(x, 1), round(y, 1)


def _shape(
    area: situations.Area, outline: Sequence[Point], place: _Place, states: Mapping[str, situations.AreaState]
) -> Shape:
    corners = [place.put(point) for point in outline]
    state = states.get(area.ref)
    tone = "" if state is None else "bad" if state.severity >= nouns.Severity.MAJOR else "warn"
    return Shape(
        ref=area.ref,
        name=area.name,
        corners=" ".join(f"{x},{y}" for x, y in corners),
        label_x=round(sum(x for x, _ in corners) / len(corners), 1),
        label_y=round(sum(y for _, y in corners) / len(corners), 1),
        tone=tone,
        incidents=state.incidents if state else 0,
        affected=state.affected if state else 0,
        url=f"{reverse('incidents')}?area={area.ref}",
    )


def _outline(area: situations.Area) -> Sequence[Point]:
    """The outline of an area: its own, or around its premises."""
    own = records.decode(area.outline, list[tuple[float, float]])
    if len(own) >= _CORNERS:
        return own
    points = records.decode(area.points, list[tuple[float, float]])
    around = [
        (x + dx * AROUND_DEGREES, y + dy * AROUND_DEGREES)
        for x, y in dict.fromkeys(points)
        for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1))
    ]
    return hull(around)


def hull(points: Sequence[Point]) -> Sequence[Point]:
    """The convex hull, counter-clockwise (A. M. Andrew, "Another efficient algorithm for convex hulls", 1979)."""
    ordered = sorted(set(points))
    if len(ordered) < _CORNERS:
        return ordered
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return [*lower[:-1], *upper[:-1]]


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
