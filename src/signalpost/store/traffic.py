"""Traffic of all workers: how the providers of channels fare, and what is used up of rates, a few statements a batch.

A database that is away never makes a send fail: nothing is known of the providers then, so they are tried in their
order, and what has a rate is held back until the database can be asked again.
"""

import datetime as dt
import logging
import time
from collections.abc import Mapping, Sequence

import msgspec
from django import db
from django.db import transaction
from django.utils import timezone

from signalpost.flow import traffic as stage
from signalpost.store import batch
from signalpost.vocabulary import traffic

logger = logging.getLogger("signalpost.store.traffic")

#: Wait of what has a rate while the database cannot be asked.
AWAY_SECONDS = 1
#: Buckets are cleared of those that nobody used, this often by each process …
SWEEP_SECONDS = 3600.0
#: … and nobody used for so long.
UNUSED_SECONDS = 3600

_PROVIDERS = """
SELECT via, name, rank, failures, rests_until, failed_at, well_at, detail FROM provider ORDER BY via, rank, name
"""

_PROVIDERS_OF = """
SELECT via, name, rank, failures, rests_until, failed_at, well_at, detail FROM provider
WHERE via = %s AND name = ANY(%s)
"""

# One worker alone gets to probe a provider whose rest is over.
_PROBE = """
UPDATE provider SET rests_until = given.rests_until
FROM json_to_recordset(%s::json) AS given(via text, name text, rests_until timestamptz)
WHERE provider.via = given.via AND provider.name = given.name AND provider.failures > 0 AND provider.rests_until <= %s
RETURNING provider.name
"""

_NOTE = """
INSERT INTO provider (via, name, rank, failures, rests_until, failed_at, well_at, detail)
SELECT via, name, rank, failures, rests_until, failed_at, well_at, detail
FROM json_to_recordset(%s::json) AS given(via text, name text, rank int, failures int, rests_until timestamptz,
    failed_at timestamptz, well_at timestamptz, detail text)
ON CONFLICT (via, name) DO UPDATE SET rank = excluded.rank, failures = excluded.failures,
    rests_until = excluded.rests_until, failed_at = excluded.failed_at, well_at = excluded.well_at,
    detail = excluded.detail
"""

# Buckets that are not there yet, so that all can be locked.
_ADD = """
INSERT INTO bucket (name, free_at, promised_until, slowness)
SELECT name, %s, %s, 0 FROM unnest(%s::text[]) AS given(name) ORDER BY name ON CONFLICT (name) DO NOTHING
"""

_ANY = "SELECT EXISTS (SELECT FROM bucket WHERE name = ANY(%s))"

# Locked in one order, so that two batches cannot wait for each other.
_LOCKED = """
SELECT name, free_at, promised_until, slowness, slowed_at FROM bucket WHERE name = ANY(%s) ORDER BY name FOR UPDATE
"""

_SAVE = """
UPDATE bucket SET free_at = given.free_at, promised_until = given.promised_until, slowness = given.slowness,
                  slowed_at = given.slowed_at
FROM json_to_recordset(%s::json) AS given(name text, free_at timestamptz, promised_until timestamptz, slowness int,
    slowed_at timestamptz)
WHERE bucket.name = given.name
"""

_SWEEP = "DELETE FROM bucket WHERE GREATEST(free_at, promised_until, slowed_at) < %s"


class Traffic:
    """What channels are given (`channels.traffic.Traffic`): shared over the database with all other workers."""

    def __init__(self) -> None:
        """Prepare; nothing is asked yet."""
        self._swept_at = time.monotonic()

    def providers(self, via: str, names: Sequence[str]) -> Sequence[traffic.Provider]:
        """The providers of a channel in the order in which to try them now."""
        now = timezone.now()
        try:
            found = {one.name: one for one in batch.fetch(_PROVIDERS_OF, [via, list(names)], traffic.Provider)}
            known = [_ranked(found.get(name), via, name, rank) for rank, name in enumerate(names)]
            probes = stage.to_probe(known, now=now)
            mine = _claimed(probes, now=now)
        except (db.OperationalError, db.InterfaceError) as error:
            _away(error)
            return [traffic.Provider(via=via, name=name, rank=rank) for rank, name in enumerate(names)]
        others = {probe.name: probe for probe in probes if probe.name not in mine}
        return stage.ordered([others.get(one.name, one) for one in known], now=now)

    def note(self, provider: traffic.Provider, *, problem: str) -> None:
        """Take down that a provider answered, or could not take a batch at all."""
        now = timezone.now()
        after = stage.failed(provider, problem, now=now) if problem else stage.well(provider, now=now)
        if after == provider:
            return
        if bool(after.failures) != bool(provider.failures):
            told = f"does not take messages: {problem}" if problem else "takes messages again"
            logger.warning("channel %s: provider %s %s", provider.via, provider.name, told)
        try:
            batch.run(_NOTE, [batch.encode([after])])
        except (db.OperationalError, db.InterfaceError) as error:
            _away(error)

    def take(self, wanted: Sequence[traffic.Wanted]) -> Mapping[str, traffic.Share]:
        """Take shares and say by bucket how many messages may go now."""
        try:
            return self._taken(wanted)
        except (db.OperationalError, db.InterfaceError) as error:
            _away(error)
            return {one.bucket: _while_away(one) for one in wanted}

    def slow_down(self, buckets: Sequence[str]) -> None:
        """Take down that peers asked for a slower pace."""
        now = timezone.now()
        logger.warning("slower pace wanted for %s", ", ".join(buckets))
        try:
            with transaction.atomic():
                batch.run(_ADD, [now, now, list(buckets)])
                known = batch.fetch(_LOCKED, [list(buckets)], traffic.Bucket)
                batch.run(_SAVE, [batch.encode([stage.slowed(bucket, now=now) for bucket in known])])
        except (db.OperationalError, db.InterfaceError) as error:
            _away(error)

    def _taken(self, wanted: Sequence[traffic.Wanted]) -> Mapping[str, traffic.Share]:
        names = [one.bucket for one in wanted]
        rated = [one.bucket for one in wanted if one.per_second]
        shares = {one.bucket: traffic.Share(granted=one.count) for one in wanted}
        # Of those without a rate there is a row while their peer wants them slower.
        if not rated and not batch.fetch(_ANY, [names], tuple[bool])[0][0]:
            return shares
        with transaction.atomic():
            now = timezone.now()
            if rated:
                batch.run(_ADD, [now, now, rated])
            known = {one.name: one for one in batch.fetch(_LOCKED, [names], traffic.Bucket)}
            # Whoever waited for the lock goes by the time at which it was had.
            now = timezone.now()
            taken: list[traffic.Bucket] = []
            for one in wanted:
                if one.bucket in known:
                    bucket, shares[one.bucket] = stage.take(known[one.bucket], one, now=now)
                    taken.append(bucket)
            if taken:
                batch.run(_SAVE, [batch.encode(taken)])
            self._sweep(now)
        return shares

    def _sweep(self, now: dt.datetime) -> None:
        if time.monotonic() - self._swept_at > SWEEP_SECONDS:
            self._swept_at = time.monotonic()
            batch.run(_SWEEP, [now - dt.timedelta(seconds=UNUSED_SECONDS)])


def providers() -> list[traffic.Provider]:
    """Every provider that was ever used, by channel and in its order: for metrics and the console."""
    return batch.fetch(_PROVIDERS, [], traffic.Provider)


def _claimed(probes: Sequence[traffic.Provider], *, now: dt.datetime) -> set[str]:
    """Names of those that this worker probes."""
    if not probes:
        return set()
    return {name for (name,) in batch.fetch(_PROBE, [batch.encode(probes), now], tuple[str])}


def _ranked(found: traffic.Provider | None, via: str, name: str, rank: int) -> traffic.Provider:
    """As it is known, at the place that the settings give it now."""
    if found is None:
        return traffic.Provider(via=via, name=name, rank=rank)
    return msgspec.structs.replace(found, rank=rank)


def _while_away(wanted: traffic.Wanted) -> traffic.Share:
    if not wanted.per_second:
        return traffic.Share(granted=wanted.count)
    return traffic.Share(granted=0, waits_seconds=(AWAY_SECONDS,) * wanted.count)


def _away(error: db.Error) -> None:
    logger.warning("traffic is not shared, the database is away: %s", type(error).__name__)
    db.connection.close()
