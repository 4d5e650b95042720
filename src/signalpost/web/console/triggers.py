"""Triggers: what is told when, to whom. Kept by the business side, judged against the data as they are written."""

import enum
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from signalpost.acts import ruling
from signalpost.flow.compose import offered
from signalpost.govern import alignment
from signalpost.vocabulary import events, library, situations
from signalpost.web.console import naming, pages, rulings
from signalpost.web.console.templatetags import humane

_Kind = library.Kind
_E = TypeVar("_E", bound=enum.StrEnum)
#: The choice that makes a new trigger; the address of the form for one.
NEW = "new"
#: Fields of a contract that the form offers to compare.
FIELDS_SHOWN = 200

#: What makes an incident worth telling, in words.
_CHANGES = (
    (situations.ChangeKind.OPENED, "an incident begins"),
    (situations.ChangeKind.UPDATED, "its expected end changes"),
    (situations.ChangeKind.RESTORED, "somebody is back while it goes on"),
    (situations.ChangeKind.RESOLVED, "it is over"),
    (situations.ChangeKind.REOPENED, "somebody says that they are still affected"),
    (situations.ChangeKind.ALARM, "an alarm concerns staff"),
)
_AUDIENCES = (
    (situations.AudienceKind.SUBJECT, "the customer whom the event is about"),
    (situations.AudienceKind.MEMBERS, "the households of the devices concerned"),
    (situations.AudienceKind.TOLD, "everybody who was told of the incident"),
    (situations.AudienceKind.ROLE, "staff with a role"),
)
_LANES = (
    (events.Lane.URGENT, "urgent: at once, before everything else"),
    (events.Lane.NORMAL, "normal"),
    (events.Lane.BULK, "bulk: when nothing else waits"),
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A trigger in the list."""

    copy: ruling.Copy
    when: str
    communication: str
    whom: str
    #: Fields that its communication needs and its event does not bring.
    gaps: Sequence[alignment.Gap]
    url: str


@require_GET
def triggers_page(request: HttpRequest) -> HttpResponseBase:
    """All triggers."""
    titles = dict(ruling.titles(_Kind.COMMUNICATION))
    rows = [_row(copy, titles) for copy in ruling.copies(_Kind.TRIGGER)]
    return render(
        request,
        "console/business/triggers.html",
        {**pages.frame("Triggers", icon="redirect"), "rows": rows, "may_write": rulings.may_write(request)},
    )


def _row(copy: ruling.Copy, titles: dict[str, str]) -> Row:
    assert isinstance(copy.item, library.Trigger)
    trigger = copy.item.trigger
    whom = dict(_AUDIENCES)[trigger.audience]
    if trigger.audience is situations.AudienceKind.ROLE:
        whom = f"staff with the role {trigger.role}"
    return Row(
        copy=copy,
        when=_when(trigger),
        communication=titles.get(trigger.communication, trigger.communication),
        whom=whom + (f", of segment {copy.item.segment}" if copy.item.segment else ""),
        gaps=ruling.gaps(copy.item),
        url=reverse("trigger", args=[copy.item.name]),
    )


def _when(trigger: situations.Trigger) -> str:
    if trigger.event_type:
        return f"event {trigger.event_type}"
    return f"{humane.words(trigger.cause)}: {dict(_CHANGES).get(trigger.change, trigger.change)}"


@require_http_methods(["GET", "POST"])
def trigger_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """The form of a trigger, or of a new one."""
    copy = None if name == NEW else ruling.copy(library.Key(kind=_Kind.TRIGGER, name=name))
    if copy is None and name != NEW:
        raise Http404(name)
    shown = copy.item if copy is not None and isinstance(copy.item, library.Trigger) else _empty()
    problems: Sequence[str] = ()
    if request.method == "POST":
        shown, problems = _read(request, shown, is_new=copy is None)
        if "add" in request.POST:
            when, problem = rulings.with_comparison(request, shown.trigger.when, _fields(shown))
            shown = msgspec.structs.replace(shown, trigger=msgspec.structs.replace(shown.trigger, when=when))
            problems = [problem] if problem else []
        elif not problems:
            kept = rulings.keep(request, shown, page="trigger")
            if not isinstance(kept, list):
                return kept
            problems = kept
    title = shown.title or ("New trigger" if copy is None else name)
    return render(
        request,
        "console/business/trigger.html",
        {
            **pages.frame(title, icon="redirect", trail=[(reverse("triggers"), "Triggers")]),
            **rulings.said_of(shown if copy is not None or request.method == "POST" else None, problems),
            "one": shown,
            "state": copy.state if copy is not None else "new",
            "is_new": copy is None,
            "given_name": request.POST.get("name", "") if copy is None else name,
            "may_write": rulings.may_write(request),
            "named": naming.named(library.Key(kind=_Kind.TRIGGER, name=name)) if copy is not None else None,
            "options": _options(shown),
            "fields": _fields(shown),
            "comparisons": rulings.COMPARISONS,
            "check_url": reverse("trigger_check", args=[name]),
        },
        status=422 if problems and "add" not in request.POST else 200,
    )


@require_POST
def trigger_check(request: HttpRequest, name: str) -> HttpResponseBase:
    """What is to be said about the form as it stands."""
    copy = None if name == NEW else ruling.copy(library.Key(kind=_Kind.TRIGGER, name=name))
    before = copy.item if copy is not None and isinstance(copy.item, library.Trigger) else _empty()
    item, problems = _read(request, before, is_new=copy is None)
    return rulings.judged(request, item, problems)


def _empty() -> library.Trigger:
    return library.Trigger(name="", title="", trigger=situations.Trigger(name="", communication=""))


def _read(request: HttpRequest, before: library.Trigger, *, is_new: bool) -> tuple[library.Trigger, list[str]]:
    """The trigger that a form says, and what is wrong with the form. What a form does not show stays as it was."""
    problems: list[str] = []
    name = rulings.named(request) if is_new else before.name
    if name is None:
        problems.append("Name: wanted letters, digits, points and hyphens, beginning with a letter or digit.")
    title = rulings.text(request, "title", most=rulings.TITLE_CHARACTERS)
    if not title:
        problems.append("Title: say in a few words what it is for.")
    source = request.POST.get("source", "event")
    change = _chosen(request, "change", [kind for kind, _ in _CHANGES], situations.ChangeKind.OPENED)
    event_type = rulings.text(request, "event_type", most=rulings.NAME_CHARACTERS) if source == "event" else ""
    cause = rulings.text(request, "cause", most=rulings.NAME_CHARACTERS) if source != "event" else ""
    if source == "event" and not event_type:
        problems.append("Event: choose the event that sets it off.")
    if source != "event" and not cause:
        problems.append("Cause: name the cause of the incidents, as the rules call it.")
    communication = rulings.text(request, "communication", most=rulings.NAME_CHARACTERS)
    if not communication:
        problems.append("Communication: choose what is sent.")
    trigger = msgspec.structs.replace(
        before.trigger,
        name=name or "",
        communication=communication,
        event_type=event_type,
        cause=cause,
        change=situations.ChangeKind.EVENT if source == "event" else change,
        when=rulings.text(request, "when"),
        audience=_chosen(request, "audience", [kind for kind, _ in _AUDIENCES], situations.AudienceKind.SUBJECT),
        role=rulings.text(request, "role", most=rulings.NAME_CHARACTERS),
        severity=_severity(request),
        lane=_chosen(request, "lane", [lane for lane, _ in _LANES], events.Lane.NORMAL),
    )
    if trigger.audience is situations.AudienceKind.ROLE and not trigger.role:
        problems.append("Role: name the role of the staff who are told.")
    segment = rulings.text(request, "segment", most=rulings.NAME_CHARACTERS)
    return library.Trigger(name=name or "", title=title, trigger=trigger, segment=segment), problems


def _chosen(request: HttpRequest, name: str, known: Sequence[_E], default: _E) -> _E:
    given = request.POST.get(name, "")
    return next((one for one in known if one.value == given), default)


def _severity(request: HttpRequest) -> situations.Severity:
    given = request.POST.get("severity", "")
    known = {str(int(severity)): severity for severity in situations.Severity}
    return known.get(given, situations.Severity.INFO)


def _options(shown: library.Trigger) -> dict[str, rulings.Option]:
    trigger = shown.trigger
    contracts = [
        (name, title) for name, title in ruling.titles(_Kind.CONTRACT) if _is_event(name) or name == trigger.event_type
    ]
    severities = [(str(int(one)), one.name.lower()) for one in situations.Severity]
    given = (
        ("event_type", "Event", contracts, trigger.event_type),
        ("change", "When", [(kind.value, words) for kind, words in _CHANGES], trigger.change.value),
        ("communication", "What is sent", ruling.titles(_Kind.COMMUNICATION), trigger.communication),
        ("audience", "To whom", [(kind.value, words) for kind, words in _AUDIENCES], trigger.audience.value),
        ("segment", "Only customers of the segment", ruling.titles(_Kind.SEGMENT), shown.segment),
        ("severity", "How severe", severities, str(int(trigger.severity))),
        ("lane", "How urgent", [(lane.value, words) for lane, words in _LANES], trigger.lane.value),
    )
    return {
        name: rulings.Option(name=name, label=label, options=options, value=value)
        for name, label, options, value in given
    }


def _is_event(name: str) -> bool:
    contract = ruling.contract(name)
    return contract is not None and contract.event is not None


def _fields(shown: library.Trigger) -> Sequence[rulings.Field]:
    """What the condition may speak of: the facts that the event or incident brings."""
    contract = ruling.contract(alignment.contract_of(shown.trigger))
    if contract is None:
        return ()
    found = [
        offer for offer in offered.offered(contract.facts) if not offer.each and not offer.path.startswith("party.")
    ]
    return [rulings.Field(path=one.path, label=one.label, kind=one.kind) for one in found[:FIELDS_SHOWN]]
