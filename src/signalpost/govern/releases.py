"""Who may do what with a release. Decisions are values: `Granted` with the state that follows, or `Denied`.

A release is approved as one, so its review is the union of what everything in it needs. It refuses to let anybody
approve their own change in whatever role they come: who put the release together, who brought a version of anything in
it, and everyone who wrote at a working copy are its changers.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from signalpost.govern import names, staff
from signalpost.govern.templates import Denied, DeniedReason
from signalpost.vocabulary import library, notices, records, templates

_State = library.ReleaseState
_Reason = DeniedReason

#: The step of whatever no category asks more of.
APPROVER = staff.Role.APPROVER.value


class Granted(records.Record, frozen=True, kw_only=True):
    """Somebody may; the release goes to this state."""

    state: library.ReleaseState


Decision = Granted | Denied


def rights_of(roles: Iterable[str]) -> frozenset[staff.Right]:
    """What these roles may do together; an unknown one may nothing."""
    known = [staff.ROLE_RIGHTS[role] for role in staff.Role if role in set(roles)]
    return frozenset[staff.Right]().union(*known)


def sides(kinds: Iterable[library.Kind]) -> frozenset[staff.Right]:
    """The rights that writing items of these kinds needs."""
    return frozenset(
        staff.Right.WRITE if kind in library.COMMUNICATIONS_SIDE else staff.Right.WRITE_RULES for kind in kinds
    )


def steps_for(
    categories: Iterable[str], *, kinds: Iterable[library.Kind], policies: Sequence[notices.Policy]
) -> tuple[str, ...]:
    """The roles whose approvals a release needs, in order. Never none.

    Args:
        categories: of every communication that it touches.
        kinds: of everything that it changes; what the business side keeps needs an approver too.
        policies: the one in force and the one that would be: a release cannot take away its own review.
    """
    found: dict[str, None] = {}
    for category in sorted(set(categories)):
        reviews = [row.review for policy in policies for row in policy.categories if row.category == category]
        for role in (role for review in reviews for role in review):
            found.setdefault(role)
        if not any(reviews):
            found.setdefault(APPROVER)
    if not found or staff.Right.WRITE_RULES in sides(kinds):
        found.setdefault(APPROVER)
    # An approver comes last: the special looks come before the whole.
    return tuple(sorted(found, key=lambda role: role == APPROVER))


def may_propose(
    release: library.Release | None, *, kinds: Iterable[library.Kind], person: str, roles: frozenset[str]
) -> Decision:
    """Whether somebody may put a release together (`None`), or change one that is not scheduled or live."""
    if release is not None and _State.DRAFT not in library.RELEASE_MOVES[release.state]:
        return _misplaced(release, _State.DRAFT)
    if release is not None and release.state is _State.SCHEDULED:
        return _misplaced(release, _State.DRAFT, but="send it back first")
    return _lacks_all(person, roles, sides(kinds)) or Granted(state=_State.DRAFT)


def may_submit(release: library.Release, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may hand a draft in for review."""
    if release.state is not _State.DRAFT:
        return _misplaced(release, _State.IN_REVIEW)
    return _lacks_all(person, roles, sides(_kinds(release))) or Granted(state=_State.IN_REVIEW)


def may_send_back(release: library.Release, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may make a draft of it again; an author may take back what is in review."""
    if release.state is _State.DRAFT or _State.DRAFT not in library.RELEASE_MOVES[release.state]:
        return _misplaced(release, _State.DRAFT)
    able = {staff.Right.APPROVE}
    if release.state is not _State.SCHEDULED:
        able |= sides(_kinds(release))
    return _lacks_any(person, roles, able) or Granted(state=_State.DRAFT)


def may_approve(release: library.Release, *, person: str, roles: frozenset[str], steps: tuple[str, ...]) -> Decision:
    """Whether somebody may take the next step of the review.

    Returns:
        `Granted` with `approved` when it is the last step, with `in_review` when others follow.
    """
    if release.state is not _State.IN_REVIEW:
        return _misplaced(release, _State.APPROVED)
    denied = _lacks_any(person, roles, {staff.Right.APPROVE}) or _conflicted(release, person) or _broken(release, steps)
    if denied is not None:
        return denied
    taken = len(release.sign_offs)
    if steps[taken] not in roles:
        return Denied(reason=_Reason.ROLE_MISSING, wanted=steps[taken], got=_list(roles))
    return Granted(state=_State.APPROVED if taken + 1 == len(steps) else _State.IN_REVIEW)


def sign_off(
    release: library.Release, *, person: str, roles: frozenset[str], steps: tuple[str, ...], at: dt.datetime
) -> templates.SignOff | Denied:
    """Take a step of a review that is not its last; the last one is `approve`, because it sets the dates."""
    decision = may_approve(release, person=person, roles=roles, steps=steps)
    if isinstance(decision, Denied):
        return decision
    if decision.state is _State.APPROVED:
        return Denied(reason=_Reason.LAST_STEP, wanted="an approval with its dates", got="a step without")
    return _step(release, person=person, steps=steps, at=at)


def approve(
    release: library.Release,
    *,
    person: str,
    roles: frozenset[str],
    steps: tuple[str, ...],
    at: dt.datetime,
    effective_from: dt.datetime,
    effective_to: dt.datetime | None = None,
) -> templates.SignOff | Denied:
    """Take the last step of a review, with the dates between which the release is to be in force."""
    decision = may_approve(release, person=person, roles=roles, steps=steps)
    if isinstance(decision, Denied):
        return decision
    if decision.state is not _State.APPROVED:
        got = _in_order(step.role for step in release.sign_offs)
        return Denied(reason=_Reason.STEPS_OPEN, wanted=_in_order(steps[:-1]), got=got)
    contradiction = _contradiction(at, effective_from, effective_to)
    if contradiction:
        wanted = "an end after the beginning, with time zones"
        return Denied(reason=_Reason.INVALID_DATES, wanted=wanted, got=contradiction)
    if effective_to is not None and library.Kind.POLICY in _kinds(release):
        return Denied(reason=_Reason.INVALID_DATES, wanted="a channel policy without an end", got="one with")
    return _step(release, person=person, steps=steps, at=at)


def may_withdraw(release: library.Release, *, person: str, roles: frozenset[str]) -> Decision:
    """Whether somebody may take a release back. One that is approved or live is an approver's to take back."""
    if _State.WITHDRAWN not in library.RELEASE_MOVES[release.state]:
        return _misplaced(release, _State.WITHDRAWN)
    able = {staff.Right.APPROVE}
    if release.state in (_State.DRAFT, _State.IN_REVIEW):
        able |= sides(_kinds(release))
    return _lacks_any(person, roles, able) or Granted(state=_State.WITHDRAWN)


def may_comment(*, person: str, roles: frozenset[str]) -> Denied | None:
    """Why somebody may not note something at a release, assign it or settle a comment; `None` when they may."""
    return _lacks_any(person, roles, {staff.Right.WRITE, staff.Right.WRITE_RULES, staff.Right.APPROVE})


def stale(
    release: library.Release, *, items: Mapping[library.Key, str], contents: Mapping[tuple[str, str], str]
) -> str:
    """What of the live library is not as it was when the release was made, in words; "" when it still fits.

    Args:
        release: what it changes, each with the digest that was live then.
        items: digests of the items that are live.
        contents: digests of the contents that are live, by communication and language.
    """
    return _listed(
        [change.key for change in release.changes if items.get(change.key, "") != change.base],
        [_place(bound) for bound in release.contents if contents.get(_place(bound), "") != bound.base],
    )


def superseded(
    release: library.Release,
    *,
    items: Mapping[library.Key, str],
    contents: Mapping[tuple[str, str], str],
    taken: Collection[library.Key],
    said: Collection[tuple[str, str]],
) -> str:
    """What of a live release something else took the place of since, in words; "" when it is live as a whole.

    Args:
        release: what it brought and took out of use.
        items: digests of the items that are live by this very release.
        contents: digests of the contents that are live by this very release, by communication and language.
        taken: every name that something is live under.
        said: every communication and language that something is said in.
    """
    return _listed(
        [
            change.key
            for change in release.changes
            if (items.get(change.key) != change.digest if change.digest else change.key in taken)
        ],
        [
            _place(bound)
            for bound in release.contents
            if (contents.get(_place(bound)) != bound.content if bound.content else _place(bound) in said)
        ],
    )


def digest(changes: Iterable[library.Changed], contents: Iterable[library.BoundContent]) -> str:
    """What a review is of: SHA-256 over changes and contents, in whatever order they are given."""
    in_order = sorted(changes, key=lambda change: change.key)
    bound = sorted(contents, key=lambda content: (content.communication, content.language))
    return records.digest(records.canonical([in_order, bound]))


def approval(release: library.Release, content: str, *, now: dt.datetime) -> templates.Approval:
    """The approval of one content of an approved release, as it goes live.

    Raises:
        ValueError: the release is not approved.
    """
    if release.approved_at is None or release.effective_from is None:
        raise ValueError(f"release {release.ref!r}: wanted one that is approved, got {release.state}")
    return templates.Approval(
        content=content,
        author=release.author,
        approver=release.approver,
        sign_offs=release.sign_offs,
        approved_at=release.approved_at,
        effective_from=now,
        effective_to=release.effective_to,
        release=release.ref,
    )


def _place(bound: library.BoundContent) -> tuple[str, str]:
    return (bound.communication, bound.language)


def _listed(keys: Iterable[library.Key], places: Iterable[tuple[str, str]]) -> str:
    named = [f"{key.kind} {key.name!r}" for key in keys]
    return ", ".join([*named, *(f"communication {name!r} in {language!r}" for name, language in places)])


def _kinds(release: library.Release) -> frozenset[library.Kind]:
    return frozenset(change.key.kind for change in release.changes)


def _step(release: library.Release, *, person: str, steps: tuple[str, ...], at: dt.datetime) -> templates.SignOff:
    return templates.SignOff(content=release.digest, role=steps[len(release.sign_offs)], person=person, at=at)


def _misplaced(release: library.Release, wanted: library.ReleaseState, *, but: str = "") -> Denied:
    origins = [state.value for state, targets in library.RELEASE_MOVES.items() if wanted in targets and state != wanted]
    got = f"{release.state.value}: {but}" if but else release.state.value
    return Denied(reason=_Reason.ILLEGAL_MOVE, wanted=" or ".join(origins), got=got)


def _lacks_all(person: str, roles: frozenset[str], rights: Iterable[staff.Right]) -> Denied | None:
    """Why somebody may not, who needs every one of these rights."""
    lacking = sorted(set(rights) - rights_of(roles))
    if not person.strip():
        return Denied(reason=_Reason.UNKNOWN_PERSON, wanted="somebody", got="nobody")
    if lacking:
        return Denied(reason=_Reason.ROLE_MISSING, wanted=_holders(lacking[0]), got=_list(roles))
    return None


def _lacks_any(person: str, roles: frozenset[str], rights: Iterable[staff.Right]) -> Denied | None:
    """Why somebody may not, who needs one of these rights."""
    wanted = sorted(rights)
    if not person.strip():
        return Denied(reason=_Reason.UNKNOWN_PERSON, wanted="somebody", got="nobody")
    if rights_of(roles).isdisjoint(wanted):
        return Denied(reason=_Reason.ROLE_MISSING, wanted=" or ".join(map(_holders, wanted)), got=_list(roles))
    return None


def _holders(right: staff.Right) -> str:
    return " or ".join(role.value for role in staff.Role if right in staff.ROLE_RIGHTS[role])


def _conflicted(release: library.Release, person: str) -> Denied | None:
    if names.is_among(person, (release.author, *release.editors)):
        return Denied(reason=_Reason.OWN_CHANGE, wanted="an approver who did not change it", got="one who did")
    if names.is_among(person, (step.person for step in release.sign_offs)):
        return Denied(reason=_Reason.ALREADY_SIGNED, wanted="another person for each step", got="the same")
    return None


def _broken(release: library.Release, steps: tuple[str, ...]) -> Denied | None:
    """What is wrong with the steps taken so far: they must be the review's first ones, for what it holds now."""
    taken = release.sign_offs
    for step in taken:
        if step.content != release.digest:
            return Denied(reason=_Reason.CONTENT_CHANGED, wanted=release.digest, got=step.content)
        if names.is_among(step.person, (release.author, *release.editors)):
            return Denied(reason=_Reason.OWN_CHANGE, wanted="steps by others", got="a step by who changed it")
    roles = tuple(step.role for step in taken)
    if len(roles) >= len(steps) or roles != steps[: len(roles)]:
        return Denied(reason=_Reason.STEPS_OPEN, wanted=_in_order(steps), got=_in_order(roles))
    if len({names.plain(step.person) for step in taken}) < len(taken):
        return Denied(reason=_Reason.ALREADY_SIGNED, wanted="another person for each step", got="the same")
    return None


def _contradiction(at: dt.datetime, effective_from: dt.datetime, effective_to: dt.datetime | None) -> str:
    """What is wrong with the dates, "" when nothing is."""
    for moment in (at, effective_from, effective_to):
        if moment is not None and moment.tzinfo is None:
            return f"{moment.isoformat()} without a time zone"
    begins_at = max(at, effective_from)
    if effective_to is not None and effective_to <= begins_at:
        return f"from {begins_at.isoformat()} to {effective_to.isoformat()}"
    return ""


def _in_order(roles: Iterable[str]) -> str:
    return ", then ".join(roles) or "none"


def _list(roles: Iterable[str]) -> str:
    return ", ".join(sorted(roles)) or "none"
