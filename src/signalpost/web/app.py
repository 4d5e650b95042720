"""What the web server runs: Django for all addresses, and a short way to it for the one that machines write events to.

An event passes what guards every request (host, headers, errors, figures) and then the door of the API. Left out is
what serves people alone: sessions, languages, logins and files. That costs four times what it takes to store an event.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias
from wsgiref import types as wsgi

from django import db
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import resolve

from signalpost.web import measuring

#: The address of events, as `routes.API` has it.
EVENTS = "/api/events"

Application: TypeAlias = Callable[[wsgi.WSGIEnvironment, wsgi.StartResponse], Iterable[bytes]]


def application() -> Application:
    """The application, on Django as it is set up.

    Raises:
        Http404: nothing answers at the address of events.
    """
    pages = WSGIHandler()
    found = resolve(EVENTS)

    def view(request: HttpRequest) -> HttpResponse:
        request.get_host()  # raises for a host that is not ours, which is answered 400
        # As Django does at the start of every request: a connection that broke is not asked again.
        db.close_old_connections()
        return found.func(request)

    events = measuring.measured(SecurityMiddleware(convert_exception_to_response(view)))

    def answer(environ: wsgi.WSGIEnvironment, start: wsgi.StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != EVENTS:
            return pages(environ, start)
        request = WSGIRequest(environ)
        request.resolver_match = found
        response = events(request)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]

    return answer
