"""The few system calls that Python's library does not offer, or offers only without a limit of time."""

import contextlib
import ctypes
import fcntl
import os
import pathlib
import sys
import time
from collections.abc import Generator

#: Linux names every open descriptor here, so that a folder can be handed to a process that may not walk to it.
PROC_FD = pathlib.Path("/proc/self/fd")

_PR_SET_PDEATHSIG = 1
_CLONE_NEWNS = 0x00020000
_MS_BIND, _MS_REC, _MS_SLAVE = 0x1000, 0x4000, 0x80000

#: POSIX has no flock with a timeout, so a held lock is tried again at this pace.
_LOCK_PACE_SECONDS = 0.01

_LIBC = ctypes.CDLL(None, use_errno=True)


def view(fd: int, path: pathlib.Path) -> str:
    """Name an open folder so that whoever holds the descriptor reaches it, whatever lies above it or its length."""
    return f"{PROC_FD}/{fd}" if PROC_FD.is_dir() else str(path)


def take_lock(fd: int, *, seconds: float) -> bool:
    """Take the exclusive lock on a file, or say that others held it all this time."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOCK_PACE_SECONDS)
        else:
            return True


@contextlib.contextmanager
def acting_as(uid: int | None) -> Generator[None]:
    """Be another user for a moment (None: nobody else). Only for a process with one thread."""
    if uid is None:
        yield
        return
    os.setegid(uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def die_with_parent(signal_number: int, parent: int) -> None:
    """Have this process signalled when its parent dies (prctl(2), Linux only). Called between fork and exec."""
    if sys.platform != "linux":
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def show_at(source: pathlib.Path, place: pathlib.Path) -> None:
    """Let this process and its children, and nobody else, see a folder at another place (mount_namespaces(7)).

    Raises:
        OSError: not Linux, or this process lacks CAP_SYS_ADMIN, as in most containers.
    """
    if sys.platform != "linux":
        raise OSError(f"showing {str(source)!r} at {str(place)!r} needs Linux, this is {sys.platform!r}")
    _succeed(_LIBC.unshare(_CLONE_NEWNS), "unshare")
    # Slave, not private: what the machine unmounts later must not stay busy in this process.
    _succeed(_LIBC.mount(None, b"/", None, _MS_REC | _MS_SLAVE, None), "mount /")
    _succeed(_LIBC.mount(os.fsencode(source), os.fsencode(place), None, _MS_BIND, None), f"mount {place}")


def _succeed(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
