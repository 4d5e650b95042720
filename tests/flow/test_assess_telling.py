"""What is told: through triggers alone, to whom they say, with the facts that templates may use."""

import assessing
import msgspec
import pytest
from assessing import RULES, TOWN, AudienceKind, ChangeKind, Town, time

from signalpost.vocabulary import events, records, situations

STORM = """
10:00 m1 loses power
10:00:30 m2 loses power
10:01 m3 loses power
"""


def telling(*triggers: situations.Trigger) -> situations.Rules:
    return msgspec.structs.replace(RULES, triggers=triggers)


def passing(**more: str) -> situations.Trigger:
    return situations.Trigger(
        name=more.get("name", "close the bill"),
        communication=more.get("communication", "bill"),
        event_type="billing.closed",
        when=more.get("when", ""),
        audience=AudienceKind(more.get("audience", "subject")),
        role=more.get("role", ""),
        severity=situations.Severity.MINOR,
        lane=events.Lane.BULK,
    )


def test_without_a_trigger_nothing_is_told_and_everything_still_happens():
    town = Town(rules=telling()).live(STORM + "10:05 operations expect north at 12:00\n10:30 operations end north")
    assert town.told() == []
    assert town.incidents() == ["north power resolved 0 of 3: "]
    assert town.picture.incidents[0].estimate.told_version == 0


def test_a_change_says_what_it_is_and_why():
    town = Town().live(STORM)
    (incident,) = town.picture.incidents
    assert town.found[-1].changes == (
        situations.Change(
            ref=records.reference(incident.ref, "opened", "0.1", "outage", "members", ""),
            kind=ChangeKind.OPENED,
            situation=incident.ref,
            stage=1,
            communication="outage",
            trigger="tell outage@7",
            severity=situations.Severity.MAJOR,
            lane=events.Lane.URGENT,
            at=time("10:01"),
            audience=AudienceKind.MEMBERS,
            facts='{"estimate":{"is_known":false,"version":0},"incident":{"actions":[],"active_count":3,'
            '"area":"north","area_name":"Northfield","cause":"power","member_count":3,'
            f'"opened_at":"2026-03-01T10:00:00Z","ref":"{incident.ref}"}}}}',
        ),
    )


def test_a_storm_in_one_batch_is_told_once_with_all_who_joined():
    town = Town()
    town.assess([assessing.event(f"m{n} loses power", at=time("10:00")) for n in range(1, 9)], time("10:00:05"))
    assert town.told() == ["1 opened outage: m1 m2 m3 m4 m5 m6 m7 m8"]
    assert '"member_count":8' in town.found[-1].changes[0].facts


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("", ["1 opened outage: m1 m2 m3"]),
        ("incident.member_count >= 3 && !estimate.is_known", ["1 opened outage: m1 m2 m3"]),
        ("incident.area_name == 'Southgate'", []),
        ("incident.colour == 'red'", []),
    ],
)
def test_a_trigger_tells_what_its_condition_lets_it(when: str, told: list[str]):
    rules = telling(assessing.trigger(ChangeKind.OPENED, "outage", AudienceKind.MEMBERS, when=when))
    assert Town(rules=rules).live(STORM).told() == told


def test_a_condition_that_cannot_be_asked_is_not_a_no():
    rules = telling(assessing.trigger(ChangeKind.OPENED, "outage", AudienceKind.MEMBERS, when="incident.colour == 1"))
    town = Town(rules=rules).live(STORM)
    assert town.found[-1].faults == (
        situations.RuleFault(
            rule="tell outage",
            ref=town.picture.incidents[0].ref,
            text="expression 'incident.colour == 1': no field 'colour' in the facts",
        ),
    )


def test_the_condition_of_a_beginning_is_asked_once_by_whoever_joins():
    rules = telling(
        assessing.trigger(ChangeKind.OPENED, "outage", AudienceKind.MEMBERS, when="incident.member_count > 3")
    )
    assert Town(rules=rules).live(STORM + "10:05 m4 loses power\n10:06 m5 loses power").told() == [
        "1 opened outage: m4",
        "+ opened outage: m5",
    ]


@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("audience", list(AudienceKind))
def test_an_audience_that_a_change_cannot_have_is_a_fault(kind: ChangeKind, audience: AudienceKind):
    one = assessing.trigger(kind, "word", audience, role="duty_engineer")
    if kind is ChangeKind.EVENT:
        one = msgspec.structs.replace(one, event_type="billing.closed", cause="")
    town = Town(rules=telling(one)).live(
        STORM
        + """
        10:05 operations expect north at 10:10
        10:06 m1 has power
        10:21 clock
        10:30 operations end north
        10:40 p1 is still affected
        10:50 billing.closed about a1 {}
        """
    )
    is_possible = audience in situations.AUDIENCES[kind]
    assert bool(town.told()) is is_possible
    faults = [fault for found in town.found for fault in found.faults]
    assert bool(faults) is not is_possible
    assert all(fault.text.startswith("trigger 'tell word': wanted audience ") for fault in faults)


def test_staff_hear_of_a_beginning_once_and_households_each():
    rules = telling(
        assessing.trigger(ChangeKind.OPENED, "briefing", AudienceKind.ROLE, role="control_room"),
        assessing.trigger(ChangeKind.OPENED, "outage", AudienceKind.MEMBERS),
    )
    town = Town(rules=rules).live(
        STORM + "10:05 m4 loses power\n10:06 operations expect north at 12:00\n10:07 m5 loses power"
    )
    assert town.told() == [
        "1 opened briefing: control_room",
        "2 opened outage: m1 m2 m3",
        "+ opened outage: m4",
        "3 opened outage: m5",
    ]


def test_two_triggers_that_say_the_same_to_the_same_are_one_change():
    one = assessing.trigger(ChangeKind.RESOLVED, "over", AudienceKind.TOLD)
    rules = telling(one, msgspec.structs.replace(one, name="tell it again"))
    assert Town(rules=rules).live(STORM + "10:30 operations end north").told() == ["1 resolved over: told"]


@pytest.mark.parametrize(
    ("triggers", "told", "noted"),
    [
        pytest.param((), [], "no_rule", id="no trigger"),
        pytest.param((passing(),), ["1 event bill: a1"], "passed_on by close the bill", id="passed on"),
        pytest.param(
            (passing(when="event.data.total > 10.0 && event.subject == 'a1'"),),
            ["1 event bill: a1"],
            "passed_on by close the bill",
            id="its condition holds",
        ),
        pytest.param(
            (passing(when="event.data.total > 99.0"),),
            [],
            "condition_false by close the bill",
            id="its condition does not hold",
        ),
        pytest.param(
            (passing(when="event.data.totl > 99.0"),), [], "faulty by close the bill", id="its condition is wrong"
        ),
        pytest.param(
            (passing(audience="role", role="billing"),),
            ["1 event bill: billing"],
            "passed_on by close the bill",
            id="to staff",
        ),
        pytest.param(
            (passing(), passing(name="advise", communication="advice"), passing(name="once more")),
            ["1 event bill: a1", "2 event advice: a1"],
            "passed_on by close the bill",
            id="two communications",
        ),
        pytest.param(
            (passing(when="false"), passing(name="advise", communication="advice")),
            ["1 event advice: a1"],
            "passed_on by advise",
            id="one of two",
        ),
    ],
)
def test_a_business_event_passes_straight_through(
    triggers: tuple[situations.Trigger, ...], told: list[str], noted: str
):
    town = Town(rules=telling(*triggers)).live('10:00 billing.closed about a1 {"total":12.5}')
    assert town.told() == told
    assert town.noted() == [noted]


def test_the_change_of_a_business_event_has_the_event_as_its_facts():
    town = Town(rules=telling(passing())).live('10:05 billing.closed about a1 {"total":12.5}, at 10:00')
    (change,) = town.found[-1].changes
    (note,) = town.found[-1].notes
    assert change.situation == records.reference("town", note.id)
    assert note.ref == change.ref
    assert (change.lane, change.severity, change.at) == ("bulk", situations.Severity.MINOR, time("10:05"))
    assert town.facts() == [
        {
            "event": {
                "type": "billing.closed",
                "source": "town",
                "id": note.id,
                "subject": "a1",
                "occurred_at": "2026-03-01T10:00:00Z",
                "data": {"total": 12.5},
            }
        }
    ]


def test_a_business_event_assessed_again_is_the_same_change():
    town = Town(rules=telling(passing()))
    event = assessing.event("billing.closed about a1 {}", at=time("10:00"))
    first = town.assess([event], time("10:00"))
    again = town.assess([event, event], time("10:05"))
    assert [change.ref for change in again.changes] == [change.ref for change in first.changes]


def test_an_event_may_raise_an_alarm_and_be_passed_on_and_has_one_note():
    trigger = msgspec.structs.replace(passing(), event_type="meter.last_gasp")
    town = Town(picture=TOWN, rules=telling(trigger)).live("10:00 m1 loses power\n10:01 m1 loses power")
    assert town.noted() == ["raised by last gasp", "passed_on by close the bill"]
    assert town.told() == ["1 event bill: m1", "1 event bill: m1"]
