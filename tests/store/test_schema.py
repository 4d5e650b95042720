"""The snapshot of the tables: what it makes is what the migrations make, and it is taken only where it fits."""

import contextlib
import os
import pathlib
import subprocess
import sys
from collections.abc import Generator, Iterator

import psycopg
import pytest
from psycopg import sql

from signalpost import settings, wiring
from signalpost.store import embedded

#: What pg_dump's text is cleaned of for the snapshot must not have been part of a function.
FUNCTIONS = "SELECT proname, md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2"


@contextlib.contextmanager
def in_database(url: str, name: str) -> Generator[str]:
    """Django's connection on a new, empty database of this name."""
    from django.db import connection  # noqa: PLC0415 - after the set-up

    kept = dict(connection.settings_dict)
    own = url.replace("/signalpost?", f"/{name}?")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    connection.close()
    connection.settings_dict.update(wiring.database(own))
    try:
        yield own
    finally:
        connection.close()
        connection.settings_dict.update(kept)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def server(configured: settings.Settings, tmp_path: pathlib.Path) -> Iterator[str]:
    """A server of the version that the snapshot is made with."""
    del configured
    with embedded.attach(tmp_path / "postgres") as attachment:
        yield attachment.url


def functions(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(FUNCTIONS).fetchall()


def test_the_snapshot_makes_what_the_migrations_make(server: str):
    from signalpost.store import schema  # noqa: PLC0415

    kept = schema.SNAPSHOT.read_text(encoding="utf-8")
    with in_database(server, "by_migrations") as url:
        schema.run_migrations()
        by_migrations = schema.snapshot(url)
        functions_by_migrations = functions(url)
    # PostgreSQL writes some expressions in another way when it has read its own writing: once more through it.
    with in_database(server, "by_snapshot") as url:
        schema.load_snapshot(by_migrations)
        pending = schema.pending()
        by_snapshot = schema.snapshot(url)
        functions_by_snapshot = functions(url)

    assert pending == []
    assert kept.splitlines() == by_snapshot.splitlines(), "the migrations make something else: run `make schema`"
    assert functions_by_snapshot == functions_by_migrations


def test_a_new_database_is_made_ready_once_and_again_changes_nothing(server: str):
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    from signalpost.store import schema  # noqa: PLC0415

    with in_database(server, "new"):
        before = schema.is_current()
        schema.make_ready()
        permissions = Permission.objects.count()
        schema.make_ready()

        assert not before
        assert schema.is_current()
        assert schema.pending() == []
        assert Permission.objects.filter(codename="access_admin").count() == 1
        assert Permission.objects.count() == permissions


def test_later_migrations_run_on_top_of_the_snapshot(server: str):
    from signalpost.store import batch, schema  # noqa: PLC0415

    with in_database(server, "older"):
        schema.load_snapshot(schema.SNAPSHOT.read_text(encoding="utf-8"))
        # As if the snapshot had been taken before these migrations.
        batch.run("DROP TABLE mfa_authenticator")
        batch.run("DELETE FROM django_migrations WHERE app = 'mfa'")
        missing = schema.pending()
        was_current = schema.is_current()
        schema.make_ready()

        assert {name.partition(".")[0] for name in missing} == {"mfa"}
        assert not was_current
        assert schema.is_current()
        assert batch.fetch("SELECT count(*) FROM mfa_authenticator", [], tuple[int]) == [(0,)]


def test_two_who_start_at_once_make_the_tables_once(server: str, tmp_path: pathlib.Path):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SIGNALPOST_")},
        "SIGNALPOST_DATABASE_URL": server,
        "SIGNALPOST_DATA_FOLDER": str(tmp_path / "data"),
    }
    command = [sys.executable, "-m", "signalpost", "migrate"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    outputs = [process.communicate(timeout=150)[0] for process in both]

    assert outputs == ["database: ready\n"] * 2
    assert [process.returncode for process in both] == [0, 0]
