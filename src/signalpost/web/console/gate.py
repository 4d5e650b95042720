"""The gate of every page of the console: who is logged in, with which right, in which time zone."""

import functools
import http
import zoneinfo
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.conf import settings as django_settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access  # pyright: ignore[reportUnknownVariableType] - without types

from signalpost.govern import staff

_P = ParamSpec("_P")
View = Callable[Concatenate[HttpRequest, _P], HttpResponseBase]


def has(request: HttpRequest, right: staff.Right) -> bool:
    """Whether the person who asks has a right."""
    return request.user.has_perm(f"signalpost.{right}")


def name(request: HttpRequest) -> str:
    """Who asks, for the log."""
    return request.user.get_username()


def guarded(right: staff.Right, view: View[_P]) -> View[_P]:
    """A view for staff with a right, in the console's time zone; others must log in, or are told what is missing."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        if not has(request, right):
            return refused(request, right)
        with timezone.override(zone()):
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return render(request, "wagtailadmin/404.html", status=http.HTTPStatus.NOT_FOUND)

    return never_cache(cast("View[_P]", require_admin_access(inner)))


def refused(request: HttpRequest, right: staff.Right) -> HttpResponse:
    """Says which right is missing."""
    words = {"label": staff.RIGHT_LABELS[right].removeprefix("Can ")}
    return render(request, "console/refused.html", words, status=http.HTTPStatus.FORBIDDEN)


def zone() -> zoneinfo.ZoneInfo:
    """The console's time zone."""
    return zoneinfo.ZoneInfo(django_settings.SIGNALPOST.time_zone)
