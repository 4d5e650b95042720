"""The MQTT listener against Mosquitto, and a publisher that knows nothing of it."""

import contextlib
import threading
import uuid
from collections.abc import Callable, Generator

import msgspec
import pytest
from paho.mqtt import client as paho
from paho.mqtt import enums, packettypes, properties
from tests.peers import mosquitto as mosquitto_peer
from tests.sources import listening

from signalpost import settings as table
from signalpost.sources import built_in, mqtt

VERSIONS = ["3.1.1", "5"]


def config(broker: mosquitto_peer.Mosquitto, topic: str, **changes: object) -> mqtt.Config:
    made = mqtt.Config(
        host=broker.host,
        port=broker.port,
        client_id=f"listener-{uuid.uuid4().hex[:8]}",
        topics=(f"{topic}/#",),
        username=broker.username,
        password=broker.password,
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
def topic() -> str:
    return f"t{uuid.uuid4().hex[:8]}"


Publish = Callable[..., None]


@contextlib.contextmanager
def publisher(broker: mosquitto_peer.Mosquitto) -> Generator[Publish]:
    client = paho.Client(enums.CallbackAPIVersion.VERSION2, protocol=enums.MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(broker.username, broker.password)
    client.max_queued_messages_set(0)
    client.connect(broker.host, broker.port)
    client.loop_start()

    def publish(topic: str, *bodies: bytes, content_type: str = "") -> None:
        told = properties.Properties(packettypes.PacketTypes.PUBLISH)
        if content_type:
            told.ContentType = content_type
        sent = [client.publish(topic, body, qos=1, properties=told) for body in bodies]
        for one in sent:
            one.wait_for_publish(20)
            assert one.is_published()

    yield publish
    client.disconnect()
    client.loop_stop()


@contextlib.contextmanager
def listening_with(given: mqtt.Config, *, failures: int = 0) -> Generator[listening.Running]:
    source = mqtt.Mqtt(given)
    with listening.Running(source, failures=failures) as running:
        assert source.is_listening.wait(15)
        yield running


def bodies(running: listening.Running) -> list[bytes]:
    return [raw.body for raw in running.stored]


@pytest.mark.parametrize("version", VERSIONS)
def test_messages_come_with_topic_and_sender(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    with publisher(mosquitto) as publish, listening_with(config(mosquitto, topic, version=version)) as running:
        publish(f"{topic}/7/events", b'{"v": 1}')
        [raw] = running.wait_for(1)
    assert (raw.channel, raw.sender, raw.content_type) == ("mqtt", mosquitto.username, "application/json")
    assert (raw.body, raw.headers) == (b'{"v": 1}', (("topic", f"{topic}/7/events"),))


def test_the_content_type_of_version_5_is_kept(mosquitto: mosquitto_peer.Mosquitto, topic: str):
    with publisher(mosquitto) as publish, listening_with(config(mosquitto, topic)) as running:
        publish(f"{topic}/7", b"{}", content_type="application/cloudevents+json")
        [raw] = running.wait_for(1)
    assert raw.content_type == "application/cloudevents+json"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_could_not_be_stored_comes_again(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    given = config(mosquitto, topic, version=version)
    with publisher(mosquitto) as publish, listening_with(given, failures=2) as running:
        publish(f"{topic}/7", b"first", b"second")
        running.wait_for(2)
    assert len(running.failed) == 2
    assert sorted(bodies(running)) == [b"first", b"second"]


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_acknowledged_before_it_is_stored(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    given = config(mosquitto, topic, version=version)
    with publisher(mosquitto) as publish, listening_with(given, failures=1_000) as running:
        publish(f"{topic}/7", b"kept")
        threading.Event().wait(0.5)
    assert running.stored == []
    with listening_with(given) as again:
        assert [raw.body for raw in again.wait_for(1)] == [b"kept"]
    with listening_with(given) as third:
        threading.Event().wait(0.3)
    assert third.stored == []


@pytest.mark.parametrize("version", VERSIONS)
def test_what_came_while_nobody_listened_is_delivered(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    given = config(mosquitto, topic, version=version)
    with listening_with(given):
        pass
    with publisher(mosquitto) as publish:
        publish(f"{topic}/7", b"meanwhile")
    with listening_with(given) as running:
        assert [raw.body for raw in running.wait_for(1)] == [b"meanwhile"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_broker_that_was_killed_is_found_again(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    given = config(mosquitto, topic, version=version)
    with listening_with(given) as running:
        with publisher(mosquitto) as publish:
            publish(f"{topic}/7", b"before")
            running.wait_for(1)
            running.gate.clear()
            publish(f"{topic}/7", b"under way")
            mosquitto.save()
        mosquitto.kill()
        running.gate.set()
        mosquitto.restart()
        with publisher(mosquitto) as publish:
            publish(f"{topic}/7", b"after")
            running.wait_for(3, seconds=40)
            while b"after" not in bodies(running):
                running.wait_for(len(running.stored) + 1, seconds=40)
    # The one under way may come twice: its (source, id) makes it one event.
    assert set(bodies(running)) == {b"before", b"under way", b"after"}


@pytest.mark.parametrize("version", VERSIONS)
def test_tls_and_password(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    given = config(
        mosquitto, topic, version=version, port=mosquitto.tls_port, uses_tls=True, ca_file=str(mosquitto.authority)
    )
    with publisher(mosquitto) as publish, listening_with(given) as running:
        publish(f"{topic}/7", b"secret")
        running.wait_for(1)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_password_is_logged_without_it(
    mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str, caplog: pytest.LogCaptureFixture
):
    source = mqtt.Mqtt(config(mosquitto, topic, version=version, password="tellme"))
    with listening.Running(source):
        assert not source.is_listening.wait(1.5)
    assert "the broker refused the connection: Not authorized" in caplog.text
    assert "tellme" not in caplog.text
    assert "tellme" not in repr(config(mosquitto, topic, password="tellme"))


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_certificate_of_strangers_is_not_trusted(mosquitto: mosquitto_peer.Mosquitto, topic: str):
    source = mqtt.Mqtt(config(mosquitto, topic, port=mosquitto.tls_port, uses_tls=True))
    with listening.Running(source):
        assert not source.is_listening.wait(1.5)


@pytest.mark.parametrize("version", VERSIONS)
def test_listeners_of_a_group_divide_the_messages(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    first, second = (config(mosquitto, topic, version=version, group=topic) for _ in range(2))
    sent = [b"%d" % number for number in range(200)]
    with listening_with(first) as one, listening_with(second) as two, publisher(mosquitto) as publish:
        publish(f"{topic}/7", *sent)
        while len(one.stored) + len(two.stored) < len(sent):
            threading.Event().wait(0.02)
    assert sorted(bodies(one) + bodies(two)) == sorted(sent)
    assert one.stored
    assert two.stored
    # Whoever takes a message up, it is the same event.
    assert {raw.sender for raw in one.stored} == {raw.sender for raw in two.stored}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_backlog_is_drained_in_batches(mosquitto: mosquitto_peer.Mosquitto, topic: str, version: str):
    given = config(mosquitto, topic, version=version)
    with listening_with(given):
        pass
    sent = [b"%d" % number for number in range(2_000)]
    with publisher(mosquitto) as publish:
        publish(f"{topic}/7", *sent)
    with listening_with(given) as running:
        running.wait_for(len(sent), seconds=60)
    assert bodies(running) == sent
    assert max(len(batch) for batch in running.batches) > 1


def test_a_version_that_is_none_is_refused():
    given = table.Settings(mqtt_url="mqtt://broker.example", mqtt_version="4")
    with pytest.raises(table.SettingError, match=r"'mqtt_version': wanted 3\.1\.1 or 5, got '4'"):
        built_in.build(given)
    with pytest.raises(ValueError, match="MQTT version"):
        mqtt.Mqtt(mqtt.Config(host="h", port=1, client_id="c", topics=("a",), version="4"))


def test_the_settings_make_the_listener():
    given = table.Settings(mqtt_url="mqtts://us%3Aer:p%40ss@broker.example", mqtt_topics="a/+, b/#", mqtt_group="g")
    source = built_in.build(given)["mqtt"]
    assert isinstance(source, mqtt.Mqtt)
    assert source.config == mqtt.Config(
        host="broker.example",
        port=8883,
        client_id="signalpost-1",
        topics=("a/+", "b/#"),
        group="g",
        username="us:er",
        password="p@ss",
        uses_tls=True,
    )
