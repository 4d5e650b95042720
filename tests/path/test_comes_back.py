"""What comes back early, late, twice or in odd order; letters written and not noted; endpoints that fall silent."""

import itertools
import pathlib
from collections.abc import Iterator

import msgspec
import pytest
from tests.path import recording
from tests.path.test_crashes import crash_at
from tests.path.test_documents import bill
from tests.path.world import PHONES, Kind, World

from signalpost.acts import request
from signalpost.channels import print_spool
from signalpost.store import batch
from signalpost.vocabulary import deliveries, events, records

# --- SMS receipts -----------------------------------------------------------------------------------------------------


def test_a_receipt_that_overtakes_the_answer_to_its_own_submit_is_not_lost(world: World):
    def overtaken(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        outcome = recording.taken(outgoing)
        receipt = world.receipt(world.sms, Kind.DELIVERED, provider_ref=outcome.provider_ref)
        body = records.canonical([receipt])
        raw = events.Raw(channel="sms", sender="peer", content_type="", body=body, received_at=receipt.at)
        assert request.take_returns([raw], world.sms) == 1
        return outcome

    world.sms.answer = overtaken
    world.storm()

    assert world.states("outage-opened")["gus"] == ["sms delivered"]
    assert world.rows("SELECT DISTINCT result FROM receipt", tuple[str]) == [("changed",)]


REPORTED = (Kind.DELIVERED, Kind.EXPIRED, Kind.DELIVERED, Kind.EXPIRED)


@pytest.mark.parametrize("order", sorted(set(itertools.permutations(REPORTED))), ids=" ".join)
def test_sms_receipts_in_any_order_and_repeated_end_the_same(world: World, order: tuple[Kind, ...]):
    world.storm()
    to_gus = world.message_to("gus", "outage-opened")
    name = f"p-{to_gus.ref}-1"
    for kind in order:
        # A repeated receipt has the same name, as the centre gives it.
        receipt = msgspec.structs.replace(
            world.receipt(world.sms, kind, provider_ref=name), dedupe=records.digest(f"{name} {kind}".encode())
        )
        world.comes_back(world.sms, [receipt])

    assert world.states("outage-opened")["gus"] == ["sms failed"]
    assert world.rows("SELECT kind FROM receipt ORDER BY kind", tuple[str]) == [("delivered",), ("expired",)]


# --- Letters ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def spool(world: World, tmp_path: pathlib.Path) -> Iterator[print_spool.PrintSpool]:
    """A print spool in the place of the recording channel."""
    made = print_spool.PrintSpool(print_spool.Config(name="letter", folder=tmp_path / "spool"))
    world.parts = msgspec.structs.replace(world.parts, channels={**world.channels, "letter": made})
    yield made
    made.close()


def manifests(tmp_path: pathlib.Path) -> list[print_spool.Manifest]:
    files = sorted((tmp_path / "spool").glob("*/manifest.json"))
    return [msgspec.json.decode(file.read_bytes(), type=print_spool.Manifest) for file in files]


@pytest.mark.usefixtures("spool")
def test_letters_whose_batch_was_written_and_not_noted_are_found_and_not_printed_twice(
    world: World, tmp_path: pathlib.Path
):
    world.event("billing.closed", "A-dora-M-05", bill(), drains=False)
    crash_at(world, "deliver:sent")
    assert [manifest.letters for manifest in manifests(tmp_path)] == [1]
    world.restart()
    world.sender_is_missed()
    world.later(3600)
    # Another process: it has only the folder to know from.
    again = print_spool.PrintSpool(print_spool.Config(name="letter", folder=tmp_path / "spool"))
    world.parts = msgspec.structs.replace(world.parts, channels={**world.channels, "letter": again})
    world.drain()

    [manifest] = manifests(tmp_path)
    [[state, place]] = world.rows("SELECT state, provider_ref FROM delivery WHERE via = 'letter'", tuple[str, str])
    assert (state, place) == ("accepted", f"{manifest.batch}/1")


LINES = ("accepted", "printed", "posted", "returned")


@pytest.mark.parametrize(
    "order",
    [LINES, LINES[::-1], (*LINES, *LINES), ("returned", "returned", "accepted"), ("posted", "printed", "returned")],
    ids=" ".join,
)
def test_lines_of_the_print_shop_in_odd_order_and_repeated_end_the_same(
    world: World, spool: print_spool.PrintSpool, order: tuple[str, ...]
):
    world.event("billing.closed", "A-dora-M-05", bill())
    [[ref]] = world.rows("SELECT ref FROM delivery WHERE via = 'letter'", tuple[str])
    for number, status in enumerate(order):
        lines = [{"status": status, "at": f"2026-03-02T10:00:{number:02}+00:00", "delivery": str(ref)}]
        raw = events.Raw(
            channel="print",
            sender="shop",
            content_type="application/json",
            body=records.canonical(lines),
            received_at=world.receipt(world.letter, Kind.PRINTED).at,
        )
        request.take_returns([raw], spool)
        world.drain()

    assert world.states("bill-ready")["dora"] == ["letter failed"]
    assert world.rows("SELECT count(*) FROM receipt", tuple[int]) == [(len(set(order)),)]
    assert world.rows("SELECT state FROM contact_point WHERE ref = 'dora-letter'", tuple[str]) == [("invalid",)]


# --- Replies by mail --------------------------------------------------------------------------------------------------


def test_stop_by_mail_leaves_the_address_that_was_written_to_in_peace(world: World):
    incident = world.storm()
    to_cem = world.message_to("cem", "outage-opened")
    world.comes_back(world.email, [world.receipt(world.email, Kind.UNSUBSCRIBED, of=to_cem)])
    sql = "SELECT suppressed <> '' FROM contact_point WHERE ref = 'cem-email'"
    assert world.rows(sql, tuple[bool]) == [(True,)]
    world.estimate(incident, 3)
    assert world.told("outage-updated").get("cem") != "email"


def test_words_around_a_reply_do_not_change_it(world: World):
    incident = world.storm()
    reply = world.receipt(world.sms, Kind.REPLIED, text="Bitte abmelden!\n\nGus", sender=PHONES["gus"])
    question = world.receipt(world.sms, Kind.REPLIED, text="Please stop by", sender=PHONES["fay"])
    world.comes_back(world.sms, [reply, question])
    world.estimate(incident, 3)
    assert world.withheld("outage-updated")["gus"] == "suppressed"
    assert world.told("outage-updated")["fay"] == "sms"


# --- Webhook endpoints ------------------------------------------------------------------------------------------------


def silent(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    del outgoing
    return deliveries.Outcome(kind=Kind.DEFERRED, detail="the endpoint cannot be reached")


def told_the_owner(world: World) -> int:
    sql = "SELECT count(*) FROM event WHERE type = 'signalpost.endpoint_disabled'"
    [[count]] = world.rows(sql, tuple[int])
    assert isinstance(count, int)
    return count


def silence_lasts(days: int, hours: int = 0) -> None:
    batch.run("UPDATE endpoint SET failing_since = now() - make_interval(days => %s, hours => %s)", [days, hours])


def test_an_endpoint_silent_for_five_days_is_disabled_its_owner_told_once_and_an_act_enables_it(world: World):
    world.register_platform()
    world.webhook.answer = silent
    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    silence_lasts(4, 23)
    world.later(3600)
    world.drain()
    assert (world.rows("SELECT disabled_because FROM endpoint", tuple[str]), told_the_owner(world)) == ([("",)], 0)

    silence_lasts(5, 1)
    world.later(3600)
    world.drain()
    world.event("billing.closed", "A-fay-M-07", bill(), name="b-2")
    assert world.rows("SELECT disabled_because FROM endpoint", tuple[str]) == [("failing",)]
    assert told_the_owner(world) == 1
    assert world.rows("SELECT count(*) FROM delivery WHERE via = 'webhook' AND state = 'due'", tuple[int]) == [(0,)]

    sent = len(world.webhook.sent)
    world.webhook.answer = recording.arrived
    world.register_platform()
    world.event("billing.closed", "A-ida-M-10", bill(), name="b-3")
    assert len(world.webhook.sent) > sent
    assert world.rows("SELECT disabled_because, failing_since IS NULL FROM endpoint", tuple[str, bool]) == [("", True)]
    assert told_the_owner(world) == 1


def test_one_webhook_that_arrives_ends_the_count_of_silent_days(world: World):
    world.register_platform()
    world.webhook.answer = silent
    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    silence_lasts(4, 23)
    world.webhook.answer = recording.arrived
    world.later(3600)
    world.drain()
    assert world.rows("SELECT failing_since IS NULL FROM endpoint", tuple[bool]) == [(True,)]
