"""What a command is."""

import argparse
import enum
from collections.abc import Callable

import msgspec

from signalpost import settings


class CommandError(Exception):
    """A command cannot do what was asked; its text says what, wanted and got."""


class Needs(enum.Enum):
    """What is made ready before a command runs."""

    NOTHING = "nothing"
    #: The database with the tables of the path, and nothing of the web.
    WORK = "work"
    #: The same, but that the command connects itself: it forks before.
    FORKS = "forks"
    #: The database with everything that is installed.
    ALL = "all"


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """For commands without arguments."""
    del parser


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One command: its name, one line of help, its arguments and what it does."""

    name: str
    help: str
    #: Gives the exit code.
    run: Callable[[argparse.Namespace, settings.Settings], int]
    arguments: Callable[[argparse.ArgumentParser], None] = no_arguments
    needs: Needs = Needs.ALL
