"""A private Mosquitto on 127.0.0.1: MQTT 3.1.1 and 5, a password, TLS, and a memory on disk."""

import contextlib
import os
import signal
from collections.abc import Generator
from pathlib import Path

from . import certificates, inventory, processes

MEMORY_NAME = "mosquitto.db"


class Mosquitto:
    """A running broker; both of its ports ask for the same user name and password."""

    def __init__(self, folder: Path, *, login: tuple[str, str]) -> None:
        """Prepare a broker in `folder`; `start` fills and runs it."""
        self.folder = folder
        self.host = processes.LOOPBACK
        self.port = processes.free_port()
        self.tls_port = processes.free_port()
        self.username, self.password = login
        self.log = folder / "mosquitto.log"
        self.certificate = certificates.make(folder)

    @property
    def authority(self) -> Path:
        """PEM file of the authority that signed the server's certificate (127.0.0.1, localhost)."""
        return self.certificate.authority

    def log_tail(self) -> str:
        """Give the last lines of the broker's log."""
        return processes.tail_of(self.log)

    def stop(self) -> None:
        """End the broker in good order: it writes what it must remember."""
        self.process.stop()

    def save(self) -> None:
        """Have the broker write everything it must remember to disk, and wait until it did."""
        memory = self.folder / MEMORY_NAME

        def written_at() -> int:
            return memory.stat().st_mtime_ns if memory.exists() else 0

        before = written_at()
        os.kill(self.process.pid, signal.SIGUSR1)
        self.process.wait_until(lambda: written_at() != before, what="saved memory")

    def kill(self) -> None:
        """End the broker as `kill -9` does.

        It saves by itself after each change, but acknowledges before: of 5 messages acknowledged immediately before a
        kill, 1 was lost. `save` first where the test is not about that.
        """
        self.process.kill()

    def freeze(self) -> None:
        """Keep the broker from running while its connections stay open, as a network that swallows everything."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen broker go on."""
        os.kill(self.process.pid, signal.SIGCONT)

    def restart(self) -> None:
        """Run again on the same ports with what was remembered."""
        command = inventory.find_command("mosquitto") or "mosquitto"
        self.process = processes.Process([command, "-c", self.folder / "mosquitto.conf"], log=self.log)
        self.process.wait_until_ready(
            lambda: all(processes.is_listening(port) for port in (self.port, self.tls_port)),
            what=f"answer on ports {self.port} and {self.tls_port}",
        )


@contextlib.contextmanager
def start(
    folder: Path | None = None,
    *,
    login: tuple[str, str] = ("signalpost", "correct horse"),
    queue_limit_messages: int = 100_000,
) -> Generator[Mosquitto]:
    """Run a Mosquitto of our own in `folder` (default: a new one).

    `login` is the one user and password it knows; `queue_limit_messages` bounds what it keeps for one client that is
    away or slow (Mosquitto's own default of 1,000 loses messages without a word).
    """
    with processes.folder_for("mosquitto", folder) as base:
        broker = Mosquitto(base, login=login)
        _write_config(broker, queue_limit_messages=queue_limit_messages)
        broker.restart()
        try:
            yield broker
        finally:
            broker.process.stop()


def _write_config(broker: Mosquitto, *, queue_limit_messages: int) -> None:
    passwords = broker.folder / "passwords"
    command = inventory.find_command("mosquitto_passwd") or "mosquitto_passwd"
    processes.run([command, "-b", "-c", passwords, broker.username, broker.password])
    lines = [
        *(["user root"] if os.geteuid() == 0 else []),
        "allow_anonymous false",
        f"password_file {passwords}",
        "persistence true",
        f"persistence_location {broker.folder}/",
        "autosave_on_changes true",
        "autosave_interval 1",
        f"max_queued_messages {queue_limit_messages}",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
        f"listener {broker.port} {broker.host}",
        f"listener {broker.tls_port} {broker.host}",
        f"certfile {broker.certificate.chain}",
        f"keyfile {broker.certificate.key}",
    ]
    (broker.folder / "mosquitto.conf").write_text("".join(f"{line}\n" for line in lines))
