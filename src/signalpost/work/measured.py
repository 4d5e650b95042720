"""Channels and engines whose work is timed and counted, for every one that the settings ask for."""

from collections.abc import Mapping, Sequence

from signalpost import channels, engines
from signalpost.telemetry import figures
from signalpost.vocabulary import deliveries, manuscripts, parties


class MeasuredChannel:
    """A channel that does what another does, and counts it."""

    def __init__(self, of: channels.Channel) -> None:
        """Count what this channel does."""
        self._of = of

    @property
    def profile(self) -> deliveries.Profile:
        """As of the channel."""
        return self._of.profile

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Send, and count what came of it."""
        name = self.profile.name
        figures.SEND_ROWS.labels(name).observe(len(batch))
        with figures.timed(figures.SEND_SECONDS, name):
            outcomes = self._of.send(batch)
        for outcome in outcomes:
            figures.OUTCOMES.labels(name, outcome.kind).inc()
        return outcomes

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """As the channel does."""
        return self._of.understand(raw, media_type)

    def check(self) -> str:
        """As the channel does."""
        return self._of.check()

    def close(self) -> None:
        """As the channel does."""
        self._of.close()


class MeasuredEngine:
    """An engine that does what another does, and counts it."""

    def __init__(self, of: engines.Engine) -> None:
        """Count what this engine does."""
        self._of = of

    @property
    def channel(self) -> parties.ChannelKind:
        """As of the engine."""
        return self._of.channel

    @property
    def version(self) -> str:
        """As of the engine."""
        return self._of.version

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        """Lay out, and count it."""
        figures.RENDER_ROWS.labels(self.channel).observe(len(batch))
        with figures.timed(figures.RENDER_SECONDS, self.channel):
            return self._of.render(batch)

    def close(self) -> None:
        """As the engine does."""
        self._of.close()


def measured_channels(given: Mapping[str, channels.Channel]) -> dict[str, channels.Channel]:
    """The same channels, counted."""
    return {name: MeasuredChannel(channel) for name, channel in given.items()}


def measured_engines(given: Mapping[parties.ChannelKind, engines.Engine]) -> dict[parties.ChannelKind, engines.Engine]:
    """The same engines, counted."""
    return {kind: MeasuredEngine(engine) for kind, engine in given.items()}
