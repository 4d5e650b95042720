"""How well two colours can be told apart (WCAG 2.2, 1.4.3)."""

import re

#: Contrast that text needs.
TEXT_MIN = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: Of the definition of relative luminance: where the curve begins, and its constants.
_LINEAR_TO, _LINEAR_BY, _OFFSET, _EXPONENT = 0.04045, 12.92, 0.055, 2.4
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_FLARE = 0.05


def ratio(one: str, other: str) -> float | None:
    """Contrast of two colours as `#rrggbb`, 1 to 21; `None` where one of them is no colour."""
    if not (_COLOUR.fullmatch(one) and _COLOUR.fullmatch(other)):
        return None
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + _FLARE) / (dark + _FLARE)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / _LINEAR_BY if part <= _LINEAR_TO else ((part + _OFFSET) / (1 + _OFFSET)) ** _EXPONENT for part in parts
    ]
    return sum(weight * part for weight, part in zip(_WEIGHTS, linear, strict=True))
