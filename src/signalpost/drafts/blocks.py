"""The blocks that people write with: the forms of `vocabulary.templates.TemplateBlock`.

Each block is named by its tag and its fields by theirs, so that `trees` needs no table. Definitions of the blocks that
hold no others are shared by all levels: a page would otherwise carry each of them several dozen times.
"""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import functools
from collections.abc import Mapping, Sequence

from django import forms
from wagtail import blocks

from signalpost.drafts import inputs, parts, trees
from signalpost.vocabulary import library, manuscripts

_LEVELS = ((1, "Title (once, first)"), (2, "Section"), (3, "Subsection"), (4, "Small heading"))
_WORDS, _DATA, _MEDIA, _SHAPE = "Words", "From the data", "Pictures and files", "Arrangement"
_CONDITION_HELP = "Holds or not, for each recipient. It is checked while you write."
BLOCKS_MAX = 200


class Heading(blocks.StructBlock):
    """Form of a block of the same name."""

    text = parts.line("Text")
    level = parts.Whole(default=2, label="Level", choices=_LEVELS)

    class Meta:
        icon = "title"
        label = "Heading"
        group = _WORDS
        label_format = "Heading: {text}"


class Paragraph(blocks.StructBlock):
    """Form of a block of the same name."""

    text = parts.marked("Text")

    class Meta:
        icon = "pilcrow"
        label = "Paragraph"
        group = _WORDS


class Bullets(blocks.StructBlock):
    """Form of a block of the same name."""

    items = parts.several(parts.marked("Point"), "Points", "For a list that is the same for everybody.")
    each = parts.code(inputs.path("list"), "… or one point for each element of this list in the data")
    item = parts.marked("Text of each point", "The element is called “item”.")
    is_ordered = blocks.BooleanBlock(required=False, label="Numbered")

    class Meta:
        icon = "list-ul"
        label = "List"
        group = _WORDS


class Column(blocks.StructBlock):
    """Form of a block of the same name."""

    heading = parts.line("Heading")
    cell = parts.line("Cell", "The element of the row is called “item”.")
    align = parts.choice(
        [("start", "At the start"), ("center", "Centred"), ("end", "At the end: numbers")], "Alignment", "start"
    )
    width = parts.Whole(
        default=1, high=12, label="Width", help_text="Share of the width, relative to the other columns."
    )

    class Meta:
        icon = "table"
        label = "Column"
        label_format = "{heading}"


class Carry(blocks.StructBlock):
    """Form of a block of the same name."""

    column = parts.Whole(
        default=1, low=1, high=20, label="In which column", help_text="Counted from 0; never the first."
    )
    amount = parts.line("What is added up", "The value of each row with its format, as in the column.")
    forward = parts.line("Words at the foot of a page", "Carried forward")
    brought = parts.line("Words at the head of the next", "Brought forward")

    class Meta:
        icon = "arrow-right"
        label = "Carried forward"


class Table(blocks.StructBlock):
    """Form of a block of the same name."""

    caption = parts.line("Caption", "What the table shows; screen readers say it first.")
    each = parts.code(inputs.path("list"), "One row for each element of this list in the data")
    columns = parts.several(Column(), "Columns", maximum=12)
    totals = parts.several(
        parts.several(parts.line("Cell"), "Row", maximum=12),
        "Total rows",
        "As many cells as columns: {sum(item.amount) | money}.",
        maximum=6,
    )
    group_by = parts.code(inputs.path("item"), "Group rows that are alike in", "Leave it empty for no groups.")
    group_heading = parts.line("Words above a group")
    subtotals = parts.several(
        parts.several(parts.line("Cell"), "Row", maximum=12), "Subtotal rows below each group", maximum=4
    )
    carry = parts.several(Carry(), "Total that is carried forward from page to page", maximum=1)
    is_row_kept = blocks.BooleanBlock(required=False, label="Never divide a row between two pages")

    class Meta:
        icon = "table"
        label = "Table"
        group = _DATA
        label_format = "Table: {caption}"


class Figure(blocks.StructBlock):
    """Form of a block of the same name."""

    label = parts.line("Label")
    value = parts.line("Figure")
    note = parts.line("Note")

    class Meta:
        icon = "tag"
        label = "Figure"


class KeyFigures(blocks.StructBlock):
    """Form of a block of the same name."""

    figures = parts.several(Figure(), "Figures", maximum=6)

    class Meta:
        icon = "tag"
        label = "Key figures"
        group = _DATA


class Series(blocks.StructBlock):
    """Form of a block of the same name."""

    name = parts.line("Name")
    values = parts.code(
        inputs.expression(), "Values", "CEL that gives a list of numbers: event.data.months.map(m, m.used)"
    )

    class Meta:
        icon = "order"
        label = "Series"


class Chart(blocks.StructBlock):
    """Form of a block of the same name."""

    kind = parts.choice(
        [("bar", "Bars"), ("line", "Line"), ("comparison", "Comparison, as with last year")], "Kind", "bar"
    )
    title = parts.line("Title")
    categories = parts.code(
        inputs.expression(), "Labels below", "CEL that gives a list of texts: event.data.months.map(m, m.name)"
    )
    series = parts.several(Series(), "Series", maximum=6)
    unit = parts.line("Unit")
    alternative = parts.line(
        "In words", "What it tells those who cannot see it. Leave it empty to have it made from the data."
    )

    class Meta:
        icon = "order"
        label = "Chart"
        group = _DATA
        label_format = "Chart: {title}"


class Image(blocks.StructBlock):
    """Form of a block of the same name."""

    asset = parts.Named(library.Kind.IMAGE, "Image")
    alternative = parts.line("In words", "What it shows. Leave it empty to take what the image itself says.")
    width_mm = parts.Whole(default=60, low=5, high=200, label="Width in mm")

    class Meta:
        icon = "image"
        label = "Image"
        group = _MEDIA


class Barcode(blocks.StructBlock):
    """Form of a block of the same name."""

    symbology = parts.choice([("qr", "QR code"), ("data_matrix", "Data Matrix")], "Kind", "qr")
    payload = parts.Text(label="What it says", has_lines=True)
    alternative = parts.line("In words", "What it is for, for those who cannot scan it.")

    class Meta:
        icon = "view"
        label = "QR or Data Matrix"
        group = _MEDIA


class Callout(blocks.StructBlock):
    """Form of a block of the same name."""

    tone = parts.choice([(tone.value, tone.value.title()) for tone in manuscripts.Tone], "Kind", "note")
    title = parts.line("Title")
    text = parts.marked("Text")

    class Meta:
        icon = "info-circle"
        label = "Callout"
        group = _WORDS
        label_format = "Callout: {title}"


class Action(blocks.StructBlock):
    """Form of a block of the same name."""

    label = parts.line("Words on the button")
    link = parts.line("Address", "A link from the data, or one that begins with https://")

    class Meta:
        icon = "redirect"
        label = "Button"
        group = _WORDS
        label_format = "Button: {label}"


class Reference(blocks.StructBlock):
    """Form of a block of the same name."""

    label = parts.line("Label")
    value = parts.line("Value")

    class Meta:
        icon = "key"
        label = "Line"


class ReferenceLines(blocks.StructBlock):
    """Form of a block of the same name."""

    lines = parts.several(Reference(), "Lines", maximum=12)

    class Meta:
        icon = "key"
        label = "Reference lines"
        group = _WORDS


class Signature(blocks.StructBlock):
    """Form of a block of the same name."""

    closing = parts.line("Closing")
    name = parts.line("Name")
    role = parts.line("Role")

    class Meta:
        icon = "edit"
        label = "Signature"
        group = _WORDS


class Break(blocks.StructBlock):
    """Form of a block of the same name."""

    class Meta:
        icon = "horizontalrule"
        label = "Page break"
        group = _SHAPE


class SharedText(blocks.StructBlock):
    """Form of a block of the same name."""

    name = parts.Named(
        library.Kind.TEXT,
        "Shared text",
        "It is written once and used by all; its place follows language and jurisdiction.",
    )

    class Meta:
        icon = "copy"
        label = "Shared text"
        group = _WORDS
        label_format = "Shared text: {name}"


class Attachment(blocks.StructBlock):
    """Form of a block of the same name."""

    asset = parts.Named(library.Kind.INSERT, "Document")
    title = parts.line("Title")

    class Meta:
        icon = "doc-full"
        label = "Attachment"
        group = _MEDIA


class Tree(blocks.StreamBlock):
    """Blocks one below the other."""

    class Meta:
        icon = "list-ul"
        required = False
        max_num = BLOCKS_MAX
        collapsed = False
        default: Sequence[object] = ()


@functools.cache
def leaves() -> Mapping[str, blocks.Block]:
    """Blocks that hold no others, by their tags."""
    return {
        "heading": Heading(),
        "paragraph": Paragraph(),
        "list": Bullets(),
        "callout": Callout(),
        "action": Action(),
        "shared_text": SharedText(),
        "reference_lines": ReferenceLines(),
        "signature": Signature(),
        "table": Table(),
        "key_figures": KeyFigures(),
        "chart": Chart(),
        "image": Image(),
        "barcode": Barcode(),
        "attachment": Attachment(),
        "break": Break(),
    }


def _inside(level: int, label: str) -> Tree:
    """A tree that stands inside of another block."""
    return Tree(list(level_blocks(level).items()), label=label)


@functools.cache
def level_blocks(level: int) -> Mapping[str, blocks.Block]:
    """All blocks that may stand at a level; at the last one those that hold no others."""
    if level == trees.DEPTH_LEVELS:
        return leaves()
    inner = level + 1
    struct = blocks.StructBlock
    when = struct(
        [
            ("condition", parts.code(inputs.condition(), "When", _CONDITION_HELP)),
            ("then", _inside(inner, "It says")),
            ("otherwise", _inside(inner, "Otherwise it says")),
        ],
        icon="help",
        label="When …",
        group=_SHAPE,
        label_format="When {condition}",
    )
    part = struct(
        [("width", parts.Whole(default=1, high=12, label="Width")), ("blocks", _inside(inner, "Blocks"))],
        label="Column",
    )
    columns = struct(
        [("columns", parts.several(part, "Columns", maximum=4))], icon="grip", label="Columns", group=_SHAPE
    )
    keep = struct([("blocks", _inside(inner, "Blocks"))], icon="lock", label="Keep on one page", group=_SHAPE)
    only = struct(
        [
            (
                "channels",
                blocks.MultipleChoiceBlock(
                    choices=inputs.CHANNELS,
                    label="Channels",
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                    default=[],
                ),
            ),
            ("blocks", _inside(inner, "Blocks")),
        ],
        icon="mobile-alt",
        label="Only on some channels",
        group=_SHAPE,
    )
    is_open = struct(
        [
            ("name", parts.code(inputs.path("name"), "Name", "A short name of its own, like “reason”.")),
            ("label", parts.code(forms.TextInput(), "What the agent is asked for")),
            ("blocks", _inside(inner, "What stands there unless an agent writes something else")),
            ("characters_max", parts.Whole(default=2000, low=1, high=20_000, label="Characters an agent may write")),
        ],
        icon="edit",
        label="Open for an agent",
        group=_SHAPE,
        label_format="Open: {label}",
    )
    holders = {"when": when, "columns": columns, "keep": keep, "only": only, "open": is_open}
    return {**leaves(), **holders}


@functools.cache
def body() -> Tree:
    """The body of an edition or shared text."""
    return Tree(list(level_blocks(0).items()))
