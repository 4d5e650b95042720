"""Commands between the library and folders of files: pull, push, diff, test, start from a letter."""

import argparse
import os
import pathlib
import sys
from collections.abc import Sequence

import msgspec

from signalpost import settings, wiring
from signalpost.acts import expecting, filing, starting
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.playbooks import reading, translating, writing
from signalpost.vocabulary import library

#: No database is asked where only files are looked at; nobody answers at this address.
_NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


def _pull(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    form = translating.Form(given.translations) if given.translations else None
    try:
        pulled = filing.pull(pathlib.Path(given.folder), _source(given), names=given.name, form=form, prune=given.prune)
    except (filing.UnknownNameError, writing.WritingError, reading.PlaybookError, OSError) as error:
        raise CommandError(str(error)) from error
    for path in pulled.changed:
        print(path)
    for key in pulled.only_here:
        print(f"only in the folder: {key.kind} {key.name} (--prune takes it away)", file=sys.stderr)
    print(f"{pulled.items} items, {len(pulled.changed)} files changed", file=sys.stderr)
    return 0


def _pull_arguments(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("name", nargs="*", help="Items, with all that they use: `bill-ready`, `texts/greeting`.")
    _sources(parser)
    parser.add_argument(
        "--translations",
        choices=[form.value for form in translating.Form],
        help="Keep languages that translate the first one as gettext or XLIFF 2.0; otherwise as the folder does.",
    )
    parser.add_argument("--prune", action="store_true", help="Take away what the folder has and the source has not.")


def _push(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    by = filing.person(given.by)
    if by is None:
        raise CommandError(f"--by: wanted a member of staff, got {given.by!r}")
    folder = pathlib.Path(given.folder)
    if not folder.is_dir():
        raise CommandError(f"{folder}: wanted a folder")
    try:
        pushed = filing.push(folder, by=by, title=given.title or f"Files of {folder.name}", release=given.release)
    except (LookupError, reading.PlaybookError, OSError) as error:
        raise CommandError(str(error)) from error
    for line in pushed.refused:
        print(line)
    if pushed.refused:
        print(f"nothing was pushed: {len(pushed.refused)} refused", file=sys.stderr)
        return 1
    for key in pushed.written:
        print(f"working copy: {key.kind} {key.name}")
    if pushed.release is None:
        print("nothing differs from what is live", file=sys.stderr)
        return 0
    for change in pushed.release.changes:
        print(f"changed: {change.key.kind} {change.key.name}")
    print(f"draft release {pushed.release.ref}: to be submitted and approved by others")
    return 0


def _push_arguments(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("--by", required=True, help="Who pushes: a member of staff. It is their change.")
    parser.add_argument("--title", default="", help="What the release is about.")
    parser.add_argument("--release", default="", metavar="R", help="Change this draft release instead of a new one.")


def _diff(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    try:
        found, absent = filing.differences(pathlib.Path(given.folder), _source(given))
    except (writing.WritingError, reading.PlaybookError, OSError) as error:
        raise CommandError(str(error)) from error
    for difference in found:
        print("\n".join(difference.lines))
    for key in absent if given.all else ():
        print(f"not in the folder: {key.kind} {key.name}")
    print(f"{len(found)} files differ; {len(absent)} items are not in the folder", file=sys.stderr)
    return 1 if found or (given.all and absent) else 0


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    _sources(parser)
    parser.add_argument("--all", action="store_true", help="Items that the folder does not have are a difference too.")


def _test(given: argparse.Namespace, read: settings.Settings) -> int:
    wiring.set_up(read, database_url=_NO_DATABASE, apps=wiring.WORK_APPS)
    folder = pathlib.Path(given.folder)
    if not folder.is_dir():
        raise CommandError(f"{folder}: wanted a folder")
    try:
        outcome = expecting.run(
            folder,
            names=given.name,
            update=given.update,
            workers=len(os.sched_getaffinity(0)),
            out=pathlib.Path(given.out) if given.out else None,
            progress=_progress,
        )
    except (reading.PlaybookError, OSError) as error:
        raise CommandError(str(error)) from error
    _tell(outcome.findings)
    summary = {
        "communications": outcome.communications,
        "samples": outcome.samples,
        "texts": outcome.texts,
        "pictures": outcome.pictures,
        "updated": len(outcome.updated),
        "different": len(outcome.findings),
    }
    print(msgspec.json.encode(summary).decode())
    return 1 if outcome.findings else 0


def _test_arguments(parser: argparse.ArgumentParser) -> None:
    _folder(parser)
    parser.add_argument("name", nargs="*", help="Names of communications; all of the folder when none is given.")
    parser.add_argument("--update", action="store_true", help="What comes is what is expected from now on.")
    parser.add_argument("--out", default="", metavar="FOLDER", help="Where what is not as expected is put.")


def _start(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    by = filing.person(given.by)
    if by is None:
        raise CommandError(f"--by: wanted a member of staff, got {given.by!r}")
    try:
        letter, rows = (
            starting.Upload(name=name, content=pathlib.Path(name).read_bytes()) if name else None
            for name in (given.letter, given.data)
        )
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from error
    assert letter is not None
    try:
        made = starting.start_from(letter, rows, name=given.name, language=given.language, zone=given.time_zone, by=by)
    except starting.LetterError as error:
        raise CommandError(str(error)) from error
    print("\n".join(starting.report(made)))
    print(f"draft: {made.communication.name}; `signalpost templates pull FOLDER {made.communication.name} --drafts`")
    return 0


def _start_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("letter", metavar="LETTER", help="A PDF or Word (.docx) file.")
    parser.add_argument("--data", default="", metavar="FILE", help="The data the letter was made from: JSON or CSV.")
    parser.add_argument("--name", required=True, help="Name of the new communication.")
    parser.add_argument("--language", required=True, help="Language of the letter: en, de, pt-BR.")
    parser.add_argument("--time-zone", default="UTC", help="Zone in which times of the letter are written.")
    parser.add_argument("--by", required=True, help="Who starts it: a member of staff. It is their change.")


def _tell(findings: Sequence[expecting.Finding]) -> None:
    for finding in findings:
        print(f"{finding.place}: {finding.message}" if finding.message else finding.place)


def _progress(number: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if number == total else ""
        print(f"\r{number} of {total} communications", end=end, file=sys.stderr, flush=True)


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="Where the files lie: see docs/templates.md.")


def _sources(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--drafts", action="store_true", help="The working copies instead of what is live.")
    which.add_argument("--release", default="", metavar="R", help="What is live with this release laid over it.")


def _source(given: argparse.Namespace) -> library.Shelf:
    if given.drafts:
        return filing.working_copies()
    if not given.release:
        return filing.live()
    try:
        return filing.in_release(given.release)
    except LookupError as error:
        raise CommandError(f"--release: {error}") from error


COMMANDS = (
    Command(
        name="templates pull",
        help="Write what is live, or the working copies, as readable files.",
        run=_pull,
        arguments=_pull_arguments,
    ),
    Command(
        name="templates push",
        help="Make working copies and a draft release of the files in a folder; approves nothing.",
        run=_push,
        arguments=_push_arguments,
    ),
    Command(
        name="templates diff",
        help="Show how files differ from what is live, or from the working copies; exits with 1 if they do.",
        run=_diff,
        arguments=_diff_arguments,
    ),
    Command(
        name="templates test",
        help="Compose every sample and compare it with the texts and pictures that are expected.",
        run=_test,
        arguments=_test_arguments,
        needs=Needs.NOTHING,
    ),
    Command(
        name="templates start-from",
        help="Start a draft from a letter that exists and its data; says what could not be carried over.",
        run=_start,
        arguments=_start_arguments,
    ),
)
