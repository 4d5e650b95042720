"""When a channel that gathers closes its batch: the due time of a letter."""

import datetime as dt
import zoneinfo

from signalpost.vocabulary import deliveries

#: Days looked ahead for the next closing time; a daylight-saving gap can swallow one.
LOOK_AHEAD_DAYS = 3


def gathers(profile: deliveries.Profile) -> bool:
    """Whether the channel sends in batches at closing times, not as it comes."""
    return bool(profile.closes_at) or profile.closes_every_seconds > 0


def first_due(profile: deliveries.Profile, not_before: dt.datetime) -> dt.datetime:
    """The first moment at or after `not_before` at which the channel takes a delivery."""
    if profile.closes_every_seconds > 0:
        step = profile.closes_every_seconds
        seconds = not_before.timestamp()
        return dt.datetime.fromtimestamp(-(-seconds // step) * step, tz=dt.UTC)
    if not profile.closes_at:
        return not_before
    zone = zoneinfo.ZoneInfo(profile.time_zone)
    today = not_before.astimezone(zone).date()
    closings = [
        dt.datetime.combine(today + dt.timedelta(days=days), at, tzinfo=zone).astimezone(dt.UTC)
        for days in range(LOOK_AHEAD_DAYS)
        for at in sorted(profile.closes_at)
    ]
    return min(closing for closing in closings if closing >= not_before)
