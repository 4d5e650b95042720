"""Commands on what is said: checked with the production engines, and moved between files and the console."""

import argparse
import os
import pathlib
import sys
from collections.abc import Mapping, Sequence

import msgspec

from signalpost import settings, wiring
from signalpost.acts import checking, judging, releasing, studio
from signalpost.cli import folders as file_commands
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.playbooks import load, reading
from signalpost.vocabulary import library, parties, templates

#: Nothing is asked of a database where only what ships is checked; nobody answers at this address.
_NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


class _Tally(msgspec.Struct):
    """What the last line says."""

    templates: int = 0
    samples: int = 0
    documents: int = 0
    pdfs: int = 0
    pdf_valid: int = 0
    pages: int = 0
    pages_clean: int = 0
    warnings: int = 0
    errors: int = 0


def _check(given: argparse.Namespace, read: settings.Settings) -> int:
    if not given.name and not given.all:
        raise CommandError("communications: wanted names, or --all")
    if given.live:
        wiring.set_up(read)
        shelf, assets = releasing.shelf(), None
    else:
        wiring.set_up(read, database_url=_NO_DATABASE, apps=wiring.WORK_APPS)
        shelf, assets = _shipped()
    subjects = _asked(given.name, shelf)
    engines = studio.fresh(workers=len(os.sched_getaffinity(0)), assets=assets)
    tally = _Tally()
    documents: list[checking.Document] = []
    try:
        for number, (name, subject) in enumerate(subjects.items(), start=1):
            _progress(f"{number} of {len(subjects)}: {name}")
            checked = checking.check_subject(subject, given=engines)
            tally.templates += 1
            tally.samples += len(subject.samples)
            documents += checked.documents
            _tell(name, checked.findings, tally, as_json=given.json)
    finally:
        studio.close(engines)
    tally.documents = len(documents)
    _judge(documents, read, tally, strict=given.strict, as_json=given.json)
    _progress("")
    print(msgspec.json.encode(tally).decode())
    return 1 if tally.errors else 0


def _judge(
    documents: Sequence[checking.Document], read: settings.Settings, tally: _Tally, *, strict: bool, as_json: bool
) -> None:
    """Ask the judges that are there; under --strict a document that nobody judges is an error."""
    letters, browser = judging.letters(read), judging.pages(read)
    mine = checking.numbers_of(documents, parties.ChannelKind.LETTER)
    mails = checking.numbers_of(documents, parties.ChannelKind.EMAIL)
    tally.pdfs, tally.pages = len(mine), len(mails)
    for what, count, judge, remedy in (
        ("letters", len(mine), letters, judging.GET_VERAPDF),
        ("e-mails", len(mails), browser, judging.GET_BROWSER),
    ):
        if count and judge is None:
            severity = templates.FindingSeverity.ERROR if strict else templates.FindingSeverity.WARNING
            message = f"{count} {what} were not judged: no judge is there"
            finding = templates.Finding(place=what, severity=severity, message=message, remedy=remedy)
            _tell("", [finding], tally, as_json=as_json)
    _progress(f"judging {len(mine)} letters and {len(mails)} e-mails")
    try:
        verdicts = checking.judged(documents, letters=letters, browser=browser)
    except judging.JudgeError as error:
        raise CommandError(str(error)) from error
    for number, failures in verdicts.items():
        document = documents[number]
        tally.pdf_valid += document.rendition.channel is parties.ChannelKind.LETTER and not failures
        tally.pages_clean += document.rendition.channel is parties.ChannelKind.EMAIL and not failures
        _tell(document.communication, checking.condemned(document, failures), tally, as_json=as_json)


def _tell(name: str, findings: Sequence[templates.Finding], tally: _Tally, *, as_json: bool) -> None:
    """Print findings and count them."""
    if findings:
        _progress("")
    for one in findings:
        is_error = one.severity is templates.FindingSeverity.ERROR
        tally.errors += is_error
        tally.warnings += not is_error
        if as_json:
            print(msgspec.json.encode({"communication": name, **msgspec.to_builtins(one)}).decode())
        else:
            at = ": ".join(part for part in (name, one.place) if part)
            print(f"{one.severity}  {at}: {one.message}\n         → {one.remedy}", flush=True)


def _progress(text: str) -> None:
    """One line on standard error that the next one replaces; "" takes it away."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)


def _asked(names: Sequence[str], shelf: library.Shelf) -> Mapping[str, checking.Subject]:
    """What is to be checked, by name; everything where no name is given."""
    found = {item.name: item for item in shelf.values() if isinstance(item, library.Communication)}
    unknown = sorted(set(names) - set(found))
    if unknown:
        raise CommandError(f"communication: wanted one of {', '.join(sorted(found))}, got {unknown[0]!r}")
    return {name: checking.subject(item, shelf) for name, item in sorted(found.items()) if not names or name in names}


def _shipped() -> tuple[library.Shelf, studio.Assets]:
    """What the playbooks that come with the product hold, and the bytes of their images."""
    whole: library.Shelf = {}
    files: dict[str, pathlib.Path] = {}
    for folder in load.BUILT_IN:
        try:
            own, every = load.shelf(folder)
        except reading.PlaybookError as error:
            raise CommandError(str(error)) from error
        if own.problems:
            raise CommandError(own.problems[0])
        whole |= every
        files |= own.bytes_at
    return whole, lambda digest: files[digest].read_bytes() if digest in files else None


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="*", help="Names of communications.")
    parser.add_argument("--all", action="store_true", help="Every communication there is.")
    parser.add_argument("--live", action="store_true", help="What is live in this installation, not what ships.")
    parser.add_argument("--strict", action="store_true", help="Fail for what no judge could look at, too.")
    parser.add_argument("--json", action="store_true", help="One JSON object a finding.")


COMMANDS = (
    Command(
        name="templates check",
        help="Render every sample in every language on every channel and have it judged; ends with a line of JSON.",
        run=_check,
        arguments=_check_arguments,
        needs=Needs.NOTHING,
    ),
    *file_commands.COMMANDS,
)
