"""Several relays and centres in order: who takes over when, and what is never sent twice."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import pytest
from tests.channels import conformance, mail_servers, test_smpp, test_smtp
from tests.peers import processes
from tests.peers import smsc as smsc_peer
from tests.sources import listening

from signalpost import settings as table
from signalpost.channels import failover, smpp, smtp, traffic
from signalpost.channels.smpp import answers, wire
from signalpost.channels.smtp import configured, relay
from signalpost.flow import traffic as stage
from signalpost.sources import sms as listener
from signalpost.vocabulary import deliveries, events
from signalpost.vocabulary import traffic as nouns

Kind = deliveries.OutcomeKind


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(clock: Clock) -> traffic.Alone:
    return traffic.Alone(clock=clock)


def mail_over(known: traffic.Traffic, *relays: relay.Relay, **changes: object) -> smtp.Smtp:
    return smtp.Smtp(test_smtp.config(relays[0], relays=relays, **changes), known)


# --- E-mail -----------------------------------------------------------------------------------------------------------

#: Step at which the first relay fails → how → whether the second one takes the mail, and the outcome.
FAILURES = [
    ("greeting", mail_servers.CLOSE, Kind.ACCEPTED, True),
    ("greeting", "554 5.3.2 No service here", Kind.ACCEPTED, True),
    ("greeting", "421 4.3.2 Too many connections", Kind.ACCEPTED, True),
    ("greeting", mail_servers.SILENT, Kind.ACCEPTED, True),
    ("ehlo", mail_servers.CLOSE, Kind.ACCEPTED, True),
    ("mail", mail_servers.CLOSE, Kind.ACCEPTED, True),
    ("mail", mail_servers.SILENT, Kind.ACCEPTED, True),
    ("mail", "garbage", Kind.ACCEPTED, True),
    ("rcpt", mail_servers.CLOSE, Kind.ACCEPTED, True),
    ("data", mail_servers.CLOSE, Kind.ACCEPTED, True),
    # What was said about the message counts, whichever relay says it.
    ("rcpt", "550 5.1.1 No such user", Kind.ADDRESS_INVALID, False),
    ("rcpt", "451 4.7.1 Greylisted", Kind.DEFERRED, False),
    ("rcpt", "421 4.3.2 Closing", Kind.DEFERRED, False),
    ("end", "554 5.7.1 Looks like spam", Kind.REJECTED, False),
    ("end", "452 4.3.1 Disk full", Kind.DEFERRED, False),
    # It may have left: nobody else may send it.
    ("end", mail_servers.CLOSE, Kind.UNCLEAR, False),
    ("end", mail_servers.SILENT, Kind.UNCLEAR, False),
    ("end", "garbage", Kind.UNCLEAR, False),
]


@pytest.mark.parametrize(("step", "answer", "kind", "takes_over"), FAILURES)
def test_the_next_relay_takes_what_the_first_certainly_did_not(
    known: traffic.Alone, step: str, answer: str, kind: Kind, *, takes_over: bool
):
    with mail_servers.scripted({step: answer}) as first, mail_servers.scripted({}) as second:
        quick = test_smtp.to(first.port, reply_seconds=0.3, final_seconds=0.3)
        channel = mail_over(known, quick, test_smtp.to(second.port))
        (outcome,) = conformance.sent(channel, [test_smtp.outgoing()])
        channel.close()
    assert outcome.kind is kind
    assert len(second.contents) == takes_over
    assert outcome.provider == f"127.0.0.1:{second.port if takes_over else first.port}"


def test_a_batch_is_divided_exactly_where_the_first_relay_broke(known: traffic.Alone):
    with mail_servers.aiosmtpd() as first, mail_servers.aiosmtpd() as second:
        channel = mail_over(known, test_smtp.to(first.port), test_smtp.to(second.port), connections=1)
        first.drop_before_answering()
        batch = [test_smtp.outgoing(f"d{number}") for number in range(10)]
        outcomes = conformance.sent(channel, batch)
        channel.close()
        unclear = [place for place, outcome in enumerate(outcomes) if outcome.kind is Kind.UNCLEAR]
        assert len(unclear) == first.taken() > 0
        assert {outcome.kind for place, outcome in enumerate(outcomes) if place not in unclear} == {Kind.ACCEPTED}
        taken = [str(envelope.mail_from) for envelope in first.handler.envelopes + second.handler.envelopes]
    # Each message left exactly once, unclear ones included.
    assert sorted(taken) == sorted(test_smtp.verp_address(outgoing.ref) for outgoing in batch)


def test_when_all_are_away_each_is_named_and_everything_waits(known: traffic.Alone):
    ports = [processes.free_port(), processes.free_port()]
    channel = mail_over(known, *(test_smtp.to(port) for port in ports))
    (outcome,) = conformance.sent(channel, [test_smtp.outgoing()])
    assert (outcome.kind, outcome.provider) == (Kind.DEFERRED, "")
    assert all(f"127.0.0.1:{port}: cannot connect" in outcome.detail for port in ports)
    assert channel.check().count("cannot connect") == 2
    assert channel.check().endswith("(2 of 2 out of use)")


def test_check_names_the_one_that_is_away_and_says_that_the_other_carries_on(known: traffic.Alone):
    with mail_servers.aiosmtpd() as second:
        away = processes.free_port()
        channel = mail_over(known, test_smtp.to(away), test_smtp.to(second.port))
        told = channel.check()
    assert told.startswith(f"e-mail relay 127.0.0.1:{away}: cannot connect")
    assert told.endswith("(1 of 2 out of use)")


def test_a_relay_that_failed_is_spared_then_probed_by_one_batch_and_used_again(known: traffic.Alone, clock: Clock):
    with mail_servers.aiosmtpd() as first, mail_servers.aiosmtpd() as second:
        names = [f"127.0.0.1:{first.port}", f"127.0.0.1:{second.port}"]
        channel = mail_over(known, test_smtp.to(first.port), test_smtp.to(second.port))

        def takes() -> str:
            (outcome,) = conformance.sent(channel, [test_smtp.outgoing()])
            return outcome.provider

        first.die()
        assert takes() == names[1]
        first.revive()
        clock.passes(stage.REST_SECONDS[0] - 1)
        assert takes() == names[1]
        clock.passes(1)
        # The probe: another worker that looks meanwhile keeps to the second.
        assert [one.name for one in known.providers("mail", names)] == names
        assert [one.name for one in known.providers("mail", names)] == [names[1], names[0]]
        clock.passes(stage.PROBE_SECONDS)
        assert takes() == names[0]
        assert known.known["mail", names[0]].failures == 0
        channel.close()


def test_a_relay_that_stays_away_rests_longer_each_time(known: traffic.Alone, clock: Clock):
    with mail_servers.aiosmtpd() as second:
        away = processes.free_port()
        channel = mail_over(known, test_smtp.to(away), test_smtp.to(second.port))
        rests: list[float] = []
        for _ in range(len(stage.REST_SECONDS) + 1):
            conformance.sent(channel, [test_smtp.outgoing()])
            until = known.known["mail", f"127.0.0.1:{away}"].rests_until
            assert until is not None
            rests.append((until - clock.now).total_seconds())
            clock.passes(rests[-1])
        channel.close()
    assert rests == [*stage.REST_SECONDS, stage.REST_SECONDS[-1]]


def test_the_settings_name_several_relays():
    urls = "smtps://me:a%2Cb@one.example?per_second=2.5, smtp://two.example:26"
    first, second = table.endpoints(urls, "smtp_url", ports={"smtp": 25, "smtps": 465})
    assert (first.host, first.port, first.password, first.per_second) == ("one.example", 465, "a,b", 2.5)
    assert (second.host, second.port, second.password, second.per_second) == ("two.example", 26, "", 0)


def test_the_settings_make_a_channel_over_several_relays(known: traffic.Alone):
    with mail_servers.aiosmtpd() as second:
        urls = f"smtp://127.0.0.1:{processes.free_port()},smtp://127.0.0.1:{second.port}"
        made = configured.from_settings(table.Settings(smtp_url=urls), lambda purpose: purpose.encode(), known)
        assert made is not None
        (outcome,) = conformance.sent(made, [test_smtp.outgoing()])
        made.close()
    assert outcome.provider == f"127.0.0.1:{second.port}"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://a.example,", "wanted smtp://"),
        ("smtp://a.example,smtp://a.example:25", "wanted each host and port once"),
        ("smtp://u:topsecret@a.example?per_second=fast", "per_second=NUMBER"),
        ("smtp://a.example?per_second=-1", "per_second=NUMBER"),
        ("smtp://a.example?per_second=inf", "per_second=NUMBER"),
        ("smtp://a.example?rate=1", "per_second=NUMBER"),
    ],
)
def test_relays_that_cannot_be_meant_are_named_without_a_password(url: str, wanted: str):
    with pytest.raises(table.SettingError, match="smtp_url") as caught:
        configured.from_settings(table.Settings(smtp_url=url), lambda purpose: purpose.encode())
    assert wanted in str(caught.value)
    assert "topsecret" not in str(caught.value)


# --- SMS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def second_smsc() -> Iterator[smsc_peer.Smsc]:
    """Another centre; its message ids are the same as those of the first."""
    with smsc_peer.start() as server:
        yield server


def centre(server: smsc_peer.Smsc) -> wire.Centre:
    return wire.Centre(host=server.host, port=server.port, system_id=server.system_id, password=server.password)


@pytest.fixture
def both(smsc: smsc_peer.Smsc, second_smsc: smsc_peer.Smsc, known: traffic.Alone) -> Iterator[smpp.Smpp]:
    second_smsc.behave()
    second_smsc.forget()
    made = smpp.Smpp(smpp.Config(centres=(centre(smsc), centre(second_smsc)), sender="UTILITY"), known)
    yield made
    made.close()


def test_the_next_centre_takes_over_when_the_first_refuses_to_bind(
    smsc: smsc_peer.Smsc, second_smsc: smsc_peer.Smsc, both: smpp.Smpp
):
    smsc.behave(next_binds=[smsc_peer.ESME_RBINDFAIL])
    (outcome,) = conformance.sent(both, [test_smpp.outgoing()])
    assert (outcome.kind, outcome.provider) == (Kind.ACCEPTED, f"127.0.0.1:{second_smsc.port}")
    assert smsc.submits() == []


def test_the_next_centre_takes_over_when_the_first_is_away(
    smsc: smsc_peer.Smsc, second_smsc: smsc_peer.Smsc, both: smpp.Smpp
):
    both.send([test_smpp.outgoing("before")])
    smsc.kill()
    (outcome,) = conformance.sent(both, [test_smpp.outgoing()])
    assert (outcome.kind, outcome.provider) == (Kind.ACCEPTED, f"127.0.0.1:{second_smsc.port}")
    told = both.check()
    assert told.startswith(f"SMS centre 127.0.0.1:{smsc.port}: ")
    assert told.endswith("(1 of 2 out of use)")


def test_what_was_handed_over_and_not_answered_goes_to_no_other_centre(
    smsc: smsc_peer.Smsc, second_smsc: smsc_peer.Smsc, both: smpp.Smpp
):
    smsc.behave([smsc_peer.Action.IGNORE] * 49 + [smsc_peer.Action.DROP], receipt=None)
    batch = [test_smpp.outgoing(f"d{number}", f"+49151{number:07}") for number in range(70)]
    outcomes = conformance.sent(both, batch)
    assert [outcome.kind for outcome in outcomes] == [Kind.UNCLEAR] * 50 + [Kind.ACCEPTED] * 20
    first = {submit.destination for submit in smsc.submits()}
    second = {submit.destination for submit in second_smsc.answered_submits()}
    assert (len(first), len(second), first & second) == (50, 20, set())


def test_receipts_of_centres_that_count_alike_find_their_own_message(
    smsc: smsc_peer.Smsc, second_smsc: smsc_peer.Smsc, both: smpp.Smpp
):
    smsc.behave(receipt=None)
    second_smsc.behave(receipt=None)
    (first,) = both.send([test_smpp.outgoing("a")])
    smsc.behave(next_binds=[smsc_peer.ESME_RBINDFAIL])
    smsc.disconnect()
    (second,) = both.send([test_smpp.outgoing("b")])
    listening_to = [
        listener.Config(host=one.host, port=one.port, system_id=one.system_id, password=one.password)
        for one in (smsc, second_smsc)
    ]
    with listening.Running(listener.Sms(*listening_to)) as running:
        for server, outcome in ((smsc, first), (second_smsc, second)):
            server.wait_for_binds(len(server.binds()) + (server is smsc))
            server.send_receipt(outcome.provider_ref.partition(" ")[2])
        receipts = [receipt for raw in running.wait_for(2) for receipt in both.understand(raw.body, raw.content_type)]
    assert {receipt.provider_ref for receipt in receipts} == {first.provider_ref, second.provider_ref}
    assert len({receipt.dedupe for receipt in receipts}) == 2


def test_the_same_id_at_two_centres_is_two_messages():
    pdu = test_smpp.deliver_sm(b"id:77 stat:DELIVRD err:000")
    one, other = (answers.read(pdu, via="smpp", label=label)[0] for label in ("a:1", "b:1"))
    assert (one.provider_ref, other.provider_ref) == ("a:1 77", "b:1 77")
    assert one.dedupe != other.dedupe


# --- Rates ------------------------------------------------------------------------------------------------------------


class Shelf:
    """A provider that takes everything: a shelf to count on."""

    def __init__(self, name: str, *, per_second: float = 0, throttles: bool = False) -> None:
        self.name = name
        self.per_second = per_second
        self.throttles = throttles
        self.batches: list[int] = []

    def carry(self, items: Sequence[str]) -> failover.Carried:
        self.batches.append(len(items))
        throttle = nouns.Throttle.PROVIDER if self.throttles else nouns.Throttle.NONE
        kind = Kind.DEFERRED if self.throttles else Kind.ACCEPTED
        return failover.Carried([deliveries.Outcome(kind=kind, throttle=throttle) for _ in items])


def test_what_exceeds_a_providers_rate_waits_and_does_not_spill_over(known: traffic.Alone, clock: Clock):
    first, second = Shelf("first", per_second=10), Shelf("second")
    channel = failover.Failover("x", [first, second], known)
    outcomes = channel.send(["m"] * 25, is_urgent=False)
    assert [outcome.is_held_back for outcome in outcomes] == [False] * 10 + [True] * 15
    assert [outcome.retry_after_seconds for outcome in outcomes[10:]] == [1] * 10 + [2] * 5
    assert (first.batches, second.batches) == ([10], [])
    clock.passes(1)
    assert sum(not outcome.is_held_back for outcome in channel.send(["m"] * 25, is_urgent=False)) == 10


def test_a_provider_that_throttles_is_sent_to_more_slowly_and_then_faster_again(known: traffic.Alone, clock: Clock):
    shelf = Shelf("first", throttles=True)
    channel = failover.Failover("x", [shelf], known)
    channel.send(["m"] * 200, is_urgent=False)
    shelf.throttles = False
    clock.passes(5)
    sent = [sum(not outcome.is_held_back for outcome in channel.send(["m"] * 200, is_urgent=False))]
    clock.passes(stage.SLOW_SECONDS)
    sent.append(sum(not outcome.is_held_back for outcome in channel.send(["m"] * 200, is_urgent=False)))
    assert shelf.batches == [200, *sent]
    assert sent == [stage.UNBOUNDED_PER_SECOND / 2, 200]


def test_a_centre_that_throttles_lowers_the_pace(smsc: smsc_peer.Smsc, known: traffic.Alone, clock: Clock):
    channel = smpp.Smpp(smpp.Config(centres=(centre(smsc),), sender="UTILITY"), known)
    smsc.behave([smsc_peer.ESME_RTHROTTLED], receipt=None)
    (throttled,) = conformance.sent(channel, [test_smpp.outgoing()])
    assert (throttled.code, throttled.is_held_back) == ("ESME_RTHROTTLED", False)
    clock.passes(5)
    outcomes = conformance.sent(channel, [test_smpp.outgoing(f"d{number}") for number in range(60)])
    channel.close()
    assert [outcome.is_held_back for outcome in outcomes] == [False] * 50 + [True] * 10


#: Answer to RCPT → whether the domain or the relay is spared from then on.
SLOWER: Mapping[str, str] = {
    "450 4.7.1 Too many messages from you": "mail/domain/customer.example",
    "451 4.7.650 The mail server has been temporarily rate limited": "mail/domain/customer.example",
    "450-4.2.1 The user is receiving mail at a rate that\r\n450 4.2.1 exceeds our limit": "",
    "421 4.7.28 Unusual rate of unsolicited mail": "mail/provider/",
    "421 4.7.0 Temporary System Problem": "mail/provider/",
    "451 4.7.1 Greylisted, please try again in 90 seconds": "",
    "450 4.2.0 Greylisted": "",
    "421 4.3.2 Shutting down": "",
    "452 4.3.1 Disk full": "",
    "550 5.7.1 Too many bad words": "",
}


@pytest.mark.parametrize("answer", SLOWER)
def test_answers_that_ask_for_a_slower_pace(known: traffic.Alone, answer: str):
    with mail_servers.scripted({"rcpt": answer, "data": "503 5.5.1 No recipient"}) as server:
        channel = mail_over(known, test_smtp.to(server.port))
        conformance.sent(channel, [test_smtp.outgoing()])
        channel.close()
        wanted = SLOWER[answer] + (f"127.0.0.1:{server.port}" if SLOWER[answer].endswith("provider/") else "")
    assert sorted(known.buckets) == [wanted] * bool(wanted)


def test_urgent_mail_comes_back_ahead_of_a_run(known: traffic.Alone):
    shelf = Shelf("first", per_second=1)
    channel = failover.Failover("x", [shelf], known)
    run = channel.send(["m"] * 101, is_urgent=False)
    assert run[-1].retry_after_seconds == 100
    (urgent,) = channel.send(["m"], is_urgent=True)
    (normal,) = channel.send(["m"], is_urgent=False)
    assert (urgent.retry_after_seconds, normal.retry_after_seconds) == (1, 101)


def test_a_batch_is_urgent_when_all_of_it_is(known: traffic.Alone):
    with mail_servers.aiosmtpd() as server:
        channel = mail_over(known, test_smtp.to(server.port), per_domain_per_second=1)
        conformance.sent(channel, [test_smtp.outgoing(f"d{number}") for number in range(5)])
        (urgent,) = conformance.sent(channel, [test_smtp.outgoing("u", lane=events.Lane.URGENT)])
        (normal,) = conformance.sent(channel, [test_smtp.outgoing("n")])
        channel.close()
    assert urgent.retry_after_seconds == 1
    assert normal.retry_after_seconds == 5
