"""MQTT in: a backlog that a Mosquitto holds, drained by the listener as it is."""

import contextlib
import json
import os
import pathlib
import signal
from collections.abc import Generator, Mapping

from tests.peers import processes

from benchmarks import figures, house

CLIENT_ID = "signalpost-1"
TOPICS = "meters/+/events"


@contextlib.contextmanager
def broker(folder: pathlib.Path) -> Generator[int]:
    """A Mosquitto on loopback as a utility would set it up, but for the password; its port."""
    port = processes.free_port()
    config = folder / "mosquitto.conf"
    lines = [
        *(["user root"] if os.geteuid() == 0 else []),
        "allow_anonymous true",
        "persistence true",
        f"persistence_location {folder}/",
        "max_queued_messages 1000000",
        f"listener {port} {processes.LOOPBACK}",
    ]
    config.write_text("".join(f"{line}\n" for line in lines))
    running = processes.Process(["mosquitto", "-c", config], log=folder / "mosquitto.log")
    try:
        running.wait_until(lambda: processes.is_listening(port), what="listening")
        yield port
    finally:
        running.stop()


def subscribe(port: int) -> None:
    """Make the listener's session, so that the broker keeps messages for it."""
    from signalpost.sources import mqtt_wire  # noqa: PLC0415

    link = mqtt_wire.Link(processes.LOOPBACK, port)
    link.begin(mqtt_wire.Login(client_id=CLIENT_ID, version="5"), [TOPICS])
    link.close()


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Drain as many readings as the scale says, and let the peer count as many."""
    count = scale.of(100_000, 10_000)
    figures.keep_to(figures.OTHERS)
    with processes.folder_for("bench", None) as folder, broker(folder) as port:
        environment = {"SIGNALPOST_MQTT_URL": f"mqtt://{processes.LOOPBACK}:{port}"}
        with house.installed(environment=environment) as home:
            peer = home.other("paho_counting", str(port), str(count))
            peer.line()
            value, per_second = _drained(home, port, count)
            if peer.process.stdin is not None:
                peer.process.stdin.write("go\n")
                peer.process.stdin.flush()
            peer_seconds = json.loads(peer.line())["seconds"]
    return {"mqtt_drained": figures.Found(value, count / peer_seconds, per_second)}


def _drained(home: house.House, port: int, count: int) -> tuple[float, float]:
    """Have the listener hear one meter, hold it while the backlog comes, and let it go on."""
    subscribe(port)
    home.other("meters", str(port), "1", "PR").line()
    listener = home.product("listen", "mqtt", "--end-with-stdin")
    house.wait_until(lambda: house.count("SELECT count(*) FROM event") == 1, what="a first reading")
    listener.process.send_signal(signal.SIGSTOP)
    try:
        home.other("meters", str(port), str(count), "HB").line()
        used, began_at = listener.processor_seconds(), house.now()
    finally:
        listener.process.send_signal(signal.SIGCONT)
    house.wait_until(lambda: house.count("SELECT last_value FROM event_id_seq") > count, what="all readings")
    ended_at = house.wait_until(lambda: house.count("SELECT count(*) FROM event") == count + 1, what="the last batch")
    return count / (ended_at - began_at), count / (listener.processor_seconds() - used)
