"""The command that looks at everything and says what to do."""

import argparse
import datetime as dt
from collections.abc import Iterator

import msgspec

from signalpost import settings, wiring
from signalpost.acts import doctor
from signalpost.cli.command import Command, Needs
from signalpost.store import embedded
from signalpost.store.health import State


def _doctor(given: argparse.Namespace, read: settings.Settings) -> int:
    states: list[State] = []
    for finding in _findings(read):
        states.append(finding.state)
        print(msgspec.json.encode(finding).decode() if given.json else _line(finding), flush=True)
    if not given.json:
        print(f"{states.count(State.FAIL)} failures, {states.count(State.WARN)} warnings")
    return 1 if State.FAIL in states else 0


def _findings(read: settings.Settings) -> Iterator[doctor.Finding]:
    yield from doctor.outside(read)
    yield from doctor.ways_out(read, wiring.channels_of)
    try:
        wiring.set_up(read)
    except (embedded.EmbeddedError, OSError) as error:
        advice = "mend what it names, or name another PostgreSQL by SIGNALPOST_DATABASE_URL"
        yield doctor.Finding(name="database", state=State.FAIL, meaning=str(error), advice=advice)
        return
    yield from doctor.database(lambda: dt.datetime.now(dt.UTC))


def _line(finding: doctor.Finding) -> str:
    line = f"{finding.state:4}  {finding.name}: {finding.meaning}"
    return f"{line}\n      → {finding.advice}" if finding.advice else line


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="One JSON object a line.")


COMMANDS = (
    Command(
        name="doctor",
        help="Check settings, data folder, database, channels, fonts and queue, and say what to do; sends nothing.",
        run=_doctor,
        arguments=_doctor_arguments,
        needs=Needs.NOTHING,
    ),
)
