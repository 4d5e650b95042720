"""What every command has that `work` runs as a child: it ends with its parent."""

import argparse
import os
import signal

from signalpost.work import parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take the argument by which `work` tells a child to end with it."""
    parser.add_argument(
        parent.END_WITH_STDIN, action="store_true", help="End when standard input closes; `work` gives it."
    )


def mind_parent(given: argparse.Namespace) -> None:
    """Stop, as a signal would, when the parent has gone."""
    if given.end_with_stdin:
        parent.end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
