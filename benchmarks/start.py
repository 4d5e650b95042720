"""From `signalpost serve` and `signalpost work` to a first answer and workers that wait, on an existing database."""

import http.client
import statistics
from collections.abc import Mapping

from tests.peers import processes

from benchmarks import figures, house


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Median of some starts."""
    with house.installed(meters=1_000, households=400, keeps_apart=False) as home:
        _started(home)
        return {"start_warm": figures.Found(statistics.median(_started(home) for _ in range(scale.of(5, 2))))}


def _started(home: house.House) -> float:
    began_at = house.now()
    children = [home.product("serve", "--end-with-stdin"), home.product("work")]
    house.wait_until(lambda: processes.is_listening(home.read.port) and _answers(home.read.port), what="an answer")
    ready_at = house.wait_until(lambda: house.has_workers(home), what="workers")
    for child in children:
        child.stop()
    house.wait_until(lambda: not processes.is_listening(home.read.port), what="the end of the web server")
    house.forget_workers()
    return ready_at - began_at


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection(processes.LOOPBACK, port, timeout=10)
    try:
        link.request("GET", "/api/openapi.json")
        return link.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
