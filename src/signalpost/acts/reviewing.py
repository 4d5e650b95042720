"""What a reviewer is shown of a release besides what it changes: what was found in it, and whom it leaves out."""

from collections.abc import Iterator

from django.core.cache import cache

from signalpost.acts import checking, excluding, previewing, proposals, releasing
from signalpost.flow.compose import check
from signalpost.govern import staff
from signalpost.vocabulary import library, templates

#: The place of an answer to a comment: this, then the comment's number.
REPLY = "#"
#: Who may be asked to look at a release.
REVIEWS = staff.Right.APPROVE
#: What was found in a release is kept so long; another content of the release has other findings.
KEPT_SECONDS = 86_400
#: Contents up to which everything is laid out again for the page (a second each at worst); beyond, what a text alone
#: shows is told, and that the rest was looked at when it was submitted.
LAID_OUT_CONTENTS = 12


def findings(release: library.Release) -> tuple[templates.Finding, ...]:
    """Everything to be said about what a release brings, errors first; places begin with the item's."""
    place = f"signalpost.findings.{release.ref}.{release.digest}"
    kept: tuple[templates.Finding, ...] | None = cache.get(place)
    if kept is None:
        kept = checking.in_order(dict.fromkeys(_found(release)))
        cache.set(place, kept, KEPT_SECONDS)
    return kept


def excluded(release: library.Release) -> tuple[tuple[str, excluding.Excluded], ...]:
    """Whom the communications that a release makes anew leave out, by communication."""
    shelf = releasing.shelf_with(release.ref)
    names = sorted({bound.communication for bound in release.contents if bound.content})
    return tuple((name, row) for name in names for row in excluding.excluded(name, shelf))


def _found(release: library.Release) -> Iterator[templates.Finding]:
    items = releasing.items(release.ref)
    yield from proposals.weigh(items, [change.key for change in release.changes if not change.digest]).findings
    shelf = releasing.shelf_with(release.ref)
    if sum(1 for bound in release.contents if bound.content) <= LAID_OUT_CONTENTS:
        yield from checking.check_release(release, shelf)
        return
    for content in releasing.contents(release.ref):
        key = library.Key(kind=library.Kind.COMMUNICATION, name=content.communication)
        communication = shelf.get(key)
        samples = communication.samples if isinstance(communication, library.Communication) else ()
        for found in check.check(content, [previewing.facts_of(sample) for sample in samples]):
            place = f"{key.kind} {key.name}: editions[{content.language}].{found.place}"
            yield templates.Finding(place=place, severity=found.severity, message=found.message, remedy=found.remedy)
