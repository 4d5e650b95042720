"""The versions of an item: whose they are, when and by whose approval they were live, and what uses the item."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from signalpost import drafts
from signalpost.acts import releasing
from signalpost.store import library as shelves
from signalpost.vocabulary import library
from signalpost.web.console import graphs, naming, pages

#: Versions that the page shows; older ones stay in the library.
VERSIONS_SHOWN = 100
#: The working copy among versions.
DRAFT = "draft"


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a version was live, with the approvals it rests on."""

    since: dt.datetime
    until: dt.datetime | None
    release: library.Release


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version as the page shows it."""

    digest: str
    author: str
    editors: Sequence[str]
    created_at: dt.datetime
    times: Sequence[Time]
    is_live: bool
    #: Where it is compared with the one before, "" for the first.
    compare_url: str


@require_GET
def item_page(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """An item with its versions."""
    key = known(kind, name)
    past = releasing.history(key)
    copy = working_copy(key)
    if not past and copy is None:
        raise Http404(name)
    versions = _versions(key, past[:VERSIONS_SHOWN])
    latest = copy or past[0].item()
    live = next((version.digest for version in versions if version.is_live), "")
    is_changed = copy is not None and library.digest(copy) != live
    return render(
        request,
        "console/releases/item.html",
        {
            **pages.frame(latest.title or name, icon=naming.ICONS[key.kind], trail=[(reverse("releases"), "Releases")]),
            "named": naming.named(key, latest.title),
            "versions": versions,
            "older_count": max(0, len(past) - VERSIONS_SHOWN),
            "has_copy": is_changed,
            "copy_editors": sorted(drafts.editors(key.kind, name)) if is_changed else (),
            "copy_url": naming.comparison(key, live, DRAFT),
            "compared": reverse("item_compared", args=[kind, name]),
            "releases": [one for one in releasing.releases(key=key) if one.state not in {"withdrawn", "ended"}],
        },
    )


@require_GET
def uses_page(request: HttpRequest, kind: str, name: str) -> HttpResponseBase:
    """What uses an item: a picture, and the list that says the same."""
    key = known(kind, name)
    shelf = releasing.shelf()
    item = shelf.get(key) or working_copy(key)
    if item is None:
        raise Http404(name)
    uses = releasing.where_used(key)
    own = naming.named(key, item.title)
    frame = pages.frame(
        f"Where {own.title} is used", icon=own.icon, trail=[(reverse("releases"), "Releases"), (own.url, own.title)]
    )
    return render(
        request,
        "console/releases/uses.html",
        {
            **frame,
            "named": own,
            "is_live": key in shelf,
            "graph": graphs.drawn(own, uses),
            "uses": [(naming.named(use.key, use.title), [naming.named(step) for step in use.through]) for use in uses],
            "kinds": _counted([use.key.kind for use in uses]),
        },
    )


def known(kind: str, name: str) -> library.Key:
    """The key that an address names."""
    key = naming.key_of(kind, name)
    if key is None:
        raise Http404(kind)
    return key


def working_copy(key: library.Key) -> library.Item | None:
    """The latest working copy of an item."""
    return drafts.read(key.kind, key.name)


def _versions(key: library.Key, past: Sequence[shelves.Past]) -> Sequence[Version]:
    releases: dict[str, library.Release] = {}
    found: list[Version] = []
    for number, version in enumerate(past):
        times = version.live_times()
        for time in times:
            releases.setdefault(time.release, releasing.release(time.release))
        before = past[number + 1].digest if number + 1 < len(past) else ""
        found.append(
            Version(
                digest=version.digest,
                author=version.author,
                editors=sorted(version.editors - {version.author}),
                created_at=version.created_at,
                times=[Time(since=one.since, until=one.until, release=releases[one.release]) for one in times],
                is_live=any(one.until is None for one in times),
                compare_url=naming.comparison(key, before, version.digest) if before else "",
            )
        )
    return found


def _counted(kinds: Sequence[library.Kind]) -> str:
    counts = [(naming.LABELS[kind].lower(), kinds.count(kind)) for kind in library.Kind if kind in kinds]
    return ", ".join(f"{count} {label}{'s' if count > 1 else ''}" for label, count in counts)
