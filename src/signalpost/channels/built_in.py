"""The channels that come with Signalpost, one line each.

A channel's module gives one function: from the settings to the channel, or `None` when the settings do not ask for it.
It is given a secret of its own, and what all workers know together of their peers.
"""

from collections.abc import Callable, Mapping

from signalpost import channels, settings
from signalpost.channels import print_spool, smpp, traffic, webhook
from signalpost.channels.smtp import configured as smtp

#: Gives the secret for a purpose: derived from the installation's own, another one for each purpose.
Key = Callable[[str], bytes]
Make = Callable[[settings.Settings, Key, traffic.Traffic | None], channels.Channel | None]

BUILT_IN: tuple[Make, ...] = (
    print_spool.from_settings,
    webhook.from_settings,
    smtp.from_settings,
    smpp.from_settings,
)


def build(given: settings.Settings, key: Key, known: traffic.Traffic | None = None) -> Mapping[str, channels.Channel]:
    """The channels that the settings ask for, by name; without `known` each shares with no other process.

    Raises:
        settings.SettingError: an address or time in them cannot be read.
    """
    made = [channel for make in BUILT_IN if (channel := make(given, key, known)) is not None]
    return {channel.profile.name: channel for channel in made}
