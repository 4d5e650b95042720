"""The preview beside the text: what would be sent, for a sample, in a language, on a channel.

Wagtail's preview panel asks for the page again while somebody types. What was chosen stays in a cookie of the page's
own script. An error of the draft stands at the top, and below it the last picture that could be made.
"""

import base64
import collections
import re
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, cast
from urllib.parse import parse_qs, unquote

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from signalpost import drafts
from signalpost.acts import drafting, previewing, proofing, studio
from signalpost.govern import staff
from signalpost.vocabulary import library, manuscripts, parties, sms, templates
from signalpost.web.console import gate, pictures

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

#: Pages of a letter that are drawn while somebody types.
PAGES_SHOWN = 6
#: Last good pictures that are kept for all who write.
KEPT_COUNT = 48
#: Findings that are told at the top.
FINDINGS_SHOWN = 5
#: A reference is shorter.
CASE_CHARACTERS_MAX = 64
#: What the page's own script keeps what was chosen under.
COOKIE = "sp_preview"
COOKIE_CHARACTERS_MAX = 2_000

#: The page and, by inheritance, the e-mail in it load nothing from anywhere else.
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

#: How an e-mail can be looked at, with the width of its window in pixels.
VIEWS: Mapping[str, tuple[str, int]] = {
    "desktop": ("Desktop", 1280),
    "phone": ("Phone", 375),
    "dark": ("Dark", 1280),
    "text": ("Text part", 0),
}

_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_CHANNEL_NAMES: Mapping[str, str] = {"letter": "Letter", "email": "E-mail", "sms": "SMS", "push": "Push"}


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A rendition as the page shows it."""

    channel: str
    #: The bytes that would leave, for a proof of exactly what is seen.
    rendition: manuscripts.Rendition
    manuscript: manuscripts.Manuscript
    #: Addresses of pictures of its pages, `data:`.
    pages: Sequence[str] = ()
    pages_left: int = 0
    html: str = ""
    dark: str = ""
    plain: str = ""
    bubbles: Sequence[tuple[str, int]] = ()
    lengths: str = ""
    #: Title and body of a push message.
    push: tuple[str, str] = ("", "")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Under which name the last good picture lies: whose, of what, and how it was looked at."""

    person: str
    key: library.Key
    sample: str
    language: str
    channel: str


_K = TypeVar("_K")
_V = TypeVar("_V")


class _Latest(Generic[_K, _V]):
    """The latest things of all who write; the oldest give way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: collections.OrderedDict[_K, _V] = collections.OrderedDict()

    def put(self, name: _K, thing: _V) -> None:
        with self._lock:
            self._kept[name] = thing
            self._kept.move_to_end(name)
            while len(self._kept) > KEPT_COUNT:
                self._kept.popitem(last=False)

    def get(self, name: _K) -> _V | None:
        with self._lock:
            return self._kept.get(name)


_last_good: _Latest[Kept, Picture] = _Latest()
#: Past cases by who looks, reference and contract.
_cases: _Latest[tuple[str, str, str], library.Sample] = _Latest()


def render_preview(request: HttpRequest, item: library.Item, mode: str, shelf: library.Shelf) -> HttpResponse:
    """The page that Wagtail's preview panel shows of a working copy.

    Args:
        request: of the person who writes.
        item: the working copy, as it is in the form.
        mode: the channel to begin with, "" for the first.
        shelf: what is live, and other working copies where they are to be seen.
    """
    chosen = _chosen(request)
    wish = previewing.Wish(
        sample=chosen.get("sample", ""), language=chosen.get("language", ""), channel=chosen.get("channel", "") or mode
    )
    communication = previewing.shown_in(item, shelf)
    case, problem = _case(request, chosen.get("case", ""), communication)
    laid_over = {**shelf, library.key(item): item}
    shown = previewing.preview(communication, laid_over, wish, given=studio.warm(), case=case)
    name = Kept(
        person=request.user.get_username(),
        key=library.key(item),
        sample=shown.sample,
        language=shown.language,
        channel=shown.channel,
    )
    picture = _pictured(shown)
    if picture is not None:
        _last_good.put(name, picture)
    errors = [one for one in shown.findings if one.severity is templates.FindingSeverity.ERROR]
    view = chosen.get("view", "")
    words = {
        "shown": shown,
        "item_kind": name.key.kind,
        "item_name": name.key.name,
        "is_other": communication.name != item.name,
        "picture": picture or _last_good.get(name),
        "is_old": picture is None,
        "errors": errors[:FINDINGS_SHOWN],
        "errors_left": max(0, len(errors) - FINDINGS_SHOWN),
        "channels": [(str(channel), _CHANNEL_NAMES.get(channel, channel)) for channel in shown.channels],
        "views": [(value, label) for value, (label, _) in VIEWS.items()],
        "view": view if view in VIEWS else "desktop",
        "can_see_cases": gate.has(request, staff.Right.READ_CUSTOMERS),
        "case": chosen.get("case", ""),
        "case_problem": problem,
        "width": VIEWS.get(view, VIEWS["desktop"])[1],
    }
    response = render(request, "console/preview.html", words)
    response["Content-Security-Policy"] = POLICY
    return response


@require_POST
def proof_page(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """Send the person who asks a proof of a working copy as it is saved; says what came of it."""
    try:
        item = drafts.read(library.Kind(kind), name)
    except ValueError as error:
        raise Http404(kind) from error
    if item is None:
        return JsonResponse({"told": "Save it first: the proof is made of what is saved."})
    wish = previewing.Wish(
        sample=request.POST.get("sample", ""),
        language=request.POST.get("language", ""),
        channel=request.POST.get("channel", ""),
    )
    answer = proofing.send(
        item, drafting.shelf_for(item), wish, by=gate.name(request), address=cast("AbstractUser", request.user).email
    )
    if isinstance(answer, proofing.NotSent):
        return JsonResponse({"told": f"Not sent: {answer.detail}."})
    return JsonResponse({"told": f"Sent to {answer.address}, as it is saved."})


def _case(request: HttpRequest, ref: str, communication: library.Communication) -> tuple[library.Sample | None, str]:
    """The past case that is asked for, its person made up, or why there is none. Looked up once while one types."""
    if not ref or not gate.has(request, staff.Right.READ_CUSTOMERS):
        return None, ""
    name = (gate.name(request), ref[:CASE_CHARACTERS_MAX], communication.contract)
    known = _cases.get(name)
    if known is None:
        known = previewing.past_case(name[1], communication, by=name[0])
        if known is None:
            return None, f"There is no past case {name[1]!r} in which something was said."
        _cases.put(name, known)
    return known, ""


def _chosen(request: HttpRequest) -> Mapping[str, str]:
    """What the page's script keeps: sample, language, channel and view."""
    found = parse_qs(unquote(request.COOKIES.get(COOKIE, "")[:COOKIE_CHARACTERS_MAX]))
    return {name: values[-1] for name, values in found.items()}


def _pictured(shown: previewing.Shown) -> Picture | None:
    """What would leave as it is looked at; `None` where nothing can be made."""
    if shown.rendition is None or shown.manuscript is None:
        return None
    bare = Picture(channel=shown.channel, rendition=shown.rendition, manuscript=shown.manuscript)
    content = shown.rendition.content
    match shown.rendition.channel:
        case parties.ChannelKind.LETTER:
            pages = [f"data:image/jpeg;base64,{_ascii(page)}" for page in pictures.sheets(content, PAGES_SHOWN)]
            return msgspec.structs.replace(bare, pages=pages, pages_left=shown.rendition.units - len(pages))
        case parties.ChannelKind.EMAIL:
            mail = pictures.mail(content)
            light, dark = _DARK.sub("@media not all", mail.html), _DARK.sub("@media all", mail.html)
            return msgspec.structs.replace(bare, html=light, dark=dark, plain=mail.plain)
        case parties.ChannelKind.SMS:
            cut = sms.segments(content.decode())
            lengths = f"{len(cut.parts)} of {shown.manuscript.words.sms_segments} segments, {cut.encoding}"
            return msgspec.structs.replace(
                bare, bubbles=list(zip(cut.parts, cut.lengths, strict=True)), lengths=lengths
            )
        case _:
            words = shown.manuscript.words
            return msgspec.structs.replace(bare, push=(words.push_title, words.push_body))


def _ascii(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
