"""A channel that keeps what it is given and answers as it is told."""

from collections.abc import Callable, Sequence

from signalpost.vocabulary import deliveries, parties, records

Answer = Callable[[deliveries.Outgoing], deliveries.Outcome]


def taken(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    return deliveries.Outcome(kind=deliveries.OutcomeKind.ACCEPTED, provider_ref=f"p-{outgoing.ref}-{outgoing.attempt}")


def arrived(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    return deliveries.Outcome(kind=deliveries.OutcomeKind.DELIVERED, code="200", provider_ref=f"p-{outgoing.ref}")


class Recording:
    """One way out that leads nowhere; `sent` holds every copy in the order of leaving."""

    def __init__(
        self,
        kind: parties.ChannelKind,
        name: str,
        *,
        unclear: deliveries.UnclearPolicy = deliveries.UnclearPolicy.WAIT_THEN_ASK,
        answer: Answer = taken,
    ) -> None:
        self.profile = deliveries.Profile(name=name, kind=kind, unclear=unclear)
        self.answer = answer
        self.sent: list[deliveries.Outgoing] = []

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        self.sent.extend(batch)
        return [self.answer(outgoing) for outgoing in batch]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Receipts as JSON: the peer of this channel writes them in our own words."""
        del media_type
        return records.decode(raw, tuple[deliveries.Receipt, ...])

    def check(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing to let go of."""
