"""QR codes and Data Matrix symbols as vector drawings."""

from collections.abc import Iterator, Sequence
from typing import cast

import zxingcpp

from signalpost.engines.pdf import sheets
from signalpost.vocabulary import manuscripts

#: Width of one module: prints on any office printer, reads with any telephone camera.
MODULE_MM = 0.6
#: A code is never drawn smaller …
WIDTH_MIN_MM = 20.0
#: … nor larger than this; then its modules shrink, down to `MODULE_MIN_MM`.
WIDTH_MAX_MM = 60.0
#: Below this an office printer's dots merge (ISO/IEC 15415 wants 5 dots a module; 300 dpi).
MODULE_MIN_MM = 0.42

#: Format, options and quiet zone in modules (ISO/IEC 18004, 9.1; ISO/IEC 16022, 7, doubled).
_FORMATS: dict[manuscripts.Symbology, tuple[zxingcpp.BarcodeFormat, dict[str, str], int]] = {
    manuscripts.Symbology.QR: (zxingcpp.BarcodeFormat.QRCode, {"ec_level": "M"}, 4),
    manuscripts.Symbology.DATA_MATRIX: (zxingcpp.BarcodeFormat.DataMatrix, {}, 2),
}


def draw(barcode: manuscripts.Barcode) -> sheets.CodeExtra | sheets.Flaw:
    """The code as one SVG path; a flaw when the payload is empty or too long for a size that can be scanned."""
    form, options, quiet = _FORMATS[barcode.symbology]
    try:
        rows = _modules(barcode.payload, form, options)
    except ValueError as error:
        return _flaw(f"{barcode.symbology} code: {error}")
    width, height = len(rows[0]) + 2 * quiet, len(rows) + 2 * quiet
    if width * MODULE_MIN_MM > WIDTH_MAX_MM:
        wanted = int(WIDTH_MAX_MM / MODULE_MIN_MM)
        return _flaw(f"{barcode.symbology} code: wanted at most {wanted} modules with its margin, got {width}")
    path = "".join(_bars(rows, quiet))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><path d="{path}"/></svg>'
    return sheets.CodeExtra(svg=svg, width=min(max(width * MODULE_MM, WIDTH_MIN_MM), WIDTH_MAX_MM))


def _modules(payload: str, form: zxingcpp.BarcodeFormat, options: dict[str, str]) -> list[bytes]:
    """The symbol row by row, a byte a module: 0 is dark.

    Raises:
        ValueError: nothing to encode, or more than a symbol holds.
    """
    symbol = zxingcpp.create_barcode(payload, form, **options)  # pyright: ignore[reportUnknownMemberType]
    image = memoryview(cast("bytes", symbol.to_image(scale=1, add_quiet_zones=False)))
    data, width = image.tobytes(), image.nbytes // len(image)
    return [data[start : start + width] for start in range(0, len(data), width)]


def _bars(rows: Sequence[bytes], quiet: int) -> Iterator[str]:
    """Each stretch of dark modules as a closed rectangle of the path."""
    for y, row in enumerate(rows, start=quiet):
        x = row.find(0)
        while x >= 0:
            end = row.find(255, x)
            end = len(row) if end < 0 else end
            yield f"M{x + quiet} {y}h{end - x}v1h{x - end}z"
            x = row.find(0, end)


def _flaw(detail: str) -> sheets.Flaw:
    return sheets.Flaw(reason=manuscripts.UnrenderableReason.UNSUPPORTED, detail=detail)
