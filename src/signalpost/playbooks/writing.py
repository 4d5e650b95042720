"""Items of the library become readable files: the same item always gives the same files.

`files` says what the files of an item are; `write` puts them into a folder. A file that already says the same is left
alone byte for byte; of one that says something else, everything that did not change keeps its text and its comments
(`merging.py`). Reading the files again (`shelves.read`) gives the same items.
"""

import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import msgspec

from signalpost.playbooks import emitting, facts, merging, places, plain, reading, translating
from signalpost.playbooks import files as forms
from signalpost.vocabulary import library, records

#: Names of files are at most so long: what common file systems take, less the suffix.
NAME_BYTES_MAX = 200

_OBJECT = dict[str, object]
_Members: TypeAlias = "dict[str, records.Json]"


class WritingError(ValueError):
    """An item that files cannot hold: which one, what was wanted."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an item."""

    #: Below the folder, with `/`.
    path: str
    content: bytes
    #: What a YAML file says; `None` for other files.
    value: records.Json = None


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What the files of an item depend on besides the item."""

    base: forms.FactsFile
    #: Name of a contract → JSON Schema of its facts: a communication with the same one needs no file of its own.
    contracts: Mapping[str, str]
    #: The bytes of an image or insert by digest; `None` where nobody has them.
    bytes_of: Callable[[str], bytes | None]
    #: How languages are kept that translate the first one; `None` as contents like the first.
    form: translating.Form | None = None


def no_bytes(digest: str) -> bytes | None:
    """For items without images and inserts."""
    del digest


def contracts_of(items: Iterable[library.Item]) -> dict[str, str]:
    """The facts of each contract among these items."""
    return {item.name: item.facts for item in items if isinstance(item, library.DataContract)}


def files(item: library.Item, setting: Setting) -> tuple[File, ...]:
    """The files of an item, those that say most first.

    Raises:
        WritingError: files cannot hold it.
    """
    place = places.path(library.key(item))
    if not item.name or len(place.rpartition("/")[2].encode()) > NAME_BYTES_MAX:
        raise WritingError(f"{library.key(item).kind} {item.name[:80]!r}: wanted a name of 1 to {NAME_BYTES_MAX} bytes")
    return tuple(_files(item, place, setting))


def _files(item: library.Item, place: str, setting: Setting) -> Iterator[File]:
    stem = place.removesuffix(".yaml")
    match item:
        case library.Communication():
            yield from _communication(item, place, setting)
        case library.Brand():
            yield from _brand(item, stem)
        case library.Image():
            yield from _image(item, stem, setting)
        case library.Insert():
            yield from _with_bytes(_titled(item, "digest"), stem, ".pdf", item.digest, setting)
        case library.Layout():
            yield _yaml(place, _titled(item, "source"))
            yield File(path=f"{stem}.typ", content=item.source.encode())
        case library.DataContract():
            yield _yaml(place, _contract(item, setting))
        case library.Trigger():
            yield _yaml(place, _trigger(item))
        case library.Policy():
            yield _yaml(place, _policy(item))
        case library.SharedText() | library.Language() | library.Segment():
            yield _yaml(place, _titled(item))


def write(
    folder: pathlib.Path, items: Iterable[library.Item], setting: Setting, *, before: Iterable[library.Item] = ()
) -> tuple[str, ...]:
    """Put the files of items into a folder; the paths of those that changed or are gone.

    Of a communication, files of languages and translations that it no longer has are taken away.

    Args:
        folder: where they are put.
        items: what is put there.
        setting: what their files depend on.
        before: what was read from the folder, so that files keep what people wrote in them.

    Raises:
        WritingError: files cannot hold an item; nothing is written then.
    """
    rendered = [(item, files(item, _as_there(folder, item, setting))) for item in items]
    said = {file.path: file.value for item in before for file in files(item, setting)}
    changed: list[str] = []
    for item, made in rendered:
        changed += [file.path for file in made if _put(folder / file.path, file, said)]
        changed += [place.relative_to(folder).as_posix() for place in _stale(folder, item, made)]
    return tuple(changed)


def _as_there(folder: pathlib.Path, item: library.Item, setting: Setting) -> Setting:
    """The setting with the form in which the folder keeps this item's translations, unless one was asked for."""
    if setting.form or not isinstance(item, library.Communication):
        return setting
    there = translating.files_in(folder / places.path(library.key(item)) / places.TRANSLATIONS)
    forms_there = sorted({path.suffix.removeprefix(".") for path in there.values()})
    return msgspec.structs.replace(setting, form=translating.Form(forms_there[0])) if forms_there else setting


def remove(folder: pathlib.Path, key: library.Key) -> tuple[str, ...]:
    """Take the files of an item out of a folder; their paths."""
    place = folder / places.path(key)
    found = sorted(each for each in place.rglob("*") if each.is_file()) if place.is_dir() else _of_one(place)
    for each in found:
        each.unlink()
    if place.is_dir():
        for inner in sorted((each for each in place.rglob("*") if each.is_dir()), reverse=True):
            inner.rmdir()
        place.rmdir()
    return tuple(each.relative_to(folder).as_posix() for each in found)


def _of_one(place: pathlib.Path) -> list[pathlib.Path]:
    suffixes = {".yaml", ".typ", places.OTHER_SUFFIX, *places.SUFFIXES.values()}
    beside = [place.with_name(f"{place.name.removesuffix('.yaml')}{suffix}") for suffix in sorted(suffixes)]
    return [each for each in beside if each.is_file()]


def _put(path: pathlib.Path, file: File, said: Mapping[str, records.Json]) -> bool:
    """Write a file; whether it is another one now."""
    before = path.read_bytes() if path.is_file() else None
    content = file.content
    if before is not None and file.value is not None:
        content = _merged(before, file, path, said.get(file.path))
    if content == before:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def _merged(before: bytes, file: File, path: pathlib.Path, said: records.Json) -> bytes:
    """The file with as much of what stood there as is still true; `said` is what was read from it, if anything."""
    try:
        text = before.decode()
        old = reading.parsed(text, path)
    except (UnicodeDecodeError, reading.PlaybookError):
        return file.content
    if path.suffix == ".json":
        return before if old.value == file.value else file.content
    value = file.value if said is None else merging.adopted(old.value, said, file.value)
    return merging.merged(old, text, value).encode()


def _stale(folder: pathlib.Path, item: library.Item, made: Sequence[File]) -> Iterator[pathlib.Path]:
    """Files of an item that it no longer has; they are taken away."""
    kept = {file.path for file in made}
    place = folder / places.path(library.key(item))
    if isinstance(item, library.Communication):
        there = [
            *place.glob("content.*.yaml"),
            *place.glob(places.CONTRACT),
            *(place / places.TRANSLATIONS).glob("*"),
        ]
    else:
        there = _of_one(place)
    for each in sorted(there):
        if each.relative_to(folder).as_posix() not in kept:
            each.unlink()
            yield each


def _yaml(path: str, value: Mapping[str, records.Json]) -> File:
    whole = dict(value)
    return File(path=path, content=emitting.yaml_text(whole).encode(), value=whole)


def _titled(item: library.Item, *left_out: str) -> dict[str, records.Json]:
    """The members of an item but its kind and name, which stand in the path; the title first, unless it is the name."""
    found = plain.without(plain.members(item), "type", "name", "title", *left_out)
    return found if item.title == item.name else {"title": item.title, **found}


def _communication(item: library.Communication, place: str, setting: Setting) -> Iterator[File]:
    languages = [edition.language for edition in item.editions]
    about = _titled(item, "contract", "editions", "samples")
    if languages != sorted(languages, key=places.content):
        about["languages"] = list(languages)
    yield _yaml(f"{place}/{places.TYPE}", about)
    if len(set(languages)) != len(languages):
        raise WritingError(f"communication {item.name!r}: wanted each language once, got {', '.join(languages)}")
    for edition in item.editions:
        yield _text(item, edition, place, setting.form)
    if setting.contracts.get(item.speaks_of) != item.contract:
        schema = _object(item.contract, f"communication {item.name!r}: contract")
        yield _yaml(f"{place}/{places.CONTRACT}", cast("_Members", plain.schema(schema)))
    samples = [
        {"name": sample.name, "facts": _object(sample.facts, f"communication {item.name!r}: sample {sample.name!r}")}
        for sample in item.samples
    ]
    yield File(
        path=f"{place}/{places.SAMPLES}",
        content=emitting.json_text(cast("records.Json", samples)).encode(),
        value=cast("records.Json", samples),
    )


def _text(item: library.Communication, edition: library.Edition, place: str, form: translating.Form | None) -> File:
    """The file of one language: a translation where that is wanted and possible."""
    units = None
    if form and edition is not item.editions[0]:
        units = translating.translation(item.editions[0], edition)
    if units is None or form is None:
        return _yaml(f"{place}/{places.content(edition.language)}", _edition(item, edition))
    path = f"{place}/{places.TRANSLATIONS}/{places.file_name(edition.language)}.{form}"
    return File(path=path, content=translating.written(units, form, item.name))


def _edition(item: library.Communication, edition: library.Edition) -> dict[str, records.Json]:
    found = plain.without(plain.members(edition), "language", "terms", "body")
    terms = dict(edition.terms)
    if len(terms) != len(edition.terms):
        raise WritingError(f"communication {item.name!r}, {edition.language}: terms: wanted each code once")
    found["body"] = plain.plain(edition.body)
    if terms:
        found["terms"] = cast("_Members", terms)
    return found


def _brand(item: library.Brand, stem: str) -> Iterator[File]:
    found = _titled(item)
    logo = item.dress.logo_svg
    if logo:
        found["dress"] = plain.without(cast("_Members", found["dress"]), "logo_svg")
    yield _yaml(f"{stem}.yaml", found)
    if logo:
        yield File(path=f"{stem}.svg", content=logo.encode())


def _image(item: library.Image, stem: str, setting: Setting) -> Iterator[File]:
    found = _titled(item, "media_type", "digest", "alternatives")
    suffix = places.SUFFIXES.get(item.media_type, places.OTHER_SUFFIX)
    if suffix == places.OTHER_SUFFIX or setting.bytes_of(item.digest) is None:
        found["media_type"] = item.media_type
    alternatives = dict(item.alternatives)
    if len(alternatives) != len(item.alternatives):
        raise WritingError(f"image {item.name!r}: alternatives: wanted each language once")
    if alternatives:
        found["alternatives"] = cast("_Members", alternatives)
    yield from _with_bytes(found, stem, suffix, item.digest, setting)


def _with_bytes(
    found: dict[str, records.Json], stem: str, suffix: str, digest: str, setting: Setting
) -> Iterator[File]:
    """The file that says what it is, and the bytes beside it; without them their digest."""
    content = setting.bytes_of(digest)
    if content is None:
        found = {**found, "digest": digest}
    yield _yaml(f"{stem}.yaml", found)
    if content is not None:
        yield File(path=f"{stem}{suffix}", content=content)


def _contract(item: library.DataContract, setting: Setting) -> dict[str, records.Json]:
    named = f"contract {item.name!r}"
    found: dict[str, records.Json] = {} if item.title == item.name else {"title": item.title}
    if item.event:
        own = plain.without(plain.members(item.event), "type", "data_schema")
        found |= own if item.event.type == item.name else {"type": item.event.type, **own}
        found["data"] = plain.schema(_object(item.event.data_schema, f"{named}: data"))
        try:
            if facts.of_event(setting.base, item.event.data_schema) == item.facts:
                return found
        except facts.DoubleError:
            pass
    own = facts.own(setting.base, item.facts)
    if own is None:
        return {**found, "schema": plain.schema(_object(item.facts, f"{named}: facts"))}
    found["facts"] = plain.schema(cast("_Members", own.facts), is_named=True)
    if own.definitions:
        found["definitions"] = plain.schema(cast("_Members", own.definitions), is_named=True)
    return found


def _trigger(item: library.Trigger) -> dict[str, records.Json]:
    found: dict[str, records.Json] = {} if item.title == item.name else {"title": item.title}
    # The segment is bound into the trigger when rules are made of it, never before.
    own = plain.without(plain.members(item.trigger), "segment", "segment_when")
    if item.trigger.name == item.name:
        del own["name"]
    found |= own
    return {**found, "segment": item.segment} if item.segment else found


def _policy(item: library.Policy) -> dict[str, records.Json]:
    found = plain.without(plain.members(item), "type", "name", "policy")
    own = plain.members(item.policy)
    if item.policy.version == version_of(item.policy):
        del own["version"]
    return found | own


def version_of(policy: msgspec.Struct) -> str:
    """The name that rules and policies get by their content: the same content is the same version."""
    return records.digest(records.canonical(msgspec.structs.replace(policy, version="")))


def _object(text: str, place: str) -> _Members:
    """A JSON object that a record holds as text; what is read from its file is the canonical form.

    Raises:
        WritingError: it is none.
    """
    try:
        return cast("_Members", msgspec.json.decode(text, type=_OBJECT))
    except msgspec.DecodeError as error:
        raise WritingError(f"{place}: wanted a JSON object, got {error}") from error
