"""A process and its end: with its supervisor, or by a signal."""

import os
import signal
import threading
from collections.abc import Callable

#: What children are told, so that they end when their standard input closes.
END_WITH_STDIN = "--end-with-stdin"
STANDARD_INPUT = 0


def end_with_parent(stop: Callable[[], None]) -> None:
    """Call `stop` when the supervisor is gone: its pipe to our standard input closes."""

    def watch() -> None:
        # Not through `sys.stdin`: its lock, held by a thread that waits, breaks the end of the interpreter.
        while os.read(STANDARD_INPUT, 1):
            continue
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGTERM and SIGINT."""

    def handle(number: int, frame: object) -> None:
        del number, frame
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
