"""Quiet hours across time zones and clock changes. `choose` asks for the first step, `deliver` for every other."""

import datetime as dt
import functools
import zoneinfo

from signalpost.vocabulary import parties

#: The IANA database has about 600 names; `zoneinfo` itself keeps only 8 of them for long.
ZONE_CACHE_ENTRIES = 1024

_DAY = dt.timedelta(days=1)


@functools.lru_cache(maxsize=ZONE_CACHE_ENTRIES)
def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The time zone of that IANA name, `None` when there is none."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # LookupError: unknown; ValueError: "", absolute or `..`; OSError: the name of a folder, "Europe".
        return None


def ends_at(hours: parties.QuietHours, time_zone: zoneinfo.ZoneInfo, *, at: dt.datetime) -> dt.datetime | None:
    """When the quiet time that holds at an instant is over: the first instant, in UTC, at or after its end.

    Quiet time is read off the wall clock. Once begun it lasts to its end even when the clock is put back meanwhile. An
    end that the clock skips (PEP 495, "gap") is the instant of the skip; one that it shows twice ("fold") is the first
    of the two that is still to come.

    Returns:
        `None` when it is not quiet at that instant.
    """
    wall = at.astimezone(time_zone).replace(tzinfo=None, fold=0)
    clock = wall.time()
    ends_on = wall.date()
    if hours.start <= hours.end:
        if not hours.start <= clock < hours.end:
            return None
    elif clock >= hours.start:
        ends_on += _DAY
    elif clock >= hours.end:
        return None
    end = _first_instant(dt.datetime.combine(ends_on, hours.end), time_zone, after=at)
    # A skip may lead from one quiet time into the next: Samoa skipped the whole of 30 December 2011.
    return ends_at(hours, time_zone, at=end) or end


def _first_instant(wall: dt.datetime, time_zone: zoneinfo.ZoneInfo, *, after: dt.datetime) -> dt.datetime:
    first = wall.replace(tzinfo=time_zone, fold=0).astimezone(dt.UTC)
    second = wall.replace(tzinfo=time_zone, fold=1).astimezone(dt.UTC)
    if first <= second:
        return first if first >= after else second
    # In a gap the two readings lie on either side of the skip, `second` before it (PEP 495). Skips happen on whole
    # seconds and are at most a day long, so this ends after 17 halvings.
    before, beyond = int(second.timestamp()), int(first.timestamp())
    while beyond - before > 1:
        middle = (before + beyond) // 2
        if dt.datetime.fromtimestamp(middle, time_zone).replace(tzinfo=None) >= wall:
            beyond = middle
        else:
            before = middle
    return dt.datetime.fromtimestamp(beyond, dt.UTC)
