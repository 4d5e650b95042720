"""Measure: one JSON line a figure. Each group runs in a process of its own."""

import argparse
import importlib
import pathlib
import signal
import subprocess
import sys

from benchmarks import figures, page


def main() -> None:
    """Measure what was asked for."""
    given = _arguments().parse_args()
    signal.signal(signal.SIGTERM, _end)
    if given.alone:
        _alone(given.alone, figures.Scale(is_small=given.small))
        return
    names = {figure.name: group for group, of in figures.FIGURES.items() for figure in of}
    names |= {group: group for group in figures.FIGURES}
    unknown = [name for name in given.names if name not in names]
    if unknown:
        sys.exit(f"figure: wanted one of {', '.join(names)}, got {unknown[0]!r}")
    groups = list(dict.fromkeys(names[name] for name in given.names)) or list(figures.FIGURES)
    lines: list[str] = []
    failed: list[str] = []
    for group in groups:
        command = [sys.executable, "-m", "benchmarks", "--alone", group, *(["--small"] if given.small else [])]
        said, code = _ran(command)
        lines += said
        failed += [group] * bool(code)
    if given.write:
        pathlib.Path(given.write).write_text(page.written(lines), encoding="utf-8")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _end(number: int, frame: object) -> None:
    """Leave as from an error, so that what was started is ended."""
    del frame
    sys.exit(128 + number)


def _ran(command: list[str]) -> tuple[list[str], int]:
    """The lines that a group says, shown as they come, and how it ended."""
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            for line in child.stdout or ():
                print(line, end="", flush=True)
                lines.append(line)
        finally:
            # Asked, not killed: it ends the processes that it started.
            if sys.exc_info()[0] is not None:
                child.terminate()
    return lines, child.returncode


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="Groups or figures; everything when none is given.")
    parser.add_argument("--small", action="store_true", help="Small sizes, to try on a busy machine.")
    parser.add_argument("--write", metavar="FILE", help="Write the page with these figures, docs/benchmarks.md.")
    parser.add_argument("--alone", metavar="GROUP", help=argparse.SUPPRESS)
    return parser


def _alone(group: str, scale: figures.Scale) -> None:
    measure: figures.Measure = importlib.import_module(f"benchmarks.{group}").measure
    found = measure(scale)
    for figure in figures.FIGURES[group]:
        print(figures.line(figure, found[figure.name]), flush=True)


if __name__ == "__main__":
    main()
