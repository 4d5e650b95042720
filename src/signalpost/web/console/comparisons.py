"""Two versions of an item beside each other: as text, and as their readers would see them.

Both sides are laid out by the engines that lay out what is sent, with everything else as it is live, or as the release
would have it that the comparison is asked for.
"""

import base64
import contextlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from signalpost.acts import previewing, releasing, studio
from signalpost.flow import differences, outlines
from signalpost.govern import uses
from signalpost.vocabulary import library, parties
from signalpost.web.console import marking, naming, pages, pictures, versions

#: What an address may ask for; the rest is left out of the links that a page makes.
_ASKED = ("before", "after", "release", "in", "sample", "language", "channel", "all")
#: Communications that use an item, to choose from.
USERS_SHOWN = 100


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One version."""

    label: str
    note: str
    item: library.Item | None
    shown: previewing.Shown | None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A choice of the form."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of pages, `data:` addresses; "" where one side has no such page."""

    number: int
    before: str
    after: str
    marks_before: int
    marks_after: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Both versions as their readers see them."""

    letters: Sequence[Letter] = ()
    pages: str = ""
    mails: tuple[str, str] | None = None
    passages: Sequence[differences.Passage] = ()
    problems: Sequence[str] = ()
    is_same: bool = False


@require_GET
def compared_page(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """Two versions of an item."""
    key = versions.known(kind, name)
    asked = {field: request.GET.get(field, "") for field in _ASKED}
    before, after = _version(key, asked["before"]), _version(key, asked["after"])
    latest = after or before
    if latest is None:
        raise Http404(name)
    sections = outlines.compare(before, after)
    shown = _shown(key, before, after, asked)
    named = naming.named(key, latest.title)
    frame = pages.frame(
        "Compare", icon=named.icon, trail=[(reverse("releases"), "Releases"), *_from(asked), (named.url, named.title)]
    )
    return render(
        request,
        "console/releases/compared.html",
        {
            **frame,
            "named": named,
            "sides": (_label(key, asked["before"]), _label(key, asked["after"])),
            "sections": [section for section in sections if asked["all"] or section.is_changed()],
            "has_hidden": not asked["all"] and any(not one.is_changed() for one in sections),
            "shows_all": bool(asked["all"]),
            "all_url": _address(asked, all="" if asked["all"] else "1"),
            "choices": _choices(key, shown, asked),
            "kept": [(field, asked[field]) for field in ("before", "after", "release", "all") if asked[field]],
            "seen": _seen(shown),
            "channel": next((one.channel for one in shown if one is not None), ""),
        },
    )


def _version(key: library.Key, digest: str) -> library.Item | None:
    if digest == versions.DRAFT:
        return versions.working_copy(key)
    if not digest:
        return None
    try:
        item = releasing.item(digest)
    except LookupError as error:
        raise Http404(digest) from error
    if library.key(item) != key:
        raise Http404(digest)
    return item


def _from(asked: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    if not asked["release"]:
        return ()
    with contextlib.suppress(LookupError):
        release = releasing.release(asked["release"])
        return [(reverse("release", args=[release.ref]), release.title or release.ref)]
    raise Http404(asked["release"])


def _label(key: library.Key, digest: str) -> tuple[str, str]:
    """What a version is called, and who wrote it."""
    if digest == versions.DRAFT:
        return "Working copy", "not in a release as it is"
    if not digest:
        return "Nothing", "there is no such version"
    past = next((one for one in releasing.history(key) if one.digest == digest), None)
    if past is None:
        return digest[:8], ""
    is_live = any(time.until is None for time in past.live_times())
    return f"Version {digest[:8]}", f"by {past.author}{', live' if is_live else ''}"


def _shown(
    key: library.Key, before: library.Item | None, after: library.Item | None, asked: Mapping[str, str]
) -> tuple[previewing.Shown | None, previewing.Shown | None]:
    """Both versions as the channel shows them; `None` where there is none, or nothing shows it."""
    live = releasing.shelf()
    later = releasing.shelf_with(asked["release"]) if asked["release"] else live
    wish = previewing.Wish(sample=asked["sample"], language=asked["language"], channel=asked["channel"])
    return _one(key, before, live, wish, asked["in"]), _one(key, after, later, wish, asked["in"])


def _one(
    key: library.Key, item: library.Item | None, shelf: library.Shelf, wish: previewing.Wish, inside: str
) -> previewing.Shown | None:
    if item is None or key.kind not in _VISIBLE:
        return None
    laid_over = {**shelf, key: item}
    chosen = laid_over.get(library.Key(kind=library.Kind.COMMUNICATION, name=inside))
    communication = chosen if isinstance(chosen, library.Communication) else previewing.shown_in(item, laid_over)
    return previewing.preview(communication, laid_over, wish, given=studio.warm())


#: What can be seen: the business side's items decide who gets something, not what it looks like.
_VISIBLE = library.COMMUNICATIONS_SIDE


def _seen(shown: tuple[previewing.Shown | None, previewing.Shown | None]) -> Seen | None:
    """Both sides with what differs marked; `None` where neither can be seen."""
    given = [one for one in shown if one is not None]
    if not given:
        return None
    contents = [one.rendition.content if one is not None and one.rendition is not None else b"" for one in shown]
    problems = [f"{finding.place}: {finding.message}" for one in given for finding in one.findings if not one.rendition]
    if not any(contents):
        return Seen(problems=problems)
    match given[0].channel:
        case parties.ChannelKind.LETTER:
            return _letters(contents[0], contents[1], problems)
        case parties.ChannelKind.EMAIL:
            return _mails(contents[0], contents[1], problems)
        case _:
            texts = [content.decode("utf-8", errors="replace") for content in contents]
            found = _texts(texts[0], texts[1])
            return Seen(passages=found, problems=problems, is_same=not differences.is_changed(found))


def _letters(before: bytes, after: bytes, problems: Sequence[str]) -> Seen:
    found = marking.letters(before, after)
    count = max(len(found.before), len(found.after))
    pairs = [
        Letter(
            number=number + 1,
            before=_data(found.before, number),
            after=_data(found.after, number),
            marks_before=found.before[number].marks if number < len(found.before) else 0,
            marks_after=found.after[number].marks if number < len(found.after) else 0,
        )
        for number in range(count)
    ]
    is_same = not found.marks() and found.pages_before == found.pages_after
    counts = f"{found.pages_before} and {found.pages_after} pages"
    more = f", the first {count} are shown" if count < max(found.pages_before, found.pages_after) else ""
    return Seen(letters=pairs, pages=counts + more, problems=problems, is_same=is_same)


def _data(sheets: Sequence[marking.Sheet], number: int) -> str:
    if number >= len(sheets):
        return ""
    return f"data:image/webp;base64,{base64.b64encode(sheets[number].content).decode('ascii')}"


def _mails(before: bytes, after: bytes, problems: Sequence[str]) -> Seen:
    old, new = pictures.mail(before), pictures.mail(after)
    passages = (*_texts(old.subject, new.subject, "Subject"), *_texts(old.plain, new.plain))
    is_same = old == new
    return Seen(mails=marking.mails(old.html, new.html), passages=passages, problems=problems, is_same=is_same)


def _texts(before: str, after: str, label: str = "Line") -> tuple[differences.Passage, ...]:
    """Two texts line by line; empty lines only part the others."""

    def lines(text: str) -> list[differences.Line]:
        said = [line.strip() for line in text.splitlines() if line.strip()]
        return [differences.Line(place=f"[{number}]", label=label, text=line) for number, line in enumerate(said)]

    return differences.passages(lines(before), lines(after))


def _choices(
    key: library.Key,
    shown: tuple[previewing.Shown | None, previewing.Shown | None],
    asked: Mapping[str, str],
) -> Sequence[Chosen]:
    """In what it is seen: which communication, sample, language, channel."""
    one = shown[1] or shown[0]
    if one is None:
        return ()
    shelf = releasing.shelf_with(asked["release"]) if asked["release"] else releasing.shelf()
    users = [use for use in uses.where_used(key, shelf) if use.key.kind is library.Kind.COMMUNICATION]
    found = [
        Chosen(
            name="in",
            label="Seen in",
            options=[(use.key.name, use.title) for use in users[:USERS_SHOWN]],
            value=one.communication,
        ),
        Chosen(name="sample", label="Sample", options=[(name, name) for name in one.samples], value=one.sample),
        Chosen(name="language", label="Language", options=[(name, name) for name in one.languages], value=one.language),
        Chosen(
            name="channel",
            label="Channel",
            options=[(name.value, name.value) for name in one.channels],
            value=one.channel,
        ),
    ]
    return [choice for choice in found if choice.options]


def _address(asked: Mapping[str, str], **changed: str) -> str:
    return "?" + urlencode({field: value for field, value in {**asked, **changed}.items() if value})
