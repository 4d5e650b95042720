"""B1: a business event goes in, a document comes out, and every step is reported back in order."""

import copy
import json
import pathlib

from tests.path import recording
from tests.path.world import Kind, World

from signalpost import playbooks
from signalpost.acts import operate
from signalpost.vocabulary import deliveries, events

SAMPLES = pathlib.Path(playbooks.__file__).parent / "b1_documents" / "samples" / "events.json"


def bill(**changed: object) -> dict[str, object]:
    (found,) = [event for event in json.loads(SAMPLES.read_text()) if event["id"] == "b-2026-01-0001"]
    return copy.deepcopy(found["data"]) | changed


def test_a_closed_bill_goes_by_email_and_by_letter_to_who_has_none(world: World):
    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    world.event("billing.closed", "A-dora-M-05", bill(), name="b-2")

    assert world.told("bill-ready") == {"cem": "email", "dora": "letter"}
    assert b"R-2026-004711" in world.message_to("cem", "bill-ready").content
    assert world.message_to("dora", "bill-ready").content.startswith(b"%PDF-")


def test_the_same_event_twice_is_one_bill(world: World):
    data = bill()
    body = {
        "specversion": "1.0",
        "source": "billing",
        "id": "b-1",
        "type": "billing.closed",
        "subject": "A-cem-M-04",
        "time": "2026-02-03T05:00:00Z",
        "data": data,
    }
    first = world.post(json.dumps(body).encode())
    again = world.post(json.dumps(body).encode())
    other = world.post(json.dumps(body | {"data": bill(usage_kwh=1)}).encode())

    assert (first.accepted, again.accepted, again.repeated) == (1, 0, 1)
    assert [refusal.reason for refusal in other.refusals] == [events.RefusalReason.CONFLICT]
    assert world.told("bill-ready") == {"cem": "email"}


def statuses(sent: list[deliveries.Outgoing]) -> list[str]:
    return [json.loads(outgoing.content)["type"].rpartition(".")[2] for outgoing in sent]


def test_every_step_goes_back_to_the_platform_in_order(world: World):
    world.register_platform()

    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    world.comes_back(world.email, [world.receipt(world.email, Kind.DELIVERED, of=world.email.sent[0])])

    assert statuses(world.webhook.sent) == ["decided", "composed", "accepted", "delivered"]
    first = json.loads(world.webhook.sent[0].content)
    assert first["data"]["cause"] == {
        "source": "platform",
        "id": "b-1",
        "type": "billing.closed",
        "subject": "A-cem-M-04",
    }
    assert "Cem" not in str([outgoing.content for outgoing in world.webhook.sent])


def test_a_webhook_that_fails_holds_back_the_later_ones_of_its_communication_only(world: World):
    world.register_platform()

    def busy(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        if b"composed" in outgoing.content and outgoing.attempt == 1 and b'"party":"cem"' in outgoing.content:
            return deliveries.Outcome(kind=Kind.DEFERRED, code="503")
        return recording.arrived(outgoing)

    world.webhook.answer = busy
    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1", drains=False)
    world.event("billing.closed", "A-fay-M-07", bill(), name="b-2")
    to_cem = [outgoing for outgoing in world.webhook.sent if b'"party":"cem"' in outgoing.content]
    to_fay = [outgoing for outgoing in world.webhook.sent if b'"party":"fay"' in outgoing.content]
    world.later(40)
    world.drain()
    now_to_cem = [outgoing for outgoing in world.webhook.sent if b'"party":"cem"' in outgoing.content]

    assert statuses(to_cem) == ["decided", "composed"]
    assert statuses(to_fay) == ["decided", "composed", "accepted"]
    assert statuses(now_to_cem) == ["decided", "composed", "composed", "accepted"]
    assert now_to_cem[1].ref == now_to_cem[2].ref


def gone(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    del outgoing
    return deliveries.Outcome(kind=Kind.REJECTED, code="410")


def test_a_document_that_the_archive_lost_stops_no_other(world: World):
    operate.pause("channel:email", by="olga", reason="")
    for name in ("R-1", "R-2"):
        world.event("billing.closed", "A-cem-M-04", bill(bill=name), name=name)
    known = "SELECT ref, state, code FROM delivery WHERE via = 'email' ORDER BY ref"
    (lost, _, _), _ = world.rows(known, tuple[str, str, str])
    elsewhere = """
        UPDATE document SET pack = reverse(pack)
        WHERE digest = (SELECT rendition FROM delivery WHERE via = 'email' ORDER BY ref LIMIT 1)
        """
    world.change(elsewhere)
    operate.resume("channel:email", by="olga")
    world.drain()

    first, second = world.rows(known, tuple[str, str, str])
    assert first == (lost, "failed", "no_document")
    assert second[1] == "accepted"
    assert len(world.email.sent) == 1
    tried = "SELECT via FROM attempt JOIN delivery ON delivery.ref = delivery_id WHERE via = 'email'"
    assert len(world.rows(tried, tuple[str])) == 1
    world.change(elsewhere)


def test_an_endpoint_that_is_gone_is_disabled_and_gets_no_more(world: World):
    world.register_platform()
    world.webhook.answer = gone

    world.event("billing.closed", "A-cem-M-04", bill(), name="b-1")
    sent = len(world.webhook.sent)
    world.event("billing.closed", "A-fay-M-07", bill(), name="b-2")

    assert world.rows("SELECT disabled_because FROM endpoint", tuple[str]) == [("gone",)]
    assert len(world.webhook.sent) == sent
    assert world.rows("SELECT type FROM event WHERE source = 'signalpost'", tuple[str]) == [
        ("signalpost.endpoint_disabled",)
    ]
