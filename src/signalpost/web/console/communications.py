"""Communications: who was told what, by which way, why; and the documents themselves, as their reader got them."""

import functools
import http
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec

import msgspec
from django.conf import settings as django_settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from signalpost.acts import explain, reading, sentences
from signalpost.store import archive
from signalpost.store.seen import communications
from signalpost.vocabulary import notices, parties, sms
from signalpost.web.console import listing, moments, pages, pictures
from signalpost.web.console.templatetags import humane

logger = logging.getLogger("signalpost.web")

_P = ParamSpec("_P")

EVERYTHING = ("", "all")
MISSING = "The archive does not have this document, or not as its name says. `signalpost verify` names what is wrong."


def _choices() -> Sequence[listing.Choice]:
    outcomes = ("notice", "told"), ("withheld", "withheld"), ("failed", "failed"), ("unclear", "unclear")
    reasons = [(reason.value, humane.words(reason)) for reason in notices.WithheldReason]
    return [
        listing.Choice(name="outcome", label="Outcome", options=[EVERYTHING, *outcomes, ("incomplete", "incomplete")]),
        listing.Choice(name="type", label="Communication type", options=[EVERYTHING, *communications.types()]),
        listing.Choice(name="reason", label="Withheld because", options=[EVERYTHING, *reasons]),
    ]


def _outcome(row: communications.Communication) -> listing.Cell:
    if row.verdict == "withheld":
        return listing.state("withheld", note=humane.words(row.reason))
    return listing.state("incomplete" if row.state == "incomplete" else "told")


COMMUNICATIONS = listing.Listing[communications.Communication](
    name="communications",
    title="Communications",
    icon="mail",
    lead="Every decision about a party: told, or not told and why.",
    search="Name, address, party, incident or reference",
    choices=_choices,
    find=communications.communications,
    sort="-decided_at",
    empty="console/empty/communications.html",
    columns=(
        listing.Column(
            name="decided_at",
            label="Decided",
            is_sorted=True,
            is_moment=True,
            cell=lambda row: listing.moment(row.decided_at),
        ),
        listing.Column(
            name="type",
            label="Communication",
            cell=lambda row: listing.text(
                row.title or row.communication,
                url=reverse("communication", args=[row.ref]),
                note=row.communication if row.title else "",
            ),
        ),
        listing.Column(
            name="party",
            label="Party",
            is_sorted=True,
            cell=lambda row: listing.text(row.party, note=row.name if row.name != row.party else ""),
        ),
        listing.Column(name="kind", label="Because of", cell=lambda row: listing.text(humane.words(row.kind))),
        listing.Column(name="outcome", label="Outcome", cell=_outcome),
        listing.Column(name="deliveries", label="Deliveries", cell=lambda row: listing.text(row.deliveries)),
    ),
)


@require_GET
def communications_page(request: HttpRequest) -> HttpResponseBase:
    """All decisions."""
    if listing.asks_for_export(request):
        return listing.export(request, COMMUNICATIONS)
    return listing.page(request, COMMUNICATIONS)


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A rendition as it is shown."""

    delivery: communications.Rendition
    #: "letter", "mail", "text" or "other": which part of the page shows it.
    form: str
    #: Addresses of the pictures of its pages.
    pages: Sequence[str] = ()
    #: What it says without any layout.
    plain: str = ""
    subject: str = ""
    bubbles: Sequence[str] = ()
    lengths: str = ""
    #: Why it cannot be shown.
    missing: str = ""


@require_GET
def communication_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One communication: its renditions, its timeline and its why. That it was read is in the log."""
    answer = _answer(ref)
    decision = answer.decision
    title = dict(communications.types()).get(answer.decided.communication, answer.decided.communication)
    return render(
        request,
        "console/communication.html",
        {
            **pages.frame(
                f"{title} to {answer.decided.party}",
                icon="mail",
                trail=[(reverse("communications"), "Communications")],
            ),
            "answer": answer,
            "name": communications.party_name(answer.decided.party),
            "why": sentences.of(answer),
            "plan": decision.plan if isinstance(decision, notices.Notice) else (),
            "renditions": _renditions(request, ref),
            "timeline": moments.of(answer, communications.attempts(ref), communications.receipts(ref)),
        },
    )


def _or_missing(view: Callable[_P, HttpResponseBase]) -> Callable[_P, HttpResponseBase]:
    """A view of a document; says so where the archive has it no more, or not as its name says."""

    @functools.wraps(view)
    def inner(*args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except archive.MissingDocumentError as error:
            logger.error("a document cannot be shown: %s", error)  # noqa: TRY400 - the words say all
            return HttpResponse(MISSING, content_type="text/plain", status=http.HTTPStatus.GONE)

    return inner


@require_GET
@_or_missing
def document_page(request: HttpRequest, ref: str, delivery: str, number: int) -> HttpResponseBase:
    """One page of a letter as a picture."""
    found = _rendition(ref, delivery)
    if found.media_type != "application/pdf":
        raise Http404(delivery)
    content = _read(request, ref, [found.rendition])[found.rendition]
    picture = pictures.page(content, number)
    if picture is None:
        raise Http404(number)
    return HttpResponse(picture, content_type="image/png")


@require_GET
@_or_missing
def document_mail(request: HttpRequest, ref: str, delivery: str) -> HttpResponseBase:
    """An e-mail as its reader sees it, with nothing in it that could run or fetch."""
    found = _rendition(ref, delivery)
    if found.channel != parties.ChannelKind.EMAIL:
        raise Http404(delivery)
    mail = pictures.mail(_read(request, ref, [found.rendition])[found.rendition])
    return HttpResponse(mail.html, headers={"Content-Security-Policy": pictures.MAIL_POLICY})


@require_GET
@_or_missing
def document_file(request: HttpRequest, ref: str, delivery: str) -> HttpResponseBase:
    """A rendition as it was kept, byte for byte."""
    found = _rendition(ref, delivery)
    content = _read(request, ref, [found.rendition])[found.rendition]
    ending = {"application/pdf": "pdf", "multipart/alternative": "eml"}.get(found.media_type, "txt")
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{found.ref}.{ending}"'},
    )


def _answer(ref: str) -> explain.Why:
    found = next((answer for answer in explain.why(ref) if answer.decided.ref == ref), None)
    if found is None:
        raise Http404(f"no decision {ref!r}")
    return found


def _rendition(ref: str, delivery: str) -> communications.Rendition:
    found = next((one for one in communications.renditions(ref) if one.ref == delivery), None)
    if found is None:
        raise Http404(f"no rendition of {delivery!r}")
    return found


def _read(request: HttpRequest, ref: str, digests: Sequence[str]) -> Mapping[str, bytes]:
    given: archive.Archive = django_settings.SIGNALPOST_ARCHIVE
    return reading.documents(ref, digests, given, by=request.user.get_username())


def _renditions(request: HttpRequest, ref: str) -> Sequence[Shown]:
    found = communications.renditions(ref)
    try:
        contents = _read(request, ref, [one.rendition for one in found])
    except archive.MissingDocumentError as error:
        logger.error("a document cannot be shown: %s", error)  # noqa: TRY400 - the words say all
        return [Shown(delivery=one, form="other", missing=MISSING) for one in found]
    return [_shown(ref, one, contents[one.rendition]) for one in found]


def _shown(ref: str, one: communications.Rendition, content: bytes) -> Shown:
    if one.media_type == "application/pdf":
        numbers = range(1, min(pictures.count(content), pictures.PAGES_SHOWN) + 1)
        addresses = [reverse("document_page", args=[ref, one.ref, number]) for number in numbers]
        return Shown(delivery=one, form="letter", pages=addresses)
    if one.channel == parties.ChannelKind.EMAIL:
        mail = pictures.mail(content)
        return Shown(delivery=one, form="mail", plain=mail.plain, subject=mail.subject)
    text = content.decode(errors="replace")
    if one.channel == parties.ChannelKind.SMS:
        cut = sms.segments(text)
        lengths = f"{len(cut.parts)} segments, {cut.encoding}, {sum(cut.lengths)} units"
        return Shown(delivery=one, form="text", plain=text, bubbles=cut.parts, lengths=lengths)
    return Shown(delivery=one, form="other", plain=text)
