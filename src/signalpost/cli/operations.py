"""Commands that steer: install playbooks, import data, pause, resume, redrive, replay, give access."""

import argparse
import getpass
import pathlib
import sys

from procrastinate.contrib.django import app

from signalpost import settings, wiring
from signalpost.acts import access, importing, operate
from signalpost.cli.command import Command, CommandError, Needs
from signalpost.playbooks import load, reading
from signalpost.store import schema
from signalpost.vocabulary import events
from signalpost.work import runner


def _migrate(given: argparse.Namespace, read: settings.Settings) -> int:
    del given, read
    schema.make_ready()
    print("database: ready")
    return 0


def _install(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    folders = {folder.name: folder for folder in load.BUILT_IN}
    for name in given.playbook:
        if name not in folders:
            raise CommandError(f"playbook: wanted one of {', '.join(folders)}, got {name!r}")
    try:
        installed = operate.install(
            [load.load(folders[name]) for name in (given.playbook or folders)],
            author=given.author,
            approver=given.approver,
        )
    except (operate.NotInstalledError, reading.PlaybookError) as error:
        raise CommandError(str(error)) from error
    print(f"playbooks: {installed.playbooks} installed, {installed.templates} template versions live")
    return 0


def _install_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("playbook", nargs="*", help="Names of playbooks; all of them when none is given.")
    parser.add_argument("--author", required=True, help="Who submits the templates.")
    parser.add_argument("--approver", required=True, help="Who approves them; another person than the author.")


def _import(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    try:
        content = pathlib.Path(given.file).read_bytes()
    except OSError as error:
        raise CommandError(f"{given.file!r}: {error.strerror}") from error
    result = importing.load(
        given.table,
        content,
        is_preview=given.preview,
        progress=lambda done, total: print(f"\r{done} of {total} rows", end="", file=sys.stderr, flush=True),
    )
    print(file=sys.stderr)
    for problem in result.problems:
        print(f"line {problem.line}: {problem.field}: wanted {problem.wanted}, got {problem.got!r}")
    verb = "would be stored" if given.preview else "stored"
    print(f"{given.table}: {result.good} rows {verb}, {len(result.problems)} refused")
    return 1 if result.problems else 0


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", choices=importing.TABLES, help="What the rows are.")
    parser.add_argument("file", help="A CSV file in UTF-8 with a heading row.")
    parser.add_argument("--preview", action="store_true", help="Check every row and store nothing.")


def _pause(given: argparse.Namespace, read: settings.Settings) -> int:
    kind, _, name = given.name.partition(":")
    known = {"lane": [str(lane) for lane in events.Lane], "channel": list(wiring.channel_names(read))}
    if name not in known.get(kind, []):
        wanted = ", ".join(f"{kind}:{name}" for kind, names in known.items() for name in names)
        raise CommandError(f"wanted one of {wanted}, got {given.name!r}")
    operate.pause(given.name, by=getpass.getuser(), reason=given.reason)
    print(f"{given.name}: paused")
    return 0


def _pause_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="`lane:LANE` or `channel:NAME`.")
    parser.add_argument("--reason", default="", help="Shown to everyone who wonders.")


def _resume(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    print(f"{given.name}: {'goes on' if operate.resume(given.name, by=getpass.getuser()) else 'was not paused'}")
    return 0


def _resume_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="`lane:LANE` or `channel:NAME`.")


def _dead_letters(given: argparse.Namespace, read: settings.Settings) -> int:
    del given, read
    letters = runner.dead_letters(app)
    for job in letters:
        print(f"{job.id}\t{job.task_name}\t{job.attempts} tries\t{job.task_kwargs}")
    print(f"{len(letters)} dead letters")
    return 0


def _redrive(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    if not operate.redrive(given.number, by=getpass.getuser()):
        raise CommandError(f"job: wanted one that gave up, got {given.number}; `dead-letters` lists them")
    print(f"job {given.number}: back in the queue")
    return 0


def _redrive_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, help="As `dead-letters` prints it.")


def _quarantine(given: argparse.Namespace, read: settings.Settings) -> int:
    del given, read
    rows = operate.quarantined()
    for row in rows:
        print(f"{row.id}\t{row.reason}\t{row.field or '/'}\twanted {row.wanted}\tgot {row.got}")
    print(f"{len(rows)} in quarantine")
    return 0


def _replay(given: argparse.Namespace, read: settings.Settings) -> int:
    if given.release:
        return _replay_release(given, read)
    if given.number is None:
        raise CommandError("wanted the number of a refused body, or --release, got neither")
    try:
        result = operate.replay(given.number, limits=wiring.limits(read), by=getpass.getuser())
    except LookupError as error:
        raise CommandError(f"{error}; `quarantine` lists them") from error
    for refusal in result.refusals:
        print(f"still refused: {refusal.reason}: {refusal.field}: wanted {refusal.wanted}, got {refusal.got}")
    print(f"{result.accepted} events accepted, {result.repeated} were there already")
    return 1 if result.refusals else 0


def _replay_release(given: argparse.Namespace, read: settings.Settings) -> int:
    # The engines and all that a replay needs: 1 s of imports that the other commands of this module do without.
    from signalpost.cli import replays  # noqa: PLC0415

    return replays.run(given, read)


def _replay_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", type=int, nargs="?", help="A refused body, as `quarantine` prints it: it is accepted again."
    )
    parser.add_argument(
        "--release", help="Instead: go through past cases with this release laid over, sending nothing."
    )
    parser.add_argument("--since", default="30d", help="Past cases from when: `12h`, `30d`, `4w`, or a date.")
    parser.add_argument("--limit", type=int, default=0, help="Cases at most, the latest first; 10,000 unless said.")
    parser.add_argument("--json", action="store_true", help="Print what was found as one JSON line.")


def _unclear(given: argparse.Namespace, read: settings.Settings) -> int:
    del given, read
    rows = operate.unclear()
    for row in rows:
        print(f"{row.ref}\t{row.via}\tcommunication {row.communication_id}\tsince {row.changed_at.isoformat()}")
    print(f"{len(rows)} deliveries wait for a person")
    return 0


def _settle(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    if not operate.settle_unclear(given.ref, given.decision, by=getpass.getuser()):
        raise CommandError(f"delivery: wanted an unclear one, got {given.ref!r}; `unclear` lists them")
    print(f"{given.ref}: {given.decision}")
    return 0


def _settle_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", help="As `unclear` prints it.")
    parser.add_argument(
        "decision", choices=("delivered", "failed", "resend"), help="What you found out, or send it again."
    )


def _client(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    made = access.make_client(given.name, scopes=given.scope)
    print(f"client_id={made.client_id}\nclient_secret={made.secret}")
    return 0


def _client_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="Which system it is for.")
    parser.add_argument("--scope", action="append", required=True, choices=tuple(access.SCOPES), help="What it may do.")


def _user(given: argparse.Namespace, read: settings.Settings) -> int:
    del read
    password = os_password()
    if not password:
        raise CommandError("password: wanted one on standard input, got none")
    access.make_staff(given.name, role=given.role, password=password)
    print(f"{given.name}: {given.role}")
    return 0


def os_password() -> str:
    """The password, typed without showing it, or read from a pipe."""
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _user_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="Login name.")
    parser.add_argument("--role", required=True, choices=access.ROLES, help="What they are here for.")


COMMANDS = (
    Command(name="migrate", help="Make or update the tables.", run=_migrate),
    Command(name="install", help="Install playbooks with their templates.", run=_install, arguments=_install_arguments),
    Command(name="import", help="Import customers and the like from CSV.", run=_import, arguments=_import_arguments),
    Command(name="pause", help="Pause a lane or channel.", run=_pause, arguments=_pause_arguments, needs=Needs.WORK),
    Command(
        name="resume",
        help="Let a paused lane or channel go on.",
        run=_resume,
        arguments=_resume_arguments,
        needs=Needs.WORK,
    ),
    Command(name="dead-letters", help="List jobs that gave up.", run=_dead_letters, needs=Needs.WORK),
    Command(
        name="redrive",
        help="Put a dead letter back into the queue.",
        run=_redrive,
        arguments=_redrive_arguments,
        needs=Needs.WORK,
    ),
    Command(name="quarantine", help="List what could not be accepted.", run=_quarantine, needs=Needs.WORK),
    Command(
        name="replay",
        help="Accept what lies in quarantine again; or show what a release would have changed.",
        run=_replay,
        arguments=_replay_arguments,
        needs=Needs.WORK,
    ),
    Command(
        name="unclear",
        help="List deliveries of which nobody knows whether they went out.",
        run=_unclear,
        needs=Needs.WORK,
    ),
    Command(
        name="settle",
        help="Decide about an unclear delivery.",
        run=_settle,
        arguments=_settle_arguments,
        needs=Needs.WORK,
    ),
    Command(name="client", help="Give a system access to the API.", run=_client, arguments=_client_arguments),
    Command(name="user", help="Give a person access to the console.", run=_user, arguments=_user_arguments),
)
