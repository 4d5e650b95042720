"""What processes tell about themselves: figures for Prometheus, spans for OpenTelemetry, lines of the program's log.

None of it names a person: labels, attributes and lines hold words of closed enumerations, numbers, and references.
"""

import os
import pathlib
import socket

#: Where prometheus_client keeps the figures of several processes; it reads this once, when it is imported.
FIGURES_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_figures(data_folder: pathlib.Path) -> None:
    """Let this process and its children add to the same figures; called before `figures` is imported.

    A folder for each host: the processes of another host may have the same numbers, and the data folder may be shared.
    """
    os.environ.setdefault(FIGURES_VARIABLE, str(data_folder / "figures" / socket.gethostname()))


def figures_folder() -> pathlib.Path | None:
    """The folder of shared figures; `None` when this process keeps its figures to itself."""
    given = os.environ.get(FIGURES_VARIABLE, "")
    return pathlib.Path(given) if given else None
