"""Templates: what authors write, and the frozen, approved version that alone may leave.

A template's body is a tree like the manuscript's, with two additions: placeholders in texts and conditions on blocks.
Texts hold `{path}` or `{path | format}` placeholders, `**strong**`, `*emphasis*` and `[label](address)`; `{{` and `}}`
are literal braces. Conditions and loops are CEL. No other language.

`ApprovedTemplate` cannot be made for content that differs from what was approved, or that its own author approved.
"""

import datetime as dt
import enum

import msgspec

from signalpost.vocabulary import manuscripts, records


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


class TableBlock(records.Record, frozen=True, kw_only=True, tag="table"):
    """Template of a table over the list at `each`."""

    caption: str
    each: str
    columns: tuple[ColumnTemplate, ...]
    totals: tuple[tuple[str, ...], ...] = ()


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
    """Template of a chart; `categories` is CEL giving a list of strings."""

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


class WhenBlock(records.Record, frozen=True, kw_only=True, tag="when"):
    """Blocks that stand only when the condition (CEL over the facts) holds, and others when it does not."""

    condition: str
    then: tuple["TemplateBlock", ...]
    otherwise: tuple["TemplateBlock", ...] = ()


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


class Content(records.Record, frozen=True, kw_only=True):
    """Everything a template says in one language. This is what is frozen, hashed and approved."""

    communication: str
    category: str
    language: str
    direction: manuscripts.Direction = manuscripts.Direction.LTR
    #: JSON Schema 2020-12 of the facts the texts may use, as JSON text.
    contract: str
    title: str
    subject: str
    preheader: str = ""
    sms: str = ""
    push_title: str = ""
    push_body: str = ""
    #: The first whose condition holds replaces the words it gives.
    variants: tuple[WordsVariant, ...] = ()
    #: Words for codes in the facts, as `{incident.cause | term}` writes them.
    terms: tuple[tuple[str, str], ...] = ()
    #: Length budget of the SMS in segments.
    sms_segments: int = 3
    body: tuple[TemplateBlock, ...]
    brand: manuscripts.Brand
    labels: manuscripts.Labels
    assets: tuple[Asset, ...] = ()

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


class TemplateState(enum.StrEnum):
    """Where a template version stands; `TEMPLATE_MOVES` holds the legal moves."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    LIVE = "live"
    RETIRED = "retired"


#: Legal moves of a template version.
TEMPLATE_MOVES: dict[TemplateState, frozenset[TemplateState]] = {
    TemplateState.DRAFT: frozenset({TemplateState.IN_REVIEW}),
    TemplateState.IN_REVIEW: frozenset({TemplateState.DRAFT, TemplateState.APPROVED}),
    TemplateState.APPROVED: frozenset({TemplateState.SCHEDULED, TemplateState.LIVE, TemplateState.RETIRED}),
    TemplateState.SCHEDULED: frozenset({TemplateState.LIVE, TemplateState.APPROVED, TemplateState.RETIRED}),
    TemplateState.LIVE: frozenset({TemplateState.RETIRED}),
    TemplateState.RETIRED: frozenset(),
}


class ReviewSteps(records.Record, frozen=True, kw_only=True):
    """Whose approvals a category needs, in this order: regulatory needs legal, then brand."""

    category: str
    roles: tuple[str, ...]


class SignOff(records.Record, frozen=True, kw_only=True):
    """One step of a review: a person's approval of a content in one role."""

    #: Digest of the content that was looked at; a later change makes it void.
    content: str
    role: str
    person: str
    at: dt.datetime


class Version(records.Record, frozen=True, kw_only=True):
    """A template version on its way from draft to retired: what governance decides about."""

    #: Digest of the content as it is now.
    content: str
    category: str
    state: TemplateState
    author: str
    #: Everyone else who changed it: it is their change too.
    editors: frozenset[str] = frozenset()
    sign_offs: tuple[SignOff, ...] = ()


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
