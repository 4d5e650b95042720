"""YAML and JSON files become records, or an error that names the file, the line and the place in it."""

import pathlib
import re
from typing import TypeVar, cast

import msgspec
import yaml

from signalpost.vocabulary import records

_T = TypeVar("_T")

#: A text file that is longer is refused before it is read.
TEXT_BYTES_MAX = 4_194_304
#: Objects and lists inside each other.
LEVELS_MAX = 100
#: libyaml where PyYAML has it: it reads the product's playbooks in 0.3 s instead of 2.3 s.
_PARSER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
#: What msgspec says last: where in the value it happened.
_AT = re.compile(r" - at (?:`key` in )?`\$(?P<place>[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


class PlaybookError(ValueError):
    """A folder that cannot be used: which file, which line, what was wanted."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A YAML or JSON file as it was read, with the places of everything in it."""

    path: pathlib.Path
    value: records.Json
    #: `None` for JSON that is no YAML: all of it is line 1.
    root: yaml.Node | None

    def line(self, place: str) -> int:
        """The line, from 1, of `body[3].text` or of the nearest thing around it."""
        node = self.root
        if node is None:
            return 1
        for name, number in _STEP.findall(place.removeprefix("$")):
            inner = _inside(node, name, number)
            if inner is None:
                break
            node = inner
        return node.start_mark.line + 1

    def error(self, place: str, message: str) -> PlaybookError:
        """An error at a place in this file."""
        at = place.removeprefix("$").removeprefix(".")
        unknown = _UNKNOWN.search(message)
        line = self.line(f"{place}.{unknown[1]}" if unknown else place)
        return PlaybookError(f"{self.path}:{line}: {f'{at}: ' if at else ''}{message}")

    def record(self, as_type: type[_T]) -> _T:
        """The record that the file is.

        Raises:
            PlaybookError: it says what it may not.
        """
        return self.converted(self.value, as_type)

    def converted(self, value: object, as_type: type[_T], *, below: str = "") -> _T:
        """A part of the file, or what was made of it, as a record; `below` is where it stands.

        Raises:
            PlaybookError: it says what it may not.
        """
        try:
            return msgspec.convert(value, as_type)
        except msgspec.ValidationError as error:
            found = _AT.search(str(error))
            place = below + (found["place"] if found else "")
            raise self.error(place, _AT.sub("", str(error))) from error


def document(path: pathlib.Path) -> Document:
    """The file as it is. A key given twice is an error, where YAML would lose the first, and so is an alias.

    Raises:
        PlaybookError: it cannot be read, or is no YAML or JSON.
    """
    return parsed(text_of(path), path)


def parsed(text: str, path: pathlib.Path) -> Document:
    """The same for a text that was read; `path` is for errors.

    Raises:
        PlaybookError: it is no YAML or JSON.
    """
    is_json = path.suffix == ".json"
    try:
        if is_json:
            value = msgspec.json.decode(text)
            return Document(path=path, value=value, root=_places_in_json(text))
        _refuse_depth(text)
        node = yaml.compose(text, _PARSER)
        if node is None:
            raise PlaybookError(f"{path}: wanted YAML, got an empty file")
        _refuse_doubles(node)
        value = yaml.load(text, _PARSER)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f":{mark.line + 1}" if mark else ""
        raise PlaybookError(f"{path}{at}: {error.problem or error.context}") from error
    except (yaml.YAMLError, msgspec.DecodeError) as error:
        raise PlaybookError(f"{path}: {error}") from error
    return Document(path=path, value=cast("records.Json", value), root=node)


def _places_in_json(text: str) -> yaml.Node | None:
    """JSON is YAML but for tabs and a few escapes."""
    try:
        _refuse_depth(text)
        return yaml.compose(text, _PARSER)
    except yaml.YAMLError:
        return None


def from_yaml(path: pathlib.Path, as_type: type[_T]) -> _T:
    """The record that a YAML file is.

    Raises:
        PlaybookError: the file cannot be read, or says what it may not.
    """
    return document(path).record(as_type)


def from_json(path: pathlib.Path, as_type: type[_T]) -> _T:
    """The record that a JSON file is.

    Raises:
        PlaybookError: the file cannot be read, or says what it may not.
    """
    return document(path).record(as_type)


def text_of(path: pathlib.Path) -> str:
    """A text file with its line ends as they are.

    Raises:
        PlaybookError: it is missing, too long or not UTF-8.
    """
    try:
        if path.stat().st_size > TEXT_BYTES_MAX:
            raise PlaybookError(f"{path}: wanted at most {TEXT_BYTES_MAX} bytes, got {path.stat().st_size}")
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise PlaybookError(f"{path}: wanted a UTF-8 file, got {error}") from error


def _inside(node: yaml.Node, name: str, number: str) -> yaml.Node | None:
    if number and isinstance(node, yaml.SequenceNode):
        elements = cast("list[yaml.Node]", node.value)
        return elements[int(number)] if int(number) < len(elements) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in _pairs(node) if key.value == name), None)
    return None


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    return cast("list[tuple[yaml.Node, yaml.Node]]", node.value)


def _refuse_depth(text: str) -> None:
    """Raise for levels that no file of ours has: libyaml's composer goes down by recursion, and the process with it."""
    depth = 0
    for event in yaml.parse(text, _PARSER):
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            depth += 1
            if depth > LEVELS_MAX:
                problem = f"wanted at most {LEVELS_MAX} levels"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=cast("yaml.Mark | None", event.start_mark))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            depth -= 1


def _refuse_doubles(root: yaml.Node) -> None:
    """Raise for a key that one object has twice, and for an alias, which could stand for a billion things."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            names: set[str] = set()
            for key, value in _pairs(node):
                if key.value in names:
                    problem = f"the key {key.value!r} is given twice"
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                names.add(str(key.value))
                inner.append(value)
        elif isinstance(node, yaml.SequenceNode):
            inner = cast("list[yaml.Node]", node.value)
        for value in inner:
            if id(value) in seen:
                raise yaml.MarkedYAMLError(problem="wanted no alias", problem_mark=value.start_mark)
            seen.add(id(value))
            waiting.append(value)
