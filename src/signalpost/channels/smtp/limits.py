"""How many messages a recipient domain gets: what is above its share waits, with a time for each to come back."""

import collections
import math
import time
from collections.abc import Callable

#: What a domain may get at once after a pause, in seconds of its rate; at least one message.
BURST_SECONDS = 1.0
#: Domains remembered; beyond that those are forgotten that have their full share anyway.
DOMAIN_LIMIT = 10_000


class DomainLimit:
    """Rate per recipient domain in this process (generic cell rate algorithm: one instant per domain)."""

    def __init__(self, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `per_second` messages to each domain; 0 is unbounded. `clock` gives monotonic seconds."""
        self._interval_seconds = 1 / per_second if per_second else 0.0
        self._slack_seconds = max(BURST_SECONDS, self._interval_seconds) - self._interval_seconds
        self._clock = clock
        #: When the next message of a domain is due at its steady rate.
        self._due_by_domain: dict[str, float] = {}
        self._turned_away: collections.Counter[str] = collections.Counter()

    def start_batch(self) -> None:
        """Begin a batch: messages turned away from here on get instants one after the other."""
        self._turned_away.clear()
        if len(self._due_by_domain) > DOMAIN_LIMIT:
            now = self._clock()
            self._due_by_domain = {domain: due for domain, due in self._due_by_domain.items() if due > now}

    def wait_seconds(self, domain: str) -> int | None:
        """Give None and count the message when it may go now, else in how many seconds it may."""
        if not self._interval_seconds:
            return None
        now = self._clock()
        due = max(self._due_by_domain.get(domain, now), now)
        if due - now <= self._slack_seconds and not self._turned_away[domain]:
            self._due_by_domain[domain] = due + self._interval_seconds
            return None
        wait = due - now - self._slack_seconds + self._turned_away[domain] * self._interval_seconds
        self._turned_away[domain] += 1
        return max(math.ceil(wait), 1)
