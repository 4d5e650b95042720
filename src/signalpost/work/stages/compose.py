"""Compose: a page of notices becomes manuscripts, renditions and deliveries; a fallback gets its rendition."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.flow import compose as stage
from signalpost.govern import templates as govern
from signalpost.store import archive, bells, decisions, deliveries, log, registry, writing
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, manuscripts, notices, parties, records, templates
from signalpost.work import closing, parts

#: Renditions of one transaction when fallbacks start.
PAGE_RENDITIONS = 200

#: How a manuscript is archived.
MANUSCRIPT_MEDIA_TYPE = "application/json"


#: Code of a delivery for whose kind no channel is configured.
NO_CHANNEL = "no_channel"


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with what it says, or why it cannot be said."""

    notice: notices.Notice
    manuscript: manuscripts.Manuscript | None
    problem: str = ""


def compose(given: parts.Parts, *, lane: events.Lane, page: int) -> None:
    """Compose a page of notices. Laying out happens outside the transaction: doing it twice gives the same bytes."""
    given.gate("compose:begin")
    with transaction.atomic():
        rows = decisions.to_compose(page)
    if not rows:
        return
    said = _say(rows)
    first = [
        (planned, one)
        for one in said
        for planned in one.notice.plan
        if one.manuscript is not None and planned.start == notices.Start.AT_ONCE
    ]
    rendered = _render(given, [(planned.channel, one) for planned, one in first])
    given.gate("compose:rendered")
    with transaction.atomic():
        now = timezone.now()
        still_wanted = {row.ref for row in decisions.to_compose(page)}
        kept = [one for one in said if one.notice.ref in still_wanted]
        _keep_documents(given, kept, rendered, now=now)
        made = _deliveries(given, kept, rendered, now=now)
        deliveries.create(made, now=now)
        decisions.composed([_composed(one) for one in kept])
        broken = [row for row in made if row.state == nouns.DeliveryState.FAILED]
        log.add(_facts(kept, now=now))
        log.add([_failure(row.communication, row, channel=row.channel, now=now) for row in broken])
        failed = {row.communication for row in broken}
        deliveries.start_fallback(sorted(failed), now=now)
        given.gate("compose:commit")
    given.gate("compose:committed")
    _ring_deliver(given, lane)
    if failed:
        bells.ring("render", lane)
    bells.ring("keep", events.Lane.NORMAL)


def render(given: parts.Parts, *, lane: events.Lane) -> None:
    """Lay out what a fallback or an escalation has started.

    In one transaction, so that workers side by side take different rows: a rendition is made once.
    """
    given.gate("render:begin")
    with transaction.atomic():
        now = timezone.now()
        rows = deliveries.to_render(lane, PAGE_RENDITIONS)
        texts, lost = given.archive.find([row.manuscript for row in rows])
        said = {
            row.communication: records.decode(texts[row.manuscript], manuscripts.Manuscript)
            for row in rows
            if row.manuscript in texts
        }
        wanted = [(row.channel, said[row.communication]) for row in rows if row.via and row.communication in said]
        laid_out = _lay_out(given, wanted)
        done = [(row, laid_out.get((row.communication, row.channel)) or _not_laid_out(row, lost)) for row in rows]
        days = _retention([(ref, manuscript.communication) for ref, manuscript in said.items()])
        renditions = [(row, result) for row, result in done if isinstance(result, manuscripts.Rendition)]
        given.archive.keep(
            [
                _document(result.content, result.media_type, kept_until=_until(days[row.communication], now))
                for row, result in renditions
            ],
            now=now,
        )
        deliveries.rendered([_rendered(row, result) for row, result in renditions])
        refused = [(row, result) for row, result in done if isinstance(result, manuscripts.Unrenderable)]
        settled = [_refused(row.ref, result) for row, result in refused]
        deliveries.settle(settled, now=now)
        log.add(
            [
                _failure(row.communication, end, now=now, channel=row.channel)
                for (row, _), end in zip(refused, settled, strict=True)
            ]
        )
        deliveries.start_fallback([row.communication for row, _ in refused], now=now)
        given.gate("render:commit")
    if rows:
        _ring_deliver(given, lane)
    if refused or len(rows) == PAGE_RENDITIONS:
        bells.ring("render", lane)


def _rendered(row: deliveries.ToRender, result: manuscripts.Rendition) -> deliveries.Rendered:
    return deliveries.Rendered(
        ref=row.ref, rendition=records.digest(result.content), media_type=result.media_type, units=result.units
    )


def _not_laid_out(row: deliveries.ToRender, lost: Mapping[str, str]) -> manuscripts.Unrenderable:
    if row.manuscript in lost:
        return manuscripts.Unrenderable(
            ref=row.communication,
            channel=row.channel,
            reason=manuscripts.UnrenderableReason.NO_CONTENT,
            detail=lost[row.manuscript],
        )
    return manuscripts.Unrenderable(
        ref=row.communication,
        channel=row.channel,
        reason=manuscripts.UnrenderableReason.UNSUPPORTED,
        detail=f"no channel is configured for {row.channel}",
    )


def _say(rows: Sequence[decisions.ToCompose]) -> list[_Said]:
    pairs = [(row.notice(), msgspec.json.decode(row.facts)) for row in rows]
    versions = registry.template_versions(sorted({notice.template for notice, _ in pairs}))
    written = writing.written([row.ref for row in rows])
    said: list[_Said] = []
    for notice, facts in pairs:
        version = versions[notice.template]
        template = _approved(version.content, version.approval)
        result = stage.compose(notice, template, facts, written=written.get(notice.ref))
        if isinstance(result, manuscripts.Manuscript):
            said.append(_Said(notice=notice, manuscript=result))
        else:
            problem = f"{result.detail} {', '.join(result.missing)}".strip()
            said.append(_Said(notice=notice, manuscript=None, problem=problem))
    return said


@functools.lru_cache(maxsize=256)
def _approved(content: str, approval: str) -> templates.ApprovedTemplate:
    return govern.approved(
        records.decode(content, templates.Content), approval=records.decode(approval, templates.Approval)
    )


_Rendered = Mapping[tuple[str, parties.ChannelKind], manuscripts.Rendered]


def _render(given: parts.Parts, wanted: Sequence[tuple[parties.ChannelKind, _Said]]) -> _Rendered:
    return _lay_out(given, [(kind, one.manuscript) for kind, one in wanted if one.manuscript is not None])


def _lay_out(
    given: parts.Parts, wanted: Sequence[tuple[parties.ChannelKind, manuscripts.Manuscript]]
) -> dict[tuple[str, parties.ChannelKind], manuscripts.Rendered]:
    by_kind: dict[parties.ChannelKind, list[manuscripts.Manuscript]] = {}
    for kind, manuscript in wanted:
        by_kind.setdefault(kind, []).append(manuscript)
    laid_out: dict[tuple[str, parties.ChannelKind], manuscripts.Rendered] = {}
    for kind, batch in by_kind.items():
        engine = given.engines.get(kind)
        results = engine.render(batch) if engine else [_without_engine(manuscript, kind) for manuscript in batch]
        for result in results:
            laid_out[(result.ref, kind)] = result
    return laid_out


def _without_engine(manuscript: manuscripts.Manuscript, kind: parties.ChannelKind) -> manuscripts.Unrenderable:
    return manuscripts.Unrenderable(
        ref=manuscript.ref,
        channel=kind,
        reason=manuscripts.UnrenderableReason.UNSUPPORTED,
        detail=f"no engine lays out for {kind}",
    )


def _keep_documents(given: parts.Parts, said: Sequence[_Said], rendered: _Rendered, *, now: dt.datetime) -> None:
    days = _retention([(one.notice.ref, one.notice.communication) for one in said])
    documents: list[archive.NewDocument] = []
    for one in said:
        if one.manuscript is None:
            continue
        until = _until(days[one.notice.ref], now)
        documents.append(_document(records.canonical(one.manuscript), MANUSCRIPT_MEDIA_TYPE, kept_until=until))
        for planned in one.notice.plan:
            result = rendered.get((one.notice.ref, planned.channel))
            if isinstance(result, manuscripts.Rendition):
                documents.append(_document(result.content, result.media_type, kept_until=until))
    given.archive.keep(documents, now=now)


def _retention(named: Sequence[tuple[str, str]]) -> dict[str, int]:
    days = registry.retention_days(sorted({communication for _, communication in named}))
    return {ref: days[communication] for ref, communication in named}


def _until(days: int, now: dt.datetime) -> dt.date:
    return (now + dt.timedelta(days=days)).date()


def _document(content: bytes, media_type: str, *, kept_until: dt.date) -> archive.NewDocument:
    return archive.NewDocument(
        digest=records.digest(content), media_type=media_type, content=content, kept_until=kept_until
    )


def _deliveries(
    given: parts.Parts, said: Sequence[_Said], rendered: _Rendered, *, now: dt.datetime
) -> list[deliveries.New]:
    return [
        _delivery(given, one, planned, rendered.get((one.notice.ref, planned.channel)), now=now)
        for one in said
        if one.manuscript is not None
        for planned in one.notice.plan
    ]


def _delivery(
    given: parts.Parts,
    one: _Said,
    planned: notices.PlannedDelivery,
    result: manuscripts.Rendered | None,
    *,
    now: dt.datetime,
) -> deliveries.New:
    notice = one.notice
    via = given.via(planned.channel)
    starts_now = planned.start == notices.Start.AT_ONCE
    state = nouns.DeliveryState.DUE if starts_now else nouns.DeliveryState.STANDBY
    due_at: dt.datetime | None = None
    if starts_now and via:
        due_at = closing.first_due(given.channels[via].profile, max(notice.send_at, now))
    elif planned.start == notices.Start.ON_SILENCE:
        due_at = max(notice.send_at, now) + dt.timedelta(seconds=planned.after_seconds)
    failure = _why_not(planned.channel, via, result, starts_now=starts_now)
    if failure is not None:
        state = nouns.DeliveryState.FAILED
    content = result if isinstance(result, manuscripts.Rendition) and starts_now else None
    return deliveries.New(
        ref=records.reference(notice.ref, str(planned.rank)),
        communication=notice.ref,
        channel=planned.channel,
        via=via,
        rank=planned.rank,
        start=planned.start,
        after_seconds=planned.after_seconds,
        state=state,
        due_at=None if state == nouns.DeliveryState.FAILED else due_at,
        expires_at=notice.expires_at,
        lane=notice.lane,
        address=planned.address,
        postal=records.canonical(planned.postal).decode() if planned.postal else "",
        contact_point=planned.contact_point,
        rendition=records.digest(content.content) if content else "",
        media_type=content.media_type if content else "",
        units=content.units if content else 0,
        headers=records.canonical(_headers(one)).decode(),
        has_unsubscribe=notice.has_unsubscribe,
        ordering_key="",
        quiet_hours=records.canonical(notice.quiet_hours).decode() if notice.quiet_hours else "",
        time_zone=notice.time_zone,
        outcome=failure.kind if failure else "",
        code=failure.code if failure else "",
        detail=failure.detail if failure else "",
    )


def _why_not(
    kind: parties.ChannelKind, via: str, result: manuscripts.Rendered | None, *, starts_now: bool
) -> nouns.Outcome | None:
    """Why a delivery fails before it could leave: nothing leads there, or it cannot be laid out; else `None`."""
    if not via:
        detail = f"wanted a configured channel for {kind}, got none"
        return nouns.Outcome(kind=nouns.OutcomeKind.REJECTED, code=NO_CHANNEL, detail=detail)
    if starts_now and isinstance(result, manuscripts.Unrenderable):
        return nouns.Outcome(kind=nouns.OutcomeKind.REJECTED, code=result.reason, detail=result.detail[:200])
    return None


def _headers(one: _Said) -> list[tuple[str, str]]:
    said = one.manuscript
    if said is None:
        return []
    return [
        ("subject", said.words.subject),
        ("to_name", said.recipient[0]),
        ("from_name", said.brand.name),
        ("language", said.language),
        ("category", one.notice.category),
        ("unsubscribe_link", said.unsubscribe_link),
        ("communication_type", said.communication),
    ]


def _composed(one: _Said) -> decisions.Composed:
    if one.manuscript is None:
        return decisions.Composed(ref=one.notice.ref, state="incomplete", problem=one.problem)
    return decisions.Composed(
        ref=one.notice.ref,
        state="composed",
        manuscript=records.digest(records.canonical(one.manuscript)),
        title=one.manuscript.title,
    )


def _refused(ref: str, result: manuscripts.Unrenderable) -> deliveries.Settled:
    return deliveries.Settled(
        ref=ref,
        state=nouns.DeliveryState.FAILED,
        due_at=None,
        outcome=nouns.OutcomeKind.REJECTED,
        code=result.reason,
        detail=result.detail[:200],
    )


def _facts(said: Sequence[_Said], *, now: dt.datetime) -> list[records.Fact]:
    return [
        records.Fact(
            kind=records.FactKind.COMMUNICATION_COMPOSED,
            subject=one.notice.ref,
            at=now,
            body=records.canonical(
                {
                    "template": one.notice.template,
                    "manuscript": records.digest(records.canonical(one.manuscript)) if one.manuscript else "",
                    "problem": one.problem,
                }
            ).decode(),
        )
        for one in said
    ]


def _failure(
    communication: str,
    failed: deliveries.New | deliveries.Settled,
    *,
    channel: parties.ChannelKind | str,
    now: dt.datetime,
) -> records.Fact:
    """The fact that a delivery failed before it could leave."""
    return records.Fact(
        kind=records.FactKind.DELIVERY_CHANGED,
        subject=communication,
        at=now,
        body=records.canonical(
            {
                "delivery": failed.ref,
                "channel": channel,
                "state": failed.state,
                "outcome": failed.outcome,
                "code": failed.code,
                "because": failed.detail,
            }
        ).decode(),
    )


def _ring_deliver(given: parts.Parts, lane: events.Lane) -> None:
    for name, channel in given.channels.items():
        if not closing.gathers(channel.profile):
            bells.ring("deliver", lane, via=name)
