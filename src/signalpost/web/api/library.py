"""The library for machines: releases and drift, to read. Approving is a person's: there is no route for it."""

import http

import msgspec
from django.http import HttpRequest, HttpResponse

from signalpost.acts import releasing
from signalpost.web import routes
from signalpost.web.api import problems, shapes
from signalpost.web.api.door import Call


def get_releases(request: HttpRequest, call: Call) -> HttpResponse:
    """The latest releases."""
    del request, call
    found = [
        shapes.ReleaseSummary(
            ref=row.ref,
            title=row.title,
            state=row.state,
            created_at=row.created_at,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            live_at=row.live_at,
            changes=row.change_count,
        )
        for row in releasing.releases()
    ]
    return _json(shapes.Releases(releases=tuple(found)))


def get_release(request: HttpRequest, call: Call) -> HttpResponse:
    """One release."""
    del request
    try:
        found = releasing.release(call.arguments["release"])
    except LookupError as error:
        return problems.problem(http.HTTPStatus.NOT_FOUND, title="Not found", detail=str(error))
    return _json(
        shapes.ReleaseDetail(
            ref=found.ref,
            title=found.title,
            state=found.state,
            author=found.author,
            digest=found.digest,
            created_at=found.created_at,
            due_at=found.due_at,
            effective_from=found.effective_from,
            effective_to=found.effective_to,
            live_at=found.live_at,
            over_at=found.over_at,
            reason=found.reason,
            changes=tuple(
                shapes.ChangedItem(kind=change.key.kind, name=change.key.name, digest=change.digest, base=change.base)
                for change in found.changes
            ),
            contents=found.contents,
            review=releasing.steps(found.ref),
            sign_offs=tuple(shapes.Step(role=step.role, person=step.person, at=step.at) for step in found.sign_offs),
        )
    )


def get_drift(request: HttpRequest, call: Call) -> HttpResponse:
    """What of the live library does not fit any more."""
    del request, call
    return _json(shapes.Drifts(drift=releasing.drift()))


def _json(content: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=http.HTTPStatus.OK, content_type=routes.JSON)
