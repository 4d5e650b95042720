"""The database as a file, and back: pg_dump and psql, on the connection that the settings name.

PostgreSQL's programs come with the package of the embedded server; they speak no TLS, so for a database that is reached
with it those of the system are taken. Passwords reach them through the environment, never through arguments, which
every user of a machine may read.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Mapping, Sequence
from typing import cast

import msgspec
import psycopg.conninfo
from django.db import connections, transaction

from signalpost.store import batch, embedded

_EXPORT = "SELECT pg_export_snapshot()"
_PACKS = "SELECT DISTINCT pack FROM document WHERE pack <> '' ORDER BY pack"
_HEAD = "SELECT digest FROM log_fact WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1"
_SIZE = "SELECT pg_database_size(current_database())"
_IS_EMPTY = """
SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v'))
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
#: Words of a program of PostgreSQL's that are shown when it fails.
WORDS_SHOWN = 600
#: Sent before a dump that takes the place of what is there: in the same transaction, so that it is all or nothing.
_REPLACE = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
#: Statements of a dump that only some servers understand, and nothing is lost without: a setting of PostgreSQL 18, and
#: the counter that minor releases of 2026 keep with altered columns.
_OF_SOME_SERVERS = re.compile(
    rb"SET transaction_timeout = \d+;\n|ALTER TABLE ONLY [^;]+ ALTER COLUMN [^;]+ SET \(pg_attver=\d+\);\n"
)
#: How the first table's rows begin: from there on nothing is looked at.
_ROWS = b"COPY "
_COPIED_BYTES = 1024 * 1024


class DumpError(Exception):
    """The database cannot be written to a file, or read from one; says what to do."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """The database at one moment, while the transaction that holds it is open."""

    #: PostgreSQL's name for it.
    name: str
    #: Packs of the archive that its rows refer to.
    packs: Sequence[str]
    #: Digest of the last seal of the log, "" for an empty one.
    head: str
    bytes: int


@contextlib.contextmanager
def moment() -> Generator[Moment]:
    """Hold the database as it is now, whatever others write meanwhile."""
    with transaction.atomic():
        batch.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        ((name,),) = batch.fetch(_EXPORT, [], tuple[str])
        heads = batch.fetch(_HEAD, [], tuple[str])
        yield Moment(
            name=name,
            packs=[pack for (pack,) in batch.fetch(_PACKS, [], tuple[str])],
            head=heads[0][0] if heads else "",
            bytes=batch.fetch(_SIZE, [], tuple[int])[0][0],
        )


def dump(to: pathlib.Path, *, at: Moment) -> None:
    """Write the database at a moment to a file.

    Raises:
        DumpError: it cannot be; with the program's words.
    """
    name, environment = _reached()
    command = [
        _program("pg_dump"),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={at.name}",
        f"--file={to}",
        f"--dbname={name}",
    ]
    _run(command, environment)


def restore(source: pathlib.Path, *, replaces: bool) -> None:
    """Read a dump into the database, in one transaction.

    Raises:
        DumpError: it cannot be read; the database is as it was.
    """
    name, environment = _reached()
    reading = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    writing = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as words:
        with (
            subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=words, env=environment) as reader,  # noqa: S603 - PostgreSQL's own
            subprocess.Popen(  # noqa: S603 - the same
                [*writing, f"--dbname={name}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=words,
                env=environment,
            ) as writer,
        ):
            _feed(reader, writer, before=_REPLACE if replaces else b"")
        words.seek(0)
        said = words.read().decode(errors="replace").strip()
    if reader.returncode != 0 or writer.returncode != 0:
        raise DumpError(f"{str(source)!r} cannot be restored: {said[:WORDS_SHOWN]}")


def _feed(reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]", *, before: bytes) -> None:
    """Give what one writes to the other, which commits at the end: so only where the first came to its end."""
    if reader.stdout is None or writer.stdin is None:
        raise TypeError("dump: wanted pipes, got none")
    with contextlib.suppress(BrokenPipeError):
        writer.stdin.write(before)
        for line in reader.stdout:
            if not _OF_SOME_SERVERS.fullmatch(line):
                writer.stdin.write(line)
            if line.startswith(_ROWS):
                break
        shutil.copyfileobj(reader.stdout, writer.stdin, _COPIED_BYTES)
    reader.stdout.close()
    if reader.wait() != 0:
        writer.kill()
    with contextlib.suppress(BrokenPipeError):
        writer.stdin.close()


def is_empty() -> bool:
    """Whether the database holds no table."""
    return batch.fetch(_IS_EMPTY, [], tuple[bool])[0][0]


def others() -> int:
    """How many other connections the database has."""
    return batch.fetch(_OTHERS, [], tuple[int])[0][0]


def _reached() -> tuple[str, Mapping[str, str]]:
    """The database as libpq's programs are told of it, and their environment with the password."""
    given = cast("dict[str, object]", connections["default"].get_connection_params())
    known = {key: str(value) for key, value in given.items() if isinstance(value, str | int) and value != ""}
    password = known.pop("password", "")
    own = {key: value for key, value in known.items() if key in _LIBPQ}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "SIGNALPOST_"))}
    return psycopg.conninfo.make_conninfo(**own), environment | ({"PGPASSWORD": password} if password else {})


_LIBPQ = frozenset(
    {"host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "options"}
)


def _program(name: str) -> str:
    connection = connections["default"]
    connection.ensure_connection()
    if not connection.connection.pgconn.ssl_in_use:
        return str(embedded.program(name))
    found = shutil.which(name)
    if found is None:
        raise DumpError(
            f"{name}: the database is reached with TLS, which the programs of the package do not speak; "
            f"install the client programs of the system (Debian: postgresql-client)"
        )
    return found


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    if done.returncode != 0:
        program = pathlib.Path(command[0]).name
        raise DumpError(f"{program} ended with {done.returncode}: {done.stderr.strip()[-WORDS_SHOWN:]}")
