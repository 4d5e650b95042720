"""The parts that steps work with, built once per process by `signalpost.wiring`."""

from collections.abc import Callable, Mapping

import msgspec

from signalpost import channels, engines, settings
from signalpost.store import archive, leases
from signalpost.vocabulary import parties


def pass_gate(name: str) -> None:
    """The gate of ordinary operation: lets every effect pass."""
    del name


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a step needs beside the database."""

    settings: settings.Settings
    archive: archive.Archive
    engines: Mapping[parties.ChannelKind, engines.Engine]
    #: Configured channels by their name.
    channels: Mapping[str, channels.Channel]
    #: Makes the link of a kind ("status", "unsubscribe") for a communication.
    link: Callable[[str, str], str]
    #: The sign of life under which this process sends.
    lease: leases.Lease = msgspec.field(default_factory=leases.Lease)
    #: Called with a name before and after each effect; fault tests make the n-th call fail.
    gate: Callable[[str], None] = pass_gate

    def via(self, kind: parties.ChannelKind) -> str:
        """Name of the configured channel for a kind, "" when there is none."""
        return next((name for name, channel in self.channels.items() if channel.profile.kind == kind), "")
