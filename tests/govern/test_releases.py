"""Who may do what with a release: whatever is tried in whatever order, nobody approves their own change."""

import datetime as dt

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from signalpost.govern import names, staff
from signalpost.govern import releases as govern
from signalpost.govern.templates import Denied, DeniedReason
from signalpost.vocabulary import library, notices, templates

State, Reason, Kind = library.ReleaseState, DeniedReason, library.Kind
NOON = dt.datetime(2025, 11, 5, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
AUTHOR, APPROVER, OPERATIONS = frozenset({"author"}), frozenset({"approver"}), frozenset({"operations"})
ALONE = ("approver",)


def changed(kind: library.Kind = Kind.TEXT, name: str = "disclaimer", digest: str = "new") -> library.Changed:
    """A change of an item that was live as `old`."""
    return library.Changed(key=library.Key(kind=kind, name=name), digest=digest, base="old")


def release(state: library.ReleaseState = State.DRAFT, /, **fields: object) -> library.Release:
    """A release by ann with one changed text."""
    usual = library.Release(
        ref="R-1",
        title="A change",
        state=state,
        author="ann",
        editors=frozenset({"ann", "eli"}),
        changes=(changed(),),
        digest="d1",
        created_at=NOON,
    )
    return msgspec.structs.replace(usual, **fields)


def step(role: str, person: str, digest: str = "d1") -> templates.SignOff:
    """A step of the review."""
    return templates.SignOff(content=digest, role=role, person=person, at=NOON)


def verdict(decision: object) -> str:
    """The state that follows, the role of a step, or the reason of a refusal."""
    match decision:
        case Denied():
            return decision.reason
        case govern.Granted():
            return decision.state
        case templates.SignOff():
            return decision.role
        case _:
            raise AssertionError(decision)


@pytest.mark.parametrize("state", State)
def test_each_move_is_made_only_from_where_the_table_allows(state: library.ReleaseState):
    given = release(state)
    every = frozenset(role.value for role in staff.Role)
    legal = library.RELEASE_MOVES[state]
    submits = govern.may_submit(given, person="ann", roles=every)
    assert verdict(submits) == (State.IN_REVIEW if state is State.DRAFT else Reason.ILLEGAL_MOVE)
    approves = govern.may_approve(given, person="ben", roles=every, steps=ALONE)
    assert verdict(approves) == (State.APPROVED if state is State.IN_REVIEW else Reason.ILLEGAL_MOVE)
    withdraws = govern.may_withdraw(given, person="ben", roles=every)
    assert verdict(withdraws) == (State.WITHDRAWN if State.WITHDRAWN in legal else Reason.ILLEGAL_MOVE)
    for decision in (submits, approves, withdraws):
        assert isinstance(decision, Denied) or decision.state in legal
    back = govern.may_send_back(given, person="ben", roles=every)
    goes_back = {State.IN_REVIEW, State.APPROVED, State.SCHEDULED}
    assert verdict(back) == (State.DRAFT if state in goes_back else Reason.ILLEGAL_MOVE)
    again = govern.may_propose(given, kinds=[Kind.TEXT], person="ann", roles=every)
    remade = {State.DRAFT, State.IN_REVIEW, State.APPROVED}
    assert verdict(again) == (State.DRAFT if state in remade else Reason.ILLEGAL_MOVE)


@pytest.mark.parametrize(
    ("kinds", "roles", "wanted"),
    [
        ([Kind.TEXT], AUTHOR, State.DRAFT),
        ([Kind.TEXT], OPERATIONS, Reason.ROLE_MISSING),
        ([Kind.TRIGGER], OPERATIONS, State.DRAFT),
        ([Kind.TRIGGER], AUTHOR, Reason.ROLE_MISSING),
        ([Kind.TRIGGER, Kind.TEXT], AUTHOR, Reason.ROLE_MISSING),
        ([Kind.TRIGGER, Kind.TEXT], AUTHOR | OPERATIONS, State.DRAFT),
        ([Kind.TEXT], frozenset({"king"}), Reason.ROLE_MISSING),
    ],
)
def test_each_side_writes_what_is_its_own(kinds: list[library.Kind], roles: frozenset[str], wanted: str):
    assert verdict(govern.may_propose(None, kinds=kinds, person="ann", roles=roles)) == wanted


def test_nobody_is_nobody():
    for person in ("", "  "):
        assert verdict(govern.may_propose(None, kinds=[], person=person, roles=AUTHOR)) == Reason.UNKNOWN_PERSON
        assert verdict(govern.may_comment(person=person, roles=AUTHOR)) == Reason.UNKNOWN_PERSON
    assert govern.may_comment(person="ann", roles=AUTHOR) is None
    assert verdict(govern.may_comment(person="ann", roles=frozenset({"agent"}))) == Reason.ROLE_MISSING


@pytest.mark.parametrize("person", ["ann", "Ann", " ANN ", "eli", "ａｎｎ"])  # noqa: RUF001 - wide letters
def test_nobody_approves_their_own_change_however_they_write_their_name(person: str):
    given = release(State.IN_REVIEW)
    every = frozenset(role.value for role in staff.Role)
    assert verdict(govern.may_approve(given, person=person, roles=every, steps=ALONE)) == Reason.OWN_CHANGE
    assert names.is_same(person, names.plain(person))


@pytest.mark.parametrize(
    ("taken", "person", "roles", "wanted"),
    [
        ((), "lea", {"legal"}, State.IN_REVIEW),
        ((), "bro", {"brand"}, Reason.ROLE_MISSING),
        ((), "ann", {"legal"}, Reason.OWN_CHANGE),
        ((), "max", {"author"}, Reason.ROLE_MISSING),
        ((step("legal", "lea"),), "bro", {"brand"}, State.APPROVED),
        ((step("legal", "lea"),), "lea", {"brand"}, Reason.ALREADY_SIGNED),
        ((step("legal", "lea", "d0"),), "bro", {"brand"}, Reason.CONTENT_CHANGED),
        ((step("legal", "eli"),), "bro", {"brand"}, Reason.OWN_CHANGE),
        ((step("brand", "lea"),), "bro", {"legal"}, Reason.STEPS_OPEN),
        ((step("legal", "lea"), step("brand", "bob")), "bro", {"brand"}, Reason.STEPS_OPEN),
    ],
)
def test_the_steps_of_a_review(taken: tuple[templates.SignOff, ...], person: str, roles: set[str], wanted: str):
    given = release(State.IN_REVIEW, sign_offs=taken)
    decision = govern.may_approve(given, person=person, roles=frozenset(roles), steps=("legal", "brand"))
    assert verdict(decision) == wanted


def test_two_steps_by_one_person_are_not_two():
    taken = (step("legal", "lea"), step("brand", "LEA"))
    given = release(State.IN_REVIEW, sign_offs=taken)
    three = ("legal", "brand", "approver")
    assert verdict(govern.may_approve(given, person="max", roles=APPROVER, steps=three)) == Reason.ALREADY_SIGNED


def test_the_last_step_sets_the_dates_and_no_other_does():
    given = release(State.IN_REVIEW)
    asked = {"person": "lea", "roles": frozenset({"legal"}), "at": NOON}
    two = ("legal", "brand")
    assert verdict(govern.sign_off(given, steps=two, **asked)) == "legal"  # pyright: ignore[reportArgumentType]
    alone = govern.sign_off(given, steps=("legal",), **asked)  # pyright: ignore[reportArgumentType]
    assert verdict(alone) == Reason.LAST_STEP
    early = govern.approve(given, steps=two, effective_from=NOON, **asked)  # pyright: ignore[reportArgumentType]
    assert verdict(early) == Reason.STEPS_OPEN
    nobody = {**asked, "person": "ann"}
    assert verdict(govern.sign_off(given, steps=two, **nobody)) == Reason.OWN_CHANGE  # pyright: ignore[reportArgumentType]
    own = govern.approve(given, steps=two, effective_from=NOON, **nobody)  # pyright: ignore[reportArgumentType]
    assert verdict(own) == Reason.OWN_CHANGE


@pytest.mark.parametrize(
    ("begins", "ends", "kind", "wanted"),
    [
        (NOON, None, Kind.TEXT, "approver"),
        (NOON + HOUR, NOON + 2 * HOUR, Kind.TEXT, "approver"),
        (NOON - HOUR, NOON + HOUR, Kind.TEXT, "approver"),
        (NOON - 2 * HOUR, NOON, Kind.TEXT, Reason.INVALID_DATES),
        (NOON + HOUR, NOON + HOUR, Kind.TEXT, Reason.INVALID_DATES),
        (NOON.replace(tzinfo=None), None, Kind.TEXT, Reason.INVALID_DATES),
        (NOON, None, Kind.POLICY, "approver"),
        (NOON, NOON + HOUR, Kind.POLICY, Reason.INVALID_DATES),
    ],
)
def test_the_dates_of_an_approval(begins: dt.datetime, ends: dt.datetime | None, kind: library.Kind, wanted: str):
    answer = govern.approve(
        release(State.IN_REVIEW, changes=(changed(kind),)),
        person="ben",
        roles=APPROVER,
        steps=ALONE,
        at=NOON,
        effective_from=begins,
        effective_to=ends,
    )
    assert verdict(answer) == wanted


@pytest.mark.parametrize(
    ("state", "roles", "wanted"),
    [
        (State.DRAFT, AUTHOR, State.WITHDRAWN),
        (State.DRAFT, OPERATIONS, Reason.ROLE_MISSING),
        (State.SCHEDULED, AUTHOR, Reason.ROLE_MISSING),
        (State.SCHEDULED, APPROVER, State.WITHDRAWN),
        (State.LIVE, AUTHOR, Reason.ROLE_MISSING),
        (State.LIVE, APPROVER, State.WITHDRAWN),
    ],
)
def test_what_is_approved_is_an_approvers_to_take_back(state: library.ReleaseState, roles: frozenset[str], wanted: str):
    assert verdict(govern.may_withdraw(release(state), person="cem", roles=roles)) == wanted
    back = govern.may_send_back(release(State.SCHEDULED), person="cem", roles=roles)
    assert verdict(back) == (State.DRAFT if roles == APPROVER else Reason.ROLE_MISSING)


def policy(**reviews: tuple[str, ...]) -> notices.Policy:
    """A policy with the review of each category."""
    rows = tuple(
        notices.CategoryPolicy(category=name, legal_class=notices.LegalClass.SERVICE, review=roles)
        for name, roles in reviews.items()
    )
    return notices.Policy(version="1", categories=rows)


@pytest.mark.parametrize(
    ("categories", "kinds", "policies", "wanted"),
    [
        ([], [Kind.TEXT], [], ALONE),
        (["service"], [Kind.TEXT], [policy(service=())], ALONE),
        (["law"], [Kind.TEXT], [policy(law=("legal", "brand"))], ("legal", "brand")),
        (["law"], [Kind.TEXT, Kind.TRIGGER], [policy(law=("legal", "brand"))], ("legal", "brand", "approver")),
        (["law", "service"], [Kind.TEXT], [policy(law=("legal",), service=())], ("legal", "approver")),
        (["law"], [Kind.POLICY], [policy(law=("legal",)), policy(law=())], ("legal", "approver")),
        (["law"], [Kind.POLICY], [policy(law=("approver", "legal"))], ("legal", "approver")),
    ],
)
def test_the_roles_a_release_needs(
    categories: list[str], kinds: list[library.Kind], policies: list[notices.Policy], wanted: tuple[str, ...]
):
    assert govern.steps_for(categories, kinds=kinds, policies=policies) == wanted


def bound(content: str = "new", base: str = "old") -> library.BoundContent:
    """A content that the release brings."""
    return library.BoundContent(communication="bill", language="de", content=content, base=base)


TEXT, BILL = library.Key(kind=Kind.TEXT, name="disclaimer"), ("bill", "de")


def test_what_a_release_was_made_for():
    given = release(contents=(bound(),))
    assert govern.stale(given, items={TEXT: "old"}, contents={BILL: "old"}) == ""
    assert govern.stale(given, items={TEXT: "newer"}, contents={BILL: "old"}) == "text 'disclaimer'"
    assert govern.stale(given, items={TEXT: "old"}, contents={}) == "communication 'bill' in 'de'"


def test_what_took_the_place_of_a_release():
    given = release(State.LIVE, contents=(bound(),))
    whole = {"taken": {TEXT}, "said": {BILL}}
    assert govern.superseded(given, items={TEXT: "new"}, contents={BILL: "new"}, **whole) == ""  # pyright: ignore[reportArgumentType]
    moved = govern.superseded(given, items={}, contents={}, **whole)  # pyright: ignore[reportArgumentType]
    assert moved == "text 'disclaimer', communication 'bill' in 'de'"
    gone = release(State.LIVE, changes=(changed(digest=""),), contents=(bound(content=""),))
    assert govern.superseded(gone, items={}, contents={}, taken=set(), said=set()) == ""
    assert govern.superseded(gone, items={}, contents={}, **whole) == moved  # pyright: ignore[reportArgumentType]


def test_a_review_is_of_what_a_release_holds_in_whatever_order():
    one, other = changed(), changed(Kind.BRAND, "lumen")
    assert govern.digest((one, other), (bound(),)) == govern.digest((other, one), (bound(),))
    assert govern.digest((one,), (bound(),)) != govern.digest((one,), (bound(base="older"),))


def test_an_approval_is_of_each_content_of_an_approved_release():
    given = release(State.APPROVED, approver="ben", approved_at=NOON, effective_from=NOON, effective_to=NOON + HOUR)
    made = govern.approval(given, "content", now=NOON + HOUR / 2)
    assert (made.content, made.author, made.approver, made.release) == ("content", "ann", "ben", "R-1")
    assert (made.effective_from, made.effective_to) == (NOON + HOUR / 2, NOON + HOUR)
    with pytest.raises(ValueError, match="wanted one that is approved, got draft"):
        govern.approval(release(), "content", now=NOON)


PERSONS = ["ann", "ben", "cem", "dan", "eve"]
EVERY = frozenset({"author", "approver", "legal", "brand", "operations"})
ROLES = st.sampled_from([EVERY, AUTHOR, frozenset({"legal"}), frozenset({"brand"}), frozenset({"operator"})])


class Lifecycle(RuleBasedStateMachine):
    """One release in the hands of five people who hold any roles and try anything at any time."""

    @initialize(person=st.sampled_from(PERSONS[:2]), steps=st.sampled_from([ALONE, ("legal", "brand")]))
    def begin(self, person: str, steps: tuple[str, ...]) -> None:
        self.steps = steps
        self.edits = 0
        self.changers = {person}
        self.release = release(author=person, editors=frozenset({person}), digest="d0")

    @rule(person=st.sampled_from(PERSONS), roles=ROLES)
    def change(self, person: str, roles: frozenset[str]) -> None:
        decision = govern.may_propose(self.release, kinds=[Kind.TEXT], person=person, roles=roles)
        if isinstance(decision, govern.Granted):
            self.edits += 1
            self.changers.add(person)
            # The sign-offs are kept: it is their digest that makes them void.
            self.release = msgspec.structs.replace(
                self.release,
                state=decision.state,
                editors=frozenset(self.changers),
                digest=f"d{self.edits}",
            )

    @rule(person=st.sampled_from(PERSONS), roles=ROLES)
    def submit(self, person: str, roles: frozenset[str]) -> None:
        self._goes(govern.may_submit(self.release, person=person, roles=roles))

    @rule(person=st.sampled_from(PERSONS), roles=ROLES)
    def send_back(self, person: str, roles: frozenset[str]) -> None:
        decision = govern.may_send_back(self.release, person=person, roles=roles)
        if isinstance(decision, govern.Granted):
            self.release = msgspec.structs.replace(self.release, state=decision.state, sign_offs=())

    @rule(person=st.sampled_from(PERSONS), roles=ROLES)
    def sign(self, person: str, roles: frozenset[str]) -> None:
        taken = govern.sign_off(self.release, person=person, roles=roles, steps=self.steps, at=NOON)
        if isinstance(taken, templates.SignOff):
            self.release = msgspec.structs.replace(self.release, sign_offs=(*self.release.sign_offs, taken))

    @rule(person=st.sampled_from(PERSONS), roles=ROLES)
    def approve(self, person: str, roles: frozenset[str]) -> None:
        taken = govern.approve(self.release, person=person, roles=roles, steps=self.steps, at=NOON, effective_from=NOON)
        if isinstance(taken, templates.SignOff):
            self.release = msgspec.structs.replace(
                self.release, state=State.APPROVED, sign_offs=(*self.release.sign_offs, taken), approver=person
            )

    @rule(person=st.sampled_from(PERSONS), roles=ROLES)
    def withdraw(self, person: str, roles: frozenset[str]) -> None:
        self._goes(govern.may_withdraw(self.release, person=person, roles=roles))

    def _goes(self, decision: govern.Decision) -> None:
        if isinstance(decision, govern.Granted):
            assert decision.state in library.RELEASE_MOVES[self.release.state]
            self.release = msgspec.structs.replace(self.release, state=decision.state)

    @invariant()
    def no_approved_release_has_an_approver_among_its_changers(self) -> None:
        if self.release.state is State.APPROVED:
            signers = [taken.person for taken in self.release.sign_offs]
            assert not self.changers & {*signers, self.release.approver}
            assert tuple(taken.role for taken in self.release.sign_offs) == self.steps
            assert len(set(signers)) == len(self.steps)
            assert {taken.content for taken in self.release.sign_offs} == {self.release.digest}


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
