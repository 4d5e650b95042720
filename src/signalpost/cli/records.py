"""Commands that prove: why somebody got something or nothing, and whether the records are intact."""

import argparse

from signalpost import settings, wiring
from signalpost.acts import explain, prove
from signalpost.cli.command import Command, CommandError, Needs


def _why(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    found = explain.why(given.ref)
    if not found:
        raise CommandError(f"wanted a communication, decision or customer, got none named {given.ref!r}")
    for answer in found:
        print("\n".join(explain.lines(answer)))
        print()
    return 0


def _why_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", help="Reference of a communication, or of a customer for the latest decisions.")


def _verify(given: argparse.Namespace, read: settings.Settings) -> int:
    del given
    result = prove.verify(wiring.parts_of(read).archive)
    for problem in result.problems:
        print(problem)
    print(f"log: {result.facts} facts, {'intact' if result.is_intact else 'BROKEN'}; head {result.head or 'none'}")
    print(f"archive: {result.documents} documents, {len(result.problems)} problems")
    return 0 if result.is_intact else 1


COMMANDS = (
    Command(
        name="why",
        help="Say why somebody got something, or nothing.",
        run=_why,
        arguments=_why_arguments,
        needs=Needs.WORK,
    ),
    Command(name="verify", help="Check the whole log and every document, offline.", run=_verify, needs=Needs.WORK),
)
