"""SMTP out: batches of the channel into a sink, without signing."""

import pathlib
import smtplib
import tempfile
from collections.abc import Mapping, Sequence

from tests.engines import samples
from tests.peers import processes

from benchmarks import figures, relay
from signalpost.channels import smtp
from signalpost.channels.smtp import relay as relays
from signalpost.engines.email import Email
from signalpost.vocabulary import deliveries, manuscripts, parties

SENDER = "notices@signalpost.example"


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Messages a second, and those of the standard library over one connection that is kept."""
    figures.keep_to(figures.OTHERS)
    with tempfile.TemporaryDirectory() as folder:
        sink = relay.Sink(pathlib.Path(folder))
        figures.keep_to(figures.OWN)
        try:
            batch = _batch(scale.of(2_000, 200))
            return {"smtp_out": figures.Found(_ours(sink.port, batch), _standard(sink.port, batch))}
        finally:
            sink.child.stop()


def _batch(count: int) -> list[deliveries.Outgoing]:
    (laid_out,) = Email(samples.ASSETS.get).render([samples.outage()])
    if not isinstance(laid_out, manuscripts.Rendition):
        raise TypeError(f"sample: wanted a rendition, got {laid_out}")
    return [
        deliveries.Outgoing(
            ref=f"d{number}",
            attempt=1,
            communication=f"c{number}",
            channel=parties.ChannelKind.EMAIL,
            address=f"c{number}@mail.example",
            media_type=laid_out.media_type,
            content=laid_out.content,
            headers=(("subject", "Power outage"), ("to_name", "Ada Adler")),
        )
        for number in range(count)
    ]


def _ours(port: int, batch: Sequence[deliveries.Outgoing]) -> float:
    where = relays.Relay(host=processes.LOOPBACK, port=port, encryption=relays.Encryption.NONE)
    channel = smtp.Smtp(
        smtp.Config(relays=(where,), sender=SENDER, bounce_domain="bounces.signalpost.example", key=b"bench")
    )
    size = channel.profile.batch

    def run() -> None:
        for start in range(0, len(batch), size):
            outcomes = channel.send(batch[start : start + size])
            if any(outcome.kind != deliveries.OutcomeKind.ACCEPTED for outcome in outcomes):
                raise RuntimeError(f"sink: wanted all accepted, got {outcomes[0]}")

    try:
        return len(batch) / figures.median_wall_seconds(run)
    finally:
        channel.close()


def _standard(port: int, batch: Sequence[deliveries.Outgoing]) -> float:
    with smtplib.SMTP(processes.LOOPBACK, port) as kept:

        def run() -> None:
            for outgoing in batch:
                head = f"From: {SENDER}\r\nTo: {outgoing.address}\r\nSubject: Power outage\r\n"
                kept.sendmail(SENDER, [outgoing.address], head.encode() + outgoing.content)

        return len(batch) / figures.median_wall_seconds(run)
