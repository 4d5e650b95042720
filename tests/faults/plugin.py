"""What was tried: each fault test says how many faults of which kind, and the run ends with one line of them."""

import collections
from collections.abc import Callable

import pytest

#: Kinds in the order of the line.
KINDS = ("effects", "kills", "drops", "clock jumps", "streams", "hostile inputs", "API calls")
#: Marks our properties among those of a test.
PREFIX = "faults: "
Tried = Callable[[str, int], None]
#: The property that is a line of its own in the summary.
NOTE = PREFIX + "note"
Noted = Callable[[str], None]


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Say that so many faults of a kind were tried."""

    def say(kind: str, number: int) -> None:
        assert kind in KINDS
        request.node.user_properties.append((PREFIX + kind, number))

    return say


@pytest.fixture
def noted(request: pytest.FixtureRequest) -> Noted:
    """Say something for the summary, as the seed by which a run can be told from others."""

    def say(text: str) -> None:
        request.node.user_properties.append((NOTE, text))

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line with the sums."""
    sums: collections.Counter[str] = collections.Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "call":
                for name, value in report.user_properties:
                    kind = name.removeprefix(PREFIX)
                    if name == NOTE:
                        terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")
                    elif kind in KINDS:
                        sums[kind] += int(str(value))
    if sums:
        told = ", ".join(f"{sums[kind]} {kind}" for kind in KINDS if sums[kind])
        terminalreporter.write_line(f"faults tried: {told}")
