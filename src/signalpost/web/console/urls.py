"""Every address of the console, with the right it asks for. Order: as the menu shows them."""

from collections.abc import Callable

import msgspec
from allauth.account import views as account
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

from signalpost.govern import staff
from signalpost.web.console import channels, communications, gate, intake, overview, situations

Right = staff.Right


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One address."""

    name: str
    route: str
    view: Callable[..., HttpResponseBase]
    right: staff.Right
    #: What the address itself says to the view.
    given: dict[str, str] = {}


_DOCUMENT = "communications/<str:ref>/documents/<str:delivery>/"

PAGES = (
    Page(name="overview", route="", view=overview.overview_page, right=Right.SEE),
    Page(name="overview_numbers", route="numbers/", view=overview.overview_numbers, right=Right.SEE),
    Page(name="incidents", route="incidents/", view=situations.incidents_page, right=Right.SEE),
    Page(name="incident", route="incidents/<str:ref>/", view=situations.incident_page, right=Right.SEE),
    Page(name="alarms", route="alarms/", view=situations.alarms_page, right=Right.SEE),
    Page(
        name="communications",
        route="communications/",
        view=communications.communications_page,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="communication",
        route="communications/<str:ref>/",
        view=communications.communication_page,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="document_page",
        route=f"{_DOCUMENT}pages/<int:number>/",
        view=communications.document_page,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="document_mail",
        route=f"{_DOCUMENT}mail/",
        view=communications.document_mail,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="document_file",
        route=f"{_DOCUMENT}file/",
        view=communications.document_file,
        right=Right.READ_CUSTOMERS,
    ),
    Page(name="channels", route="channels/", view=channels.channels_page, right=Right.SEE),
    Page(name="switch", route="channels/<str:name>/switch/", view=channels.switch_page, right=Right.PAUSE),
    Page(name="quarantine", route="quarantine/", view=intake.quarantine_page, right=Right.READ_INPUT),
    Page(name="refusal", route="quarantine/<int:number>/", view=intake.refusal_page, right=Right.READ_INPUT),
    Page(name="dead_letters", route="dead-letters/", view=intake.dead_letters_page, right=Right.READ_INPUT),
    *(
        Page(
            name=act.address,
            route=f"{name.replace('_', '-')}/{act.name}/",
            view=intake.act_page,
            right=act.right,
            given={"name": name, "act": act.name},
        )
        for name, acts in intake.ACTS.items()
        for act in acts
    ),
)

#: Login, logout and the second factor: allauth's views, in the console's look.
DOOR: list[URLPattern | URLResolver] = [
    path("login/", account.LoginView.as_view(template_name="console/login.html"), name="account_login"),
    path("leave/", account.LogoutView.as_view(), name="account_logout"),
    path("confirm/", account.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("second-factor/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(page.route, gate.guarded(page.right, page.view), page.given, name=page.name) for page in PAGES),
    *DOOR,
]
