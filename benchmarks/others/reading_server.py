"""The peer of the web server: the same Granian, Django and middleware with a view that reads the body and answers.

`python -m benchmarks.others.reading_server PORT`.
"""

import os
import sys
from collections.abc import Callable

from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from granian import Granian
from granian.constants import Interfaces
from tests.peers import processes

from signalpost import settings, wiring


@csrf_exempt
def _read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b'{"accepted":1}' if request.read() else b"", status=202, content_type="application/json")


urlpatterns = [path("read", _read)]


def application() -> Callable[..., object]:
    """What the server runs."""
    wiring.set_up(settings.load(os.environ))
    django_settings.ROOT_URLCONF = __name__
    return get_wsgi_application()


def main() -> None:
    """Serve until ended."""
    Granian(
        "benchmarks.others.reading_server:application",
        address=processes.LOOPBACK,
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=16,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
