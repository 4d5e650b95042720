"""Read a playbook: a folder of YAML and JSON becomes records, or an error that names the file and the line.

Nothing is taken on trust: an unknown key, a wrong type, a key given twice, a trigger for a communication that nobody
writes, a channel without a text, a shared text that is nowhere are errors. What a template's texts say is
`flow.compose.check`'s to judge.
"""

import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from signalpost.flow.compose import bind
from signalpost.playbooks import files, places, reading, shelves
from signalpost.playbooks.reading import PlaybookError
from signalpost.vocabulary import events, library, notices, parties, records, situations, templates

_HOME = pathlib.Path(__file__).parent

#: The playbooks that come with the product, in the order in which they build on each other.
BUILT_IN = (_HOME / "d1_outage", _HOME / "d7_followup", _HOME / "b1_documents", _HOME / "b6_review")

#: Folder beside a playbook that holds what several have in common. A playbook's own item of the same name wins.
SHARED = "shared"
#: Schemas of the facts of every notice: a playbook's own, the one in `shared`, or the product's.
FACTS = "facts.yaml"

_T = TypeVar("_T")

#: Facts that a communication is tried with.
Sample = library.Sample


class Communication(records.Record, frozen=True, kw_only=True):
    """A communication type with its text in every language, bound with everything it uses."""

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
    #: Its own items and those that it has in common with others.
    items: tuple[library.Item, ...]
    #: Digest of an image or insert → its file.
    bytes_at: tuple[tuple[str, str], ...] = ()
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
        PlaybookError: a file is missing, is no YAML or JSON, or says what it may not; names file and line.
    """
    about = reading.from_yaml(folder / "playbook.yaml", files.About)
    own, whole = shelf(folder)
    if own.problems:
        raise PlaybookError(own.problems[0])
    policy = next((item.policy for item in whole.values() if isinstance(item, library.Policy)), None)
    if policy is None:
        raise PlaybookError(f"{folder}: wanted a {places.POLICY}, of its own or in {SHARED}, got none")
    playbook = Playbook(
        name=folder.name,
        title=about.title,
        flows=about.flows,
        description=about.description,
        needs=about.needs,
        items=tuple(whole.values()),
        bytes_at=tuple((digest, str(path)) for digest, path in own.bytes_at.items()),
        rules=_rules(folder, own, whole),
        policy=policy,
        contracts=tuple(item.event for item in own.items if isinstance(item, library.DataContract) and item.event),
        mappings=_mappings(folder),
        communications=tuple(
            _communication(item, own, whole) for item in own.items if isinstance(item, library.Communication)
        ),
        samples=tuple(_documents(folder / "samples")),
        expected=tuple(_documents(folder / "expected")),
    )
    _check(playbook, own)
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


def items(playbooks: Sequence[Playbook]) -> tuple[library.Item, ...]:
    """The items of several playbooks, each once, in the order of their keys.

    Raises:
        PlaybookError: two say different things under one name.
    """
    found = _united((str(library.key(item)), item) for each in playbooks for item in each.items)
    return tuple(sorted(found, key=library.key))


def base(folder: pathlib.Path) -> files.FactsFile:
    """The facts of every notice for what lies in a folder.

    Raises:
        PlaybookError: the file says what it may not.
    """
    nearest = (folder / FACTS, folder.parent / SHARED / FACTS)
    path = next((path for path in nearest if path.exists()), _HOME / SHARED / FACTS)
    return reading.from_yaml(path, files.FactsFile)


def shelf(folder: pathlib.Path, *, contracts: Mapping[str, str] | None = None) -> tuple[shelves.Shelf, library.Shelf]:
    """What a folder itself holds, and everything it can refer to: that and what lies in `shared` beside it.

    Args:
        folder: a playbook, or what was pulled.
        contracts: name → facts of contracts that lie in neither.

    Raises:
        PlaybookError: `facts.yaml` says what it may not. Other mistakes are the shelf's `problems`.
    """
    common = shelves.read_all(folder.parent / SHARED, base(folder), contracts=contracts)
    own = shelves.read_all(folder, common.base, contracts={**(contracts or {}), **shelves.contracts_of(common)})
    every = {library.key(item): item for item in (*common.items, *own.items)}
    found = msgspec.structs.replace(
        own,
        paths={**common.paths, **own.paths},
        bytes_at={**common.bytes_at, **own.bytes_at},
        problems=(*common.problems, *own.problems),
    )
    return found, every


def _rules(folder: pathlib.Path, own: shelves.Shelf, whole: library.Shelf) -> situations.Rules:
    path = folder / "rules.yaml"
    found = reading.from_yaml(path, files.RulesFile) if path.exists() else files.RulesFile()
    triggers = tuple(_narrowed(item, own, whole) for item in own.items if isinstance(item, library.Trigger))
    return _with_version(
        situations.Rules(version="", alarms=found.alarms, incidents=found.incidents, triggers=triggers)
    )


def _narrowed(item: library.Trigger, own: shelves.Shelf, whole: library.Shelf) -> situations.Trigger:
    """A trigger with its segment bound in."""
    if not item.segment:
        return item.trigger
    segment = whole.get(library.Key(kind=library.Kind.SEGMENT, name=item.segment))
    if not isinstance(segment, library.Segment):
        place = shelves.place(own, library.key(item), "segment")
        raise PlaybookError(f"{place}: segment: wanted one that is kept, got {item.segment!r}")
    return msgspec.structs.replace(item.trigger, segment=segment.name, segment_when=segment.condition)


_V = TypeVar("_V", situations.Rules, notices.Policy)


def _with_version(unnamed: _V) -> _V:
    """The record named by its own content: the same content is the same version."""
    return msgspec.structs.replace(unnamed, version=records.digest(records.canonical(unnamed)))


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


def _communication(
    item: library.Communication, own: shelves.Shelf, whole: Mapping[library.Key, library.Item]
) -> Communication:
    key = library.key(item)
    for edition in item.editions:
        if parties.ChannelKind.SMS in item.channels and not edition.sms:
            place = shelves.place(own, key, f"editions[{edition.language}]")
            raise PlaybookError(f"{place}: sms: wanted a text, because {places.TYPE} has the channel, got none")
    bound = bind.bind(item, whole)
    for finding in bound.findings:
        if finding.severity is templates.FindingSeverity.ERROR:
            raise PlaybookError(f"{shelves.place(own, key, finding.place)}: {finding.message}")
    kind = notices.CommunicationType(
        name=item.name,
        title=item.title,
        category=item.category,
        channels=item.channels,
        retention_days=item.retention_days,
    )
    return Communication(type=kind, contents=bound.contents, samples=item.samples)


def _check(playbook: Playbook, own: shelves.Shelf) -> None:
    """What no single file can know."""
    categories = {row.category for row in playbook.policy.categories}
    for communication in playbook.communications:
        if communication.type.category not in categories:
            key = library.Key(kind=library.Kind.COMMUNICATION, name=communication.type.name)
            wanted = ", ".join(sorted(categories))
            raise PlaybookError(
                f"{shelves.place(own, key, 'category')}: category: wanted one of {wanted},"
                f" got {communication.type.category!r}"
            )
    written = {communication.type.name for communication in playbook.communications}
    types = {contract.type for contract in playbook.contracts}
    for item in own.items:
        if not isinstance(item, library.Trigger):
            continue
        trigger, key = item.trigger, library.key(item)
        if trigger.communication not in written:
            place = shelves.place(own, key, "communication")
            raise PlaybookError(f"{place}: communication: wanted one of this playbook, got {trigger.communication!r}")
        if trigger.event_type and trigger.event_type not in types:
            place = shelves.place(own, key, "event_type")
            raise PlaybookError(f"{place}: event_type: wanted a type with a contract, got {trigger.event_type!r}")
        possible = situations.AUDIENCES[trigger.change]
        if trigger.audience not in possible:
            wanted = " or ".join(sorted(possible))
            place = shelves.place(own, key, "audience")
            raise PlaybookError(f"{place}: audience: wanted {wanted} for {trigger.change}, got {trigger.audience}")


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


def _documents(folder: pathlib.Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.json")):
        yield path.name, records.canonical(reading.from_json(path, object)).decode()
