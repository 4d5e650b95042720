"""A YAML file gets another value, and what did not change keeps its text: comments, quotes, line breaks, order.

The old file's own places tell which text belongs to which value. Objects and lists in block style are taken apart, and
of everything else that differs the text is replaced as a whole. The result is read again: should it not say exactly the
new value, the file is written anew, without its comments.
"""

import difflib
import pathlib
from collections.abc import Iterator, Sequence
from typing import cast

import yaml

from signalpost.playbooks import emitting, reading
from signalpost.vocabulary import records


def merged(old: reading.Document, text: str, value: records.Json) -> str:
    """The text of a file with another value.

    Args:
        old: the file as it was read.
        text: its text.
        value: what it is to say.
    """
    if _same(old.value, value):
        return text
    if old.root is not None and "\r" not in text and "\t" not in text:
        text = text if text.endswith("\n") else f"{text}\n"
        lines = _Sheet(text).node(old.root, old.value, value)
        found = "".join(f"{line}\n" for line in lines)
        if _says(found, old.path, value):
            return found
    return emitting.yaml_text(value)


def adopted(raw: records.Json, said: records.Json, new: records.Json) -> records.Json:
    """The new value with what people wrote though they need not have: members that only repeat a default.

    Args:
        raw: what the old file holds.
        said: what would have been written for it.
        new: what is to be written.
    """
    if _same(said, new):
        return raw
    if isinstance(raw, dict) and isinstance(said, dict) and isinstance(new, dict):
        if said.get("type") != new.get("type"):
            return new
        found = {
            name: adopted(raw[name], said[name], value) if name in raw and name in said else value
            for name, value in new.items()
        }
        needless = [name for name in raw if name not in said and name not in new and _is_simple(raw[name])]
        return found | {name: raw[name] for name in needless}
    if isinstance(raw, list) and isinstance(said, list) and isinstance(new, list) and len(raw) == len(said):
        return list(_adopted_elements(raw, said, new))
    return new


def _adopted_elements(
    raw: list[records.Json], said: list[records.Json], new: list[records.Json]
) -> Iterator[records.Json]:
    for tag, low, high, first, last in _moves(said, new):
        if tag == "equal":
            yield from raw[low:high]
            continue
        for before, after in _pairs(said[low:high], new[first:last]):
            if after is not None:
                value = new[first + after]
                yield value if before is None else adopted(raw[low + before], said[low + before], value)


def _is_simple(value: records.Json) -> bool:
    return not value or not isinstance(value, dict | list)


def _moves(old: Sequence[records.Json], new: Sequence[records.Json]) -> Sequence[tuple[str, int, int, int, int]]:
    names = ([records.canonical(each) for each in old], [records.canonical(each) for each in new])
    return difflib.SequenceMatcher(None, *names, autojunk=False).get_opcodes()


def _pairs(old: list[records.Json], new: list[records.Json]) -> Iterator[tuple[int | None, int | None]]:
    """Which elements became which: in their order, those of one kind or name; the rest is new or gone."""
    labels: tuple[list[records.Json], list[records.Json]] = ([*map(_label, old)], [*map(_label, new)])
    for tag, low, high, first, last in _moves(*labels):
        together = min(high - low, last - first) if tag == "equal" or len(old) == len(new) else 0
        yield from ((low + number, first + number) for number in range(together))
        yield from ((number, None) for number in range(low + together, high))
        yield from ((None, number) for number in range(first + together, last))


def _label(value: records.Json) -> records.Json:
    if isinstance(value, dict):
        return next((value[name] for name in _LABELS if name in value), None)
    return None


#: Members that tell elements of a list apart.
_LABELS = ("name", "type", "language", "category", "condition", "label")


def _says(text: str, path: pathlib.Path, value: records.Json) -> bool:
    try:
        return _same(reading.parsed(text, path).value, value)
    except reading.PlaybookError:
        return False


def _same(one: records.Json, other: records.Json) -> bool:
    """Equal in Python is not enough: 1, 1.0 and true are different values of a file."""
    return one == other and records.canonical(one) == records.canonical(other)


class _Sheet:
    """The lines of the old file."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")[:-1]

    def node(self, root: yaml.Node, old: records.Json, new: records.Json) -> list[str]:
        """The lines of the whole file."""
        first, last = root.start_mark.line, len(self._lines)
        return [*self._lines[:first], *self._block(root, old, new, (first, last))]

    def _block(self, node: yaml.Node, old: records.Json, new: records.Json, span: tuple[int, int]) -> list[str]:
        """The lines of a value that begins a line or stands behind a dash; `span` is from which line to which."""
        if _same(old, new):
            return self._lines[slice(*span)]
        if _is_open(node) and new:
            if isinstance(node, yaml.MappingNode) and isinstance(old, dict) and isinstance(new, dict):
                return list(self._members(node, old, new, span))
            if isinstance(node, yaml.SequenceNode) and isinstance(old, list) and isinstance(new, list):
                return list(self._elements(node, old, new, span))
        return emitting.block(new, " " * node.start_mark.column)

    def _members(
        self,
        node: yaml.MappingNode,
        old: dict[str, records.Json],
        new: dict[str, records.Json],
        span: tuple[int, int],
    ) -> Iterator[str]:
        """Members in the order of the file; new ones where they follow in the new value, or at the end."""
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        indent = node.start_mark.column
        kept = [name for name in new if name in old]
        is_in_order = kept == [key.value for key, _ in pairs if key.value in new]
        spans = self._spans([key.start_mark.line for key, _ in pairs], span)
        for number, ((key, inner), own) in enumerate(zip(pairs, spans, strict=True)):
            name = cast("str", key.value)
            lead, begins, ends = own
            if name not in new:
                # What stands above the first member belongs to whatever holds the object.
                yield from self._lines[lead:begins] if not number else ()
                continue
            if is_in_order:
                yield from self._new_before(name, old, new, indent)
            yield from self._lines[lead:begins]
            yield from self._member((key, inner), old[name], new[name], (begins, ends))
        rest = [name for name in new if name not in old]
        if is_in_order and kept:
            rest = [name for name in rest if list(new).index(name) > list(new).index(kept[-1])]
        for name in rest:
            yield from emitting.block({name: new[name]}, " " * indent)

    def _new_before(
        self, name: str, old: dict[str, records.Json], new: dict[str, records.Json], indent: int
    ) -> Iterator[str]:
        """New members that stand right before this one."""
        names = list(new)
        position = names.index(name)
        begin = position
        while begin and names[begin - 1] not in old:
            begin -= 1
        for each in names[begin:position]:
            yield from emitting.block({each: new[each]}, " " * indent)

    def _member(
        self, pair: tuple[yaml.Node, yaml.Node], old: records.Json, new: records.Json, span: tuple[int, int]
    ) -> list[str]:
        key, node = pair
        begins, ends = span
        if _same(old, new):
            return self._lines[begins:ends]
        column = key.start_mark.column
        is_nested = _is_open(node) and node.start_mark.line > begins and isinstance(new, dict | list) and bool(new)
        if is_nested and isinstance(old, type(new)):
            first = node.start_mark.line
            return [*self._lines[begins:first], *self._block(node, old, new, (first, ends))]
        lines = emitting.block({cast("str", key.value): new}, " " * column)
        return [*lines, *self._tail(node, ends)]

    def _elements(
        self, node: yaml.SequenceNode, old: list[records.Json], new: list[records.Json], span: tuple[int, int]
    ) -> Iterator[str]:
        """Elements: those that are still there keep their text, those that changed are taken apart."""
        nodes = cast("list[yaml.Node]", node.value)
        indent = node.start_mark.column
        spans = self._spans([self._dash(each, indent) for each in nodes], span)
        for tag, low, high, first, last in _moves(old, new):
            if tag == "equal":
                for lead, _, ends in spans[low:high]:
                    yield from self._lines[lead:ends]
                continue
            for before, after in _pairs(old[low:high], new[first:last]):
                if before is None and after is not None:
                    yield from emitting.item(new[first + after], " " * indent)
                elif before is not None:
                    lead, begins, ends = spans[low + before]
                    # What stands above the first element belongs to whatever holds the list.
                    yield from self._lines[lead:begins] if after is not None or lead == span[0] else ()
                    if after is not None:
                        given = (nodes[low + before], old[low + before], new[first + after])
                        yield from self._element(*given, (begins, ends))

    def _element(self, node: yaml.Node, old: records.Json, new: records.Json, span: tuple[int, int]) -> list[str]:
        begins, ends = span
        dash = self._lines[begins].index("-") if "-" in self._lines[begins] else 0
        is_object = isinstance(node, yaml.MappingNode) and isinstance(old, dict) and isinstance(new, dict) and new
        if is_object and _is_open(node) and node.start_mark.line == begins:
            # The first member stands behind the dash: without it, its line is one like all others.
            first = self._lines[begins]
            self._lines[begins] = f"{first[:dash]} {first[dash + 1 :]}"
            lines = self._block(node, old, new, span)
            self._lines[begins] = first
            return [f"{lines[0][:dash]}-{lines[0][dash + 1 :]}", *lines[1:]]
        return [*emitting.item(new, " " * dash), *self._tail(node, ends)]

    def _dash(self, node: yaml.Node, indent: int) -> int:
        """The line with the dash of an element."""
        line = node.start_mark.line
        while line and self._lines[line][indent : indent + 1] != "-":
            line -= 1
        return line

    def _spans(self, begins: Sequence[int], span: tuple[int, int]) -> list[tuple[int, int, int]]:
        """For each part: where the comments above it begin, where itself, and where the next one's comments begin."""
        leads: list[int] = []
        for number, begin in enumerate(begins):
            lead = begin
            floor = span[0] if not number else begins[number - 1] + 1
            while lead > floor and self._lines[lead - 1].lstrip().startswith("#"):
                lead -= 1
            leads.append(lead)
        if leads:
            leads[0] = span[0]
        ends = [*leads[1:], span[1]]
        return list(zip(leads, begins, ends, strict=True))

    def _tail(self, node: yaml.Node, ends: int) -> list[str]:
        """Comments and empty lines after a value whose text is replaced."""
        is_block_text = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        begin = node.end_mark.line if is_block_text else node.end_mark.line + (node.end_mark.column > 0)
        return [line for line in self._lines[begin:ends] if line.lstrip().startswith("#") or not line.strip()]


def _is_open(node: yaml.Node) -> bool:
    """Whether it is an object or list in block style."""
    return isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style
