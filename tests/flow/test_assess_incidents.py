"""Incidents: storms, members that join and leave, what stands alone and what is left over."""

import assessing
import msgspec
import pytest
from assessing import OUTAGE, RULES, TOWN, Town, time

from signalpost.flow import assess
from signalpost.flow.assess import boards, matching
from signalpost.vocabulary import situations

STORM = """
10:00 m1 loses power
10:00:30 m2 loses power
10:01 m3 loses power
"""


def outages(**changed: object) -> situations.Rules:
    return msgspec.structs.replace(RULES, incidents=(msgspec.structs.replace(OUTAGE, **changed),))


@pytest.mark.parametrize(
    ("story", "incidents", "told"),
    [
        pytest.param("10:00 m1 loses power\n10:01 m2 loses power", [], [], id="too few"),
        pytest.param(
            STORM, ["north power open 3 of 3: m1 m2 m3"], ["1 opened outage: m1 m2 m3"], id="many at once are one"
        ),
        pytest.param(
            """
            10:00 m1 loses power
            10:01 m2 loses power
            10:02:01 m3 loses power
            """,
            [],
            [],
            id="too slow",
        ),
        pytest.param(
            """
            10:00 m1 loses power
            10:01 m2 loses power
            10:01:30 m3 loses power
            10:01:40 m2 loses power
            """,
            ["north power open 3 of 3: m1 m2 m3"],
            ["1 opened outage: m1 m2 m3"],
            id="said twice, counted once",
        ),
        pytest.param(
            """
            10:00 m1 loses power
            10:00:10 m2 loses power
            10:00:20 m2 has power
            10:00:30 m3 loses power
            """,
            [],
            [],
            id="one is back already",
        ),
        pytest.param(
            """
            10:00 m1 loses power
            10:00 s1 loses power
            10:00 s2 loses power
            10:00 e1 loses power
            """,
            [],
            [],
            id="scattered over areas",
        ),
        pytest.param("10:00 e1 loses power\n10:00 e2 loses power", [], [], id="all of an area, but too few"),
        pytest.param(
            STORM + "10:30 m4 loses power",
            ["north power open 4 of 4: m1 m2 m3 m4"],
            ["1 opened outage: m1 m2 m3", "+ opened outage: m4"],
            id="later ones join and are told the same",
        ),
        pytest.param(
            "9:00 m9 loses power\n" + STORM,
            ["north power open 4 of 4: m9 m1 m2 m3"],
            ["1 opened outage: m9 m1 m2 m3"],
            id="who was alone before joins too",
        ),
        pytest.param(
            """
            10:20 m1 loses power, at 10:01
            10:21 m2 loses power, at 10:00
            10:22 m3 loses power, at 10:01:30
            """,
            ["north power open 3 of 3: m2 m1 m3"],
            ["1 opened outage: m2 m1 m3"],
            id="late and out of order",
        ),
    ],
)
def test_many_alarms_of_one_cause_in_one_area_are_one_incident(story: str, incidents: list[str], told: list[str]):
    town = Town().live(story)
    assert town.incidents() == incidents
    assert town.told() == told


@pytest.mark.parametrize(("count", "incidents"), [(19, []), (20, ["south power open 20 of 20"])])
def test_a_storm_is_a_share_of_its_area(count: int, incidents: list[str]):
    town = Town()
    town.assess([assessing.event(f"s{n} loses power", at=time("10:00")) for n in range(1, count + 1)], time("10:00:05"))
    assert [line.split(":")[0] for line in town.incidents()] == incidents


@pytest.mark.parametrize(
    ("percent", "device_count", "needed"), [(7, 100, 7), (0.7, 700, 5), (0, 100, 2), (33.4, 3, 2), (100, 4, 4)]
)
def test_a_share_is_rounded_up(percent: float, device_count: int, needed: int):
    rules = outages(storm=situations.StormRule(min_devices=2, min_percent=percent, within_seconds=60))
    area = situations.Area(ref="south", name="Southgate", device_count=device_count)
    for count, opened in ((needed - 1, 0), (needed, 1)):
        town = Town(picture=msgspec.structs.replace(TOWN, areas=(area,)), rules=rules)
        town.assess(
            [assessing.event(f"s{n} loses power", at=time("10:00")) for n in range(1, count + 1)], time("10:01")
        )
        assert len(town.incidents()) == opened


def test_of_an_area_that_is_not_registered_only_the_number_counts():
    town = Town(picture=msgspec.structs.replace(TOWN, areas=())).live(STORM)
    assert town.incidents() == ["north power open 3 of 3: m1 m2 m3"]


def test_a_cause_without_a_rule_for_incidents_stays_with_its_alarms():
    town = Town().live("10:00 m1 reads 180 V\n10:00 m2 reads 180 V\n10:00 m3 reads 180 V")
    assert len(town.alarms()) == 3
    assert town.incidents() == []


def test_two_alarms_of_one_device_are_one_member():
    surge = msgspec.structs.replace(assessing.POWER, name="surge", kind="surge", raised_by="meter.surge")
    rules = msgspec.structs.replace(RULES, alarms=(assessing.POWER, surge))
    town = Town(rules=rules).live("9:59 meter.surge about m1 {}" + STORM)
    assert town.incidents() == ["north power open 3 of 3: m1 m2 m3"]
    assert {alarm.incident for alarm in town.picture.alarms} == {town.picture.incidents[0].ref}
    assert town.picture.incidents[0].opened_at == time("9:59")
    town.live("10:05 meter.surge about m4 {}\n10:06 m4 loses power\n10:20 m4 has power")
    assert town.incidents() == ["north power partly_restored 3 of 4: m1 m2 m3"]


def test_a_device_that_is_alone_with_two_alarms_leaves_the_waiting_with_the_last():
    surge = msgspec.structs.replace(
        assessing.POWER, name="surge", kind="surge", raised_by="meter.surge", cleared_by=("meter.calm",)
    )
    rules = msgspec.structs.replace(RULES, alarms=(assessing.POWER, surge))
    town = Town(rules=rules).live(
        """
        10:00 m1 loses power
        10:00:05 meter.surge about m1 {}
        10:00:10 m1 has power
        10:00:20 m2 loses power
        10:00:30 m3 loses power
        """
    )
    assert town.incidents() == ["north power open 3 of 3: m1 m2 m3"]


def test_an_incident_is_as_bad_as_the_worst_of_its_alarms():
    worse = msgspec.structs.replace(
        assessing.POWER, name="hospital", severity=situations.Severity.CRITICAL, raised_when="has(data.hospital)"
    )
    rules = msgspec.structs.replace(RULES, alarms=(assessing.POWER, worse))
    town = Town(rules=rules).live(STORM)
    assert town.picture.incidents[0].severity is situations.Severity.MAJOR
    town.live('10:03 meter.last_gasp about m2 {"hospital":true}')
    assert town.picture.incidents[0].severity is situations.Severity.CRITICAL


@pytest.mark.parametrize(
    ("story", "incidents", "told"),
    [
        pytest.param(
            "10:20 m1 has power",
            ["north power partly_restored 2 of 3: m2 m3"],
            [],
            id="one is back",
        ),
        pytest.param(
            "10:20 m1 has power\n10:34:59 clock",
            ["north power partly_restored 2 of 3: m2 m3"],
            [],
            id="the others may follow",
        ),
        pytest.param(
            "10:20 m1 has power\n10:35 clock\n10:36 clock",
            ["north power partly_restored 2 of 3: m2 m3"],
            ["2 restored restored: m1"],
            id="they did not follow, so it is told, once",
        ),
        pytest.param(
            "10:20 m1 has power\n10:21 m2 has power\n10:36 clock",
            ["north power partly_restored 1 of 3: m3"],
            ["2 restored restored: m1 m2"],
            id="two are back",
        ),
        pytest.param(
            "10:20 m1 has power\n10:21 m1 loses power\n10:36 clock",
            ["north power open 3 of 3: m1 m2 m3"],
            [],
            id="out again before it was told",
        ),
        pytest.param(
            "10:20 m1 has power\n10:35 clock\n10:40 m1 loses power\n10:41 m4 loses power",
            ["north power open 4 of 4: m1 m2 m3 m4"],
            ["2 restored restored: m1", "3 opened outage: m1", "+ opened outage: m4"],
            id="out again after it was told",
        ),
        pytest.param(
            """
            10:20 m1 has power
            10:35 clock
            10:40 m1 loses power
            10:45 m1 has power
            11:00 clock
            11:05 m1 loses power
            """,
            ["north power open 3 of 3: m1 m2 m3"],
            ["2 restored restored: m1", "3 opened outage: m1", "4 restored restored: m1", "5 opened outage: m1"],
            id="on and off",
        ),
        pytest.param(
            "10:20 m1 has power\n10:21 m2 has power\n10:22 m3 has power\n10:40 clock",
            ["north power resolved 0 of 3: "],
            ["2 resolved over: told"],
            id="all are back: the end is told once",
        ),
        pytest.param(
            "10:40 m1 has power, at 10:05\n10:40:14 m2 has power, at 10:05\n10:40:14 clock",
            ["north power partly_restored 1 of 3: m3"],
            [],
            id="late: the others may still say so",
        ),
        pytest.param(
            "10:20 m1 has power\n10:21 m2 has power\n10:22 m3 has power\n10:30 m1 loses power",
            ["north power resolved 0 of 3: "],
            ["2 resolved over: told"],
            id="what is over stays over",
        ),
    ],
)
def test_members_leave_and_come_back(story: str, incidents: list[str], told: list[str]):
    town = Town().live(STORM + story)
    assert town.incidents() == incidents
    assert town.told()[1:] == told


def test_an_incident_ends_when_its_last_member_was_back():
    town = Town().live(STORM + "10:20 m1 has power\n10:21 m2 has power\n10:22 m3 has power, at 10:20:30")
    (incident,) = town.picture.incidents
    assert incident.opened_at == time("10:00")
    assert incident.resolved_at == time("10:21")


def test_a_home_is_told_that_it_is_restored_when_its_last_device_is():
    rules = outages(storm=situations.StormRule(min_devices=2, min_percent=20, within_seconds=120))
    three = (*TOWN.devices, situations.DeviceState(ref="e3", type="meter", area="east", premise="other"))
    town = Town(picture=msgspec.structs.replace(TOWN, devices=three), rules=rules)
    town.live("10:00 e1 loses power\n10:00 e2 loses power\n10:00 e3 loses power\n10:10 e1 has power\n10:25 clock")
    assert town.told() == ["1 opened outage: e1 e2", "+ opened outage: e3"]
    town.live("10:30 e2 has power\n10:45 clock\n10:50 e1 loses power\n10:51 e2 loses power")
    assert town.told()[2:] == ["2 restored restored: e2", "3 opened outage: e2"]


def test_nothing_is_remembered_as_told_when_no_trigger_tells_it():
    rules = msgspec.structs.replace(RULES, triggers=RULES.triggers[:1])
    town = Town(rules=rules).live(STORM + "10:20 m1 has power\n10:35 clock\n10:40 m1 loses power")
    assert town.told() == ["1 opened outage: m1 m2 m3"]
    assert [member.stint for member in town.picture.members] == [1, 1, 1]


def test_a_restored_message_of_an_incident_that_is_over_or_forgotten_is_dropped():
    town = Town().live(STORM + "10:20 m1 has power")
    (incident,) = town.picture.incidents
    over = msgspec.structs.replace(incident, state=situations.IncidentState.RESOLVED, resolved_at=time("10:30"))
    for incidents in ((over,), ()):
        picture = situations.Picture(members=town.picture.members[:1], incidents=incidents)
        found = assess.assess((), RULES, picture, time("10:40"))
        assert [member.tell_restored_at for member in found.members] == [None]
        assert found.changes == ()


@pytest.mark.parametrize(
    ("story", "incidents", "told"),
    [
        pytest.param("10:00 m1 loses power\n10:09:59 clock", [], [], id="not yet"),
        pytest.param(
            "10:00 m1 loses power\n10:10 clock",
            ["north power open 1 of 1: m1"],
            ["1 opened outage: m1"],
            id="it stayed alone",
        ),
        pytest.param(
            "10:00 m1 loses power\n10:10 clock\n10:30 m2 loses power",
            ["north power open 1 of 1: m1"],
            ["1 opened outage: m1"],
            id="others do not join it",
        ),
        pytest.param(
            "10:00 m1 loses power\n10:10 clock\n10:11 m1 has power",
            ["north power resolved 0 of 1: "],
            ["1 opened outage: m1", "2 resolved over: told"],
            id="and it ends",
        ),
        pytest.param(
            """
            9:00 m9 loses power
            9:10 clock
            10:00 m1 loses power
            10:00:30 m2 loses power
            10:01 m3 loses power
            10:02 m9 loses power
            """,
            ["north power open 1 of 1: m9", "north power open 3 of 3: m1 m2 m3"],
            ["1 opened outage: m9", "1 opened outage: m1 m2 m3"],
            id="in a storm it stays on its own",
        ),
        pytest.param(STORM + "10:30 clock", ["north power open 3 of 3: m1 m2 m3"], ["1 opened outage: m1 m2 m3"]),
        pytest.param(
            "10:30 m1 loses power, at 10:00\n10:30:14 clock", [], [], id="late: others may still make a storm of it"
        ),
    ],
)
def test_an_alarm_that_joins_no_storm_becomes_an_incident_of_its_own(story: str, incidents: list[str], told: list[str]):
    town = Town(rules=outages(isolated_after_seconds=600)).live(story)
    assert town.incidents() == incidents
    assert town.told() == told


def test_two_alarms_of_one_device_that_stayed_alone_are_one_incident():
    surge = msgspec.structs.replace(assessing.POWER, name="surge", kind="surge", raised_by="meter.surge")
    rules = msgspec.structs.replace(outages(isolated_after_seconds=600), alarms=(assessing.POWER, surge))
    town = Town(rules=rules).live("10:00 m1 loses power\n10:00 meter.surge about m1 {}\n10:10 clock")
    assert town.incidents() == ["north power open 1 of 1: m1"]


OVER = STORM + "10:30 operations end north\n"


@pytest.mark.parametrize(
    ("story", "incidents", "told", "noted"),
    [
        pytest.param(
            STORM + "10:10 p1 is still affected",
            ["north power open 3 of 3: m1 m2 m3"],
            [],
            "confirmed",
            id="we know that it is",
        ),
        pytest.param(
            STORM + "10:10 m1 has power\n10:12 p1 is still affected\n10:13 p1 is still affected\n10:30 clock",
            ["north power open 3 of 3: m1 m2 m3"],
            [],
            "confirmed",
            id="back in before anything was told",
        ),
        pytest.param(
            STORM + "10:10 m1 has power\n10:25 clock\n10:30 p1 is still affected",
            ["north power open 3 of 3: m1 m2 m3"],
            ["2 restored restored: m1", "3 opened outage: m1"],
            "reported",
            id="back in after it was told that it is restored",
        ),
        pytest.param(
            STORM + "10:10 m1 has power\n10:12 p1 is still affected, at 10:09",
            ["north power partly_restored 2 of 3: m2 m3"],
            [],
            "outdated",
            id="said before it was restored",
        ),
        pytest.param(
            OVER + "10:40 p1 is still affected",
            ["north power resolved 0 of 3: ", "north power open 1 of 1: m1"],
            ["2 resolved over: told", "1 reopened sorry: m1"],
            "reported",
            id="left over: an incident of its own",
        ),
        pytest.param(
            OVER + "10:40 p1 is still affected\n10:41 p1 is still affected",
            ["north power resolved 0 of 3: ", "north power open 1 of 1: m1"],
            ["2 resolved over: told", "1 reopened sorry: m1"],
            "confirmed",
            id="said twice",
        ),
        pytest.param(
            OVER + "10:40 p1 is still affected\n10:50 m1 has power",
            ["north power resolved 0 of 3: ", "north power resolved 0 of 1: "],
            ["2 resolved over: told", "1 reopened sorry: m1", "2 resolved over: told"],
            "cleared",
            id="its device says that it is over",
        ),
        pytest.param(
            OVER + "10:40 p1 is still affected\n10:50 m1 has power, at 10:39",
            ["north power resolved 0 of 3: ", "north power open 1 of 1: m1"],
            ["2 resolved over: told", "1 reopened sorry: m1"],
            "confirmed",
            id="its device said so before the report",
        ),
        pytest.param(
            OVER + "10:40 p1 is still affected\n10:50 operations end incident 2",
            ["north power resolved 0 of 3: ", "north power resolved 0 of 1: "],
            ["2 resolved over: told", "1 reopened sorry: m1", "2 resolved over: told"],
            "acted",
            id="operations say that it is over",
        ),
        pytest.param(
            OVER + "10:40 p1 is still affected\n10:50 m1 has power\n10:55 p1 is still affected",
            ["north power resolved 0 of 3: ", "north power resolved 0 of 1: ", "north power open 1 of 1: m1"],
            ["2 resolved over: told", "1 reopened sorry: m1", "2 resolved over: told", "1 reopened sorry: m1"],
            "reported",
            id="and again",
        ),
        pytest.param(
            OVER + "10:40 m7 loses power\n10:40 m8 loses power\n10:40 m9 loses power\n10:45 p1 is still affected",
            ["north power resolved 0 of 3: ", "north power open 4 of 4: m7 m8 m9 m1"],
            ["2 resolved over: told", "1 opened outage: m7 m8 m9", "+ opened outage: m1"],
            "reported",
            id="another one goes on by now",
        ),
        pytest.param(OVER + "10:40 p9 is still affected", None, ["2 resolved over: told"], "no_incident"),
        pytest.param(OVER + "10:40 px is still affected", None, ["2 resolved over: told"], "unknown_subject"),
    ],
)
def test_a_household_that_is_still_affected_is_heard(
    story: str, incidents: list[str] | None, told: list[str], noted: str
):
    town = Town().live(story)
    assert town.incidents() == (incidents or ["north power resolved 0 of 3: "])
    assert town.told()[1:] == told
    assert town.noted()[-1].split()[0] == noted


def test_a_report_does_not_end_by_what_ends_an_alarm_of_another_cause():
    water = msgspec.structs.replace(
        assessing.POWER, name="dry", kind="dry", cause="water", raised_by="meter.dry", cleared_by=("meter.wet",)
    )
    rules = msgspec.structs.replace(RULES, alarms=(assessing.POWER, water))
    town = Town(rules=rules).live(OVER + "10:40 p1 is still affected\n10:50 meter.wet about m1 {}")
    assert town.alarms() == ["m1 customer_report major open"]


def test_a_report_takes_along_what_its_device_said_meanwhile():
    town = Town(rules=outages(isolated_after_seconds=600)).live(
        OVER + "10:35 m1 loses power\n10:40 p1 is still affected\n10:50 clock"
    )
    assert town.incidents() == ["north power resolved 0 of 3: ", "north power open 1 of 1: m1"]
    assert town.picture.incidents[1].opened_at == time("10:35")
    town.live("10:55 m1 has power")
    assert town.incidents()[1] == "north power resolved 0 of 1: "


def test_a_late_report_from_before_the_device_was_well_again_is_outdated():
    town = Town().live(OVER + "10:40 m1 has power\n10:41 p1 is still affected, at 10:35")
    assert town.noted()[-1] == "outdated by customer.still_affected"


def test_what_is_left_over_names_the_incident_it_is_left_from():
    town = Town().live(OVER + "10:40 p1 is still affected")
    first, nested = town.picture.incidents
    assert (nested.parent, nested.cause, nested.is_single, nested.severity) == (first.ref, "power", True, 3)
    assert town.alarms() == ["m1 customer_report major open"]
    assert town.found[-1].notes[0].ref == nested.ref


def test_a_report_may_name_the_incident_that_it_answers():
    water = msgspec.structs.replace(
        assessing.POWER, name="dry", kind="dry", cause="water", raised_by="meter.dry", cleared_by=("meter.wet",)
    )
    rules = msgspec.structs.replace(
        RULES,
        alarms=(assessing.POWER, water),
        incidents=(OUTAGE, msgspec.structs.replace(OUTAGE, cause="water")),
    )
    town = Town(rules=rules).live(
        OVER
        + "10:31 meter.dry about m1 {}\n10:31 meter.dry about m2 {}\n10:31 meter.dry about m3 {}\n"
        + '10:40 customer.still_affected about p1 {"incident":"incident 1"}\n'
        + '10:41 customer.still_affected about p1 {"incident":"incident 2"}\n'
    )
    assert town.noted()[-2:] == ["reported by customer.still_affected", "confirmed by customer.still_affected"]
    assert [(incident.cause, incident.state) for incident in town.picture.incidents] == [
        ("power", "resolved"),
        ("water", "open"),
        ("power", "open"),
    ]


def together(at: str, premise: str, report: str = "r") -> str:
    return f'{at} customer.still_affected about {premise} {{"report":"{report}"}}\n'


@pytest.mark.parametrize(
    ("story", "incidents", "told"),
    [
        pytest.param(
            together("10:40", "p1") + together("10:40", "p2"),
            ["north power open 2 of 2: m1 m2"],
            ["1 reopened sorry: m1", "+ reopened sorry: m2"],
            id="one report",
        ),
        pytest.param(
            together("10:40", "p1") + together("10:40", "p2", "other"),
            ["north power open 1 of 1: m1", "north power open 1 of 1: m2"],
            ["1 reopened sorry: m1", "1 reopened sorry: m2"],
            id="two reports",
        ),
        pytest.param(
            together("10:40", "p1") + "10:41 m1 has power\n" + together("10:42", "p2"),
            ["north power resolved 0 of 1: ", "north power open 1 of 1: m2"],
            ["1 reopened sorry: m1", "2 resolved over: told", "1 reopened sorry: m2"],
            id="its first half is over before the second is heard",
        ),
    ],
)
def test_what_is_reported_together_becomes_one_outage(story: str, incidents: list[str], told: list[str]):
    town = Town().live(OVER + story)
    assert town.incidents()[1:] == incidents
    assert town.told()[2:] == told


def test_a_report_that_cannot_be_read_is_shown_with_its_reason():
    town = Town().live('10:00 customer.still_affected about p1 {"incident":7}')
    assert town.noted() == ["faulty by customer.still_affected"]
    assert "Expected `str`, got `int` - at `$.incident`" in town.found[0].faults[0].text


def test_the_moves_of_an_incident_are_those_of_the_table():
    (incident,) = Town().live(OVER).picture.incidents
    board = boards.Board(situations.Picture(incidents=(incident,)), index=matching.index(RULES), now=time("12:00"))
    with pytest.raises(ValueError, match="no move from resolved to open"):
        board.put_incident(msgspec.structs.replace(incident, state=situations.IncidentState.OPEN))
