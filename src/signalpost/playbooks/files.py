"""What may stand in each file of a playbook. An unknown key or a wrong type is an error.

The files of library items hold the members of their records (`shelves.py` reads them, `writing.py` writes them); what
stands here is what is no item, or is written in another shape than its record.
"""

import msgspec

from signalpost.vocabulary import events, records, situations


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
    """`facts.yaml`: JSON Schemas of the facts of every notice."""

    definitions: dict[str, object]
    #: Facts of every notice.
    common: dict[str, object]


class ContractFile(records.Record, frozen=True, kw_only=True):
    """`contracts/*.yaml`: what can be spoken of. The name is the file's."""

    title: str | None = None
    #: For an event type: JSON Schema of what the business platform sends, and how it is taken.
    data: dict[str, object] | None = None
    lane: events.Lane = events.Lane.NORMAL
    max_age_seconds: int | None = None
    max_ahead_seconds: int = 300
    subject_kind: str = ""
    #: CloudEvents type, where it is not the file's name.
    type: str | None = None
    #: JSON Schemas of the facts beside those of every notice; left out for an event type, whose fact is `event`.
    facts: dict[str, object] | None = None
    #: Definitions that these facts refer to beside those of `facts.yaml`.
    definitions: dict[str, object] = msgspec.field(default_factory=dict[str, object])
    #: The JSON Schema of all facts, where it does not follow from the above.
    schema: dict[str, object] | None = None


class SampleRow(records.Record, frozen=True, kw_only=True):
    """One sample of `communications/*/samples.json`."""

    name: str
    facts: dict[str, object]
