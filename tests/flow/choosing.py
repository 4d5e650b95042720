"""Parties, policies and changes to try the choice on: ordinary ones, of which a test changes what it is about."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from signalpost.flow import choose as stage
from signalpost.vocabulary import events, notices, parties, situations

EMAIL, SMS, PUSH = parties.ChannelKind.EMAIL, parties.ChannelKind.SMS, parties.ChannelKind.PUSH
LETTER, PORTAL, WEBHOOK = parties.ChannelKind.LETTER, parties.ChannelKind.PORTAL, parties.ChannelKind.WEBHOOK
OPENED, UPDATED = situations.ChangeKind.OPENED, situations.ChangeKind.UPDATED
RESTORED, RESOLVED = situations.ChangeKind.RESTORED, situations.ChangeKind.RESOLVED

#: Noon in Berlin on a working day in November: nobody is quiet.
NOON = dt.datetime(2025, 11, 5, 11, 0, tzinfo=dt.UTC)
#: Half past eleven in the evening, Berlin.
NIGHT = dt.datetime(2025, 11, 5, 22, 30, tzinfo=dt.UTC)
AT_NIGHT = parties.QuietHours(start=dt.time(21), end=dt.time(8))

HOME = parties.PostalAddress(lines=("Anna Meyer", "Ring 1"), postcode="10115", locality="Berlin", country="DE")

CATEGORY = notices.CategoryPolicy(
    category="outage",
    legal_class=notices.LegalClass.SERVICE,
    urgent_channels=(SMS, PUSH, EMAIL),
    at_once=2,
    routine_channels=(EMAIL, LETTER),
)


def email(name: str, /, **changes: object) -> parties.ContactPoint:
    """An e-mail address; `changes` are fields of the contact point."""
    point = parties.ContactPoint(ref=f"email-{name}", channel=EMAIL, address=f"{name}@example.org")
    return msgspec.structs.replace(point, **changes)


def sms(name: str, /, **changes: object) -> parties.ContactPoint:
    """A mobile number."""
    point = parties.ContactPoint(ref=f"sms-{name}", channel=SMS, address=f"+49170{name}")
    return msgspec.structs.replace(point, **changes)


def push(name: str, /, **changes: object) -> parties.ContactPoint:
    """A push endpoint."""
    point = parties.ContactPoint(ref=f"push-{name}", channel=PUSH, address=f"https://push.example/{name}")
    return msgspec.structs.replace(point, **changes)


def letter(name: str, /, **changes: object) -> parties.ContactPoint:
    """A letter box; the same one for every name unless `postal` is changed."""
    point = parties.ContactPoint(ref=f"letter-{name}", channel=LETTER, address="", postal=HOME)
    return msgspec.structs.replace(point, **changes)


def portal(name: str) -> parties.ContactPoint:
    """A portal account, which has no address."""
    return parties.ContactPoint(ref=f"portal-{name}", channel=PORTAL, address="")


def party(name: str = "anna", /, **changes: object) -> parties.Party:
    """A person in Berlin who can be reached by e-mail, SMS and letter, alone in the household."""
    usual = parties.Party(
        ref=name,
        name=name.title(),
        household=f"household of {name}",
        language="de",
        time_zone="Europe/Berlin",
        contact_points=(email(name), sms(name), letter(name)),
    )
    return msgspec.structs.replace(usual, **changes)


def told(change: str = "opened", /, **changes: object) -> parties.Told:
    """Something told two hours before noon, which reached them by SMS."""
    usual = parties.Told(change=change, stage=1, estimate_version=0, at=NOON - dt.timedelta(hours=2), reached_by=(SMS,))
    return msgspec.structs.replace(usual, **changes)


def change(kind: situations.ChangeKind = OPENED, /, **changes: object) -> situations.Change:
    """A major change of one incident."""
    usual = situations.Change(
        ref="change-1",
        kind=kind,
        situation="incident-1",
        stage=1,
        communication="outage_opened",
        trigger="outage@1",
        severity=situations.Severity.MAJOR,
        lane=events.Lane.URGENT,
        at=NOON,
        audience=situations.AudienceKind.MEMBERS,
    )
    return msgspec.structs.replace(usual, **changes)


def category(**changes: object) -> notices.CategoryPolicy:
    """The policy entry for outages: a service message."""
    return msgspec.structs.replace(CATEGORY, **changes)


def policy(*categories: notices.CategoryPolicy, **changes: object) -> notices.Policy:
    """A policy of these categories, or of the outage category alone, without quiet hours."""
    return msgspec.structs.replace(notices.Policy(version="policy-1", categories=categories or (CATEGORY,)), **changes)


def communication(**changes: object) -> notices.CommunicationType:
    """An outage message with content for every channel but the webhook, approved in English and German."""
    usual = notices.CommunicationType(
        name="outage_opened",
        title="Outage",
        category="outage",
        versions=(("en", "e" * 64), ("de", "d" * 64)),
        channels=(EMAIL, SMS, PUSH, LETTER, PORTAL),
    )
    return msgspec.structs.replace(usual, **changes)


def decide(
    *page: parties.Party,
    about: situations.Change | None = None,
    by: notices.Policy | None = None,
    saying: notices.CommunicationType | None = None,
    now: dt.datetime = NOON,
) -> tuple[notices.Decision, ...]:
    """Decide about these parties; everything not given is the ordinary one."""
    return stage.choose(about or change(), page, by or policy(), communication=saying or communication(), now=now)


def notice(decision: notices.Decision) -> notices.Notice:
    """The decision, which must be a notice."""
    assert isinstance(decision, notices.Notice), decision
    return decision


def withheld(decision: notices.Decision) -> notices.Withheld:
    """The decision, which must be withheld."""
    assert isinstance(decision, notices.Withheld), decision
    return decision


def verdicts(decisions: Sequence[notices.Decision]) -> list[str]:
    """`told` or the reason, one per decision."""
    return ["told" if isinstance(decision, notices.Notice) else decision.reason.value for decision in decisions]


def plan(decision: notices.Decision) -> list[tuple[str, str]]:
    """The planned contact points with what starts each."""
    return [(step.contact_point, step.start.value) for step in notice(decision).plan]


def said(decision: notices.Decision, rule: str) -> tuple[str, str]:
    """Verdict and detail of a rule that was asked exactly once."""
    (because,) = [because for because in decision.trace if because.rule == rule]
    return because.verdict, because.detail
