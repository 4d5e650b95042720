"""Where an item is used: who refers to it, directly or through others, and so what a change of it touches."""

from collections.abc import Iterable, Iterator, Mapping

from signalpost.vocabulary import library, records, templates


class Use(records.Record, frozen=True, kw_only=True):
    """An item that uses another, and through which way."""

    key: library.Key
    title: str
    #: From the used item to this one; the direct user has an empty way.
    through: tuple[library.Key, ...] = ()


def of(item: library.Item) -> frozenset[library.Key]:
    """What an item refers to itself."""
    return frozenset(key for choices in needs(item) for key in choices)


def needs(item: library.Item) -> Iterator[frozenset[library.Key]]:
    """What an item cannot do without: of each of these sets one. A file is an image or an insert."""
    match item:
        case library.Communication():
            yield from _needs_of_communication(item)
        case library.SharedText():
            for variant in item.variants:
                yield from _in_blocks(variant.body)
        case library.Trigger():
            yield _one(library.Kind.COMMUNICATION, item.trigger.communication)
            if item.trigger.event_type:
                yield _one(library.Kind.CONTRACT, item.trigger.event_type)
            if item.segment:
                yield _one(library.Kind.SEGMENT, item.segment)
        case _:
            return


def users(shelf: Mapping[library.Key, library.Item]) -> dict[library.Key, frozenset[library.Key]]:
    """Who refers directly to what, by what is referred to. What is referred to need not be kept."""
    found: dict[library.Key, set[library.Key]] = {}
    for key, item in shelf.items():
        for used in of(item):
            found.setdefault(used, set()).add(key)
    return {used: frozenset(by) for used, by in found.items()}


def touched(changed: Iterable[library.Key], shelf: Mapping[library.Key, library.Item]) -> frozenset[library.Key]:
    """What is changed itself, or uses what is, at whatever remove."""
    by = users(shelf)
    found: set[library.Key] = set()
    waiting = list(changed)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(by.get(key, ()))
    return frozenset(found)


def texts_of(item: library.Item, shelf: Mapping[library.Key, library.Item]) -> tuple[library.SharedText, ...]:
    """The shared texts that an item uses, those within texts too, by name."""
    found: dict[library.Key, library.SharedText] = {}
    waiting = [item]
    while waiting:
        for key in of(waiting.pop()) - found.keys():
            used = shelf.get(key)
            if isinstance(used, library.SharedText):
                found[key] = used
                waiting.append(used)
    return tuple(text for _, text in sorted(found.items()))


def where_used(key: library.Key, shelf: Mapping[library.Key, library.Item]) -> tuple[Use, ...]:
    """Everything that uses an item, by the shortest way, the nearest first."""
    by = users(shelf)
    ways: dict[library.Key, tuple[library.Key, ...]] = {key: ()}
    in_order: list[library.Key] = []
    nearest = [key]
    while nearest:
        following: list[library.Key] = []
        for used in nearest:
            through = (*ways[used], used) if used != key else ()
            for user in sorted(by.get(used, frozenset()) - ways.keys()):
                ways[user] = through
                following.append(user)
        in_order += following
        nearest = following
    return tuple(Use(key=user, title=shelf[user].title, through=ways[user]) for user in in_order)


def _needs_of_communication(item: library.Communication) -> Iterator[frozenset[library.Key]]:
    yield _one(library.Kind.CONTRACT, item.speaks_of)
    yield _one(library.Kind.BRAND, item.brand)
    if item.layout:
        yield _one(library.Kind.LAYOUT, item.layout)
    for rule in item.inserts:
        yield _one(library.Kind.INSERT, rule.insert)
    for edition in item.editions:
        yield _one(library.Kind.LANGUAGE, edition.language)
        yield from _in_blocks(edition.body)


def _in_blocks(blocks: Iterable[templates.TemplateBlock]) -> Iterator[frozenset[library.Key]]:
    """What blocks refer to, those inside of others too."""
    for block in blocks:
        match block:
            case templates.SharedTextBlock():
                yield _one(library.Kind.TEXT, block.name)
            case templates.ImageBlock() | templates.AttachmentBlock():
                yield _one(library.Kind.IMAGE, block.asset) | _one(library.Kind.INSERT, block.asset)
            case templates.WhenBlock():
                yield from _in_blocks((*block.then, *block.otherwise))
            case templates.ColumnsBlock():
                for part in block.columns:
                    yield from _in_blocks(part.blocks)
            case templates.KeepBlock() | templates.OnlyBlock() | templates.OpenBlock():
                yield from _in_blocks(block.blocks)
            case _:
                pass


def _one(kind: library.Kind, name: str) -> frozenset[library.Key]:
    return frozenset({library.Key(kind=kind, name=name)})
