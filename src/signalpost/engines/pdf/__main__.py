"""A worker process of the PDF engine, started by its pool: `python -m signalpost.engines.pdf FOLDER`."""

import os
import pathlib
import sys

from signalpost.engines.pdf import worker

if __name__ == "__main__":
    # Whatever a library prints goes to standard error; only verdicts go to the pool.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        worker.main(pathlib.Path(sys.argv[1]), sys.stdin.buffer, answers)
