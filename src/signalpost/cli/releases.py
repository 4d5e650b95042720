"""Commands on releases: look at them, and take them through their review as a member of staff."""

import argparse
import datetime as dt
import sys

from signalpost import settings
from signalpost.acts import filing, releasing
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.vocabulary import library


def _list(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    rows = releasing.releases(state=given.state)
    for row in rows:
        at = row.live_at or row.effective_from
        print(f"{row.ref}  {row.state:<10} {at.isoformat() if at else '-':<32} {row.change_count:>4}  {row.title}")
    print(f"{len(rows)} releases", file=sys.stderr)
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    states = [state.value for state in library.ReleaseState]
    parser.add_argument("--state", default="", choices=states, help="Those in this state alone.")


def _show(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    try:
        found = releasing.release(given.ref)
        needed = releasing.steps(given.ref)
    except LookupError as error:
        raise CommandError(str(error)) from error
    _tell(found)
    for change in found.changes:
        became = "taken out of use" if not change.digest else "changed" if change.base else "new"
        print(f"  {became}: {change.key.kind} {change.key.name}")
    for content in found.contents:
        became = "no longer said" if not content.content else "said anew" if content.base else "said first"
        print(f"  {became}: {content.communication} in {content.language}")
    taken = {step.role: step for step in found.sign_offs}
    for role in needed:
        print(f"  {role}: {f'{taken[role].person}, {taken[role].at.isoformat()}' if role in taken else 'open'}")
    for comment in found.comments:
        print(f"  {comment.number} {comment.person} at {comment.place or 'all'}: {comment.text}")
    return 0


def _submit(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    return _done(given, lambda by: releasing.submit(given.ref, by=by))


def _approve(given: argparse.Namespace, read: settings.Settings) -> int:
    """Take the next step of the review: the last one is the approval with its dates."""
    del read
    begins, ends = _moment(given.effective_from, "--from"), _moment(given.effective_to, "--to")

    def act(by: releasing.Person) -> library.Release | releasing.Refused:
        if len(releasing.release(given.ref).sign_offs) + 1 < len(releasing.steps(given.ref)):
            return releasing.sign_off(given.ref, by=by)
        return releasing.approve(given.ref, by=by, effective_from=begins, effective_to=ends)

    return _done(given, act)


def _approve_arguments(parser: argparse.ArgumentParser) -> None:
    _acting(parser)
    parser.add_argument("--from", dest="effective_from", default="", metavar="TIME", help="When it goes live; now.")
    parser.add_argument("--to", dest="effective_to", default="", metavar="TIME", help="When its time is over; never.")


def _withdraw(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    return _done(given, lambda by: releasing.withdraw(given.ref, by=by, reason=given.reason))


def _withdraw_arguments(parser: argparse.ArgumentParser) -> None:
    _acting(parser)
    parser.add_argument("--reason", required=True, help="Why it is taken back.")


def _drift(given: argparse.Namespace, read: settings.Settings) -> int:
    del given, read
    found = releasing.drift()
    for each in found:
        print(f"{each.kind}: {each.subject}{f': {each.place}' if each.place else ''}: {each.detail}")
    print(f"{len(found)} found", file=sys.stderr)
    return 1 if found else 0


def _acting(parser: argparse.ArgumentParser) -> None:
    _ref(parser)
    parser.add_argument("--by", required=True, help="Who does it: a member of staff, in the roles they have.")


def _ref(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", help="Reference of the release.")


def _done(given: argparse.Namespace, act: "releasing.Act") -> int:
    by = filing.person(given.by)
    if by is None:
        raise CommandError(f"--by: wanted a member of staff, got {given.by!r}")
    try:
        answer = act(by)
    except LookupError as error:
        raise CommandError(str(error)) from error
    if isinstance(answer, releasing.Refused):
        raise CommandError(answer.text())
    _tell(answer)
    return 0


def _tell(found: library.Release) -> None:
    print(f"{found.ref}: {found.state}: {found.title}{f' ({found.reason})' if found.reason else ''}")


def _moment(text: str, name: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise CommandError(f"{name}: wanted a time with its offset such as 2026-01-31T08:00:00+01:00, got {text!r}")
    return found


COMMANDS = (
    Command(
        name="release list", help="List the latest releases.", run=_list, arguments=_list_arguments, needs=Needs.WORK
    ),
    Command(name="release show", help="Show what a release changes and who approved it.", run=_show, arguments=_ref),
    Command(name="release submit", help="Hand a release in for review.", run=_submit, arguments=_acting),
    Command(
        name="release approve",
        help="Take the next step of a release's review; the last one sets when it goes live.",
        run=_approve,
        arguments=_approve_arguments,
    ),
    Command(
        name="release withdraw",
        help="Take a release back; after it went live, what was in force before is so again.",
        run=_withdraw,
        arguments=_withdraw_arguments,
    ),
    Command(name="drift", help="Say what of the live library does not fit any more.", run=_drift),
)
