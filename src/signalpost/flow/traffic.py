"""Traffic towards peers: which provider of a channel comes first, and how many messages may go now.

A provider that could not be reached rests, longer each time, and the next one takes over; after the rest one batch
probes it. What is above a rate comes back when its turn is (generic cell rate algorithm: one instant per bucket). A
peer that asks for a slower pace gets half of it, and the old one back step by step.
"""

import datetime as dt
import math
from collections.abc import Sequence

import msgspec

from signalpost.vocabulary import traffic

#: Rest after the first, second … failure in a row; the last one is repeated.
REST_SECONDS = (15, 30, 60, 120, 300)
#: For so long one worker alone probes a provider; then its word is not waited for any more.
PROBE_SECONDS = 60
#: That a provider is well is written down this often.
WELL_SECONDS = 30

#: What a bucket gives at once after a pause, in seconds of its rate; at least one message. No more: SMS centres count
#: by the second, and what a second leaves unused is not made up for.
BURST_SECONDS = 1.0
#: What was turned away comes back after so long at the latest, and takes its chance again.
LONGEST_WAIT_SECONDS = 3600
#: A halved pace lasts so long, then it doubles once every so long.
SLOW_SECONDS = 60
#: Answers within so short a time are one wish: those of one batch, those to all workers.
SAME_WISH_SECONDS = 1
#: The pace is halved so often at most.
SLOWEST = 6
#: What an unbounded pace is halved from: what most SMS centres let an account send.
UNBOUNDED_PER_SECOND = 100.0

#: Room is counted with so much tolerance: instants have microseconds, intervals have not.
_TOLERANCE = 1e-6


def ordered(known: Sequence[traffic.Provider], *, now: dt.datetime) -> list[traffic.Provider]:
    """The providers of a channel in the order in which to try them; those that rest come last, for want of others."""
    return sorted(known, key=lambda provider: (_rests(provider, now), provider.rank))


def to_probe(known: Sequence[traffic.Provider], *, now: dt.datetime) -> list[traffic.Provider]:
    """Those whose rest is over and that come before the first one that is well, as they are while one worker probes."""
    first_well = min((provider.rank for provider in known if not provider.failures), default=len(known))
    return [
        msgspec.structs.replace(provider, rests_until=now + dt.timedelta(seconds=PROBE_SECONDS))
        for provider in known
        if provider.failures and not _rests(provider, now) and provider.rank < first_well
    ]


def failed(provider: traffic.Provider, detail: str, *, now: dt.datetime) -> traffic.Provider:
    """A provider that could take nothing of a batch."""
    rest = REST_SECONDS[min(provider.failures, len(REST_SECONDS) - 1)]
    return msgspec.structs.replace(
        provider,
        failures=provider.failures + 1,
        rests_until=now + dt.timedelta(seconds=rest),
        failed_at=now,
        detail=detail,
    )


def well(provider: traffic.Provider, *, now: dt.datetime) -> traffic.Provider:
    """A provider that answered; unchanged when that is known already."""
    is_known = (
        not provider.failures
        and provider.well_at is not None
        and now - provider.well_at < dt.timedelta(seconds=WELL_SECONDS)
    )
    if is_known:
        return provider
    return msgspec.structs.replace(provider, failures=0, rests_until=None, well_at=now, detail="")


def fresh(name: str, *, now: dt.datetime) -> traffic.Bucket:
    """A bucket of which nothing is used."""
    return traffic.Bucket(name=name, free_at=now, promised_until=now)


def take(bucket: traffic.Bucket, wanted: traffic.Wanted, *, now: dt.datetime) -> tuple[traffic.Bucket, traffic.Share]:
    """Let as many messages go as there is room for.

    Returns:
        The bucket afterwards, and the share: how many go, and when each of the others may come back. Those turned
        away are told instants one after the other, those of later batches behind them.
    """
    per_second = pace(bucket, wanted.per_second, now=now)
    if not per_second:
        return bucket, traffic.Share(granted=wanted.count)
    interval = 1 / per_second
    slack = max(BURST_SECONDS, interval) - interval
    ahead = max((bucket.free_at - now).total_seconds(), 0.0)
    room = math.floor((slack - ahead) / interval + 1 + _TOLERANCE)
    granted = min(max(room, 0), wanted.count)
    ahead += granted * interval
    turned_away = wanted.count - granted
    promised = (bucket.promised_until - now).total_seconds()
    first = max(ahead - slack, 0.0 if wanted.is_urgent else promised)
    waits = tuple(_wait_seconds(first + place * interval) for place in range(turned_away))
    if not wanted.is_urgent and turned_away:
        promised = min(first + turned_away * interval, LONGEST_WAIT_SECONDS)
    taken = msgspec.structs.replace(
        bucket, free_at=now + dt.timedelta(seconds=ahead), promised_until=now + dt.timedelta(seconds=max(promised, 0.0))
    )
    return taken, traffic.Share(granted=granted, waits_seconds=waits)


def pace(bucket: traffic.Bucket, per_second: float, *, now: dt.datetime) -> float:
    """Messages a second that a bucket gives now; 0 is unbounded."""
    slowness = _slowness(bucket, now)
    return (per_second or UNBOUNDED_PER_SECOND) / 2**slowness if slowness else per_second


def slowed(bucket: traffic.Bucket, *, now: dt.datetime) -> traffic.Bucket:
    """A bucket whose peer asked for a slower pace; unchanged when it asked just now."""
    if bucket.slowed_at is not None and now - bucket.slowed_at < dt.timedelta(seconds=SAME_WISH_SECONDS):
        return bucket
    return msgspec.structs.replace(bucket, slowness=min(_slowness(bucket, now) + 1, SLOWEST), slowed_at=now)


def _slowness(bucket: traffic.Bucket, now: dt.datetime) -> int:
    if bucket.slowed_at is None:
        return 0
    recovered = (now - bucket.slowed_at) // dt.timedelta(seconds=SLOW_SECONDS)
    return min(max(bucket.slowness - recovered, 0), SLOWEST)


def _rests(provider: traffic.Provider, now: dt.datetime) -> bool:
    return provider.failures > 0 and provider.rests_until is not None and now < provider.rests_until


def _wait_seconds(seconds: float) -> int:
    return max(min(math.ceil(seconds - _TOLERANCE), LONGEST_WAIT_SECONDS), 1)
