"""The meters of the demo: they publish over MQTT as the playbook's mapping expects it of them."""

import datetime as dt
import itertools
import random
import threading
from collections.abc import Iterable, Sequence

import msgspec
from paho.mqtt import client as paho
from paho.mqtt import enums

from signalpost.demo import broker, ports, town

#: What meters say of themselves: last gasp, power restored, heartbeat.
LAST_GASP, RESTORED, HEARTBEAT = "LG", "PR", "HB"
VOLTS = {LAST_GASP: 11.5, RESTORED: 230.1, HEARTBEAT: 230.4}
#: At-least-once, so that the broker answers for each.
_QOS = 1
CONNECT_SECONDS = 20.0
PUBLISH_SECONDS = 120.0
#: Messages on their way at once, and how fast they come at most: a meter network is slower than a loopback.
WINDOW_MESSAGES = 200
#: Time in which a storm's last gasps fall.
SPREAD_SECONDS = 5.0


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What one meter publishes."""

    meter: str
    body: bytes


class Network:
    """The connection that all meters of the demo share."""

    def __init__(self, at: broker.Broker) -> None:
        """Connect."""
        self._numbers = itertools.count(1)
        self._connected = threading.Event()
        self._client = paho.Client(enums.CallbackAPIVersion.VERSION2, client_id="meters", clean_session=True)
        self._client.username_pw_set(broker.USER, at.password)
        self._client.max_inflight_messages_set(WINDOW_MESSAGES)
        self._client.on_connect = self._on_connect
        self._client.connect(ports.LOOPBACK, at.port)
        self._client.loop_start()
        if not self._connected.wait(CONNECT_SECONDS):
            raise broker.BrokerError(f"meters: wanted a connection within {CONNECT_SECONDS:.0f} s, got none")
        #: Messages published so far.
        self.published = 0

    def _on_connect(self, client: paho.Client, data: object, flags: object, reason: object, properties: object) -> None:
        del client, data, flags, reason, properties
        self._connected.set()

    def say(self, kind: str, of: Sequence[str], *, now: dt.datetime) -> list[Message]:
        """What these meters say, one after the other in the seconds up to `now`."""
        step = dt.timedelta(seconds=SPREAD_SECONDS) / max(len(of), 1)
        return [
            Message(
                meter=meter,
                body=msgspec.json.encode(
                    {
                        "id": meter,
                        "ts": (now - step * (len(of) - place)).isoformat(timespec="milliseconds"),
                        "ev": kind,
                        "v": VOLTS[kind],
                        "n": next(self._numbers),
                    }
                ),
            )
            for place, meter in enumerate(of)
        ]

    def publish(self, messages: Iterable[Message]) -> None:
        """Publish, and wait until the broker has all of them.

        Raises:
            TimeoutError: the broker does not answer.
        """
        sent = [self._client.publish(f"meters/{one.meter}/events", one.body, qos=_QOS) for one in messages]
        for info in sent:
            info.wait_for_publish(PUBLISH_SECONDS)
            if not info.is_published():
                raise TimeoutError(f"meters: wanted the broker to take all within {PUBLISH_SECONDS:.0f} s")
        self.published += len(sent)

    def stop(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


class Heartbeats:
    """Meters that say every quarter of an hour that they are well, those without power excepted."""

    def __init__(self, network: Network, meters: Sequence[str], *, every_seconds: float = 900.0) -> None:
        """Begin."""
        self._network = network
        self._meters = list(meters)
        self._wait_seconds = every_seconds / max(len(self._meters), 1)
        self._lock = threading.Lock()
        self._dark: set[str] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeats", daemon=True)
        self._thread.start()

    def dark(self, meters: Iterable[str]) -> None:
        """These meters have no power."""
        with self._lock:
            self._dark.update(meters)

    def light(self, meters: Iterable[str]) -> None:
        """These meters have power again."""
        with self._lock:
            self._dark.difference_update(meters)

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        order = self._meters.copy()
        random.Random(town.SEED).shuffle(order)  # noqa: S311 - which meter speaks first is no secret
        for meter in itertools.cycle(order):
            if self._stopping.wait(self._wait_seconds):
                return
            with self._lock:
                is_dark = meter in self._dark
            if not is_dark:
                self._network.publish(self._network.say(HEARTBEAT, [meter], now=dt.datetime.now(dt.UTC)))
