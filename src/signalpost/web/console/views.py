"""The console's pages: who was told what, and why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from wagtail.admin.auth import require_admin_access  # pyright: ignore[reportUnknownVariableType] - without types

from signalpost.acts import explain
from signalpost.store import explanations
from signalpost.vocabulary import notices

#: Decisions on one page of the list.
PAGE_DECISIONS = 50


@require_admin_access
@require_GET
def communications(request: HttpRequest) -> HttpResponse:
    """The latest decisions; searched by party, communication type, situation or reference."""
    words = request.GET.get("q", "").strip()
    verdict = request.GET.get("verdict", "")
    page = max(1, int(number)) if (number := request.GET.get("p", "1")).isdecimal() else 1
    found = explanations.search(words, verdict=verdict, limit=PAGE_DECISIONS + 1, offset=(page - 1) * PAGE_DECISIONS)
    return render(
        request,
        "console/communications.html",
        {
            "rows": found[:PAGE_DECISIONS],
            "words": words,
            "verdict": verdict,
            "page": page,
            "next_page": page + 1 if len(found) > PAGE_DECISIONS else 0,
            "previous_page": page - 1,
        },
    )


@require_admin_access
@require_GET
def communication(request: HttpRequest, ref: str) -> HttpResponse:
    """One decision: why, what was planned, what became of it."""
    answers = [answer for answer in explain.why(ref) if answer.decided.ref == ref]
    if not answers:
        raise Http404(f"no decision {ref!r}")
    answer = answers[0]
    plan = answer.decision.plan if isinstance(answer.decision, notices.Notice) else ()
    return render(request, "console/communication.html", {"answer": answer, "plan": plan})
