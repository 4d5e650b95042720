"""Commands as a person types them: in this process on the database of the tests, or in one of their own."""

import os
import pathlib
import subprocess
import sys
from collections.abc import Mapping

import msgspec

from signalpost import cli

#: Longest wait for one command; a busy machine needs some of it.
PATIENCE_SECONDS = 120


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str


def alone(*words: str, settings: Mapping[str, str], stdin: str = "") -> Said:
    """A command in a process of its own, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIGNALPOST_")}
    done = subprocess.run(
        [sys.executable, "-m", "signalpost", *words],
        env=kept | {f"SIGNALPOST_{name}": value for name, value in settings.items()},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Said(code=done.returncode, out=done.stdout, err=done.stderr)


def here(*words: str) -> int:
    """A command in this process, which is set up already; its exit code. What it writes is captured by the test."""
    known = cli.commands()
    given = cli.parser(known).parse_args(words)
    command = next(command for command in known if command.name == given.command)
    return cli.carry_out(command, given, prepare=lambda _command, _read: None)


def csv(folder: pathlib.Path, text: str) -> str:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)
