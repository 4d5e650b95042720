"""SMS over SMPP 3.4 to an SMS centre, and what comes back from it.

`Smpp` turns texts into submit_sm PDUs, keeps a window of them under way on one connection, and reads receipts and
replies that the listener (`sources.sms`) has taken in. See README.md.
"""

from collections.abc import Callable, Sequence

from signalpost import settings
from signalpost.channels import failover, traffic
from signalpost.channels.smpp import answers, link, segments, wire
from signalpost.vocabulary import deliveries, events, parties, records

#: Media type of a deliver_sm PDU as the listener stores it; with several centres, its parameter names the one.
MEDIA_TYPE = "application/vnd.smpp.deliver-sm"
CENTRE_PARAMETER = "centre"


class Config(records.Record, frozen=True, kw_only=True):
    """One configured way out by SMS."""

    name: str = "smpp"
    #: In order: the next one takes what the one before certainly did not.
    centres: tuple[wire.Centre, ...]
    #: E.164 number, or up to 11 letters.
    sender: str
    batch: int = 100


class Smpp:
    """The SMS channel."""

    def __init__(self, config: Config, known: traffic.Traffic | None = None) -> None:
        """Prepare; nothing is connected before the first `send`. Without `known` it shares with no other process."""
        self._config = config
        has_several = len(config.centres) > 1
        self._links = tuple(link.Link(centre, label=centre.where if has_several else "") for centre in config.centres)
        self._centres = failover.Failover(config.name, self._links, known or traffic.Alone())
        self.profile = deliveries.Profile(
            name=config.name,
            kind=parties.ChannelKind.SMS,
            # A centre does not recognise a message it was given before: a second copy would reach the phone.
            unclear=deliveries.UnclearPolicy.WAIT_THEN_ASK,
            batch=config.batch,
            retry_seconds=(5, 30, 120, 600, 3600),
        )

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Submit a batch; the last segment of each asks for a receipt, its id is the provider's reference."""
        prepared = [segments.prepare(outgoing, sender=self._config.sender) for outgoing in batch]
        is_urgent = all(outgoing.lane is events.Lane.URGENT for outgoing in batch)
        messages = [item for item in prepared if isinstance(item, segments.Message)]
        answered = iter(self._centres.send(messages, is_urgent=is_urgent))
        return [next(answered) if isinstance(item, segments.Message) else item for item in prepared]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read a deliver_sm: a delivery receipt (SMPP 3.4, appendix B) or the reply of a person."""
        essence, _, parameter = media_type.partition("; ")
        if essence != MEDIA_TYPE:
            return ()
        return answers.read(raw, via=self._config.name, label=parameter.removeprefix(f"{CENTRE_PARAMETER}="))

    def check(self) -> str:
        """Bind to every centre and ask it whether it is there."""
        problems = [problem for one in self._links if (problem := one.check())]
        return failover.told(problems, count=len(self._links))

    def close(self) -> None:
        """Unbind and close."""
        for opened in self._links:
            opened.close()


def from_settings(
    given: settings.Settings, key: Callable[[str], bytes], known: traffic.Traffic | None = None
) -> Smpp | None:
    """The SMS channel, `None` without a centre.

    Raises:
        settings.SettingError: a centre's address cannot be read.
    """
    del key
    if not given.smpp_url:
        return None
    places = settings.endpoints(given.smpp_url, "smpp_url", ports={"smpp": 2775, "smpps": 3550})
    centres = tuple(
        wire.Centre(
            host=place.host,
            port=place.port,
            system_id=place.user,
            password=place.password,
            uses_tls=place.scheme == "smpps",
            ca_file=given.smpp_ca_file,
            per_second=place.per_second,
        )
        for place in places
    )
    return Smpp(Config(centres=centres, sender=given.sms_from), known)
