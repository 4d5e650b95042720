"""Reviews in the store: which steps a release needs, who takes them, and how far the asking has come."""

import datetime as dt
from typing import LiteralString

import msgspec

from signalpost.govern import releases as govern
from signalpost.govern import uses
from signalpost.store import batch, parties
from signalpost.store import library as shelves
from signalpost.vocabulary import library, notices

#: Releases of one look.
LOOK_RELEASES = 100
#: What the reference of a member of staff as a party begins with.
STAFF = "staff:"

# What a release in review asks for now: it changes with its content, each step, who is assigned and when it falls due.
_MARK: LiteralString = """
release.digest || '/' || (SELECT count(*) FROM release_sign_off AS step
                          WHERE step.release = release.ref AND step.digest = release.digest)
|| '/' || release.assigned_to || '/' || COALESCE(release.due_at <= %(now)s, FALSE)
"""
_UNASKED: LiteralString = f"""
FROM release LEFT JOIN review_asked AS asked ON asked.release = release.ref
WHERE release.state = 'in_review' AND asked.mark IS DISTINCT FROM ({_MARK})
"""
_WAITING: LiteralString = f"SELECT EXISTS (SELECT 1 {_UNASKED})"
_OPEN: LiteralString = f"SELECT release.ref, {_MARK} AS mark {_UNASKED} ORDER BY release.ref LIMIT %(limit)s"

_NOTE = """
INSERT INTO review_asked (release, mark) VALUES (%s, %s) ON CONFLICT (release) DO UPDATE SET mark = excluded.mark
"""

# Staff of a role who have an address and may log in.
_REVIEWERS = """
SELECT DISTINCT person.username AS name, person.email
FROM auth_user AS person JOIN auth_user_groups AS held ON held.user_id = person.id
JOIN auth_group AS role ON role.id = held.group_id
WHERE person.is_active AND person.email <> '' AND role.name = %s ORDER BY person.username
"""


class Unasked(msgspec.Struct, frozen=True, kw_only=True):
    """A release whose reviewers are to be asked."""

    ref: str
    mark: str


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can take a step."""

    name: str
    email: str

    def party(self) -> str:
        """Their reference as a party."""
        return f"{STAFF}{self.name}"


def has_waiting(now: dt.datetime) -> bool:
    """Whether reviewers are to be asked for something."""
    return batch.fetch(_WAITING, {"now": now}, tuple[bool])[0][0]


def unasked(now: dt.datetime) -> list[Unasked]:
    """Releases whose reviewers are to be asked for what they are now."""
    return batch.fetch(_OPEN, {"now": now, "limit": LOOK_RELEASES}, Unasked)


def note(one: Unasked) -> None:
    """Store that the reviewers of a release were asked for what it is now."""
    batch.run(_NOTE, [one.ref, one.mark])


def reviewers(role: str) -> list[Reviewer]:
    """Everybody of a role who can be written to."""
    return batch.fetch(_REVIEWERS, [role], Reviewer)


def make_parties(given: list[Reviewer], *, time_zone: str) -> None:
    """Let members of staff be written to, at the address of their account."""
    parties.save(
        "customer",
        [
            {"ref": one.party(), "kind": "staff", "name": one.name, "language": "en", "time_zone": time_zone}
            for one in given
        ],
    )
    parties.save(
        "contact_point",
        [
            {
                "ref": f"{one.party()}:email",
                "customer": one.party(),
                "channel": "email",
                "address": one.email,
                "state": "verified",
            }
            for one in given
        ],
    )


def steps(found: library.Release) -> tuple[str, ...]:
    """The review of a release: what every category it touches needs, by the policy now and by the one it brings."""
    before = shelves.shelf()
    brought = shelves.versions(change.digest for change in found.changes if change.digest)
    changed = {change.key for change in found.changes}
    after = {key: item for key, item in before.items() if key not in changed}
    after |= {change.key: brought[change.digest].item() for change in found.changes if change.digest}
    touched = uses.touched(changed, before) | uses.touched(changed, after)
    categories = {
        each.category
        for side in (before, after)
        for key in touched
        if isinstance(each := side.get(key), library.Communication)
    }
    policies = [*_policies(before), *_policies(after)]
    return govern.steps_for(categories, kinds=[key.kind for key in changed], policies=policies)


def _policies(side: library.Shelf) -> list[notices.Policy]:
    return [each.policy for each in side.values() if isinstance(each, library.Policy)]
