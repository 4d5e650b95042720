"""Every address, as Django wants it: the table of routes, and what answers each."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.admin import urls as wagtail_admin

from signalpost.web import health, routes
from signalpost.web.api import door, grants, library, views
from signalpost.web.console import urls as console
from signalpost.web.portal import preferring
from signalpost.web.portal import views as portal

_MACHINES: Mapping[str, Mapping[str, door.Handler]] = {
    "openapi": {"GET": views.get_openapi},
    "token": {"POST": grants.post_token},
    "events": {"POST": views.post_events},
    "print-status": {"POST": views.post_print_status},
    "releases": {"GET": library.get_releases},
    "release": {"GET": library.get_release},
    "drift": {"GET": library.get_drift},
    "party-preferences": {"GET": views.get_preferences, "PATCH": views.patch_preferences},
}
_PAGES: Mapping[str, Callable[..., HttpResponse]] = {
    "status": portal.status,
    "unsubscribe": portal.unsubscribe,
    "preferences": preferring.preferences,
}
_WATCH: Mapping[str, Callable[..., HttpResponse]] = {
    "live": health.live,
    "ready": health.ready,
    "metrics": health.metrics,
}


def _closed(request: HttpRequest) -> HttpResponse:
    del request
    raise Http404("a part of a library that is not used here")


urlpatterns: list[URLPattern | URLResolver] = [
    *(path(machine.path, door.door(machine, _MACHINES[machine.name]), name=machine.name) for machine in routes.API),
    *(path(page.path, _PAGES[page.name], name=page.name) for page in routes.PORTAL),
    *(path(page.path, _WATCH[page.name], name=page.name) for page in routes.WATCH),
    re_path(routes.NOWHERE, door.nowhere),
    re_path(routes.CLOSED, _closed),
    path("console/", include(console)),
    path("console/", include(wagtail_admin)),
]
