"""Templates: what authors write, and the frozen, approved version that alone may leave.

A template's body is a tree like the manuscript's, with two additions: placeholders in texts and conditions on blocks.
Texts hold `{path}` or `{path | format}` placeholders, `**strong**`, `*emphasis*` and `[label](address)`; `{{` and `}}`
are literal braces. Conditions and loops are CEL. No other language.

`ApprovedTemplate` cannot be made for content that differs from what was approved, or that its own author approved.
"""

import datetime as dt
import enum

import msgspec

from signalpost.vocabulary import manuscripts, parties, records


class HeadingBlock(records.Record, frozen=True, kw_only=True, tag="heading"):
    """Template of a heading."""

    text: str
    level: int = 2


class ParagraphBlock(records.Record, frozen=True, kw_only=True, tag="paragraph"):
    """Template of a paragraph."""

    text: str


class ListBlock(records.Record, frozen=True, kw_only=True, tag="list"):
    """Template of a list: fixed `items`, or one item per element of `each`."""

    items: tuple[str, ...] = ()
    #: Path of a list in the facts; inside `item` the element is `item`.
    each: str = ""
    item: str = ""
    is_ordered: bool = False


class ColumnTemplate(records.Record, frozen=True, kw_only=True):
    """Template of a table column."""

    heading: str
    #: Text with placeholders; the element is `item`.
    cell: str
    align: manuscripts.Alignment = manuscripts.Alignment.START
    width: int = 1


class CarryTemplate(records.Record, frozen=True, kw_only=True):
    """Template of a total that is carried forward from page to page."""

    #: Number of the column it stands in, from 0; never the first, where the words stand.
    column: int
    #: What is added up, with its format: `{item.amount | money}`.
    amount: str
    #: "Carried forward" at the foot of a page, "Brought forward" at the head of the next one.
    forward: str
    brought: str


class TableBlock(records.Record, frozen=True, kw_only=True, tag="table", omit_defaults=True):
    """Template of a table over the list at `each`.

    Totals may reckon over all elements, subtotals over those of their group: `{sum(item.amount) | money}`,
    `{count(item)}`.
    """

    caption: str
    each: str
    columns: tuple[ColumnTemplate, ...]
    totals: tuple[tuple[str, ...], ...] = records.written(())
    #: Path in the element (`item.meter`): neighbours with the same value are a group. "" for no groups.
    group_by: str = ""
    #: Text above a group; `item` is its first element. "" for none.
    group_heading: str = ""
    #: Rows below each group, as many cells as columns; `item` is the group's first element.
    subtotals: tuple[tuple[str, ...], ...] = ()
    carry: CarryTemplate | None = None
    #: Whether no row may be divided between two pages.
    is_row_kept: bool = False


class FigureTemplate(records.Record, frozen=True, kw_only=True):
    """Template of one key figure."""

    label: str
    value: str
    note: str = ""


class KeyFiguresBlock(records.Record, frozen=True, kw_only=True, tag="key_figures"):
    """Template of key figures."""

    figures: tuple[FigureTemplate, ...]


class SeriesTemplate(records.Record, frozen=True, kw_only=True):
    """Template of a series: CEL giving a list of numbers."""

    name: str
    values: str


class ChartBlock(records.Record, frozen=True, kw_only=True, tag="chart"):
    """Template of a chart; `categories` is CEL giving a list of strings.

    An empty `alternative` is made from the data, in the words of `Labels`.
    """

    kind: manuscripts.ChartKind
    title: str
    categories: str
    series: tuple[SeriesTemplate, ...]
    unit: str = ""
    alternative: str


class ImageBlock(records.Record, frozen=True, kw_only=True, tag="image"):
    """An image of the template version's assets, by file name."""

    asset: str
    alternative: str
    width_mm: int = 60


class BarcodeBlock(records.Record, frozen=True, kw_only=True, tag="barcode"):
    """Template of a barcode."""

    symbology: manuscripts.Symbology
    payload: str
    alternative: str


class CalloutBlock(records.Record, frozen=True, kw_only=True, tag="callout"):
    """Template of a callout."""

    tone: manuscripts.Tone
    title: str
    text: str


class ActionBlock(records.Record, frozen=True, kw_only=True, tag="action"):
    """Template of the one thing to do."""

    label: str
    link: str


class ReferenceTemplate(records.Record, frozen=True, kw_only=True):
    """Template of one reference line."""

    label: str
    value: str


class ReferenceLinesBlock(records.Record, frozen=True, kw_only=True, tag="reference_lines"):
    """Template of the reference block."""

    lines: tuple[ReferenceTemplate, ...]


class SignatureBlock(records.Record, frozen=True, kw_only=True, tag="signature"):
    """Template of the signature."""

    closing: str
    name: str
    role: str = ""


class BreakBlock(records.Record, frozen=True, kw_only=True, tag="break"):
    """A page break."""


class WhenBlock(records.Record, frozen=True, kw_only=True, tag="when", omit_defaults=True):
    """Blocks that stand only when the condition (CEL over the facts) holds, and others when it does not."""

    condition: str
    then: tuple["TemplateBlock", ...]
    otherwise: tuple["TemplateBlock", ...] = records.written(())
    #: What is missing where the condition does not hold: there is no message then, whatever `otherwise` says. "" for a
    #: message that does without.
    lacking: str = ""


class SharedTextBlock(records.Record, frozen=True, kw_only=True, tag="shared_text"):
    """A shared text by its name. Resolved when a communication is bound: a frozen content holds none."""

    name: str


class ColumnsPart(records.Record, frozen=True, kw_only=True):
    """One of several columns of blocks."""

    #: Share of the width, relative to the other columns.
    width: int = 1
    blocks: tuple["TemplateBlock", ...]


class ColumnsBlock(records.Record, frozen=True, kw_only=True, tag="columns"):
    """Blocks side by side."""

    columns: tuple[ColumnsPart, ...]


class KeepBlock(records.Record, frozen=True, kw_only=True, tag="keep"):
    """Blocks that stand on one page."""

    blocks: tuple["TemplateBlock", ...]


class OnlyBlock(records.Record, frozen=True, kw_only=True, tag="only"):
    """Blocks that stand on some channels alone: print only, e-mail only."""

    channels: tuple[parties.ChannelKind, ...]
    blocks: tuple["TemplateBlock", ...]


class OpenBlock(records.Record, frozen=True, kw_only=True, tag="open"):
    """An open region of an interactive letter: what an agent writes stands there as plain paragraphs."""

    #: Unique in the content.
    name: str
    #: What the agent is asked for.
    label: str
    #: What stands there unless an agent writes something else.
    blocks: tuple["TemplateBlock", ...]
    #: Characters an agent may write.
    characters_max: int = 2000


class AttachmentBlock(records.Record, frozen=True, kw_only=True, tag="attachment"):
    """A file of the template version's assets, by its name, that goes with the message."""

    asset: str
    title: str


TemplateBlock = (
    HeadingBlock
    | ParagraphBlock
    | ListBlock
    | TableBlock
    | KeyFiguresBlock
    | ChartBlock
    | ImageBlock
    | BarcodeBlock
    | CalloutBlock
    | ActionBlock
    | ReferenceLinesBlock
    | SignatureBlock
    | BreakBlock
    | WhenBlock
    | SharedTextBlock
    | ColumnsBlock
    | KeepBlock
    | OnlyBlock
    | OpenBlock
    | AttachmentBlock
)


class Asset(records.Record, frozen=True, kw_only=True):
    """A file that belongs to the template, by name and digest."""

    name: str
    media_type: str
    digest: str


class WordsVariant(records.Record, frozen=True, kw_only=True):
    """Other words for the channels, for when a condition (CEL over the facts) holds. What is "" stays as it was."""

    condition: str
    subject: str = ""
    preheader: str = ""
    sms: str = ""
    push_title: str = ""
    push_body: str = ""


class Content(records.Record, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a template says in one language. This is what is frozen, hashed and approved."""

    communication: str
    category: str
    language: str
    direction: manuscripts.Direction = records.written(manuscripts.Direction.LTR)
    #: JSON Schema 2020-12 of the facts the texts may use, as JSON text.
    contract: str
    title: str
    subject: str
    preheader: str = records.written("")
    sms: str = records.written("")
    push_title: str = records.written("")
    push_body: str = records.written("")
    #: The first whose condition holds replaces the words it gives.
    variants: tuple[WordsVariant, ...] = records.written(())
    #: Words for codes in the facts, as `{incident.cause | term}` writes them.
    terms: tuple[tuple[str, str], ...] = records.written(())
    #: Length budget of the SMS in segments.
    sms_segments: int = records.written(3)
    body: tuple[TemplateBlock, ...]
    brand: manuscripts.Brand
    labels: manuscripts.Labels
    assets: tuple[Asset, ...] = records.written(())
    #: Typst source that lays the letter out, for professionals; "" for the standard letter.
    layout: str = ""
    #: Whether letters may be long: up to thousands of pages, for which more time and memory is allowed.
    is_long: bool = False

    def digest(self) -> str:
        """Name of this content: SHA-256 of its canonical JSON."""
        return records.digest(records.canonical(self))


class FindingSeverity(enum.StrEnum):
    """Whether a finding stops a draft from being submitted."""

    ERROR = "error"
    WARNING = "warning"


class Finding(records.Record, frozen=True, kw_only=True):
    """Something wrong, or probably wrong, with a draft."""

    #: Where: `body[3].text`, `subject`, `contract`.
    place: str
    severity: FindingSeverity
    message: str
    #: What the author can do about it.
    remedy: str


class SignOff(records.Record, frozen=True, kw_only=True):
    """One step of a review: a person's approval of a release in one role."""

    #: Digest of the release that was looked at; a later change makes it void.
    content: str
    role: str
    person: str
    at: dt.datetime


class Approval(records.Record, frozen=True, kw_only=True):
    """A person's word that a content may leave."""

    #: Digest of the content that was approved.
    content: str
    author: str
    #: Who made the last step of the review.
    approver: str
    #: Every step of the review in order, the last one included.
    sign_offs: tuple[SignOff, ...] = ()
    approved_at: dt.datetime
    effective_from: dt.datetime
    #: First moment it is no longer in force; `None` for open-ended.
    effective_to: dt.datetime | None = None
    #: Reference of the release that it was approved in; its digest is what the steps of the review name.
    release: str = ""


class NotApprovedError(ValueError):
    """Content was about to leave that nobody, or only its author, approved. A broken machine, not bad input."""


class ApprovedTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A content with the approval that covers exactly it. Made by `govern.templates` alone.

    Raises:
        NotApprovedError: the approval is for another content, or the approver is the author.
    """

    content: Content
    approval: Approval
    version: str

    def __post_init__(self) -> None:
        """Refuse to exist without a matching approval by a second person."""
        found = self.content.digest()
        if not found == self.approval.content == self.version:
            message = (
                f"template {self.content.communication!r}: approved content is {self.approval.content!r}, got {found!r}"
            )
            raise NotApprovedError(message)
        approvers = {self.approval.approver, *(step.person for step in self.approval.sign_offs)}
        if self.approval.author in approvers:
            message = f"template {self.content.communication!r}: wanted an approver other than its author, got the same"
            raise NotApprovedError(message)
