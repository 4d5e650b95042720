"""Pauses of lanes and channels."""

import datetime as dt

from signalpost.store import batch


def paused() -> frozenset[str]:
    """Names of everything that is paused: `lane:bulk`, `channel:smtp`."""
    return frozenset(name for (name,) in batch.fetch("SELECT name FROM switch", [], tuple[str]))


def pause(name: str, *, by: str, reason: str, now: dt.datetime) -> None:
    """Pause a lane or channel; pausing it again changes nothing."""
    batch.run(
        """
        INSERT INTO switch (name, paused_by, paused_at, reason) VALUES (%s, %s, %s, %s) ON CONFLICT (name) DO NOTHING
        """,
        [name, by, now, reason],
    )


def resume(name: str) -> bool:
    """Let it go on; whether it was paused."""
    return batch.run("DELETE FROM switch WHERE name = %s", [name]) > 0
