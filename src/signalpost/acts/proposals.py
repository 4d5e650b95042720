"""What a set of changes comes to: what it touches, the contents it would bring, and what is wrong with it.

Reads and reckons; `acts.releasing` stores.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from signalpost.flow import expressions, segments
from signalpost.flow.accept import contracting
from signalpost.flow.compose import bind
from signalpost.govern import alignment, policies, uses
from signalpost.store import library as shelves
from signalpost.store import templates as versions
from signalpost.vocabulary import library, records, situations, templates

#: Of the name of an item, and of its title.
NAME_CHARACTERS_MAX = 100
TITLE_CHARACTERS_MAX = 200
#: Of an item as canonical JSON.
ITEM_BYTES_MAX = 2_000_000


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A set of changes, weighed against what is live."""

    changes: tuple[library.Changed, ...]
    bound: tuple[library.BoundContent, ...]
    contents: tuple[templates.Content, ...]
    findings: tuple[templates.Finding, ...]
    #: Everything that is changed or uses what is.
    touched: frozenset[library.Key]
    shelf: library.Shelf


def weigh(items: Sequence[library.Item], retire: Iterable[library.Key] = ()) -> Proposal:
    """What these versions in the place of those that are live would come to."""
    retired = frozenset(retire)
    live, before = shelves.live(), shelves.shelf()
    after = {key: item for key, item in before.items() if key not in retired}
    after |= {library.key(item): item for item in items}
    changes = tuple(
        sorted(
            [
                *_changed(items, live),
                *(library.Changed(key=key, digest="", base=live[key]) for key in retired if key in live),
            ],
            key=lambda change: change.key,
        )
    )
    keys = frozenset(change.key for change in changes)
    touched = uses.touched(keys, after) | uses.touched(keys, before)
    contents, findings = _bound(touched, after)
    own = [*_given_twice(items), *_flaws(items)]
    # What is no schema or no condition cannot be compared.
    flaws = own or [*findings, *_misses(keys, touched, after), *_gaps(touched, after), *_uncategorised(touched, after)]
    return Proposal(
        changes=changes,
        bound=tuple(_against_live(contents, touched)),
        contents=contents,
        findings=tuple(dict.fromkeys(flaws)),
        touched=touched,
        shelf=after,
    )


def errors(findings: Iterable[templates.Finding]) -> tuple[templates.Finding, ...]:
    """Those that keep a release from being made."""
    return tuple(found for found in findings if found.severity is templates.FindingSeverity.ERROR)


def _changed(items: Iterable[library.Item], live: Mapping[library.Key, str]) -> Iterator[library.Changed]:
    for item in items:
        key, digest = library.key(item), library.digest(item)
        if live.get(key, "") != digest:
            yield library.Changed(key=key, digest=digest, base=live.get(key, ""))


def _bound(
    touched: Iterable[library.Key], shelf: library.Shelf
) -> tuple[tuple[templates.Content, ...], list[templates.Finding]]:
    """The contents of every communication that is touched, and what is wrong with them."""
    contents: list[templates.Content] = []
    findings: list[templates.Finding] = []
    for key in sorted(touched):
        communication = shelf.get(key)
        if isinstance(communication, library.Communication):
            bound = bind.bind(communication, shelf)
            contents += bound.contents
            findings += [_placed(found, key) for found in bound.findings]
    return tuple(contents), findings


def _against_live(
    contents: Iterable[templates.Content], touched: Iterable[library.Key]
) -> Iterator[library.BoundContent]:
    """The contents that differ from those that are live, and the languages that nothing is said in any more."""
    names = {key.name for key in touched if key.kind is library.Kind.COMMUNICATION}
    live = {place: digest for place, digest in versions.live().items() if place[0] in names}
    made = {(content.communication, content.language): content.digest() for content in contents}
    for place in sorted(live.keys() | made.keys()):
        found, base = made.get(place, ""), live.get(place, "")
        if found != base:
            yield library.BoundContent(communication=place[0], language=place[1], content=found, base=base)


def _given_twice(items: Iterable[library.Item]) -> Iterator[templates.Finding]:
    seen: set[library.Key] = set()
    for item in items:
        key = library.key(item)
        if key in seen:
            yield wrong(key, "", "wanted it once in a release, got it twice", "take one of them out")
        seen.add(key)


def _misses(
    keys: frozenset[library.Key], touched: Iterable[library.Key], shelf: library.Shelf
) -> Iterator[templates.Finding]:
    """What refers to something that is not kept, or not any more."""
    for key in sorted(touched):
        item = shelf.get(key)
        # A communication says so itself when it is bound.
        if item is None or isinstance(item, library.Communication | library.SharedText):
            continue
        for choices in uses.needs(item):
            used = min(choices)
            if shelf.keys().isdisjoint(choices):
                gone = "is taken out of use" if used in keys else "is not kept"
                yield wrong(
                    key, "", f"it uses {used.kind} {used.name!r}, which {gone}", "choose another one, or add it"
                )


def _gaps(touched: Iterable[library.Key], shelf: library.Shelf) -> Iterator[templates.Finding]:
    """Triggers that cannot fill the texts of what they send (B6)."""
    for key in sorted(touched):
        item = shelf.get(key)
        for gap in alignment.gaps(item, shelf) if isinstance(item, library.Trigger) else ():
            message = (
                f"communication {gap.communication!r} needs {gap.misfit.wanted}, {gap.contract} has {gap.misfit.got}"
            )
            remedy = "send it with the event, or let the texts do without it"
            yield wrong(key, gap.misfit.field, message, remedy)


def _uncategorised(touched: Iterable[library.Key], shelf: library.Shelf) -> Iterator[templates.Finding]:
    """Communications that the channel policy says nothing about."""
    policies = [item.policy for item in shelf.values() if isinstance(item, library.Policy)]
    known = {row.category for policy in policies for row in policy.categories}
    # A changed policy touches every communication, though none refers to it.
    named = set(touched)
    keys = shelf if any(key.kind is library.Kind.POLICY for key in named) else named
    for key in sorted(keys) if policies else ():
        item = shelf.get(key)
        if isinstance(item, library.Communication) and item.category not in known:
            message = f"wanted one of {', '.join(sorted(known))}, got {item.category!r}"
            yield wrong(key, "category", message, "choose another category, or add it to the channel policy")


def _flaws(items: Iterable[library.Item]) -> Iterator[templates.Finding]:
    """What is wrong with an item by itself."""
    for item in items:
        key = library.key(item)
        if not 0 < len(item.name.strip()) <= NAME_CHARACTERS_MAX or not item.name.isprintable():
            short = msgspec.structs.replace(key, name=item.name[:20])
            yield wrong(short, "name", f"wanted 1 to {NAME_CHARACTERS_MAX} characters on one line", "give another name")
            continue
        if len(item.title) > TITLE_CHARACTERS_MAX:
            got = f"wanted at most {TITLE_CHARACTERS_MAX} characters, got {len(item.title)}"
            yield wrong(key, "title", got, "shorten the title")
        size = len(records.canonical(item))
        if size > ITEM_BYTES_MAX:
            yield wrong(key, "", f"wanted at most {ITEM_BYTES_MAX} bytes, got {size}", "divide it, or shorten it")
        yield from _flaws_of_kind(key, item)


def _flaws_of_kind(key: library.Key, item: library.Item) -> Iterator[templates.Finding]:
    match item:
        case library.Trigger():
            yield from _trigger_flaws(key, item.trigger)
        case library.Segment():
            if (flaw := segments.flaw(item.condition)) is not None:
                yield wrong(key, "condition", flaw, "correct the condition")
        case library.DataContract():
            yield from _contract_flaws(key, item)
        case library.Policy(name=name, policy=policy):
            if name != library.Policy.__struct_defaults__[0]:
                yield wrong(key, "name", f"wanted 'policy', got {name!r}", "there is one channel policy")
            yield from (_placed(found, key) for found in policies.findings(policy))
        case _:
            pass


def _contract_flaws(key: library.Key, item: library.DataContract) -> Iterator[templates.Finding]:
    schemas = {"facts": item.facts, "event": item.event.data_schema if item.event else "{}"}
    faults = {place: fault for place, schema in schemas.items() if (fault := contracting.schema_fault(schema))}
    for place, fault in faults.items():
        yield wrong(key, place, f"wanted a JSON Schema, got {fault}", "correct the schema")
    for misfit in () if faults else alignment.broken_promises(item):
        message = f"texts are promised {misfit.wanted}, the event brings {misfit.got}"
        yield wrong(key, misfit.field, message, "let the event require it, or promise less")


def _trigger_flaws(key: library.Key, trigger: situations.Trigger) -> Iterator[templates.Finding]:
    fault = expressions.check(trigger.when)
    if fault is not None:
        yield wrong(key, "when", fault.text, "correct the condition")
    possible = situations.AUDIENCES[trigger.change]
    if trigger.audience not in possible:
        wanted = " or ".join(sorted(possible))
        yield wrong(key, "audience", f"wanted {wanted} for {trigger.change}, got {trigger.audience}", "choose another")


def _placed(found: templates.Finding, key: library.Key) -> templates.Finding:
    return msgspec.structs.replace(found, place=_place(key, found.place))


def wrong(key: library.Key, place: str, message: str, remedy: str) -> templates.Finding:
    """Something of an item that keeps a release from being made."""
    severity = templates.FindingSeverity.ERROR
    return templates.Finding(place=_place(key, place), severity=severity, message=message, remedy=remedy)


def _place(key: library.Key, place: str) -> str:
    return f"{key.kind} {key.name}: {place}" if place else f"{key.kind} {key.name}"
