"""A folder of readable files becomes items of the library; every mistake is named with its file and line.

The mirror of `writing.py`. `read_all` goes on after a mistake, so that one person's typing error is told together with
all others; `read` stops at the first.
"""

import pathlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar, cast

import msgspec

from signalpost.playbooks import facts, places, reading, translating, writing
from signalpost.playbooks import files as forms
from signalpost.playbooks.reading import PlaybookError
from signalpost.vocabulary import events, library, notices, records, situations

#: An image or insert that is larger is refused before it is read.
BYTES_MAX = 20_971_520

_EDITION = re.compile(r"editions\[(?P<language>[^\]]+)\]\.?(?P<rest>.*)")

_T = TypeVar("_T")
_OBJECT = dict[str, object]


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder holds."""

    items: tuple[library.Item, ...] = ()
    #: Digest → file with these bytes: images and inserts.
    bytes_at: Mapping[str, pathlib.Path]
    #: Where each item stands: its YAML file.
    paths: Mapping[library.Key, pathlib.Path]
    #: What could not be read, each with its file and line.
    problems: tuple[str, ...] = ()
    base: forms.FactsFile

    def bytes_of(self, digest: str) -> bytes | None:
        """The bytes of an image or insert in this folder."""
        path = self.bytes_at.get(digest)
        return path.read_bytes() if path else None

    def setting(self, contracts: Mapping[str, str] | None = None) -> writing.Setting:
        """How items are written that belong to this folder."""
        return writing.Setting(
            base=self.base,
            contracts={**(contracts or {}), **writing.contracts_of(self.items)},
            bytes_of=self.bytes_of,
        )


def read(folder: pathlib.Path, base: forms.FactsFile, *, contracts: Mapping[str, str] | None = None) -> Shelf:
    """The items of a folder.

    Args:
        folder: where `communications/`, `texts/` and the others lie; none of them has to be there.
        base: facts of every notice.
        contracts: name → facts of contracts that lie elsewhere.

    Raises:
        PlaybookError: the first mistake, with file and line.
    """
    found = read_all(folder, base, contracts=contracts)
    if found.problems:
        raise PlaybookError(found.problems[0])
    return found


def read_all(folder: pathlib.Path, base: forms.FactsFile, *, contracts: Mapping[str, str] | None = None) -> Shelf:
    """The items of a folder that can be read, and what is wrong with the others."""
    reader = _Reader(folder, base)
    for kind in (library.Kind.CONTRACT, *(kind for kind in places.FOLDERS if kind is not library.Kind.CONTRACT)):
        if kind is library.Kind.COMMUNICATION:
            known = {**(contracts or {}), **writing.contracts_of(reader.items)}
            for place in sorted(path for path in (folder / places.FOLDERS[kind]).glob("*") if path.is_dir()):
                reader.take(place / places.TYPE, lambda path, known=known: _communication(path.parent, known))
            continue
        for place in sorted((folder / places.FOLDERS[kind]).glob("*.yaml")):
            reader.take(place, lambda path, kind=kind: _ITEMS[kind](path, reader))
    if (folder / places.POLICY).exists():
        reader.take(folder / places.POLICY, _policy)
    return Shelf(
        items=tuple(reader.items),
        bytes_at=reader.bytes_at,
        paths=reader.paths,
        problems=tuple(reader.problems),
        base=base,
    )


def contracts_of(shelf: Shelf) -> dict[str, str]:
    """The facts of each contract of a shelf."""
    return writing.contracts_of(shelf.items)


def place(shelf: Shelf, key: library.Key, where: str, *, language: str = "") -> str:
    """File and line of a place in an item, as findings name it: `editions[de].body[3].text`, `category`.

    Args:
        shelf: what was read from the files.
        key: the item.
        where: the place in it.
        language: of the text that it is a place in, where it does not say so itself.
    """
    path = shelf.paths.get(key)
    if path is None:
        return f"{key.kind} {key.name!r}"
    inner = where
    if found := _EDITION.fullmatch(where):
        language, inner = found["language"], found["rest"]
    if key.kind is library.Kind.COMMUNICATION and language:
        own = path.with_name(places.content(language))
        path = own if own.exists() else path
    elif key.kind is library.Kind.COMMUNICATION and where.partition(".")[0] == "contract":
        own = path.with_name(places.CONTRACT)
        path = own if own.exists() else path
    try:
        return f"{path}:{reading.document(path).line(inner)}"
    except PlaybookError:
        return str(path)


class _Reader:
    """What was read so far."""

    def __init__(self, folder: pathlib.Path, base: forms.FactsFile) -> None:
        self.folder = folder
        self.base = base
        self.items: list[library.Item] = []
        self.bytes_at: dict[str, pathlib.Path] = {}
        self.paths: dict[library.Key, pathlib.Path] = {}
        self.problems: list[str] = []

    def take(self, path: pathlib.Path, read_one: Callable[[pathlib.Path], library.Item]) -> None:
        """Read an item, or note what is wrong with it."""
        try:
            item = read_one(path)
        except PlaybookError as error:
            self.problems.append(str(error))
            return
        self.items.append(item)
        self.paths[library.key(item)] = path

    def bytes_beside(self, document: reading.Document, suffix: str) -> str:
        """Digest of the file beside this one."""
        path = document.path.with_suffix("").with_name(document.path.name.removesuffix(".yaml") + suffix)
        try:
            size = path.stat().st_size
            if size > BYTES_MAX:
                raise document.error("", f"{path.name}: wanted at most {BYTES_MAX} bytes, got {size}")
            digest = records.digest(path.read_bytes())
        except OSError as error:
            raise document.error("", f"wanted {path.name} beside it, or its digest; got {error.strerror}") from error
        self.bytes_at[digest] = path
        return digest


def _members(document: reading.Document) -> dict[str, object]:
    return document.converted(document.value, _OBJECT)


def _name(path: pathlib.Path) -> str:
    return places.name_of(path.name.removesuffix(".yaml"))


def _titled(path: pathlib.Path, kind: library.Kind) -> tuple[reading.Document, dict[str, object]]:
    """A file with the members of an item but its kind and name, and with these."""
    document = reading.document(path)
    own = _members(document)
    for name in ("type", "name"):
        if name in own:
            raise document.error(name, f"Object contains unknown field `{name}`")
    name = _name(path)
    return document, {"type": kind.value, "name": name, "title": name, **own}


def _plain(kind: library.Kind, as_type: type[_T]) -> Callable[[pathlib.Path, _Reader], _T]:
    """For items whose file holds their members as they are."""

    def read_one(path: pathlib.Path, reader: _Reader) -> _T:
        del reader
        document, members = _titled(path, kind)
        return document.converted(members, as_type)

    return read_one


def _brand(path: pathlib.Path, reader: _Reader) -> library.Brand:
    del reader
    document, members = _titled(path, library.Kind.BRAND)
    logo = path.with_name(f"{path.name.removesuffix('.yaml')}.svg")
    dress = members.get("dress")
    if isinstance(dress, dict) and logo.exists():
        members["dress"] = {**cast("_OBJECT", dress), "logo_svg": reading.text_of(logo)}
    return document.converted(members, library.Brand)


def _image(path: pathlib.Path, reader: _Reader) -> library.Image:
    document, members = _titled(path, library.Kind.IMAGE)
    alternatives = document.converted(members.pop("alternatives", {}), dict[str, str], below=".alternatives")
    members["alternatives"] = list(alternatives.items())
    if "digest" not in members:
        members |= _image_file(document, members, reader)
    return document.converted(members, library.Image)


def _image_file(document: reading.Document, members: Mapping[str, object], reader: _Reader) -> dict[str, object]:
    if "media_type" in members:
        return {"digest": reader.bytes_beside(document, places.OTHER_SUFFIX)}
    stem = document.path.name.removesuffix(".yaml")
    there = [
        (media_type, suffix)
        for media_type, suffix in places.SUFFIXES.items()
        if document.path.with_name(stem + suffix).is_file()
    ]
    if len(there) != 1:
        wanted = ", ".join(sorted(places.SUFFIXES.values()))
        raise document.error("", f"wanted one image of this name beside it ({wanted}), got {len(there)}")
    ((media_type, suffix),) = there
    return {"media_type": media_type, "digest": reader.bytes_beside(document, suffix)}


def _insert(path: pathlib.Path, reader: _Reader) -> library.Insert:
    document, members = _titled(path, library.Kind.INSERT)
    if "digest" not in members:
        members["digest"] = reader.bytes_beside(document, ".pdf")
    return document.converted(members, library.Insert)


def _layout(path: pathlib.Path, reader: _Reader) -> library.Layout:
    del reader
    document, members = _titled(path, library.Kind.LAYOUT)
    source = reading.text_of(path.with_name(f"{path.name.removesuffix('.yaml')}.typ"))
    return document.converted({**members, "source": source}, library.Layout)


def _contract(path: pathlib.Path, reader: _Reader) -> library.DataContract:
    document = reading.document(path)
    found = document.record(forms.ContractFile)
    name = _name(path)
    event = None
    if found.data is not None:
        event = events.Contract(
            type=name if found.type is None else found.type,
            data_schema=records.canonical(found.data).decode(),
            lane=found.lane,
            max_age_seconds=found.max_age_seconds,
            max_ahead_seconds=found.max_ahead_seconds,
            subject_kind=found.subject_kind,
        )
    return library.DataContract(
        name=name,
        title=name if found.title is None else found.title,
        facts=_facts(document, found, event, reader.base),
        event=event,
    )


def _facts(
    document: reading.Document, found: forms.ContractFile, event: events.Contract | None, base: forms.FactsFile
) -> str:
    if found.schema is not None:
        return records.canonical(found.schema).decode()
    if found.facts is not None:
        return facts.schema(base, facts.Own(facts=found.facts, definitions=found.definitions))
    if event is None:
        raise document.error("", "wanted data, facts or schema, got none of them")
    try:
        return facts.of_event(base, event.data_schema)
    except facts.DoubleError as error:
        raise document.error(".data.$defs", str(error)) from error


def _trigger(path: pathlib.Path, reader: _Reader) -> library.Trigger:
    del reader
    document = reading.document(path)
    members = _members(document)
    name = _name(path)
    title = document.converted(members.pop("title", name), str, below=".title")
    segment = document.converted(members.pop("segment", ""), str, below=".segment")
    trigger = document.converted({"name": name, **members}, situations.Trigger)
    return library.Trigger(name=name, title=title, trigger=trigger, segment=segment)


def _policy(path: pathlib.Path) -> library.Policy:
    document = reading.document(path)
    members = _members(document)
    title = members.pop("title", None)
    policy = document.converted({"version": "", **members}, notices.Policy)
    if "version" not in members:
        policy = msgspec.structs.replace(policy, version=writing.version_of(policy))
    if title is None:
        return library.Policy(policy=policy)
    return library.Policy(title=document.converted(title, str, below=".title"), policy=policy)


_ITEMS: dict[library.Kind, Callable[[pathlib.Path, _Reader], library.Item]] = {
    library.Kind.TEXT: _plain(library.Kind.TEXT, library.SharedText),
    library.Kind.BRAND: _brand,
    library.Kind.IMAGE: _image,
    library.Kind.INSERT: _insert,
    library.Kind.LAYOUT: _layout,
    library.Kind.LANGUAGE: _plain(library.Kind.LANGUAGE, library.Language),
    library.Kind.CONTRACT: _contract,
    library.Kind.TRIGGER: _trigger,
    library.Kind.SEGMENT: _plain(library.Kind.SEGMENT, library.Segment),
}


def _communication(folder: pathlib.Path, contracts: Mapping[str, str]) -> library.Communication:
    document = reading.document(folder / places.TYPE)
    members = _members(document)
    listed = members.pop("languages", None)
    languages = None if listed is None else document.converted(listed, tuple[str, ...], below=".languages")
    members = {"title": places.name_of(folder.name), **members}
    for name in ("contract", "editions", "samples", "name", "type"):
        if name in members:
            raise document.error(name, f"Object contains unknown field `{name}`")
    speaks_of = document.converted(members.get("speaks_of", ""), str, below=".speaks_of")
    whole: dict[str, object] = {
        **members,
        "type": library.Kind.COMMUNICATION.value,
        "name": places.name_of(folder.name),
        "contract": _own_contract(folder, contracts, document, speaks_of),
    }
    found = document.converted(whole, library.Communication)
    return msgspec.structs.replace(
        found,
        editions=tuple(_editions(folder, document, languages)),
        samples=tuple(_samples(folder / places.SAMPLES)),
    )


def _own_contract(
    folder: pathlib.Path, contracts: Mapping[str, str], document: reading.Document, speaks_of: str
) -> str:
    own = folder / places.CONTRACT
    if own.exists():
        return records.canonical(reading.from_yaml(own, _OBJECT)).decode()
    if speaks_of in contracts:
        return contracts[speaks_of]
    known = ", ".join(sorted(contracts)) or f"a {places.CONTRACT} beside this file"
    raise document.error("speaks_of", f"wanted one of {known}, got {speaks_of!r}")


def _editions(
    folder: pathlib.Path, document: reading.Document, languages: tuple[str, ...] | None
) -> Iterator[library.Edition]:
    there = {
        places.name_of(path.name.removeprefix("content.").removesuffix(".yaml")): path
        for path in sorted(folder.glob("content.*.yaml"))
    }
    translated = translating.files_in(folder / places.TRANSLATIONS)
    if both := sorted(set(there) & set(translated)):
        raise document.error("", f"wanted {both[0]!r} as content or as translation, got both")
    known = {**there, **translated}
    order = tuple(sorted(known, key=places.content)) if languages is None else languages
    if sorted(order) != sorted(known):
        raise document.error("languages", f"wanted {', '.join(sorted(known)) or 'none'}, got {', '.join(order)}")
    source = order[0] if order else ""
    if source in translated:
        raise document.error("languages", f"wanted content in {source!r}, which others translate, got a translation")
    first = _edition(there[source], source) if order else None
    for language in order:
        if language in there:
            yield _edition(there[language], language)
        elif first:
            yield translating.read(translated[language], first, language)


def _edition(path: pathlib.Path, language: str) -> library.Edition:
    document = reading.document(path)
    members = _members(document)
    if "language" in members:
        raise document.error("language", "Object contains unknown field `language`")
    terms = document.converted(members.pop("terms", {}), dict[str, str], below=".terms")
    whole = {**members, "language": language, "terms": list(terms.items())}
    return document.converted(whole, library.Edition)


def _samples(path: pathlib.Path) -> Iterator[library.Sample]:
    for row in reading.from_json(path, tuple[forms.SampleRow, ...]):
        yield library.Sample(name=row.name, facts=records.canonical(row.facts).decode())
