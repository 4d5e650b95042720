"""Drafts by kind and name: what the door of the room does."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from typing import cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction

from signalpost.drafts import UnwritableError, base, trees
from signalpost.store import library as shelves
from signalpost.vocabulary import library


def model(kind: library.Kind) -> type[base.Draft]:
    """The model of a kind.

    Raises:
        LookupError: drafts of the kind are not kept.
    """
    for each in apps.get_app_config("drafts").get_models():
        if issubclass(each, base.Draft) and each.is_item and each.kind == kind:
            return each
    raise LookupError(f"drafts: wanted a kind that is kept, got {kind.value!r}")


def row(kind: library.Kind, name: str) -> base.Draft | None:
    """The row of a draft."""
    return model(kind)._default_manager.filter(name=name).first()  # noqa: SLF001 - Django's own name for it


def names(kind: library.Kind) -> tuple[str, ...]:
    """See `drafts.names`."""
    found = model(kind)._default_manager.order_by("name").values_list("name", flat=True)  # noqa: SLF001
    return tuple(cast("list[str]", list(found)))


def options(kind: library.Kind) -> list[tuple[str, str]]:
    """Name and title of what there is, for choices."""
    found = model(kind)._default_manager.order_by("title", "name").values_list("name", "title")  # noqa: SLF001
    return [(name, title or name) for name, title in cast("list[tuple[str, str]]", list(found))]


def read(kind: library.Kind, name: str) -> library.Item | None:
    """See `drafts.read`."""
    found = row(kind, name)
    return None if found is None else found.item()


def write(item: library.Item, *, by: str) -> None:
    """See `drafts.write`."""
    key = library.key(item)
    with transaction.atomic():
        found = row(key.kind, key.name) or model(key.kind)(name=key.name)
        try:
            if found.is_same(item):
                return
            found.take(item)
            keep(found, by=by)
            found.take_parts(item, by=by)
        except (trees.TooDeepError, trees.UnkeepableError) as error:
            raise UnwritableError(f"{key.kind.value} {key.name!r}: {error}") from error


def keep(found: base.Draft, *, by: str) -> None:
    """Save a row that has changed, and a revision of it."""
    user = get_user_model()._default_manager.filter(username=by).first()  # noqa: SLF001
    found.changed_by = by
    found.save_revision(user, clean=False)


def editors(kind: library.Kind, name: str) -> frozenset[str]:
    """See `drafts.editors`."""
    found = row(kind, name)
    return frozenset() if found is None else found.changed_by_whom(live_digest(kind, name))


def live_digest(kind: library.Kind, name: str) -> str:
    """Digest of the item as it is live, "" where nothing of the name is."""
    return shelves.live().get(library.Key(kind=kind, name=name), "")


def digests(kind: library.Kind) -> dict[str, str]:
    """See `drafts.digests`."""
    return {name: found for found, name in _digests(kind)}


def _digests(kind: library.Kind) -> list[tuple[str, str]]:
    """Digest and name of each; of a communication that which its editions were saved with last."""
    of = model(kind)
    if kind is not library.Kind.COMMUNICATION:
        return list(of._default_manager.values_list("digest", "name"))  # noqa: SLF001
    return [(library.digest(found.item()), found.name) for found in of._default_manager.all()]  # noqa: SLF001


def edition_row(communication: str, language: str) -> int:
    """See `drafts.edition_row`."""
    from signalpost.drafts import communications  # noqa: PLC0415 - models refer to this module

    found = communications.Edition.objects.filter(communication__name=communication, language=language).first()
    if found is None:
        raise LookupError(f"edition {language!r} of {communication!r}: wanted one, got none")
    return found.pk
