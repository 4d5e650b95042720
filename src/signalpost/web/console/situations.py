"""Incidents with their map, one incident with its timeline, and alarms."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from signalpost.store import registry
from signalpost.store.seen import situations
from signalpost.vocabulary import situations as nouns
from signalpost.web.console import listing, maps, pages
from signalpost.web.console.templatetags import humane

EVERYTHING = ("", "all")
_GOING_ON = ("going_on", "going on")


def _states(states: type[nouns.IncidentState] | type[nouns.AlarmState]) -> list[tuple[str, str]]:
    return [EVERYTHING, _GOING_ON, *((state.value, humane.words(state)) for state in states)]


def _area_choice() -> listing.Choice:
    return listing.Choice(name="area", label="Area", options=[EVERYTHING, *situations.area_names()])


def _incident_choices() -> Sequence[listing.Choice]:
    causes = [(cause, humane.words(cause)) for cause in situations.causes()]
    return [
        listing.Choice(name="state", label="State", options=_states(nouns.IncidentState)),
        listing.Choice(name="cause", label="Cause", options=[EVERYTHING, *causes]),
        _area_choice(),
    ]


def _alarm_choices() -> Sequence[listing.Choice]:
    ruled = {rule.kind for rule in registry.rules(timezone.now()).alarms}
    kinds = [(kind, humane.words(kind)) for kind in sorted({*ruled, nouns.ESTIMATE_PASSED_KIND})]
    return [
        listing.Choice(name="state", label="State", options=_states(nouns.AlarmState)),
        listing.Choice(name="kind", label="Kind", options=[EVERYTHING, *kinds]),
        _area_choice(),
    ]


INCIDENTS = listing.Listing[situations.Incident](
    name="incidents",
    title="Incidents",
    icon="warning",
    lead="Alarms of one cause in one area, told about as one.",
    search="Area or reference",
    choices=_incident_choices,
    find=situations.incidents,
    sort="-opened_at",
    empty="console/empty/incidents.html",
    columns=(
        listing.Column(
            name="area",
            label="Area",
            is_sorted=True,
            cell=lambda row: listing.text(row.area_name, url=reverse("incident", args=[row.ref])),
        ),
        listing.Column(name="cause", label="Cause", cell=lambda row: listing.text(humane.words(row.cause))),
        listing.Column(name="state", label="State", cell=lambda row: listing.state(row.state)),
        listing.Column(
            name="severity",
            label="Severity",
            is_sorted=True,
            cell=lambda row: listing.text(humane.severity(row.severity)),
        ),
        listing.Column(
            name="opened_at",
            label="Opened",
            is_sorted=True,
            is_moment=True,
            cell=lambda row: listing.moment(row.opened_at),
        ),
        listing.Column(
            name="restoration_at",
            label="Expected end",
            is_moment=True,
            cell=lambda row: listing.text(humane.moment(row.restoration_at) or "none stated"),
        ),
        listing.Column(
            name="affected", label="Affected", is_number=True, cell=lambda row: listing.amount(row.active_count)
        ),
        listing.Column(
            name="members",
            label="Members",
            is_sorted=True,
            is_number=True,
            cell=lambda row: listing.amount(row.member_count),
        ),
        listing.Column(
            name="households_told",
            label="Told",
            is_number=True,
            cell=lambda row: listing.amount(row.households_told),
        ),
    ),
)

ALARMS = listing.Listing[situations.Alarm](
    name="alarms",
    title="Alarms",
    icon="bars",
    lead="One thing wrong at one device. Alarms of one cause in one area become an incident.",
    search="Device, incident or reference",
    choices=_alarm_choices,
    find=situations.alarms,
    sort="-raised_at",
    empty="console/empty/alarms.html",
    columns=(
        listing.Column(
            name="raised_at",
            label="Began",
            is_sorted=True,
            is_moment=True,
            cell=lambda row: listing.moment(row.raised_at),
        ),
        listing.Column(name="subject", label="Subject", cell=lambda row: listing.code(row.subject)),
        listing.Column(name="kind", label="Kind", cell=lambda row: listing.text(humane.words(row.kind))),
        listing.Column(
            name="severity",
            label="Severity",
            is_sorted=True,
            cell=lambda row: listing.text(humane.severity(row.severity)),
        ),
        listing.Column(name="state", label="State", cell=lambda row: listing.state(row.state)),
        listing.Column(name="area", label="Area", cell=lambda row: listing.text(row.area_name)),
        listing.Column(
            name="incident",
            label="Incident",
            cell=lambda row: listing.code(
                row.incident, url=reverse("incident", args=[row.incident]) if row.incident else ""
            ),
        ),
        listing.Column(
            name="cleared_at", label="Cleared", is_moment=True, cell=lambda row: listing.moment(row.cleared_at)
        ),
    ),
)


@require_GET
def incidents_page(request: HttpRequest) -> HttpResponseBase:
    """All incidents, with the map of what goes on."""
    if listing.asks_for_export(request):
        return listing.export(request, INCIDENTS)
    drawn = maps.overall(situations.areas(), situations.area_states())
    return listing.page(request, INCIDENTS, template="console/incidents.html", more={"map": drawn})


@require_GET
def alarms_page(request: HttpRequest) -> HttpResponseBase:
    """All alarms."""
    if listing.asks_for_export(request):
        return listing.export(request, ALARMS)
    return listing.page(request, ALARMS)


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an incident's timeline."""

    at: dt.datetime
    text: str
    tone: str = "calm"
    #: Further lines, each with the list that shows it, "" for none.
    notes: Sequence[tuple[str, str]] = ()


@require_GET
def incident_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One incident: where, since when, who was told what."""
    found = situations.incident(ref)
    if found is None:
        raise Http404(ref)
    areas = situations.areas(found.area)
    return render(
        request,
        "console/incident.html",
        {
            **pages.frame(
                f"{humane.words(found.cause).capitalize()} in {found.area_name}",
                icon="warning",
                trail=[(reverse("incidents"), "Incidents")],
            ),
            "one": found,
            "timeline": timeline(found),
            "members": situations.members(ref),
            "map": maps.one(areas[0], situations.member_points(ref)) if areas else None,
        },
    )


def timeline(found: situations.Incident) -> Sequence[Moment]:
    """Alarms by the minute, estimates, changes with who was told, in the order of time."""
    alarms = [
        Moment(
            at=row.at,
            text=f"{humane.amount(row.alarms)} alarms: {humane.words(row.kind)}",
            tone="bad",
            notes=[(f"{humane.amount(row.cleared)} of them cleared", "")] if row.cleared else (),
        )
        for row in situations.alarm_minutes(found.ref)
    ]
    estimates = [
        Moment(
            at=row.stated_at,
            text=f"Estimate {row.version}: end expected {humane.moment(row.restoration_at) or 'at no stated time'}",
            tone="warn",
        )
        for row in situations.estimates(found.ref)
    ]
    end = [Moment(at=found.resolved_at, text="The incident ended", tone="good")] if found.resolved_at else []
    return sorted([*alarms, *estimates, *_changes(found.ref), *end], key=lambda moment: moment.at)


def _changes(ref: str) -> Sequence[Moment]:
    verdicts = situations.verdicts(ref)
    states = situations.channel_states(ref)
    return [
        Moment(
            at=change.at,
            text=f"Change {change.stage}, {humane.words(change.kind)}: {change.communication}",
            notes=[
                *(_verdict(row, ref, change) for row in verdicts if row.change == change.ref),
                *(
                    (f"{humane.amount(count)} by {channel}: {state}", "")
                    for named, channel, state, count in states
                    if named == change.ref and state != "standby"
                ),
            ],
        )
        for change in situations.changes(ref)
    ]


def _verdict(row: situations.Verdict, ref: str, change: situations.Change) -> tuple[str, str]:
    address = f"{reverse('communications')}?q={ref}&type={change.communication}&outcome={row.verdict}"
    if row.verdict == "notice":
        return f"{humane.amount(row.households)} households told", address
    return f"{humane.amount(row.parties)} not told: {humane.words(row.reason)}", f"{address}&reason={row.reason}"
