"""Columns of the drafts: trees of blocks, texts of the template language, names of other items."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Iterator, Sequence
from typing import TypeAlias, cast

from django import forms
from django.core import validators
from django.db import models
from wagtail import blocks as wagtail_blocks
from wagtail import fields as wagtail_fields

from signalpost.drafts import markup, parts
from signalpost.vocabulary import library, records

_Made: TypeAlias = "tuple[str, str, list[object], dict[str, object]]"

#: Characters of the name of an item: it stands in addresses, folders and files.
NAME_CHARACTERS = 100
TITLE_CHARACTERS = 200
NAME = validators.RegexValidator(
    r"^[a-zA-Z0-9][a-zA-Z0-9._-]*\Z",
    "Wanted letters, digits, points, hyphens and underscores, beginning with a letter or digit.",
)


def _label(name: object) -> str:
    """The name of a column as a form shows it."""
    text = str(name)
    return text[:1].upper() + text[1:]


class TreeField(wagtail_fields.StreamField):
    """A stream of blocks whose definitions are no part of migrations: they change, and the table does not."""

    def deconstruct(self) -> _Made:
        """As migrations write it."""
        name, path, _, kwargs = cast("_Made", models.Field.deconstruct(self))
        return name, path, [[]], kwargs


class MarkupField(models.TextField):
    """A text of the template language."""

    def __init__(self, *args: object, is_marked: bool = False, has_lines: bool = False, **kwargs: object) -> None:
        """Choose how it is edited."""
        self.is_marked, self.has_lines = is_marked, has_lines
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: object) -> forms.Field | None:
        """With the editor that shows chips."""
        del kwargs
        from signalpost.drafts import writing  # noqa: PLC0415 - imported by models

        widget = writing.TextArea(is_marked=self.is_marked, has_lines=self.has_lines)
        limit = validators.MaxLengthValidator(markup.TEXT_CHARACTERS_MAX)
        required = not self.blank
        return forms.CharField(
            widget=widget, strip=False, required=required, label=_label(self.verbose_name),
            help_text=self.help_text, validators=[limit],
        )  # fmt: skip


class ReferenceField(models.CharField):
    """The name of another item of the library."""

    def __init__(
        self, *args: object, kind: library.Kind | None = None, empty: str = "Choose …", **kwargs: object
    ) -> None:
        """Say of which kind."""
        self.kind, self.empty = kind, empty
        kwargs.setdefault("max_length", NAME_CHARACTERS)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: object) -> forms.Field | None:
        """A choice among what is there."""
        del kwargs
        assert self.kind is not None
        field = parts.NameField(self.kind, help_text=str(self.help_text), is_optional=self.blank, empty=self.empty)
        field.label = _label(self.verbose_name)
        return field

    def extract_references(self, value: str) -> Iterator[tuple[type, str, str, str]]:
        """Where the other is used, for Wagtail's index of references."""
        assert self.kind is not None
        yield from parts.Named(self.kind, "").extract_references(value)


def _nothing() -> list[str]:
    return []


class _ListField(models.JSONField):
    """A list of texts."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Begin empty."""
        super().__init__(*args, **{"default": _nothing, "blank": True, **kwargs})

    def deconstruct(self) -> _Made:
        """As migrations write it: the column alone."""
        name, path, args, kwargs = cast("_Made", super().deconstruct())
        kwargs.pop("default", None)
        return name, path, args, kwargs


class TickedField(_ListField):
    """Boxes that are ticked."""

    def __init__(self, *args: object, options: Sequence[tuple[str, str]] = (), **kwargs: object) -> None:
        """Say what there is to tick."""
        self.options = options
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: object) -> forms.Field | None:
        """Boxes to tick."""
        del kwargs
        return forms.MultipleChoiceField(
            choices=self.options, widget=forms.CheckboxSelectMultiple, required=False,
            label=_label(self.verbose_name), help_text=str(self.help_text),
        )  # fmt: skip


class _Lines(forms.CharField):
    """A list of texts as lines."""

    widget = forms.Textarea(attrs={"rows": "4"})

    def prepare_value(self, value: object) -> object:
        """The lines as one text."""
        return "\n".join(cast("list[str]", value)) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:
        """The lines that hold something."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class LinesField(_ListField):
    """Lines of text."""

    def formfield(self, **kwargs: object) -> forms.Field | None:
        """A text area, one line for each element."""
        del kwargs
        return _Lines(required=False, label=_label(self.verbose_name), help_text=str(self.help_text))


def stream(tree: list[records.Json], of: wagtail_blocks.StreamBlock) -> wagtail_blocks.StreamValue:
    """What a `TreeField` is given, from the form that `trees` makes."""
    return wagtail_blocks.StreamValue(of, tree, is_lazy=True)


def raw(value: wagtail_blocks.StreamValue) -> list[records.Json]:
    """What a `TreeField` holds, as `trees` reads it."""
    return cast("list[records.Json]", value.get_prep_value())
