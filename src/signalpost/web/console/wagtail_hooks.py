"""What the console adds to Wagtail's admin and what it leaves out: menu, search, look, rights."""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin.forms.account import ThemePreferencesForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

from signalpost.govern import staff
from signalpost.web.console import gate
from signalpost.web.console.authoring import hooks as authoring

_F = TypeVar("_F", bound=Callable[..., object])

#: Of Wagtail's own menus, what has no use here: there are no web pages, and its help is about those.
_LEFT_OUT = frozenset({"explorer", "images", "documents", "reports", "snippets"})
_LEFT_OUT_OF_SETTINGS = frozenset({"collections", "workflows", "workflow-tasks", "sites", "locales"})
_LEFT_OUT_OF_HELP = ("whats-new", "editor-guide")

# A field of everybody's account whose help names the framework.
ThemePreferencesForm.base_fields["keyboard_shortcuts"].help_text = "Enable the console's own keyboard shortcuts."  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue] - without types


def _hook(name: str) -> Callable[[_F], _F]:
    register = cast("Callable[[str], Callable[[_F], _F]]", hooks.register)  # pyright: ignore[reportUnknownMemberType]
    return register(name)


class _Entry(MenuItem):
    """An entry for people with a right."""

    def __init__(self, label: str, page: str, *, icon: str, order: int, right: staff.Right) -> None:
        super().__init__(label, reverse(page), name=page, icon_name=icon, order=order)  # pyright: ignore[reportUnknownMemberType]
        self._right = right

    def is_shown(self, request: HttpRequest) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride] - inferred as True
        """Whether the person who asks has the right."""
        return gate.has(request, self._right)


def _name(item: MenuItem) -> str:
    return str(item.name)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _entry(label: str, page: str, icon: str, order: int, right: staff.Right) -> None:
    _hook("register_admin_menu_item")(lambda: _Entry(label, page, icon=icon, order=order, right=right))


_entry("Overview", "overview", "home", 10, staff.Right.SEE)
_entry("Work", "work", "tasks", 12, staff.Right.SEE)
_entry("Releases", "releases", "clipboard-list", 14, staff.Right.SEE)
_entry("Triggers", "triggers", "redirect", 46, staff.Right.SEE)
_entry("Segments", "segments", "group", 47, staff.Right.SEE)
_entry("Channel policy", "policy", "list-ul", 48, staff.Right.SEE)
_entry("Incidents", "incidents", "warning", 20, staff.Right.SEE)
_entry("Alarms", "alarms", "bars", 30, staff.Right.SEE)
_entry("Communications", "communications", "mail", 40, staff.Right.READ_CUSTOMERS)
_entry("Letters to write", "letters", "edit", 42, staff.Right.WRITE_LETTERS)
_entry("Channels", "channels", "rotate", 50, staff.Right.SEE)
_entry("Quarantine", "quarantine", "lock", 60, staff.Right.READ_INPUT)
_entry("Unclear deliveries", "unclear", "help", 55, staff.Right.READ_CUSTOMERS)
_entry("Dead letters", "dead_letters", "bin", 70, staff.Right.READ_INPUT)


@_hook("register_admin_menu_item")
def second_factor() -> MenuItem:
    """Everybody's own second factor."""
    return MenuItem("Two-factor login", reverse("mfa_index"), name="second-factor", icon_name="key", order=10500)


class _Search(SearchArea):
    """The search of the menu: communications."""

    def is_shown(self, request: HttpRequest) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride] - inferred as True
        """Whether the person who asks may read what customers were told."""
        return gate.has(request, staff.Right.READ_CUSTOMERS)


@_hook("register_admin_search_area")
def search_area() -> SearchArea:
    """Search in communications, before everything else."""
    return _Search("Communications", reverse("communications"), name="communications", icon_name="mail", order=1)


@_hook("construct_main_menu")
def without_pages(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what is about web pages."""
    del request
    items[:] = [item for item in items if _name(item) not in _LEFT_OUT]


@_hook("construct_settings_menu")
def without_page_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out settings that are about web pages."""
    del request
    items[:] = [item for item in items if _name(item) not in _LEFT_OUT_OF_SETTINGS]


@_hook("construct_help_menu")
def without_page_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out help about other things than this console."""
    del request
    items[:] = [item for item in items if not _name(item).startswith(_LEFT_OUT_OF_HELP)]


@_hook("insert_global_admin_css")
def look() -> str:
    """The console's own look."""
    sheets = [(static(f"console/{name}.css"),) for name in ("console", "review", "replay")]
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@_hook("register_permissions")
def rights() -> QuerySet[Permission]:
    """The rights that a group can be given."""
    names: Sequence[str] = [right.value for right in staff.Right]
    return Permission.objects.filter(content_type__app_label="signalpost", codename__in=names)


authoring.register()
