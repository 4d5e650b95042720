"""Estimates and what operations say: versions, what is material, what has passed, actions, and the end by order."""

import msgspec
import pytest
from assessing import RULES, Town, time

from signalpost.vocabulary import situations

STORM = """
10:00 m1 loses power
10:00:30 m2 loses power
10:01 m3 loses power
"""


def estimate(town: Town) -> situations.Estimate:
    return town.picture.incidents[0].estimate


@pytest.mark.parametrize(
    ("story", "version", "told_version", "told", "noted"),
    [
        pytest.param(
            "10:05 operations expect nothing for north", 0, 0, [], "confirmed", id="nobody ever said anything else"
        ),
        pytest.param(
            "10:05 operations expect north at 12:00", 1, 1, ["2 updated estimate: told"], "estimated", id="the first"
        ),
        pytest.param(
            "10:05 operations expect incident 1 at 12:00",
            1,
            1,
            ["2 updated estimate: told"],
            "estimated",
            id="for an incident by name",
        ),
        pytest.param(
            "10:05 operations expect north at 12:00\n10:06 operations expect north at 12:00",
            1,
            1,
            ["2 updated estimate: told"],
            "confirmed",
            id="said again",
        ),
        pytest.param(
            "10:05 operations expect north at 12:00\n10:06 operations expect north at 12:29",
            2,
            1,
            ["2 updated estimate: told"],
            "estimated",
            id="a little later: kept, not told",
        ),
        pytest.param(
            """
            10:05 operations expect north at 12:00
            10:06 operations expect north at 12:29
            10:07 operations expect north at 12:58
            """,
            3,
            3,
            ["2 updated estimate: told", "3 updated estimate: told"],
            "estimated",
            id="little by little: compared with what was told",
        ),
        pytest.param(
            "10:05 operations expect north at 12:00\n10:06 operations expect north at 11:30",
            2,
            2,
            ["2 updated estimate: told", "3 updated estimate: told"],
            "estimated",
            id="much earlier",
        ),
        pytest.param(
            "10:05 operations expect north at 12:00\n10:06 operations expect nothing for north",
            2,
            2,
            ["2 updated estimate: told", "3 updated estimate: told"],
            "estimated",
            id="not known any more",
        ),
        pytest.param(
            "10:05 operations expect north at 12:00\n10:06 operations expect north at 13:00, at 10:04",
            1,
            1,
            ["2 updated estimate: told"],
            "outdated",
            id="stated before",
        ),
        pytest.param(
            """
            10:05 operations expect north at 12:00
            10:07 operations expect north at 12:00
            10:08 operations expect north at 13:00, at 10:06
            """,
            1,
            1,
            ["2 updated estimate: told"],
            "outdated",
            id="stated before it was said again",
        ),
    ],
)
def test_an_estimate_is_a_version_and_told_when_it_is_material(
    story: str, version: int, told_version: int, told: list[str], noted: str
):
    town = Town().live(STORM + story)
    assert (estimate(town).version, estimate(town).told_version) == (version, told_version)
    assert town.told()[1:] == told
    assert town.noted()[-1] == f"{noted} by incident.estimate"


@pytest.mark.parametrize(
    ("story", "noted"),
    [
        (STORM + "10:05 operations expect south at 12:00", "no_incident"),
        (STORM + "10:05 operations expect nowhere at 12:00", "unknown_subject"),
        (STORM + "10:05 operations end incident 1\n10:06 operations expect incident 1 at 12:00", "no_incident"),
        (STORM + '10:05 incident.estimate about north {"restoration_at":"soon"}', "faulty"),
        (STORM + '10:05 incident.estimate about north {"restoration_at":"2026-03-01T12:00:00"}', "faulty"),
        (STORM + "10:05 incident.estimate about north {}", "faulty"),
        (
            STORM + '10:05 incident.estimate about north {"restoration_at":null,"incident_cause":"water"}',
            "no_incident",
        ),
        (STORM + '10:05 incident.estimate about north {"restoration_at":null,"incident_cause":"power"}', "confirmed"),
    ],
    ids=["none there", "no such place", "over", "no instant", "no time zone", "missing", "other cause", "this cause"],
)
def test_an_estimate_that_concerns_nothing_is_said_to(story: str, noted: str):
    town = Town().live(story)
    assert town.noted()[-1].split()[0] == noted
    assert bool(town.found[-1].faults) is (noted == "faulty")
    assert town.told()[1:] in ([], ["2 resolved over: told"])


def test_an_estimate_in_another_time_zone_is_the_same_instant():
    town = Town().live(STORM + '10:05 incident.estimate about north {"restoration_at":"2026-03-01T13:00:00+01:00"}')
    assert estimate(town).restoration_at == time("12:00")
    assert town.live("10:06 operations expect north at 12:00").noted()[-1] == "confirmed by incident.estimate"
    assert '"restoration_at":"2026-03-01T12:00:00Z"' in town.found[-2].changes[0].facts


def test_who_joins_after_a_new_estimate_is_told_that_one():
    town = Town().live(
        STORM
        + """
        10:05 operations expect north at 12:00
        10:06 m4 loses power
        10:07 operations expect north at 12:10
        10:08 m5 loses power
        10:09 m6 loses power
        """
    )
    assert town.told() == [
        "1 opened outage: m1 m2 m3",
        "2 updated estimate: told",
        "3 opened outage: m4",
        "4 opened outage: m5",
        "+ opened outage: m6",
    ]
    assert [change.estimate_version for found in town.found for change in found.changes] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("story", "alarms", "told"),
    [
        pytest.param("12:04:59 clock", 0, [], id="not yet"),
        pytest.param("12:05 clock", 1, ["3 alarm overdue: duty_engineer"], id="passed"),
        pytest.param("12:05 clock\n12:06 clock", 1, ["3 alarm overdue: duty_engineer"], id="once"),
        pytest.param(
            "12:05 clock\n12:10 operations expect north at 12:20",
            0,
            ["3 alarm overdue: duty_engineer"],
            id="a new estimate clears it",
        ),
        pytest.param(
            "12:05 clock\n12:10 operations expect north at 12:20\n12:25 clock",
            1,
            ["3 alarm overdue: duty_engineer", "4 alarm overdue: duty_engineer"],
            id="once for each version",
        ),
        pytest.param(
            "12:05 clock\n12:10 operations end north\n12:30 clock",
            0,
            ["3 alarm overdue: duty_engineer", "4 resolved over: told"],
            id="the end clears it",
        ),
        pytest.param("11:50 operations end north\n12:30 clock", 0, ["3 resolved over: told"], id="over before"),
        pytest.param(
            "11:50 operations expect nothing for north\n12:30 clock",
            0,
            ["3 updated estimate: told"],
            id="taken back before",
        ),
        pytest.param(
            "11:00 operations expect north at 10:30\n11:00:14 clock",
            0,
            ["3 updated estimate: told"],
            id="in the past already",
        ),
        pytest.param(
            "11:00 operations expect north at 10:30\n11:00:15 clock",
            1,
            ["3 updated estimate: told", "4 alarm overdue: duty_engineer"],
            id="and left there",
        ),
    ],
)
def test_staff_hear_of_an_estimate_that_passed(story: str, alarms: int, told: list[str]):
    town = Town().live(STORM + "10:05 operations expect north at 12:00\n" + story)
    passed = [alarm for alarm in town.picture.alarms if alarm.kind == situations.ESTIMATE_PASSED_KIND]
    assert len(passed) == alarms
    assert town.told()[2:] == told


def test_the_alarm_of_an_estimate_that_passed_is_on_the_incident():
    town = Town().live(STORM + "10:05 operations expect north at 12:00\n12:05 clock")
    (alarm,) = (alarm for alarm in town.picture.alarms if alarm.kind == situations.ESTIMATE_PASSED_KIND)
    assert (alarm.subject, alarm.area, alarm.premise) == (town.picture.incidents[0].ref, "", "")
    assert alarm.raised_at == time("12:00")


def test_an_incident_goes_on_by_the_defaults_when_its_rule_is_gone():
    town = Town().live(STORM)
    town.rules = msgspec.structs.replace(RULES, incidents=())
    town.live("10:05 operations expect north at 12:00\n10:06 operations expect north at 12:29\n10:20 m1 has power")
    assert (estimate(town).version, estimate(town).told_version) == (2, 1)
    assert town.picture.members[0].tell_restored_at == time("10:35")


@pytest.mark.parametrize(
    ("story", "actions", "noted"),
    [
        ("10:20 operations did cable_replaced in north", ("cable_replaced",), "acted"),
        (
            "10:20 operations did cable_replaced in north\n10:21 operations did cable_replaced in north",
            ("cable_replaced",),
            "confirmed",
        ),
        ('10:20 incident.actions about north {"codes":["a","b"]}', ("a", "b"), "acted"),
        ("10:20 operations end north\n10:21 operations did fuse in incident 1", ("fuse",), "acted"),
        ('10:20 incident.actions about north {"codes":"a"}', (), "faulty"),
        ("10:20 operations did fuse in south", (), "no_incident"),
    ],
)
def test_what_was_done_is_kept_for_the_summary(story: str, actions: tuple[str, ...], noted: str):
    town = Town().live(STORM + story)
    assert town.picture.incidents[0].actions == actions
    assert town.noted()[-1].split()[0] == noted


def test_the_summary_has_what_was_done_and_how_long_it_took():
    town = Town().live(STORM + "10:20 operations did fuse in north\n12:00:59 operations end north")
    assert town.facts()[-1] == {
        "incident": {
            "ref": town.picture.incidents[0].ref,
            "cause": "power",
            "area": "north",
            "area_name": "Northfield",
            "opened_at": "2026-03-01T10:00:00Z",
            "resolved_at": "2026-03-01T12:00:59Z",
            "duration_minutes": 120,
            "member_count": 3,
            "active_count": 0,
            "actions": ["fuse"],
        },
        "estimate": {"is_known": False, "version": 0},
    }


@pytest.mark.parametrize(
    ("story", "incidents", "alarms", "noted"),
    [
        pytest.param("10:30 operations end north", "resolved 0 of 3: ", [], "acted", id="over"),
        pytest.param("10:30 operations end incident 1", "resolved 0 of 3: ", [], "acted", id="by name"),
        pytest.param(
            "10:20 m1 has power\n10:30 operations end north", "resolved 0 of 3: ", [], "acted", id="one was back"
        ),
        pytest.param(
            "10:30 operations end incident 1\n10:31 operations end incident 1",
            "resolved 0 of 3: ",
            [],
            "confirmed",
            id="said again",
        ),
        pytest.param(
            "10:30 operations end north, at 9:00",
            "open 3 of 3: m1 m2 m3",
            ["m1 power_loss major open", "m2 power_loss major open", "m3 power_loss major open"],
            "outdated",
            id="said before it began",
        ),
        pytest.param(
            "10:30 operations end north\n10:31 m1 loses power, at 10:20",
            "resolved 0 of 3: ",
            [],
            "outdated",
            id="a late alarm from before the end",
        ),
        pytest.param(
            "10:30 m1 loses power\n10:31 operations end north, at 10:29\n10:32 m1 loses power, at 10:30",
            "resolved 0 of 3: ",
            [],
            "outdated",
            id="an order ends what was seen since, too",
        ),
        pytest.param(
            "10:30 operations end north\n10:31 m1 loses power",
            "resolved 0 of 3: ",
            ["m1 power_loss major open"],
            "raised",
            id="a new alarm is a new one",
        ),
    ],
)
def test_operations_end_an_incident(story: str, incidents: str, alarms: list[str], noted: str):
    town = Town().live(STORM + story)
    assert town.incidents() == [f"north power {incidents}"]
    assert town.alarms() == alarms
    assert town.noted()[-1].split()[0] == noted
    assert all(member.tell_restored_at is None for member in town.picture.members)


def test_operations_can_end_only_what_was_loaded_whole():
    town = Town().live(STORM)
    town.picture = msgspec.structs.replace(town.picture, members=town.picture.members[1:])
    with pytest.raises(LookupError, match="wanted its 3 active members, got 2"):
        town.live("10:30 operations end north")


def test_an_alarm_of_another_cause_outlives_the_end():
    town = Town().live("9:00 m1 reads 185 V\n" + STORM + "10:30 operations end north")
    assert town.alarms() == ["m1 low_voltage major open"]
