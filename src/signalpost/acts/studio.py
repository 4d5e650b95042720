"""The production engines for people who write: what is seen in the console is laid out by what lays out what is sent.

One set of engines per process, made when the first page is shown and closed when the process ends. One PDF worker stays
warm, under the limits that production has: a text that would take a worker down takes this one down, and no more.
"""

import atexit
import functools
from collections.abc import Callable, Mapping, Sequence

import msgspec
from django.conf import settings as django_settings

from signalpost import engines
from signalpost.engines import built_in
from signalpost.store import archive
from signalpost.vocabulary import manuscripts, parties

#: Gives the bytes of an image by its digest, `None` where there is none.
Assets = Callable[[str], bytes | None]
Engines = Mapping[parties.ChannelKind, engines.Engine]

#: Layout processes for everybody who writes, on this machine's other cores while runs go on.
WARM_WORKERS = 1


@functools.cache
def warm() -> Engines:
    """The engines of this process, closed with it."""
    made = fresh(workers=WARM_WORKERS)
    atexit.register(close, made)
    return made


def fresh(*, workers: int, assets: Assets | None = None) -> Engines:
    """Engines of one's own, with so many layout processes; `close` them. Images come from the archive or `assets`."""
    given = msgspec.structs.replace(django_settings.SIGNALPOST, compose_processes=workers)
    return built_in.build(given, assets or assets_of(django_settings.SIGNALPOST_ARCHIVE))


def assets_of(kept: archive.Archive) -> Assets:
    """What gives the bytes of an image by its digest."""

    def asset(digest: str) -> bytes | None:
        try:
            return kept.read([digest])[digest]
        except archive.MissingDocumentError:
            return None

    return asset


def close(given: Engines) -> None:
    """End the workers of all engines."""
    for engine in given.values():
        engine.close()


def lay_out(
    batch: Sequence[manuscripts.Manuscript], channel: parties.ChannelKind, given: Engines
) -> Sequence[manuscripts.Rendered]:
    """Manuscripts on one channel, in the same order and number; each has a reference of its own in the batch.

    Raises:
        KeyError: no engine lays out for this channel; `channels_of` names those that can.
    """
    return given[channel].render(batch)


def channels_of(channels: Sequence[parties.ChannelKind], given: Engines) -> tuple[parties.ChannelKind, ...]:
    """Those of the channels that an engine lays out for."""
    return tuple(channel for channel in channels if channel in given)
