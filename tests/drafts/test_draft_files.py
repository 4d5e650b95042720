"""Files that people bring: what is fit is kept, what is not is refused with what to do."""

import io

import pikepdf
import pytest
from PIL import Image

from signalpost.drafts import files

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def picture(form: str, size: tuple[int, int] = (4, 3)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, format=form)
    return written.getvalue()


def pdf(pages: int) -> bytes:
    written = io.BytesIO()
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    document.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<rect onclick="x()"/>', "'onclick', which runs a script"),
        ('<image href="http://evil.example/x.png"/>', "refers to something outside"),
        ('<image xlink:href="//evil.example/x.png"/>', "refers to something outside"),
        ('<a href="javascript:x()"><rect/></a>', "refers to something outside"),
        ("<style>@import url(http://a.example)</style>", "its styles refer to something outside"),
        ('<rect style="fill: url(http://a.example/#x)"/>', "refers to something outside"),
        ("<foreignObject><p/></foreignObject>", "<foreignobject>"),
        ("<animate/><set/>", "<set>"),
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused_in_words(inner: str, wanted: str):
    with pytest.raises(files.UnfitError, match=wanted.replace("(", r"\(")):
        files.clean_svg(SVG.format(inner).encode())


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "declares entities"),
        (b"<svg", "cannot be read as XML"),
        (b"<html/>", "begins with <svg>, got <html>"),
        (b"<svg>" + b" " * files.SVG_BYTES_MAX + b"</svg>", "at most 500,000 bytes"),
    ],
)
def test_what_is_no_fit_drawing_is_refused_in_words(content: bytes, wanted: str):
    with pytest.raises(files.UnfitError, match=wanted):
        files.clean_svg(content)


def test_a_drawing_that_draws_is_taken():
    drawn = SVG.format('<rect fill="url(#g)" width="2" height="2"/><linearGradient id="g"/>')
    cleaned = files.clean_svg(drawn.encode())

    assert b'fill="url(#g)"' in cleaned
    assert files.image(drawn.encode()) == files.Upload(media_type="image/svg+xml", content=cleaned)


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_is_taken_as_what_it_is(form: str, media_type: str):
    found = files.image(picture(form))

    assert found.media_type == media_type
    with Image.open(io.BytesIO(found.content)) as opened:
        assert opened.size == (4, 3)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"nonsense", "wanted a PNG, JPEG or SVG file"),
        (picture("GIF"), "wanted a PNG, JPEG or SVG file"),
        (picture("PNG")[:40], "wanted a PNG, JPEG or SVG file"),
        (b"x" * (files.IMAGE_BYTES_MAX + 1), "at most 5,000,000 bytes"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, wanted: str):
    with pytest.raises(files.UnfitError, match=wanted):
        files.image(content)


def test_a_small_file_that_opens_into_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "IMAGE_PIXELS_MAX", 10)
    with pytest.raises(files.UnfitError, match="at most 10 pixels, got 4 by 3"):
        files.image(picture("PNG"))


def test_an_insert_has_one_page():
    assert files.insert(pdf(1)).media_type == "application/pdf"
    for content, wanted in (
        (pdf(2), "one page, got 2"),
        (b"%PDF-nonsense", "wanted a PDF"),
        (b"x" * (files.INSERT_BYTES_MAX + 1), "at most 10,000,000 bytes"),
    ):
        with pytest.raises(files.UnfitError, match=wanted):
            files.insert(content)
