"""The editor of texts: Wagtail's own, on the template language. Imported when a form is made: it needs all models."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Mapping

from django import forms
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea, DraftailRichTextAreaAdapter
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register

from signalpost.drafts import inputs, markup

#: How the editor's content state begins; anything else is plain text, by whoever posts without a script.
STATE_START = '{"'


class TextArea(DraftailRichTextArea):
    """Wagtail's rich text editor for texts of the template language."""

    def __init__(
        self, *, is_marked: bool = True, has_lines: bool = False, attrs: Mapping[str, str] | None = None
    ) -> None:
        """Offer marks and links or not, and line ends or not."""
        super().__init__(features=[], attrs=dict(attrs or {}))
        self.is_marked = is_marked
        bold = {"type": markup.BOLD, "icon": "bold", "description": "Bold"}
        italic = {"type": markup.ITALIC, "icon": "italic", "description": "Italic"}
        source = {"type": markup.SOURCE, "style": {"fontFamily": "ui-monospace, monospace"}}
        variable = {"type": markup.VARIABLE, "label": "Insert value", "description": "Value from the data"}
        link = {"type": markup.LINK, "icon": "link", "description": "Link"}
        self.options = {
            "entityTypes": [variable, link] if is_marked else [variable],
            "inlineStyles": [bold, italic, source] if is_marked else [source],
            "plugins": [{"type": "sp-lines" if has_lines else "sp-line"}],
            "enableLineBreak": False,
            "stripPastedStyles": not is_marked,
            "placeholder": "",
            "spellCheck": True,
            "maxListNesting": 0,
        }

    def format_value(self, value: str | None) -> str:
        """The text as the editor's content state."""
        return markup.to_state(value or "", is_marked=self.is_marked, label=inputs.label)

    def value_from_datadict(self, data: Mapping[str, str], files: object, name: str) -> str | None:
        """The text of the content state that was posted."""
        del files
        value = data.get(name)
        if value is None or not value.startswith(STATE_START):
            return value if value != "null" else ""
        try:
            return markup.from_state(value, is_marked=self.is_marked)
        except ValueError:
            return value

    @property
    def media(self) -> forms.Media:
        """The editor, and the chips right after it: before the first one is made."""
        return super().media + forms.Media(js=[versioned_static("console/authoring-text.js")])

    def use_required_attribute(self, initial: object) -> bool:
        """Say that something is missing in words, not by a bubble of the browser at a hidden input."""
        del initial
        return False


register(DraftailRichTextAreaAdapter(), TextArea)
