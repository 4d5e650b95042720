"""Who may do what to a template version, and which version is in force.

The only module that makes an `ApprovedTemplate`. Decisions are values: `Granted` with the state that follows, or
`Denied` with a reason. It refuses to let anybody approve their own change, in whatever role they come.
"""

import datetime as dt
import enum
import unicodedata
from collections.abc import Iterable

from signalpost.vocabulary import records, templates


class Role(enum.StrEnum):
    """The roles that governance itself knows; a category's review may name further ones (`legal`, `brand`)."""

    AUTHOR = "author"
    APPROVER = "approver"


class DeniedReason(enum.StrEnum):
    """Why somebody may not. Closed: every value is documented and shown."""

    #: Nobody is named.
    UNKNOWN_PERSON = "unknown_person"
    ROLE_MISSING = "role_missing"
    #: The version's state does not lead there.
    ILLEGAL_MOVE = "illegal_move"
    #: Who wrote or edited it approves it.
    OWN_CHANGE = "own_change"
    #: The same person in two steps of one review.
    ALREADY_SIGNED = "already_signed"
    #: The steps taken are not the review's first ones, or others come before the last.
    STEPS_OPEN = "steps_open"
    #: The last step sets the dates: it is an approval.
    LAST_STEP = "last_step"
    #: The approval or a step is for another content.
    CONTENT_CHANGED = "content_changed"
    NOT_YET_EFFECTIVE = "not_yet_effective"
    #: Nothing to schedule: its time has come.
    ALREADY_EFFECTIVE = "already_effective"
    NO_LONGER_EFFECTIVE = "no_longer_effective"
    #: The dates contradict each other or have no time zone.
    INVALID_DATES = "invalid_dates"


class Granted(records.Record, frozen=True, kw_only=True):
    """Somebody may; the version goes to this state."""

    state: templates.TemplateState


class Denied(records.Record, frozen=True, kw_only=True):
    """Somebody may not, and why. Names no persons."""

    reason: DeniedReason
    wanted: str
    got: str


Decision = Granted | Denied

#: The review of a category for which nothing else is set.
DEFAULT_STEPS: tuple[str, ...] = (Role.APPROVER.value,)

_State = templates.TemplateState


def steps_for(category: str, reviews: Iterable[templates.ReviewSteps]) -> tuple[str, ...]:
    """The roles whose approvals a category needs, in order. Never none: what is not set is one approver."""
    for review in reviews:
        if review.category == category and review.roles:
            return review.roles
    return DEFAULT_STEPS


def may_draft(version: templates.Version | None, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may begin a version (`None`) or change one that is still a draft."""
    if version is not None and version.state is not _State.DRAFT:
        return _misplaced(version, _State.DRAFT)
    return _entitled(person, roles, one_of=(Role.AUTHOR,)) or Granted(state=_State.DRAFT)


def may_submit(version: templates.Version, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may hand a draft in for review."""
    return _move(version, _State.IN_REVIEW, person=person, roles=roles, one_of=(Role.AUTHOR,))


def may_send_back(version: templates.Version, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may make a draft again of what is in review; authors may take it back."""
    return _move(version, _State.DRAFT, person=person, roles=roles, one_of=(Role.AUTHOR, Role.APPROVER))


def may_approve(
    version: templates.Version, *, person: str, roles: frozenset[str], steps: tuple[str, ...] = DEFAULT_STEPS
) -> Decision:
    """Whether somebody may take the next step of the review.

    Returns:
        `Granted` with `approved` when it is the last step, with `in_review` when others follow.
    """
    if version.state is not _State.IN_REVIEW:
        return _misplaced(version, _State.IN_REVIEW)
    denied = (
        _entitled(person, roles, one_of=(Role.APPROVER,))
        or _conflicted(version, person)
        or _broken_steps(version, steps)
    )
    if denied is not None:
        return denied
    taken = len(version.sign_offs)
    if steps[taken] not in roles:
        return Denied(reason=DeniedReason.ROLE_MISSING, wanted=steps[taken], got=_list(roles))
    return Granted(state=_State.APPROVED if taken + 1 == len(steps) else _State.IN_REVIEW)


def sign_off(
    version: templates.Version,
    *,
    person: str,
    roles: frozenset[str],
    at: dt.datetime,
    steps: tuple[str, ...] = DEFAULT_STEPS,
) -> templates.SignOff | Denied:
    """Take a step of a review that is not its last; the last one is `approve`, because it sets the dates."""
    decision = may_approve(version, person=person, roles=roles, steps=steps)
    if isinstance(decision, Denied):
        return decision
    if decision.state is _State.APPROVED:
        return Denied(reason=DeniedReason.LAST_STEP, wanted="an approval with its dates", got="a step without")
    return _step(version, person=person, steps=steps, at=at)


def approve(
    content: templates.Content,
    *,
    author: str,
    approver: str,
    roles: frozenset[str],
    approved_at: dt.datetime,
    effective_from: dt.datetime,
    effective_to: dt.datetime | None,
    editors: frozenset[str] = frozenset(),
    steps: tuple[str, ...] = DEFAULT_STEPS,
    sign_offs: tuple[templates.SignOff, ...] = (),
) -> templates.Approval | Denied:
    """Approve a content in review: the last step, with the dates it is to be in force.

    Args:
        content: exactly what is approved; the approval is for its digest.
        author: who wrote it.
        approver: who approves it now, in their `roles`.
        roles: the roles the approver has.
        approved_at: the moment of the approval.
        effective_from: first moment it may be in force; earlier than `approved_at` means from then on.
        effective_to: first moment it is no longer in force, `None` for open-ended.
        editors: everyone else who changed it.
        steps: the roles whose approvals its category needs, in order (`steps_for`).
        sign_offs: the steps taken before this one, in order.
    """
    version = templates.Version(
        content=content.digest(),
        category=content.category,
        state=_State.IN_REVIEW,
        author=author,
        editors=editors,
        sign_offs=sign_offs,
    )
    if not author.strip():
        return Denied(reason=DeniedReason.UNKNOWN_PERSON, wanted="an author", got="nobody")
    decision = may_approve(version, person=approver, roles=roles, steps=steps)
    if isinstance(decision, Denied):
        return decision
    if decision.state is not _State.APPROVED:
        got = _in_order(step.role for step in sign_offs)
        return Denied(reason=DeniedReason.STEPS_OPEN, wanted=_in_order(steps[:-1]), got=got)
    contradiction = _contradiction(approved_at, effective_from, effective_to)
    if contradiction:
        return Denied(
            reason=DeniedReason.INVALID_DATES, wanted="an end after the beginning, with time zones", got=contradiction
        )
    return templates.Approval(
        content=version.content,
        author=author,
        approver=approver,
        sign_offs=(*sign_offs, _step(version, person=approver, steps=steps, at=approved_at)),
        approved_at=approved_at,
        effective_from=effective_from,
        effective_to=effective_to,
    )


def may_schedule(
    version: templates.Version, approval: templates.Approval, *, person: str, roles: frozenset[str], now: dt.datetime
) -> Decision:
    """Whether somebody may set an approved version to go live when its time comes."""
    decision = _move(version, _State.SCHEDULED, person=person, roles=roles, one_of=(Role.APPROVER,))
    if isinstance(decision, Denied):
        return decision
    if approval.effective_from <= now:
        got = approval.effective_from.isoformat()
        return Denied(reason=DeniedReason.ALREADY_EFFECTIVE, wanted="a time still to come", got=got)
    return _uncovered(version, approval) or decision


def may_unschedule(version: templates.Version, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may stop a scheduled version from going live."""
    if version.state is not _State.SCHEDULED:
        return _misplaced(version, _State.SCHEDULED)
    return _entitled(person, roles, one_of=(Role.APPROVER,)) or Granted(state=_State.APPROVED)


def may_publish(
    version: templates.Version, approval: templates.Approval, *, person: str, roles: frozenset[str], now: dt.datetime
) -> Decision:
    """Whether somebody may put an approved or scheduled version live now."""
    decision = _move(version, _State.LIVE, person=person, roles=roles, one_of=(Role.APPROVER,))
    if isinstance(decision, Denied):
        return decision
    if now < approval.effective_from:
        got = approval.effective_from.isoformat()
        return Denied(reason=DeniedReason.NOT_YET_EFFECTIVE, wanted=f"a beginning by {now.isoformat()}", got=got)
    if not _is_effective(approval, now):
        got = f"from {approval.approved_at.isoformat()} to {approval.effective_to}"
        return Denied(reason=DeniedReason.NO_LONGER_EFFECTIVE, wanted=f"dates around {now.isoformat()}", got=got)
    return _uncovered(version, approval) or decision


def may_retire(version: templates.Version, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may take an approved, scheduled or live version out of use for good."""
    return _move(version, _State.RETIRED, person=person, roles=roles, one_of=(Role.APPROVER,))


def approved(content: templates.Content, *, approval: templates.Approval) -> templates.ApprovedTemplate:
    """The version a notice was decided with, whatever is in force since: later edits never change history.

    Raises:
        NotApprovedError: the approval is for another content, or by somebody who wrote it.
    """
    return templates.ApprovedTemplate(content=content, approval=approval, version=approval.content)


def in_force(
    versions: Iterable[tuple[templates.Content, templates.Approval]],
    *,
    communication: str,
    language: str,
    now: dt.datetime,
) -> templates.ApprovedTemplate | None:
    """The version in force for a communication type and language: of those whose dates hold, the latest to begin.

    Two that begin together are settled by the later approval, then by the smaller digest.

    Args:
        versions: contents with their approvals, without the retired ones.
        communication: name of the communication type.
        language: BCP 47 tag, exactly as in the content.
        now: the moment in question.

    Raises:
        NotApprovedError: the version that would be in force was tampered with. Never falls back to an older one.
    """
    holding = [
        (content, approval)
        for content, approval in versions
        if content.communication == communication and content.language == language and _is_effective(approval, now)
    ]
    if not holding:
        return None
    smallest_first = sorted(holding, key=lambda pair: pair[1].content)
    content, approval = max(smallest_first, key=lambda pair: (pair[1].effective_from, pair[1].approved_at))
    return approved(content, approval=approval)


def _move(
    version: templates.Version,
    state: templates.TemplateState,
    *,
    person: str,
    roles: frozenset[str],
    one_of: tuple[Role, ...],
) -> Decision:
    """Whether the version's state leads there and the person has a role for it."""
    if state not in templates.TEMPLATE_MOVES[version.state]:
        return _misplaced(
            version, *(origin for origin, targets in templates.TEMPLATE_MOVES.items() if state in targets)
        )
    return _entitled(person, roles, one_of=one_of) or Granted(state=state)


def _misplaced(version: templates.Version, *wanted: templates.TemplateState) -> Denied:
    return Denied(reason=DeniedReason.ILLEGAL_MOVE, wanted=" or ".join(wanted), got=version.state.value)


def _entitled(person: str, roles: frozenset[str], *, one_of: tuple[Role, ...]) -> Denied | None:
    if not person.strip():
        return Denied(reason=DeniedReason.UNKNOWN_PERSON, wanted="somebody", got="nobody")
    if roles.isdisjoint(one_of):
        return Denied(reason=DeniedReason.ROLE_MISSING, wanted=" or ".join(one_of), got=_list(roles))
    return None


def _step(version: templates.Version, *, person: str, steps: tuple[str, ...], at: dt.datetime) -> templates.SignOff:
    return templates.SignOff(content=version.content, role=steps[len(version.sign_offs)], person=person, at=at)


def _conflicted(version: templates.Version, person: str) -> Denied | None:
    """Whether the person changed it, or took an earlier step already."""
    if _is_own(version, person):
        return Denied(reason=DeniedReason.OWN_CHANGE, wanted="an approver who did not change it", got="one who did")
    if any(_is_same(person, step.person) for step in version.sign_offs):
        return Denied(reason=DeniedReason.ALREADY_SIGNED, wanted="another person for each step", got="the same")
    return None


def _is_own(version: templates.Version, person: str) -> bool:
    return any(_is_same(person, other) for other in (version.author, *version.editors))


def _is_same(person: str, other: str) -> bool:
    """Whether two names are one person's: neither case, width nor surrounding space makes a second one."""
    return _plain(person) == _plain(other)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _broken_steps(version: templates.Version, steps: tuple[str, ...]) -> Denied | None:
    """What is wrong with the steps taken so far: they must be the review's first ones, for this very content."""
    taken = version.sign_offs
    for step in taken:
        if step.content != version.content:
            return Denied(reason=DeniedReason.CONTENT_CHANGED, wanted=version.content, got=step.content)
        if _is_own(version, step.person):
            return Denied(reason=DeniedReason.OWN_CHANGE, wanted="steps by others", got="a step by who changed it")
    roles = tuple(step.role for step in taken)
    if len(roles) >= len(steps) or roles != steps[: len(roles)]:
        return Denied(reason=DeniedReason.STEPS_OPEN, wanted=_in_order(steps), got=_in_order(roles))
    if len({_plain(step.person) for step in taken}) < len(taken):
        return Denied(reason=DeniedReason.ALREADY_SIGNED, wanted="another person for each step", got="the same")
    return None


def _contradiction(approved_at: dt.datetime, effective_from: dt.datetime, effective_to: dt.datetime | None) -> str:
    """What is wrong with the dates, "" when nothing is."""
    for moment in (approved_at, effective_from, effective_to):
        if moment is not None and moment.tzinfo is None:
            return f"{moment.isoformat()} without a time zone"
    if effective_to is not None and effective_to <= max(effective_from, approved_at):
        return f"from {max(effective_from, approved_at).isoformat()} to {effective_to.isoformat()}"
    return ""


def _is_effective(approval: templates.Approval, now: dt.datetime) -> bool:
    begins_at = max(approval.effective_from, approval.approved_at)
    return begins_at <= now and (approval.effective_to is None or now < approval.effective_to)


def _uncovered(version: templates.Version, approval: templates.Approval) -> Denied | None:
    if approval.content == version.content:
        return None
    return Denied(reason=DeniedReason.CONTENT_CHANGED, wanted=approval.content, got=version.content)


def _in_order(roles: Iterable[str]) -> str:
    return ", then ".join(roles) or "none"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
