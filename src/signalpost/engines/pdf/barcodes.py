"""QR codes and Data Matrix symbols as vector drawings."""

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

#: Format, options and quiet zone in modules (ISO/IEC 18004, 9.1; ISO/IEC 16022, 7).
_FORMATS = {
    manuscripts.Symbology.QR: (zxingcpp.BarcodeFormat.QRCode, {"ec_level": "M"}, 4),
    manuscripts.Symbology.DATA_MATRIX: (zxingcpp.BarcodeFormat.DataMatrix, {}, 1),
}


def draw(barcode: manuscripts.Barcode) -> sheets.CodeExtra | sheets.Flaw:
    """The code as one SVG path; a flaw when the payload is empty or too long for a size that can be scanned."""
    form, options, quiet = _FORMATS[barcode.symbology]
    try:
        symbol = zxingcpp.create_barcode(barcode.payload, form, **options)
    except ValueError as error:
        return _flaw(f"{barcode.symbology} code: {error}")
    modules = memoryview(symbol.to_image(scale=1, add_quiet_zones=False))
    height, width = modules.shape
    side = width + 2 * quiet
    if side * MODULE_MIN_MM > WIDTH_MAX_MM:
        wanted = int(WIDTH_MAX_MM / MODULE_MIN_MM) - 2 * quiet
        return _flaw(f"{barcode.symbology} code: wanted at most {wanted} modules a side, got {width}")
    data, path = bytes(modules), list[str]()
    for y in range(height):
        row = data[y * width : (y + 1) * width]
        x = row.find(0)
        while x >= 0:
            end = row.find(255, x)
            end = width if end < 0 else end
            path.append(f"M{x + quiet} {y + quiet}h{end - x}v1h{x - end}z")
            x = row.find(0, end)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {height + 2 * quiet}"><path d="{"".join(path)}"/></svg>'
    return sheets.CodeExtra(svg=svg, width=min(max(side * MODULE_MM, WIDTH_MIN_MM), WIDTH_MAX_MM))


def _flaw(detail: str) -> sheets.Flaw:
    return sheets.Flaw(reason=manuscripts.UnrenderableReason.UNSUPPORTED, detail=detail)
