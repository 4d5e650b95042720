"""Files that people bring: images, logos, one-page documents. What is not fit is refused in words, never mended.

SVG goes through `svg-hush`, which lets known elements and attributes through. Because it takes out what it does not
know without a word, what would be lost is looked for first and named.
"""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import io
import re
from collections.abc import Mapping
from typing import cast
from xml.etree.ElementTree import ParseError

import defusedxml
import msgspec
import pikepdf
import PIL
import py_svg_hush
from defusedxml import ElementTree
from django import forms
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

#: Bytes of an image; one of 300 dpi across a page has about 2 MB.
IMAGE_BYTES_MAX = 5_000_000
#: Pixels of an image: A4 in colour at 600 dpi, so that no small file opens into gigabytes.
IMAGE_PIXELS_MAX = 35_000_000
INSERT_BYTES_MAX = 10_000_000
SVG_BYTES_MAX = 500_000

_FORMATS: Mapping[str, str] = {"PNG": "image/png", "JPEG": "image/jpeg"}
_SVG = "image/svg+xml"
_FORBIDDEN = frozenset({"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "set"})
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(", re.IGNORECASE)
#: Written into the image itself, and so no reference.
_EMBEDDED = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);", re.IGNORECASE)


class UnfitError(ValueError):
    """A file that cannot be taken; the text says why and what to do."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file that can be taken."""

    media_type: str
    content: bytes


def clean_svg(content: bytes) -> bytes:
    """An SVG that draws and does nothing else.

    Raises:
        UnfitError: it holds a script, a reference to somewhere else, an entity, or is no SVG.
    """
    if len(content) > SVG_BYTES_MAX:
        raise UnfitError(f"SVG: wanted at most {SVG_BYTES_MAX:,} bytes, got {len(content):,}. Simplify the drawing.")
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except defusedxml.DefusedXmlException as error:
        raise UnfitError("SVG: it declares entities or a document type. Export it again as plain SVG.") from error
    except (ParseError, ValueError) as error:
        raise UnfitError(f"SVG: it cannot be read as XML: {error}.") from error
    if _local(root.tag) != "svg":
        raise UnfitError(f"SVG: wanted a drawing that begins with <svg>, got <{_local(root.tag)}>.")
    for element in root.iter():
        _refuse(_local(element.tag), element.attrib, element.text or "")
    try:
        return py_svg_hush.filter_svg(content)
    except ValueError as error:
        raise UnfitError(f"SVG: it cannot be read: {error}.") from error


def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1].lower()


def _refuse(tag: str, attributes: Mapping[str, str], text: str) -> None:
    """What would act or fetch.

    Raises:
        UnfitError: names the element or attribute.
    """
    if tag in _FORBIDDEN:
        raise UnfitError(f"SVG: it holds <{tag}>, which may do more than draw. Take it out, or export it again.")
    if tag == "style" and _OUTSIDE.search(text):
        raise UnfitError("SVG: its styles refer to something outside of it. Export it with everything embedded.")
    for name, value in attributes.items():
        short = _local(name)
        if short.startswith("on"):
            raise UnfitError(f"SVG: <{tag}> has {short!r}, which runs a script. Take it out, or export it again.")
        is_reference = short in {"href", "src"} and value.strip()
        if (is_reference and not _EMBEDDED.match(value.strip())) or _OUTSIDE.search(value):
            raise UnfitError(
                f"SVG: <{tag}> refers to something outside of it ({value[:60]!r}). Export it with everything embedded."
            )


def image(content: bytes) -> Upload:
    """An image as it is kept: PNG, JPEG or SVG; without the notes that cameras and programs leave in it.

    Raises:
        UnfitError: it is too large, or no such image.
    """
    if len(content) > IMAGE_BYTES_MAX:
        raise UnfitError(f"Image: wanted at most {IMAGE_BYTES_MAX:,} bytes, got {len(content):,}. Make it smaller.")
    if content.lstrip()[:1] == b"<":
        return Upload(media_type=_SVG, content=clean_svg(content))
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_FORMATS)) as opened:
            if opened.width * opened.height > IMAGE_PIXELS_MAX:
                got = f"{opened.width} by {opened.height}"
                raise UnfitError(f"Image: wanted at most {IMAGE_PIXELS_MAX:,} pixels, got {got}. Make it smaller.")
            form = str(opened.format)
            written = io.BytesIO()
            opened.load()
            opened.info.clear()
            opened.save(written, format=form)
    except (PIL.UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, UnfitError):
            raise
        raise UnfitError("Image: wanted a PNG, JPEG or SVG file, got something else or a broken one.") from error
    return Upload(media_type=_FORMATS[form], content=written.getvalue())


def insert(content: bytes) -> Upload:
    """A one-page PDF.

    Raises:
        UnfitError: it is too large, no PDF, locked, or has another number of pages.
    """
    if len(content) > INSERT_BYTES_MAX:
        raise UnfitError(f"Insert: wanted at most {INSERT_BYTES_MAX:,} bytes, got {len(content):,}. Make it smaller.")
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            pages = len(document.pages)
    except (pikepdf.PdfError, ValueError) as error:
        raise UnfitError("Insert: wanted a PDF that is not locked, got something else or a broken one.") from error
    if pages != 1:
        raise UnfitError(f"Insert: wanted a PDF of one page, got {pages}.")
    return Upload(media_type="application/pdf", content=content)


class UploadField(forms.FileField):
    """A file that is looked at before it is taken."""

    def __init__(self, *, is_image: bool, help_text: str) -> None:
        """An image, or a one-page document."""
        self.is_image = is_image
        accept = "image/png,image/jpeg,image/svg+xml" if is_image else "application/pdf"
        widget = forms.FileInput(attrs={"accept": accept})
        super().__init__(required=False, label="File", help_text=help_text, widget=widget)

    def clean(self, data: UploadedFile | None, initial: object = None) -> Upload | None:
        """What was found, `None` where nothing was given.

        Raises:
            forms.ValidationError: the file is not fit; says why.
        """
        given = cast("UploadedFile | None", super().clean(data, initial))
        if not given:
            return None
        try:
            content = given.read()
            return image(content) if self.is_image else insert(content)
        except UnfitError as error:
            raise forms.ValidationError(str(error)) from error
