"""Making the cluster and handing it to the server's user.

The keeper's side: the current folder is the embedded folder.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence

from signalpost.store.embedded import errors, folders, kernel, programs

#: initdb demands a user with a name. Nothing is in the cluster yet, and it is given to the server's user afterwards.
_MAKER = "nobody"

#: Written into postgresql.conf once, for the operator to change; what the keeper relies on it passes at each start.
_SETTINGS = {
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    # Parallel queries use files in the cluster: /dev/shm is outside the folder, and 64 MB in most containers.
    "dynamic_shared_memory_type": "mmap",
    # A message's detail and statement name persons.
    "log_min_messages": "error",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
}

_MAKE_SECONDS_MAX = 180


def ensure(chosen: programs.Programs, *, lock: int, log: int) -> None:
    """Make the cluster where it is missing, and the server's user its owner.

    Raises:
        ServerFailedError: initdb failed; its words are in the text.
    """
    cluster = pathlib.Path(folders.CLUSTER)
    if not cluster.is_dir():
        _make(chosen, lock=lock, log=log)
    _give(cluster, chosen.server_uid)
    sockets = pathlib.Path(folders.SOCKET_FOLDER)
    sockets.mkdir(mode=0o700, exist_ok=True)
    _give(sockets, chosen.server_uid)


def _make(chosen: programs.Programs, *, lock: int, log: int) -> None:
    since = os.fstat(log).st_size
    making = pathlib.Path(folders.CLUSTER_IN_MAKING)
    if making.is_dir():
        shutil.rmtree(making)
    making.mkdir(mode=0o700)
    maker = None if chosen.server_uid is None else _maker_uid()
    _give(making, maker)
    fd = os.open(making, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        command = (chosen.bin / "initdb", *_arguments(kernel.view(fd, making.absolute())))
        process = programs.start(command, maker, descriptors=(fd, lock), log=log, end_by=signal.SIGKILL)
        code = process.wait(timeout=_MAKE_SECONDS_MAX)
    except subprocess.TimeoutExpired as error:
        raise errors.ServerFailedError(f"initdb did not end within {_MAKE_SECONDS_MAX} s") from error
    finally:
        os.close(fd)
    if code != 0:
        raise errors.ServerFailedError(
            f"initdb ended with code {code}; its last words:\n{folders.log_tail(None, since=since)}"
        )
    making.rename(folders.CLUSTER)
    _flush(pathlib.Path())


def _arguments(folder: str) -> Sequence[str]:
    return (
        f"--pgdata={folder}",
        "--username=postgres",
        "--auth-local=trust",  # whoever reaches the socket, in a folder of mode 0700, is its owner or root
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
        *(f"--set={name}={value}" for name, value in _SETTINGS.items()),
    )


def _maker_uid() -> int:
    try:
        return pwd.getpwnam(_MAKER).pw_uid
    except KeyError:
        raise errors.ServerFailedError(f"as root initdb runs as user {_MAKER!r}, which this system lacks") from None


def _give(folder: pathlib.Path, uid: int | None) -> None:
    """Make a user the owner of a folder and all in it, the folder itself last: its owner then answers for the rest."""
    if uid is None or folder.lstat().st_uid == uid:
        return
    for inside in (*folder.rglob("*"), folder):
        os.chown(inside, uid, uid, follow_symlinks=False)


def _flush(folder: pathlib.Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
