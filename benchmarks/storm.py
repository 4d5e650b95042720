"""A storm: 100,000 meters lose power at once, 40,000 households are decided about and told."""

import json
import os
import sys
import time
from collections.abc import Mapping

from tests.peers import processes

from benchmarks import figures, house, mqtt, relay

STORM_SECONDS = 900.0
LOOK_SECONDS = 0.5
#: Set in the environment, it has each look print what is done so far.
TIMELINE = "BENCH_TIMELINE"
#: Households are 2 in 5 meters.
_METERS, _HOUSEHOLDS = 100_000, 40_000


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """From the moment the broker has the last of the last gasps."""
    meters = scale.of(_METERS, _METERS // 10)
    households = scale.of(_HOUSEHOLDS, _HOUSEHOLDS // 10)
    with processes.folder_for("bench", None) as folder, mqtt.broker(folder) as port:
        sink = relay.Sink(folder)
        try:
            environment = {"SIGNALPOST_MQTT_URL": f"mqtt://{processes.LOOPBACK}:{port}", **sink.environment}
            with house.installed(
                meters=meters, households=households, environment=environment, keeps_apart=False
            ) as home:
                return _measured(home, sink, port=port, meters=meters, households=households)
        finally:
            sink.child.stop()


def _measured(
    home: house.House, sink: relay.Sink, *, port: int, meters: int, households: int
) -> Mapping[str, figures.Found]:
    mqtt.subscribe(port)
    home.product("work")
    house.wait_until(lambda: house.has_workers(home), what="workers")
    told = json.loads(home.other("meters", str(port), str(meters), "LG").line())
    decided_at = house.wait_until(
        lambda: _is_decided(sink, households=households, ended_at=told["ended_at"]),
        what="all households decided",
        seconds=STORM_SECONDS,
    )
    house.wait_until(lambda: sink.size() > 0, what="a first message", seconds=STORM_SECONDS)
    first_at = sink.taken()[0].at
    return {
        "storm_first": figures.Found(max(0.0, first_at - told["ended_at"])),
        "storm_decided": figures.Found(decided_at - told["ended_at"]),
    }


def _is_decided(sink: relay.Sink, *, households: int, ended_at: float) -> bool:
    decided = house.count("SELECT count(*) FROM decision WHERE kind = 'opened'")
    if os.environ.get(TIMELINE):
        counts = {
            "s": round(time.monotonic() - ended_at, 1),
            "events": house.count("SELECT count(*) FROM event"),
            "assessed": house.count("SELECT count(*) FROM event WHERE noted <> ''"),
            "decided": decided,
            "composed": house.count("SELECT count(*) FROM decision WHERE state = 'composed'"),
            "sent": len(sink.taken()),
        }
        print(counts, file=sys.stderr, flush=True)
    time.sleep(LOOK_SECONDS)
    return decided >= households
