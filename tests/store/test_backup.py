"""Backup and restore on a running system: embedded PostgreSQL, and one that is named by its URL."""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Generator

import psycopg
import pytest
from django import db
from django.conf import settings as django_settings
from psycopg import sql
from tests.path.test_documents import bill
from tests.path.world import METERS, World
from tests.peers import postgres15

from signalpost import wiring
from signalpost.acts import keepsakes, prove
from signalpost.store import archive, batch, dumps

#: Longest wait for one command; a busy machine needs some of it.
PATIENCE_SECONDS = 150


@contextlib.contextmanager
def elsewhere(folder: pathlib.Path) -> Generator[pathlib.Path]:
    """A new, empty place: a data folder, and Django's connection on a new database."""
    folder.mkdir()
    url = django_settings.SIGNALPOST_DATABASE_URL
    name = f"signalpost_restored_{os.getpid()}"
    connection = db.connections["default"]
    kept = dict(connection.settings_dict)
    base, _, query = url.partition("?")
    own = f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    connection.close()
    connection.settings_dict.update(wiring.database(own))
    try:
        yield folder
    finally:
        db.connections.close_all()
        connection.settings_dict.update(kept)
        with psycopg.connect(url, autocommit=True) as other:
            # Not by force: that would ask for the right to end an autovacuum worker, which a plain one ends itself.
            other.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def whole(folder: pathlib.Path) -> prove.Verified:
    """What `verify` says of an installation; nothing is missing in it."""
    found = prove.verify(archive.Archive(folder / "archive"))
    assert found.problems == ()
    return found


def back_up(folder: pathlib.Path, target: pathlib.Path) -> keepsakes.Manifest:
    return keepsakes.make(target, data_folder=folder, told=lambda _: None)


def restore(source: pathlib.Path, folder: pathlib.Path, *, replaces: bool = False) -> keepsakes.Manifest:
    return keepsakes.take_back(source, data_folder=folder, replaces=replaces, told=lambda _: None)


@pytest.fixture
def town(world: World) -> pathlib.Path:
    """The data folder of the town after a storm and a bill."""
    world.meters_say("LG", METERS)
    world.drain()
    world.event("billing.closed", "A-cem-M-04", bill())
    world.drain()
    return world.parts.settings.folder()


def test_a_backup_restored_into_an_empty_place_is_whole_and_the_same(town: pathlib.Path, tmp_path: pathlib.Path):
    before = whole(town)
    target = tmp_path / "backup"
    made = back_up(town, target)
    with elsewhere(tmp_path / "new") as new:
        restore(target, new)
        after = whole(new)

    assert made.head == before.head == after.head
    assert after == before
    assert before.documents > 0
    assert (new / "secret.key").read_bytes() == (town / "secret.key").read_bytes()
    modes = [(target / name).stat().st_mode & 0o077 for name in ("secret.key", "database.dump", "manifest.json")]
    assert modes == [0, 0, 0]


def test_one_file_holds_the_same_and_is_never_written_over(town: pathlib.Path, tmp_path: pathlib.Path):
    target = tmp_path / "backup.tar"
    made = back_up(town, target)
    with tarfile.open(target) as tar:
        names = tar.getnames()
    with elsewhere(tmp_path / "new") as new:
        restore(target, new)
        after = whole(new)

    assert {"manifest.json", "database.dump", "secret.key"} < set(names)
    assert made.packs == sum(name.endswith(".zip") for name in names)
    assert after == whole(town)
    with pytest.raises(keepsakes.KeepsakeError, match="wanted a new file"):
        back_up(town, target)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("backup")] == ["backup.tar"]


@pytest.mark.parametrize("name", ["../escaped", "/escaped", "link"])
def test_a_file_that_leads_outside_is_refused(tmp_path: pathlib.Path, name: str):
    target = tmp_path / "backup.tar"
    with tarfile.open(target, "w") as tar:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = (tarfile.SYMTYPE, "/etc") if name == "link" else (tarfile.REGTYPE, "")
        tar.addfile(member, io.BytesIO())
    with elsewhere(tmp_path / "new") as new, pytest.raises(keepsakes.KeepsakeError, match="wanted a file of a backup"):
        restore(target, new)
    assert not (tmp_path / "escaped").exists()


def test_a_backup_into_the_same_folder_copies_new_documents_only(
    town: pathlib.Path, world: World, tmp_path: pathlib.Path
):
    target = tmp_path / "backup"
    back_up(town, target)
    written = {pack: pack.stat().st_mtime_ns for pack in target.glob("archive/*/*.zip")}
    world.power_is_back()
    world.later(100_000, of="member")
    world.drain()
    back_up(town, target)

    again = {pack: pack.stat().st_mtime_ns for pack in target.glob("archive/*/*.zip")}
    assert set(again) > set(written)
    assert {pack: again[pack] for pack in written} == written


def test_a_restore_refuses_a_place_that_is_not_empty_unless_told(town: pathlib.Path, tmp_path: pathlib.Path):
    target = tmp_path / "backup"
    back_up(town, target)
    with elsewhere(tmp_path / "new") as new:
        restore(target, new)
        batch.run("UPDATE customer SET name = 'Someone Else'")
        with pytest.raises(keepsakes.KeepsakeError, match="wanted an empty one, got tables; --replace"):
            restore(target, new)
        changed = batch.fetch("SELECT DISTINCT name FROM customer", [], tuple[str])
        restore(target, new, replaces=True)
        found = whole(new)
        names = batch.fetch("SELECT name FROM customer WHERE kind = 'person'", [], tuple[str])

    assert changed == [("Someone Else",)]
    assert ("Someone Else",) not in names
    assert found == whole(town)


def test_packs_in_an_empty_database_are_not_mixed_in_silence(town: pathlib.Path, tmp_path: pathlib.Path):
    target = tmp_path / "backup"
    back_up(town, target)
    with elsewhere(tmp_path / "new") as new:
        (new / "archive" / "ab").mkdir(parents=True)
        (new / "archive" / "ab" / "abc.zip").write_bytes(b"")
        with pytest.raises(keepsakes.KeepsakeError, match="archive: wanted an empty one"):
            restore(target, new)


def test_a_restore_waits_for_nobody_who_still_uses_the_database(town: pathlib.Path, tmp_path: pathlib.Path):
    target = tmp_path / "backup"
    back_up(town, target)
    with (
        psycopg.connect(django_settings.SIGNALPOST_DATABASE_URL),
        pytest.raises(keepsakes.KeepsakeError, match="wanted nobody else to use it"),
    ):
        restore(target, town, replaces=True)


def test_a_backup_is_consistent_while_the_path_runs(town: pathlib.Path, world: World, tmp_path: pathlib.Path):
    """Whatever is written while the database is dumped, every document that its rows name is in the backup."""
    target = tmp_path / "backup"
    ended = threading.Event()

    def keep() -> None:
        try:
            back_up(town, target)
        finally:
            db.connections.close_all()
            ended.set()

    thread = threading.Thread(target=keep)
    thread.start()
    number = 0
    while not ended.wait(0.01) and number < 500:
        number += 1
        world.event("billing.closed", "A-cem-M-04", bill() | {"number": f"R-{number}"})
    thread.join()
    with elsewhere(tmp_path / "new") as new:
        restore(target, new)
        found = whole(new)

    assert number > 0
    assert found.documents > 0


def _without_manifest(backup: pathlib.Path) -> None:
    (backup / "manifest.json").unlink()


def _with_another_manifest(backup: pathlib.Path) -> None:
    (backup / "manifest.json").write_text('{"format": 2}')


def _with_a_changed_pack(backup: pathlib.Path) -> None:
    next(backup.glob("archive/*/*.zip")).write_bytes(b"other")


def _without_a_pack(backup: pathlib.Path) -> None:
    next(backup.glob("archive/*/*.zip")).unlink()


def _with_half_a_dump(backup: pathlib.Path) -> None:
    dump = (backup / "database.dump").read_bytes()
    (backup / "database.dump").write_bytes(dump[: len(dump) * 2 // 3])


def _of_a_later_program(backup: pathlib.Path) -> None:
    manifest = json.loads((backup / "manifest.json").read_bytes())
    manifest["migrations"].append(["signalpost", "9999_later"])
    (backup / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_without_manifest, "wanted a whole backup"),
        (_with_another_manifest, "manifest.json: "),
        (_with_a_changed_pack, "its content was changed"),
        (_without_a_pack, "the backup is not whole"),
        (_with_half_a_dump, "cannot be restored"),
        (_of_a_later_program, "update this one first"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused_and_the_database_stays_empty(
    town: pathlib.Path, tmp_path: pathlib.Path, spoil: Callable[[pathlib.Path], None], words: str
):
    target = tmp_path / "backup"
    back_up(town, target)
    spoil(target)
    with elsewhere(tmp_path / "new") as new:
        with pytest.raises((keepsakes.KeepsakeError, dumps.DumpError), match=words):
            restore(target, new)
        is_empty = dumps.is_empty()

    assert is_empty


def test_a_missing_pack_fails_the_backup_and_leaves_none_that_looks_whole(town: pathlib.Path, tmp_path: pathlib.Path):
    ((pack,),) = batch.fetch("SELECT pack FROM document ORDER BY pack LIMIT 1", [], tuple[str])
    lost = town / "archive" / pack[:2] / f"{pack}.zip"
    kept = lost.read_bytes()
    lost.unlink()
    try:
        with pytest.raises(keepsakes.KeepsakeError, match=pack):
            back_up(town, tmp_path / "backup")
        with pytest.raises(keepsakes.KeepsakeError, match=pack):
            back_up(town, tmp_path / "backup.tar")
    finally:
        lost.write_bytes(kept)

    assert not (tmp_path / "backup" / keepsakes.MANIFEST).exists()
    assert not (tmp_path / "backup.tar").exists()


def test_a_folder_with_other_things_is_left_alone(town: pathlib.Path, tmp_path: pathlib.Path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_bytes(b"")

    with pytest.raises(keepsakes.KeepsakeError, match="wanted a new or empty folder"):
        back_up(town, tmp_path / "photos")
    with pytest.raises(keepsakes.KeepsakeError, match="wanted a folder that exists"):
        back_up(town, tmp_path / "no" / "such" / "folder")
    with pytest.raises(keepsakes.KeepsakeError, match="wanted a whole backup"):
        restore(tmp_path / "photos", town, replaces=True)
    with pytest.raises(keepsakes.KeepsakeError, match="wanted a backup"):
        restore(tmp_path / "missing.tar", town, replaces=True)


class Place:
    """An installation: a data folder and perhaps a database elsewhere."""

    def __init__(self, folder: pathlib.Path, url: str = "") -> None:
        self.folder = folder
        self.url = url

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SIGNALPOST_")},
            "SIGNALPOST_DATA_FOLDER": str(self.folder),
            **({"SIGNALPOST_DATABASE_URL": self.url} if self.url else {}),
        }
        command = [sys.executable, "-m", "signalpost", *words]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )

    def does(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr


def counts(place: Place) -> tuple[int, int]:
    """Facts and documents of an installation, as `verify` counts them; it fails when anything is missing."""
    first, second = place.does("verify").splitlines()
    assert "intact" in first
    return int(first.split()[1]), int(second.split()[1])


def test_the_commands_move_an_installation_to_an_embedded_database(town: pathlib.Path, tmp_path: pathlib.Path):
    target = tmp_path / "backup"
    old = Place(town, django_settings.SIGNALPOST_DATABASE_URL)
    new = Place(tmp_path / "new")
    said = old.does("backup", str(target))
    restored = new.does("restore", str(target))
    found = whole(town)

    assert f" packs, log head {found.head}" in said
    assert "check it with `signalpost verify`" in restored
    assert counts(new) == (found.facts, found.documents)
    assert "wanted an empty one, got tables" in new.refuses("restore", str(target))


@pytest.mark.peer("postgres15")
def test_the_commands_move_an_installation_through_the_oldest_postgresql(town: pathlib.Path, tmp_path: pathlib.Path):
    """Over TCP with a password: into it, and out of it again."""
    target, again = tmp_path / "backup", tmp_path / "again.tar"
    back_up(town, target)
    found = whole(town)
    with postgres15.start() as cluster:
        there = Place(tmp_path / "there", cluster.url)
        there.does("restore", str(target))
        there.does("backup", str(again))
        other = Place(tmp_path / "other", cluster.create_database("other"))
        other.does("restore", str(again))

        assert counts(other) == (found.facts, found.documents)
