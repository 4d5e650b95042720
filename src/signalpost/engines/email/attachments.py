"""Files that go with an e-mail, as parts of their own (RFC 2183)."""

import base64
import functools
import re
from collections.abc import Callable, Iterator
from urllib import parse

import msgspec

from signalpost.engines.email import standing
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

#: All of one e-mail together. Relays bound the whole message, usually at 10 to 25 MB, of which base64 takes a third.
ATTACHED_LIMIT_BYTES = 5_000_000
NAME_CHARACTERS_MAX = 120
FILES_KEPT_COUNT = 32
#: Of a value on a line of its own (RFC 5322, 2.1.1: at most 78 characters a line).
_LINE_CHARACTERS = 50

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")
#: No separators of folders, no controls.
_NAME = re.compile(rf"[^/\\\x00-\x1f\x7f]{{1,{NAME_CHARACTERS_MAX}}}")
_SIMPLE_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{_LINE_CHARACTERS - 1}}}")
#: One character as RFC 5987 writes it.
_ENCODED = re.compile(r"%[0-9A-F]{2}|.")


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file ready to be a MIME part."""

    #: Its header, lines ended by CRLF, without the empty line.
    head: bytes
    #: base64 in lines of 76 characters ended by CRLF (RFC 2045, 6.8).
    encoded: bytes


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why files cannot go with an e-mail."""

    reason: Reason
    detail: str


def flaw(block: manuscripts.Attachment) -> str:
    """What is wrong with how a file is named, "" when nothing is."""
    if not _NAME.fullmatch(block.name):
        return f"/name: wanted a plain file name of at most {NAME_CHARACTERS_MAX} characters, got {block.name[:40]!r}"
    if not _MEDIA_TYPE.fullmatch(block.media_type):
        return f"/media_type: wanted a media type, got {block.media_type[:40]!r}"
    return "" if block.title.strip() else "/title: wanted text, got none"


class Folder:
    """Makes attachments and keeps those that many e-mails share.

    Args:
        assets: gives the bytes of a file by its digest, `None` where there is none.
    """

    def __init__(self, assets: Callable[[str], bytes | None]) -> None:
        self._assets = assets
        self._file = functools.lru_cache(maxsize=FILES_KEPT_COUNT)(self._made)

    def files(self, manuscript: manuscripts.Manuscript) -> tuple[File, ...] | Fault:
        """The files of one e-mail, each once; or why it cannot have them."""
        found: dict[str, File] = {}
        for path, block in standing.everything(manuscript.blocks):
            if not isinstance(block, manuscripts.Attachment):
                continue
            file = self._file(block.digest, block.media_type, block.name)
            if file is None:
                wanted = f"{path}: wanted the asset {block.digest[:64]!r}, got none"
                return Fault(reason=Reason.LAYOUT_ERROR, detail=wanted)
            if found.setdefault(block.name, file) != file:
                wanted = f"{path}/name: wanted files of different names, got {block.name!r} twice"
                return Fault(reason=Reason.LAYOUT_ERROR, detail=wanted)
        size = sum(len(file.encoded) for file in found.values()) * 3 // 4
        if size > ATTACHED_LIMIT_BYTES:
            wanted = f"/blocks: wanted at most {ATTACHED_LIMIT_BYTES} bytes of files, got {size}"
            return Fault(reason=Reason.TOO_LONG, detail=wanted)
        return tuple(found.values())

    def _made(self, digest: str, media_type: str, name: str) -> File | None:
        content = self._assets(digest)
        if content is None:
            return None
        lines = [
            f"Content-Type: {media_type}",
            "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment;",
            ";\r\n".join(f" {parameter}" for parameter in _parameters(name)),
        ]
        encoded = base64.encodebytes(content).replace(b"\n", b"\r\n")
        return File(head="\r\n".join(lines).encode("ascii") + b"\r\n", encoded=encoded)


def _parameters(name: str) -> Iterator[str]:
    """The file name; one of other than plain characters in numbered, encoded parts (RFC 2231, 3 and 4)."""
    if _SIMPLE_NAME.fullmatch(name):
        yield f'filename="{name}"'
        return
    part, number, prefix = "", 0, "utf-8''"
    for piece in _ENCODED.findall(parse.quote(name, safe="")):
        if len(part) + len(piece) > _LINE_CHARACTERS:
            yield f"filename*{number}*={prefix}{part}"
            part, number, prefix = "", number + 1, ""
        part += piece
    yield f"filename*{number}*={prefix}{part}"
