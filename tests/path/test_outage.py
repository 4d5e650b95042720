"""D1, D6 and D7: an outage from the first last gasp to the closing message."""

from tests.path import world as town
from tests.path.world import World


def test_a_storm_is_one_incident_and_one_message_a_household(world: World):
    world.meters_say("LG", town.METERS)

    world.drain()

    assert world.rows("SELECT state, active_count FROM incident", tuple[str, int]) == [("open", len(town.METERS))]
    assert world.told("outage-opened") == town.TOLD
    assert world.withheld("outage-opened") == town.WITHHELD


def test_each_is_told_in_their_language_with_a_link_of_their_own(world: World):
    world.storm()

    to_ada, to_gus = world.message_to("ada", "outage-opened"), world.message_to("gus", "outage-opened")

    assert to_ada.address == town.PHONES["ada"]
    assert "Power cut in Harbour Quarter" in to_ada.content.decode()
    assert "Stromausfall" in to_gus.content.decode()
    assert f"https://signalpost.example/s/{to_gus.communication}" in to_gus.content.decode()
    assert world.message_to("dora", "outage-opened").media_type == "application/pdf"
    assert world.message_to("dora", "outage-opened").content.startswith(b"%PDF-")


def test_a_first_estimate_and_a_material_change_are_told_once_each_and_a_small_change_is_not(world: World):
    incident = world.storm()

    world.estimate(incident, 3)
    first = dict(world.told("outage-updated"))
    world.estimate(incident, 3.2)
    after_small = len(list(world.outbox()))
    world.estimate(incident, 5)

    assert first == town.TOLD
    assert after_small == 2 * len(town.TOLD)
    assert len(list(world.outbox())) == 3 * len(town.TOLD)


def test_repeats_change_nothing(world: World):
    incident = world.storm()
    world.event("incident.estimate", incident, {"restoration_at": "2031-01-30T16:30:00Z"}, name="est-1")
    before = len(list(world.outbox()))

    world.meters_say("LG", town.METERS)
    world.drain()
    world.drain()

    assert len(list(world.outbox())) == before
    assert world.rows("SELECT count(*) FROM incident", tuple[int]) == [(1,)]


def test_the_end_is_told_to_exactly_those_who_were_told_on_a_channel_that_reached_them(world: World):
    world.storm()
    world.everything_arrives()

    world.power_is_back()

    assert world.rows("SELECT state FROM incident", tuple[str]) == [("resolved",)]
    assert world.told("outage-resolved") == town.TOLD
