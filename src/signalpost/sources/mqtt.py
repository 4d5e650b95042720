"""MQTT in: device messages, acknowledged after they are stored.

Messages are taken in micro-batches: whatever came while the last batch was stored is the next one, stored in one
transaction and acknowledged together. The session is persistent and the client id fixed, so the broker keeps and
redelivers what we did not acknowledge. A slow store slows the broker down: we do not read what there is no room for.
"""

import contextlib
import datetime as dt
import logging
import queue
import random
import ssl
import threading

from signalpost import settings
from signalpost.sources import NotStoredError, Sink, mqtt_wire
from signalpost.vocabulary import events, records

logger = logging.getLogger("signalpost.sources.mqtt")

#: No more messages are added to a batch of this many.
BATCH_MESSAGES = 2000
#: Reads that wait to be stored; then nothing more is read.
CHUNKS_WAITING = 64
#: How often an idle listener looks whether it is to stop.
STOP_LOOK_SECONDS = 0.2
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
#: Wait after the store failed before the session is taken up again.
STORE_WAIT_SECONDS = 1.0
#: Answers to a subscription from here on are refusals (MQTT 5, 3.9.3).
REFUSED_FROM = 0x80


class Config(records.Record, frozen=True, kw_only=True):
    """Which broker to listen to, for what."""

    host: str
    port: int
    client_id: str
    topics: tuple[str, ...]
    #: Listeners with the same group divide the messages; "" listens alone.
    group: str = ""
    version: str = "5"
    username: str = ""
    password: str = ""
    uses_tls: bool = False
    #: PEM file of the authority that signed the broker's certificate; "" trusts the system's.
    ca_file: str = ""

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Config(host={self.host!r}, port={self.port!r}, client_id={self.client_id!r}, topics={self.topics!r})"


#: What the reader of a connection passes on: messages together as they came, `None` at the connection's end.
_Came = queue.Queue[list[mqtt_wire.Message] | None]


class Mqtt:
    """The MQTT listener."""

    def __init__(self, config: Config) -> None:
        """Prepare; nothing is connected before `run`.

        Raises:
            ValueError: the protocol version is none we speak.
        """
        if config.version not in mqtt_wire.LEVELS:
            raise ValueError(f"MQTT version: wanted one of {', '.join(mqtt_wire.LEVELS)}, got {config.version!r}")
        self.config = config
        self._stop = threading.Event()
        self._wait_seconds = FIRST_WAIT_SECONDS
        #: Set while the subscription stands; for tests and health.
        self.is_listening = threading.Event()

    @property
    def name(self) -> str:
        """As it stands in `Raw.channel`."""
        return "mqtt"

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stop.set()

    def run(self, sink: Sink) -> None:
        """Listen until stopped; what was taken by then is stored and acknowledged."""
        while not self._stop.is_set():
            try:
                link = self._connected()
            except OSError as error:
                logger.warning("MQTT: no connection to the broker: %s", error)
                self._pause()
                continue
            came = _Came(CHUNKS_WAITING)
            reader = threading.Thread(target=self._read, args=(link, came), name="mqtt", daemon=True)
            reader.start()
            try:
                self._drain(link, came, sink)
            finally:
                link.close()
                # The reader may wait for room.
                while reader.is_alive():
                    _emptied(came)
                    reader.join(0.05)
                self.is_listening.clear()

    def _connected(self) -> mqtt_wire.Link:
        config = self.config
        tls = ssl.create_default_context(cafile=config.ca_file or None) if config.uses_tls else None
        return mqtt_wire.Link(config.host, config.port, tls=tls)

    def _read(self, link: mqtt_wire.Link, came: _Came) -> None:
        """Pass on what comes until the connection ends."""
        try:
            came.put(self._begun(link))
            while True:
                messages = link.receive()
                if messages:
                    came.put(messages)
        except mqtt_wire.RefusedError as error:
            logger.warning("MQTT: the broker refused the connection: %s", error)
        except mqtt_wire.LostError as error:
            if not self._stop.is_set():
                logger.warning("MQTT: connection lost: %s", error)
        finally:
            self.is_listening.clear()
            came.put(None)

    def _begun(self, link: mqtt_wire.Link) -> list[mqtt_wire.Message]:
        """Take up the session; the messages that came with it."""
        config = self.config
        login = mqtt_wire.Login(
            client_id=config.client_id, version=config.version, username=config.username, password=config.password
        )
        share = f"$share/{config.group}/" if config.group else ""
        answers, messages = link.begin(login, [f"{share}{topic}" for topic in config.topics])
        refused = [(topic, code) for topic, code in zip(config.topics, answers, strict=True) if code >= REFUSED_FROM]
        for topic, code in refused:
            logger.warning("MQTT: the broker refused the subscription to %r: %s", topic, mqtt_wire.reason(code))
        if not refused:
            self.is_listening.set()
            self._wait_seconds = FIRST_WAIT_SECONDS
        return messages

    def _drain(self, link: mqtt_wire.Link, came: _Came, sink: Sink) -> None:
        """Store and acknowledge batch after batch; returns when stopped, or when the session must begin anew."""
        is_open = True
        while is_open and not self._stop.is_set():
            batch, is_open = _gathered(came)
            if batch:
                try:
                    sink(self._raws(batch))
                except NotStoredError as error:
                    # Nothing is acknowledged: a new connection has the broker deliver it again.
                    logger.warning("MQTT: %d messages not stored, taken again: %s", len(batch), error)
                    self._stop.wait(random.SystemRandom().uniform(STORE_WAIT_SECONDS / 2, STORE_WAIT_SECONDS))
                    return
                try:
                    link.acknowledge([message.number for message in batch if message.number])
                except mqtt_wire.LostError:
                    # Stored: what the broker delivers again is a repeat. The reader says why the connection ended.
                    return
        self._pause()

    def _pause(self) -> None:
        """Wait before the next connection, longer each time until one stands."""
        self._stop.wait(random.SystemRandom().uniform(self._wait_seconds / 2, self._wait_seconds))
        self._wait_seconds = min(LONGEST_WAIT_SECONDS, self._wait_seconds * 2)

    def _raws(self, batch: list[mqtt_wire.Message]) -> list[events.Raw]:
        # Not the client id: a message that another listener of the group takes up again stays the same event.
        sender = self.config.username or self.config.host
        now = dt.datetime.now(dt.UTC)
        return [
            events.Raw(
                channel="mqtt",
                sender=sender,
                content_type=message.content_type or "application/json",
                body=message.body,
                received_at=now,
                headers=(("topic", message.topic),),
            )
            for message in batch
        ]


def _gathered(came: _Came) -> tuple[list[mqtt_wire.Message], bool]:
    """Whatever has come, and whether the connection still stands; waits only when there is nothing."""
    batch: list[mqtt_wire.Message] = []
    wait_seconds = STOP_LOOK_SECONDS
    while len(batch) < BATCH_MESSAGES:
        try:
            messages = came.get(timeout=wait_seconds) if wait_seconds else came.get_nowait()
        except queue.Empty:
            break
        if messages is None:
            return batch, False
        batch += messages
        wait_seconds = 0.0
    return batch, True


def _emptied(came: _Came) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            came.get_nowait()


def from_settings(given: settings.Settings) -> Mqtt | None:
    """The listener, `None` without a broker.

    Raises:
        settings.SettingError: the broker's address or the version cannot be read.
    """
    if not given.mqtt_url:
        return None
    if given.mqtt_version not in mqtt_wire.LEVELS:
        wanted = " or ".join(mqtt_wire.LEVELS)
        raise settings.SettingError(f"setting 'mqtt_version': wanted {wanted}, got {given.mqtt_version!r}")
    where = settings.endpoint(given.mqtt_url, "mqtt_url", ports={"mqtt": 1883, "mqtts": 8883})
    return Mqtt(
        Config(
            host=where.host,
            port=where.port,
            client_id=given.mqtt_client_id,
            topics=tuple(topic.strip() for topic in given.mqtt_topics.split(",")),
            group=given.mqtt_group,
            version=given.mqtt_version,
            username=where.user,
            password=where.password,
            uses_tls=where.scheme == "mqtts",
            ca_file=given.mqtt_ca_file,
        )
    )
