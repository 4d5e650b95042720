"""A reply "OFF", and the button of the portal, open again what operations thought was over."""

from tests.path import world as town
from tests.path.world import Kind, World

from signalpost.acts import request, view
from signalpost.vocabulary import events


def over_but_not_for_all(world: World) -> None:
    world.storm()
    world.everything_arrives()
    world.power_is_back()
    world.everything_arrives()


def test_a_reply_off_opens_a_nested_outage_and_is_answered(world: World):
    over_but_not_for_all(world)

    world.comes_back(world.sms, [world.receipt(world.sms, Kind.REPLIED, text=" Off ", sender=town.PHONES["gus"])])

    assert world.rows(
        "SELECT state, body::jsonb ->> 'parent' <> '' FROM incident ORDER BY state", tuple[str, bool]
    ) == [
        ("open", True),
        ("resolved", False),
    ]
    assert world.told("outage-reopened") == {"gus": "sms"}


def test_the_same_reply_twice_is_one_report(world: World):
    over_but_not_for_all(world)
    reply = world.receipt(world.sms, Kind.REPLIED, text="AUS", sender=town.PHONES["gus"])

    world.comes_back(world.sms, [reply])
    world.comes_back(world.sms, [reply])

    assert world.rows("SELECT count(*) FROM event WHERE type = 'customer.still_affected'", tuple[int]) == [(1,)]


def report_in_the_portal(world: World, party: str) -> view.Seen:
    seen = view.communication(world.message_to(party, "outage-resolved").communication, world.parts.archive)
    assert seen is not None
    request.report_still_affected(seen.premises, discriminator=f"{seen.ref}:0", by="portal")
    world.drain()
    return seen


def test_a_household_with_two_premises_is_answered_once(world: World):
    over_but_not_for_all(world)

    report_in_the_portal(world, "ada")

    assert world.told("outage-reopened") == {"ada": "sms"}


def test_a_report_in_the_portal_opens_it_again(world: World):
    over_but_not_for_all(world)

    seen = report_in_the_portal(world, "fay")

    assert world.rows("SELECT lane FROM event WHERE type = 'customer.still_affected'", tuple[str]) == [
        (events.Lane.URGENT.value,)
    ] * len(seen.premises)
    assert world.told("outage-reopened") == {"fay": "sms"}


def test_stop_bars_the_number_from_then_on(world: World):
    incident = world.storm()

    world.comes_back(world.sms, [world.receipt(world.sms, Kind.REPLIED, text="STOP", sender=town.PHONES["gus"])])
    world.estimate(incident, 3)

    assert world.withheld("outage-updated")["gus"] == "suppressed"
    assert "gus" not in world.told("outage-updated")
