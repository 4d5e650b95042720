"""One playbook alone on its samples."""

import msgspec

from signalpost import settings


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial came to."""

    lines: tuple[str, ...]
    has_differences: bool


def run(name: str, read: settings.Settings) -> Result:
    """Run it."""
    raise NotImplementedError(name, read)
