"""The command line: thin over acts and work. `signalpost --help` lists the commands; docs/cli.md is made from them."""

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from signalpost import settings, telemetry
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.store import embedded

#: Which module has which commands. Only the module of the command that was asked for is imported: all of them take
#: 2.5 s of processor time, which every process of an installation would spend at its start.
MODULES: Mapping[str, Sequence[str]] = {
    "serving": ("serve",),
    "processes": ("work", "worker", "listen"),
    "operations": (
        "migrate",
        "install",
        "import",
        "pause",
        "resume",
        "dead-letters",
        "redrive",
        "quarantine",
        "replay",
        "unclear",
        "settle",
        "client",
        "user",
    ),
    "records": ("why", "verify"),
    "keepsakes": ("backup", "restore"),
    "doctor": ("doctor",),
    "templates": (
        "templates check",
        "templates pull",
        "templates push",
        "templates diff",
        "templates test",
        "templates start-from",
    ),
    "releases": (
        "release list",
        "release show",
        "release submit",
        "release approve",
        "release withdraw",
        "drift",
    ),
    "demo": ("demo", "try"),
    "reference": ("settings",),
}
#: Commands of two words, by the first one: what the group is for.
GROUPS: Mapping[str, str] = {
    "release": "Look at changes of the library, and take them through their review.",
    "templates": "Check what communications say, and move it between files and the console.",
}
#: Modules of commands that run, whose processes add to the same figures.
RUNNING = frozenset({"serving", "processes"})
#: Exit code of a command whose reader went away (`signalpost why X | head -1`), as a shell reports SIGPIPE.
READER_GONE = 141


def commands(module: str = "") -> tuple[Command, ...]:
    """Every command, or those of one module."""
    found: list[Command] = []
    for name in [module] if module else MODULES:
        own: tuple[Command, ...] = importlib.import_module(f"signalpost.cli.{name}").COMMANDS
        found += own
    return tuple(found)


def parser(known: Sequence[Command]) -> argparse.ArgumentParser:
    """The parser of these commands."""
    top = argparse.ArgumentParser(
        prog="signalpost",
        description="Turns what happens into the right communication to the right person, proves it and reports back.",
    )
    groups = {"": top.add_subparsers(dest="command", required=True, metavar="COMMAND")}
    for command in known:
        group, _, action = command.name.rpartition(" ")
        if group not in groups:
            described = GROUPS[group]
            opened = groups[""].add_parser(group, help=described, description=described)
            groups[group] = opened.add_subparsers(dest="action", required=True, metavar="ACTION")
        added = groups[group].add_parser(action, help=command.help, description=command.help)
        added.set_defaults(command=command.name)
        command.arguments(added)
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code: 0 done, 1 it says what is wrong, 2 the words are off."""
    words = sys.argv[1:] if arguments is None else arguments
    module = next((module for module, names in MODULES.items() if words and _is_among(words[0], names)), "")
    if module in RUNNING:
        with contextlib.suppress(settings.SettingError):
            telemetry.share_figures(settings.load(os.environ).folder())
    known = commands(module)
    given = parser(known).parse_args(words)
    command = next(command for command in known if command.name == given.command)
    sys.exit(carry_out(command, given, prepare=_prepare))


def _is_among(word: str, names: Sequence[str]) -> bool:
    """Whether a first word begins one of the commands."""
    return any(name.split()[0] == word for name in names)


def carry_out(
    command: Command, given: argparse.Namespace, *, prepare: Callable[[Command, settings.Settings], None]
) -> int:
    """Carry out a command, and say in one line what is wrong when it cannot be; the exit code."""
    try:
        read = settings.load(os.environ)
        prepare(command, read)
        code = _run(command, given, read)
        sys.stdout.flush()
    except (CommandError, settings.SettingError, embedded.EmbeddedError) as error:
        print(f"signalpost {command.name}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # What is left to write has no reader; the interpreter would complain of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return code


def _prepare(command: Command, read: settings.Settings) -> None:
    if command.needs == Needs.NOTHING:
        return
    # 1.5 s of imports that a command without a database can do without.
    from signalpost import wiring  # noqa: PLC0415

    match command.needs:
        case Needs.FORKS:
            wiring.prepare(read, apps=wiring.WORK_APPS)
        case Needs.WORK:
            wiring.set_up(read, apps=wiring.WORK_APPS)
        case Needs.ALL:
            wiring.set_up(read)
        case _:
            assert_never(command.needs)


def _run(command: Command, given: argparse.Namespace, read: settings.Settings) -> int:
    if command.needs == Needs.NOTHING:
        return command.run(given, read)
    from django import db  # noqa: PLC0415 - as in `_prepare`

    try:
        return command.run(given, read)
    except db.OperationalError as error:
        raise CommandError(f"database: wanted it to answer, got {_first_line(error)}") from error
    except db.ProgrammingError as error:
        raise CommandError(f"database: {_first_line(error)}; run `signalpost migrate`") from error


def _first_line(error: Exception) -> str:
    """What a database says first; what follows names rows."""
    return str(error).partition("\n")[0]
