"""The tables: made at the first start, updated after an update.

A new database gets them from `schema.sql`, a snapshot of what the migrations make, with their names in it; migrations
that came later are run on top. All migrations one by one take 23 s of processor time, most of it spent on rebuilding
Wagtail's models for each; the snapshot takes less than one. `scripts/schema` writes it, and a test compares it with
what the migrations make.

It refuses to touch a database that holds tables already: there only migrations run.
"""

import datetime as dt
import functools
import pathlib
import re
import subprocess
import uuid
from collections.abc import Iterator, Sequence

import django.apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, connections, migrations, transaction
from django.db.migrations import executor, loader, recorder

from signalpost.store import batch, embedded

SNAPSHOT = pathlib.Path(__file__).with_name("schema.sql")
#: Held while the tables are made or updated, so that two who start at once do not both.
_LOCK = "SELECT pg_advisory_lock(8320002)"
_UNLOCK = "SELECT pg_advisory_unlock(8320002)"
_IS_EMPTY = """
SELECT current_schema() = 'public' AND NOT EXISTS (
    SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S'))
"""
#: A migration in the snapshot, as pg_dump writes its row.
_APPLIED = re.compile(r"^\t?\(\d+, '([a-z0-9_]+)', '([a-z0-9_]+)', ", re.MULTILINE)
_APPLIED_ROWS = re.compile(r"INSERT INTO public\.django_migrations VALUES(.*?);\n", re.DOTALL)
_INSTANT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00'")
_UUID = re.compile(r"'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'")
#: What a session says about itself, and psql's own words: not understood by every version, and not needed.
_NOT_NEEDED = re.compile(r"--|\\|SET \w+ = [^;]*;$|SELECT pg_catalog\.set_config\(")
#: Stands for every instant in the snapshot; becomes the time at which it is loaded.
_SNAPSHOT_INSTANT = "'2000-01-01 00:00:00+00'"
_DUMP_SECONDS_MAX = 120


def make_ready() -> None:
    """Make the tables where there are none, update them where migrations are missing, and let every part fill its own.

    Raises:
        django.db.Error: the database refuses; nothing of the step that failed is left in it.
    """
    batch.fetch(_LOCK, [], tuple[str])
    try:
        if _is_empty() and _fits():
            load_snapshot(SNAPSHOT.read_text(encoding="utf-8"))
        if pending():
            call_command("migrate", verbosity=0)
        else:
            # What `migrate` does at its end: permissions, content types, and the roles of staff.
            emit_post_migrate_signal(verbosity=0, interactive=False, db="default", apps=django.apps.apps, plan=[])
    finally:
        batch.fetch(_UNLOCK, [], tuple[bool])


def pending() -> Sequence[str]:
    """Migrations that are not in the database, in the order in which they would run."""
    made = executor.MigrationExecutor(connections["default"])
    plan = made.migration_plan(made.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def is_current() -> bool:
    """Whether every migration of this program is in the database, from names alone: it builds no plan."""
    applied = set(recorder.MigrationRecorder(connections["default"]).applied_migrations())
    return all(
        key in applied or (migration.replaces and set(migration.replaces) <= applied)
        for key, migration in known().items()
    )


def applied() -> list[tuple[str, str]]:
    """Migrations in the database, by application and name."""
    return sorted(recorder.MigrationRecorder(connections["default"]).applied_migrations())


def names() -> frozenset[tuple[str, str]]:
    """Migrations of this program, and those that its own take the place of."""
    replaced = (tuple(key) for migration in known().values() for key in migration.replaces)
    return frozenset(known()) | {(app, name) for app, name in replaced}


@functools.cache
def known() -> dict[tuple[str, str], migrations.Migration]:
    """Every migration of this program, by application and name; read once a process."""
    found = loader.MigrationLoader(None, load=False)
    found.load_disk()
    return found.disk_migrations


def load_snapshot(text: str) -> None:
    """Make the tables of a snapshot in the current, empty database."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Functions speak of tables that come after them.
        cursor.execute("SET LOCAL check_function_bodies = off")
        now = dt.datetime.now(dt.UTC).isoformat(sep=" ")
        cursor.execute(text.replace(_SNAPSHOT_INSTANT, f"'{now}'"))


def run_migrations() -> None:
    """Run all migrations and nothing else, on an empty database: what a snapshot is made of."""
    made = executor.MigrationExecutor(connections["default"])
    made.migrate(made.loader.graph.leaf_nodes())


def snapshot(url: str) -> str:
    """What the migrations made in a database, as SQL that makes the same anywhere from PostgreSQL 15 on.

    Raises:
        RuntimeError: pg_dump failed; with its words.
    """
    dump = (embedded.program("pg_dump"), "--no-owner", "--no-privileges", "--rows-per-insert=1000", url)
    done = subprocess.run(dump, capture_output=True, text=True, timeout=_DUMP_SECONDS_MAX, check=False)  # noqa: S603 - our own
    if done.returncode != 0:
        raise RuntimeError(f"pg_dump ended with {done.returncode}: {done.stderr.strip()}")
    return "\n".join(_lines(done.stdout)) + "\n"


def _is_empty() -> bool:
    return batch.fetch(_IS_EMPTY, [], tuple[bool])[0][0]


def _fits() -> bool:
    """Whether this program knows every migration in the snapshot: its parts may be of other versions."""
    rows = _APPLIED_ROWS.search(SNAPSHOT.read_text(encoding="utf-8"))
    names = _APPLIED.findall(rows[1]) if rows else []
    return bool(names) and set(names) <= known().keys()


def _lines(dumped: str) -> Iterator[str]:
    seen: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        # Random in every database; the same here, so that two snapshots of the same tables are the same.
        return seen.setdefault(found[0], f"'{uuid.UUID(int=len(seen) + 1)}'")

    text = _UUID.sub(named, _INSTANT.sub(_SNAPSHOT_INSTANT, dumped))
    was_empty = True
    for line in text.splitlines():
        if _NOT_NEEDED.match(line) or (was_empty and not line):
            continue
        was_empty = not line
        yield line
