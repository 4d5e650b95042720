"""The town, fresh for each test; its engines live as long as the run."""

from collections.abc import Iterator, Mapping

import pytest
from tests.path import world as town

from signalpost import engines, settings
from signalpost.vocabulary import parties


@pytest.fixture(scope="session")
def laid_out(configured: settings.Settings) -> Iterator[Mapping[parties.ChannelKind, engines.Engine]]:
    made = town.make_engines(configured)
    yield made
    for engine in made.values():
        engine.close()


@pytest.fixture
def world(database: settings.Settings, laid_out: Mapping[parties.ChannelKind, engines.Engine]) -> Iterator[town.World]:
    """The town; after the story everything that was decided is decided once, and the records are intact."""
    made = town.World(database, laid_out)
    yield made
    try:
        made.drain()
    finally:
        made.parts.lease.release()
    assert made.twice_decided() == []
    assert made.verified().problems == ()
