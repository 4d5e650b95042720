"""How batches travel to PostgreSQL: one JSON parameter, one statement, however many rows.

Statements read their rows with `json_to_recordset`, so that a thousand rows cost one round trip and keep `ON CONFLICT`
and `RETURNING`, which COPY has not. Where neither is needed, many rows are copied: a third of the time on both sides.
"""

import hashlib
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString, TypeVar, cast, get_origin

import msgspec
import psycopg
from django.db import connection

_T = TypeVar("_T")

_encoder = msgspec.json.Encoder()


def encode(rows: Sequence[object]) -> str:
    """Rows (records or dictionaries) as the JSON text that `json_to_recordset` reads."""
    return _encoder.encode(rows).decode()


def fetch(sql: LiteralString, parameters: Sequence[object] | Mapping[str, object], of: type[_T]) -> list[_T]:
    """Run a query and return its rows as `of`: a typed tuple by position, or a record by column name.

    Parameters are given in their order (`%s`), or by name (`%(name)s`).

    Raises:
        msgspec.ValidationError: a row is not of that type; the query and the record disagree.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, cast("Sequence[Any] | Mapping[str, Any]", parameters))
        rows: list[tuple[object, ...]] = cursor.fetchall()
        if get_origin(of) is not tuple:
            names = [column.name for column in cursor.description or ()]
            return msgspec.convert([dict(zip(names, row, strict=True)) for row in rows], _list_of(of))
        return msgspec.convert(rows, _list_of(of))


def fetch_fewer(sql: LiteralString, parameters: Sequence[object], of: type[_T], *, than: int) -> list[_T] | None:
    """Run a query and return its rows as tuples; `None` when there are as many as `than`, which are then not read."""
    with connection.cursor() as cursor:
        cursor.execute(sql, cast("Sequence[Any]", parameters))
        return None if cursor.rowcount == than else msgspec.convert(cursor.fetchall(), _list_of(of))


def run(sql: LiteralString, parameters: Sequence[object] | Mapping[str, object] = ()) -> int:
    """Run a statement and return how many rows it touched; parameters as for `fetch`."""
    with connection.cursor() as cursor:
        cursor.execute(sql, cast("Sequence[Any] | Mapping[str, Any]", parameters))
        return cursor.rowcount


def copy(sql: LiteralString, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows by a `COPY … FROM STDIN (FORMAT binary)`; `columns` are the types of what is in a row."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # Django's cursor has no `copy`: psycopg's, which it wraps, has.
        opened = cast("psycopg.Cursor[object]", cursor.cursor)
        with opened.copy(sql) as copying:
            copying.set_types(columns)
            for row in rows:
                copying.write_row(row)


def lock(name: str) -> None:
    """Hold an advisory lock until the transaction ends; it dies with the connection, so a kill frees it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    run("SELECT pg_advisory_xact_lock(%s)", [number])


def try_lock(name: str) -> bool:
    """Like `lock`, but says at once whether the lock could be had."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    return fetch("SELECT pg_try_advisory_xact_lock(%s)", [number], tuple[bool])[0][0]


def _list_of(of: type[_T]) -> type[list[_T]]:
    return cast("type[list[_T]]", types.GenericAlias(list, (of,)))
