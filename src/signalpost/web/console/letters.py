"""Letters to write: agents fill the open regions of interactive letters, see the result, and let each go."""

import base64
from collections.abc import Mapping, Sequence

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from signalpost.acts import studio, writing
from signalpost.store import writing as rows
from signalpost.store.seen import communications
from signalpost.vocabulary import letters, manuscripts, parties
from signalpost.web.console import gate, listing, pages, pictures
from signalpost.web.console.templatetags import humane

EVERYTHING = ("", "all")
#: Pages of a letter that are drawn while somebody writes.
PAGES_SHOWN = 6
_FIELD = "region-"

_SAID: Mapping[letters.NotWrittenReason, str] = {
    letters.NotWrittenReason.HELD: "Not saved: {got} has this letter open. Your words are below; copy them, or wait "
    "until it is free.",
    letters.NotWrittenReason.STALE: "Not saved: somebody saved this letter after you opened it. Your words are below, "
    "what stands there now is beneath each field. Save again to put yours in its place.",
    letters.NotWrittenReason.NOT_WAITING: "Not saved: the letter waits for no words any more ({got}).",
    letters.NotWrittenReason.UNKNOWN_REGION: "Not saved: there is no open region {got} in this letter.",
    letters.NotWrittenReason.TOO_LONG: "Not saved: wanted {wanted}, got {got}.",
    letters.NotWrittenReason.INCOMPLETE: "Not released: the letter cannot be made: {got}.",
}


def _choices() -> Sequence[listing.Choice]:
    return [
        listing.Choice(name="type", label="Communication type", options=[EVERYTHING, *communications.types()]),
        listing.Choice(name="waiting", label="Waiting", options=[EVERYTHING, ("late", "too long")]),
    ]


def _since(row: rows.Waiting) -> listing.Cell:
    cell = listing.moment(row.decided_at)
    return msgspec.structs.replace(cell, note="too long") if writing.is_late(row.decided_at) else cell


LETTERS = listing.Listing[rows.Waiting](
    name="letters",
    title="Letters to write",
    icon="edit",
    lead="Letters that wait for the words of an agent. Only their open regions can be written; everything else is as "
    "it was approved.",
    search="Name, party or reference",
    choices=_choices,
    find=writing.waiting,
    sort="decided_at",
    empty="console/empty/letters.html",
    columns=(
        listing.Column(
            name="party",
            label="To",
            cell=lambda row: listing.text(row.name or row.party, url=reverse("letter", args=[row.ref])),
        ),
        listing.Column(name="type", label="Letter", cell=lambda row: listing.text(row.communication)),
        listing.Column(name="language", label="Language", cell=lambda row: listing.text(row.language)),
        listing.Column(name="decided_at", label="Waits since", is_sorted=True, is_moment=True, cell=_since),
        listing.Column(
            name="held",
            label="Open with",
            cell=lambda row: listing.text(
                row.held_by, note=f"until {humane.moment(row.held_until)}" if row.held_until else ""
            ),
        ),
        listing.Column(name="version", label="Saved", is_number=True, cell=lambda row: listing.amount(row.version)),
    ),
)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """An open region in the form."""

    name: str
    label: str
    text: str
    characters_max: int
    #: Who wrote what stands there, "" for the template's own words.
    by: str
    #: What stands there now, where it is not what is in the form.
    other: str = ""


@require_GET
def letters_page(request: HttpRequest) -> HttpResponseBase:
    """The letters that wait."""
    if listing.asks_for_export(request):
        return listing.export(request, LETTERS)
    count, first = writing.late()
    return listing.page(request, LETTERS, template="console/letters.html", more={"late": count, "late_since": first})


@require_http_methods(["GET", "POST"])
def letter_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One letter: its open regions and what it would be with them."""
    by = gate.name(request)
    try:
        if request.method == "GET":
            return _shown(request, writing.take(ref, by=by), {})
        found = writing.look(ref)
        return _asked(request, found, _texts(request), by=by)
    except LookupError as error:
        raise Http404(ref) from error


def _texts(request: HttpRequest) -> dict[str, str]:
    return {
        field.removeprefix(_FIELD): text.replace("\x00", "").replace("\r\n", "\n")
        for field, text in request.POST.items()
        if field.startswith(_FIELD)
    }


def _asked(request: HttpRequest, found: writing.Letter, texts: Mapping[str, str], *, by: str) -> HttpResponseBase:
    ref, version = found.kept.ref, _number(request.POST.get("version", ""))
    act = request.POST.get("act", "preview")
    if act == "confirmed":
        refused = writing.release(ref, texts, version=version, by=by)
        if refused is None:
            messages.success(request, "Released: the letter goes its ordinary way now.")
            return redirect("letters")
        return _refused(request, ref, texts, refused)
    if act == "save":
        kept = writing.save(ref, texts, version=version, by=by)
        if isinstance(kept, letters.NotWritten):
            return _refused(request, ref, texts, kept)
        messages.success(request, "Saved.")
        return redirect("letter", ref)
    return _shown(request, found, texts, version=version, asks=act == "release")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**31)) else -1


def _refused(request: HttpRequest, ref: str, texts: Mapping[str, str], refused: letters.NotWritten) -> HttpResponseBase:
    messages.error(request, _SAID[refused.reason].format(wanted=refused.wanted, got=refused.got))
    return _shown(request, writing.look(ref), texts)


def _shown(
    request: HttpRequest,
    found: writing.Letter,
    texts: Mapping[str, str],
    *,
    version: int | None = None,
    asks: bool = False,
) -> HttpResponseBase:
    fields = [_field(one, texts) for one in found.regions]
    said = writing.preview(found.kept.ref, {field.name: field.text for field in fields})
    drawn, problem = _pictures(said)
    name = communications.party_name(found.kept.party) or found.kept.party
    title = dict(communications.types()).get(found.kept.communication, found.kept.communication)
    return render(
        request,
        "console/letter.html",
        {
            **pages.frame(f"{title} to {name}", icon="edit", trail=[(reverse("letters"), LETTERS.title)]),
            "letter": found,
            "fields": fields,
            "version": found.kept.version if version is None else version,
            "pages": drawn,
            "problem": problem,
            "asks": asks and not problem,
            "is_late": found.is_waiting and writing.is_late(found.kept.decided_at),
            "minutes": letters.HOLD_SECONDS // 60,
        },
    )


def _field(one: writing.Region, texts: Mapping[str, str]) -> Field:
    text = texts.get(one.region.name, one.text)
    return Field(
        name=one.region.name,
        label=one.region.label,
        text=text,
        characters_max=one.region.characters_max,
        by=one.by,
        other=one.text if text.strip() != one.text.strip() else "",
    )


def _pictures(said: manuscripts.Composed) -> tuple[Sequence[str], str]:
    """The pages of the letter as `data:` addresses, by the engine that lays out what is sent; or why there are none."""
    if isinstance(said, manuscripts.Incomplete):
        return [], f"{said.detail}: {', '.join(said.missing)}"
    if parties.ChannelKind.LETTER not in studio.warm():
        return [], "no engine lays out letters here"
    (rendered,) = studio.lay_out([said], parties.ChannelKind.LETTER, studio.warm())
    if isinstance(rendered, manuscripts.Unrenderable):
        return [], rendered.detail
    drawn = pictures.sheets(rendered.content, PAGES_SHOWN)
    return [f"data:image/jpeg;base64,{base64.b64encode(page).decode('ascii')}" for page in drawn], ""
