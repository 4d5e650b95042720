"""The archive: documents by their SHA-256, in packs.

A pack is an uncompressed-container ZIP whose entries are named by the digest of their content, so any tool opens it and
anyone can check it. A batch of documents is one pack: one file written, one flush to disk, whatever the number. Packs
never change. Where each document lies is in the `document` table.
"""

import datetime as dt
import io
import os
import pathlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import msgspec

from signalpost.store import batch
from signalpost.vocabulary import records

#: Text is worth compressing; PDF and pictures are compressed already.
_COMPRESSED_PREFIXES = ("text/", "application/json", "multipart/")

_KNOWN = "SELECT digest FROM document WHERE digest = ANY(%s)"

_SAVE = """
INSERT INTO document (digest, media_type, size, pack, kept_until, stored_at)
SELECT digest, media_type, size, pack, kept_until, %s
FROM json_to_recordset(%s::json) AS given(digest text, media_type text, size bigint, pack text, kept_until date)
ON CONFLICT (digest) DO UPDATE SET kept_until = greatest(document.kept_until, excluded.kept_until)
"""

_PACKS = "SELECT digest, pack, media_type FROM document WHERE digest = ANY(%s)"


class MissingDocumentError(LookupError):
    """A document that must be in the archive is not there, or is not what its name says."""


class NewDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document to be kept."""

    digest: str
    media_type: str
    content: bytes
    kept_until: dt.date


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a document lies."""

    digest: str
    pack: str
    media_type: str


class _Lost(msgspec.Struct, frozen=True, kw_only=True):
    """Why a document cannot be read."""

    detail: str
    #: The file system refused; it may not refuse the next time.
    is_away: bool = False


class Archive:
    """The packs in a folder, with their rows."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Use a folder, made when the first pack is written."""
        self._folder = folder

    def keep(self, documents: Sequence[NewDocument], *, now: dt.datetime) -> None:
        """Keep documents; those that are there already are only kept longer if need be.

        Called inside the transaction that refers to them: the pack is on disk before it commits, and a pack whose
        transaction did not commit is an orphan that nothing refers to.
        """
        unique = {document.digest: document for document in documents}
        if not unique:
            return
        known = {digest for (digest,) in batch.fetch(_KNOWN, [list(unique)], tuple[str])}
        new = [document for digest, document in unique.items() if digest not in known]
        pack = self._write(new) if new else ""
        rows = [
            {
                "digest": document.digest,
                "media_type": document.media_type,
                "size": len(document.content),
                "pack": pack,
                "kept_until": document.kept_until,
            }
            for document in unique.values()
        ]
        batch.run(_SAVE, [now, batch.encode(rows)])

    def read(self, digests: Sequence[str]) -> Mapping[str, bytes]:
        """Documents by digest, each checked against its name.

        Raises:
            MissingDocumentError: one is not there or was changed.
        """
        found, lost = self._look(digests)
        if lost:
            raise MissingDocumentError(lost[min(lost)].detail)
        return found

    def find(self, digests: Sequence[str]) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
        """Documents by digest, and of those that are lost what is wrong: so that one of them stops no other.

        Raises:
            MissingDocumentError: none can be read, or the file system refuses. Then it is the archive that is away, and
                not they that are lost.
        """
        found, lost = self._look(digests)
        for one in lost.values():
            if one.is_away or not found:
                raise MissingDocumentError(one.detail)
        return found, {digest: one.detail for digest, one in lost.items()}

    def _look(self, digests: Sequence[str]) -> tuple[dict[str, bytes], dict[str, _Lost]]:
        places = batch.fetch(_PACKS, [list(dict.fromkeys(digests))], Place)
        lost = {
            digest: _Lost(detail=f"document {digest!r}: wanted it in the archive, got no row of that name")
            for digest in set(digests) - {place.digest for place in places}
        }
        by_pack: dict[str, list[str]] = {}
        for place in places:
            by_pack.setdefault(place.pack, []).append(place.digest)
        found: dict[str, bytes] = {}
        for pack, names in by_pack.items():
            self._read_pack(pack, names, found, lost)
        return found, lost

    def _write(self, documents: Sequence[NewDocument]) -> str:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as pack:
            for document in documents:
                is_text = document.media_type.startswith(_COMPRESSED_PREFIXES)
                entry = zipfile.ZipInfo(document.digest)
                method = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
                pack.writestr(entry, document.content, compress_type=method, compresslevel=1)
        content = buffer.getvalue()
        digest = records.digest(content)
        path = self._path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return digest

    def _read_pack(self, pack: str, digests: Sequence[str], found: dict[str, bytes], lost: dict[str, _Lost]) -> None:
        try:
            file = zipfile.ZipFile(self._path(pack))
        except (OSError, zipfile.BadZipFile) as error:
            is_away = isinstance(error, OSError) and not isinstance(error, FileNotFoundError)
            lost |= dict.fromkeys(digests, _Lost(detail=f"documents of pack {pack!r}: {error}", is_away=is_away))
            return
        with file:
            for digest in digests:
                try:
                    content = file.read(digest)
                except (OSError, KeyError, zipfile.BadZipFile, zlib.error) as error:
                    detail = f"document {digest!r} of pack {pack!r}: {error}"
                    lost[digest] = _Lost(detail=detail, is_away=isinstance(error, OSError))
                    continue
                if records.digest(content) == digest:
                    found[digest] = content
                else:
                    lost[digest] = _Lost(detail=f"document {digest!r}: its content in pack {pack!r} was changed")

    def _path(self, pack: str) -> pathlib.Path:
        return self._folder / pack[:2] / f"{pack}.zip"


def places(after: str, limit: int) -> list[Place]:
    """Documents by digest in order, for a check of all of them."""
    return batch.fetch(
        "SELECT digest, pack, media_type FROM document WHERE digest > %s ORDER BY digest LIMIT %s",
        [after, limit],
        Place,
    )
