"""What the demo's town must come to, reasoned from its data and the written policy, apart from the product's code.

An outage is urgent: SMS first, then the e-mail that somebody prefers or the routine order (e-mail, letter). A number or
mailbox that is gone fails, is never tried again, and the next channel takes over. Documents go by e-mail, else letter.
Nobody gets a letter who refused letters. One person speaks for a household: the first by reference who can be told.
"""

import collections
import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from signalpost.demo import business, counting, town

OUTAGE = ("sms", "email", "letter")
DOCUMENT = ("email", "letter")


@dataclasses.dataclass
class Person:
    """A customer, with what the demo learns about their addresses on the way."""

    ref: str
    household: str
    is_barred: bool
    #: Channel → whether its address works.
    works: dict[str, bool]
    refuses_letters: bool
    dead: set[str] = dataclasses.field(default_factory=set[str])

    def reached_by(self, order: Sequence[str]) -> str:
        """The channel that arrives, "" for none; what fails is known to be dead afterwards."""
        for channel in self.usable(order):
            if self.works[channel]:
                return channel
            self.dead.add(channel)
        return ""

    def usable(self, order: Sequence[str]) -> list[str]:
        refused = {"letter"} if self.refuses_letters else set[str]()
        return [channel for channel in order if channel in self.works and channel not in refused | self.dead]


@dataclasses.dataclass
class Tally:
    """Counts as a playbook's `expected/counts.json` has them."""

    incidents: int = 0
    told: set[str] = dataclasses.field(default_factory=set[str])
    messages: int = 0
    withheld: "collections.Counter[str]" = dataclasses.field(default_factory=collections.Counter[str])
    delivered: "collections.Counter[str]" = dataclasses.field(default_factory=collections.Counter[str])

    def notice(self, person: Person, channel: str) -> None:
        self.messages += 1
        self.told.add(person.household)
        if channel:
            self.delivered[channel] += 1

    def counts(self) -> dict[str, object]:
        return {
            "incidents": self.incidents,
            "households_told": len(self.told),
            "messages": self.messages,
            "withheld": dict(sorted(self.withheld.items())),
            "delivered": dict(sorted(self.delivered.items())),
            "duplicates": 0,
            "unexplained": 0,
        }


def people(given: town.Town) -> dict[str, Person]:
    works: dict[str, dict[str, bool]] = collections.defaultdict(dict)
    for row in given.tables["contact_point"]:
        address = str(row.get("address", ""))
        is_dead = address.startswith((town.DEAD_NUMBER_PREFIX, town.DEAD_MAILBOX_PREFIX))
        works[str(row["customer"])][str(row["channel"])] = not is_dead
    refusing = {str(row["customer"]) for row in given.tables["preference"] if _has(row["refused"], "letter")}
    return {
        str(row["ref"]): Person(
            ref=str(row["ref"]),
            household=str(row["household"]),
            is_barred=bool(row["is_barred"]),
            works=works[str(row["ref"])],
            refuses_letters=row["ref"] in refusing,
        )
        for row in given.tables["customer"]
        if row.get("kind", "person") == "person"
    }


def storm(given: town.Town, area: str) -> tuple[Tally, Tally]:
    """The outage (opened, new estimate, one household that is left over) and its end (of both)."""
    outage, end = Tally(incidents=2), Tally()
    for members in _households(given, area):
        speaker = None
        for person in members:
            if person.is_barred:
                outage.withheld["barred"] += 1
            elif speaker:
                outage.withheld["household_told"] += 1
            else:
                speaker = person
        reached = speaker.reached_by(OUTAGE) if speaker else ""
        if speaker:
            outage.notice(speaker, reached)
        for person in members:
            _estimated(outage, person, is_speaker=person is speaker)
            _ended(end, person, is_speaker=person is speaker, was_reached=bool(reached))
    # The household that answers OFF: told that we know, told that it is over, both by SMS; it was told before.
    for tally in (outage, end):
        tally.messages += 1
        tally.delivered["sms"] += 1
    return outage, end


def _estimated(tally: Tally, person: Person, *, is_speaker: bool) -> None:
    if person.is_barred:
        tally.withheld["barred"] += 1
    elif not is_speaker:
        tally.withheld["never_told"] += 1
    elif not person.usable(OUTAGE):
        tally.withheld["refused_by_preference" if person.refuses_letters else "no_address"] += 1
    else:
        tally.notice(person, person.reached_by(OUTAGE))


def _ended(tally: Tally, person: Person, *, is_speaker: bool, was_reached: bool) -> None:
    if person.is_barred:
        tally.withheld["barred"] += 1
    elif not is_speaker:
        tally.withheld["never_told"] += 1
    elif not was_reached:
        tally.withheld["never_reached"] += 1
    else:
        tally.notice(person, person.reached_by(OUTAGE))


def documents(given: town.Town) -> Tally:
    """One document for each business event, to the customer of the account."""
    tally = Tally()
    known = people(given)
    customers = {str(row["ref"]): str(row["customer"]) for row in given.tables["account"]}
    for account in business.accounts(given):
        person = known[customers[account]]
        if person.is_barred:
            tally.withheld["barred"] += 1
        elif not person.usable(DOCUMENT):
            tally.withheld["refused_by_preference" if person.refuses_letters else "no_address"] += 1
        else:
            tally.notice(person, person.reached_by(DOCUMENT))
    return tally


def _households(given: town.Town, area: str) -> Iterable[list[Person]]:
    known = people(given)
    here = {row["ref"] for row in given.tables["premise"] if row["area"] == area}
    found: dict[str, dict[str, Person]] = {}
    for row in given.tables["account"]:
        if row["premise"] in here:
            person = known[str(row["customer"])]
            found.setdefault(person.household, {})[person.ref] = person
    for household in found.values():
        yield [household[ref] for ref in sorted(household)]


def _has(value: object, wanted: str) -> bool:
    return isinstance(value, Sequence) and wanted in value


def expected(given: town.Town) -> Mapping[str, dict[str, object]]:
    """Counts by playbook."""
    outage, end = storm(given, "HARBOUR")
    return {
        "d1_outage": outage.counts(),
        "d7_followup": end.counts(),
        "b1_documents": documents(given).counts(),
        # Nobody puts a release together in the demo.
        "b6_review": msgspec.to_builtins(counting.Counts()),
    }
