"""Bind a communication with everything it uses into one frozen content per language.

Items refer to each other by name; what leaves refers to nothing. A shared text becomes its blocks, with its wordings by
jurisdiction and date as conditions over `party.facts.jurisdiction` and `party.today`; brand, labels, layout, images and
inserts are put in. Binding the same items again gives the same content, byte for byte.

It refuses to guess: a name that nothing is kept under, a language without a wording, an image without a text
alternative are findings with their place and a remedy, and there is then no content in that language.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec.structs import replace

from signalpost.flow.compose import wordings
from signalpost.vocabulary import library, parties, records, templates

#: How deep shared texts may stand in shared texts.
TEXT_DEPTH_MAX = 4

_I = TypeVar("_I", library.Brand, library.Language, library.Layout, library.SharedText, library.Insert)


class Bound(records.Record, frozen=True, kw_only=True):
    """What a communication becomes, and of what it is made."""

    #: One per language that could be bound, in the order of the editions.
    contents: tuple[templates.Content, ...] = ()
    findings: tuple[templates.Finding, ...] = ()
    #: Every item that is used, directly or through another one; those that are missing too.
    uses: frozenset[library.Key] = frozenset()


def bind(communication: library.Communication, shelf: Mapping[library.Key, library.Item]) -> Bound:
    """The frozen contents of a communication with what the shelf holds.

    Args:
        communication: what is written; the shelf need not hold it.
        shelf: everything it may refer to.
    """
    desk = _Desk(shelf)
    desk.note(library.Kind.CONTRACT, communication.speaks_of)
    contents: list[templates.Content] = []
    if not communication.editions:
        desk.wrong("editions", "wanted a language at least, got none", "write the communication in a language")
    seen: set[str] = set()
    for edition in communication.editions:
        if edition.language in seen:
            place = f"editions[{edition.language}]"
            desk.wrong(place, f"wanted {edition.language!r} once, got it twice", "take one of them out")
            continue
        seen.add(edition.language)
        content = _content(communication, edition, desk)
        if content is not None:
            contents.append(content)
    return Bound(contents=tuple(contents), findings=tuple(dict.fromkeys(desk.findings)), uses=frozenset(desk.uses))


class _Desk:
    """What lies on the desk while a communication is bound: the shelf, what was taken from it, what is wrong."""

    def __init__(self, shelf: Mapping[library.Key, library.Item]) -> None:
        self._shelf = shelf
        self.findings: list[templates.Finding] = []
        self.uses: set[library.Key] = set()

    def note(self, kind: library.Kind, name: str) -> library.Item | None:
        """What is kept under a name, noted as used."""
        key = library.Key(kind=kind, name=name)
        self.uses.add(key)
        return self._shelf.get(key)

    def take(self, kind: library.Kind, name: str, as_type: type[_I], place: str) -> _I | None:
        """What is kept under a name; that nothing is, is wrong."""
        item = self.note(kind, name)
        if isinstance(item, as_type):
            return item
        self.wrong(
            place, f"wanted {kind} {name!r} to be kept, got none of that name", f"choose another {kind}, or write it"
        )
        return None

    def wrong(self, place: str, message: str, remedy: str) -> None:
        """Note what keeps the communication from being bound."""
        severity = templates.FindingSeverity.ERROR
        self.findings.append(templates.Finding(place=place, severity=severity, message=message, remedy=remedy))

    def doubtful(self, place: str, message: str, remedy: str) -> None:
        """Note what an approver should know."""
        severity = templates.FindingSeverity.WARNING
        self.findings.append(templates.Finding(place=place, severity=severity, message=message, remedy=remedy))

    def has_errors_since(self, number: int) -> bool:
        """Whether something was wrong after so many findings."""
        return any(found.severity is templates.FindingSeverity.ERROR for found in self.findings[number:])


def _content(communication: library.Communication, edition: library.Edition, desk: _Desk) -> templates.Content | None:
    """The content in one language; `None` when something of it is wrong."""
    known = len(desk.findings)
    place = f"editions[{edition.language}]"
    brand = desk.take(library.Kind.BRAND, communication.brand, library.Brand, "brand")
    words = desk.take(library.Kind.LANGUAGE, edition.language, library.Language, place)
    layout = _layout(communication, desk)
    page = _Page(desk, edition.language)
    body = (*page.blocks(edition.body, f"{place}.body"), *page.inserts(communication.inserts))
    if brand is None or words is None or desk.has_errors_since(known):
        return None
    return templates.Content(
        communication=communication.name,
        category=communication.category,
        language=edition.language,
        direction=words.direction,
        contract=communication.contract,
        title=edition.title,
        subject=edition.subject,
        preheader=edition.preheader,
        sms=edition.sms,
        push_title=edition.push_title,
        push_body=edition.push_body,
        variants=edition.variants,
        terms=edition.terms,
        sms_segments=communication.sms_segments,
        body=body,
        brand=brand.dress,
        labels=words.labels,
        assets=tuple(asset for _, asset in sorted(page.assets.items())),
        layout=layout,
    )


def _layout(communication: library.Communication, desk: _Desk) -> str:
    if not communication.layout:
        return ""
    layout = desk.take(library.Kind.LAYOUT, communication.layout, library.Layout, "layout")
    return layout.source if layout else ""


class _Page:
    """The blocks of one language being bound, and the files that they show."""

    def __init__(self, desk: _Desk, language: str) -> None:
        self._desk = desk
        self._language = language
        #: Names of the shared texts that we are inside of.
        self._inside: tuple[str, ...] = ()
        self.assets: dict[str, templates.Asset] = {}

    def inserts(self, rules: Iterable[library.InsertRule]) -> Iterator[templates.TemplateBlock]:
        """What goes with the letter, each below its condition."""
        for position, rule in enumerate(rules):
            insert = self._desk.take(library.Kind.INSERT, rule.insert, library.Insert, f"inserts[{position}]")
            if insert is None:
                continue
            self._add(insert.name, "application/pdf", insert.digest)
            shown = templates.AttachmentBlock(asset=insert.name, title=insert.title)
            only = templates.OnlyBlock(channels=(parties.ChannelKind.LETTER,), blocks=(shown,))
            yield templates.WhenBlock(condition=rule.condition, then=(only,)) if rule.condition else only

    def blocks(self, given: Iterable[templates.TemplateBlock], place: str) -> tuple[templates.TemplateBlock, ...]:
        """The blocks with everything that they refer to put in."""
        return tuple(
            bound for position, block in enumerate(given) for bound in self._block(block, f"{place}[{position}]")
        )

    def _block(self, block: templates.TemplateBlock, place: str) -> tuple[templates.TemplateBlock, ...]:
        match block:
            case templates.SharedTextBlock():
                return self._shared(block.name, place)
            case templates.ImageBlock():
                return (self._image(block, place),)
            case templates.AttachmentBlock():
                self._file(block.asset, place)
            case _:
                pass
        return (self._around(block, place),)

    def _around(self, block: templates.TemplateBlock, place: str) -> templates.TemplateBlock:
        """The block with everything bound that stands inside of it."""
        match block:
            case templates.WhenBlock():
                then = self.blocks(block.then, f"{place}.then")
                return replace(block, then=then, otherwise=self.blocks(block.otherwise, f"{place}.otherwise"))
            case templates.ColumnsBlock():
                columns = tuple(
                    replace(part, blocks=self.blocks(part.blocks, f"{place}.columns[{position}].blocks"))
                    for position, part in enumerate(block.columns)
                )
                return replace(block, columns=columns)
            case templates.KeepBlock() | templates.OnlyBlock() | templates.OpenBlock():
                return replace(block, blocks=self.blocks(block.blocks, f"{place}.blocks"))
            case _:
                return block

    def _shared(self, name: str, place: str) -> tuple[templates.TemplateBlock, ...]:
        """The wordings of a shared text in this language, each below its condition."""
        if name in self._inside or len(self._inside) >= TEXT_DEPTH_MAX:
            chain = " in ".join((repr(name), *(repr(outer) for outer in reversed(self._inside))))
            self._desk.wrong(place, f"shared texts that never end: {chain}", "take one of them out of the other")
            return ()
        text = self._desk.take(library.Kind.TEXT, name, library.SharedText, place)
        if text is None:
            return ()
        own = wordings.in_language(text, self._language)
        for message, remedy in own.flaws:
            self._desk.wrong(place, message, remedy)
        for message, remedy in own.gaps:
            self._desk.doubtful(place, message, remedy)
        self._inside = (*self._inside, name)
        bodies = [
            wordings.Wording(condition=each.condition, body=self.blocks(each.body, f"{place}.{name}[{position}]"))
            for position, each in enumerate(own.wordings)
        ]
        self._inside = self._inside[:-1]
        return wordings.chained(bodies, name=name)

    def _image(self, block: templates.ImageBlock, place: str) -> templates.ImageBlock:
        """The image with its file, and the text alternative that it has in this language unless the block gives one."""
        item = self._file(block.asset, place)
        if block.alternative or not isinstance(item, library.Image):
            return block
        alternatives = dict(item.alternatives)
        if self._language not in alternatives:
            message = f"wanted a text alternative of {block.asset!r} in {self._language!r}, got none"
            self._desk.wrong(place, message, "write what the image shows, or that it is decoration")
            return block
        return replace(block, alternative=alternatives[self._language])

    def _file(self, name: str, place: str) -> library.Item | None:
        """The image or insert of a name, put among the files of the content."""
        item = self._desk.note(library.Kind.IMAGE, name)
        if isinstance(item, library.Image):
            self._add(name, item.media_type, item.digest)
            return item
        insert = self._desk.take(library.Kind.INSERT, name, library.Insert, place)
        if insert is not None:
            self._add(name, "application/pdf", insert.digest)
        return insert

    def _add(self, name: str, media_type: str, digest: str) -> None:
        self.assets[name] = templates.Asset(name=name, media_type=media_type, digest=digest)
