"""How often one client may call: a token bucket per client in each server process."""

import math
import threading
import time

_lock = threading.Lock()
_buckets: dict[str, tuple[float, float]] = {}
#: Clients remembered; beyond, the longest unused one is forgotten and begins with a full bucket.
CLIENTS_REMEMBERED = 10_000


def wait_seconds(client: str, *, per_second: float, burst: int) -> int:
    """Take one token of a client: 0 when it may go on, else whole seconds to wait."""
    if per_second <= 0:
        return 0
    now = time.monotonic()
    with _lock:
        tokens, at = _buckets.pop(client, (float(burst), now))
        tokens = min(float(burst), tokens + (now - at) * per_second)
        is_allowed = tokens >= 1
        _buckets[client] = (tokens - 1 if is_allowed else tokens, now)
        if len(_buckets) > CLIENTS_REMEMBERED:
            del _buckets[next(iter(_buckets))]
    return 0 if is_allowed else max(1, math.ceil((1 - tokens) / per_second))
