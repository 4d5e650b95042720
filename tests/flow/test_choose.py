"""The choice, rule by rule: who is told, who is not and why, on which channels."""

import datetime as dt

import msgspec
import pytest
from tests.flow import choosing as c

from signalpost.flow.choose import answers
from signalpost.vocabulary import notices, parties, records, situations

MARKETING = c.category(legal_class=notices.LegalClass.MARKETING)
SAFETY = c.category(legal_class=notices.LegalClass.SAFETY)
REGULATORY = c.category(legal_class=notices.LegalClass.REGULATORY)
CAPPED = notices.FrequencyCap(count=2, within_seconds=86_400)
STAFF, SYSTEM = parties.PartyKind.STAFF, parties.PartyKind.SYSTEM
INVALID, VERIFIED = parties.AddressState.INVALID, parties.AddressState.VERIFIED


def test_a_party_that_nothing_stands_against_is_told_with_every_rule_in_the_trace():
    (decision,) = c.decide(c.party())
    notice = c.notice(decision)
    asked = [rule.value for rule in answers.Rule if rule is not answers.Rule.SEGMENT]
    assert [because.rule for because in notice.trace] == asked
    assert notice.ref == records.reference("change-1", "anna", "outage_opened")
    assert (notice.change, notice.situation, notice.policy_version) == ("change-1", "incident-1", "policy-1")
    assert (notice.language, notice.template) == ("de", "d" * 64)
    assert (notice.send_at, notice.expires_at, notice.lane) == (c.NOON, None, c.change().lane)


@pytest.mark.parametrize(
    ("condition", "facts", "wanted"),
    [
        ('party.language == "de"', "{}", "passed"),
        ('party.language == "en"', "{}", "not_in_segment"),
        ('party.facts.tariff == "flex"', '{"tariff":"flex"}', "passed"),
        ('has(party.facts.tariff) && party.facts.tariff == "flex"', "{}", "not_in_segment"),
        # What is not known is no answer: neither one of them nor not.
        ('party.facts.tariff == "flex"', "{}", "incomplete"),
        ('size(party.postal.country) == 2 && party.name == "Anna"', "{}", "passed"),
    ],
)
def test_a_trigger_means_the_customers_of_its_segment_alone(condition: str, facts: str, wanted: str):
    change = c.change(segment="flexible", segment_when=condition)
    (decision,) = c.decide(c.party(facts=facts), about=change)
    first = decision.trace[0]
    assert (first.rule, first.verdict) == ("segment", wanted)
    assert first.detail.startswith("flexible")
    if wanted == "passed":
        c.notice(decision)
    else:
        assert (c.withheld(decision).reason, len(decision.trace)) == (wanted, 1)


def test_the_law_does_not_widen_a_segment():
    change = c.change(segment="none", segment_when="false")
    (decision,) = c.decide(c.party(), about=change, by=c.policy(SAFETY))
    assert c.withheld(decision).reason is notices.WithheldReason.NOT_IN_SEGMENT


def test_what_is_withheld_carries_the_same_name_and_the_trace_up_to_the_no():
    (decision,) = c.decide(c.party(is_barred=True))
    withheld = c.withheld(decision)
    assert withheld.ref == records.reference("change-1", "anna", "outage_opened")
    assert withheld.trace == (notices.Because(rule="standing", verdict="barred"),)
    assert (withheld.situation, withheld.household, withheld.instead) == ("incident-1", "household of anna", "")


def test_an_empty_page_has_no_decisions():
    assert c.decide() == ()


def test_a_category_the_policy_does_not_know_is_a_broken_configuration_that_is_named():
    with pytest.raises(notices.UnknownCategoryError, match=r"'outage_opened'.*'outage', got 'gas'"):
        c.decide(c.party(), saying=c.communication(category="gas"))


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="wanted an instant with its time zone, got '2025-11-05T11:00:00'"):
        c.decide(c.party(), now=c.NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("category", "changes", "wanted"),
    [
        (c.CATEGORY, {"is_barred": True}, "barred"),
        (SAFETY, {"is_barred": True}, "told"),
        (MARKETING, {}, "no_consent"),
        (MARKETING, {"consents": frozenset({"marketing"})}, "told"),
        (MARKETING, {"kind": STAFF}, "told"),
        (MARKETING, {"kind": SYSTEM}, "told"),
        (c.category(consent="advice"), {"consents": frozenset({"marketing"})}, "no_consent"),
        (c.category(consent="advice"), {"consents": frozenset({"advice"})}, "told"),
        (c.category(consent="advice", legal_class=notices.LegalClass.REGULATORY), {}, "told"),
        (c.category(frequency_cap=CAPPED), {"recent_counts": (("outage", 1),)}, "told"),
        (c.category(frequency_cap=CAPPED), {"recent_counts": (("outage", 2),)}, "cap_reached"),
        (c.category(frequency_cap=CAPPED), {"recent_counts": (("offer", 9),)}, "told"),
        (c.category(frequency_cap=CAPPED), {"recent_counts": (("outage", 9),), "kind": SYSTEM}, "told"),
        (msgspec.structs.replace(SAFETY, frequency_cap=CAPPED), {"recent_counts": (("outage", 9),)}, "told"),
    ],
)
def test_standing_consent_and_cap(category: notices.CategoryPolicy, changes: dict[str, object], wanted: str):
    assert c.verdicts(c.decide(c.party(**changes), by=c.policy(category))) == [wanted]


def test_what_the_law_overrides_is_said_in_the_trace():
    category = msgspec.structs.replace(SAFETY, consent="advice", frequency_cap=CAPPED)
    barred = c.party(is_barred=True, recent_counts=(("outage", 5),), quiet_hours=c.AT_NIGHT)
    (decision,) = c.decide(barred, by=c.policy(category), now=c.NIGHT)
    assert c.said(decision, "standing") == ("overridden", "barred, but safety is owed")
    assert c.said(decision, "consent") == ("overridden", "no consent to advice, none asked by law")
    assert c.said(decision, "frequency_cap") == ("overridden", "5 of 2 in 86400 s")
    assert c.said(decision, "quiet_hours") == ("overridden", "owed by law at any hour")


HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "estimate_version", "told", "wanted"),
    [
        (c.OPENED, 0, (), "told"),
        (c.OPENED, 0, (c.told("opened"),), "already_told"),
        (c.OPENED, 0, (c.told("opened"), c.told("restored", stage=2, at=c.NOON - HOUR)), "told"),
        (c.OPENED, 0, (c.told("restored", stage=2, at=c.NOON - HOUR), c.told("opened")), "told"),
        (situations.ChangeKind.REOPENED, 0, (c.told("opened"),), "already_told"),
        (c.UPDATED, 2, (), "never_told"),
        (c.UPDATED, 2, (c.told(estimate_version=1),), "told"),
        (c.UPDATED, 2, (c.told(estimate_version=2),), "already_told"),
        (c.UPDATED, 2, (c.told(estimate_version=3),), "already_told"),
        (c.UPDATED, 2, (c.told(estimate_version=1), c.told("restored", at=c.NOON)), "no_longer_affected"),
        (c.UPDATED, 0, (c.told(stage=1),), "already_told"),
        (c.UPDATED, 0, (c.told(stage=0),), "told"),
        (c.RESTORED, 0, (), "never_told"),
        (c.RESTORED, 0, (c.told(was_reached=False, reached_by=()),), "never_reached"),
        (c.RESTORED, 0, (c.told(),), "told"),
        (c.RESOLVED, 0, (), "never_told"),
        (c.RESOLVED, 0, (c.told(was_reached=False), c.told("updated", at=c.NOON)), "told"),
        (c.RESOLVED, 0, (c.told(), c.told("restored", at=c.NOON)), "already_told"),
        (c.RESOLVED, 0, (c.told(), c.told("restored", at=c.NOON), c.told(at=c.NOON + HOUR)), "told"),
        (situations.ChangeKind.EVENT, 0, (c.told("event"),), "told"),
        (situations.ChangeKind.ALARM, 0, (c.told("alarm"),), "told"),
    ],
)
def test_history(kind: situations.ChangeKind, estimate_version: int, told: tuple[parties.Told, ...], wanted: str):
    about = c.change(kind, estimate_version=estimate_version)
    assert c.verdicts(c.decide(c.party(told=told), about=about)) == [wanted]


def test_history_stands_above_the_law():
    parties_told = (c.party("a", told=(c.told(),)), c.party("b"))
    assert c.verdicts(c.decide(*parties_told, by=c.policy(SAFETY))) == ["already_told", "told"]
    about = c.change(c.RESOLVED)
    assert c.verdicts(c.decide(*parties_told, by=c.policy(SAFETY), about=about)) == ["told", "never_told"]


ROUTINE = c.change(severity=situations.Severity.WARNING)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, ["email-anna", "letter-anna"]),
        ({"preferences": (parties.Preference(channels=(c.LETTER,)),)}, ["letter-anna", "email-anna"]),
        ({"preferences": (parties.Preference(channels=(c.SMS,)),)}, ["sms-anna", "email-anna", "letter-anna"]),
        ({"preferences": (parties.Preference(channels=(c.WEBHOOK,)),)}, ["email-anna", "letter-anna"]),
        (
            {
                "preferences": (
                    parties.Preference(channels=(c.LETTER,)),
                    parties.Preference(category="outage", channels=(c.SMS,)),
                )
            },
            ["sms-anna", "email-anna", "letter-anna"],
        ),
        ({"preferences": (parties.Preference(category="offer", channels=(c.SMS,)),)}, ["email-anna", "letter-anna"]),
        ({"preferences": (parties.Preference(refused=(c.EMAIL,)),)}, ["letter-anna"]),
        ({"preferences": (parties.Preference(category="outage", refused=(c.LETTER,)),)}, ["email-anna"]),
        (
            {
                "preferences": (
                    parties.Preference(refused=(c.EMAIL, c.LETTER)),
                    parties.Preference(category="outage", channels=(c.EMAIL,)),
                )
            },
            ["email-anna"],
        ),
    ],
)
def test_a_routine_message_goes_by_preference_and_then_by_policy(changes: dict[str, object], wanted: list[str]):
    (decision,) = c.decide(c.party(**changes), about=ROUTINE)
    assert [point for point, _ in c.plan(decision)] == wanted
    assert [start for _, start in c.plan(decision)] == ["at_once"] + ["on_failure"] * (len(wanted) - 1)


def test_an_urgent_message_starts_on_two_channels_and_then_climbs():
    by = c.policy(c.category(escalate_after_seconds=600))
    everywhere = (c.email("anna"), c.letter("anna"), c.push("anna"), c.sms("anna"))
    (decision,) = c.decide(c.party(contact_points=everywhere), by=by)
    assert c.plan(decision) == [
        ("sms-anna", "at_once"),
        ("push-anna", "at_once"),
        ("email-anna", "on_silence"),
        ("letter-anna", "on_failure"),
    ]
    assert [step.after_seconds for step in c.notice(decision).plan] == [0, 0, 600, 0]
    assert [step.because for step in c.notice(decision).plan][2:] == [
        "urgent channel of the policy",
        "routine channel of the policy",
    ]
    assert c.said(decision, "channels") == ("urgent", "sms, push, email, letter")


def test_each_silence_is_counted_from_the_sending_and_longer_than_the_one_before():
    by = c.policy(c.category(escalate_after_seconds=600, at_once=1))
    points = (c.sms("anna"), c.push("anna"), c.email("anna"))
    (decision,) = c.decide(c.party(contact_points=points), by=by)
    assert [step.after_seconds for step in c.notice(decision).plan] == [0, 600, 1200]


def test_a_routine_channel_never_starts_together_with_an_urgent_one():
    (decision,) = c.decide(c.party(contact_points=(c.sms("anna"), c.letter("anna"))))
    assert c.plan(decision) == [("sms-anna", "at_once"), ("letter-anna", "on_failure")]


def test_a_spare_waits_for_failure_even_when_it_is_urgent():
    by = c.policy(c.category(escalate_after_seconds=600))
    (decision,) = c.decide(c.party(contact_points=(c.sms("anna"), c.sms("2nd"), c.letter("anna"))), by=by)
    assert c.plan(decision) == [("sms-anna", "at_once"), ("letter-anna", "on_failure"), ("sms-2nd", "on_failure")]
    (alone,) = c.decide(c.party(contact_points=(c.sms("anna"), c.sms("2nd"))), by=by)
    assert c.plan(alone) == [("sms-anna", "at_once"), ("sms-2nd", "on_failure")]


def test_a_channel_that_is_useless_now_comes_last_with_the_reason():
    by = c.policy(useless_in=(("mains_off", c.PUSH), ("roaming", c.PUSH)))
    dark = c.party(contact_points=(c.push("anna"), c.sms("anna")), device_states=frozenset({"mains_off"}))
    (decision,) = c.decide(dark, by=by)
    assert c.plan(decision) == [("sms-anna", "at_once"), ("push-anna", "on_failure")]
    assert c.notice(decision).plan[1].because == "last: useless while mains_off"
    lit = msgspec.structs.replace(dark, device_states=frozenset[str]())
    assert c.plan(c.decide(lit, by=by)[0]) == [("sms-anna", "at_once"), ("push-anna", "at_once")]


def test_a_useless_channel_is_used_when_there_is_no_other():
    by = c.policy(useless_in=(("mains_off", c.PUSH),))
    dark = c.party(contact_points=(c.push("anna"),), device_states=frozenset({"mains_off"}))
    assert c.plan(c.decide(dark, by=by)[0]) == [("push-anna", "at_once")]


def test_the_end_goes_first_where_the_beginning_arrived():
    told = (c.told(reached_by=(c.LETTER,)), c.told("updated", stage=2, at=c.NOON, reached_by=(c.EMAIL, c.WEBHOOK)))
    (decision,) = c.decide(c.party(told=told), about=c.change(c.RESOLVED))
    assert [point for point, _ in c.plan(decision)] == ["email-anna", "letter-anna", "sms-anna"]
    assert c.notice(decision).plan[0].because == "reached them before"


def test_verified_addresses_come_first_and_a_second_one_is_a_spare():
    points = (c.email("old"), c.email("new", state=VERIFIED), c.email("third"), c.letter("anna"))
    (decision,) = c.decide(c.party(contact_points=points), about=ROUTINE)
    assert [point for point, _ in c.plan(decision)] == ["email-new", "letter-anna", "email-old"]
    assert c.notice(decision).plan[2].because == "second address"


def test_the_same_address_entered_twice_is_no_spare():
    points = (c.email("anna"), c.email("again", address="Anna@Example.org"))
    (decision,) = c.decide(c.party(contact_points=points), about=ROUTINE)
    assert [point for point, _ in c.plan(decision)] == ["email-anna"]


BY_MAIL = c.policy(c.category(routine_channels=(c.EMAIL, c.LETTER, c.PORTAL)))


@pytest.mark.parametrize(
    ("points", "wanted", "detail"),
    [
        ((), "no_address", "email none; letter none; portal none"),
        ((c.sms("anna"),), "no_address", "email none; letter none; portal none"),
        ((c.email("anna", state=INVALID),), "no_address", "email invalid; letter none; portal none"),
        ((c.letter("anna", postal=None),), "no_address", "email none; letter incomplete; portal none"),
        ((c.email("anna", address=""),), "no_address", "email incomplete; letter none; portal none"),
        ((c.email("anna", suppressed="bounce"),), "suppressed", "email suppressed (bounce); letter none; portal none"),
        (
            (c.email("anna", suppressed="complaint"), c.email("again", address="ANNA@example.org")),
            "suppressed",
            "email suppressed (complaint); letter none; portal none",
        ),
        (
            (c.email("anna", state=INVALID), c.email("again", address="anna@example.org", state=VERIFIED)),
            "no_address",
            "email invalid; letter none; portal none",
        ),
    ],
)
@pytest.mark.parametrize("law", [notices.LegalClass.SERVICE, notices.LegalClass.SAFETY])
def test_no_rule_overrides_the_address_check(
    points: tuple[parties.ContactPoint, ...], wanted: str, detail: str, law: notices.LegalClass
):
    by = c.policy(msgspec.structs.replace(BY_MAIL.categories[0], legal_class=law))
    (decision,) = c.decide(c.party(contact_points=points), about=ROUTINE, by=by)
    assert c.verdicts([decision]) == [wanted]
    assert c.said(decision, "addresses") == (wanted, detail)


def test_a_suppressed_channel_gives_way_to_the_next_and_is_named():
    points = (c.email("anna", suppressed="bounce"), c.portal("anna"))
    (decision,) = c.decide(c.party(contact_points=points), about=ROUTINE, by=BY_MAIL)
    assert c.plan(decision) == [("portal-anna", "at_once")]
    assert c.said(decision, "addresses") == ("passed", "email suppressed (bounce); letter none")


def test_whoever_refuses_every_channel_they_have_gets_nothing_but_what_the_law_demands():
    refusing = c.party(contact_points=(c.email("anna"),), preferences=(parties.Preference(refused=(c.EMAIL,)),))
    (decision,) = c.decide(refusing, about=ROUTINE)
    assert c.verdicts([decision]) == ["refused_by_preference"]
    assert c.said(decision, "channels") == ("routine", "letter; refused by the party: email")
    (owed,) = c.decide(refusing, about=ROUTINE, by=c.policy(REGULATORY))
    assert c.plan(owed) == [("email-anna", "at_once")]
    assert c.said(owed, "channels") == ("routine", "email, letter; refused but owed by law: email")


def test_refusing_what_one_has_no_address_for_is_not_the_reason():
    party = c.party(contact_points=(), preferences=(parties.Preference(refused=(c.EMAIL,)),))
    assert c.verdicts(c.decide(party, about=ROUTINE)) == ["no_address"]


def test_a_policy_without_channels_for_this_content_reaches_nobody_and_says_so():
    (decision,) = c.decide(c.party(), saying=c.communication(channels=(c.PORTAL,)))
    assert c.said(decision, "addresses") == ("no_address", "no channel has both content and a rule")


@pytest.mark.parametrize(
    ("language", "fallbacks", "wanted"),
    [
        ("de", ("en",), "de"),
        ("de-AT", ("en",), "de"),
        ("DE-at-x-wien", ("en",), "de"),
        ("en-GB", ("de",), "en"),
        ("tr", ("en",), "en"),
        ("tr", ("fr", "de-CH", "en"), "de"),
        ("tr", ("fr",), "no_template"),
        ("tr", (), "no_template"),
    ],
)
def test_language(language: str, fallbacks: tuple[str, ...], wanted: str):
    by = c.policy(fallback_languages=fallbacks)
    (decision,) = c.decide(c.party(language=language), by=by)
    got = decision.language if isinstance(decision, notices.Notice) else decision.reason.value
    assert got == wanted


def test_without_any_version_in_force_the_trace_says_what_was_wanted():
    (decision,) = c.decide(c.party(language="tr"), saying=c.communication(versions=()))
    assert c.said(decision, "language") == ("no_template", "wanted tr, en, in force none")


@pytest.mark.parametrize(
    ("law", "offered", "wanted"),
    [
        (notices.LegalClass.MARKETING, True, True),
        (notices.LegalClass.SERVICE, True, True),
        (notices.LegalClass.SERVICE, False, False),
        (notices.LegalClass.REGULATORY, True, False),
        (notices.LegalClass.SAFETY, True, False),
    ],
)
def test_one_click_unsubscribe_is_never_on_mandatory_notices(law: notices.LegalClass, *, offered: bool, wanted: bool):
    by = c.policy(c.category(legal_class=law, has_unsubscribe=offered))
    (decision,) = c.decide(c.party(consents=frozenset({"marketing"})), by=by)
    assert c.notice(decision).has_unsubscribe is wanted


def test_a_household_gets_one_message_by_the_first_who_can_be_told():
    family = [
        c.party("ben", household="ring 1"),
        c.party("ada", household="ring 1", contact_points=()),
        c.party("cem", household="ring 1"),
        c.party("dora"),
    ]
    decisions = c.decide(*family)
    assert c.verdicts(decisions) == ["told", "no_address", "household_told", "told"]
    assert c.withheld(decisions[2]).instead == "ben"
    assert c.said(decisions[0], "household") == ("passed", "told for the household")
    assert c.said(decisions[2], "household") == ("household_told", "ben is told")


def test_whoever_speaks_for_a_household_is_really_told():
    by = c.policy(c.category(frequency_cap=CAPPED))
    capped = c.party("ada", household="ring 1", recent_counts=(("outage", 2),))
    assert c.verdicts(c.decide(capped, c.party("ben", household="ring 1"), by=by)) == ["cap_reached", "told"]


def test_a_household_of_which_one_was_told_before_is_told():
    early = c.party("cem", household="ring 1", told=(c.told(),))
    decisions = c.decide(c.party("ada", household="ring 1"), early)
    assert c.verdicts(decisions) == ["household_told", "already_told"]
    assert c.withheld(decisions[0]).instead == "cem"


def test_staff_systems_and_those_without_a_household_stand_for_themselves():
    page = [
        c.party("ada", household="ring 1"),
        c.party("hook", household="ring 1", kind=SYSTEM),
        c.party("desk", household="ring 1", kind=STAFF),
        c.party("eve", household=""),
        c.party("fay", household=""),
    ]
    assert c.verdicts(c.decide(*page)) == ["told"] * 5


def test_by_law_each_member_is_told_where_the_address_is_another():
    page = [
        c.party("ada", household="ring 1"),
        c.party("ben", household="ring 1"),
        c.party("cem", household="ring 1", contact_points=(c.letter("cem"),)),
    ]
    decisions = c.decide(*page, by=c.policy(SAFETY))
    assert c.verdicts(decisions) == ["told", "told", "told"]
    assert c.said(decisions[1], "household") == ("overridden", "each member is told, where the address is another")


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ((c.letter("ada"),), (c.letter("ben"),), ["told", "household_told"]),
        ((c.sms("ada"),), (c.sms("ben", address="+49170ada"), c.letter("ben")), ["told", "household_told"]),
        ((c.portal("ada"),), (c.portal("ben"),), ["told", "told"]),
        ((c.sms("ada"),), (c.sms("ben", address="+49170ada"), c.push("ben")), ["told", "told"]),
    ],
)
def test_by_law_one_address_is_used_once(
    first: tuple[parties.ContactPoint, ...], second: tuple[parties.ContactPoint, ...], wanted: list[str]
):
    by = c.policy(c.category(legal_class=notices.LegalClass.SAFETY, routine_channels=(c.LETTER, c.PORTAL)))
    page = [
        c.party("ada", household="ring 1", contact_points=first),
        c.party("ben", household="ring 1", contact_points=second),
    ]
    assert c.verdicts(c.decide(*page, by=by)) == wanted


def test_by_law_too_the_address_of_one_who_was_told_before_is_not_used_again():
    by = c.policy(SAFETY)
    early = c.party("ada", household="ring 1", contact_points=(c.letter("ada"),), told=(c.told(),))
    same = c.party("ben", household="ring 1", contact_points=(c.letter("ben"),))
    other = c.party("cem", household="ring 1")
    gone = c.party("dan", household="ring 1", contact_points=(), told=(c.told(),))
    decisions = c.decide(early, same, other, gone, by=by)
    assert c.verdicts(decisions) == ["already_told", "household_told", "told", "already_told"]
    assert c.withheld(decisions[1]).instead == "ada"
