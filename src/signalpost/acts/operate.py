"""What operations do: install playbooks, pause and resume, replay what was refused, look after endpoints."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.acts import author as authoring
from signalpost.acts import request
from signalpost.flow import expressions
from signalpost.flow.accept import contracting
from signalpost.govern import templates as govern
from signalpost.playbooks import load as playbooks
from signalpost.store import bells, deliveries, log, quarantine, registry, switches
from signalpost.store import endpoints as endpoint_rows
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, records


class NotInstalledError(ValueError):
    """A playbook cannot be installed; says which act was denied and why."""


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation brought."""

    playbooks: int
    templates: int


def install(given: Sequence[playbooks.Playbook], *, author: str, approver: str) -> Installed:
    """Install playbooks: contracts, mappings, rules, policy, and their templates, submitted and approved.

    Rules and policy of all given playbooks together are one new version; the same content again is the same version.

    Raises:
        NotInstalledError: a contract is no schema or a condition no expression; or an approval was denied, for
            instance because author and approver are one person.
        PlaybookError: the playbooks contradict each other, or one that is needed is missing.
    """
    by_author = authoring.Person(name=author, roles=frozenset({govern.Role.AUTHOR}))
    by_approver = authoring.Person(name=approver, roles=frozenset({govern.Role.APPROVER}))
    for playbook in given:
        _check(playbook)
    with transaction.atomic():
        now = timezone.now()
        for playbook in given:
            registry.save_contracts(playbook.contracts, playbook=playbook.name)
            registry.save_mappings(playbook.mappings, playbook=playbook.name)
            registry.save_types(
                [communication.type for communication in playbook.communications], playbook=playbook.name
            )
        rules, policy = playbooks.combined(given)
        registry.save_rules(rules, now=now)
        registry.save_policy(policy, now=now)
        contents = [
            content
            for playbook in given
            for communication in playbook.communications
            for content in communication.contents
        ]
        for content in contents:
            _go_live(authoring.draft(content, by=by_author), by_author, by_approver, now=now)
    return Installed(playbooks=len(given), templates=len(contents))


def _check(playbook: playbooks.Playbook) -> None:
    """What would fail with the first event."""
    for contract in playbook.contracts:
        if fault := contracting.schema_fault(contract.data_schema):
            raise NotInstalledError(f"contract {contract.type!r}: wanted a JSON Schema, got {fault}")
    conditions = [
        *((f"alarm rule {rule.name!r}", rule.raised_when) for rule in playbook.rules.alarms),
        *((f"alarm rule {rule.name!r}", rule.cleared_when) for rule in playbook.rules.alarms),
        *((f"trigger {trigger.name!r}", trigger.when) for trigger in playbook.rules.triggers),
    ]
    for name, condition in conditions:
        fault = expressions.check(condition)
        if fault is not None:
            raise NotInstalledError(f"{name}: {fault.text}")


def pause(name: str, *, by: str, reason: str) -> None:
    """Pause `lane:NAME` or `channel:NAME`: what waits for it stays where it is."""
    with transaction.atomic():
        now = timezone.now()
        switches.pause(name, by=by, reason=reason, now=now)
        log.add([_staff_fact(by, f"pause {name}", reason, now=now)])


def resume(name: str, *, by: str) -> bool:
    """Let it go on; whether it was paused."""
    with transaction.atomic():
        was_paused = switches.resume(name)
        if was_paused:
            log.add([_staff_fact(by, f"resume {name}", "", now=timezone.now())])
    return was_paused


def redrive(number: int, *, by: str) -> bool:
    """Put a job that gave up back into the queue; whether there was one of that number."""
    with transaction.atomic():
        was_there = bells.put_back(number)
        if was_there:
            log.add([_staff_fact(by, f"redrive {number}", "", now=timezone.now())])
    return was_there


def note_export(name: str, *, by: str) -> None:
    """Note in the log who took a whole list out of the console."""
    with transaction.atomic():
        log.add([_staff_fact(by, f"export {name}", "", now=timezone.now())])


def quarantined() -> list[quarantine.Row]:
    """The latest refusals nobody has settled."""
    return quarantine.opened()


def replay(number: int, *, limits: events.Limits, by: str) -> request.Answer:
    """Accept the body of a refusal again, as it came, after what was wrong has been mended."""
    with transaction.atomic():
        body, raw = quarantine.raw(number)
        now = timezone.now()
        quarantine.settle(body, "replayed", by=by, now=now)
        log.add([_staff_fact(by, f"replay {number}", "", now=now)])
        (answer,) = request.accept([raw], limits)
    return answer


def discard(number: int, *, by: str) -> None:
    """Settle a refusal for good without accepting its body, which stays stored."""
    with transaction.atomic():
        body, _ = quarantine.raw(number)
        now = timezone.now()
        quarantine.settle(body, "discarded", by=by, now=now)
        log.add([_staff_fact(by, f"discard {number}", "", now=now)])


def unclear() -> list[deliveries.Unclear]:
    """Deliveries of which nobody knows whether they went out, and for which no receipt came: a person decides."""
    return deliveries.undecided()


def settle_unclear(ref: str, decision: deliveries.Decided, *, by: str) -> bool:
    """Decide about an unclear delivery; whether there was one of that reference.

    `delivered` and `failed` are what the person found out; `resend` lets it go out again, perhaps for a second time.
    """
    with transaction.atomic():
        now = timezone.now()
        rows = deliveries.by_ref([ref])
        if ref not in rows or rows[ref].state != nouns.DeliveryState.UNCLEAR:
            return False
        state = {
            "delivered": nouns.DeliveryState.DELIVERED,
            "failed": nouns.DeliveryState.FAILED,
            "resend": nouns.DeliveryState.DUE,
        }[decision]
        due_at = now if state == nouns.DeliveryState.DUE else None
        deliveries.settle(
            [deliveries.Settled(ref=ref, state=state, due_at=due_at, detail=f"decided: {decision}")], now=now
        )
        if state == nouns.DeliveryState.FAILED:
            deliveries.start_fallback([rows[ref].communication_id], now=now)
        log.add([_staff_fact(by, f"settle {ref} as {decision}", "", now=now)])
    return True


def register_endpoint(endpoint: endpoint_rows.Endpoint) -> None:
    """Let a system receive status webhooks; a disabled one is enabled again."""
    with transaction.atomic():
        endpoint_rows.save(endpoint)


def _go_live(
    drafted: str | govern.Denied, by_author: authoring.Person, by_approver: authoring.Person, *, now: dt.datetime
) -> None:
    if isinstance(drafted, govern.Denied):
        raise NotInstalledError(_denied("draft", drafted))
    if registry.is_live(drafted):
        return
    submitted = authoring.submit(drafted, by=by_author)
    if isinstance(submitted, govern.Denied):
        raise NotInstalledError(_denied("submit", submitted))
    approved = authoring.approve(drafted, by=by_approver, effective_from=now)
    if isinstance(approved, govern.Denied):
        raise NotInstalledError(_denied("approve", approved))
    published = authoring.publish(drafted, by=by_approver)
    if isinstance(published, govern.Denied):
        raise NotInstalledError(_denied("publish", published))


def _denied(act: str, denied: govern.Denied) -> str:
    return f"{act}: {denied.reason}: wanted {denied.wanted}, got {denied.got}"


def _staff_fact(by: str, act: str, reason: str, *, now: dt.datetime) -> records.Fact:
    return records.Fact(
        kind=records.FactKind.STAFF_ACTED,
        subject=records.reference("staff", by),
        at=now,
        body=records.canonical({"act": act, "by": by, "reason": reason}).decode(),
    )
