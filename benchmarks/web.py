"""HTTP in: the web server as it is, one process held to one processor."""

from collections.abc import Mapping

from tests.peers import processes

from benchmarks import business, figures, house
from benchmarks.others import posting

CONNECTIONS = 16


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Single events and batches, each after the peer."""
    singles = scale.of(10_000, 1_000)
    batches = scale.of(1_000, 60)
    with house.installed(meters=1_000, households=400) as home:
        side = business.Platform(home)
        port = processes.free_port()
        peer = home.peer("benchmarks.others.reading_server", str(port))
        house.wait_until(lambda: processes.is_listening(port), what="the peer")
        reads = {"port": port, "path": "/read"}
        single = side.order(requests=singles, connections=CONNECTIONS, subject="AC1")
        batch = side.order(requests=batches, connections=CONNECTIONS, subject="AC1", events=100)
        for order in (single, batch):
            side.post(business.changed(order, requests=CONNECTIONS * 5))
            side.post(business.changed(order, requests=CONNECTIONS * 5, **reads))
        peers = [side.post(business.changed(order, **reads)).seconds for order in (single, batch)]
        peer.stop()
        return {
            "http_single": _found(side, single, peer_seconds=peers[0]),
            "http_batch": _found(side, batch, peer_seconds=peers[1]),
        }


def _found(side: business.Platform, order: posting.Order, *, peer_seconds: float) -> figures.Found:
    count = order.requests * order.events
    before = side.server.processor_seconds()
    seconds = side.post(order).seconds
    return figures.Found(count / seconds, count / peer_seconds, count / (side.server.processor_seconds() - before))
