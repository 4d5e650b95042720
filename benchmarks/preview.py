"""`preview`: what a person who writes waits for."""

import statistics
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from django.http import HttpRequest

from benchmarks import figures, house
from signalpost.govern import staff
from signalpost.playbooks import load
from signalpost.vocabulary import library, templates

if TYPE_CHECKING:
    from signalpost.acts import releasing

#: A letter of two pages with a table.
COMMUNICATION = "bill-ready"
#: Share of the previews that are as quick as the figure says.
PERCENT = 95


def measure(scale: figures.Scale) -> Mapping[str, figures.Found]:
    """Previews after keystrokes."""
    with house.installed(keeps_apart=False):
        return {"preview_letter": _previews(scale.of(60, 6)), "freeze_version": _freezes(scale.of(10, 2))}


def _previews(count: int) -> figures.Found:
    """Milliseconds from a change of the text to the page with pictures of the letter."""
    from signalpost.acts import studio  # noqa: PLC0415 - Django is set up by now
    from signalpost.web.console import previewing  # noqa: PLC0415

    shelf: library.Shelf = {}
    for folder in load.BUILT_IN:
        shelf |= load.shelf(folder)[1]
    request = HttpRequest()
    request.user = _Author()  # pyright: ignore[reportAttributeAccessIssue] - what the view asks of a user
    took: list[float] = []
    try:
        for typed in _typing(shelf, count + 1):
            started = time.monotonic()
            page = previewing.render_preview(request, typed, "letter", shelf).content
            took.append((time.monotonic() - started) * 1_000)
            if page.count(b"data:image/jpeg") < 2:  # noqa: PLR2004 - two pages
                raise RuntimeError("preview: wanted pictures of two pages, got fewer")
    finally:
        studio.close(studio.warm())
    # The first one starts the worker.
    return figures.Found(sorted(took[1:])[(count * PERCENT) // 100 - 1])


def _freezes(count: int) -> figures.Found:
    """Seconds from the last approval to a frozen version in two languages, median."""
    from signalpost.acts import releasing  # noqa: PLC0415 - as above

    author = releasing.Person(name="ann", roles=frozenset({staff.Role.AUTHOR, staff.Role.OPERATIONS}))
    took: list[float] = []
    for typed in _typing(releasing.shelf(), count):
        made = _done(releasing.propose([typed], by=author, title="Typed"))
        _done(releasing.submit(made.ref, by=author, is_checked=True))
        *steps, last = releasing.steps(made.ref)
        for number, role in enumerate(steps):
            _done(releasing.sign_off(made.ref, by=_reviewer(number, role)))
        started = time.monotonic()
        _done(releasing.approve(made.ref, by=_reviewer(len(steps), last)))
        took.append(time.monotonic() - started)
    return figures.Found(statistics.median(took))


def _reviewer(number: int, role: str) -> "releasing.Person":
    from signalpost.acts import releasing  # noqa: PLC0415 - as above

    return releasing.Person(name=f"reviewer-{number}", roles=frozenset({role}))


def _done(answer: "library.Release | releasing.Refused") -> library.Release:
    if isinstance(answer, library.Release):
        return answer
    raise RuntimeError(f"freeze: {answer.text()}")


def _typing(shelf: library.Shelf, count: int) -> Iterator[library.Communication]:
    """The communication with another text each time."""
    found = shelf[library.Key(kind=library.Kind.COMMUNICATION, name=COMMUNICATION)]
    if not isinstance(found, library.Communication):
        raise TypeError(f"{COMMUNICATION!r}: wanted a communication, got {type(found).__name__}")
    long = templates.ParagraphBlock(text="We explain your bill. " * 120)
    for number in range(count):
        typed = templates.ParagraphBlock(text=f"Typed {'x' * number}")
        yield msgspec.structs.replace(
            found,
            editions=tuple(
                msgspec.structs.replace(edition, body=(*edition.body, long, typed)) for edition in found.editions
            ),
        )


class _Author:
    """Who looks."""

    @staticmethod
    def get_username() -> str:
        return "ann"

    @staticmethod
    def has_perm(_right: str) -> bool:
        return False
