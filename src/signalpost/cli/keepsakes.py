"""Commands that keep a copy: backup and restore."""

import argparse
import pathlib
import sys

from signalpost import settings
from signalpost.acts import keepsakes
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.store import dumps


def _backup(given: argparse.Namespace, read: settings.Settings) -> int:
    try:
        made = keepsakes.make(pathlib.Path(given.target), data_folder=read.folder(), told=_told)
    except (keepsakes.KeepsakeError, dumps.DumpError) as error:
        raise CommandError(str(error)) from error
    print(f"{given.target}: {made.packs} packs, log head {made.head or 'none'}")
    return 0


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", help="A folder (again: only new documents are copied), or a new file `NAME.tar`.")


def _restore(given: argparse.Namespace, read: settings.Settings) -> int:
    try:
        taken = keepsakes.take_back(
            pathlib.Path(given.source), data_folder=read.folder(), replaces=given.replace, told=_told
        )
    except (keepsakes.KeepsakeError, dumps.DumpError) as error:
        raise CommandError(str(error)) from error
    made_at = taken.made_at.isoformat(timespec="seconds")
    print(f"{given.source}: restored, made at {made_at}; check it with `signalpost verify`")
    return 0


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="What `backup` made.")
    parser.add_argument("--replace", action="store_true", help="Put it in the place of what is there.")


def _told(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


COMMANDS = (
    Command(
        name="backup",
        help="Back up database, documents and secret while everything runs.",
        run=_backup,
        arguments=_backup_arguments,
        needs=Needs.WORK,
    ),
    Command(
        name="restore",
        help="Restore a backup, into an empty place unless told otherwise.",
        run=_restore,
        arguments=_restore_arguments,
        needs=Needs.ALL,
    ),
)
