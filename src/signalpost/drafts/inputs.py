"""Inputs of the forms: conditions, paths of lists, sources; and what chips are called.

What a browser does with them stands in `web/console/static/console/authoring.js`; each marks itself by a `data-sp-…`
attribute. Without a script they are plain text areas of the same text.
"""

import contextlib
import contextvars
from collections.abc import Generator, Mapping

from django import forms

from signalpost.drafts import markup
from signalpost.vocabulary import library, parties

#: Path → what the contract of the form at hand calls it; chips show it.
_names: contextvars.ContextVar[Mapping[str, str]] = contextvars.ContextVar("names of fields")
CHANNELS = (
    (parties.ChannelKind.LETTER.value, "Letter"),
    (parties.ChannelKind.EMAIL.value, "E-mail"),
    (parties.ChannelKind.PORTAL.value, "Web"),
    (parties.ChannelKind.SMS.value, "SMS"),
    (parties.ChannelKind.PUSH.value, "Push"),
    (parties.ChannelKind.WEBHOOK.value, "Webhook, for other systems"),
)
_kept: contextvars.ContextVar[frozenset[library.Key]] = contextvars.ContextVar("items that a form refers to")
_NO_NAMES: Mapping[str, str] = {}
_NOTHING_KEPT: frozenset[library.Key] = frozenset()


@contextlib.contextmanager
def shown_for(names: Mapping[str, str], kept: frozenset[library.Key]) -> Generator[None]:
    """While a form is shown: what its fields of the data are called, and which items it refers to, there or not."""
    tokens = _names.set(names), _kept.set(kept)
    try:
        yield
    finally:
        _names.reset(tokens[0])
        _kept.reset(tokens[1])


def kept(kind: library.Kind) -> list[str]:
    """The names of a kind that the form at hand refers to: none is lost because its item is not there."""
    return sorted(key.name for key in _kept.get(_NOTHING_KEPT) if key.kind is kind)


def label(path: str, form: str) -> str:
    """What a chip says: the contract's name of the field, or the words of its path, with the format."""
    name = _names.get(_NO_NAMES).get(path, "")
    shown = form.replace("_", " ").replace(":", " ")
    return markup.described(path, form) if not name else f"{name} ({shown})" if shown else name


def condition() -> forms.Textarea:
    """A condition in CEL, checked as it is typed."""
    attrs = {"rows": "2", "data-sp-condition": "", "spellcheck": "false", "autocapitalize": "off", "class": "sp-code"}
    return forms.Textarea(attrs=attrs)


def expression() -> forms.Textarea:
    """An expression in CEL that gives a list."""
    attrs = {"rows": "1", "data-sp-expression": "", "spellcheck": "false", "autocapitalize": "off", "class": "sp-code"}
    return forms.Textarea(attrs=attrs)


def path(kind: str) -> forms.TextInput:
    """The path of a list in the data, or of a field of its elements."""
    attrs = {"data-sp-path": kind, "spellcheck": "false", "autocapitalize": "off", "class": "sp-code"}
    return forms.TextInput(attrs=attrs)


def source(kind: str) -> forms.Textarea:
    """Source of another language: JSON, Typst, SVG."""
    attrs = {"rows": "16", "data-sp-source": kind, "spellcheck": "false", "autocapitalize": "off", "class": "sp-code"}
    return forms.Textarea(attrs=attrs)


def colour() -> forms.TextInput:
    """A colour as `#rrggbb`, with the browser's own picker beside it."""
    return forms.TextInput(attrs={"data-sp-colour": "", "spellcheck": "false", "class": "sp-code", "maxlength": "7"})


def plain() -> forms.TextInput:
    """A word or name that is no text of the template language."""
    return forms.TextInput(attrs={"spellcheck": "false"})
