"""Forms that look at more than a field: files that are uploaded, logos, colours."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import re

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

from signalpost.drafts import files

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class DraftForm(WagtailAdminModelForm):
    """A working copy: what is live keeps its name, because everything else refers to it by that."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Fix the name of what is live."""
        from signalpost.drafts import keeping  # noqa: PLC0415 - it finds models, which name their forms

        super().__init__(*args, **kwargs)
        if "name" in self.fields and self.instance.pk and keeping.live_digest(self.instance.kind, self.instance.name):
            self.fields["name"].disabled = True


class BrandForm(DraftForm):
    """A brand: its logo draws and does nothing else, its colours are colours."""

    def clean_logo_svg(self) -> str:
        """The logo without what it does not need.

        Raises:
            forms.ValidationError: it may not be used; says why.
        """
        given = str(self.cleaned_data.get("logo_svg") or "")
        if not given.strip() or given == self.instance.logo_svg:
            return given
        try:
            return files.clean_svg(given.encode()).decode()
        except files.UnfitError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_primary(self) -> str:
        """A colour."""
        return _colour(self.cleaned_data["primary"])

    def clean_on_primary(self) -> str:
        """A colour."""
        return _colour(self.cleaned_data["on_primary"])


def _colour(text: str) -> str:
    if text and not _COLOUR.fullmatch(text):
        raise forms.ValidationError(f"Wanted a colour like #0b4f94, got {text!r}.")
    return text


class ImageForm(DraftForm):
    """An image and its file."""

    upload = files.UploadField(
        is_image=True, help_text="PNG, JPEG or SVG, at most 5 MB. It replaces the one that is there."
    )


class InsertForm(DraftForm):
    """A one-page document and its file."""

    upload = files.UploadField(
        is_image=False, help_text="PDF of one page, at most 10 MB. It replaces the one that is there."
    )
