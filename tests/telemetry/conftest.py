"""The town of the path's stories serves here too."""

from tests.path.conftest import laid_out, world

__all__ = ["laid_out", "world"]
