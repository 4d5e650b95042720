"""Backup and restore: database, documents and secret, into a folder or one file, and back.

The database is written as it is at one moment, and then every pack of the archive that its rows name. Packs are written
before the rows that name them are committed, and never change, so all of them are there; the system runs on meanwhile.
A backup into the same folder copies only packs that are not there yet.

    manifest.json    what it is, written last: a folder without it is not a whole backup
    database.dump    PostgreSQL's own format
    archive/         packs, each named by the digest of its content
    secret.key       the secret of links and bounce addresses, unless a setting holds it
"""

import contextlib
import datetime as dt
import hashlib
import io
import os
import pathlib
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Generator, Sequence
from typing import Protocol

import msgspec

from signalpost.store import dumps, schema

MANIFEST, DATABASE, ARCHIVE, SECRET = "manifest.json", "database.dump", "archive", "secret.key"
FORMAT = 1
_COPIED_BYTES = 1024 * 1024
#: Packs between two words of progress.
_TOLD_PACKS = 100

Told = Callable[[str], None]


class KeepsakeError(Exception):
    """A backup cannot be made or restored; says what, and what to do."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is."""

    format: int
    made_at: dt.datetime
    packs: int
    #: Digest of the last seal of the log, to be compared with a note of one's own.
    head: str
    #: Migrations in its database, by application and name.
    migrations: Sequence[tuple[str, str]]


class _Into(Protocol):
    def has(self, name: str, size: int) -> bool: ...
    def add(self, name: str, source: pathlib.Path) -> None: ...


def make(target: pathlib.Path, *, data_folder: pathlib.Path, told: Told) -> Manifest:
    """Back up into a folder, or into one file where the name ends in `.tar`.

    Raises:
        KeepsakeError: a pack is missing or was changed, or the target cannot be used.
        dumps.DumpError: the database cannot be written.
    """
    with tempfile.TemporaryDirectory(dir=_beside(target), prefix=".backup-") as place, _opened(target) as into:
        dumped = pathlib.Path(place) / DATABASE
        with dumps.moment() as moment:
            told(f"database: {moment.bytes // 1024 // 1024} MB")
            dumps.dump(dumped, at=moment)
            applied = schema.applied()
        into.add(DATABASE, dumped)
        _add_packs(into, moment.packs, data_folder / ARCHIVE, told=told)
        secret = data_folder / SECRET
        if secret.is_file():
            into.add(SECRET, secret)
        manifest = Manifest(
            format=FORMAT,
            made_at=dt.datetime.now(dt.UTC),
            packs=len(moment.packs),
            head=moment.head,
            migrations=applied,
        )
        written = pathlib.Path(place) / MANIFEST
        written.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        into.add(MANIFEST, written)
    return manifest


def take_back(source: pathlib.Path, *, data_folder: pathlib.Path, replaces: bool, told: Told) -> Manifest:
    """Restore a backup. Documents first, then the database in one transaction, then migrations that came later.

    Raises:
        KeepsakeError: the backup is not whole or not for this program, or there is something where it would go.
        dumps.DumpError: the database refuses; it is as it was.
    """
    with tempfile.TemporaryDirectory(dir=data_folder, prefix=".restore-") as place:
        with _read(source, pathlib.Path(place)) as folder:
            manifest = _manifest(folder, source)
            _want_room(data_folder, replaces=replaces)
            _restore_packs(folder / ARCHIVE, data_folder / ARCHIVE, manifest, told=told)
            told("database")
            dumps.restore(folder / DATABASE, replaces=not dumps.is_empty())
            if (folder / SECRET).is_file():
                _copy(folder / SECRET, data_folder / SECRET)
        told("tables")
        schema.make_ready()
    return manifest


def _add_packs(into: _Into, packs: Sequence[str], archive: pathlib.Path, *, told: Told) -> None:
    for number, pack in enumerate(packs, 1):
        file = archive / pack[:2] / f"{pack}.zip"
        if not file.is_file():
            raise KeepsakeError(
                f"pack {pack!r}: wanted it in {str(archive)!r}, got none; `signalpost verify` names its documents"
            )
        name = f"{ARCHIVE}/{pack[:2]}/{pack}.zip"
        if not into.has(name, file.stat().st_size):
            _want_digest(file, pack)
            into.add(name, file)
        if number % _TOLD_PACKS == 0 or number == len(packs):
            told(f"archive: {number} of {len(packs)} packs")


def _restore_packs(source: pathlib.Path, target: pathlib.Path, manifest: Manifest, *, told: Told) -> None:
    packs = sorted(source.glob("*/*.zip"))
    if len(packs) < manifest.packs:
        raise KeepsakeError(f"archive: wanted {manifest.packs} packs, got {len(packs)}: the backup is not whole")
    for number, pack in enumerate(packs, 1):
        _want_digest(pack, pack.stem)
        place = target / pack.parent.name / pack.name
        if not (place.is_file() and place.stat().st_size == pack.stat().st_size):
            _copy(pack, place)
        if number % _TOLD_PACKS == 0 or number == len(packs):
            told(f"archive: {number} of {len(packs)} packs")


def _want_room(data_folder: pathlib.Path, *, replaces: bool) -> None:
    if not replaces:
        if not dumps.is_empty():
            raise KeepsakeError("database: wanted an empty one, got tables; --replace puts the backup in their place")
        if next((data_folder / ARCHIVE).glob("*/*.zip"), None) is not None:
            raise KeepsakeError("archive: wanted an empty one, got packs; --replace adds those of the backup")
    others = dumps.others()
    if others:
        raise KeepsakeError(f"database: wanted nobody else to use it, got {others} connections; stop the system first")


def _manifest(folder: pathlib.Path, source: pathlib.Path) -> Manifest:
    file = folder / MANIFEST
    if not file.is_file():
        raise KeepsakeError(f"{str(source)!r}: wanted a whole backup, got no {MANIFEST} in it")
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise KeepsakeError(f"{str(source)!r}: {MANIFEST}: {error}") from error
    if manifest.format != FORMAT:
        raise KeepsakeError(f"{str(source)!r}: wanted format {FORMAT}, got {manifest.format}")
    unknown = {tuple(key) for key in manifest.migrations} - schema.names()
    if unknown:
        newest = ".".join(min(unknown))
        raise KeepsakeError(f"{str(source)!r}: was made by a later program (migration {newest}); update this one first")
    return manifest


def _want_digest(file: pathlib.Path, digest: str) -> None:
    with file.open("rb") as content:
        got = hashlib.file_digest(content, "sha256").hexdigest()
    if got != digest:
        raise KeepsakeError(f"pack {digest!r}: its content was changed, got digest {got!r}")


class _Folder:
    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        path.mkdir(mode=0o700, exist_ok=True)
        strangers = sorted({entry.name for entry in path.iterdir()} - {MANIFEST, DATABASE, ARCHIVE, SECRET})
        if strangers:
            raise KeepsakeError(
                f"{str(path)!r}: wanted a new or empty folder, or an earlier backup, got {strangers[0]!r}"
            )
        (path / MANIFEST).unlink(missing_ok=True)

    def has(self, name: str, size: int) -> bool:
        file = self._path / name
        return file.is_file() and file.stat().st_size == size

    def add(self, name: str, source: pathlib.Path) -> None:
        _copy(source, self._path / name)


class _Tar:
    def __init__(self, file: tarfile.TarFile) -> None:
        self._file = file

    def has(self, name: str, size: int) -> bool:
        del name, size
        return False

    def add(self, name: str, source: pathlib.Path) -> None:
        self._file.add(source, arcname=name)


@contextlib.contextmanager
def _opened(target: pathlib.Path) -> Generator[_Into]:
    try:
        if target.suffix != ".tar":
            yield _Folder(target)
            return
        if target.exists():
            raise KeepsakeError(f"{str(target)!r}: wanted a new file, got one that is there")
        part = target.with_name(f"{target.name}.part")
        try:
            with _new(part) as file, tarfile.open(fileobj=file, mode="w") as tar:
                yield _Tar(tar)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise KeepsakeError(f"{error.filename or str(target)!r}: {error.strerror}") from error


@contextlib.contextmanager
def _read(source: pathlib.Path, place: pathlib.Path) -> Generator[pathlib.Path]:
    if source.is_dir():
        yield source
        return
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                _unpack(tar, member, place)
    except (OSError, tarfile.TarError) as error:
        raise KeepsakeError(f"{str(source)!r}: wanted a backup, a folder or a .tar: {error}") from error
    yield place


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, place: pathlib.Path) -> None:
    """Write one file of a backup; a backup has nothing else, and nothing outside."""
    # `extractall(filter="data")` is not in the Python 3.11.2 of Debian 12.
    file = place / member.name
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not file.resolve().is_relative_to(place.resolve()):
        raise KeepsakeError(f"{member.name!r}: wanted a file of a backup, got something else or a place outside")
    file.parent.mkdir(parents=True, exist_ok=True)
    with content, file.open("xb") as written:
        shutil.copyfileobj(content, written)


def _beside(target: pathlib.Path) -> pathlib.Path:
    folder = target.absolute().parent
    if not folder.is_dir():
        raise KeepsakeError(f"{str(folder)!r}: wanted a folder that exists, got none")
    return folder


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copy a file so that it is whole or not there; readable by its owner alone."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with source.open("rb") as content, _new(part) as file:
        shutil.copyfileobj(content, file, _COPIED_BYTES)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _new(path: pathlib.Path) -> io.BufferedWriter:
    """A new file for its owner alone."""
    return io.BufferedWriter(io.FileIO(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)))
