"""Fixtures of the real peers, and what happens where one is missing.

A test that asks for a peer's fixture, or is marked `peer(name)`, is skipped where the peer is missing, with the command
that would install it; with CI=true in the environment it fails instead. Each fixture is one server for the whole run;
after each test that asked for it, it is running, plain and empty again. A failed test shows its peers' logs.
"""

import functools
import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from . import inventory, mosquitto, postfix, postgres15, smsc, verapdf

if TYPE_CHECKING:
    from playwright import sync_api

    from . import chromium

#: Fixture → the peer it needs.
PEER_BY_FIXTURE = {
    "postfix": "postfix",
    "mosquitto": "mosquitto",
    "smsc": "smsc",
    "verapdf": "verapdf",
    "postgres15": "postgres15",
    "postgres15_url": "postgres15",
    "chromium": "chromium",
    "chromium_page": "chromium",
}

Server = postfix.Postfix | mosquitto.Mosquitto | smsc.Smsc | verapdf.Judge | postgres15.Cluster


@functools.cache
def complaint(name: str) -> str | None:
    """Say that the peer `name` is missing and what to do about it, or None where it is there."""
    if name not in inventory.PEERS:
        raise pytest.UsageError(f"unknown peer {name!r}; known: {', '.join(inventory.PEERS)}")
    peer = inventory.PEERS[name]
    reason = inventory.why_missing(peer)
    return None if reason is None else f"peer {name} is missing ({reason}): {inventory.remedy(peer)}"


def require(name: str) -> None:
    """Skip the running test where the peer `name` is missing, or fail it with CI=true."""
    text = complaint(name)
    if text is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for a peer's fixture, so that `-m "not peer"` leaves them out."""
    for item in items:
        if isinstance(item, pytest.Function):
            for name in sorted({peer for fixture, peer in PEER_BY_FIXTURE.items() if fixture in item.fixturenames}):
                item.add_marker(pytest.mark.peer(name))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let no test start whose peer is missing."""
    for marker in item.iter_markers("peer"):
        for name in marker.args:
            require(str(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the logs of the peers to the report of a failed test."""
    report = yield
    if report.failed:
        for name, server in _servers_of(item).items():
            report.sections.append((f"log of {name}", server.log_tail()))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """Leave the peers to the next test as the first one found them; after the last test they are gone."""
    servers = _servers_of(item) if nextitem is not None else {}
    result = yield
    for server in servers.values():
        _tidy(server)
    return result


def _servers_of(item: pytest.Item) -> dict[str, Server]:
    if not isinstance(item, pytest.Function):
        return {}
    return {name: value for name, value in item.funcargs.items() if isinstance(value, Server)}


def _tidy(server: Server) -> None:
    """Bring a shared server back: running, plain, empty. Databases are their tests' own business."""
    if not server.process.is_running and not isinstance(server, verapdf.Judge):
        server.restart()
    match server:
        case smsc.Smsc():
            server.disconnect()
            server.behave()
            server.forget()
        case postfix.Postfix():
            server.clear()
        case mosquitto.Mosquitto() | verapdf.Judge() | postgres15.Cluster():
            pass


@pytest.fixture(name="postfix", scope="session")
def run_postfix() -> Iterator[postfix.Postfix]:
    """A Postfix of the test run's own."""
    require("postfix")
    with postfix.start() as server:
        yield server


@pytest.fixture(name="mosquitto", scope="session")
def run_mosquitto() -> Iterator[mosquitto.Mosquitto]:
    """A Mosquitto of the test run's own."""
    require("mosquitto")
    with mosquitto.start() as broker:
        yield broker


@pytest.fixture(name="smsc", scope="session")
def run_smsc() -> Iterator[smsc.Smsc]:
    """An SMPP server of the test run's own."""
    require("smsc")
    with smsc.start() as server:
        yield server


@pytest.fixture(name="verapdf", scope="session")
def run_verapdf() -> Iterator[verapdf.Judge]:
    """A validator of PDF/UA and PDF/A."""
    require("verapdf")
    with verapdf.start() as judge:
        yield judge


@pytest.fixture(name="postgres15", scope="session")
def run_postgres15() -> Iterator[postgres15.Cluster]:
    """A cluster of PostgreSQL 15 of the test run's own."""
    require("postgres15")
    with postgres15.start() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres15_url(postgres15: postgres15.Cluster) -> str:
    """URL of the database "signalpost" of that cluster."""
    return postgres15.url


@pytest.fixture(name="chromium", scope="session")
def run_chromium() -> "Iterator[chromium.Chromium]":
    """A headless browser."""
    require("chromium")
    from . import chromium  # noqa: PLC0415 - importing Playwright takes longer than most test files run

    with chromium.start() as browser:
        yield browser


@pytest.fixture
def chromium_page(chromium: "chromium.Chromium") -> "Iterator[sync_api.Page]":
    """An empty page in a profile of its own, closed after the test."""
    with chromium.page() as page:
        yield page
