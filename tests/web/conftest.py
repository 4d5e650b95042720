"""The town of the path's stories serves here too."""

from tests.path.conftest import laid_out, world
from tests.web.releasing import console, people

__all__ = ["console", "laid_out", "people", "world"]
