"""What the business side keeps, as working copies: triggers, segments, the channel policy.

A working copy changes nothing that is live; it goes into a release like any text (`releasing`). What is wrong with it
is said while it is written, by the code that judges the release.
"""

from collections.abc import Sequence

import msgspec

from signalpost import drafts
from signalpost.acts import drafting, proposals, releasing
from signalpost.flow import expressions, segments
from signalpost.govern import alignment, staff
from signalpost.govern import releases as govern
from signalpost.govern import templates as decisions
from signalpost.store import library as shelves
from signalpost.store.seen import segments as seen
from signalpost.vocabulary import library, templates

#: What the business side keeps and these pages show.
KINDS = (library.Kind.TRIGGER, library.Kind.SEGMENT, library.Kind.POLICY)
#: Customers that a count asks about (20,000 take half a second), how many at once, and references that are shown.
COUNTED_CUSTOMERS = 20_000
COUNTED_PAGE = 2_000
SAMPLE_COUNT = 8
#: What is known of every customer.
_PARTY = ("language", "name", "ref", "salutation", "time_zone")
#: There is one policy.
POLICY = library.Key(kind=library.Kind.POLICY, name="policy")


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A working copy, and how it stands to what is live."""

    item: library.Item
    #: live, changed, new.
    state: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said about a working copy."""

    findings: tuple[templates.Finding, ...]
    #: For a trigger: the fields that its communication needs and its event does not bring.
    gaps: tuple[alignment.Gap, ...] = ()


def copies(kind: library.Kind) -> Sequence[Copy]:
    """Everything of a kind by title, what is live without a working copy too."""
    drafting.adopt(kind)
    live = shelves.live()
    found = [item for name in drafts.names(kind) if (item := drafts.read(kind, name)) is not None]
    return sorted((_copy(item, live) for item in found), key=lambda copy: (copy.item.title.casefold(), copy.item.name))


def copy(key: library.Key) -> Copy | None:
    """The working copy of an item; `None` where there is none, live or not."""
    drafting.adopt(key.kind)
    item = drafts.read(key.kind, key.name)
    return None if item is None else _copy(item, shelves.live())


def _copy(item: library.Item, live: dict[library.Key, str]) -> Copy:
    was = live.get(library.key(item), "")
    return Copy(item=item, state="new" if not was else "live" if was == library.digest(item) else "changed")


def keep(item: library.Item, *, by: releasing.Person) -> releasing.Refused | None:
    """Make an item the working copy; why not, where it may not or cannot be kept."""
    if staff.Right.WRITE_RULES not in govern.rights_of(by.roles):
        wanted = " or ".join(role.value for role in staff.Role if staff.Right.WRITE_RULES in staff.ROLE_RIGHTS[role])
        got = ", ".join(sorted(by.roles)) or "none"
        return releasing.Refused(
            denied=decisions.Denied(reason=decisions.DeniedReason.ROLE_MISSING, wanted=wanted, got=got)
        )
    try:
        drafts.write(item, by=by.name)
    except drafts.UnwritableError as error:
        severity = templates.FindingSeverity.ERROR
        found = templates.Finding(place=item.name, severity=severity, message=str(error), remedy="write it otherwise")
        return releasing.Refused(findings=(found,))
    return None


def judge(item: library.Item) -> Judged:
    """What a release with this item would be refused for, and what its approver would be told."""
    weighed = proposals.weigh([item])
    gaps = alignment.gaps(item, weighed.shelf) if isinstance(item, library.Trigger) else ()
    return Judged(findings=tuple(sorted(weighed.findings, key=lambda one: one.severity)), gaps=gaps)


def gaps(item: library.Trigger) -> tuple[alignment.Gap, ...]:
    """The fields that a trigger's communication needs and its event does not bring, as both are live."""
    return alignment.gaps(item, shelves.shelf())


def titles(kind: library.Kind) -> list[tuple[str, str]]:
    """Names and titles of what there is of a kind, live or as a working copy, for choices."""
    known = {key.name: item.title for key, item in shelves.shelf().items() if key.kind is kind}
    known |= {name: item.title for name in drafts.names(kind) if (item := drafts.read(kind, name)) is not None}
    return sorted(((name, title or name) for name, title in known.items()), key=lambda pair: pair[1].casefold())


def contract(name: str) -> library.DataContract | None:
    """A contract as it is written."""
    key = library.Key(kind=library.Kind.CONTRACT, name=name)
    item = drafts.read(key.kind, key.name) or shelves.shelf().get(key)
    return item if isinstance(item, library.DataContract) else None


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers a condition means."""

    met: int
    of: int
    #: References of the first who are meant.
    sample: tuple[str, ...] = ()
    #: Customers of whom it could not be asked, and the first reason; they are not in the segment.
    unasked: int = 0
    fault: str = ""
    #: Whether there are more customers than were asked about.
    is_part: bool = False


def count_segment(condition: str) -> Counted:
    """Ask the condition of the first customers; whoever lacks a field that it names is not meant, and counted."""
    met, asked, unasked, fault = 0, 0, 0, ""
    sample: list[str] = []
    after = ""
    while asked < COUNTED_CUSTOMERS:
        page = seen.page(after, COUNTED_PAGE)
        for customer in page:
            answer = segments.is_in(condition, customer.facts())
            if isinstance(answer, expressions.Fault):
                unasked, fault = unasked + 1, fault or answer.text
            elif answer:
                met += 1
                sample += [customer.ref] if len(sample) < SAMPLE_COUNT else []
        asked += len(page)
        if len(page) < COUNTED_PAGE:
            return Counted(met=met, of=asked, sample=tuple(sample), unasked=unasked, fault=fault)
        after = page[-1].ref
    return Counted(met=met, of=asked, sample=tuple(sample), unasked=unasked, fault=fault, is_part=True)


def party_fields() -> list[str]:
    """Paths of what is known of customers, as conditions name them."""
    return [*(f"party.{name}" for name in _PARTY), *(f"party.facts.{name}" for name in seen.names())]
