"""Colours of an e-mail, light and dark, all readable beside the brand's own.

Every pair of ink and ground meets WCAG 2.2 AA: 4.5 for text (1.4.3), 3 for bars and edges (1.4.11). The brand's
primary colour is kept wherever it is a ground; where it is an ink on ours it is darkened or lightened just as far as
the contrast asks.
"""

import functools
from collections.abc import Callable, Iterable

import msgspec

TEXT_CONTRAST_RATIO = 4.5
SHAPE_CONTRAST_RATIO = 3.0
#: Steps between a colour and black or white; the last one is black or white itself.
_STEPS = 20

#: Below it the sRGB curve is a straight line (WCAG 2.2, "relative luminance").
_LINEAR_BELOW = 0.04045

#: Clients that force a dark theme look for pure white and black first, so these come last. One of them always has 4.5.
_INKS = ("#fdfdfe", "#0b0d10", "#ffffff", "#000000")


class Tint(msgspec.Struct, frozen=True, kw_only=True):
    """The three colours of a callout."""

    ground: str
    edge: str
    ink: str


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """All colours of one of the two appearances, as `#rrggbb`."""

    page: str
    card: str
    #: Ground of key figures and of a table's totals.
    tile: str
    #: Rules between rows: decoration.
    line: str
    text: str
    muted: str
    link: str
    #: Ground of the brand's band and of the button, and the text on both.
    primary: str
    on_primary: str
    #: Bars by series.
    series: tuple[str, str, str]
    #: Callouts, in the order of `manuscripts.Tone`.
    tints: tuple[Tint, Tint, Tint, Tint]


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """Both appearances of one brand."""

    light: Scheme
    dark: Scheme


_LIGHT_TINTS = (
    Tint(ground="#eaf2fb", edge="#1f6fb2", ink="#174f80"),
    Tint(ground="#e8f5ed", edge="#23804a", ink="#17603a"),
    Tint(ground="#fdf3dc", edge="#a86200", ink="#754700"),
    Tint(ground="#fdecec", edge="#c62828", ink="#9b1c1c"),
)
_DARK_TINTS = (
    Tint(ground="#17283a", edge="#5aa9e6", ink="#93c9f3"),
    Tint(ground="#152e20", edge="#4cc07c", ink="#8adcab"),
    Tint(ground="#33260c", edge="#f0b03f", ink="#f6c874"),
    Tint(ground="#3a191b", edge="#f47174", ink="#f8a7a9"),
)


@functools.lru_cache(maxsize=64)
def of(primary: str, on_primary: str) -> Palette:
    """The palette of a brand, from two colours written `#rrggbb`."""
    on_primary = _text_on(primary, on_primary)
    return Palette(
        light=_scheme(
            primary,
            on_primary,
            _towards_black,
            page="#edf0f4",
            card="#fdfdfe",
            tile="#f3f5f8",
            line="#d5dbe3",
            text="#1f2933",
            muted="#52606d",
            others=("#6b7785", "#9a5b12"),
            tints=_LIGHT_TINTS,
        ),
        dark=_scheme(
            primary,
            on_primary,
            _towards_white,
            page="#101316",
            card="#1b1f24",
            tile="#262c34",
            line="#3b444f",
            text="#e5e8ec",
            muted="#abb6c2",
            others=("#97a3b0", "#d99a4e"),
            tints=_DARK_TINTS,
        ),
    )


def contrast(first: str, second: str) -> float:
    """Contrast of two sRGB colours, 1 … 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _scheme(
    primary: str,
    on_primary: str,
    shift: Callable[[str, float], str],
    *,
    page: str,
    card: str,
    tile: str,
    line: str,
    text: str,
    muted: str,
    others: tuple[str, str],
    tints: tuple[Tint, Tint, Tint, Tint],
) -> Scheme:
    steps = [shift(primary, step / _STEPS) for step in range(_STEPS + 1)]
    return Scheme(
        page=page,
        card=card,
        tile=tile,
        line=line,
        text=text,
        muted=muted,
        link=_first(steps, (card, tile, *(tint.ground for tint in tints)), TEXT_CONTRAST_RATIO),
        primary=primary,
        on_primary=on_primary,
        series=(_first(steps, (card,), SHAPE_CONTRAST_RATIO), *others),
        tints=tints,
    )


def _first(colours: Iterable[str], grounds: tuple[str, ...], ratio: float) -> str:
    """The first colour that stands out from every ground; black or white at the end always does."""
    return next(colour for colour in colours if all(contrast(colour, ground) >= ratio for ground in grounds))


def _text_on(ground: str, wish: str) -> str:
    return _first((wish, *_INKS), (ground,), TEXT_CONTRAST_RATIO)


def _towards_black(colour: str, share: float) -> str:
    return _mixed(colour, 0, share)


def _towards_white(colour: str, share: float) -> str:
    return _mixed(colour, 255, share)


def _mixed(colour: str, end: int, share: float) -> str:
    return "#" + "".join(f"{round(channel + (end - channel) * share):02x}" for channel in _channels(colour))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= _LINEAR_BELOW else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
