"""Languages of a communication: two side by side, what is missing in one, and starting a further one."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Iterator, Sequence

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from signalpost import drafts
from signalpost.acts import drafting
from signalpost.drafts import markup, models
from signalpost.govern import staff
from signalpost.vocabulary import library, templates
from signalpost.web.console import gate, pages
from signalpost.web.console.authoring import data

_HEADS = ("title", "subject", "preheader", "sms", "push_title", "push_body")
_HEAD_LABELS = dict(zip(_HEADS, ("Title", "Subject", "Preheader", "SMS", "Push title", "Push text"), strict=True))
#: Fields of a block that are words; the rest is the same in every language.
_WORDS = frozenset(
    {"text", "items", "item", "caption", "heading", "cell", "label", "note", "name", "unit", "alternative", "title"}
    | {"closing", "role", "forward", "brought", "group_heading", "payload", "value", "link"}
)

#: Blocks that are the same in every language.
_ALIKE = frozenset({"shared_text", "when", "image", "attachment", "break"})


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One text as it is shown: pieces that are plain, and pieces that are values."""

    #: Text, and whether it is a value.
    pieces: Sequence[tuple[str, bool]]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A block in one language."""

    label: str
    said: Sequence[Said]
    url: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The same block in two languages."""

    depth: int
    left: Side | None
    right: Side | None
    #: Why attention is needed, "" where both are there.
    note: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A block of a tree in order, with its depth and place."""

    kind: str
    place: str
    depth: int
    texts: Sequence[str]


@require_GET
def side_by_side_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Two languages of a communication, block by block."""
    row = _row(name)
    editions = {edition.language: edition for edition in row.editions.order_by("language")}
    known = list(editions)
    left = _asked(request.GET.get("left", ""), known, 0)
    right = _asked(request.GET.get("right", ""), [one for one in known if one != left], 0)
    may_write = gate.has(request, staff.Right.WRITE)
    lines = list(_lines(editions.get(left), editions.get(right)))
    return render(
        request,
        "console/authoring/side_by_side.html",
        {
            **pages.frame("Languages side by side", icon="globe", trail=[(_form_of(row), str(row))]),
            "row": row,
            "known": known,
            "left": left,
            "right": right,
            "left_direction": data.direction(left),
            "right_direction": data.direction(right),
            "left_url": _edit(editions.get(left)),
            "right_url": _edit(editions.get(right)),
            "lines": lines,
            "missing": sum(bool(line.note) for line in lines),
            "startable": _startable(known) if may_write else [],
            "languages_url": reverse("wagtailsnippets_drafts_language:list"),
            "may_write": may_write,
        },
    )


@require_POST
def start_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Start a language: with the structure and words of another to be translated, or empty."""
    row = _row(name)
    language, source = request.POST.get("language", ""), request.POST.get("source", "")
    if language not in {tag for tag, _ in _startable([edition.language for edition in row.editions.all()])}:
        messages.error(request, f"The language {language!r} cannot be started: it is there already, or not known.")
        return redirect("draft_languages", name=name)
    number = drafting.start_edition(name, language, source=source, by=gate.name(request))
    messages.success(request, f"{language} is started. Translate it block by block; what you save is kept.")
    return redirect("wagtailsnippets_drafts_edition:edit", number)


def _row(name: str) -> models.Communication:
    found = models.Communication.objects.filter(name=name).first()
    if found is None:
        raise Http404
    return found


def _form_of(row: models.Communication) -> str:
    return reverse("wagtailsnippets_drafts_communication:edit", args=[row.pk])


def _edit(edition: models.Edition | None) -> str:
    return reverse("wagtailsnippets_drafts_edition:edit", args=[edition.pk]) if edition else ""


def _asked(wanted: str, known: Sequence[str], default: int) -> str:
    if wanted in known:
        return wanted
    return known[default] if len(known) > default else ""


def _startable(known: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Languages that can be started, by tag and name."""
    found: list[tuple[str, str]] = []
    for tag in drafts.names(library.Kind.LANGUAGE):
        item = drafts.read(library.Kind.LANGUAGE, tag)
        if tag not in known and item is not None:
            found.append((tag, item.title or tag))
    return found


def _lines(left: models.Edition | None, right: models.Edition | None) -> Iterator[Line]:
    """The words of the channels, then the body; what stands in both at the same place is one line."""
    one, other = (edition.edition() if edition else None for edition in (left, right))
    for head in _HEADS:
        texts = [getattr(edition, head) if edition else "" for edition in (one, other)]
        if any(texts):
            sides = [
                Side(label=_HEAD_LABELS[head], said=(_said(text),), url=_at(edition, head)) if text else None
                for text, edition in zip(texts, (left, right), strict=True)
            ]
            yield Line(depth=0, left=sides[0], right=sides[1], note=_note(sides[0], sides[1], texts))
    mine = list(_parts(one.body, "body", 0)) if one else []
    theirs = list(_parts(other.body, "body", 0)) if other else []
    by_place = {part.place: part for part in theirs}
    seen: set[str] = set()
    for part in mine:
        match = by_place.get(part.place)
        match = match if match and match.kind == part.kind else None
        if match:
            seen.add(match.place)
        yield _line(part, match, left, right)
    for part in theirs:
        if part.place not in seen:
            yield _line(None, part, left, right)


def _line(one: Part | None, other: Part | None, left: models.Edition | None, right: models.Edition | None) -> Line:
    sides = (_side(one, left), _side(other, right))
    texts = [part.texts if part else () for part in (one, other)]
    depth = (one or other or Part(kind="", place="", depth=0, texts=())).depth
    kind = (one or other or Part(kind="", place="", depth=0, texts=())).kind
    note = _note(sides[0], sides[1], [] if kind in _ALIKE else texts)
    return Line(depth=depth, left=sides[0], right=sides[1], note=note)


def _side(part: Part | None, edition: models.Edition | None) -> Side | None:
    if part is None:
        return None
    label = part.kind.replace("_", " ").capitalize()
    return Side(label=label, said=[_said(text) for text in part.texts], url=_at(edition, part.place))


def _note(left: Side | None, right: Side | None, texts: Sequence[object]) -> str:
    if left is None or right is None:
        return "only here"
    has_words = any(not is_value and text.strip() for said in left.said for text, is_value in said.pieces)
    return "the same words in both" if has_words and texts and texts[0] == texts[1] else ""


def _at(edition: models.Edition | None, place: str) -> str:
    return f"{_edit(edition)}#at={place}" if edition else ""


def _said(text: str) -> Said:
    found = markup.pieces(text, is_marked=True)
    if found is None:
        return Said(pieces=[(text, False)])
    return Said(pieces=[(_shown(piece), piece.is_placeholder) for piece in found])


def _shown(piece: markup.Piece) -> str:
    if not piece.is_placeholder:
        return piece.text
    path, _, form = piece.text.strip("{} ").partition("|")
    return markup.described(path.strip(), form.strip())


def _parts(blocks: Sequence[templates.TemplateBlock], place: str, depth: int) -> Iterator[Part]:
    for number, block in enumerate(blocks):
        at = f"{place}[{number}]"
        plain = msgspec.to_builtins(block)
        yield Part(kind=plain["type"], place=at, depth=depth, texts=tuple(_texts(block, plain)))
        match block:
            case templates.WhenBlock():
                yield from _parts(block.then, f"{at}.then", depth + 1)
                yield from _parts(block.otherwise, f"{at}.otherwise", depth + 1)
            case templates.ColumnsBlock():
                for column, part in enumerate(block.columns):
                    yield from _parts(part.blocks, f"{at}.columns[{column}].blocks", depth + 1)
            case templates.KeepBlock() | templates.OnlyBlock() | templates.OpenBlock():
                yield from _parts(block.blocks, f"{at}.blocks", depth + 1)
            case _:
                pass


def _texts(block: templates.TemplateBlock, plain: object) -> Iterator[str]:
    """The words of a block, without those of the blocks in it."""
    if isinstance(block, templates.WhenBlock):
        yield f"when {block.condition}"
        return
    if isinstance(block, templates.KeepBlock | templates.OnlyBlock | templates.OpenBlock | templates.ColumnsBlock):
        return
    yield from _words(plain, "")


def _words(value: object, field: str) -> Iterator[str]:
    match value:
        case str() if field in _WORDS and value:
            yield value
        case dict():
            for name, inner in value.items():
                yield from _words(inner, str(name))
        case list() | tuple():
            for inner in value:
                yield from _words(inner, field if field in {"items", "totals", "subtotals"} else "")
        case _:
            pass
