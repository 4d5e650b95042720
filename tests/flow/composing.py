"""What the tests of `compose` have in common: a brand, labels, a template around a body, facts, a notice."""

import datetime as dt
from collections.abc import Sequence

import msgspec
import yaml

from signalpost.vocabulary import events, manuscripts, notices, parties, records, templates

NOON = dt.datetime(2025, 1, 31, 11, 0, tzinfo=dt.UTC)

BRAND = manuscripts.Brand(
    name="Lumen Energie",
    imprint=("Lumen Energie AG", "Amtsgericht Musterstadt HRB 4711"),
    return_address="Lumen Energie AG, Postfach 10, 12345 Musterstadt",
    primary="#0b3d5c",
    on_primary="#ffffff",
    website="https://lumen.example",
    telephone="+4930231250",
    country="DE",
)

LABELS = manuscripts.Labels(
    page="Page {page} of {pages}",
    date="Date",
    unsubscribe="Unsubscribe",
    web_view="View in your browser",
    tones=("Note", "Advice", "Warning", "Danger"),
)

FACTS: dict[str, records.Json] = {
    "party": {
        "name": "Ann Meyer",
        "salutation": "Ms Meyer",
        "time_zone": "Europe/Berlin",
        "premise_address": "Lindenstraße 5, 12345 Musterstadt",
    },
    "links": {"status": "https://lumen.example/s/1"},
    "incident": {"area_name": "Old Town", "opened_at": "2025-01-31T13:30:00Z", "cause": "storm", "households": 1234},
    "estimate": {"version": 1, "restoration_at": "2025-01-31T16:30:00Z"},
    "now": "2025-01-31T13:35:00Z",
}


def blocks(text: str) -> tuple[templates.TemplateBlock, ...]:
    """The body that a YAML text is."""
    return msgspec.convert(yaml.safe_load(text), tuple[templates.TemplateBlock, ...])


def content(body: Sequence[templates.TemplateBlock] | str = (), **changes: object) -> templates.Content:
    """A content around a body, with a plain subject and no SMS."""
    own = templates.Content(
        communication="outage-opened",
        category="outage",
        language="en",
        contract="{}",
        title="Power cut",
        subject="Power cut",
        body=blocks(body) if isinstance(body, str) else tuple(body),
        brand=BRAND,
        labels=LABELS,
    )
    return msgspec.structs.replace(own, **changes)


def approved(draft: templates.Content) -> templates.ApprovedTemplate:
    """The content as two people approved it."""
    digest = draft.digest()
    approval = templates.Approval(content=digest, author="ana", approver="ben", approved_at=NOON, effective_from=NOON)
    return templates.ApprovedTemplate(content=draft, approval=approval, version=digest)


def notice(template: templates.ApprovedTemplate, *, postal: parties.PostalAddress | None = None) -> notices.Notice:
    """The decision to say it, by letter when there is an address."""
    letter = notices.PlannedDelivery(
        rank=1,
        channel=parties.ChannelKind.LETTER,
        contact_point="home",
        address="",
        postal=postal,
        start=notices.Start.AT_ONCE,
        because="preference",
    )
    return notices.Notice(
        ref="n1",
        change="c1",
        situation="i1",
        party="p1",
        household="h1",
        communication=template.content.communication,
        category=template.content.category,
        legal_class=notices.LegalClass.SERVICE,
        language=template.content.language,
        template=template.version,
        policy_version="1",
        lane=events.Lane.URGENT,
        plan=(letter,) if postal else (),
        send_at=NOON,
        trace=(),
    )


def with_facts(**changes: records.Json) -> dict[str, records.Json]:
    """The facts of an outage notice with some of them replaced."""
    return {**FACTS, **changes}
