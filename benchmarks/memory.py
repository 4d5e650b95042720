"""Memory of the workers over 100,000 communications: what they hold after the first tenth and at the end."""

from collections.abc import Mapping

import psutil
from tests.peers import processes

from benchmarks import business, figures, house, relay

RUN_SECONDS = 7_200.0


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """How much the workers together have grown."""
    communications = scale.of(100_000, 5_000)
    with processes.folder_for("bench", None) as folder:
        sink = relay.Sink(folder)
        try:
            with house.installed(
                meters=communications, households=communications, environment=sink.environment, keeps_apart=False
            ) as home:
                side = business.Platform(home)
                work = home.product("work")
                side.post(side.order(requests=communications // 1_000, events=1_000))
                house.wait_until(lambda: len(sink.taken()) >= communications // 10, what="a tenth", seconds=RUN_SECONDS)
                before = _held(work)
                house.wait_until(lambda: len(sink.taken()) >= communications, what="all", seconds=RUN_SECONDS)
                return {"memory_growth": figures.Found(max(0.0, _held(work) - before))}
        finally:
            sink.child.stop()


def _held(work: house.Child) -> float:
    """Resident memory of the workers, in MB."""
    chief = psutil.Process(work.process.pid)
    return sum(one.memory_info().rss for one in (chief, *chief.children(recursive=True))) / 1e6
