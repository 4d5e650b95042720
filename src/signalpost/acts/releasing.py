"""Releases: changes of the library that are put together, reviewed, approved as one and go live at one moment.

Every act asks `govern.releases` in the transaction that locks the release, and every state it reaches is a fact in the
log. There is no other way to make a live version: playbooks, files and the console all come through here.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost import drafts
from signalpost.acts import checking, proposals
from signalpost.govern import drift as drifts
from signalpost.govern import names, uses
from signalpost.govern import releases as govern
from signalpost.govern import templates as denials
from signalpost.store import drifting, reviews, shipping
from signalpost.store import library as shelves
from signalpost.store import releases as rows
from signalpost.vocabulary import library, records, templates

#: Characters of a reference that is made.
_REF_BYTES = 8
COMMENT_CHARACTERS_MAX = 10_000

_State = library.ReleaseState
_Reason = denials.DeniedReason


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, in which roles."""

    name: str
    roles: frozenset[str]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why something was not done: who may not, or what is wrong, each with its place and remedy."""

    denied: denials.Denied | None = None
    findings: tuple[templates.Finding, ...] = ()

    def text(self) -> str:
        """All of it on one line each."""
        lines = [f"{found.place}: {found.message}; {found.remedy}" for found in self.findings]
        if self.denied is not None:
            lines.insert(0, f"{self.denied.reason}: wanted {self.denied.wanted}, got {self.denied.got}")
        return "\n".join(lines)


#: An act on a release by somebody.
Act: TypeAlias = Callable[[Person], "library.Release | Refused"]


def shelf() -> library.Shelf:
    """What is live."""
    return shelves.shelf()


def shelf_with(ref: str) -> library.Shelf:
    """What is live, with a release laid over it.

    Raises:
        LookupError: there is no release of that reference.
    """
    found = rows.load(ref)
    brought = shelves.versions(change.digest for change in found.changes if change.digest)
    after = shelves.shelf()
    for change in found.changes:
        if change.digest:
            after[change.key] = brought[change.digest].item()
        else:
            after.pop(change.key, None)
    return after


def propose(
    items: Sequence[library.Item],
    *,
    by: Person,
    title: str,
    retire: Iterable[library.Key] = (),
    drop: Iterable[library.Key] = (),
    release: str = "",
) -> library.Release | Refused:
    """Put changes together as a draft, or change one: everything they touch is bound with them and checked.

    Args:
        items: new versions of items; those that are live already as given are left out.
        by: who puts it together; everyone who wrote at a working copy of an item is noted with it.
        title: what it is about, for people.
        retire: what is to be taken out of use.
        drop: with `release`: changes of it that are taken out again.
        release: reference of a release that is to be changed; what it holds and is not named stays in it. Without
            items it is made anew for what is live now. Sign-offs it has are void.

    Raises:
        LookupError: there is no release of that reference.
    """
    with transaction.atomic():
        shipping.lock()
        now = timezone.now()
        known = rows.load(release, is_locked=True) if release else None
        given, gone = _with_known(known, items, frozenset(retire), frozenset(drop))
        kinds = {library.key(item).kind for item in given} | {key.kind for key in gone}
        decision = govern.may_propose(known, kinds=kinds, person=by.name, roles=by.roles)
        if isinstance(decision, denials.Denied):
            return Refused(denied=decision)
        weighed = proposals.weigh(given, gone)
        if proposals.errors(weighed.findings):
            return Refused(findings=weighed.findings)
        if not weighed.changes and not weighed.bound:
            return Refused(
                denied=denials.Denied(
                    reason=_Reason.NOTHING_CHANGED, wanted="something that differs from what is live", got="the same"
                )
            )
        _keep_versions(given, weighed, by=by, now=now)
        made = _release(known, weighed, by=by, title=title, now=now)
        brought = {bound.content for bound in made.contents}
        rows.save(made, contents=[each for each in weighed.contents if each.digest() in brought], is_new=known is None)
        return rows.load(made.ref)


def submit(ref: str, *, by: Person, is_checked: bool = False) -> library.Release | Refused:
    """Hand a draft in for review, unless the checks find an error.

    Args:
        ref: of the release.
        by: who hands it in.
        is_checked: what it holds has passed the checks already, as what ships does with every build.

    Raises:
        LookupError: there is no release of that reference.
        judging.JudgeError: a judge of accessibility that the settings name does not work.
    """
    before = rows.load(ref)
    decision = govern.may_submit(before, person=by.name, roles=by.roles)
    if isinstance(decision, denials.Denied):
        return Refused(denied=decision)
    # Laying out takes seconds: no row is locked meanwhile.
    findings = () if is_checked else checking.check_release(before, shelf_with(ref))
    if checking.bars(findings):
        denied = denials.Denied(reason=_Reason.FINDINGS, wanted="checks without an error", got="errors")
        return Refused(denied=denied, findings=findings)
    with transaction.atomic():
        found = rows.load(ref, is_locked=True)
        decision = govern.may_submit(found, person=by.name, roles=by.roles)
        if isinstance(decision, denials.Denied):
            return Refused(denied=decision)
        if found.digest != before.digest:
            changed = denials.Denied(reason=_Reason.STALE, wanted=f"release {before.digest!r}", got=found.digest)
            return Refused(denied=changed)
        rows.move(ref, decision.state)
        shipping.note(records.FactKind.RELEASE_SUBMITTED, found, by=by.name, now=timezone.now())
        return rows.load(ref)


def send_back(ref: str, *, by: Person, reason: str) -> library.Release | Refused:
    """Make a draft of a release again, and say why; its sign-offs are void with the next change."""
    with transaction.atomic():
        found = rows.load(ref, is_locked=True)
        decision = govern.may_send_back(found, person=by.name, roles=by.roles)
        if isinstance(decision, denials.Denied):
            return Refused(denied=decision)
        rows.unsign(ref)
        rows.move(ref, decision.state, reason=reason)
        shipping.note(records.FactKind.RELEASE_SENT_BACK, found, by=by.name, reason=reason, now=timezone.now())
        return rows.load(ref)


def steps(ref: str) -> tuple[str, ...]:
    """The roles whose approvals a release needs, in order; the first ones may be taken already."""
    return reviews.steps(rows.load(ref))


def sign_off(ref: str, *, by: Person) -> library.Release | Refused:
    """Take the next step of a review; the last one is `approve`."""
    with transaction.atomic():
        found = rows.load(ref, is_locked=True)
        now = timezone.now()
        step = govern.sign_off(found, person=by.name, roles=by.roles, steps=reviews.steps(found), at=now)
        if isinstance(step, denials.Denied):
            return Refused(denied=step)
        rows.sign(ref, step)
        shipping.note(records.FactKind.RELEASE_SIGNED, found, by=by.name, reason=step.role, now=timezone.now())
        return rows.load(ref)


def approve(
    ref: str, *, by: Person, effective_from: dt.datetime | None = None, effective_to: dt.datetime | None = None
) -> library.Release | Refused:
    """Take the last step of a review. It goes live at once, or when its time comes.

    Args:
        ref: the release.
        by: who approves it: nobody approves their own change, in whatever role they come.
        effective_from: when it goes live; `None` is now.
        effective_to: when its time is over; `None` is never.
    """
    with transaction.atomic():
        shipping.lock()
        found = rows.load(ref, is_locked=True)
        now = timezone.now()
        begins_at = effective_from or now
        step = govern.approve(
            found,
            person=by.name,
            roles=by.roles,
            steps=reviews.steps(found),
            at=now,
            effective_from=begins_at,
            effective_to=effective_to,
        )
        if isinstance(step, denials.Denied):
            return Refused(denied=step)
        newer = shipping.stale(found)
        if newer:
            wanted = "what it was made for to be live"
            return Refused(
                denied=denials.Denied(reason=_Reason.STALE, wanted=wanted, got=f"something newer for {newer}")
            )
        rows.sign(ref, step)
        rows.approved(ref, by=by.name, at=now, effective_from=begins_at, effective_to=effective_to)
        shipping.note(records.FactKind.RELEASE_APPROVED, found, by=by.name, now=now)
        if begins_at > now:
            rows.move(ref, _State.SCHEDULED)
        else:
            shipping.go_live(rows.load(ref), now=now)
        return rows.load(ref)


def withdraw(ref: str, *, by: Person, reason: str) -> library.Release | Refused:
    """Take a release back. Before it went live nothing happens; afterwards what was in force before is so again."""
    with transaction.atomic():
        shipping.lock()
        found = rows.load(ref, is_locked=True)
        now = timezone.now()
        decision = govern.may_withdraw(found, person=by.name, roles=by.roles)
        if isinstance(decision, denials.Denied):
            return Refused(denied=decision)
        if found.state is _State.LIVE:
            newer = shipping.superseded(found)
            if newer:
                wanted = "a release that is live as a whole"
                return Refused(
                    denied=denials.Denied(reason=_Reason.SUPERSEDED, wanted=wanted, got=f"something newer for {newer}")
                )
        shipping.withdraw(found, by=by.name, reason=reason, now=now)
        return rows.load(ref)


def comment(ref: str, *, by: Person, place: str, text: str) -> library.Release | Refused:
    """Note something at a place of a release."""
    with transaction.atomic():
        rows.load(ref, is_locked=True)
        denied = govern.may_comment(person=by.name, roles=by.roles)
        if denied is not None:
            return Refused(denied=denied)
        if not text.strip() or len(text) > COMMENT_CHARACTERS_MAX:
            message = f"wanted 1 to {COMMENT_CHARACTERS_MAX} characters, got {len(text)}"
            severity = templates.FindingSeverity.ERROR
            found = templates.Finding(place="comment", severity=severity, message=message, remedy="write a comment")
            return Refused(findings=(found,))
        rows.comment(ref, place=place, text=text, by=by.name, now=timezone.now())
        return rows.load(ref)


def resolve(ref: str, number: int, *, by: Person) -> library.Release | Refused:
    """Settle a comment; one that is settled stays so.

    Raises:
        LookupError: there is no release of that reference, or no comment of that number.
    """
    with transaction.atomic():
        found = rows.load(ref, is_locked=True)
        denied = govern.may_comment(person=by.name, roles=by.roles)
        if denied is not None:
            return Refused(denied=denied)
        if number not in {each.number for each in found.comments}:
            raise LookupError(f"release {ref!r}: wanted a comment number {number}, got none of that number")
        rows.resolve(ref, number, by=by.name)
        return rows.load(ref)


def assign(ref: str, *, by: Person, to: str, due_at: dt.datetime | None) -> library.Release | Refused:
    """Say who is to review a release by when."""
    with transaction.atomic():
        found = rows.load(ref, is_locked=True)
        denied = govern.may_comment(person=by.name, roles=by.roles)
        if denied is None and names.is_among(to, (found.author, *found.editors)):
            denied = denials.Denied(
                reason=_Reason.OWN_CHANGE, wanted="a reviewer who did not change it", got="one who did"
            )
        if denied is not None:
            return Refused(denied=denied)
        rows.assign(ref, to=to, due_at=due_at)
        return rows.load(ref)


def release(ref: str) -> library.Release:
    """A release with all that belongs to it.

    Raises:
        LookupError: there is none of that reference.
    """
    return rows.load(ref)


def releases(
    *, state: str = "", key: library.Key | None = None, limit: int = rows.LISTED, offset: int = 0
) -> list[rows.Listed]:
    """Releases, the latest first: of a state, or that change an item."""
    return rows.listed(state=state, key=key, limit=limit, offset=offset)


def items(ref: str) -> tuple[library.Item, ...]:
    """The versions of items that a release brings."""
    found = rows.load(ref)
    brought = shelves.versions(change.digest for change in found.changes if change.digest)
    return tuple(brought[change.digest].item() for change in found.changes if change.digest)


def item(digest: str) -> library.Item:
    """A version of an item, live or not: whatever was kept once stays readable.

    Raises:
        LookupError: there is none of that digest.
    """
    found = shelves.versions([digest])
    if digest not in found:
        raise LookupError(f"item: wanted version {digest!r}, got none of that digest")
    return found[digest].item()


def history(key: library.Key) -> list[shelves.Past]:
    """Every version of an item that was ever kept, the latest first, with the times in which it was live."""
    return shelves.history(key)


def contents(ref: str) -> tuple[templates.Content, ...]:
    """The contents that a release would make or made live."""
    return rows.contents([bound.content for bound in rows.load(ref).contents if bound.content])


def where_used(key: library.Key) -> tuple[uses.Use, ...]:
    """What of the live library uses an item, at whatever remove."""
    return uses.where_used(key, shelves.shelf())


def drift() -> tuple[drifts.Drift, ...]:
    """What of the live library does not fit any more."""
    return drifting.found(timezone.now())


def _with_known(
    known: library.Release | None,
    given: Sequence[library.Item],
    retire: frozenset[library.Key],
    drop: frozenset[library.Key],
) -> tuple[list[library.Item], frozenset[library.Key]]:
    """What is given, and what the release holds that is not named again."""
    if known is None:
        return list(given), retire
    named = {library.key(each) for each in given} | retire | drop
    kept = [change for change in known.changes if change.key not in named]
    brought = shelves.versions(change.digest for change in kept if change.digest)
    return (
        [*given, *(brought[change.digest].item() for change in kept if change.digest)],
        retire | {change.key for change in kept if not change.digest},
    )


def _keep_versions(given: Sequence[library.Item], weighed: proposals.Proposal, *, by: Person, now: dt.datetime) -> None:
    changed = {change.key for change in weighed.changes if change.digest}
    shelves.save(
        [
            shelves.New(item=each, author=by.name, editors=drafts.editors(key.kind, key.name))
            for each in given
            if (key := library.key(each)) in changed
        ],
        now=now,
    )


def _release(
    known: library.Release | None, weighed: proposals.Proposal, *, by: Person, title: str, now: dt.datetime
) -> library.Release:
    return library.Release(
        ref=known.ref if known else f"R-{secrets.token_hex(_REF_BYTES)}",
        title=title,
        state=_State.DRAFT,
        author=known.author if known else by.name,
        editors=(known.editors if known else frozenset[str]()) | {by.name},
        changes=weighed.changes,
        contents=weighed.bound,
        digest=govern.digest(weighed.changes, weighed.bound),
        created_at=known.created_at if known else now,
    )
