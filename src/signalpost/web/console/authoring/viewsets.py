"""Lists and forms of every kind of working copy: Wagtail's snippets, without what has no meaning here."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Sequence
from typing import ClassVar

from django.urls import reverse_lazy
from django.urls.resolvers import URLPattern
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from signalpost.drafts import models
from signalpost.vocabulary import library
from signalpost.web.console import naming
from signalpost.web.console.authoring import editing

#: Where all of it lies below the console.
PREFIX = "drafts"
#: Views of Wagtail that have no meaning here: nothing is published, so nothing is taken back or scheduled.
_LEFT_OUT = frozenset({"unpublish", "revisions_unschedule", "copy"})


class Drafts(SnippetViewSet):
    """Lists and forms of one kind."""

    #: Last part of the address of the list.
    place: ClassVar[str] = ""
    #: What the list says above, and where nothing is in it yet.
    lead: ClassVar[str] = ""

    index_view_class = editing.Index
    add_view_class = editing.Create
    edit_view_class = editing.Edit
    delete_view_class = editing.Delete
    inspect_view_class = editing.Inspect
    history_view_class = editing.History
    usage_view_class = editing.Usage
    revisions_view_class = editing.Revision
    revisions_compare_view_class = editing.Compare
    preview_on_add_view_class = editing.PreviewNew
    preview_on_edit_view_class = editing.PreviewEdit
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    search_fields: ClassVar[Sequence[str]] = ("title", "name")
    create_template_name = "console/authoring/create.html"
    edit_template_name = "console/authoring/edit.html"
    index_template_name = "console/authoring/index.html"
    index_results_template_name = "console/authoring/index_results.html"

    @property
    def url_prefix(self) -> str:
        """Below the console."""
        return f"{PREFIX}/{self.place}"

    @property
    def icon(self) -> str:
        """The icon of the kind."""
        return naming.ICONS[self.model.kind]

    @property
    def menu_label(self) -> str:
        """As the list is called."""
        return str(self.model._meta.verbose_name_plural).capitalize()  # noqa: SLF001 - Django's own name for it

    @property
    def list_display(self) -> Sequence[Column]:
        """What a row shows."""
        return [
            TitleColumn("title", label="Title", accessor=str, sort_key="title", get_url=self._url_of),
            Column("name", label="Name", sort_key="name"),
            Column("changed_by", label="Changed by"),
            DateColumn("latest_revision__created_at", label="Changed", accessor="latest_revision.created_at"),
        ]

    def _url_of(self, row: models.Communication) -> str:
        return str(reverse_lazy(self.get_url_name("edit"), args=[row.pk]))

    def get_common_view_kwargs(self, **given: object) -> dict[str, object]:
        """What every view is given."""
        return super().get_common_view_kwargs(**{"lead": self.lead, **given})

    @property
    def breadcrumbs_items(self) -> Sequence[dict[str, object]]:
        """The trail begins at the overview."""
        return [{"url": reverse_lazy("overview"), "label": "Overview"}]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Without what is left out."""
        found: list[URLPattern] = super().get_urlpatterns()
        return [pattern for pattern in found if pattern.name not in _LEFT_OUT]

    def register_chooser_viewset(self) -> None:
        """There is none: forms choose by name."""


class Communications(Drafts):
    """Communication types."""

    model = models.Communication
    place = "communications"
    lead = (
        "What customers are told, type by type: who gets it how, from which data, and in which languages it is written."
    )
    add_view_class = editing.CreateCommunication
    edit_view_class = editing.EditCommunication


class Editions(Drafts):
    """What a communication says in one language. They are found from their communication."""

    model = models.Edition
    place = "editions"
    lead = "What each communication says, language by language."
    edit_view_class = editing.EditEdition
    delete_view_class = editing.DeleteEdition
    add_view_class = editing.NoCreate


class Texts(Drafts):
    """Shared texts."""

    model = models.SharedText
    place = "texts"
    lead = (
        "Disclaimers, regulatory paragraphs, signatures and contact blocks: written once, used by many communications."
    )


class Brands(Drafts):
    """Brands."""

    model = models.Brand
    place = "brands"
    lead = "Who speaks, and in what dress: name, logo, colours, letterhead, senders."


class Images(Drafts):
    """Images."""

    model = models.Image
    place = "images"
    lead = "Pictures for letters, e-mails and pages, each with what it shows for those who cannot see it."
    add_view_class = editing.CreateFile
    edit_view_class = editing.EditFile


class Inserts(Drafts):
    """Inserts."""

    model = models.Insert
    place = "inserts"
    lead = "One-page documents that go with letters, chosen by a condition, with their weight for the postage."
    add_view_class = editing.CreateFile
    edit_view_class = editing.EditFile


class Layouts(Drafts):
    """Layouts."""

    model = models.Layout
    place = "layouts"
    lead = "For professionals: a Typst file that lays a letter out in another way than the standard one."


class Languages(Drafts):
    """Languages."""

    model = models.Language
    place = "languages"
    lead = "Languages that can be written in: their direction, and the words that layouts need in them."


class Contracts(Drafts):
    """Data contracts."""

    model = models.DataContract
    place = "contracts"
    lead = "What communications can speak of: the data of each event type, and what an incident tells."


class Library(SnippetViewSetGroup):
    """The entry of the menu."""

    items = (Communications, Texts, Brands, Images, Inserts, Layouts, Languages, Contracts)
    menu_label = "Library"
    menu_name = "library"
    menu_icon = "folder-open-inverse"
    menu_order = 45
    add_to_admin_menu = True


#: Kind → the view set that has its forms.
OF_KIND: dict[library.Kind, type[Drafts]] = {viewset.model.kind: viewset for viewset in Library.items}
