"""From a business event posted to its mail accepted by the relay: idle, and during a run to 100,000 recipients."""

import statistics
from collections.abc import Mapping

from tests.peers import processes

from benchmarks import business, figures, house, relay

#: Probes are spread over so long, so that they meet every state of a run.
PACE_SECONDS = 0.1
RUN_SECONDS = 3_600.0
#: A probe's account lies behind those of the run.
HOUSEHOLDS, SMALL_HOUSEHOLDS = 100_000, 15_000
PROBES, SMALL_PROBES = 1_000, 60
RUN_TYPE, PROBE_TYPE = "account.status", "contract.changed"
PROBE_DATA: Mapping[str, object] = {
    "change": "move_in",
    "effective_on": "2026-03-01",
    "reference": "V-2026-0815",
}


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Post probes one after the other, then again during the run."""
    households = scale.of(HOUSEHOLDS, SMALL_HOUSEHOLDS)
    probes = scale.of(PROBES, SMALL_PROBES)
    with processes.folder_for("bench", None) as folder:
        sink = relay.Sink(folder)
        try:
            with house.installed(
                meters=households + 2 * probes,
                households=households + 2 * probes,
                environment=sink.environment,
                keeps_apart=False,
                lanes={RUN_TYPE: "bulk", PROBE_TYPE: "urgent"},
            ) as home:
                return _measured(home, sink, households=households, probes=probes)
        finally:
            sink.child.stop()


def _measured(home: house.House, sink: relay.Sink, *, households: int, probes: int) -> Mapping[str, figures.Found]:
    side = business.Platform(home)
    home.product("work")
    house.wait_until(lambda: house.has_workers(home), what="workers")
    idle = _probed(side, sink, first=households, probes=probes)
    if house.names("SELECT DISTINCT lane FROM delivery") != ["urgent"]:
        raise RuntimeError("probes: wanted their mails in the urgent lane, got others")
    run = side.order(requests=households // 1_000, events=1_000, type=RUN_TYPE)
    side.post(run)
    # The run has begun when its first mail is out.
    before = len(sink.taken())
    house.wait_until(lambda: len(sink.taken()) > before, what="the run's first mail", seconds=RUN_SECONDS)
    busy = _probed(side, sink, first=households + probes, probes=probes)
    if len({one.recipient for one in sink.taken()}) >= households + 2 * probes:
        raise RuntimeError("run: wanted it to last longer than the probes, got it done before their end")
    return {
        "idle_p50": figures.Found(statistics.median(idle)),
        "idle_p99": figures.Found(_percentile(idle, 99)),
        "run_p99": figures.Found(_percentile(busy, 99)),
    }


def _probed(side: business.Platform, sink: relay.Sink, *, first: int, probes: int) -> list[float]:
    """Milliseconds from each probe's post to its mail."""
    order = side.order(requests=probes, type=PROBE_TYPE, data=dict(PROBE_DATA), pace_seconds=PACE_SECONDS, first=first)
    begun = side.post(order).begun
    wanted = {f"c{first + number}@mail.example": at for number, at in enumerate(begun)}
    found: dict[str, float] = {}

    def all_came() -> bool:
        found.update({one.recipient: one.at for one in sink.taken() if one.recipient in wanted})
        return len(found) == len(wanted)

    house.wait_until(all_came, what="a mail for each probe")
    return [(found[recipient] - at) * 1_000 for recipient, at in wanted.items()]


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
