"""Children that are copies of their parent, as real processes."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable

import pytest

from signalpost.work import forked

WAIT_SECONDS = 30.0
#: A child that waits for the end of its standard input, and says so in a file.
PROGRAM = """
    import os, pathlib, sys, time
    from signalpost.work import forked
    folder = pathlib.Path(sys.argv[1])
    pipes = []
    for name in ("one", "two"):
        child = forked.fork(name, pipes)
        if child is None:
            (folder / f"{name}.pid").write_text(f"{os.getpid()} {os.getpgrp() == os.getpid()}")
            os.read(0, 1)
            (folder / f"{name}.end").write_text("")
            sys.exit(0)
        pipes.append(child.stdin)
    print("ready", flush=True)
    time.sleep(600)
"""


def wait_for(file: pathlib.Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not file.exists():
        assert time.monotonic() < deadline, f"{file.name} did not come"
        time.sleep(0.02)


def test_children_end_with_a_parent_that_was_killed(tmp_path: pathlib.Path):
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        for name in ("one", "two"):
            wait_for(tmp_path / f"{name}.pid")
        assert not list(tmp_path.glob("*.end"))

        parent.kill()

        for name in ("one", "two"):
            wait_for(tmp_path / f"{name}.end")
            assert (tmp_path / f"{name}.pid").read_text().endswith("True")


def test_a_child_is_asked_to_end_waited_for_and_has_its_exit_code():
    child = forked.fork("waits", [])
    if child is None:
        # A copy of the test's process: it must do nothing but this.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.read(0, 1)
        os._exit(7)
    assert child.stdin is not None
    assert child.poll() is None
    with pytest.raises(TimeoutError, match="wanted its end within 0 s"):
        child.wait(0)

    child.stdin.close()

    assert child.wait(WAIT_SECONDS) == 7
    child.terminate()
    assert child.poll() == 7


@pytest.mark.parametrize(("ask", "code"), [(forked.Forked.terminate, -15), (forked.Forked.kill, -9)])
def test_a_signal_is_its_exit_code(ask: Callable[[forked.Forked], None], code: int):
    child = forked.fork("waits", [])
    if child is None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.read(0, 1)
        os._exit(0)
    assert child.stdin is not None
    ask(child)
    assert child.wait() == code
    child.stdin.close()
