"""What may stand in each file of a playbook. An unknown key or a wrong type is an error."""

import msgspec

from signalpost.vocabulary import events, manuscripts, notices, parties, records, situations, templates


class About(records.Record, frozen=True, kw_only=True):
    """`playbook.yaml`."""

    title: str
    flows: tuple[str, ...]
    description: str
    needs: tuple[str, ...] = ()


class RulesFile(records.Record, frozen=True, kw_only=True):
    """`rules.yaml`."""

    alarms: tuple[situations.AlarmRule, ...] = ()
    incidents: tuple[situations.IncidentRule, ...] = ()
    triggers: tuple[situations.Trigger, ...] = ()


class PolicyFile(records.Record, frozen=True, kw_only=True):
    """`policy.yaml`."""

    categories: tuple[notices.CategoryPolicy, ...]
    quiet_hours: parties.QuietHours | None = None
    useless_in: tuple[tuple[str, parties.ChannelKind], ...] = ()
    fallback_languages: tuple[str, ...] = ("en",)


class ContractFile(records.Record, frozen=True, kw_only=True):
    """`contracts/*.yaml`: the type is the file's name."""

    data: dict[str, object]
    lane: events.Lane = events.Lane.NORMAL
    max_age_seconds: int | None = None
    max_ahead_seconds: int = 300
    subject_kind: str = ""


class MappingRow(records.Record, frozen=True, kw_only=True):
    """One rule of `mappings.yaml`, with `data` as an object."""

    name: str
    topic_filter: str
    when: str = ""
    type: str
    subject: str
    id: str
    occurred_at: str
    data: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class FactsFile(records.Record, frozen=True, kw_only=True):
    """`facts.yaml`: JSON Schemas of facts and what stands in every sample."""

    definitions: dict[str, object]
    #: Facts of every notice.
    common: dict[str, object]
    #: By what a communication can speak of: the facts of such a change.
    of: dict[str, dict[str, object]]
    sample: dict[str, object]


class LabelsRow(records.Record, frozen=True, kw_only=True):
    """The labels of one language, and how it is written."""

    direction: manuscripts.Direction = manuscripts.Direction.LTR
    labels: manuscripts.Labels


class TypeFile(records.Record, frozen=True, kw_only=True):
    """`type.yaml`."""

    title: str
    category: str
    channels: tuple[parties.ChannelKind, ...]
    #: What it speaks of: a name of `facts.yaml`, or an event type of this playbook's contracts.
    contract: str
    #: File with the samples, in the same folder.
    samples: str
    retention_days: int = 3650
    sms_segments: int = 3


class ContentFile(records.Record, frozen=True, kw_only=True):
    """`content.<language>.yaml`."""

    title: str
    subject: str
    preheader: str = ""
    sms: str = ""
    push_title: str = ""
    push_body: str = ""
    variants: tuple[templates.WordsVariant, ...] = ()
    terms: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    body: tuple[templates.TemplateBlock, ...]


class SampleRow(records.Record, frozen=True, kw_only=True):
    """One sample of a communication; each member is laid over that of `facts.yaml`."""

    name: str
    facts: dict[str, object]
