"""Start a draft from a letter that exists, with its data: what was recognised, what was left out, and the working copy.

The file is read in a process of its own, bounded in memory and time: PDFium and a ZIP of XML are given what a stranger
made. Nothing is stored before a draft is whole.
"""

import pathlib
import subprocess
import sys
from collections.abc import Sequence

import msgspec
from django.db import transaction

from signalpost import drafts
from signalpost.acts import drafting, releasing
from signalpost.govern import staff
from signalpost.playbooks import load
from signalpost.playbooks.starting import __main__ as reader
from signalpost.playbooks.starting import data, draft, pieces
from signalpost.vocabulary import library, notices, records

LETTER_BYTES_MAX = 20_000_000
#: Longest wait for a letter to be read.
READ_SECONDS_MAX = 60
_SUFFIXES = {".pdf": "pdf", ".docx": "docx"}

#: Why no draft could be started: what was wanted, and got.
LetterError = pieces.LetterError
Draft = draft.Draft


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was given."""

    name: str
    content: bytes


def recognised(letter: Upload, rows: Upload | None, *, name: str, language: str, zone: str = "UTC") -> Draft:
    """What a letter and its data would become; nothing is stored.

    Raises:
        LetterError: there is nothing to start from; says why.
    """
    shelf = releasing.shelf()
    brand = next((item for _, item in sorted(shelf.items()) if isinstance(item, library.Brand)), None)
    return _made(
        letter,
        rows,
        draft.Wish(
            name=name,
            language=language,
            brand=brand.name if brand else "",
            country=brand.dress.country if brand else "",
            category=_category(shelf),
            zone=zone,
        ),
    )


def start_from(  # noqa: D417 - letter, rows and the rest as in `recognised`
    letter: Upload, rows: Upload | None, *, name: str, language: str, by: releasing.Person, zone: str = "UTC"
) -> Draft:
    """The same, kept as working copies: the communication, its contract, its images.

    Args:
        by: who starts it; it is their change.

    Raises:
        LetterError: there is nothing to start from, the name is taken, or the person may not write.
    """
    if not any(staff.Right.WRITE in staff.ROLE_RIGHTS[staff.Role(role)] for role in by.roles):
        raise LetterError("wanted somebody who may write communications")
    known = library.Key(kind=library.Kind.COMMUNICATION, name=name)
    if known in releasing.shelf() or drafts.read(known.kind, name) is not None:
        raise LetterError(f"name: wanted one that is free, got {name!r}")
    made = recognised(letter, rows, name=name, language=language, zone=zone)
    with transaction.atomic():
        for image in made.images:
            drafting.keep_file(made.files[image.digest], image.media_type)
            drafts.write(image, by=by.name)
        drafts.write(made.contract, by=by.name)
        drafts.write(made.communication, by=by.name)
    return made


def report(made: Draft) -> Sequence[str]:
    """What became of the letter, for people, one line each."""
    (edition,) = made.communication.editions
    counts = (
        (len(edition.body), "blocks"),
        (made.placeholders, "values of the data in the text"),
        (len(made.communication.samples), "samples"),
        (len(made.images), "images"),
    )
    lines = [", ".join(f"{count} {what}" for count, what in counts)]
    if made.left_to_layout:
        lines.append("left to the layout: " + " | ".join(made.left_to_layout[:20]))
    lines += [f"{note.place}: {note.what}" for note in made.notes]
    return lines


def _made(letter: Upload, rows: Upload | None, wish: draft.Wish) -> Draft:
    found: Sequence[data.Facts] = data.read(rows.content, rows.name) if rows else ({},)
    return draft.make(_read(letter), found, wish, load.base(pathlib.Path()))


def _read(letter: Upload) -> pieces.Letter:
    """The pieces of a letter, read in another process.

    Raises:
        LetterError: it cannot be read, or not within the bounds.
    """
    kind = _SUFFIXES.get(pathlib.PurePath(letter.name).suffix.lower())
    if kind is None:
        raise LetterError(f"letter: wanted a .pdf or .docx file, got {letter.name!r}")
    if len(letter.content) > LETTER_BYTES_MAX:
        raise LetterError(f"letter: wanted at most {LETTER_BYTES_MAX} bytes, got {len(letter.content)}")
    try:
        done = subprocess.run(  # noqa: S603 - this program, with a word of its own
            [sys.executable, "-I", "-m", "signalpost.playbooks.starting", kind],
            input=letter.content,
            capture_output=True,
            timeout=READ_SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LetterError(f"letter: wanted one that is read in {READ_SECONDS_MAX} seconds, got none") from error
    if done.returncode == reader.REFUSED:
        raise LetterError(f"letter: {done.stderr.decode(errors='replace')}")
    if done.returncode:
        raise LetterError("letter: wanted one that can be read within bounds of memory and time, got none")
    return records.decode(done.stdout, pieces.Letter)


def _category(shelf: library.Shelf) -> str:
    """The first category for what the contract owes, otherwise the first there is."""
    policy = next((item.policy for item in shelf.values() if isinstance(item, library.Policy)), None)
    rows = policy.categories if policy else ()
    contractual = [row.category for row in rows if row.legal_class is notices.LegalClass.CONTRACTUAL]
    return next(iter([*contractual, *(row.category for row in rows)]), "")
