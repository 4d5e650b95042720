"""A channel that keeps in memory what it is given: the example of the protocol, for tests and trials.

Not among the built-in channels: nothing it takes reaches anybody.
"""

from collections.abc import Sequence

import msgspec

from signalpost.vocabulary import deliveries, parties

#: Media type of a receipt as `understand` reads it: the JSON form of `deliveries.Receipt`.
MEDIA_TYPE = "application/vnd.signalpost.receipt+json"


class Memory:
    """The in-memory channel. What `refuses` holds are addresses that nobody has."""

    def __init__(
        self, kind: parties.ChannelKind, *, name: str = "memory", refuses: frozenset[str] = frozenset()
    ) -> None:
        """Start empty and reachable."""
        self.taken: dict[str, deliveries.Outgoing] = {}
        self.is_reachable = True
        self._refuses = refuses
        self.profile = deliveries.Profile(name=name, kind=kind, unclear=deliveries.UnclearPolicy.RESEND)

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Take each delivery once, under its reference."""
        return [self._take(outgoing) for outgoing in batch]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read a receipt in its JSON form."""
        if media_type != MEDIA_TYPE:
            return ()
        try:
            return [msgspec.json.decode(raw, type=deliveries.Receipt)]
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return ()

    def check(self) -> str:
        """Whether it is reachable."""
        return "" if self.is_reachable else f"channel {self.profile.name!r} is not reachable; set is_reachable"

    def close(self) -> None:
        """Nothing to let go of."""

    def _take(self, outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        if not self.is_reachable:
            return deliveries.Outcome(kind=deliveries.OutcomeKind.DEFERRED, detail="not reachable")
        if outgoing.address in self._refuses:
            return deliveries.Outcome(kind=deliveries.OutcomeKind.ADDRESS_INVALID, detail="nobody has this address")
        self.taken[outgoing.ref] = outgoing
        return deliveries.Outcome(kind=deliveries.OutcomeKind.ACCEPTED, provider_ref=outgoing.ref)
