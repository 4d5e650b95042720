"""Fallback, escalation, quiet hours, and what is overtaken before it leaves."""

import datetime as dt
import json
import zoneinfo

import msgspec
from tests.path.test_documents import bill
from tests.path.world import BERLIN, Kind, World

from signalpost.acts import operate
from signalpost.store import batch, registry
from signalpost.vocabulary import deliveries, manuscripts, parties


def dead(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    del outgoing
    return deliveries.Outcome(kind=Kind.ADDRESS_INVALID, code="ESME_RINVDSTADR")


def test_when_the_sms_fails_the_email_goes_out_and_the_number_is_marked(world: World):
    world.sms.answer = dead

    world.storm()

    assert world.states("outage-opened")["fay"] == ["sms failed", "email accepted"]
    assert world.states("outage-opened")["gus"] == ["sms failed"]
    assert batch.fetch("SELECT state FROM contact_point WHERE ref = %s", ["fay-sms"], tuple[str]) == [("invalid",)]


def test_a_number_that_is_dead_is_not_used_again(world: World):
    world.sms.answer = dead
    incident = world.storm()
    world.estimate(incident, 3)

    assert [sent for _, party, sent in world.outbox() if party == "fay" and sent.channel == "sms"] == [
        sent for sent in world.sms.sent if sent.address.endswith("06")
    ][:1]
    assert world.withheld("outage-updated")["gus"] == "no_address"


def test_a_late_failure_report_starts_the_next_channel(world: World):
    world.storm()
    to_fay = world.message_to("fay", "outage-opened")

    world.comes_back(world.sms, [world.receipt(world.sms, Kind.EXPIRED, of=to_fay)])
    world.comes_back(world.sms, [world.receipt(world.sms, Kind.EXPIRED, of=to_fay)])

    assert world.states("outage-opened")["fay"] == ["sms failed", "email accepted"]
    assert len([sent for _, party, sent in world.outbox() if party == "fay"]) == 2


def test_receipts_that_carry_only_the_providers_reference_find_their_delivery(world: World):
    world.storm()
    to_gus = world.message_to("gus", "outage-opened")

    world.comes_back(world.sms, [world.receipt(world.sms, Kind.DELIVERED, provider_ref=f"p-{to_gus.ref}-1")])

    assert world.states("outage-opened")["gus"] == ["sms delivered"]


def test_silence_starts_the_next_channel_after_the_set_time(world: World):
    _push_and_sms(world)
    world.storm()
    assert world.states("outage-opened")["fay"][:2] == ["sms accepted", "email standby"]

    world.later(599)
    world.drain()
    before = world.states("outage-opened")["fay"]
    world.later(10)
    world.drain()

    assert before == ["sms accepted", "email standby"]
    assert world.states("outage-opened")["fay"] == ["sms accepted", "email accepted"]


def test_a_confirmation_in_time_calls_the_escalation_off(world: World):
    _push_and_sms(world)
    world.storm()

    world.everything_arrives()
    world.later(1000)
    world.drain()

    assert world.states("outage-opened")["fay"] == ["sms delivered", "email cancelled"]


def _push_and_sms(world: World) -> None:
    """E-mail is urgent as well, so that it follows on silence."""
    _policy(world, urgent_channels=(parties.ChannelKind.SMS, parties.ChannelKind.EMAIL))


def _policy(world: World, **changed: object) -> None:
    del world
    now = dt.datetime.now(dt.UTC)
    policy = registry.policy(now)
    categories = tuple(
        msgspec.structs.replace(row, **changed) if row.category == "outage" else row for row in policy.categories
    )
    registry.save_policy(msgspec.structs.replace(policy, version="changed", categories=categories), now=now)


def _quiet_now(party: str) -> dt.datetime:
    """It is quiet for a party from an hour ago until in an hour; when that ends."""
    local = dt.datetime.now(zoneinfo.ZoneInfo(BERLIN)).replace(second=0, microsecond=0)
    start, end = local - dt.timedelta(hours=1), local + dt.timedelta(hours=1)
    batch.run("UPDATE customer SET quiet_start = %s, quiet_end = %s WHERE ref = %s", [start.time(), end.time(), party])
    return end.astimezone(dt.UTC)


def test_in_quiet_hours_a_message_that_rings_waits_until_they_end(world: World):
    _policy(world, breaks_quiet_hours_from=5)
    until = _quiet_now("fay")

    world.storm()

    assert "fay" not in world.told("outage-opened")
    assert batch.fetch(
        "SELECT state, due_at FROM delivery WHERE address = %s AND rank = 0",
        ["+4915100000006"],
        tuple[str, dt.datetime],
    ) == [("due", until)]


def test_what_waited_and_is_overtaken_never_leaves(world: World):
    _policy(world, breaks_quiet_hours_from=5)
    _quiet_now("fay")
    incident = world.storm()

    world.estimate(incident, 3)

    assert {state for row in world.states("outage-opened")["fay"] for state in [row.split()[1]]} == {"cancelled"}
    assert batch.fetch(
        "SELECT state FROM decision WHERE party = 'fay' AND communication = 'outage-opened'", [], tuple[str]
    ) == [("superseded",)]


def test_a_paused_channel_holds_its_messages_until_it_goes_on(world: World):
    operate.pause("channel:sms", by="olga", reason="the provider asked")
    world.storm()
    while_paused = len(world.sms.sent)

    operate.resume("channel:sms", by="olga")
    world.drain()

    assert while_paused == 0
    assert world.states("outage-opened")["gus"] == ["sms accepted"]


def test_what_cannot_be_laid_out_goes_by_the_next_channel_and_says_why(world: World):
    batch.run("UPDATE area SET name = %s", ["Harbour Quarter " * 60])

    world.storm()

    assert world.states("outage-opened")["fay"] == ["sms failed", "email accepted"]
    (why,) = batch.fetch("SELECT code, detail FROM delivery WHERE address = %s", ["+4915100000006"], tuple[str, str])
    assert why[0] == manuscripts.UnrenderableReason.TOO_LONG
    assert "segments" in why[1]


def test_a_fact_that_is_missing_is_a_problem_everyone_can_see(world: World):
    _let_bills_come_without("net")
    data = {name: value for name, value in bill().items() if name != "net"}

    world.event("billing.closed", "A-cem-M-04", data)

    ((state, problem),) = batch.fetch("SELECT state, problem FROM decision", [], tuple[str, str])
    assert state == "incomplete"
    assert "net" in problem
    assert list(world.outbox()) == []


def _let_bills_come_without(field: str) -> None:
    contract = registry.contracts()["billing.closed"]
    schema = json.loads(contract.data_schema)
    schema["required"].remove(field)
    registry.save_contracts(
        [msgspec.structs.replace(contract, data_schema=json.dumps(schema))], playbook="b1_documents"
    )


def test_a_channel_that_is_not_configured_fails_at_once_and_the_next_one_goes_out(world: World):
    world.parts = msgspec.structs.replace(
        world.parts, channels={name: one for name, one in world.channels.items() if name != "sms"}
    )

    world.storm()

    assert world.states("outage-opened")["fay"] == ["sms failed", "email accepted"]
    assert batch.fetch("SELECT DISTINCT code FROM delivery WHERE channel = 'sms'", [], tuple[str]) == [("no_channel",)]
