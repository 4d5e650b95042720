"""The listeners that come with Signalpost, one line each: what `signalpost listen` calls it, and how it is made.

A source's module gives one function: from the settings to the listener, or `None` when the settings do not ask for it.
"""

from collections.abc import Callable, Mapping

from signalpost import settings, sources
from signalpost.sources import maildir, mqtt, sms

Make = Callable[[settings.Settings], sources.Source | None]

BUILT_IN: tuple[tuple[str, Make], ...] = (
    ("mqtt", mqtt.from_settings),
    ("maildir", maildir.from_settings),
    ("sms", sms.from_settings),
)


def build(given: settings.Settings) -> Mapping[str, sources.Source]:
    """The listeners that the settings ask for, by name.

    Raises:
        settings.SettingError: an address in them cannot be read.
    """
    return {name: source for name, make in BUILT_IN if (source := make(given)) is not None}
