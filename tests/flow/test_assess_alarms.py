"""Alarms: raised, confirmed, escalated and ended by what devices say and by the time; never by the order of arrival."""

import datetime as dt

import assessing
import msgspec
import pytest
from assessing import DAY, RULES, TOWN, Town, time

from signalpost.flow import assess
from signalpost.flow.assess import boards, matching
from signalpost.vocabulary import situations


def silence(*more: situations.AlarmRule) -> situations.Rules:
    return msgspec.structs.replace(
        RULES, alarms=(*RULES.alarms, assessing.SILENCE, assessing.LONG_SILENCE, *more), version="silence"
    )


@pytest.mark.parametrize(
    ("story", "alarms", "noted"),
    [
        pytest.param("10:00 m1 loses power", ["m1 power_loss major open"], ["raised by last gasp"], id="raised"),
        pytest.param(
            """
            10:00 m1 loses power
            10:01 m1 loses power
            """,
            ["m1 power_loss major open"],
            ["raised by last gasp", "confirmed by last gasp"],
            id="raised again is confirmed",
        ),
        pytest.param(
            """
            10:00 m1 loses power
            10:05 m1 has power
            """,
            [],
            ["raised by last gasp", "cleared by last gasp"],
            id="cleared",
        ),
        pytest.param("10:05 m1 has power", [], ["confirmed by last gasp"], id="nothing to clear"),
        pytest.param(
            """
            10:05 m1 has power
            10:06 m1 loses power, at 10:00
            """,
            [],
            ["confirmed by last gasp", "outdated by last gasp"],
            id="a late raise from before the device was well",
        ),
        pytest.param(
            """
            10:05 m1 loses power
            10:06 m1 has power, at 10:00
            """,
            ["m1 power_loss major open"],
            ["raised by last gasp", "outdated by last gasp"],
            id="a late clear from before the alarm was raised",
        ),
        pytest.param(
            """
            10:05 m1 loses power
            10:06 m1 loses power, at 10:00
            10:07 m1 has power, at 10:03
            """,
            ["m1 power_loss major open"],
            ["raised by last gasp", "confirmed by last gasp", "outdated by last gasp"],
            id="a late clear between two raises",
        ),
        pytest.param(
            """
            10:00 m1 loses power
            10:05 m1 has power
            10:06 m1 has power, at 10:04
            10:07 m1 loses power
            """,
            ["m1 power_loss major open"],
            ["raised by last gasp", "cleared by last gasp", "confirmed by last gasp", "raised by last gasp"],
            id="a new one after the end",
        ),
        pytest.param("10:00 x9 loses power", [], ["unknown_subject"], id="a device nobody registered"),
        pytest.param("10:00 x9 beats", [], ["no_rule"], id="nobody asks for it, from nobody"),
        pytest.param("10:00 m1 beats", [], ["no_rule"], id="nobody asks for it"),
        pytest.param("10:00 v1 loses power", [], ["no_rule"], id="nobody asks for it from a device of that type"),
        pytest.param(
            "10:00 v1 reads 180 V",
            ["v1 low_voltage major open"],
            ["raised by very low voltage"],
            id="a rule for every type of device",
        ),
        pytest.param("10:00 m1 reads 208 V", [], ["confirmed by last gasp"], id="between the two conditions"),
        pytest.param("10:00 v1 reads 208 V", [], ["condition_false by very low voltage"], id="the condition is false"),
        pytest.param(
            """10:00 v1 reads "high" V""",
            [],
            ["faulty by very low voltage"],
            id="the condition cannot be asked",
        ),
    ],
)
def test_what_a_device_says_raises_and_ends_alarms(story: str, alarms: list[str], noted: list[str]):
    town = Town().live(story)
    assert town.alarms() == alarms
    assert town.noted() == noted


def test_a_condition_that_cannot_be_asked_is_shown_with_its_reason():
    town = Town().live('10:00 v1 reads "high" V')
    (fault,) = town.found[-1].faults
    assert fault.rule == "very low voltage"
    assert fault.text.startswith("expression 'data.volts < 190.0': No such overload")


@pytest.mark.parametrize(
    ("story", "alarms"),
    [
        pytest.param("10:00 m1 reads 200 V", ["m1 low_voltage warning pending"], id="at first"),
        pytest.param(
            """
            10:00 m1 reads 200 V
            10:00:59 clock
            """,
            ["m1 low_voltage warning pending"],
            id="not yet",
        ),
        pytest.param(
            """
            10:00 m1 reads 200 V
            10:00:30 m1 reads 201 V
            10:01 clock
            """,
            ["m1 low_voltage warning open"],
            id="it lasted",
        ),
        pytest.param(
            """
            10:00 m1 reads 200 V
            10:00:30 m1 reads 230 V
            10:01 clock
            """,
            [],
            id="it ended in time",
        ),
        pytest.param(
            """
            10:00 m1 reads 200 V
            10:00:30 m1 reads 180 V
            """,
            ["m1 low_voltage major open"],
            id="it got so bad that no waiting is asked",
        ),
        pytest.param(
            """
            10:20 m1 reads 200 V, at 10:00
            10:20:14 clock
            """,
            ["m1 low_voltage warning pending"],
            id="late: its device may have more to say",
        ),
        pytest.param(
            """
            10:20 m1 reads 200 V, at 10:00
            10:20:15 clock
            """,
            ["m1 low_voltage warning open"],
            id="late: it had nothing more to say",
        ),
        pytest.param(
            """
            10:00:30 m1 reads 200 V
            10:00:40 m1 reads 200 V, at 10:00
            10:01 clock
            """,
            ["m1 low_voltage warning open"],
            id="it began earlier than was known at first",
        ),
    ],
)
def test_a_condition_must_last_before_its_alarm_opens(story: str, alarms: list[str]):
    assert Town().live(story).alarms() == alarms


@pytest.mark.parametrize(
    ("story", "alarms", "noted"),
    [
        pytest.param(
            """
            10:00 m1 reads 200 V
            10:05 clock
            10:06 m1 reads 180 V
            """,
            ["m1 low_voltage major open"],
            "escalated by very low voltage",
            id="rises",
        ),
        pytest.param(
            """
            10:00 m1 reads 180 V
            10:06 m1 reads 200 V
            """,
            ["m1 low_voltage major open"],
            "confirmed by low voltage",
            id="never falls while open",
        ),
        pytest.param(
            """
            10:00 m1 reads 180 V
            10:06 m1 reads 230 V
            10:07 m1 reads 200 V
            """,
            ["m1 low_voltage warning pending"],
            "raised by low voltage",
            id="a new alarm starts anew",
        ),
    ],
)
def test_severity_rises_with_the_worst_rule_that_holds(story: str, alarms: list[str], noted: str):
    town = Town().live(story)
    assert town.alarms() == alarms
    assert town.noted()[-1] == noted


def test_an_acknowledged_alarm_stays_acknowledged_while_it_gets_worse():
    town = Town().live("10:00 m1 reads 200 V\n10:05 clock")
    (alarm,) = town.picture.alarms
    acknowledged = msgspec.structs.replace(alarm, state=situations.AlarmState.ACKNOWLEDGED)
    town.picture = msgspec.structs.replace(town.picture, alarms=(acknowledged,))
    assert town.live("10:06 m1 reads 180 V").alarms() == ["m1 low_voltage major acknowledged"]
    assert town.live("10:07 m1 reads 230 V").alarms() == []


@pytest.mark.parametrize(
    ("story", "alarms"),
    [
        pytest.param("12:00 clock", [], id="never heard of"),
        pytest.param("10:00 m1 beats\n10:59 clock", [], id="heard of lately"),
        pytest.param("10:00 m1 beats\n11:00 clock", ["m1 silent warning open"], id="silent"),
        pytest.param("10:00 m1 beats\n11:00 clock\n11:01 clock", ["m1 silent warning open"], id="still silent"),
        pytest.param("10:00 m1 beats\n11:00 clock\n12:00 clock", ["m1 silent major open"], id="silent for longer"),
        pytest.param("10:00 m1 beats\n12:00 clock", ["m1 silent major open"], id="both at once"),
        pytest.param("10:00 m1 beats\n11:00 clock\n11:05 m1 beats", [], id="heard of again"),
        pytest.param(
            "10:00 m1 beats\n11:30 clock\n11:35 m1 beats, at 10:20",
            ["m1 silent warning open"],
            id="heard of again, but from long ago",
        ),
        pytest.param(
            "10:00 m1 beats\n11:00 clock\n11:05 m1 beats, at 10:50\n11:50 clock",
            ["m1 silent warning open"],
            id="silent again",
        ),
        pytest.param("10:00 v1 beats\n12:00 clock", [], id="no rule for that type of device"),
        pytest.param("10:00 m1 beats\n10:05 m1 beats, at 9:00\n10:59 clock", [], id="a late word changes nothing"),
    ],
)
def test_a_device_that_stops_talking_is_silent(story: str, alarms: list[str]):
    assert Town(rules=silence()).live(story).alarms() == alarms


@pytest.mark.parametrize(
    ("since", "alarms"),
    [
        ("9:00", ["m1 silent warning open"]),
        ("10:30", ["m1 silent warning open"]),
        ("10:31", []),
    ],
)
def test_what_nobody_listened_for_is_no_silence(since: str, alarms: list[str]):
    town = Town(rules=silence()).live("10:00 m1 beats")
    town.picture = msgspec.structs.replace(town.picture, listening_since=time(since))
    assert town.live("11:30 clock").alarms() == alarms


def test_the_word_that_ends_a_silence_is_noted_as_clearing_it():
    assert Town(rules=silence()).live("10:00 m1 beats\n11:00 clock\n11:05 m1 beats").noted() == [
        "no_rule",
        "cleared by silence",
    ]


@pytest.mark.parametrize(
    ("story", "alarms"),
    [
        ("10:00 m1 beats\n11:00 clock", ["m1 power_loss major open"]),
        ("10:00 m1 beats\n11:00 clock\n11:05 m1 beats", []),
        ("10:00 m1 beats\n11:00 clock\n11:05 m1 loses power\n11:06 m1 beats", ["m1 power_loss major open"]),
        ("10:00 m1 loses power\n10:01 m1 beats", ["m1 power_loss major open"]),
    ],
    ids=["silence alone", "heard of again", "what an event confirmed only an event ends", "what an event raised, too"],
)
def test_silence_may_raise_the_same_kind_as_an_event(story: str, alarms: list[str]):
    dark = msgspec.structs.replace(assessing.SILENCE, kind="power_loss", severity=situations.Severity.MAJOR)
    rules = msgspec.structs.replace(RULES, alarms=(*RULES.alarms, dark))
    assert Town(rules=rules).live(story).alarms() == alarms


def test_a_silence_may_have_to_last_longer_before_it_opens():
    late = msgspec.structs.replace(assessing.SILENCE, after_seconds=600)
    rules = msgspec.structs.replace(RULES, alarms=(late,))
    town = Town(rules=rules).live("10:00 m1 beats\n11:00 clock")
    assert town.alarms() == ["m1 silent warning pending"]
    assert town.live("11:10 clock").alarms() == ["m1 silent warning open"]


def test_one_event_may_raise_several_kinds_and_has_one_note():
    flicker = msgspec.structs.replace(assessing.VERY_LOW_VOLTAGE, name="flicker", kind="flicker")
    rules = msgspec.structs.replace(RULES, alarms=(*RULES.alarms, flicker))
    town = Town(rules=rules).live("10:00 m1 reads 180 V")
    assert town.alarms() == ["m1 flicker major open", "m1 low_voltage major open"]
    assert len(town.noted()) == 1


def test_an_event_that_both_raises_and_ends_raises():
    unsure = msgspec.structs.replace(assessing.POWER, cleared_by=("meter.last_gasp", "meter.power_restored"))
    town = Town(rules=msgspec.structs.replace(RULES, alarms=(unsure,))).live("10:00 m1 loses power")
    assert town.alarms() == ["m1 power_loss major open"]
    assert town.noted() == ["raised by last gasp"]


def test_an_alarm_knows_where_it_comes_from():
    town = Town().live("10:00:30 m1 loses power, at 10:00")
    (alarm,) = town.found[-1].alarms
    (note,) = town.found[-1].notes
    (device,) = town.found[-1].devices
    assert (alarm.area, alarm.premise, alarm.cause, alarm.incident) == ("north", "p1", "power", "")
    assert alarm.raised_at == alarm.seen_at == device.seen_at == time("10:00")
    assert note.ref == alarm.ref
    assert device.cleared == ()


def test_the_moves_of_an_alarm_are_those_of_the_table():
    alarm = Town().live("10:00 m1 loses power").picture.alarms[0]
    board = boards.Board(
        situations.Picture(alarms=(alarm,)), index=matching.index(RULES), now=DAY + dt.timedelta(hours=12)
    )
    with pytest.raises(ValueError, match="no move from open to pending"):
        board.put_alarm(msgspec.structs.replace(alarm, state=situations.AlarmState.PENDING))
    with pytest.raises(ValueError, match="to be cleared first"):
        board.put_alarm(msgspec.structs.replace(alarm, ref="another"))


def test_nothing_changes_when_nothing_happens():
    assert assess.assess((), RULES, TOWN, time("10:00")) == situations.Assessment()
