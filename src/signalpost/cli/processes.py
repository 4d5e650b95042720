"""Commands that work: the workers, the listeners, and what keeps both alive."""

import argparse
import asyncio
import datetime as dt
import os
from collections.abc import Callable, Sequence

from procrastinate.contrib.django import app

from signalpost import settings, wiring
from signalpost.acts import request
from signalpost.cli import children as child
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.telemetry import figures
from signalpost.vocabulary import events
from signalpost.work import calendar, parent, runner, supervisor


def _work(given: argparse.Namespace, read: settings.Settings) -> int:
    del given
    figures.forget_the_dead()
    chief = supervisor.Supervisor(children(read))
    words = chief.fork()
    wiring.connect(read)
    if words is not None:
        return _as_child(words, read)
    parent.stop_on_signals(chief.stop)
    chief.run(clock(read), every_seconds=calendar.TICK_SECONDS)
    return 0


def _as_child(words: Sequence[str], read: settings.Settings) -> int:
    """Run the command of a child in a process that was forked."""
    top = argparse.ArgumentParser()
    below = top.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        command.arguments(below.add_parser(command.name))
    given = top.parse_args(words)
    return next(command for command in COMMANDS if command.name == given.command).run(given, read)


def children(read: settings.Settings) -> list[supervisor.Child]:
    """The processes of `work`: workers for all lanes, workers for urgent work alone, listeners."""
    count = read.worker_processes or (os.cpu_count() or 1)
    lanes = ",".join(events.Lane)
    return [
        *(
            supervisor.Child(name=f"worker-{number}", arguments=["worker", "--lanes", lanes])
            for number in range(1, count + 1)
        ),
        *(
            supervisor.Child(name=f"urgent-{number}", arguments=["worker", "--lanes", events.Lane.URGENT])
            for number in range(1, read.urgent_processes + 1)
        ),
        *(supervisor.Child(name=f"listen-{name}", arguments=["listen", name]) for name in wiring.source_names(read)),
    ]


def clock(read: settings.Settings) -> Callable[[dt.datetime], None]:
    """What `work` looks at every `calendar.TICK_SECONDS`: due rows, and jobs of workers that are gone."""
    parts = wiring.parts_of(read)
    sweeper = runner.Sweeper(app)

    def look(now: dt.datetime) -> None:
        calendar.tick(parts, now=now)
        sweeper.look(now)

    return look


def _worker(given: argparse.Namespace, read: settings.Settings) -> int:
    lanes = [events.Lane(lane) for lane in given.lanes.split(",")]
    child.mind_parent(given)
    parts = wiring.parts_of(read)
    try:
        asyncio.run(runner.work(app, parts, lanes=lanes, name=f"{given.lanes}-{os.getpid()}"))
    finally:
        for engine in parts.engines.values():
            engine.close()
        for channel in parts.channels.values():
            channel.close()
    return 0


def _worker_arguments(parser: argparse.ArgumentParser) -> None:
    child.arguments(parser)
    parser.add_argument("--lanes", default=",".join(events.Lane), help="Lanes it works on, separated by commas.")


def _listen(given: argparse.Namespace, read: settings.Settings) -> int:
    if given.source not in wiring.source_names(read):
        wanted = ", ".join(wiring.source_names(read)) or "one that is configured"
        raise CommandError(f"source: wanted {wanted}, got {given.source!r}")
    source = wiring.source(read, given.source)
    parent.stop_on_signals(source.stop)
    child.mind_parent(given)
    via = wiring.channel_of_source(read, given.source)
    if via is None:
        source.run(request.sink(wiring.limits(read)))
    else:
        source.run(request.returns_sink(via))
    return 0


def _listen_arguments(parser: argparse.ArgumentParser) -> None:
    child.arguments(parser)
    parser.add_argument("source", help="mqtt, maildir or sms.")


COMMANDS = (
    Command(
        name="work", help="Run the workers, the listeners and the clock until stopped.", run=_work, needs=Needs.FORKS
    ),
    Command(
        name="worker",
        help="Run one worker process; `work` starts as many as the settings say.",
        run=_worker,
        arguments=_worker_arguments,
        needs=Needs.WORK,
    ),
    Command(
        name="listen",
        help="Run one listener (mqtt, maildir, sms); `work` starts those that are configured.",
        run=_listen,
        arguments=_listen_arguments,
        needs=Needs.WORK,
    ),
)
