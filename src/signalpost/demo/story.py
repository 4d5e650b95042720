"""The story that the demo tells: a storm, a new estimate, the end, a household still dark, a month's bills.

Every act is what a device, a business system or a person does, over the protocol they would use. Acts return when the
path is at rest, so that each begins where the one before ended.
"""

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Callable, Mapping

import msgspec

from signalpost.demo import api, business, meters, peers, rest, town
from signalpost.store import batch

AREA = "HARBOUR"
#: Meters that say they are well before anything happens.
CALM_METERS = 40
#: The time zone of the town.
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
ESTIMATE_AFTER = dt.timedelta(hours=2)
#: Less than the materiality of the playbook (half an hour): nobody is told.
IMMATERIAL = dt.timedelta(minutes=10)
ACTIONS = ("digging_damage", "supply_rerouted", "cable_repaired", "supply_tested")
REPLY = "OFF"

_OPEN_INCIDENTS = "SELECT ref FROM incident WHERE area = %s AND state <> 'resolved' ORDER BY opened_at DESC"
_NOTICES = "SELECT count(*) FROM decision WHERE kind <> 'status' AND verdict = 'notice'"


Act = Callable[[], None]


class ActError(RuntimeError):
    """An act did not go as the demo needs it; says what was wanted and what came."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an act plays with."""

    town: town.Town
    peers: peers.Peers
    network: meters.Network
    client: api.Client
    #: Hears plain sentences.
    told: Callable[[str], None]
    #: Part of the names of events: another run brings new ones.
    run: str


class Storm:
    """One storm from its beginning to its end."""

    def __init__(self, stage: Stage) -> None:
        """Nothing happens yet."""
        self._stage = stage
        self._numbers = itertools.count(1)
        self._meters = stage.town.meters(AREA)
        self._gasps: list[meters.Message] = []
        self._stated: business.Event = {}
        self._restoration_at = dt.datetime.now(dt.UTC) + ESTIMATE_AFTER

    @property
    def meters(self) -> list[str]:
        """The meters that lose power."""
        return self._meters

    def strikes(self) -> None:
        """Every meter of the area says its last word."""
        stage = self._stage
        stage.told(f"A storm: {len(self._meters):,} meters in Nordhafen lose power and say so over MQTT.")
        self._gasps = stage.network.say(meters.LAST_GASP, self._meters, now=_now())
        stage.network.publish(self._gasps)
        settled(stage)

    def is_estimated(self) -> None:
        """Operations state when power is due back."""
        stage = self._stage
        self._stated = self._estimate(self._restoration_at)
        back_at = self._restoration_at.astimezone(ZONE)
        stage.told(f"Operations expect power back at {back_at:%H:%M}, and say so over HTTP.")
        _posted(stage, [self._stated], accepted=1)
        settled(stage)

    def repeats(self) -> None:
        """Everything comes a second time, and the estimate moves by too little to matter."""
        stage = self._stage
        before = notices()
        minutes = IMMATERIAL // dt.timedelta(minutes=1)
        stage.told(
            f"All {len(self._gasps):,} messages come again, and the estimate; then it moves by {minutes} minutes."
        )
        stage.network.publish(self._gasps)
        _posted(stage, [self._stated], repeated=1)
        _posted(stage, [self._estimate(self._restoration_at + IMMATERIAL)], accepted=1)
        settled(stage)
        stage.told(f"  {notices() - before} people are told anything: nothing of it is news.")

    def is_repaired(self) -> None:
        """Crews report what they did."""
        stage = self._stage
        stage.told("The crew reports: a digger had hit a cable; supply rerouted, cable repaired and tested.")
        _posted(stage, [business.actions(AREA, ACTIONS, name=self._name("actions"), now=_now())], accepted=1)
        settled(stage)

    def ends(self) -> None:
        """Every meter has power again."""
        stage = self._stage
        stage.told(f"Power is back: {len(self._meters):,} meters say so.")
        stage.network.publish(stage.network.say(meters.RESTORED, self._meters, now=_now()))
        settled(stage)

    def leaves_one_dark(self) -> None:
        """One household answers that it is still without power, is answered, and gets it back."""
        stage = self._stage
        number, sender = replier(stage)
        stage.told(f"Somebody answers the SMS with {REPLY!r}: still no power at their home.")
        stage.peers.sms.reply(number, REPLY, to=sender)
        settled(stage)
        left = [ref for (ref,) in batch.fetch(_OPEN_INCIDENTS, [AREA], tuple[str])]
        if len(left) != 1:
            raise ActError(f"reply {REPLY!r}: wanted one incident of the household that is left, got {len(left)}")
        stage.told("  The household has an incident of its own now, and was told that we know. The fault is found.")
        _posted(stage, [business.resolved(left[0], name=self._name("resolved"), now=_now())], accepted=1)
        settled(stage)

    def _estimate(self, at: dt.datetime) -> business.Event:
        return business.estimate(AREA, at, name=self._name("estimate"), now=_now())

    def _name(self, what: str) -> str:
        return f"{self._stage.run}-{what}-{next(self._numbers)}"


def calm(stage: Stage) -> None:
    """Some meters of the other areas say that they are well."""
    well = [*stage.town.meters("OLDTOWN")[:CALM_METERS], *stage.town.meters("RIVERSIDE")[:CALM_METERS]]
    stage.told("An ordinary day: meters say every quarter of an hour that they are well.")
    stage.network.publish(stage.network.say(meters.HEARTBEAT, well, now=_now()))
    settled(stage)


def closes_month(stage: Stage) -> None:
    """Billing and the customer system post their events; one of them comes twice."""
    month = business.month(stage.town, run=stage.run, now=_now())
    stage.told(f"Billing closes the month: {len(month)} events in one batch over HTTP, and one of them twice.")
    _posted(stage, [*month, month[0]], accepted=len(month), repeated=1)
    settled(stage)
    stage.told(f"  The business platform has had {len(stage.peers.platform.kept()):,} signed webhooks by now.")


def settled(stage: Stage) -> None:
    """Wait until everything that was set off has come to an end.

    Raises:
        rest.NotAtRestError: something does not.
    """

    def look() -> Mapping[str, int]:
        found = dict(rest.waiting())
        missing = stage.network.published - rest.arrived("mqtt")
        reports = stage.peers.waiting()
        return (
            found
            | ({"messages of meters on their way": missing} if missing > 0 else {})
            | ({"reports of peers": reports} if reports else {})
        )

    rest.wait(look)


def notices() -> int:
    """Notices decided so far."""
    return batch.fetch(_NOTICES, [], tuple[int])[0][0]


def replier(stage: Stage) -> tuple[str, str]:
    """The number that answers, and whom it answers: the first who got an SMS and lives alone with one meter."""
    tables = stage.town.tables
    members: dict[object, int] = {}
    for row in tables["customer"]:
        members[row["household"]] = members.get(row["household"], 0) + 1
    places: dict[object, int] = {}
    for row in tables["account"]:
        places[row["customer"]] = places.get(row["customer"], 0) + 1
    alone = [row["ref"] for row in tables["customer"] if members[row["household"]] == 1]
    single = {ref for ref in alone if places.get(ref) == 1}
    numbers = {
        str(row["address"]) for row in tables["contact_point"] if row["channel"] == "sms" and row["customer"] in single
    }
    for text in stage.peers.sms.kept():
        if text.to in numbers and not text.is_reply:
            return text.to, text.sender
    raise ActError("reply: wanted somebody who got an SMS and lives alone, got nobody")


def _posted(stage: Stage, events: list[business.Event], *, accepted: int = 0, repeated: int = 0) -> None:
    answer = stage.client.post_events(events)
    if (answer.accepted, answer.repeated) != (accepted, repeated):
        wanted = f"{accepted} accepted and {repeated} repeated"
        raise ActError(f"POST /api/events: wanted {wanted}, got {answer.accepted} and {answer.repeated}")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
