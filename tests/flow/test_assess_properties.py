"""Laws of `assess`: what holds whatever happens, in whatever order and in whatever batches."""

import collections
import datetime as dt
import itertools
from collections.abc import Iterable, Sequence

import assessing
import msgspec
from assessing import OUTAGE, RULES, TOWN, Town, time
from hypothesis import given, settings
from hypothesis import strategies as st

from signalpost.vocabulary import events, situations

NOW = time("11:00")

#: Six meters, of which two at one premise; three of them at once are a storm.
SMALL = situations.Picture(
    devices=tuple(
        situations.DeviceState(ref=f"m{n}", type="meter", area="north", premise=f"p{max(n, 2)}") for n in range(1, 7)
    ),
    areas=(situations.Area(ref="north", name="Northfield", device_count=6),),
)
LAWS = msgspec.structs.replace(RULES, incidents=(msgspec.structs.replace(OUTAGE, isolated_after_seconds=600),))

DEVICES = st.sampled_from([device.ref for device in SMALL.devices])
RAISES = st.builds("{} {}".format, DEVICES, st.sampled_from(["loses power", "reads 200 V", "reads 180 V"]))
CLEARS = st.builds("{} {}".format, DEVICES, st.sampled_from(["has power", "reads 230 V", "beats"]))
OPERATIONS = st.sampled_from(
    [
        "operations expect north at 11:30",
        "operations expect north at 12:30",
        "operations expect nothing for north",
        "operations did fuse in north",
        "operations end north",
    ]
)
REPORTS = st.builds("{} is still affected".format, st.sampled_from([f"p{n}" for n in range(1, 7)]))


Said = list[tuple[str, int]]


@st.composite
def said(draw: st.DrawFn, what: st.SearchStrategy[str], *, up_to: int, storms: bool = True) -> Said:
    """What was said, and how many tens of seconds before it was heard of; storms and their end among it."""
    found: Said = []
    for _ in range(draw(st.integers(0, up_to))):
        late = draw(st.integers(0, 60))
        if storms and draw(st.integers(0, 4)) == 4:
            word = draw(st.sampled_from(["loses power", "has power"]))
            found += [(f"{device.ref} {word}", late) for device in SMALL.devices[: draw(st.integers(3, 6))]]
        else:
            found.append((draw(what), late))
    return found


def heard(what: Iterable[tuple[str, int]], now: dt.datetime) -> list[events.Event]:
    return [assessing.event(words, at=now - dt.timedelta(seconds=10 * late)) for words, late in what]


def lived(before: Sequence[tuple[str, int]]) -> Town:
    """A town in which something has happened, and nothing is due."""
    town = Town(SMALL, LAWS)
    town.assess(heard(before, time("10:30")), time("10:30"))
    town.assess((), NOW)
    return town


def situation(picture: situations.Picture) -> list[set[object]]:
    return [set(picture.devices), set(picture.alarms), set(picture.incidents), set(picture.members)]


def standing(town: Town) -> set[tuple[str, str]]:
    return {(alarm.subject, alarm.kind) for alarm in town.picture.alarms}


DEVICE_WORDS = st.one_of(RAISES, CLEARS)


@settings(deadline=None)
@given(
    before=said(st.one_of(RAISES, CLEARS), up_to=15),
    words=said(DEVICE_WORDS, up_to=15),
    reports=said(REPORTS, up_to=3, storms=False),
    orders=st.lists(st.tuples(OPERATIONS, st.just(0)), max_size=3),
)
def test_the_same_batch_again_changes_nothing(before: Said, words: Said, reports: Said, orders: Said):
    # Reports and orders come last, for they speak of what is known by then.
    town = lived(before)
    batch = heard([*words, *reports, *orders], NOW)
    town.assess(batch, NOW)
    again = town.assess(batch, NOW)
    assert msgspec.structs.replace(again, notes=()) == situations.Assessment()


@settings(deadline=None)
@given(
    before=said(DEVICE_WORDS, up_to=15),
    words=said(st.one_of(DEVICE_WORDS, OPERATIONS, REPORTS), up_to=20),
    data=st.data(),
)
def test_a_batch_may_be_split_anywhere(before: Said, words: Said, data: st.DataObject):
    batch = heard(words, NOW)
    cut = data.draw(st.integers(0, len(batch)), label="cut")
    whole, parts = lived(before), lived(before)
    whole.assess(batch, NOW)
    parts.assess(batch[:cut], NOW)
    parts.assess(batch[cut:], NOW)
    assert situation(whole.picture) == situation(parts.picture)
    assert whole.noted() == parts.noted()
    assert mentions(whole) == mentions(parts)
    assert {(change.ref, change.stage) for change in changes(whole)} == {
        (change.ref, change.stage) for change in changes(parts)
    }


@settings(deadline=None)
@given(words=said(DEVICE_WORDS, up_to=12), data=st.data())
def test_the_order_of_arrival_does_not_matter_for_what_is_wrong(words: Said, data: st.DataObject):
    one, other = Town(SMALL, LAWS), Town(SMALL, LAWS)
    one.assess(heard(words, NOW), NOW)
    other.assess(heard(data.draw(st.permutations(words)), NOW), NOW)
    assert standing(one) == standing(other)


@settings(deadline=None)
@given(words=said(RAISES, up_to=12), data=st.data())
def test_the_order_of_arrival_does_not_matter_for_how_bad_it_is(words: Said, data: st.DataObject):
    towns = Town(SMALL, LAWS), Town(SMALL, LAWS)
    for town, order in zip(towns, (words, data.draw(st.permutations(words))), strict=True):
        town.assess(heard(order, NOW), NOW)
        town.assess((), NOW + dt.timedelta(seconds=assessing.LOW_VOLTAGE.after_seconds))
    assert towns[0].alarms() == towns[1].alarms()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1200), said(st.one_of(DEVICE_WORDS, OPERATIONS, REPORTS), up_to=8)),
        max_size=8,
    )
)
def test_whatever_happens_the_situations_stay_sound(steps: list[tuple[int, Said]]):
    town = Town(SMALL, LAWS)
    now = time("10:30")
    for seconds, words in steps:
        now += dt.timedelta(seconds=seconds)
        before = town.picture
        batch = heard(words, now)
        found = town.assess(batch, now)
        assert [(note.source, note.id) for note in found.notes] == [event.key for event in batch]
        moves_are_legal(before, found)
        members_are_sound(town.picture)
        nothing_is_overdue(town.picture, now)
    each_is_told_once(town)
    stages_are_counted(town)


def moves_are_legal(before: situations.Picture, found: situations.Assessment):
    states = {alarm.ref: alarm.state for alarm in before.alarms}
    for alarm in found.alarms:
        was = states.get(alarm.ref, alarm.state)
        # Through "open" in one batch: a pending alarm may have opened and be cleared.
        assert alarm.state is was or alarm.state in situations.ALARM_MOVES[was]
    stages = {incident.ref: incident.state for incident in before.incidents}
    for incident in found.incidents:
        was = stages.get(incident.ref, incident.state)
        assert incident.state is was or incident.state in situations.INCIDENT_MOVES[was]


def members_are_sound(picture: situations.Picture):
    alarms = [(alarm.subject, alarm.kind) for alarm in picture.alarms]
    assert len(alarms) == len(set(alarms))
    members = collections.defaultdict[str, list[situations.Member]](list)
    for member in picture.members:
        members[member.incident].append(member)
    homes: list[tuple[str, str]] = []
    for incident in picture.incidents:
        active = {member.device for member in members[incident.ref] if not member.left_at}
        homes += [(device, incident.cause) for device in active]
        assert (incident.active_count, incident.member_count) == (len(active), len(members[incident.ref]))
        assert (not active) is (incident.state is situations.IncidentState.RESOLVED)
        assert (0 < len(active) < incident.member_count) is (incident.state is situations.IncidentState.PARTLY_RESTORED)
        holding = {alarm.subject for alarm in picture.alarms if alarm.incident == incident.ref}
        assert active == holding
    assert len(homes) == len(set(homes))


def nothing_is_overdue(picture: situations.Picture, now: dt.datetime):
    due = [
        *(alarm.due_at for alarm in picture.alarms),
        *(member.tell_restored_at for member in picture.members),
        *(incident.estimate.passes_at for incident in picture.incidents),
    ]
    assert all(at > now for at in due if at)


def changes(town: Town) -> list[situations.Change]:
    return [change for found in town.found for change in found.changes]


def mentions(town: Town) -> collections.Counter[tuple[str, str, str]]:
    """How often each device was named to be told, by kind of change and incident."""
    made = {change.ref: change for change in changes(town)}
    return collections.Counter(
        (made[audience.change].kind, made[audience.change].situation, device)
        for found in town.found
        for audience in found.audiences
        for device in audience.devices
    )


def each_is_told_once(town: Town):
    """One beginning for each stint of a member, and one restoration for each that ended so."""
    counted = mentions(town)
    for member in town.picture.members:
        begun = (counted[kind, member.incident, member.device] for kind in ("opened", "reopened"))
        assert sum(begun) == member.stint
        ended = member.stint - (member.told_restored_at is None)
        assert counted["restored", member.incident, member.device] == ended


def stages_are_counted(town: Town):
    by_situation = itertools.groupby(
        sorted(changes(town), key=lambda change: change.situation), lambda change: change.situation
    )
    counts = {situation: [change.stage for change in of] for situation, of in by_situation}
    for incident in town.picture.incidents:
        assert sorted(counts.get(incident.ref, [])) == list(range(1, incident.stage + 1))


def test_the_town_of_the_stories_is_the_one_that_is_described():
    assert len([device for device in TOWN.devices if device.area == "north" and device.type == "meter"]) == 10
