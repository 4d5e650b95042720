"""Pictures that travel inside the e-mail: the logo, the template's images, barcodes. Nothing is fetched by the reader.

All become PNG, JPEG or GIF, which every client shows. SVG is drawn on white once per picture, in a process of its own
with limits (`raster`), and kept; white stays readable where a client darkens the rest.
"""

import base64
import functools
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import msgspec
import zxingcpp

from signalpost.engines.email import standing
from signalpost.vocabulary import manuscripts, parties, records
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

#: Place of the logo among the pictures of an e-mail; the others stand at the place of their block.
LOGO = "/brand/logo_svg"
CONTENT_WIDTH_PX = 536
#: An SVG is bound by its width; this only ends one that is a thousand times taller than wide.
IMAGE_HEIGHT_PX = 4000
MODULE_PX = 4
#: Pixels of the picture per pixel of layout, for dense screens.
DENSITY = 2
DRAWING_SECONDS = 20
SHARED_PICTURES = 256
#: Clients and relays bound the whole message, usually at 10 to 25 MB.
PICTURE_LIMIT_BYTES = 2_000_000

_MM_PX = 96 / 25.4
_CID_CHARACTERS = 20
_RASTER = Path(__file__).with_name("raster.py")
_SVG = "image/svg+xml"
_PASSED_ON = frozenset({"image/png", "image/jpeg", "image/gif"})
_FORMATS = {
    manuscripts.Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
    manuscripts.Symbology.DATA_MATRIX: zxingcpp.BarcodeFormat.DataMatrix,
}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """What a drawing is fitted into, without its margin."""

    width_px: int
    height_px: int
    margin_px: int = 0


LOGO_SIZE = Size(width_px=150, height_px=26, margin_px=5)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture ready to be a MIME part."""

    #: Content-ID without brackets, from the digest of its bytes: the same picture is one part, however often shown.
    cid: str
    media_type: str
    #: base64 in lines of 76 characters ended by CRLF (RFC 2045, 6.8).
    encoded: bytes
    #: Width and height in the layout; the height only where it is known.
    width_px: int
    height_px: int = 0


Album = Mapping[str, Picture]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a picture could not be made."""

    reason: Reason
    detail: str


class Gallery:
    """Makes pictures and keeps those that many e-mails share.

    Args:
        assets: gives the bytes of an image by its digest, `None` where there is none.
    """

    def __init__(self, assets: Callable[[str], bytes | None]) -> None:
        self._assets = assets
        self._drawn = functools.lru_cache(maxsize=SHARED_PICTURES)(draw)
        self._images: dict[manuscripts.Image, Picture] = {}

    def album(self, manuscript: manuscripts.Manuscript) -> Album | manuscripts.Unrenderable:
        """The pictures of one manuscript by the place of their block, its logo under `LOGO`."""
        album: dict[str, Picture] = {}
        if manuscript.brand.logo_svg:
            made = self._drawn(manuscript.brand.logo_svg.encode(), LOGO_SIZE)
            if isinstance(made, Fault):
                return _refusal(manuscript, LOGO, made)
            album[LOGO] = made
        for path, block in standing.everything(manuscript.blocks):
            match block:
                case manuscripts.Image():
                    made = self._image(block)
                case manuscripts.Barcode():
                    made = barcode(block)
                case _:
                    continue
            if isinstance(made, Fault):
                return _refusal(manuscript, path, made)
            album[path] = made
        return album

    def _image(self, image: manuscripts.Image) -> Picture | Fault:
        if kept := self._images.get(image):
            return kept
        if image.media_type not in {*_PASSED_ON, _SVG}:
            return Fault(reason=Reason.UNSUPPORTED, detail=f"wanted PNG, JPEG, GIF or SVG, got {image.media_type!r}")
        content = self._assets(image.digest)
        if content is None:
            return Fault(reason=Reason.LAYOUT_ERROR, detail=f"wanted the asset {image.digest!r}, got none")
        width = min(CONTENT_WIDTH_PX, round(image.width_mm * _MM_PX))
        if image.media_type == _SVG:
            made = self._drawn(content, Size(width_px=width, height_px=IMAGE_HEIGHT_PX))
        else:
            made = _picture(content, image.media_type, width)
        if isinstance(made, Picture):
            if len(self._images) >= SHARED_PICTURES:
                self._images.clear()
            self._images[image] = made
        return made


def barcode(block: manuscripts.Barcode) -> Picture | Fault:
    """A barcode with its quiet zone, black on white, error correction "M" where the symbology has a choice."""
    options = {"ec_level": "M"} if block.symbology is manuscripts.Symbology.QR else {}
    create = cast("Callable[..., zxingcpp.Barcode]", zxingcpp.create_barcode)  # pyright: ignore[reportUnknownMemberType]
    try:
        code = create(block.payload, _FORMATS[block.symbology], **options)
    except ValueError as error:
        return Fault(reason=Reason.OVERFLOW, detail=f"payload of {len(block.payload)} characters: {error}")
    image = zxingcpp.write_barcode_to_image(code)
    height, width = cast("tuple[int, int]", image.shape)  # pyright: ignore[reportUnknownMemberType]
    return _picture(_barcode_png(bytes(cast("bytes", image)), width, height), "image/png", width * MODULE_PX)


def draw(svg: bytes, size: Size, *, limit_seconds: float = DRAWING_SECONDS) -> Picture | Fault:
    """An SVG drawn on white, fitted into `size`, in a process of its own."""
    arguments = (size.width_px, size.height_px, size.margin_px, DENSITY)
    command = [sys.executable, "-I", str(_RASTER), *map(str, arguments)]
    try:
        # Our own program, numbers as arguments; the drawing goes in as data.
        done = subprocess.run(command, input=svg, capture_output=True, timeout=limit_seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Fault(reason=Reason.TIMED_OUT, detail=f"drawing: wanted an end within {limit_seconds} s, got none")
    if done.returncode < 0:
        ending = signal.Signals(-done.returncode)
        reason = Reason.TIMED_OUT if ending is signal.SIGXCPU else Reason.OUT_OF_MEMORY
        return Fault(reason=reason, detail=f"drawing: ended by {ending.name}")
    if done.returncode > 0:
        return Fault(reason=Reason.LAYOUT_ERROR, detail=f"drawing: {done.stderr.decode(errors='replace')[-200:]}")
    width, height = struct.unpack(">II", done.stdout[16:24])
    return _picture(done.stdout, "image/png", max(1, width // DENSITY), max(1, height // DENSITY))


def _picture(content: bytes, media_type: str, width_px: int, height_px: int = 0) -> Picture | Fault:
    if len(content) > PICTURE_LIMIT_BYTES:
        return Fault(reason=Reason.TOO_LONG, detail=f"wanted {PICTURE_LIMIT_BYTES} bytes, got {len(content)}")
    return Picture(
        cid=f"{records.digest(content)[:_CID_CHARACTERS]}@signalpost",
        media_type=media_type,
        encoded=base64.encodebytes(content).replace(b"\n", b"\r\n"),
        width_px=width_px,
        height_px=height_px,
    )


def _barcode_png(modules: bytes, width: int, height: int) -> bytes:
    """Modules, 0x00 or 0xFF each, as PNG of one bit a pixel and eight pixels a module (RFC 2083).

    So a module's byte is its pixels, and the seven rows below the first repeat it (filter type 2).
    """
    repeats = (b"\2" + bytes(width)) * 7
    rows = b"".join(b"\0" + modules[start : start + width] + repeats for start in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width * 8, height * 8, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return _PNG_SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def _refusal(manuscript: manuscripts.Manuscript, path: str, fault: Fault) -> manuscripts.Unrenderable:
    return manuscripts.Unrenderable(
        ref=manuscript.ref,
        channel=parties.ChannelKind.EMAIL,
        reason=fault.reason,
        detail=f"{path}: {fault.detail}",
    )
