"""A demo that runs: its folder, its peers, its processes, and their end."""

import contextlib
import datetime as dt
import os
import pathlib
import secrets
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence

import msgspec

from signalpost import settings, wiring
from signalpost.demo import api, installing, meters, peers, ports, rest, story, town
from signalpost.store import batch
from signalpost.work import calendar, supervisor

#: How long the web server may take until it listens.
SERVE_SECONDS = 300.0
#: How long the listener may take until it hears meters.
LISTEN_SECONDS = 300.0
#: A batch of letters closes so often.
CLOSING_SECONDS = 2
#: Fewer processes than in earnest: the demo shares the machine with its peers.
_LIGHT = {
    "SIGNALPOST_WORKER_PROCESSES": "1",
    "SIGNALPOST_URGENT_PROCESSES": "1",
    "SIGNALPOST_LOG_LEVEL": "WARNING",
    "SIGNALPOST_SPOOL_CLOSING": f"every:{CLOSING_SECONDS}",
    "SIGNALPOST_MAIL_FROM": "notices@stadtwerke-musterstadt.example",
    "SIGNALPOST_MAIL_FROM_NAME": "Stadtwerke Musterstadt",
    "SIGNALPOST_SMS_FROM": "Stadtwerke",
}
_NOT_EMPTY = "SELECT EXISTS (SELECT 1 FROM event)"
_IS_MIGRATED = "SELECT to_regclass('event') IS NOT NULL"


class DemoError(RuntimeError):
    """The demo cannot run; says what was wanted and what was there."""


class Processes(msgspec.Struct, frozen=True, kw_only=True):
    """How the processes of an installation are made; the command line knows."""

    children: Callable[[settings.Settings], Sequence[supervisor.Child]]
    clock: Callable[[settings.Settings], Callable[[dt.datetime], None]]


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What runs."""

    read: settings.Settings
    stage: story.Stage
    access: installing.Access


def folder(read: settings.Settings, *, is_fresh: bool) -> pathlib.Path:
    """The demo's data folder: the same one every time, or a fresh one beside it."""
    home = read.folder() / "demo"
    if not is_fresh:
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    return pathlib.Path(tempfile.mkdtemp(prefix="demo-check-", dir=home.parent))


@contextlib.contextmanager
def running(
    read: settings.Settings,
    place: pathlib.Path,
    *,
    processes: Processes,
    told: Callable[[str], None],
    is_fresh: bool,
) -> Generator[Running]:
    """Set everything up and run it; on leaving, end everything that was started.

    Raises:
        DemoError: the database is in use, or the web server does not start.
        broker.BrokerError: the broker does not start.
        embedded.EmbeddedError: the embedded PostgreSQL cannot run.
    """
    place.mkdir(parents=True, exist_ok=True)
    port = read.port if not is_fresh and ports.is_free(read.port) else ports.free()
    told("Starting an SMS centre, a mail server, an MQTT broker, a print shop and a business platform …")
    received = peers.Peers(place)
    with contextlib.ExitStack() as leaving:
        leaving.callback(received.stop)
        own = _settings(read, place, received, port=port)
        wiring.set_up(own)
        if is_fresh:
            _want_empty()
        given = town.build()
        access = installing.install(given, received, told=told)
        with _children(own, processes, told=told):
            client = api.Client(own.url(), client_id=access.business.client_id, secret=access.business.secret)
            leaving.callback(client.close)
            shop = api.Client(own.url(), client_id=access.shop.client_id, secret=access.shop.secret)
            received.shop.start(shop, told)
            network = meters.Network(received.broker)
            leaving.callback(network.stop)
            _wait_for_listener(network, given)
            stage = story.Stage(
                town=given,
                peers=received,
                network=network,
                client=client,
                told=told,
                run=f"{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S}-{secrets.token_hex(2)}",
            )
            yield Running(read=own, stage=stage, access=access)
            received.shop.stop()


def _settings(read: settings.Settings, place: pathlib.Path, received: peers.Peers, *, port: int) -> settings.Settings:
    """Settings of the demo, in this process's environment too, so that child processes have them."""
    environment: Mapping[str, str] = {
        **_LIGHT,
        **received.environment(),
        "SIGNALPOST_DATA_FOLDER": str(place),
        "SIGNALPOST_HOST": ports.LOOPBACK,
        "SIGNALPOST_PORT": str(port),
        "SIGNALPOST_PUBLIC_URL": "",
        "SIGNALPOST_ALLOWED_HOSTS": f"{ports.LOOPBACK},localhost",
    }
    if read.database_url:
        environment = {**environment, "SIGNALPOST_DATABASE_URL": read.database_url}
    kept = {name: value for name, value in environment.items() if name not in os.environ or name not in _LIGHT}
    os.environ.update(kept)
    return settings.load(os.environ)


def _want_empty() -> None:
    is_migrated = batch.fetch(_IS_MIGRATED, [], tuple[bool])[0][0]
    if is_migrated and batch.fetch(_NOT_EMPTY, [], tuple[bool])[0][0]:
        raise DemoError("database: wanted an empty one for a check, got one with events; create another")


@contextlib.contextmanager
def _children(own: settings.Settings, processes: Processes, *, told: Callable[[str], None]) -> Generator[None]:
    chief = supervisor.Supervisor(
        [supervisor.Child(name="serve", arguments=["serve"]), *processes.children(own)],
    )
    clock = processes.clock(own)
    told("Starting the web server, the workers and the listeners …")
    thread = threading.Thread(target=chief.run, args=(clock,), kwargs={"every_seconds": calendar.TICK_SECONDS})
    with _asked_to_end():
        thread.start()
        try:
            _wait_for_web(own)
            yield
        finally:
            told("Stopping every process …")
            chief.stop()
            thread.join()


@contextlib.contextmanager
def _asked_to_end() -> Generator[None]:
    """SIGTERM ends the demo like Ctrl-C does."""

    def end(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for_listener(network: meters.Network, given: town.Town) -> None:
    """Let a meter say that it is well until it is heard: what is published before somebody listens is lost."""
    before = rest.arrived("mqtt")
    deadline = time.monotonic() + LISTEN_SECONDS
    meter = given.meters("RIVERSIDE")[0]
    while rest.arrived("mqtt") == before:
        if time.monotonic() > deadline:
            raise DemoError(f"MQTT listener: wanted it to hear a meter within {LISTEN_SECONDS:.0f} s, got nothing")
        network.publish(network.say(meters.HEARTBEAT, [meter], now=dt.datetime.now(dt.UTC)))
        time.sleep(1.0)
    network.published = rest.arrived("mqtt")


def _wait_for_web(own: settings.Settings) -> None:
    deadline = time.monotonic() + SERVE_SECONDS
    while not ports.is_listening(own.port):
        if time.monotonic() > deadline:
            raise DemoError(f"web server: wanted it to listen on port {own.port} within {SERVE_SECONDS:.0f} s")
        time.sleep(0.2)
