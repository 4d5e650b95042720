"""What operations do: install playbooks, pause and resume, replay what was refused, look after endpoints."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.acts import releasing, request
from signalpost.flow import expressions
from signalpost.govern import staff
from signalpost.govern import templates as govern
from signalpost.playbooks import load as playbooks
from signalpost.store import bells, deliveries, log, quarantine, registry, shipping, switches
from signalpost.store import endpoints as endpoint_rows
from signalpost.store import library as shelves
from signalpost.vocabulary import deliveries as nouns
from signalpost.vocabulary import events, library, records, situations


class NotInstalledError(ValueError):
    """A playbook cannot be installed; says which act was denied and why."""


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation brought."""

    playbooks: int
    templates: int


def install(
    given: Sequence[playbooks.Playbook],
    *,
    author: str,
    approver: str,
    reviewers: Sequence[tuple[str, str]] = (),
) -> Installed:
    """Install playbooks: device rules and mappings as they are, and everything else as one approved release.

    The same playbooks again change nothing. What a playbook brought before and does not any more is taken out of use.

    Args:
        given: the playbooks, with those that they need.
        author: who puts the release together.
        approver: who approves it; another person.
        reviewers: for categories whose review has further steps: role and person of each.

    Raises:
        NotInstalledError: something in them is wrong, or an approval was denied, for instance because author and
            approver are one person.
        PlaybookError: the playbooks contradict each other, or one that is needed is missing.
    """
    with transaction.atomic():
        now = timezone.now()
        rules, _ = playbooks.combined(given)
        _check(rules)
        installed = registry.rules(now)
        shipping.lock()
        own = shipping.named(msgspec.structs.replace(rules, triggers=installed.triggers))
        if own.version != installed.version:
            registry.save_rules(own, now=now)
        for playbook in given:
            registry.save_mappings(playbook.mappings, playbook=playbook.name)
        _release(given, author=author, approver=approver, reviewers=reviewers)
    count = sum(len(communication.contents) for playbook in given for communication in playbook.communications)
    return Installed(playbooks=len(given), templates=count)


def _check(rules: situations.Rules) -> None:
    """What of the device rules would fail with the first event."""
    conditions = [
        (f"alarm rule {rule.name!r}", when) for rule in rules.alarms for when in (rule.raised_when, rule.cleared_when)
    ]
    for name, condition in conditions:
        fault = expressions.check(condition)
        if fault is not None:
            raise NotInstalledError(f"{name}: {fault.text}")


def _release(
    given: Sequence[playbooks.Playbook], *, author: str, approver: str, reviewers: Sequence[tuple[str, str]]
) -> None:
    """Put everything of the playbooks into one release, and take it through its review."""
    items = {library.key(item): item for item in playbooks.items(given)}
    brought = {playbook.name: [library.key(item) for item in playbook.items] for playbook in given}
    before = shelves.brought_before(list(brought))
    # What a playbook says as it did before is left as people made it since.
    new = [item for key, item in items.items() if before.digests.get(key) != library.digest(item)]
    gone = before.digests.keys() - items.keys() - before.shared
    for name, keys in brought.items():
        shelves.note_brought(name, {key: library.digest(items[key]) for key in keys})
    by_author = releasing.Person(name=author, roles=frozenset({staff.Role.AUTHOR, staff.Role.OPERATIONS}))
    title = f"Playbooks {', '.join(sorted(brought))}"
    made = releasing.propose(new, by=by_author, title=title, retire=gone)
    if isinstance(made, releasing.Refused):
        if made.denied is not None and made.denied.reason is govern.DeniedReason.NOTHING_CHANGED:
            return
        raise NotInstalledError(f"release: {made.text()}")
    _done("submit", releasing.submit(made.ref, by=by_author, is_checked=True))
    *first, last = releasing.steps(made.ref)
    people = {staff.Role.APPROVER.value: approver, **dict(reviewers)}
    for role in (*first, last):
        person = people.get(role)
        if person is None:
            raise NotInstalledError(f"approve: {title} needs a person for {role!r}, got none")
        by = releasing.Person(name=person, roles=frozenset({role}))
        if role == last:
            _done("approve", releasing.approve(made.ref, by=by))
        else:
            _done("approve", releasing.sign_off(made.ref, by=by))


def _done(act: str, answer: library.Release | releasing.Refused) -> None:
    if isinstance(answer, releasing.Refused):
        raise NotInstalledError(f"{act}: {answer.text()}")


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


def _staff_fact(by: str, act: str, reason: str, *, now: dt.datetime) -> records.Fact:
    return records.Fact(
        kind=records.FactKind.STAFF_ACTED,
        subject=records.reference("staff", by),
        at=now,
        body=records.canonical({"act": act, "by": by, "reason": reason}).decode(),
    )
