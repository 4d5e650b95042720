"""Ports of the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"


def free() -> int:
    """A port that nobody listens on now."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a port can be listened on."""
    try:
        with socket.create_server((LOOPBACK, port)):
            return True
    except OSError:
        return False


def is_listening(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0
