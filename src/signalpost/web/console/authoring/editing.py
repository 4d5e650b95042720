"""The forms of working copies: Wagtail's views with the data to choose from, what is wrong, and Submit for review.

Saving is always saving a draft: what is not complete yet is kept as it is, and the review says what is missing.
"""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Mapping, Sequence
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views import snippets as wagtail_views
from wagtail.utils.decorators import xframe_options_sameorigin_override

from signalpost.acts import drafting
from signalpost.drafts import base, inputs, models
from signalpost.govern import uses
from signalpost.vocabulary import library
from signalpost.web.console import previewing
from signalpost.web.console.authoring import data

#: The name of the button that saves and goes on to the review.
REVIEW = "review"


def submit_address(row: base.Draft) -> str:
    """Where a working copy is submitted; an edition goes with its communication."""
    name = row.communication.name if isinstance(row, models.Edition) else row.name
    return reverse("draft_submit", args=[row.kind, name])


class _Form:
    """What creating and editing share."""

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Whatever the button, incomplete is not refused."""
        super().setup(request, *args, **kwargs)
        self.saving_as_draft = request.method == "POST"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Show chips by the names that the contract gives."""
        response = cast("HttpResponseBase", super().dispatch(request, *args, **kwargs))
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            row = self.data_row()
            with inputs.shown_for(data.names(row), uses.of(row.item()) if row else frozenset()):
                response.render()
        return response

    def data_row(self) -> base.Draft | None:
        """The row whose data the form offers."""
        return self.object

    def get_available_actions(self) -> Sequence[str]:
        """Saving and submitting; nothing is published."""
        return [*(one for one in super().get_available_actions() if one in {"create", "edit"}), REVIEW]

    def review_action(self) -> HttpResponse:
        """After saving: on to the page that submits."""
        return redirect(submit_address(self.object))

    def get_side_panels(self) -> MediaContainer:
        """Without checks that are about web pages."""
        found = [panel for panel in super().get_side_panels() if not isinstance(panel, ChecksSidePanel)]
        return MediaContainer(found)

    def get_context_data(self, **given: object) -> Mapping[str, object]:
        """With what the scripts of the form need."""
        context = cast("dict[str, object]", super().get_context_data(**given))
        row = self.data_row()
        context["authoring"] = data.for_form(row, self.model)
        context["edition_links"] = data.editions_of(row) if isinstance(row, models.Communication) else ()
        context["edition_of"] = row if isinstance(row, models.Edition) else None
        return context


class Index(wagtail_views.IndexView):
    """A list, with a working copy of everything that is live."""

    lead = ""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Make working copies of what came by files, then list."""
        if request.user.is_authenticated and self.user_has_any_permission(self.any_permission_required):
            drafting.adopt(self.model.kind)
        return super().dispatch(request, *args, **kwargs)

    @property
    def columns(self) -> Sequence[object]:
        """Without boxes to tick: there is nothing to do with many at once."""
        return [column for column in super().columns if column.name != "bulk_actions"]

    def get_list_more_buttons(self, instance: base.Draft) -> Sequence[object]:
        """What can be done with one."""
        return [button for button in super().get_list_more_buttons(instance) if button.url]


class Create(_Form, wagtail_views.CreateView):
    """A new working copy."""

    lead = ""

    def data_row(self) -> base.Draft | None:
        """There is none yet."""
        return None


class CreateCommunication(Create):
    """A new communication type; its languages come next."""


class NoCreate(Create):
    """An edition is started from its communication."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """There is no such form."""
        del request, args, kwargs
        raise Http404


class Edit(_Form, wagtail_views.EditView):
    """The form of a working copy."""

    lead = ""

    @property
    def header_more_buttons(self) -> Sequence[object]:
        """Where it is used and what became of it, beside Wagtail's own."""
        item = reverse("item", args=[self.model.kind, self.object.name]) if self.object.is_item else ""
        mine = [HeaderButton(label="Versions and use", url=item, icon_name="history", priority=5)] if item else []
        return [*super().header_more_buttons, *mine]


class EditCommunication(Edit):
    """A communication type with its languages."""


class EditEdition(Edit):
    """What a communication says in one language."""

    def get_breadcrumbs_items(self) -> Sequence[Mapping[str, object]]:
        """Below its communication."""
        communication = self.object.communication
        namespace = "wagtailsnippets_drafts_communication"
        return [
            {"url": reverse("overview"), "label": "Overview"},
            {"url": reverse(f"{namespace}:list"), "label": "Communication types"},
            {"url": reverse(f"{namespace}:edit", args=[communication.pk]), "label": str(communication)},
            {"url": "", "label": self.object.language, "sublabel": self.object.language},
        ]


class CreateFile(Create):
    """A new item with a file, whose bytes go into the archive."""

    def save_instance(self) -> base.Draft:
        """Keep the file first."""
        keep_upload(self.form)
        return cast("base.Draft", super().save_instance())


class EditFile(Edit):
    """An item with a file."""

    def save_instance(self) -> base.Draft:
        """Keep the file first, where another was given."""
        keep_upload(self.form)
        return cast("base.Draft", super().save_instance())


def keep_upload(form: object) -> None:
    """Put what was uploaded into the archive, and note it in the row."""
    given = form.cleaned_data.get("upload")
    if given is not None:
        form.instance.content_digest = drafting.keep_file(given.content, given.media_type)
        if isinstance(form.instance, models.Image):
            form.instance.media_type = given.media_type


class Delete(wagtail_views.DeleteView):
    """Take a working copy away. What is live stays live."""

    lead = ""


class DeleteEdition(Delete):
    """Take a language of a communication away; whoever does is an editor of the communication."""

    def delete_action(self) -> None:
        """Note it as a change of the communication."""
        communication = self.object.communication
        super().delete_action()
        communication.save_revision(self.request.user, clean=False)

    def get_success_url(self) -> str:
        """Back to the communication."""
        return reverse("wagtailsnippets_drafts_communication:edit", args=[self.object.communication.pk])


class Inspect(wagtail_views.InspectView):
    """A working copy for those who read."""

    lead = ""


class History(wagtail_views.HistoryView):
    """Who changed what."""

    lead = ""
    any_permission_required = ("add", "change", "delete", "view")


class Usage(wagtail_views.UsageView):
    """Where it is used, among working copies."""

    lead = ""
    permission_required = "view"


class Revision(wagtail_views.PreviewRevisionView):
    """An earlier revision as it would be said."""

    lead = ""
    permission_required = "view"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show it with the engines that production has."""
        del args, kwargs
        return _preview(request, self.revision_object)


class Compare(wagtail_views.RevisionsCompareView):
    """Two revisions side by side."""

    lead = ""
    permission_required = "view"


class _Preview:
    """The panel beside the form: what would be sent."""

    @method_decorator(xframe_options_sameorigin_override)
    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show what is in the form, saved or not."""
        del args, kwargs
        form = self.get_form(self._get_form_data(self._get_form_state()))
        if not self.validate_form(form):
            return self.error_response()
        return _preview(request, form.save(commit=False))


class PreviewEdit(_Preview, wagtail_views.PreviewOnEditView):
    """The preview of what is edited."""


class PreviewNew(_Preview, wagtail_views.PreviewOnCreateView):
    """The preview of what is new."""


def _preview(request: HttpRequest, row: base.Draft) -> HttpResponse:
    item = row.item()
    if isinstance(row, models.Edition) and isinstance(item, library.Communication):
        item = row.communication.with_editions((row.edition(),))
    return previewing.render_preview(request, item, "", drafting.shelf_for(item))
