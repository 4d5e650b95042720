"""The MQTT broker of the demo: Mosquitto where it is installed, else amqtt; on loopback, with a password."""

import asyncio
import base64
import contextlib
import hashlib
import os
import pathlib
import secrets
import shutil
import subprocess
import threading
import time
from typing import TYPE_CHECKING

from signalpost.demo import ports

if TYPE_CHECKING:
    from amqtt.broker import Broker as AmqttBroker

USER = "meters"
#: Where Debian keeps programs that are not on the path of an ordinary user.
_SYSTEM_PROGRAMS = "/usr/sbin"
#: Rounds of PBKDF2 in Mosquitto's password file; the password is random and lives as long as the demo.
_ROUNDS = 101
START_SECONDS = 20.0
STOP_SECONDS = 10.0
#: Messages kept for a listener that is slower than the meters.
QUEUE_MESSAGES = 100_000


class BrokerError(RuntimeError):
    """The broker does not start; says what to look at."""


class Broker:
    """A running broker."""

    def __init__(self, folder: pathlib.Path) -> None:
        """Start it; `folder` takes its configuration, its log and what it must remember."""
        folder.mkdir(parents=True, exist_ok=True)
        self.port = ports.free()
        self.password = secrets.token_urlsafe(16)
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path=_SYSTEM_PROGRAMS)
        self._running: _Mosquitto | _Amqtt
        if program:
            self._running = _Mosquitto(program, folder, port=self.port, password=self.password)
        else:
            self._running = _Amqtt(folder, port=self.port, password=self.password)
        #: The MQTT version that it speaks.
        self.version = self._running.version
        self.name = self._running.name

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"mqtt://{USER}:{self.password}@{ports.LOOPBACK}:{self.port}"

    def stop(self) -> None:
        """End it."""
        self._running.stop()


class _Mosquitto:
    version = "5"
    name = "Mosquitto"

    def __init__(self, program: str, folder: pathlib.Path, *, port: int, password: str) -> None:
        passwords = folder / "passwords"
        passwords.write_text(f"{USER}:{_hashed(password)}\n")
        passwords.chmod(0o600)
        lines = [
            # Without it a broker started by root becomes another user, who may not read its own folder.
            *(["user root"] if os.geteuid() == 0 else []),
            "allow_anonymous false",
            f"password_file {passwords}",
            "persistence false",
            f"max_queued_messages {QUEUE_MESSAGES}",
            "set_tcp_nodelay true",
            "log_dest stderr",
            "log_type error",
            "log_type warning",
            f"listener {port} {ports.LOOPBACK}",
        ]
        config = folder / "mosquitto.conf"
        config.write_text("".join(f"{line}\n" for line in lines))
        self._log = folder / "mosquitto.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the installed broker with our own configuration
                [program, "-c", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal is for us: the broker ends when we say so.
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not ports.is_listening(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise BrokerError(f"Mosquitto: wanted it to listen on port {port}, got none; see {self._log}")
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Amqtt:
    """amqtt in a thread of this process. It loses messages under load, so meters publish slowly to it."""

    version = "3.1.1"
    name = "amqtt"

    def __init__(self, folder: pathlib.Path, *, port: int, password: str) -> None:
        # Optional dependencies of the demo, needed only where Mosquitto is not installed.
        from amqtt.broker import Broker as AmqttBroker  # noqa: PLC0415
        from pwdlib.hashers.argon2 import Argon2Hasher  # noqa: PLC0415

        passwords = folder / "passwords"
        passwords.write_text(f"{USER}:{Argon2Hasher().hash(password)}\n")
        passwords.chmod(0o600)
        config: dict[str, object] = {
            "listeners": {
                "default": {"type": "tcp", "bind": f"{ports.LOOPBACK}:{port}", "max_connections": 20},
            },
            "plugins": {"amqtt.plugins.authentication.FileAuthPlugin": {"password_file": str(passwords)}},
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="amqtt", daemon=True)
        self._thread.start()
        self._broker = asyncio.run_coroutine_threadsafe(_made(AmqttBroker, config), self._loop).result(START_SECONDS)
        asyncio.run_coroutine_threadsafe(self._broker.start(), self._loop).result(START_SECONDS)

    def stop(self) -> None:
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._broker.shutdown(), self._loop).result(STOP_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)


async def _made(kind: "type[AmqttBroker]", config: dict[str, object]) -> "AmqttBroker":
    # The broker takes the loop that runs while it is made.
    return kind(config)


def _hashed(password: str) -> str:
    """A password as Mosquitto's password file holds it: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
