"""What authors and approvers do to templates. Every act asks `govern` in the transaction that it changes."""

import datetime as dt

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.govern import templates as govern
from signalpost.store import log, templates
from signalpost.vocabulary import records
from signalpost.vocabulary import templates as nouns


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, in which roles."""

    name: str
    roles: frozenset[str]


def draft(content: nouns.Content, *, by: Person) -> str | govern.Denied:
    """Store a content as a draft; its digest. The same content again is the same version."""
    decision = govern.may_draft(None, person=by.name, roles=by.roles)
    if isinstance(decision, govern.Denied):
        return decision
    with transaction.atomic():
        return templates.save_draft(content, author=by.name, now=timezone.now())


def submit(digest: str, *, by: Person) -> nouns.TemplateState | govern.Denied:
    """Hand a draft in for review."""
    with transaction.atomic():
        row = templates.version(digest)
        decision = govern.may_submit(row.version(), person=by.name, roles=by.roles)
        if isinstance(decision, govern.Denied):
            return decision
        templates.move(row, decision.state)
        return decision.state


def approve(
    digest: str, *, by: Person, effective_from: dt.datetime, effective_to: dt.datetime | None = None
) -> nouns.TemplateState | govern.Denied:
    """Approve what is in review. Nobody approves their own change, in whatever role they come."""
    with transaction.atomic():
        now = timezone.now()
        row = templates.version(digest)
        decision = govern.may_approve(row.version(), person=by.name, roles=by.roles)
        if isinstance(decision, govern.Denied):
            return decision
        approval = govern.approve(
            row.of(),
            author=row.author,
            approver=by.name,
            roles=by.roles,
            approved_at=now,
            effective_from=effective_from,
            effective_to=effective_to,
            editors=row.version().editors,
        )
        if isinstance(approval, govern.Denied):
            return approval
        templates.move(row, decision.state, approval=approval)
        log.add(
            [
                records.Fact(
                    kind=records.FactKind.TEMPLATE_APPROVED,
                    subject=digest,
                    at=now,
                    body=records.canonical(approval).decode(),
                )
            ]
        )
        return decision.state


def publish(digest: str, *, by: Person) -> nouns.TemplateState | govern.Denied:
    """Put an approved version live."""
    with transaction.atomic():
        row = templates.version(digest)
        approval = records.decode(row.approval, nouns.Approval) if row.approval else None
        version = row.version()
        if approval is None:
            return govern.Denied(
                reason=govern.DeniedReason.ILLEGAL_MOVE, wanted=nouns.TemplateState.APPROVED, got=version.state
            )
        decision = govern.may_publish(version, approval, person=by.name, roles=by.roles, now=timezone.now())
        if isinstance(decision, govern.Denied):
            return decision
        templates.move(row, decision.state)
        return decision.state
