"""Every address the web server answers."""

from django.urls import URLPattern, URLResolver, include, path
from oauth2_provider import views as oauth2
from wagtail.admin import urls as wagtail_admin

from signalpost.web.api import views as api
from signalpost.web.portal import views as portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/token", oauth2.TokenView.as_view(), name="token"),
    path("api/events", api.post_events, name="events"),
    path("api/print-status", api.post_print_status, name="print-status"),
    path("status/<str:token>", portal.status, name="status"),
    path("unsubscribe/<str:token>", portal.unsubscribe, name="unsubscribe"),
    path("console/", include(wagtail_admin)),
]
