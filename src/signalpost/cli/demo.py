"""Commands that show: the demo, its check, one playbook alone."""

import argparse
import atexit
import contextlib
import pathlib
import shutil
import sys
import time
from collections.abc import Sequence

from signalpost import settings
from signalpost.cli import processes
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.demo import api, broker, checking, mailbox, rest, running, showing, story, trying
from signalpost.playbooks import load

_PROCESSES = running.Processes(children=processes.children, clock=processes.clock)


def _demo(given: argparse.Namespace, read: settings.Settings) -> int:
    started_at = time.monotonic()

    def told(sentence: str) -> None:
        print(f"[{time.monotonic() - started_at:6.1f} s] {sentence}", file=sys.stderr, flush=True)

    place = running.folder(read, is_fresh=given.check)
    done_with: list[pathlib.Path] = []
    # Handlers run in reverse order: the embedded database, attached later, stops before its folder is removed.
    atexit.register(_remove, done_with)
    try:
        with running.running(read, place, processes=_PROCESSES, told=told, is_fresh=given.check) as demo:
            if not given.check:
                showing.show(demo)
                return 0
            with contextlib.closing(mailbox.Mailbox(demo.stage.peers, demo.stage.town)) as page:
                told(f"Mailbox while it runs: {page.url}")
                result = checking.check(demo)
    except KeyboardInterrupt:
        return 130 if given.check else 0
    except (api.ApiError, broker.BrokerError, rest.NotAtRestError, running.DemoError, story.ActError) as error:
        raise CommandError(f"{error} (data folder {place})") from error
    for problem in result.problems:
        print(problem, file=sys.stderr)
    if result.problems:
        print(f"The data folder is kept: {place}", file=sys.stderr)
    elif not given.keep:
        done_with.append(place)
    print(result.line)
    return 1 if result.problems else 0


def _remove(places: Sequence[pathlib.Path]) -> None:
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="Play the story without a person, count, and end.")
    parser.add_argument("--keep", action="store_true", help="Keep the data folder of a check that went well.")


def _try(given: argparse.Namespace, read: settings.Settings) -> int:
    folders = {folder.name: folder for folder in load.BUILT_IN}
    if given.playbook not in folders:
        raise CommandError(f"playbook: wanted one of {', '.join(folders)}, got {given.playbook!r}")
    result = trying.run(given.playbook, read, told=lambda sentence: print(sentence, file=sys.stderr))
    print("\n".join(result.lines))
    return 1 if result.has_differences else 0


def _try_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("playbook", help="Name of a playbook.")


COMMANDS = (
    Command(
        name="demo",
        help="Run a made-up utility with 2,000 customers on this machine, and a storm.",
        run=_demo,
        arguments=_demo_arguments,
        needs=Needs.NOTHING,
    ),
    Command(
        name="try",
        help="Run one playbook on its samples, in memory, and show what differs from what it expects.",
        run=_try,
        arguments=_try_arguments,
        needs=Needs.NOTHING,
    ),
)
