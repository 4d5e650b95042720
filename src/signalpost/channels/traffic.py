"""What the channels of all workers know together of their peers: which providers rest, and how much may go now.

`Traffic` is what a channel is given; the workers share one over the database (`store.traffic`). `Alone` keeps it in
memory: for one process on its own, for trials and tests.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from signalpost.flow import traffic as stage
from signalpost.vocabulary import traffic


class Traffic(Protocol):
    """Asked once per batch, never per message."""

    def providers(self, via: str, names: Sequence[str]) -> Sequence[traffic.Provider]:
        """The providers of a channel, given in their configured order, in the order in which to try them now.

        One whose rest is over stands in front for one worker alone: the one that probes it.
        """
        ...

    def note(self, provider: traffic.Provider, *, problem: str) -> None:
        """Take down that a provider answered ("") or could not take a batch at all, and why."""
        ...

    def take(self, wanted: Sequence[traffic.Wanted]) -> Mapping[str, traffic.Share]:
        """Take shares, at most one a bucket, and say by bucket how many messages may go now."""
        ...

    def slow_down(self, buckets: Sequence[str]) -> None:
        """Take down that peers asked for a slower pace."""
        ...


class Alone:
    """Traffic of one process."""

    def __init__(self, *, clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        """Know nothing yet."""
        self._clock = clock
        self.known: dict[tuple[str, str], traffic.Provider] = {}
        self.buckets: dict[str, traffic.Bucket] = {}

    def providers(self, via: str, names: Sequence[str]) -> Sequence[traffic.Provider]:
        """As `Traffic`."""
        now = self._clock()
        known = [
            self.known.setdefault((via, name), traffic.Provider(via=via, name=name, rank=rank))
            for rank, name in enumerate(names)
        ]
        for probed in stage.to_probe(known, now=now):
            self.known[via, probed.name] = probed
        return stage.ordered(known, now=now)

    def note(self, provider: traffic.Provider, *, problem: str) -> None:
        """As `Traffic`."""
        now = self._clock()
        after = stage.failed(provider, problem, now=now) if problem else stage.well(provider, now=now)
        self.known[provider.via, provider.name] = after

    def take(self, wanted: Sequence[traffic.Wanted]) -> Mapping[str, traffic.Share]:
        """As `Traffic`."""
        now = self._clock()
        shares: dict[str, traffic.Share] = {}
        for one in wanted:
            bucket = self.buckets.get(one.bucket)
            if bucket is None and not one.per_second:
                shares[one.bucket] = traffic.Share(granted=one.count)
                continue
            self.buckets[one.bucket], shares[one.bucket] = stage.take(
                bucket or stage.fresh(one.bucket, now=now), one, now=now
            )
        return shares

    def slow_down(self, buckets: Sequence[str]) -> None:
        """As `Traffic`."""
        now = self._clock()
        for name in buckets:
            self.buckets[name] = stage.slowed(self.buckets.get(name) or stage.fresh(name, now=now), now=now)
