"""Translations as gettext PO files: the place is the context, so that the same text can be translated in two ways."""

import io
import pathlib
from collections.abc import Iterator

from babel.messages import pofile

from signalpost.playbooks import reading
from signalpost.playbooks.units import Unit, Units

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def written(units: Units, name: str) -> str:
    """The text of a PO file; no date and no tool is named, so that the same texts give the same file."""
    lines = [
        f"# {name}: {units.original_language} to {units.language}",
        'msgid ""',
        'msgstr ""',
        _quoted("MIME-Version: 1.0\n"),
        _quoted("Content-Type: text/plain; charset=UTF-8\n"),
        _quoted("Content-Transfer-Encoding: 8bit\n"),
        _quoted(f"Language: {units.language.replace('-', '_')}\n"),
    ]
    for unit in units.units:
        lines += [
            "",
            f"msgctxt {_quoted(unit.place)}",
            f"msgid {_wrapped(unit.original)}",
            f"msgstr {_wrapped(unit.translated)}",
        ]
    return "\n".join(lines) + "\n"


def read(path: pathlib.Path) -> Iterator[Unit]:
    """The units of a PO file; what is marked fuzzy is not translated (GNU gettext, 3.1).

    Raises:
        PlaybookError: it is no PO file.
    """
    try:
        catalog = pofile.read_po(io.BytesIO(reading.text_of(path).encode()), charset="utf-8", abort_invalid=True)
    except (pofile.PoFileError, ValueError) as error:
        raise reading.PlaybookError(f"{path}: wanted a PO file, got {error}") from error
    for message in catalog:
        if message.id and isinstance(message.id, str) and isinstance(message.string, str):
            yield Unit(
                place=message.context or "",
                original=message.id,
                translated="" if message.fuzzy else message.string,
                line=message.lineno or 1,
            )


def _quoted(text: str) -> str:
    return '"' + "".join([_ESCAPES.get(character, character) for character in text]) + '"'


def _wrapped(text: str) -> str:
    """A text with line ends takes a line for each of its own, as gettext's tools write it."""
    if "\n" not in text:
        return _quoted(text)
    parts = text.splitlines(keepends=True)
    return "\n".join(['""', *map(_quoted, parts)])
