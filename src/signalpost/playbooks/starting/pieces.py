"""What a letter is made of, whatever file it came in."""

from collections.abc import Iterable

from signalpost.vocabulary import records


class LetterError(ValueError):
    """A file that no draft can be started from: what it is, and what to do."""


class Span(records.Record, frozen=True, kw_only=True):
    """A stretch of text with the same marks."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    #: Address of a link, "" for none.
    link: str = ""


Spans = tuple[Span, ...]


class Heading(records.Record, frozen=True, kw_only=True, tag="heading"):
    """A heading."""

    spans: Spans
    level: int = 1


class Paragraph(records.Record, frozen=True, kw_only=True, tag="paragraph"):
    """A paragraph; a line break in it is a line end in a span."""

    spans: Spans


class Listing(records.Record, frozen=True, kw_only=True, tag="list"):
    """A list."""

    items: tuple[Spans, ...]
    is_ordered: bool = False


class Table(records.Record, frozen=True, kw_only=True, tag="table"):
    """A table; the first row is its heading."""

    rows: tuple[tuple[str, ...], ...]
    #: Whether each column stands at its end: amounts do.
    at_end: tuple[bool, ...] = ()


class Picture(records.Record, frozen=True, kw_only=True, tag="picture"):
    """An image."""

    content: bytes
    media_type: str
    alternative: str = ""
    width_mm: int = 60


class Break(records.Record, frozen=True, kw_only=True, tag="break"):
    """A page break."""


Piece = Heading | Paragraph | Listing | Table | Picture | Break


class Lost(records.Record, frozen=True, kw_only=True):
    """Something that was not carried over."""

    #: Where in the letter: `page 2`, `paragraph 4`, `header`.
    place: str
    what: str


class Letter(records.Record, frozen=True, kw_only=True):
    """A letter that was read."""

    pieces: tuple[Piece, ...]
    lost: tuple[Lost, ...] = ()
    #: Lines of the address window, where the file says where things stand.
    address: tuple[str, ...] = ()
    #: Lines that the layout makes anew: letterhead, footer, page numbers.
    left_to_layout: tuple[str, ...] = ()


def text_of(spans: Spans) -> str:
    """The text without its marks."""
    return "".join(span.text for span in spans)


def joined(spans: list[Span]) -> Spans:
    """Neighbours with the same marks as one: Word cuts a sentence wherever somebody typed."""
    found: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if found and _marks(found[-1]) == _marks(span):
            found[-1] = Span(
                text=found[-1].text + span.text,
                is_strong=span.is_strong,
                is_emphasis=span.is_emphasis,
                link=span.link,
            )
        else:
            found.append(span)
    return tuple(found)


def gathered(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """Items that follow each other as one list."""
    whole: list[Piece] = []
    for piece in found:
        before = whole[-1] if whole else None
        if isinstance(before, Listing) and isinstance(piece, Listing) and before.is_ordered == piece.is_ordered:
            whole[-1] = Listing(items=before.items + piece.items, is_ordered=piece.is_ordered)
        else:
            whole.append(piece)
    return tuple(whole)


def _marks(span: Span) -> tuple[bool, bool, str]:
    return (span.is_strong, span.is_emphasis, span.link)
