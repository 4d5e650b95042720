"""SMS over SMPP 3.4 to an SMS centre, and what comes back from it.

`Smpp` turns texts into submit_sm PDUs, keeps a window of them under way on one connection, and reads receipts and
replies that the listener (`sources.sms`) has taken in. See README.md.
"""

from collections.abc import Callable, Sequence

from signalpost import settings
from signalpost.channels.smpp import answers, link, segments, wire
from signalpost.vocabulary import deliveries, parties, records

#: Media type of a deliver_sm PDU as the listener stores it.
MEDIA_TYPE = "application/vnd.smpp.deliver-sm"


class Config(records.Record, frozen=True, kw_only=True):
    """One SMS centre."""

    name: str = "smpp"
    centre: wire.Centre
    #: E.164 number, or up to 11 letters.
    sender: str
    batch: int = 100


class Smpp:
    """The SMS channel."""

    def __init__(self, config: Config) -> None:
        """Prepare; nothing is connected before the first `send`."""
        self._config = config
        self._link = link.Link(config.centre)
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
        submitted = self._link.submit([item for item in prepared if isinstance(item, segments.Message)])
        answered = iter(submitted)
        return [next(answered) if isinstance(item, segments.Message) else item for item in prepared]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Read a deliver_sm: a delivery receipt (SMPP 3.4, appendix B) or the reply of a person."""
        if media_type != MEDIA_TYPE:
            return ()
        return answers.read(raw, via=self._config.name)

    def check(self) -> str:
        """Bind and ask the centre whether it is there."""
        return self._link.check()

    def close(self) -> None:
        """Unbind and close."""
        self._link.close()


def from_settings(given: settings.Settings, key: Callable[[str], bytes]) -> Smpp | None:
    """The SMS channel, `None` without a centre.

    Raises:
        settings.SettingError: the centre's address cannot be read.
    """
    del key
    if not given.smpp_url:
        return None
    where = settings.endpoint(given.smpp_url, "smpp_url", ports={"smpp": 2775, "smpps": 3550})
    centre = wire.Centre(
        host=where.host,
        port=where.port,
        system_id=where.user,
        password=where.password,
        uses_tls=where.scheme == "smpps",
    )
    return Smpp(Config(centre=centre, sender=given.sms_from))
