"""MQTT in: device messages, acknowledged after they are stored.

Messages are taken in micro-batches: whatever has come within a few milliseconds is stored in one transaction and
acknowledged together. The session is persistent and the client id fixed, so the broker keeps and redelivers what we
did not acknowledge. A slow store slows the broker down: no more messages are unacknowledged than one batch holds.
"""

import datetime as dt
import logging
import queue
import random
import ssl
import threading
from typing import NamedTuple, cast

from paho.mqtt import client as paho
from paho.mqtt import enums, packettypes, properties, reasoncodes

from signalpost import settings
from signalpost.sources import NotStoredError, Sink
from signalpost.vocabulary import events, records

logger = logging.getLogger("signalpost.sources.mqtt")

#: Messages of one batch at most, and unacknowledged at once.
BATCH_MESSAGES = 5000
#: How long a batch waits for further messages. A broker that allows few unacknowledged messages (Mosquitto: 20) waits
#: for us meanwhile.
GATHER_SECONDS = 0.002
KEEPALIVE_SECONDS = 30
FIRST_WAIT_SECONDS = 1
LONGEST_WAIT_SECONDS = 30
#: How long the broker keeps the session of a listener that is away.
SESSION_SECONDS = 7 * 24 * 3600
#: Wait after the store failed before the session is taken up again.
STORE_WAIT_SECONDS = 1.0

_VERSIONS = {"3.1.1": enums.MQTTProtocolVersion.MQTTv311, "5": enums.MQTTProtocolVersion.MQTTv5}


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


class _Taken(NamedTuple):
    """A message and the connection it came over."""

    message: paho.MQTTMessage
    connection: int


class Mqtt:
    """The MQTT listener."""

    def __init__(self, config: Config) -> None:
        """Prepare; nothing is connected before `run`.

        Raises:
            ValueError: the protocol version is none we speak.
        """
        if config.version not in _VERSIONS:
            raise ValueError(f"MQTT version: wanted one of {', '.join(_VERSIONS)}, got {config.version!r}")
        self.config = config
        self._stop = threading.Event()
        self._taken: queue.Queue[_Taken] = queue.Queue()
        #: Counts connections: a message is acknowledged on the one it came over, or not at all.
        self._connection = 0
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
            client = self._client()
            try:
                self._connect(client)
                client.loop_start()
                self._drain(client, sink)
            finally:
                client.disconnect()
                client.loop_stop()
                self.is_listening.clear()
                self._taken = queue.Queue()
                client.on_message = None

    def _drain(self, client: paho.Client, sink: Sink) -> None:
        """Store and acknowledge batch after batch; returns when stopped, or when the session must begin anew."""
        while True:
            batch = self._gather()
            if batch:
                try:
                    sink([self._raw(taken.message) for taken in batch])
                except NotStoredError as error:
                    # Nothing is acknowledged: a new connection has the broker deliver it again.
                    logger.warning("MQTT: %d messages not stored, taken again: %s", len(batch), error)
                    self._stop.wait(random.SystemRandom().uniform(STORE_WAIT_SECONDS / 2, STORE_WAIT_SECONDS))
                    return
                for taken in batch:
                    # A broker that lost its session may have given the number to another message meanwhile.
                    if taken.connection == self._connection:
                        client.ack(taken.message.mid, taken.message.qos)
            elif self._stop.is_set():
                return

    def _gather(self) -> list[_Taken]:
        batch: list[_Taken] = []
        wait = 0.2
        while len(batch) < BATCH_MESSAGES:
            try:
                batch.append(self._taken.get(timeout=wait))
            except queue.Empty:
                break
            wait = GATHER_SECONDS
        return batch

    def _client(self) -> paho.Client:
        config = self.config
        is_five = config.version == "5"
        client = paho.Client(
            enums.CallbackAPIVersion.VERSION2,
            client_id=config.client_id,
            clean_session=None if is_five else False,
            protocol=_VERSIONS[config.version],
            manual_ack=True,
        )
        if config.username:
            client.username_pw_set(config.username, config.password)
        if config.uses_tls:
            client.tls_set_context(ssl.create_default_context(cafile=config.ca_file or None))  # pyright: ignore[reportUnknownMemberType] - paho gives no types here
        client.reconnect_delay_set(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        taken = self._taken
        client.on_message = lambda _client, _userdata, message: taken.put(_Taken(message, self._connection))
        return client

    def _connect(self, client: paho.Client) -> None:
        host, port = self.config.host, self.config.port
        if self.config.version != "5":
            client.connect_async(host, port, KEEPALIVE_SECONDS)
            return
        wished = properties.Properties(packettypes.PacketTypes.CONNECT)
        wished.SessionExpiryInterval = SESSION_SECONDS
        wished.ReceiveMaximum = BATCH_MESSAGES
        client.connect_async(host, port, KEEPALIVE_SECONDS, clean_start=False, properties=wished)

    def _on_connect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.ConnectFlags,
        reason: reasoncodes.ReasonCode,
        given: properties.Properties | None,
    ) -> None:
        del userdata, flags, given
        if reason.is_failure:
            logger.warning("MQTT: the broker refused the connection: %s", reason)
            return
        self._connection += 1
        share = f"$share/{self.config.group}/" if self.config.group else ""
        client.subscribe([(f"{share}{topic}", 1) for topic in self.config.topics])

    def _on_subscribe(
        self,
        client: paho.Client,
        userdata: object,
        mid: int,
        reasons: list[reasoncodes.ReasonCode],
        given: properties.Properties | None,
    ) -> None:
        del client, userdata, mid, given
        for topic, reason in zip(self.config.topics, reasons, strict=True):
            if reason.is_failure:
                logger.warning("MQTT: the broker refused the subscription to %r: %s", topic, reason)
        if not any(reason.is_failure for reason in reasons):
            self.is_listening.set()

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.DisconnectFlags,
        reason: reasoncodes.ReasonCode,
        given: properties.Properties | None,
    ) -> None:
        del client, userdata, flags, given
        self.is_listening.clear()
        if not self._stop.is_set():
            logger.warning("MQTT: connection lost: %s", reason)

    def _raw(self, message: paho.MQTTMessage) -> events.Raw:
        return events.Raw(
            channel=self.name,
            # Not the client id: a message that another listener of the group takes up again stays the same event.
            sender=self.config.username or self.config.host,
            content_type=_content_type(message),
            body=bytes(message.payload),
            received_at=dt.datetime.now(dt.UTC),
            headers=(("topic", message.topic),),
        )


def _content_type(message: paho.MQTTMessage) -> str:
    given = cast("dict[str, object]", message.properties.json()) if message.properties else {}  # pyright: ignore[reportUnknownMemberType] - paho gives no types here
    return str(given.get("ContentType", "application/json"))


def from_settings(given: settings.Settings) -> Mqtt | None:
    """The listener, `None` without a broker.

    Raises:
        settings.SettingError: the broker's address or the version cannot be read.
    """
    if not given.mqtt_url:
        return None
    if given.mqtt_version not in _VERSIONS:
        wanted = " or ".join(_VERSIONS)
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
