"""The embedded PostgreSQL's folder: what lies in it, and whether this process may use it.

The folder is entirely the embedded PostgreSQL's own: it sets its mode, and refuses one that holds anything else.
"""

import contextlib
import dataclasses
import os
import pathlib
import pwd
from collections.abc import Generator

from signalpost.store.embedded import errors, kernel

#: The major version of the programs in use, which must be the one that wrote the cluster.
VERSION = "18"

CLUSTER = "cluster"
#: A cluster being made; it takes its name when it is whole.
CLUSTER_IN_MAKING = "cluster.new"
#: The folder of PostgreSQL's socket.
SOCKET_FOLDER = "socket"
#: Where the keeper is reached.
KEEPER_SOCKET = "keeper.sock"
#: Held for the moment in which an owner looks for a keeper or starts one.
START_LOCK = "start.lock"
#: Held by the keeper for its life.
KEEPER_LOCK = "keeper.lock"
#: Held by the server and every process it started: free means that none of them is left.
SERVER_LOCK = "server.lock"
LOG = "server.log"
LOG_BEFORE = "server.log.1"

_OURS = frozenset(
    {
        CLUSTER,
        CLUSTER_IN_MAKING,
        SOCKET_FOLDER,
        KEEPER_SOCKET,
        START_LOCK,
        KEEPER_LOCK,
        SERVER_LOCK,
        LOG,
        LOG_BEFORE,
    }
)
#: What a file system puts into its own top folder.
_OF_THE_FILE_SYSTEM = frozenset({"lost+found"})
_NAMES_SHOWN_MAX = 3

START_LOCK_SECONDS = 30.0
_TAIL_BYTES = 2_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """An open folder. Its files are reached through the descriptor, so the length of its path does not matter."""

    path: pathlib.Path
    fd: int

    def reach(self, name: str) -> str:
        """A path by which this process reaches a file of the folder."""
        return f"{kernel.view(self.fd, self.path)}/{name}"


def open_folder(path: pathlib.Path) -> Folder:
    """Make the folder where it is missing, make sure that it is ours to use, and open it.

    Raises:
        FolderUnusableError: it cannot be made or opened, is not a folder, or holds something else.
        AnotherUserError: it, or the cluster in it, belongs to another user.
        AnotherVersionError: the cluster in it is of another major version of PostgreSQL.
    """
    try:
        path = path.absolute()
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        _require_ours(path, path.stat().st_uid)
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise errors.FolderUnusableError(
            f"the database folder {str(path)!r} cannot be used: {error.strerror} ({error.filename!r}); "
            f"wanted a folder of its own, inside one that exists and is yours"
        ) from error
    folder = Folder(path=path, fd=fd)
    try:
        _require_usable(folder)
        os.fchmod(fd, 0o700)
    except BaseException:
        os.close(fd)
        raise
    return folder


def open_file(folder_fd: int | None, name: str, flags: int) -> int:
    """Open, or make, a file of the folder for its user alone (None: the folder this process is in)."""
    return os.open(name, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600, dir_fd=folder_fd)


@contextlib.contextmanager
def locked(folder: Folder, name: str, *, seconds: float) -> Generator[None]:
    """Hold the exclusive lock on a file of the folder.

    Raises:
        ServerFailedError: others held it all this time.
    """
    fd = open_file(folder.fd, name, os.O_RDWR)
    try:
        if not kernel.take_lock(fd, seconds=seconds):
            raise errors.ServerFailedError(f"{str(folder.path / name)!r} was held by another process for {seconds:g} s")
        yield
    finally:
        os.close(fd)


def log_tail(folder_fd: int | None, *, since: int = 0) -> str:
    """The last lines that were written to the log after a position in it, for a message."""
    fd = open_file(folder_fd, LOG, os.O_RDONLY)
    with os.fdopen(fd, "rb") as log:
        log.seek(max(since, os.fstat(fd).st_size - _TAIL_BYTES))
        return log.read().decode(errors="replace").strip()


def _require_usable(folder: Folder) -> None:
    names = set(os.listdir(folder.fd))  # noqa: PTH208  pathlib cannot list an open folder
    if CLUSTER not in names:
        strangers = sorted(names - _OURS - _OF_THE_FILE_SYSTEM)
        if strangers:
            raise errors.FolderUnusableError(
                f"the database folder {str(folder.path)!r} holds other files "
                f"({', '.join(strangers[:_NAMES_SHOWN_MAX])}); wanted a folder of its own, empty or missing"
            )
        return
    if os.geteuid() != 0:
        # Root gives the cluster to the server's user.
        _require_ours(folder.path / CLUSTER, os.stat(CLUSTER, dir_fd=folder.fd).st_uid)
    try:
        fd = os.open(f"{CLUSTER}/PG_VERSION", os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder.fd)
    except OSError as error:
        raise errors.FolderUnusableError(
            f"the cluster in {str(folder.path)!r} is not whole, or not a cluster: "
            f"its PG_VERSION cannot be read ({error.strerror})"
        ) from error
    with os.fdopen(fd, encoding="ascii", errors="replace") as file:
        got = file.read().strip()
    if got != VERSION:
        raise errors.AnotherVersionError(
            f"the cluster in {str(folder.path)!r} was written by PostgreSQL {got!r}, these programs are {VERSION!r}; "
            f"use the Signalpost that wrote it, or dump and restore the data"
        )


def _require_ours(path: pathlib.Path, owner: int) -> None:
    if owner != os.geteuid():
        raise errors.AnotherUserError(
            f"{str(path)!r} belongs to {_user(owner)}, this process runs as {_user(os.geteuid())}; "
            f"run as that user, or choose another data folder"
        )


def _user(uid: int) -> str:
    try:
        return f"user {pwd.getpwuid(uid).pw_name!r} (uid {uid})"
    except KeyError:
        return f"uid {uid}"
