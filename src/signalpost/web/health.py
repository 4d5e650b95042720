"""Health and figures for machines that watch: Kubernetes, load balancers, Prometheus.

No token is needed to ask whether the process lives and is ready: the answers name parts and states, and nothing else.
Figures go to whoever has `SIGNALPOST_METRICS_TOKEN`, or without one to this machine alone.
"""

import datetime as dt
import hmac
import http
import ipaddress
from collections.abc import Iterable

import msgspec
from django import db
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import core, registry

from signalpost import settings
from signalpost.store import gauges, health
from signalpost.telemetry import figures

_BEARER = "Bearer "
#: A proxy on this machine adds one of these: then the request is somebody else's.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say that the process answers. It looks at nothing: a database that is away is no reason to restart it."""
    del request
    return _json(http.HTTPStatus.OK, {"state": health.State.OK})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether requests can be answered: 200, or 503 with what is not well."""
    del request
    checks = health.ready(_settings().folder())
    states = {check.state for check in checks}
    worst = next((state for state in (health.State.FAIL, health.State.WARN) if state in states), health.State.OK)
    status = http.HTTPStatus.SERVICE_UNAVAILABLE if worst == health.State.FAIL else http.HTTPStatus.OK
    return _json(status, {"state": worst, "checks": checks})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure in Prometheus' text format."""
    if not may_scrape(request, _settings().metrics_token):
        return HttpResponse("wanted the token for metrics\n", status=http.HTTPStatus.UNAUTHORIZED, headers=_WANTED)
    return HttpResponse(figures.exposed([_Stored(timezone.now())]), content_type=figures.MEDIA_TYPE)


_WANTED = {"WWW-Authenticate": 'Bearer realm="metrics"', "Content-Type": "text/plain; charset=utf-8"}


def may_scrape(request: HttpRequest, token: str) -> bool:
    """Whether a request may see the figures: by the token, or from this machine where none is set."""
    if token:
        given = request.headers.get("Authorization", "")
        return given.startswith(_BEARER) and hmac.compare_digest(given.removeprefix(_BEARER).encode(), token.encode())
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class _Stored(registry.Collector):
    """What the database knows, read when it is asked."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def collect(self) -> Iterable[core.Metric]:
        """The figures; when the database does not answer in time, only that it does not."""
        try:
            with transaction.atomic():
                found = gauges.read(self._now)
        except db.Error:
            yield _gauge("database_up", "Whether the database answered this scrape.", (), [((), 0)])
            return
        yield _gauge("database_up", "Whether the database answered this scrape.", (), [((), 1)])
        yield from _of_the_path(found)
        yield from _of_the_ways_out(found)


def _of_the_path(found: gauges.Gauges) -> Iterable[core.Metric]:
    jobs = [((job.task_name, job.queue_name, job.status), job.count) for job in found.jobs if job.status != "failed"]
    yield _gauge("queue_jobs", "Jobs of the queue that wait or run.", ("step", "lane", "status"), jobs)
    dead = [((step,), count) for step, count in found.numbers.dead.items()]
    yield _gauge("dead_letters", "Jobs that gave up.", ("step",), dead)
    waiting = [((stage,), count) for stage, count in found.numbers.waiting.items()]
    yield _gauge("waiting_rows", "Rows that wait for a stage, counted up to 100,000.", ("stage",), waiting)
    ages = [((stage,), max(0.0, (found.at - since).total_seconds())) for stage, since in found.oldest.items()]
    yield _gauge("oldest_waiting_seconds", "How long the oldest row has waited for a stage.", ("stage",), ages)
    refusals = [((reason,), count) for reason, count in found.quarantine.items()]
    yield _gauge("quarantine_open", "Refusals that nobody has settled.", ("reason",), refusals)
    failed = [((kind,), count) for kind, count in found.numbers.failed.items()]
    yield _gauge("troubles", "What went wrong, as the console's overview counts it.", ("kind",), failed)


def _of_the_ways_out(found: gauges.Gauges) -> Iterable[core.Metric]:
    due = [((queue.via, queue.lane), queue.waiting) for queue in found.queues]
    yield _gauge("deliveries_due", "Deliveries that could go out now.", ("channel", "lane"), due)
    late = [((queue.via, queue.lane), (found.at - queue.oldest_due_at).total_seconds()) for queue in found.queues]
    yield _gauge("deliveries_oldest_due_seconds", "How long the oldest has been due.", ("channel", "lane"), late)
    tried = [((via, kind), count) for via, kind, count in found.attempts]
    yield _gauge("attempts_last_hour", "Attempts of the last hour by what came of them.", ("channel", "kind"), tried)
    paused = [((name,), 1.0) for name in found.paused]
    yield _gauge("paused", "Lanes and channels that are paused: 1 for each.", ("name",), paused)
    failures = [((one.via, one.name), one.failures) for one in found.providers]
    yield _gauge(
        "provider_failures", "Batches in a row that a provider could not take.", ("channel", "provider"), failures
    )


def _gauge(
    name: str, meaning: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> core.GaugeMetricFamily:
    family = core.GaugeMetricFamily(f"signalpost_{name}", meaning, labels=labels)
    for given, value in values:
        family.add_metric(given, value)
    return family


def _settings() -> settings.Settings:
    found = django_settings.SIGNALPOST
    if not isinstance(found, settings.Settings):
        raise TypeError(f"SIGNALPOST: wanted the settings, got {type(found).__name__}")
    return found


def _json(status: int, content: object) -> HttpResponse:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return HttpResponse(msgspec.json.encode(content), status=status, headers=headers)
