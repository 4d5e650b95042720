"""E-mail: a manuscript as the finished MIME body, HTML beside plain text. See README.md.

Takes the words as they are; refuses what it cannot show. The envelope (From, To, Subject, Message-ID, signature) is the
channel's. Speaks to nobody: images come from `assets`, nothing in the e-mail is fetched from the network.
"""

import importlib.metadata
from collections.abc import Callable, Sequence

from signalpost.engines.email import attachments, bidi, layout, mime, pictures, plain, soundness, view
from signalpost.vocabulary import manuscripts, parties, records

#: Gmail cuts HTML off at 102 kB and hides the rest, imprint and unsubscribe link first.
PART_LIMIT_BYTES = 100_000

_KEY_CHARACTERS = 20
#: A character takes at most so many.
_UTF8_BYTES = 4
_PARTS = ("mrml", "minijinja", "babel", "zxing-cpp", "typst")


class Email:
    """Manuscript → `multipart/alternative`, a MIME entity that starts with its own Content-Type.

    With files that go with it the whole is `multipart/mixed`.

    Args:
        assets: gives the bytes of a template's image by its digest, `None` where there is none.
    """

    channel = parties.ChannelKind.EMAIL

    def __init__(self, assets: Callable[[str], bytes | None]) -> None:
        versions = ",".join(importlib.metadata.version(part) for part in _PARTS)
        self._version = f"email-{records.digest(layout.sources() + versions.encode())[:12]}"
        self._gallery = pictures.Gallery(assets)
        self._folder = attachments.Folder(assets)

    @property
    def version(self) -> str:
        """Of every file of this package and of the parts whose output it holds."""
        return self._version

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out a batch, in the same order and number."""
        return [self._rendered(manuscript) for manuscript in batch]

    def close(self) -> None:
        """Nothing to end."""

    def _rendered(self, manuscript: manuscripts.Manuscript) -> manuscripts.Rendered:
        if fault := soundness.fault(manuscript):
            return fault
        album = self._gallery.album(manuscript)
        if isinstance(album, manuscripts.Unrenderable):
            return album
        files = self._folder.files(manuscript)
        if isinstance(files, attachments.Fault):
            return manuscripts.Unrenderable(
                ref=manuscript.ref, channel=self.channel, reason=files.reason, detail=files.detail
            )
        text = plain.text(manuscript)
        document = _document(manuscript, album, is_mixed=bidi.is_mixed(text, direction=manuscript.direction))
        if fault := _too_long("HTML", len(document), document.html) or _too_long("plain text", len(text), lambda: text):
            return manuscripts.Unrenderable(
                ref=manuscript.ref,
                channel=self.channel,
                reason=manuscripts.UnrenderableReason.TOO_LONG,
                detail=fault,
            )
        key = records.digest(manuscript.ref.encode())[:_KEY_CHARACTERS]
        entity = mime.entity(
            key,
            manuscript.language,
            text=text,
            document=document,
            album=list({picture.cid: picture for picture in album.values()}.values()),
        )
        return manuscripts.Rendition(
            ref=manuscript.ref,
            channel=self.channel,
            media_type=mime.MIXED if files else mime.MEDIA_TYPE,
            content=mime.mixed(key, entity, files) if files else entity,
        )


def _document(manuscript: manuscripts.Manuscript, album: pictures.Album, *, is_mixed: bool) -> layout.Document:
    logo = album.get(pictures.LOGO)
    dressed = layout.dressed(manuscript.brand, logo, direction=manuscript.direction, is_mixed=is_mixed)
    return layout.fill(dressed, view.of(manuscript, album))


def _too_long(name: str, characters: int, content: Callable[[], str]) -> str:
    """Say by how much a part is too long, "" when it is not; only what could be is measured."""
    if characters * _UTF8_BYTES <= PART_LIMIT_BYTES or (size := len(content().encode())) <= PART_LIMIT_BYTES:
        return ""
    return f"{name}: wanted at most {PART_LIMIT_BYTES} bytes, got {size}"
