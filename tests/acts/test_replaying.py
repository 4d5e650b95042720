"""The blast radius of a release: what real past cases would have been with it, without sending anything."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import LiteralString, TypeVar

import msgspec
import pytest
from tests.path.world import TOLD, World
from tests.path.writing import CONTRACT, goes_live, interactive

from signalpost import settings
from signalpost.acts import releasing, replaying, writing
from signalpost.acts.replaying import prices
from signalpost.store import batch, replays
from signalpost.store.seen import asked
from signalpost.vocabulary import library, manuscripts, parties, templates
from signalpost.vocabulary import replays as nouns

CAROL = releasing.Person(name="carol", roles=frozenset({"author", "operations"}))
LONG_AGO = dt.timedelta(days=30)
#: What the path writes.
TABLES: tuple[tuple[str, LiteralString], ...] = (
    ("decision", "SELECT count(*), coalesce(sum(hashtext(decision::text)), 0)::text FROM decision"),
    ("delivery", "SELECT count(*), coalesce(sum(hashtext(delivery::text)), 0)::text FROM delivery"),
    ("attempt", "SELECT count(*), coalesce(sum(hashtext(attempt::text)), 0)::text FROM attempt"),
    ("affected", "SELECT count(*), coalesce(sum(hashtext(affected::text)), 0)::text FROM affected"),
    ("change", "SELECT count(*), coalesce(sum(hashtext(change::text)), 0)::text FROM change"),
    ("event", "SELECT count(*), coalesce(sum(hashtext(event::text)), 0)::text FROM event"),
    ("document", "SELECT count(*), coalesce(sum(hashtext(document::text)), 0)::text FROM document"),
    ("log_fact", "SELECT count(*), coalesce(sum(hashtext(log_fact::text)), 0)::text FROM log_fact"),
)
_I = TypeVar("_I", bound=library.Item)


@dataclasses.dataclass
class Replayed:
    """What came of a replay."""

    ref: str
    summary: replaying.Summary
    cases: Sequence[replays.Case]

    def by_party(self) -> dict[str, replays.Case]:
        return {case.party: case for case in self.cases}


def kept(kind: library.Kind, name: str, of: type[_I]) -> _I:
    """An item that is live."""
    found = releasing.shelf()[library.Key(kind=kind, name=name)]
    assert isinstance(found, of)
    return found


def proposed(*items: library.Item, retire: Sequence[library.Key] = ()) -> library.Release:
    made = releasing.propose(items, by=CAROL, title="A change", retire=retire)
    assert isinstance(made, library.Release), made.text()
    return made


def place(world: World) -> replaying.Workplace:
    return replaying.Workplace(engines=world.parts.engines, archive=world.parts.archive, link=world.parts.link)


def through_the_queue(world: World, ref: str) -> None:
    del ref
    world.drain()


def here(world: World, ref: str) -> None:
    """As the command line does it; the job that was asked for finds nothing left."""
    replaying.run(ref, place(world), progress=lambda _: None)


def replayed(
    world: World,
    release: library.Release,
    *,
    cases_max: int = 1000,
    go: Callable[[World, str], None] = here,
) -> Replayed:
    since = dt.datetime.now(dt.UTC) - LONG_AGO
    ref = replaying.start(release.ref, since=since, by="dora", cases_max=cases_max)
    go(world, ref)
    question = asked.Asked(chosen={"verdict": "", "aspect": "", "type": ""}, sort="-score", limit=500)
    return Replayed(ref=ref, summary=replaying.summary(ref), cases=replays.cases(ref, question))


def with_body(
    communication: library.Communication, change: Callable[[library.Edition], library.Edition]
) -> library.Communication:
    editions = tuple(change(edition) for edition in communication.editions)
    return msgspec.structs.replace(communication, editions=editions)


def with_paragraph(text: str, language: str = "en") -> Callable[[library.Edition], library.Edition]:
    def changed(edition: library.Edition) -> library.Edition:
        if edition.language != language:
            return edition
        return msgspec.structs.replace(edition, body=(*edition.body, templates.ParagraphBlock(text=text)))

    return changed


def opened() -> library.Communication:
    return kept(library.Kind.COMMUNICATION, "outage-opened", library.Communication)


def written() -> dict[str, object]:
    return {name: batch.fetch(sql, [], tuple[int, str]) for name, sql in TABLES}


def test_a_changed_text_shows_who_would_have_read_another_one_and_sends_nothing(world: World) -> None:
    world.storm()
    before, sent = written(), [len(one.sent) for one in (world.sms, world.email, world.letter)]
    found = replayed(
        world, proposed(with_body(opened(), with_paragraph("We pay 12,50\u00a0€ for it."))), go=through_the_queue
    )

    english = {party for party in TOLD if party in {"ada", "dora", "fay"}}
    assert {case.party for case in found.cases} == english
    assert found.summary.verdicts == {
        "same": found.summary.replay.done - len(english),
        "different": len(english),
        "new": 0,
        "gone": 0,
    }
    assert found.summary.replay.state is nouns.State.DONE
    assert (found.summary.replay.total, found.summary.replay.done) == (10, 10)
    # The whole text of Dora's letter differs; in an SMS to Ada it does not, but the words of the communication do.
    dora = found.by_party()["dora"]
    assert dora.aspects == [nouns.Aspect.AMOUNT, nouns.Aspect.TEXT]
    assert (dora.amount_before, dora.amount_after) == ("", "12.50 EUR")
    assert (dora.pages_before, dora.pages_after) == (1, 1)
    assert dora.cost_before == dora.cost_after == Decimal("0.95")
    assert written() == before
    assert [len(one.sent) for one in (world.sms, world.email, world.letter)] == sent


def test_a_case_is_opened_side_by_side_and_that_is_in_the_log(world: World) -> None:
    world.storm()
    found = replayed(world, proposed(with_body(opened(), with_paragraph("We are sorry."))))
    case = found.by_party()["dora"]
    shown = replaying.opened(found.ref, case.decision, place(world), by="eve")
    changed = [pair for pair in shown.pairs if not pair.is_same]
    assert [
        ("".join(one.text for one in pair.before), "".join(one.text for one in pair.after)) for pair in changed
    ] == [("", "We are sorry.")]
    pdf = replaying.rendition(shown.after, parties.ChannelKind.LETTER, place(world))
    assert isinstance(pdf, replaying.Rendition)
    assert pdf.content.startswith(b"%PDF")
    ((reader,),) = batch.fetch(
        "SELECT body FROM log_fact WHERE kind = 'document_read' AND subject = %s", [case.decision], tuple[str]
    )
    assert '"by":"staff:eve"' in reader


def test_who_would_no_longer_be_told_for_a_missing_fact_comes_first(world: World) -> None:
    world.storm()
    communication = with_body(opened(), with_paragraph("Until {estimate.restoration_at | time}.", "de"))
    communication = with_body(communication, with_paragraph("One more."))
    # What no sample lacks and a real case does.
    samples = tuple(one for one in communication.samples if "restoration_at" in one.facts)
    found = replayed(world, proposed(msgspec.structs.replace(communication, samples=samples)))
    germans = {"bea", "cem", "gus", "ida"}
    assert {case.party for case in found.cases[: len(germans)]} == germans
    first = found.cases[0]
    assert (first.verdict, first.aspects, first.silence) == (
        nouns.Verdict.GONE,
        [nouns.Aspect.INCOMPLETE],
        "incomplete",
    )
    assert first.reasons == ((10.0, "a fact that the new text needs is missing"),)
    assert first.score > 10


def test_another_condition_of_a_trigger_shows_whom_it_leaves_out(world: World) -> None:
    world.storm()
    name = next(
        item.name
        for item in releasing.shelf().values()
        if isinstance(item, library.Trigger) and item.trigger.communication == "outage-opened"
    )
    item = kept(library.Kind.TRIGGER, name, library.Trigger)
    narrower = msgspec.structs.replace(
        item, trigger=msgspec.structs.replace(item.trigger, when='incident.area == "ELSEWHERE"')
    )
    found = replayed(world, proposed(narrower))
    assert {case.party for case in found.cases} == set(TOLD)
    assert {(case.verdict, case.silence) for case in found.cases} == {(nouns.Verdict.GONE, "no_trigger")}
    assert found.summary.cost_after == 0


def test_another_policy_decides_again_about_the_parties_as_they_are(world: World) -> None:
    world.storm()
    item = kept(library.Kind.POLICY, "policy", library.Policy)
    category = opened().category
    urgent = (parties.ChannelKind.EMAIL, parties.ChannelKind.LETTER)
    categories = tuple(
        msgspec.structs.replace(one, urgent_channels=urgent, at_once=1) if one.category == category else one
        for one in item.policy.categories
    )
    policy = msgspec.structs.replace(item.policy, version="other", categories=categories)
    found = replayed(world, proposed(msgspec.structs.replace(item, policy=policy)))
    ada = found.by_party()["ada"]
    assert (ada.channels_before, ada.channels_after) == ("sms", "email")
    assert nouns.Aspect.CHANNEL in ada.aspects
    assert nouns.Aspect.COST in ada.aspects
    # Gus has nothing but a telephone: nothing of it concerns him.
    assert "gus" not in found.by_party()
    assert "decided_again" in found.summary.replay.noted
    assert ("sms", "email", 3) in found.summary.channels


def test_a_party_that_changed_since_is_not_the_releases_doing(world: World) -> None:
    world.storm()
    world.change("DELETE FROM contact_point WHERE customer_id = 'ada' AND channel = 'sms'")
    item = kept(library.Kind.POLICY, "policy", library.Policy)
    category = opened().category
    categories = tuple(
        msgspec.structs.replace(one, expires_after_seconds=one.expires_after_seconds + 3600)
        if one.category != category
        else one
        for one in item.policy.categories
    )
    policy = msgspec.structs.replace(item.policy, version="other", categories=categories)
    found = replayed(world, proposed(msgspec.structs.replace(item, policy=policy)))
    assert found.cases == []
    assert found.summary.replay.noted["moved_on"] >= 1


def test_a_new_trigger_shows_whom_it_would_have_told(world: World) -> None:
    world.event("contract.changed", "A-cem-M-04", CONTRACT)
    item = next(
        item
        for item in releasing.shelf().values()
        if isinstance(item, library.Trigger) and item.trigger.event_type == "contract.changed"
    )
    again = msgspec.structs.replace(
        item, name="contract-again", trigger=msgspec.structs.replace(item.trigger, name="contract-again")
    )
    found = replayed(world, proposed(again))
    (case,) = found.cases
    assert (case.verdict, case.party, case.trigger) == (nouns.Verdict.NEW, "cem", "contract-again")
    assert case.channels_before == ""
    shown = replaying.opened(found.ref, case.decision, place(world), by="eve")
    assert shown.after.manuscript is not None
    assert not shown.before.is_told


def test_a_segment_leaves_out_whom_it_does_not_mean(world: World) -> None:
    world.storm()
    name = next(
        item.name
        for item in releasing.shelf().values()
        if isinstance(item, library.Trigger) and item.trigger.communication == "outage-opened"
    )
    item = kept(library.Kind.TRIGGER, name, library.Trigger)
    segment = library.Segment(name="german", title="German readers", condition='party.language == "de"')
    found = replayed(world, proposed(segment, msgspec.structs.replace(item, segment="german")))
    assert {case.party for case in found.cases} == {"ada", "dora", "fay"}
    assert {case.silence for case in found.cases} == {"not_in_segment"}


def test_only_the_latest_cases_are_gone_through(world: World) -> None:
    world.storm()
    found = replayed(world, proposed(with_body(opened(), with_paragraph("More."))), cases_max=4)
    assert (found.summary.replay.done, found.summary.replay.noted["cut"]) == (4, 6)


def test_a_replay_can_be_cancelled(world: World) -> None:
    world.storm()
    found = replayed(
        world,
        proposed(with_body(opened(), with_paragraph("More."))),
        go=lambda world, ref: (replaying.cancel(ref), world.drain())[1],
    )
    assert found.summary.replay.state is nouns.State.CANCELLED
    assert found.cases == []
    assert not replaying.cancel(found.ref)


class Overtaken:
    """The letter engine of a worker that another one overtakes while it lays out."""

    def __init__(self, world: World, ref: str) -> None:
        self._own = world.parts.engines[parties.ChannelKind.LETTER]
        self._world, self._ref = world, ref
        self.channel, self.version = self._own.channel, self._own.version

    def render(self, batch: Sequence[manuscripts.Manuscript]) -> Sequence[manuscripts.Rendered]:
        while replaying.go_on(self._ref, place(self._world)):
            pass
        return self._own.render(batch)

    def close(self) -> None:
        """Nothing of its own."""


def test_a_page_that_another_worker_did_meanwhile_counts_once(world: World) -> None:
    world.storm()

    def overtaken(world: World, ref: str) -> None:
        slow = msgspec.structs.replace(
            place(world), engines={**world.parts.engines, parties.ChannelKind.LETTER: Overtaken(world, ref)}
        )
        assert not replaying.go_on(ref, slow)

    found = replayed(world, proposed(with_body(opened(), with_paragraph("More."))), go=overtaken)
    assert found.summary.replay.done == 10
    assert {case.party for case in found.cases} == {"ada", "dora", "fay"}


def test_a_release_that_was_changed_meanwhile_is_asked_again(world: World) -> None:
    world.storm()
    release = proposed(with_body(opened(), with_paragraph("More.")))

    def changed(world: World, ref: str) -> None:
        del ref
        made = releasing.propose(
            [with_body(opened(), with_paragraph("Even more."))], by=CAROL, title="A change", release=release.ref
        )
        assert isinstance(made, library.Release)
        world.drain()

    found = replayed(world, release, go=changed)
    assert found.summary.replay.state is nouns.State.FAILED
    assert found.summary.is_stale


def test_what_an_agent_wrote_stands_on_both_sides(world: World) -> None:
    goes_live([interactive()])
    world.event("contract.changed", "A-dora-M-05", CONTRACT)
    ((letter,),) = batch.fetch("SELECT ref FROM decision WHERE state = 'to_write'", [], tuple[str])
    assert writing.release(letter, {"answer": "Fitted today."}, version=0, by="eve") is None
    world.drain()
    item = kept(library.Kind.COMMUNICATION, "contract-change-confirmed", library.Communication)
    found = replayed(world, proposed(with_body(item, with_paragraph("More."))))

    shown = replaying.opened(found.ref, letter, place(world), by="eve")
    said = [["".join(part.text for part in side) for side in (pair.before, pair.after)] for pair in shown.pairs]
    assert ["Fitted today.", "Fitted today."] in said
    assert ["", "More."] in said

    region = templates.OpenBlock
    without = with_body(
        item,
        lambda edition: msgspec.structs.replace(
            edition, body=tuple(block for block in edition.body if not isinstance(block, region))
        ),
    )
    assert replayed(world, proposed(without)).summary.replay.noted["agents_words"] == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", prices.Prices()),
        (
            "EUR letter=0.95 sms=0.07",
            prices.Prices(
                currency="EUR",
                prices=(
                    nouns.Price(channel=parties.ChannelKind.LETTER, amount=Decimal("0.95")),
                    nouns.Price(channel=parties.ChannelKind.SMS, amount=Decimal("0.07")),
                ),
            ),
        ),
    ],
)
def test_prices_are_read_from_a_setting(text: str, expected: prices.Prices) -> None:
    assert prices.read(text) == expected


@pytest.mark.parametrize("text", ["euro", "EUR pigeon=1", "EUR sms=cheap", "EUR sms=-1", "EUR sms=NaN", "EUR sms"])
def test_prices_that_cannot_be_read_are_said(text: str) -> None:
    with pytest.raises(settings.SettingError, match="unit_prices"):
        prices.read(text)
