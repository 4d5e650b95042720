"""Middleware that times requests, by the name of the route and never by the address, which may name a person."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from signalpost.telemetry import figures

#: For addresses that lead nowhere, whatever was tried.
NO_ROUTE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def measured(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Time every request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = answer(request)
        match = request.resolver_match
        route = (match.view_name or NO_ROUTE) if match is not None else NO_ROUTE
        method = request.method if request.method in _METHODS else "other"
        figures.HTTP_SECONDS.labels(route, method, response.status_code).observe(time.perf_counter() - begun)
        return response

    return middleware
