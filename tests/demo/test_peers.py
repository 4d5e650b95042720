"""The other peers of the demo, each against the product's own side of the protocol."""

import datetime as dt
import pathlib
import smtplib

import msgspec
import pikepdf
import pytest

from signalpost.channels import webhook
from signalpost.demo import broker, mail, meters, peers, platform, ports, printshop, town
from signalpost.vocabulary import deliveries, parties

NOW = dt.datetime(2026, 1, 30, 13, 30, tzinfo=dt.UTC)


def test_mail_is_kept_as_it_came_and_a_mailbox_that_is_gone_is_refused() -> None:
    server = mail.Server()
    try:
        with smtplib.SMTP(ports.LOOPBACK, server.port) as client:
            content = "Subject: Power cut\r\n\r\nOut since 13:30.\r\n"
            client.sendmail("a@x.example", ["c1@mail.example"], content)
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail("a@x.example", [f"{town.DEAD_MAILBOX_PREFIX}c2@mail.example"], content)
    finally:
        server.stop()
    assert [code for code, _ in refused.value.recipients.values()] == [550]
    (kept,) = server.kept()
    assert (kept.recipient, kept.message()["subject"], kept.part("plain").strip()) == (
        "c1@mail.example",
        "Power cut",
        "Out since 13:30.",
    )


def hook(name: str, at: dt.datetime, *, secret: str, url: str) -> deliveries.Outgoing:
    body = {
        "specversion": "1.0",
        "type": "signalpost.communication.delivered",
        "time": at.isoformat(),
        "data": {"communication": "c1", "cause": {"type": "billing.closed"}},
    }
    return deliveries.Outgoing(
        ref=name,
        attempt=1,
        communication="c1",
        channel=parties.ChannelKind.WEBHOOK,
        address=url,
        media_type="application/cloudevents+json",
        content=msgspec.json.encode(body),
        headers=(("secret", secret),),
    )


def test_the_platform_verifies_counts_repeats_and_watches_the_order() -> None:
    given = platform.Platform()
    channel = webhook.Webhook(webhook.Config(allows_private=True))
    wrong = "whsec_" + "A" * 32
    try:
        later = NOW + dt.timedelta(seconds=1)
        for one in (
            hook("w1", later, secret=given.secret, url=given.url),
            hook("w1", later, secret=given.secret, url=given.url),
            hook("w2", NOW, secret=given.secret, url=given.url),
        ):
            (outcome,) = channel.send([one])
            assert outcome.kind is deliveries.OutcomeKind.DELIVERED
        (outcome,) = channel.send([hook("w3", later, secret=wrong, url=given.url)])
        assert outcome.kind is deliveries.OutcomeKind.DEFERRED
    finally:
        channel.close()
        given.stop()
    assert [one.id for one in given.kept()] == ["w1", "w2"]
    assert (given.repeats, given.unverified, given.out_of_order) == (1, 1, 1)


def test_the_shop_finds_each_letter_of_a_batch(tmp_path: pathlib.Path) -> None:
    from signalpost.channels import print_spool  # noqa: PLC0415

    spool = print_spool.PrintSpool(print_spool.Config(folder=tmp_path / "spool", closes_every_seconds=1))
    shop = printshop.Shop(tmp_path / "spool")
    shop.look()
    assert shop.kept() == []
    pdf = tmp_path / "letter.pdf"
    with pikepdf.new() as letter:
        letter.add_blank_page()
        letter.add_blank_page()
        letter.save(pdf)
    batch = [
        deliveries.Outgoing(
            ref=f"d{number}",
            attempt=1,
            communication=f"c{number}",
            channel=parties.ChannelKind.LETTER,
            address="",
            media_type="application/pdf",
            content=pdf.read_bytes(),
        )
        for number in (1, 2)
    ]
    spool.send(batch)
    shop.look()
    assert [(one.delivery, one.first_page, one.pages) for one in shop.kept()] == [("d1", 1, 2), ("d2", 3, 2)]
    assert shop.waiting() == 1


def test_meters_reach_the_broker_with_their_password(tmp_path: pathlib.Path) -> None:
    given = broker.Broker(tmp_path)
    try:
        network = meters.Network(given)
        said = network.say(meters.LAST_GASP, ["HAR-00001", "HAR-00002"], now=NOW)
        network.publish(said)
        network.stop()
    finally:
        given.stop()
    bodies = [msgspec.json.decode(one.body) for one in said]
    assert [(body["id"], body["ev"], body["n"]) for body in bodies] == [("HAR-00001", "LG", 1), ("HAR-00002", "LG", 2)]
    assert all(dt.datetime.fromisoformat(body["ts"]) < NOW for body in bodies)
    assert network.published == 2


def test_the_peers_are_settings_that_can_be_read(tmp_path: pathlib.Path) -> None:
    from signalpost import settings, wiring  # noqa: PLC0415

    given = peers.Peers(tmp_path)
    try:
        read = settings.load(given.environment())
        assert wiring.source_names(read) == ["mqtt", "sms"]
        assert given.waiting() == 0
    finally:
        given.stop()
