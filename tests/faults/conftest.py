"""The town of the path's stories serves here too, with a clock that jumps."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from tests.faults.clocks import Clock
from tests.path.conftest import laid_out, world
from tests.path.world import World

__all__ = ["clock", "laid_out", "world"]


@pytest.fixture
def clock(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The town's clock; back to the right time before the town is looked at for the last time."""
    del world
    made = Clock()
    with monkeypatch.context() as patched:
        patched.setattr(timezone, "now", made.now)
        yield made
