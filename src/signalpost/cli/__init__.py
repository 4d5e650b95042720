"""The command line: thin over acts and work. `signalpost --help` lists the commands; docs/cli.md is made from them."""

import argparse
import os
import sys
from collections.abc import Sequence

from signalpost import settings, wiring
from signalpost.cli import demo, operations, processes, records, reference
from signalpost.cli.command import Command, CommandError
from signalpost.store import embedded

COMMANDS: tuple[Command, ...] = (
    *processes.COMMANDS,
    *operations.COMMANDS,
    *records.COMMANDS,
    *demo.COMMANDS,
    *reference.COMMANDS,
)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(
        prog="signalpost",
        description="Turns what happens into the right communication to the right person, proves it and reports back.",
    )
    below = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        added = below.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(added)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code: 0 done, 1 it says what is wrong, 2 the words are off."""
    given = parser().parse_args(arguments)
    command = next(command for command in COMMANDS if command.name == given.command)
    try:
        read = settings.load(os.environ)
        if command.needs_database:
            wiring.set_up(read)
        sys.exit(command.run(given, read))
    except (CommandError, settings.SettingError, embedded.EmbeddedError) as error:
        print(f"signalpost {command.name}: {error}", file=sys.stderr)
        sys.exit(1)
