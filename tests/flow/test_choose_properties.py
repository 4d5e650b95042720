"""Laws of the choice, for any page, policy and change."""

import datetime as dt

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.flow import choosing as c

from signalpost.vocabulary import notices, parties, records, situations

INVALID, VERIFIED = parties.AddressState.INVALID, parties.AddressState.VERIFIED

#: Ways to be reached, the last ones not at all; few addresses, so that members of a household share some.
CONTACTS = st.sampled_from(
    [
        (c.email("one"), c.sms("one"), c.push("one"), c.letter("one"), c.portal("one")),
        (c.sms("one"), c.email("one", state=VERIFIED), c.email("two"), c.sms("two"), c.sms("three")),
        (c.letter("two"), c.email("two")),
        (c.letter("three"),),
        (c.sms("three"), c.push("three")),
        (c.email("two", suppressed="bounce"), c.email("again", address="TWO@example.org"), c.sms("three")),
        (c.sms("two", state=INVALID), c.letter("one"), c.portal("two")),
        (c.push("two"), c.email("three", address=""), c.portal("three")),
        (c.email("one", suppressed="complaint"), c.letter("two", postal=None), c.sms("one", state=INVALID)),
        (),
    ]
)
PREFERENCES = st.sampled_from(
    [
        (),
        (),
        (parties.Preference(channels=(c.LETTER, c.PORTAL)),),
        (parties.Preference(category="outage", channels=(c.SMS, c.WEBHOOK), refused=(c.EMAIL,)),),
        (parties.Preference(refused=(c.SMS, c.PUSH)), parties.Preference(category="outage", channels=(c.PUSH,))),
        (parties.Preference(refused=tuple(parties.ChannelKind)),),
    ]
)
TOLD = st.sampled_from(
    [
        (),
        (),
        (c.told(),),
        (c.told(reached_by=(c.LETTER, c.EMAIL)), c.told("updated", stage=2, estimate_version=2, at=c.NOON)),
        (c.told(was_reached=False, reached_by=()),),
        (c.told(), c.told("restored", stage=2, at=c.NOON)),
        (c.told("restored", at=c.NOON - dt.timedelta(hours=3)), c.told(estimate_version=1)),
    ]
)
WINDOWS = [c.AT_NIGHT, parties.QuietHours(start=dt.time(10), end=dt.time(16))]
PARTIES = st.builds(
    parties.Party,
    ref=st.just(""),
    kind=st.sampled_from([*[parties.PartyKind.PERSON] * 4, parties.PartyKind.STAFF, parties.PartyKind.SYSTEM]),
    name=st.just("Somebody"),
    household=st.sampled_from(["ring 1", "ring 1", "ring 2", "ring 3", ""]),
    language=st.sampled_from(["de", "en-GB", "tr"]),
    time_zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Nowhere/Land"]),
    contact_points=CONTACTS,
    preferences=PREFERENCES,
    consents=st.sampled_from([frozenset({"marketing", "advice"}), frozenset({"advice"}), frozenset[str]()]),
    quiet_hours=st.sampled_from([None, *WINDOWS]),
    device_states=st.sampled_from([frozenset[str](), frozenset({"mains_off"})]),
    told=TOLD,
    recent_counts=st.sampled_from([(), (("outage", 1),), (("outage", 2),)]),
    is_barred=st.sampled_from([False, False, False, True]),
)


def _named(drawn: list[parties.Party]) -> list[parties.Party]:
    return [msgspec.structs.replace(party, ref=f"party-{-number % 7}") for number, party in enumerate(drawn)]


PAGES = st.lists(PARTIES, max_size=6).map(_named)
CHANNELS = st.sampled_from([(), (c.SMS, c.PUSH, c.EMAIL), (c.EMAIL, c.LETTER), (c.PORTAL,), (c.LETTER, c.SMS, c.EMAIL)])
CATEGORIES = st.builds(
    notices.CategoryPolicy,
    category=st.just("outage"),
    legal_class=st.sampled_from([notices.LegalClass.SERVICE, *notices.LegalClass]),
    consent=st.sampled_from(["", "", "advice"]),
    urgent_channels=CHANNELS,
    at_once=st.integers(0, 3),
    urgent_from=st.integers(0, 4),
    routine_channels=CHANNELS,
    breaks_quiet_hours_from=st.integers(1, 5),
    frequency_cap=st.sampled_from([None, None, notices.FrequencyCap(count=2, within_seconds=3600)]),
    escalate_after_seconds=st.sampled_from([0, 600]),
    expires_after_seconds=st.sampled_from([0, 2 * 3600]),
    has_unsubscribe=st.booleans(),
)
POLICIES = st.builds(
    notices.Policy,
    version=st.just("policy-1"),
    categories=CATEGORIES.map(lambda category: (category,)),
    quiet_hours=st.sampled_from([None, *WINDOWS]),
    useless_in=st.sampled_from([(), (("mains_off", c.PUSH), ("mains_off", c.EMAIL))]),
    fallback_languages=st.sampled_from([("en",), ("en",), ()]),
)
SAYING = st.sampled_from(
    [c.communication(), c.communication(channels=(c.EMAIL, c.SMS, c.PUSH)), c.communication(channels=(c.LETTER,))]
)
KINDS = [c.OPENED, c.OPENED, *situations.ChangeKind]
CHANGES = st.tuples(st.sampled_from(KINDS), st.sampled_from(situations.Severity), st.integers(0, 3)).map(
    lambda drawn: c.change(drawn[0], severity=drawn[1], estimate_version=drawn[2])
)


def law_of(policy: notices.Policy, law: notices.LegalClass) -> notices.Policy:
    """The same policy under another law."""
    (category,) = policy.categories
    return msgspec.structs.replace(policy, categories=(msgspec.structs.replace(category, legal_class=law),))


@given(PAGES, CHANGES, POLICIES, SAYING)
def test_every_party_has_exactly_one_decision_and_the_same_one_again(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
):
    decisions = c.decide(*page, about=about, by=by, saying=saying)
    assert [decision.party for decision in decisions] == [party.ref for party in page]
    assert [decision.ref for decision in decisions] == [
        records.reference(about.ref, party.ref, saying.name) for party in page
    ]
    assert c.decide(*page, about=about, by=by, saying=saying) == decisions


@given(PAGES, CHANGES, POLICIES, SAYING)
def test_every_decision_can_be_stored_and_read_back_and_is_explained(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
):
    for decision in c.decide(*page, about=about, by=by, saying=saying):
        assert records.decode(records.canonical(decision), type(decision)) == decision
        if isinstance(decision, notices.Withheld):
            assert decision.trace[-1].verdict == decision.reason
        else:
            assert not {because.verdict for because in decision.trace} & set(notices.WithheldReason)


@given(PAGES, CHANGES, POLICIES, SAYING)
def test_a_plan_is_a_numbered_list_whose_first_step_starts_at_once(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
):
    for decision in c.decide(*page, about=about, by=by, saying=saying):
        if isinstance(decision, notices.Notice):
            assert [step.rank for step in decision.plan] == list(range(len(decision.plan)))
            assert decision.plan[0].start is notices.Start.AT_ONCE
            assert {step.channel for step in decision.plan} <= set(saying.channels)
            destinations = [(step.channel, step.address.casefold(), step.postal) for step in decision.plan]
            assert len(set(destinations)) == len(destinations) or c.PORTAL in {step.channel for step in decision.plan}


@given(PAGES, CHANGES, POLICIES, SAYING)
def test_a_suppressed_or_dead_address_is_in_no_plan(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
):
    by_ref = {party.ref: party for party in page}
    for decision in c.decide(*page, about=about, by=by, saying=saying):
        if isinstance(decision, notices.Notice):
            dead = {
                (point.channel, point.address.casefold() if point.channel is c.EMAIL else point.address, point.postal)
                for point in by_ref[decision.party].contact_points
                if (point.suppressed or point.state is parties.AddressState.INVALID) and (point.address or point.postal)
            }
            used = {
                (step.channel, step.address.casefold() if step.channel is c.EMAIL else step.address, step.postal)
                for step in decision.plan
            }
            assert not used & dead


@given(PAGES, CHANGES, POLICIES, SAYING, st.sampled_from(situations.Severity))
def test_raising_the_severity_never_removes_a_channel(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
    higher: situations.Severity,
):
    assume(higher > about.severity)
    alone = [msgspec.structs.replace(party, household="") for party in page]
    raised = msgspec.structs.replace(about, severity=higher)
    before = c.decide(*alone, about=about, by=by, saying=saying)
    after = c.decide(*alone, about=raised, by=by, saying=saying)
    for low, high in zip(before, after, strict=True):
        if isinstance(low, notices.Notice):
            assert {step.channel for step in low.plan} <= {step.channel for step in c.notice(high).plan}


@given(PAGES, CHANGES, POLICIES, SAYING, st.sampled_from(sorted(notices.MANDATORY)))
def test_the_law_is_held_by_no_consent_cap_quiet_hours_preference_or_bar(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
    law: notices.LegalClass,
):
    for decision in c.decide(*page, about=about, by=law_of(by, law), saying=saying):
        if isinstance(decision, notices.Withheld):
            assert decision.reason not in {
                notices.WithheldReason.NO_CONSENT,
                notices.WithheldReason.CAP_REACHED,
                notices.WithheldReason.REFUSED_BY_PREFERENCE,
                notices.WithheldReason.BARRED,
                notices.WithheldReason.EXPIRED,
                notices.WithheldReason.INCOMPLETE,
            }
        else:
            assert decision.send_at == c.NOON
            assert not decision.has_unsubscribe


@given(PAGES, CHANGES, POLICIES, SAYING)
def test_what_no_law_demands_is_said_once_per_household(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
):
    assume(by.categories[0].legal_class not in notices.MANDATORY)
    persons = {party.ref for party in page if party.kind is parties.PartyKind.PERSON and party.household}
    decisions = c.decide(*page, about=about, by=by, saying=saying)
    told = [
        decision.household
        for decision in decisions
        if isinstance(decision, notices.Notice) and decision.party in persons
    ]
    assert len(told) == len(set(told))


@given(PAGES, CHANGES, POLICIES, SAYING)
def test_whoever_is_left_out_for_the_household_is_told_through_somebody(
    page: list[parties.Party],
    about: situations.Change,
    by: notices.Policy,
    saying: notices.CommunicationType,
):
    decisions = {decision.party: decision for decision in c.decide(*page, about=about, by=by, saying=saying)}
    for decision in decisions.values():
        if isinstance(decision, notices.Withheld) and decision.reason is notices.WithheldReason.HOUSEHOLD_TOLD:
            instead = decisions[decision.instead]
            assert instead.household == decision.household
            assert instead.party != decision.party
            assert isinstance(instead, notices.Notice) or instead.reason is notices.WithheldReason.ALREADY_TOLD


@given(PAGES, POLICIES, SAYING, st.sampled_from([c.RESTORED, c.RESOLVED]))
def test_the_end_is_told_only_to_those_who_were_told_and_reached(
    page: list[parties.Party], by: notices.Policy, saying: notices.CommunicationType, kind: situations.ChangeKind
):
    reached = {party.ref for party in page if any(told.was_reached for told in party.told)}
    decisions = c.decide(*page, about=c.change(kind), by=by, saying=saying)
    assert {decision.party for decision in decisions if isinstance(decision, notices.Notice)} <= reached


@given(st.lists(st.text(max_size=8), max_size=4))
def test_a_reference_is_the_end_of_a_hash_over_length_prefixed_parts(parts: list[str]):
    joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    number = int(records.digest(joined), 16)
    digits = [number // 32**place % 32 for place in range(records.REFERENCE_LENGTH_CHARACTERS)]
    assert records.reference(*parts) == "".join("0123456789abcdefghjkmnpqrstvwxyz"[digit] for digit in digits)
