"""Every block of a content with its place, and every text that its author wrote."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, assert_never

from signalpost.vocabulary import templates


class Written(NamedTuple):
    """A text as its author wrote it."""

    place: str
    text: str
    #: Whether it may hold marks: `**strong**`, `[label](address)`.
    is_marked: bool = False


class Placed(NamedTuple):
    """A block with its place."""

    place: str
    block: templates.TemplateBlock


def blocks(body: Iterable[templates.TemplateBlock], place: str = "body") -> Iterator[Placed]:
    """Every block in reading order, those that hold others before what they hold."""
    for position, block in enumerate(body):
        at = f"{place}[{position}]"
        yield Placed(at, block)
        for part, inner in inside(block):
            yield from blocks(inner, f"{at}.{part}")


def inside(block: templates.TemplateBlock) -> Iterator[tuple[str, tuple[templates.TemplateBlock, ...]]]:
    """The parts of a block that hold blocks, by their name."""
    match block:
        case templates.WhenBlock():
            yield "then", block.then
            yield "otherwise", block.otherwise
        case templates.ColumnsBlock():
            for position, column in enumerate(block.columns):
                yield f"columns[{position}].blocks", column.blocks
        case templates.KeepBlock() | templates.OnlyBlock() | templates.OpenBlock():
            yield "blocks", block.blocks
        case _:
            pass


def texts(content: templates.Content) -> Iterator[Written]:
    """Every text of a content in its language: the words of the channels, the body, the terms."""
    yield from words(content, "")
    for position, variant in enumerate(content.variants):
        yield from words(variant, f"variants[{position}].")
    for place, block in blocks(content.body):
        yield from _given(texts_of(block, place))
    for code, word in content.terms:
        yield from _given([Written(f"terms.{code}", word)])


def words(given: templates.Content | templates.WordsVariant, before: str) -> Iterator[Written]:
    """What differs per channel, of a content or one of its variants."""
    title = [Written("title", given.title)] if isinstance(given, templates.Content) else []
    yield from _given(
        [
            *title,
            Written(f"{before}subject", given.subject),
            Written(f"{before}preheader", given.preheader),
            Written(f"{before}sms", given.sms),
            Written(f"{before}push_title", given.push_title),
            Written(f"{before}push_body", given.push_body),
        ]
    )


def _given(written: Iterable[Written]) -> Iterator[Written]:
    return (one for one in written if one.text.strip())


def texts_of(block: templates.TemplateBlock, at: str) -> Iterator[Written]:  # noqa: C901, PLR0912 - a table of kinds
    """The texts of one block, without those of the blocks in it."""
    match block:
        case templates.HeadingBlock() | templates.ParagraphBlock():
            yield Written(f"{at}.text", block.text, is_marked=True)
        case templates.ListBlock():
            for position, item in enumerate(block.items):
                yield Written(f"{at}.items[{position}]", item, is_marked=True)
            yield Written(f"{at}.item", block.item, is_marked=True)
        case templates.TableBlock():
            yield from _table(block, at)
        case templates.KeyFiguresBlock():
            for position, figure in enumerate(block.figures):
                for part, text in (("label", figure.label), ("value", figure.value), ("note", figure.note)):
                    yield Written(f"{at}.figures[{position}].{part}", text)
        case templates.ChartBlock():
            yield Written(f"{at}.title", block.title)
            yield Written(f"{at}.alternative", block.alternative)
            for position, series in enumerate(block.series):
                yield Written(f"{at}.series[{position}].name", series.name)
        case templates.ImageBlock() | templates.BarcodeBlock():
            yield Written(f"{at}.alternative", block.alternative)
        case templates.CalloutBlock():
            yield Written(f"{at}.title", block.title)
            yield Written(f"{at}.text", block.text, is_marked=True)
        case templates.ActionBlock():
            yield Written(f"{at}.label", block.label)
        case templates.ReferenceLinesBlock():
            for position, line in enumerate(block.lines):
                yield Written(f"{at}.lines[{position}].label", line.label)
                yield Written(f"{at}.lines[{position}].value", line.value)
        case templates.SignatureBlock():
            for part, text in (("closing", block.closing), ("name", block.name), ("role", block.role)):
                yield Written(f"{at}.{part}", text)
        case templates.AttachmentBlock():
            yield Written(f"{at}.title", block.title)
        case templates.OpenBlock():
            yield Written(f"{at}.label", block.label)
        case (
            templates.BreakBlock()
            | templates.WhenBlock()
            | templates.SharedTextBlock()
            | templates.ColumnsBlock()
            | templates.KeepBlock()
            | templates.OnlyBlock()
        ):
            return
        case _:
            assert_never(block)


def _table(block: templates.TableBlock, at: str) -> Iterator[Written]:
    yield Written(f"{at}.caption", block.caption)
    yield Written(f"{at}.group_heading", block.group_heading)
    for position, column in enumerate(block.columns):
        yield Written(f"{at}.columns[{position}].heading", column.heading)
        yield Written(f"{at}.columns[{position}].cell", column.cell)
    for part, rows in (("totals", block.totals), ("subtotals", block.subtotals)):
        for row, cells in enumerate(rows):
            for position, cell in enumerate(cells):
                yield Written(f"{at}.{part}[{row}][{position}]", cell)
    if block.carry:
        yield Written(f"{at}.carry.forward", block.carry.forward)
        yield Written(f"{at}.carry.brought", block.carry.brought)
