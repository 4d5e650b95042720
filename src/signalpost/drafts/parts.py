"""What forms of blocks are made of: texts, numbers, choices, lists, names of other items, forms of plain records."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import datetime as dt
import enum
import functools
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from django import forms
from wagtail import blocks

from signalpost.drafts import inputs, markup
from signalpost.vocabulary import library

#: How many elements one list of a form may have; a browser shows no more with comfort.
ELEMENTS_MAX = 60


class Text(blocks.FieldBlock):
    """A text of the template language."""

    def __init__(
        self,
        *,
        is_marked: bool = False,
        has_lines: bool = False,
        required: bool = False,
        help_text: str = "",
        label: str = "",
        widget: forms.Widget | None = None,
        max_length: int = markup.TEXT_CHARACTERS_MAX,
        default: str = "",
    ) -> None:
        """Choose how it is edited."""
        self.is_marked, self.has_lines = is_marked, has_lines
        self._widget = widget
        self._given = {"required": required, "help_text": help_text, "validators": [_at_most(max_length)]}
        super().__init__(label=label or None, default=default)

    @functools.cached_property
    def field(self) -> forms.CharField:
        """Made when the form is: the editor needs all models."""
        from signalpost.drafts import writing  # noqa: PLC0415 - imported by models

        widget = self._widget or writing.TextArea(is_marked=self.is_marked, has_lines=self.has_lines)
        return forms.CharField(strip=False, widget=widget, **self._given)

    def get_searchable_content(self, value: str) -> list[str]:
        """What the search finds."""
        return [value]

    class Meta:
        icon = "pilcrow"


def _at_most(limit: int) -> Callable[[str], None]:
    def check(value: str) -> None:
        if len(value) > limit:
            raise forms.ValidationError(f"Wanted at most {limit:,} characters, got {len(value):,}.")

    return check


class Whole(blocks.FieldBlock):
    """A whole number among some, or between two."""

    def __init__(
        self,
        *,
        low: int = 1,
        high: int = 100,
        default: int,
        label: str,
        choices: Sequence[tuple[int, str]] = (),
        help_text: str = "",
    ) -> None:
        """Choose what may be entered."""
        if choices:
            self.field: forms.Field = forms.TypedChoiceField(
                choices=choices, coerce=int, empty_value=None, help_text=help_text, required=False
            )
        else:
            self.field = forms.IntegerField(min_value=low, max_value=high, help_text=help_text, required=False)
        super().__init__(label=label, default=default)

    class Meta:
        icon = "order"


def line(label: str, help_text: str = "") -> Text:
    """A text without marks."""
    return Text(label=label, help_text=help_text)


def marked(label: str, help_text: str = "") -> Text:
    """A text with marks and links."""
    return Text(label=label, help_text=help_text, is_marked=True)


def code(widget: forms.Widget, label: str, help_text: str = "", default: str = "") -> Text:
    """A text that is no text of the template language."""
    return Text(label=label, help_text=help_text, widget=widget, max_length=CODE_CHARACTERS_MAX, default=default)


#: As `flow.expressions` allows.
CODE_CHARACTERS_MAX = 2_000


def choice(options: Sequence[tuple[str, str]], label: str, default: str) -> blocks.ChoiceBlock:
    """One of several."""
    return blocks.ChoiceBlock(choices=options, label=label, default=default, required=True)


def several(of: blocks.Block, label: str, help_text: str = "", *, maximum: int = ELEMENTS_MAX) -> blocks.ListBlock:
    """A list of elements."""
    return blocks.ListBlock(of, label=label, help_text=help_text, max_num=maximum, min_num=0, default=[])


class Named(blocks.FieldBlock):
    """Another item of the library, by its name: one that is there is chosen, one that comes later is kept."""

    def __init__(self, kind: library.Kind, label: str, help_text: str = "") -> None:
        """Offer the drafts of a kind."""
        self.kind = kind
        self.field = NameField(kind, help_text=help_text)
        super().__init__(label=label, default="")

    def extract_references(self, value: str) -> Iterator[tuple[type, str, str, str]]:
        """Where the other is used, for Wagtail's index of references."""
        from signalpost.drafts import keeping  # noqa: PLC0415 - models speak of blocks

        found = keeping.row(self.kind, value)
        if found is not None:
            yield type(found), str(found.pk), "", ""

    class Meta:
        icon = "snippet"


class NameField(forms.ChoiceField):
    """A choice among the names of a kind; a name that is set and not there is kept and shown as missing."""

    def __init__(
        self, kind: library.Kind, *, help_text: str = "", is_optional: bool = True, empty: str = "Choose …"
    ) -> None:
        """Offer what is there when the form is shown."""
        self.kind = kind
        self.empty = empty
        super().__init__(required=not is_optional, help_text=help_text, choices=self._options)

    def _options(self) -> list[tuple[str, str]]:
        from signalpost.drafts import keeping  # noqa: PLC0415 - models speak of blocks

        there = keeping.options(self.kind)
        missing = set(inputs.kept(self.kind)) - {name for name, _ in there}
        return [("", self.empty), *there, *((name, f"{name} (not here)") for name in sorted(missing))]

    def valid_value(self, value: str) -> bool:
        """Any name: another author may rename or bring it; the review tells what is missing."""
        del value
        return True


def struct_of(record: type[msgspec.Struct], labels: Mapping[str, str], **meta: object) -> blocks.StructBlock:
    """The form of a record of texts, numbers, choices, days and fixed groups of texts.

    Args:
        record: the record; its fields with a label are shown, in the order of the labels.
        labels: field → label, or label and help divided by a line end.
        meta: Wagtail's options: icon, label.
    """
    types = {field.name: field for field in msgspec.structs.fields(record)}
    made = [(name, _block_of(types[name], *label.partition("\n")[::2])) for name, label in labels.items()]
    return blocks.StructBlock(made, **meta)


def _block_of(field: msgspec.structs.FieldInfo, label: str, help_text: str) -> blocks.Block:
    kind = field.type
    default = None if field.default is msgspec.NODEFAULT else field.default
    words = {"label": label, "help_text": help_text}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        options = [(str(each.value), str(each.value).replace("_", " ")) for each in kind]
        return blocks.ChoiceBlock(choices=options, default=default or options[0][0], **words)
    if typing.get_origin(kind) is tuple:
        number = len(typing.get_args(kind))
        each = blocks.CharBlock(required=False, label=label)
        return blocks.ListBlock(each, min_num=number, max_num=number, default=[""] * number, **words)
    of_kind = _PLAIN.get(kind)
    if of_kind is None:
        return code(forms.TextInput(), label, help_text, default=str(default or ""))
    return of_kind(required=False, default=default, **words)


_PLAIN: Mapping[object, type[blocks.FieldBlock]] = {
    bool: blocks.BooleanBlock,
    int: blocks.IntegerBlock,
    int | None: blocks.IntegerBlock,
    float: blocks.FloatBlock,
    dt.date | None: blocks.DateBlock,
}
