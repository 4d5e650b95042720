"""What the console adds to Wagtail's admin: menu entries and addresses."""

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from signalpost.web.console import views


@hooks.register("register_admin_urls")  # pyright: ignore[reportOptionalCall, reportUnknownMemberType, reportUntypedFunctionDecorator]
def console_urls() -> list[URLPattern]:
    """Addresses below the console."""
    return [
        path("communications/", views.communications, name="communications"),
        path("communications/<str:ref>/", views.communication, name="communication"),
    ]


@hooks.register("register_admin_menu_item")  # pyright: ignore[reportOptionalCall, reportUnknownMemberType, reportUntypedFunctionDecorator]
def communications_menu_item() -> MenuItem:
    """The entry of the main menu."""
    return MenuItem("Communications", reverse("communications"), icon_name="mail", order=100)
