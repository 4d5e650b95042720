"""Items of the library as pages name them: what kind they are, where they are read and compared."""

from collections.abc import Mapping
from urllib.parse import quote

import msgspec
from django.urls import reverse

from signalpost.vocabulary import library

Kind = library.Kind

LABELS: Mapping[library.Kind, str] = {
    Kind.COMMUNICATION: "Communication",
    Kind.TEXT: "Shared text",
    Kind.BRAND: "Brand",
    Kind.IMAGE: "Image",
    Kind.INSERT: "Insert",
    Kind.LAYOUT: "Layout",
    Kind.LANGUAGE: "Language",
    Kind.CONTRACT: "Data contract",
    Kind.TRIGGER: "Trigger",
    Kind.SEGMENT: "Segment",
    Kind.POLICY: "Channel policy",
}
#: Wagtail's names of icons.
ICONS: Mapping[library.Kind, str] = {
    Kind.COMMUNICATION: "mail",
    Kind.TEXT: "doc-full",
    Kind.BRAND: "tag",
    Kind.IMAGE: "image",
    Kind.INSERT: "doc-empty",
    Kind.LAYOUT: "code",
    Kind.LANGUAGE: "globe",
    Kind.CONTRACT: "table",
    Kind.TRIGGER: "redirect",
    Kind.SEGMENT: "group",
    Kind.POLICY: "list-ul",
}


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """An item on a page."""

    kind: str
    name: str
    title: str
    icon: str
    #: Its versions.
    url: str
    #: What uses it.
    uses_url: str


def named(key: library.Key, title: str = "") -> Named:
    """An item by its key."""
    return Named(
        kind=LABELS[key.kind],
        name=key.name,
        title=title or key.name,
        icon=ICONS[key.kind],
        url=reverse("item", args=[key.kind, key.name]),
        uses_url=reverse("item_uses", args=[key.kind, key.name]),
    )


def key_of(kind: str, name: str) -> library.Key | None:
    """The key that an address names; `None` for a kind that does not exist."""
    known = {each.value: each for each in library.Kind}
    return library.Key(kind=known[kind], name=name) if kind in known else None


def comparison(key: library.Key, before: str, after: str) -> str:
    """Where two versions are compared, by digest; "" is "nothing"."""
    base = reverse("item_compared", args=[key.kind, key.name])
    return f"{base}?before={quote(before)}&after={quote(after)}"
