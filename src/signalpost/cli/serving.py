"""The command that runs the web server."""

import argparse

from granian import Granian
from granian.constants import Interfaces

from signalpost import settings
from signalpost.cli import children
from signalpost.cli.command import Command, Needs

#: Threads of a web server process that wait for the database.
WEB_THREADS = 16


def _serve(given: argparse.Namespace, read: settings.Settings) -> int:
    children.mind_parent(given)
    server = Granian(
        "signalpost.wiring:wsgi_application",
        address=read.host,
        port=read.port,
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=WEB_THREADS,
        log_access=False,
    )
    server.serve()
    return 0


COMMANDS = (
    # Its worker process makes the database ready: Granian forks it.
    Command(
        name="serve",
        help="Run the web server: API, console and portal.",
        run=_serve,
        arguments=children.arguments,
        needs=Needs.NOTHING,
    ),
)
