"""A private cluster of Debian's PostgreSQL 15, the oldest version we run on, over TCP on 127.0.0.1 with a password."""

import contextlib
import os
import secrets
import shutil
import signal
from collections.abc import Generator
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from . import inventory, processes

#: PostgreSQL refuses to run as root; the package brings this account.
ACCOUNT = "postgres"
SUPERUSER = "postgres"
MAINTENANCE_DATABASE = "postgres"


class Cluster:
    """A running cluster; `url` names its first database."""

    def __init__(self, folder: Path) -> None:
        """Prepare a cluster below `folder`; `start` fills and runs it."""
        self.folder = folder
        self.data = folder / "data"
        self.host = processes.LOOPBACK
        self.port = processes.free_port()
        self.password = secrets.token_hex(8)
        self.log = folder / "postgres.log"

    @property
    def url(self) -> str:
        """URL of the database "signalpost", for the superuser."""
        return self.url_of("signalpost")

    def url_of(self, database: str) -> str:
        """URL of `database`, for the superuser."""
        return f"postgresql://{SUPERUSER}:{self.password}@{self.host}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database `name` and give its URL."""
        self._run_alone(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drop the database `name`, ending the connections to it."""
        self._run_alone(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def log_tail(self) -> str:
        """Give the last lines of the server's log."""
        return processes.tail_of(self.log)

    def kill(self) -> None:
        """End the server and its sessions as a power cut does."""
        # Sessions are process groups of their own, and one that lives on keeps the server from starting again.
        sessions = psutil.Process(self.process.pid).children()
        self.process.kill()
        for session in sessions:
            with contextlib.suppress(psutil.NoSuchProcess):
                session.kill()
        psutil.wait_procs(sessions, timeout=processes.STOP_SECONDS)

    def stop(self) -> None:
        """End the server and its sessions in good order."""
        self.process.stop(with_signal=signal.SIGINT)

    def restart(self) -> None:
        """Run again on the same port with the same data."""
        settings = {
            "listen_addresses": self.host,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "log_line_prefix": "%m [%p] ",
            "max_connections": 200,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.process = processes.Process(
            [inventory.POSTGRES15_BIN / "postgres", "-D", self.data, *options], log=self.log, user=ACCOUNT
        )
        self.process.wait_until_ready(self._answers, what=f"answer on port {self.port}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url_of(MAINTENANCE_DATABASE)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run_alone(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url_of(MAINTENANCE_DATABASE), autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def start(folder: Path | None = None) -> Generator[Cluster]:
    """Run a new cluster in `folder` (default: a new one), as an unprivileged account when we are root."""
    with processes.folder_for("postgres15", folder) as base:
        cluster = Cluster(base)
        if os.geteuid() == 0:
            shutil.chown(base, ACCOUNT)
        _create(cluster)
        cluster.restart()
        try:
            cluster.create_database("signalpost")
            yield cluster
        finally:
            cluster.stop()


def _create(cluster: Cluster) -> None:
    password_file = cluster.folder / "password"
    password_file.write_text(cluster.password)
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync", f"--username={SUPERUSER}"]
    initdb = inventory.POSTGRES15_BIN / "initdb"
    processes.run([initdb, "-D", cluster.data, *options, f"--pwfile={password_file}"], user=ACCOUNT)
