"""Deliveries of which nobody knows whether they went out, and for which no receipt came: a person settles them."""

import functools

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from signalpost.acts import operate
from signalpost.govern import staff
from signalpost.store import deliveries
from signalpost.store.seen import deliveries as seen
from signalpost.web.console import acting, listing

UNCLEAR = listing.Listing[seen.Unclear](
    name="unclear",
    title="Unclear deliveries",
    icon="help",
    lead="The other side may have taken each of these or not: the connection broke between. Look there (its log, its "
    "support), then settle them. Sending again may tell somebody twice.",
    search="Delivery, communication or channel",
    choices=tuple,
    find=seen.unclear,
    sort="changed_at",
    empty="console/empty/unclear.html",
    number=lambda row: row.ref,
    columns=(
        listing.Column(name="ref", label="Delivery", cell=lambda row: listing.code(row.ref)),
        listing.Column(
            name="communication",
            label="Communication",
            cell=lambda row: listing.text(
                row.communication_id, url=reverse("communication", args=[row.communication_id])
            ),
        ),
        listing.Column(name="via", label="Channel", is_sorted=True, cell=lambda row: listing.text(row.via)),
        listing.Column(
            name="changed_at",
            label="Unclear since",
            is_sorted=True,
            is_moment=True,
            cell=lambda row: listing.moment(row.changed_at),
        ),
    ),
)


def _settle(decision: deliveries.Decided, key: str, by: str) -> str:
    return "" if operate.settle_unclear(key, decision, by=by) else f"{key} is not unclear any more"


UNCLEAR_ACTS = acting.Acts(
    page="unclear",
    title=UNCLEAR.title,
    keys=acting.REFERENCES,
    acts=(
        acting.Act(
            name="delivered",
            address="unclear_delivered",
            label="It arrived",
            right=staff.Right.REDRIVE,
            asks="Each counts as delivered from now on; nothing more is sent.",
            do=functools.partial(_settle, "delivered"),
        ),
        acting.Act(
            name="failed",
            address="unclear_failed",
            label="It did not arrive",
            right=staff.Right.REDRIVE,
            asks="Each counts as failed; the next channel of its plan starts.",
            do=functools.partial(_settle, "failed"),
        ),
        acting.Act(
            name="resend",
            address="unclear_resend",
            label="Send again",
            right=staff.Right.REDRIVE,
            asks="Each goes out again at once. Whoever got the first one is told twice.",
            do=functools.partial(_settle, "resend"),
            is_serious=True,
        ),
    ),
)


@require_GET
def unclear_page(request: HttpRequest) -> HttpResponseBase:
    """What waits for a person."""
    if listing.asks_for_export(request):
        return listing.export(request, UNCLEAR)
    return acting.page(request, UNCLEAR, UNCLEAR_ACTS)
