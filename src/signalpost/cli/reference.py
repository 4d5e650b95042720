"""Commands that print what there is: settings."""

import argparse

import msgspec

from signalpost import settings
from signalpost.cli.command import Command, Needs


def _settings(given: argparse.Namespace, read: settings.Settings) -> int:
    del given
    for row in settings.rows():
        value = msgspec.structs.asdict(read)[row.name]
        shown = "(set)" if row.is_secret and value else repr(value)
        print(f"{settings.PREFIX}{row.name.upper()} = {shown}\n    {row.help}")
    return 0


COMMANDS = (
    Command(name="settings", help="Print every setting with its value and help.", run=_settings, needs=Needs.NOTHING),
)
