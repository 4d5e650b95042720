"""Whether the system is well, from the database and the data folder alone. Quick: each check is one look."""

import enum
import os
import pathlib
import shutil

import msgspec
from django import db

from signalpost.store import batch, schema

#: A worker that gave no sign of life for so long is gone.
HEARTBEAT_SECONDS = 15
#: With less than this left a folder is about to be full.
FREE_BYTES_LEAST = 256 * 1024 * 1024
_WORKERS = """
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)
"""


class State(enum.StrEnum):
    """How well something is."""

    OK = "ok"
    #: It works, and somebody should look.
    WARN = "warn"
    #: It does not work.
    FAIL = "fail"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what was found."""

    name: str
    state: State
    #: What it means; no address, no name, no secret.
    detail: str = ""


def ready(data_folder: pathlib.Path) -> list[Check]:
    """What must be well for this process to answer: database, tables, storage; and whether anybody works."""
    checks = [storage(data_folder)]
    try:
        checks += [_database(), tables(), _workers()]
    except db.Error as error:
        checks.append(Check(name="database", state=State.FAIL, detail=type(error).__name__))
    return checks


def storage(folder: pathlib.Path) -> Check:
    """Whether documents can be stored."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check(name="storage", state=State.FAIL, detail="the data folder cannot be written to")
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_LEAST:
        return Check(name="storage", state=State.FAIL, detail=f"{free // 1024 // 1024} MB are free")
    return Check(name="storage", state=State.OK)


def tables() -> Check:
    """Whether the tables are those of this program."""
    if not schema.is_current():
        return Check(name="tables", state=State.FAIL, detail="migrations are missing: signalpost migrate")
    return Check(name="tables", state=State.OK)


def _database() -> Check:
    batch.fetch("SELECT 1", [], tuple[int])
    return Check(name="database", state=State.OK)


def _workers() -> Check:
    """A warning, not a failure: what comes in is stored and answered, whether somebody works on it yet or not."""
    ((count,),) = batch.fetch(_WORKERS, [HEARTBEAT_SECONDS], tuple[int])
    if not count:
        return Check(name="workers", state=State.WARN, detail="no worker gives a sign of life: signalpost work")
    return Check(name="workers", state=State.OK, detail=f"{count} at work")
