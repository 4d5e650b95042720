"""Read a playbook: a folder of YAML and JSON becomes records, or an error that names the file and the place in it.

Nothing is taken on trust: an unknown key, a wrong type, a key given twice, a trigger for a communication that nobody
writes, a channel without a text are errors. What a template's texts say is `flow.compose.check`'s to judge.
"""

import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

import msgspec

from signalpost.playbooks import files, reading
from signalpost.playbooks.reading import PlaybookError
from signalpost.vocabulary import events, manuscripts, notices, parties, records, situations, templates

_HOME = pathlib.Path(__file__).parent

#: The playbooks that come with the product, in the order in which they build on each other.
BUILT_IN = (_HOME / "d1_outage", _HOME / "d7_followup", _HOME / "b1_documents")

#: Folder beside a playbook that holds what several have in common. A playbook's own file of the same name wins.
SHARED = "shared"

_T = TypeVar("_T")


class Sample(records.Record, frozen=True, kw_only=True):
    """Facts that a communication is tried with."""

    name: str
    #: Canonical JSON, as `flow.compose.facts` builds it.
    facts: str


class Communication(records.Record, frozen=True, kw_only=True):
    """A communication type with its text in every language."""

    type: notices.CommunicationType
    contents: tuple[templates.Content, ...]
    samples: tuple[Sample, ...]


class Playbook(records.Record, frozen=True, kw_only=True):
    """One flow, whole."""

    #: The folder's name.
    name: str
    title: str
    #: What it shows, by the product's flow identifiers: D1, B1.
    flows: tuple[str, ...]
    description: str
    #: Names of the playbooks it builds on.
    needs: tuple[str, ...] = ()
    rules: situations.Rules
    policy: notices.Policy
    contracts: tuple[events.Contract, ...]
    mappings: tuple[events.MappingRule, ...]
    communications: tuple[Communication, ...]
    #: File name → JSON: what goes in, and what must come of it.
    samples: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str], ...]


def load(folder: pathlib.Path) -> Playbook:
    """Read one playbook.

    Raises:
        PlaybookError: a file is missing, is no YAML or JSON, or says what it may not; names file and place.
    """
    about = reading.from_yaml(folder / "playbook.yaml", files.About)
    common = _Common(folder)
    contracts = tuple(_contracts(folder))
    facts = _schemas(folder, common.facts, contracts)
    communications = tuple(_communication(place, common, facts) for place in _folders(folder / "communications"))
    playbook = Playbook(
        name=folder.name,
        title=about.title,
        flows=about.flows,
        description=about.description,
        needs=about.needs,
        rules=_rules(folder),
        policy=_policy(common.find("policy.yaml")),
        contracts=contracts,
        mappings=_mappings(folder),
        communications=communications,
        samples=tuple(_documents(folder / "samples")),
        expected=tuple(_documents(folder / "expected")),
    )
    _check(playbook, folder)
    return playbook


def combined(playbooks: Sequence[Playbook]) -> tuple[situations.Rules, notices.Policy]:
    """The rules and the policy of several playbooks as one of each: what is in force when all are installed.

    Raises:
        PlaybookError: none is given, one is needed and not given, or two say different things under one name.
    """
    if not playbooks:
        raise PlaybookError("wanted a playbook at least, got none")
    names = {playbook.name for playbook in playbooks}
    for playbook in playbooks:
        if lacking := sorted(set(playbook.needs) - names):
            raise PlaybookError(f"playbook {playbook.name!r}: wanted {', '.join(lacking)} to be installed with it")
    rules = [playbook.rules for playbook in playbooks]
    policies = [playbook.policy for playbook in playbooks]
    first = policies[0]
    for playbook in playbooks:
        own = msgspec.structs.replace(playbook.policy, version=first.version, categories=first.categories)
        if own != first:
            raise PlaybookError(f"playbook {playbook.name!r}: wanted one policy for all but its categories, got two")
    return (
        _with_version(
            situations.Rules(
                version="",
                alarms=_united((rule.name, rule) for each in rules for rule in each.alarms),
                incidents=_united((rule.cause, rule) for each in rules for rule in each.incidents),
                triggers=_united((trigger.name, trigger) for each in rules for trigger in each.triggers),
            )
        ),
        _with_version(
            msgspec.structs.replace(
                first,
                version="",
                categories=_united((row.category, row) for each in policies for row in each.categories),
            )
        ),
    )


class _Common:
    """What a playbook has in common with others: its own file, or the shared one."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self.brand = reading.from_yaml(self.find("brand.yaml"), manuscripts.Brand)
        self.labels = reading.from_yaml(self.find("labels.yaml"), dict[str, files.LabelsRow])
        self.facts = reading.from_yaml(self.find("facts.yaml"), files.FactsFile)

    def find(self, name: str) -> pathlib.Path:
        """The playbook's own file, otherwise the shared one."""
        own = self._folder / name
        return own if own.exists() else self._folder.parent / SHARED / name


def _rules(folder: pathlib.Path) -> situations.Rules:
    found = reading.from_yaml(folder / "rules.yaml", files.RulesFile)
    return _with_version(
        situations.Rules(version="", alarms=found.alarms, incidents=found.incidents, triggers=found.triggers)
    )


def _policy(path: pathlib.Path) -> notices.Policy:
    found = reading.from_yaml(path, files.PolicyFile)
    return _with_version(
        notices.Policy(
            version="",
            categories=found.categories,
            quiet_hours=found.quiet_hours,
            useless_in=found.useless_in,
            fallback_languages=found.fallback_languages,
        )
    )


_V = TypeVar("_V", situations.Rules, notices.Policy)


def _with_version(unnamed: _V) -> _V:
    """The record named by its own content: the same content is the same version."""
    return msgspec.structs.replace(unnamed, version=records.digest(records.canonical(unnamed)))


def _contracts(folder: pathlib.Path) -> Iterator[events.Contract]:
    for path in sorted((folder / "contracts").glob("*.yaml")):
        found = reading.from_yaml(path, files.ContractFile)
        yield events.Contract(
            type=path.stem,
            data_schema=records.canonical(found.data).decode(),
            lane=found.lane,
            max_age_seconds=found.max_age_seconds,
            max_ahead_seconds=found.max_ahead_seconds,
            subject_kind=found.subject_kind,
        )


def _mappings(folder: pathlib.Path) -> tuple[events.MappingRule, ...]:
    path = folder / "mappings.yaml"
    rows = reading.from_yaml(path, tuple[files.MappingRow, ...]) if path.exists() else ()
    return tuple(
        events.MappingRule(
            name=row.name,
            topic_filter=row.topic_filter,
            when=row.when,
            type=row.type,
            subject=row.subject,
            id=row.id,
            occurred_at=row.occurred_at,
            data=tuple(row.data.items()),
        )
        for row in rows
    )


def _schemas(folder: pathlib.Path, facts: files.FactsFile, contracts: Iterable[events.Contract]) -> Mapping[str, str]:
    """JSON Schemas of the facts a communication may use, by what it speaks of."""
    schemas = {name: _schema(facts, own, facts.definitions) for name, own in facts.of.items()}
    for contract in contracts:
        if contract.type in schemas:
            raise PlaybookError(f"{folder / 'contracts'}: {contract.type!r} has a meaning of its own in facts.yaml")
        data = msgspec.json.decode(contract.data_schema, type=dict[str, object])
        # References within a schema start at its root, which is another one here.
        own = cast("dict[str, object]", data.pop("$defs", {}))
        if twice := sorted(set(own) & set(facts.definitions)):
            raise PlaybookError(
                f"{folder / 'contracts'}: {contract.type!r}: {', '.join(twice)} stands in facts.yaml too"
            )
        schemas[contract.type] = _schema(facts, {"event": _event_schema(data)}, facts.definitions | own)
    return schemas


def _schema(facts: files.FactsFile, own: Mapping[str, object], definitions: Mapping[str, object]) -> str:
    """The JSON Schema of facts with these beside the common ones, as JSON text."""
    properties = {**facts.common, **own}
    return records.canonical(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "required": sorted(properties),
            "properties": properties,
            "$defs": definitions,
        }
    ).decode()


def _event_schema(data: Mapping[str, object]) -> dict[str, object]:
    """The fact `event` of a change that is an event with such data."""
    text = {"type": "string"}
    members = {"type": text, "source": text, "id": text, "subject": text, "occurred_at": text, "data": data}
    return {"type": "object", "required": sorted(members), "properties": members}


def _communication(folder: pathlib.Path, common: _Common, facts: Mapping[str, str]) -> Communication:
    path = folder / "type.yaml"
    found = reading.from_yaml(path, files.TypeFile)
    if found.contract not in facts:
        raise PlaybookError(f"{path}: contract: wanted one of {', '.join(sorted(facts))}, got {found.contract!r}")
    contents = tuple(
        _content(place, found, common, facts[found.contract]) for place in sorted(folder.glob("content.*.yaml"))
    )
    if not contents:
        raise PlaybookError(f"{folder}: wanted a content.<language>.yaml, got none")
    kind = notices.CommunicationType(
        name=folder.name,
        title=found.title,
        category=found.category,
        channels=found.channels,
        retention_days=found.retention_days,
    )
    samples = reading.from_json(folder / found.samples, tuple[files.SampleRow, ...])
    return Communication(
        type=kind,
        contents=contents,
        samples=tuple(Sample(name=row.name, facts=_laid_over(common.facts.sample, row.facts)) for row in samples),
    )


def _content(path: pathlib.Path, kind: files.TypeFile, common: _Common, contract: str) -> templates.Content:
    language = path.name.removeprefix("content.").removesuffix(".yaml")
    words = common.labels.get(language)
    if words is None:
        known = ", ".join(sorted(common.labels))
        raise PlaybookError(f"{path}: wanted a language of labels.yaml ({known}), got {language!r}")
    found = reading.from_yaml(path, files.ContentFile)
    if parties.ChannelKind.SMS in kind.channels and not found.sms:
        raise PlaybookError(f"{path}: sms: wanted a text, because type.yaml has the channel, got none")
    return templates.Content(
        communication=path.parent.name,
        category=kind.category,
        language=language,
        direction=words.direction,
        contract=contract,
        title=found.title,
        subject=found.subject,
        preheader=found.preheader,
        sms=found.sms,
        push_title=found.push_title,
        push_body=found.push_body,
        variants=found.variants,
        terms=tuple(found.terms.items()),
        sms_segments=kind.sms_segments,
        body=found.body,
        brand=common.brand,
        labels=words.labels,
    )


def _laid_over(common: Mapping[str, object], own: Mapping[str, object]) -> str:
    """Facts of a sample: those in common, with the sample's own over them, in objects member by member."""
    merged = dict(common)
    for name, value in own.items():
        below = merged.get(name)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[name] = cast("dict[str, object]", below) | cast("dict[str, object]", value)
        else:
            merged[name] = value
    return records.canonical(merged).decode()


def _check(playbook: Playbook, folder: pathlib.Path) -> None:
    """What no single file can know."""
    categories = {row.category for row in playbook.policy.categories}
    for communication in playbook.communications:
        if communication.type.category not in categories:
            place = folder / "communications" / communication.type.name / "type.yaml"
            wanted = ", ".join(sorted(categories))
            raise PlaybookError(f"{place}: category: wanted one of {wanted}, got {communication.type.category!r}")
    written = {communication.type.name for communication in playbook.communications}
    types = {contract.type for contract in playbook.contracts}
    for position, trigger in enumerate(playbook.rules.triggers):
        place = f"{folder / 'rules.yaml'}: $.triggers[{position}]"
        if trigger.communication not in written:
            raise PlaybookError(f"{place}.communication: wanted one of this playbook, got {trigger.communication!r}")
        if trigger.event_type and trigger.event_type not in types:
            raise PlaybookError(f"{place}.event_type: wanted a type with a contract, got {trigger.event_type!r}")
        possible = situations.AUDIENCES[trigger.change]
        if trigger.audience not in possible:
            wanted = " or ".join(sorted(possible))
            raise PlaybookError(f"{place}.audience: wanted {wanted} for {trigger.change}, got {trigger.audience}")


def _united(named: Iterable[tuple[str, _T]]) -> tuple[_T, ...]:
    """The records in order, each once.

    Raises:
        PlaybookError: two differ under one name.
    """
    found: dict[str, _T] = {}
    for name, record in named:
        if found.setdefault(name, record) != record:
            raise PlaybookError(f"{type(record).__name__} {name!r}: wanted one meaning in all playbooks, got two")
    return tuple(found.values())


def _folders(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(path for path in folder.glob("*") if path.is_dir())


def _documents(folder: pathlib.Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.json")):
        yield path.name, records.canonical(reading.from_json(path, object)).decode()
