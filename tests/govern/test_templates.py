"""Who may do what to a template version, what is in force, and that only governance makes an approved template."""

import ast
import datetime as dt
import pathlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.flow import composing

import signalpost
from signalpost.govern import templates as govern
from signalpost.vocabulary import templates

State, Reason = templates.TemplateState, govern.DeniedReason
NOON = dt.datetime(2025, 11, 5, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
AUTHOR, APPROVER = frozenset({"author"}), frozenset({"approver"})
BOTH = AUTHOR | APPROVER
LEGAL, BRAND = frozenset({"approver", "legal"}), frozenset({"approver", "brand"})
REGULATORY = ("legal", "brand")
CONTENT = composing.content()


def version(state: templates.TemplateState, /, **changes: object) -> templates.Version:
    """A version by ann, in a state."""
    usual = templates.Version(content=CONTENT.digest(), category="outage", state=state, author="ann")
    return msgspec.structs.replace(usual, **changes)


def step(role: str, person: str, content: str = "") -> templates.SignOff:
    """A step of a review of the content."""
    return templates.SignOff(content=content or CONTENT.digest(), role=role, person=person, at=NOON)


def approval(content: templates.Content = CONTENT, /, **changes: object) -> templates.Approval:
    """An approval by ben of what ann wrote, in force from noon."""
    usual = templates.Approval(
        content=content.digest(), author="ann", approver="ben", approved_at=NOON - DAY, effective_from=NOON
    )
    return msgspec.structs.replace(usual, **changes)


def approve(content: templates.Content = CONTENT, /, **changes: object) -> templates.Approval | govern.Denied:
    """Ben approves what ann wrote."""
    given: dict[str, object] = {
        "author": "ann",
        "approver": "ben",
        "roles": APPROVER,
        "approved_at": NOON,
        "effective_from": NOON + DAY,
        "effective_to": None,
    }
    return govern.approve(content, **(given | changes))  # pyright: ignore[reportArgumentType]


def verdict(decision: object) -> str:
    """The state granted, the reason denied, or that a record was made."""
    if isinstance(decision, govern.Granted):
        return decision.state.value
    return decision.reason.value if isinstance(decision, govern.Denied) else type(decision).__name__


@pytest.mark.parametrize("state", State)
def test_each_move_is_made_only_from_where_the_table_allows(state: templates.TemplateState):
    given, past = version(state), approval(effective_from=NOON - DAY)
    got = {
        "submit": verdict(govern.may_submit(given, person="cem", roles=BOTH)),
        "send_back": verdict(govern.may_send_back(given, person="cem", roles=BOTH)),
        "approve": verdict(govern.may_approve(given, person="cem", roles=BOTH)),
        "schedule": verdict(
            govern.may_schedule(given, approval(effective_from=NOON + DAY), now=NOON, person="cem", roles=BOTH)
        ),
        "unschedule": verdict(govern.may_unschedule(given, person="cem", roles=BOTH)),
        "publish": verdict(govern.may_publish(given, past, now=NOON, person="cem", roles=BOTH)),
        "retire": verdict(govern.may_retire(given, person="cem", roles=BOTH)),
    }
    legal = {
        State.DRAFT: {"submit": "in_review"},
        State.IN_REVIEW: {"send_back": "draft", "approve": "approved"},
        State.APPROVED: {"schedule": "scheduled", "publish": "live", "retire": "retired"},
        State.SCHEDULED: {"unschedule": "approved", "publish": "live", "retire": "retired"},
        State.LIVE: {"retire": "retired"},
        State.RETIRED: {},
    }[state]
    assert got == dict.fromkeys(got, "illegal_move") | legal
    assert {State(target) for target in legal.values()} == templates.TEMPLATE_MOVES[state]


@pytest.mark.parametrize(
    ("state", "roles", "wanted"),
    [
        (None, AUTHOR, "draft"),
        (None, APPROVER, "role_missing"),
        (State.DRAFT, AUTHOR, "draft"),
        (State.IN_REVIEW, AUTHOR, "illegal_move"),
        (State.LIVE, BOTH, "illegal_move"),
    ],
)
def test_who_may_draft(state: templates.TemplateState | None, roles: frozenset[str], wanted: str):
    assert verdict(govern.may_draft(version(state) if state else None, person="ann", roles=roles)) == wanted


@pytest.mark.parametrize("roles", [frozenset[str](), AUTHOR, APPROVER, frozenset({"operations", "operator"})])
def test_each_move_needs_its_role(roles: frozenset[str]):
    of_author, of_approver = roles == AUTHOR, roles == APPROVER
    future, past = approval(effective_from=NOON + DAY), approval()
    got = [
        isinstance(decision, govern.Granted)
        for decision in (
            govern.may_submit(version(State.DRAFT), person="cem", roles=roles),
            govern.may_send_back(version(State.IN_REVIEW), person="cem", roles=roles),
            govern.may_approve(version(State.IN_REVIEW), person="cem", roles=roles),
            govern.may_schedule(version(State.APPROVED), future, now=NOON, person="cem", roles=roles),
            govern.may_unschedule(version(State.SCHEDULED), person="cem", roles=roles),
            govern.may_publish(version(State.APPROVED), past, now=NOON, person="cem", roles=roles),
            govern.may_retire(version(State.LIVE), person="cem", roles=roles),
        )
    ]
    assert got == [of_author, of_author or of_approver, *[of_approver] * 5]


def test_what_is_missing_is_said():
    denied = govern.may_send_back(version(State.IN_REVIEW), person="eve", roles=frozenset({"operator", "auditor"}))
    assert denied == govern.Denied(reason=Reason.ROLE_MISSING, wanted="author or approver", got="auditor, operator")
    denied = govern.may_retire(version(State.DRAFT), person="ben", roles=APPROVER)
    assert denied == govern.Denied(reason=Reason.ILLEGAL_MOVE, wanted="approved or scheduled or live", got="draft")


def test_nobody_is_nobody():
    assert verdict(govern.may_submit(version(State.DRAFT), person=" ", roles=AUTHOR)) == "unknown_person"
    assert verdict(approve(author="")) == "unknown_person"
    assert verdict(approve(approver="")) == "unknown_person"


@pytest.mark.parametrize("person", ["ann", "ANN", " ann ", "ａｎｎ", "eddy"])  # noqa: RUF001 - the same name, written wide
def test_nobody_approves_their_own_change_however_they_write_their_name(person: str):
    given = version(State.IN_REVIEW, editors=frozenset({"eddy"}))
    every = frozenset({"author", "approver", "legal", "brand", "operations", "operator", "auditor"})
    assert verdict(govern.may_approve(given, person=person, roles=every)) == "own_change"
    assert verdict(govern.may_approve(given, person=person, roles=every, steps=REGULATORY)) == "own_change"
    assert verdict(approve(approver=person, roles=every, editors=frozenset({"eddy"}))) == "own_change"


@pytest.mark.parametrize(
    ("taken", "person", "roles", "wanted"),
    [
        ((), "ben", LEGAL, "in_review"),
        ((), "ben", BRAND, "role_missing"),
        ((), "ben", frozenset({"legal"}), "role_missing"),
        ((step("legal", "ben"),), "cem", BRAND, "approved"),
        ((step("legal", "ben"),), "cem", LEGAL, "role_missing"),
        ((step("legal", "ben"),), "Ben", LEGAL | BRAND, "already_signed"),
        ((step("brand", "ben"),), "cem", LEGAL, "steps_open"),
        ((step("legal", "ben"), step("brand", "cem")), "dan", BRAND, "steps_open"),
        ((step("legal", "ben", "0" * 64),), "cem", BRAND, "content_changed"),
        ((step("legal", "ann"),), "cem", BRAND, "own_change"),
    ],
)
def test_a_category_may_need_several_people_one_after_the_other(
    taken: tuple[templates.SignOff, ...], person: str, roles: frozenset[str], wanted: str
):
    given = version(State.IN_REVIEW, sign_offs=taken)
    assert verdict(govern.may_approve(given, person=person, roles=roles, steps=REGULATORY)) == wanted


def test_two_earlier_steps_by_one_person_are_not_two():
    taken = (step("legal", "ben"), step("brand", "BEN"))
    given = version(State.IN_REVIEW, sign_offs=taken)
    steps = ("legal", "brand", "approver")
    assert verdict(govern.may_approve(given, person="cem", roles=APPROVER, steps=steps)) == "already_signed"


def test_a_review_of_two_steps_from_beginning_to_end():
    first = govern.sign_off(version(State.IN_REVIEW), person="ben", roles=LEGAL, at=NOON, steps=REGULATORY)
    assert first == step("legal", "ben")
    assert isinstance(first, templates.SignOff)
    assert verdict(approve(approver="cem", roles=BRAND, steps=REGULATORY)) == "role_missing"
    assert verdict(approve(approver="ben", roles=LEGAL, steps=REGULATORY)) == "steps_open"
    last = version(State.IN_REVIEW, sign_offs=(first,))
    assert verdict(govern.sign_off(last, person="cem", roles=BRAND, at=NOON, steps=REGULATORY)) == "last_step"
    assert verdict(govern.sign_off(last, person="ann", roles=BRAND, at=NOON, steps=REGULATORY)) == "own_change"
    given = approve(approver="cem", roles=BRAND, steps=REGULATORY, sign_offs=(first,))
    assert isinstance(given, templates.Approval)
    assert given.sign_offs == (first, step("brand", "cem"))
    assert (given.author, given.approver, given.content) == ("ann", "cem", CONTENT.digest())
    assert govern.approved(CONTENT, approval=given).version == CONTENT.digest()


def test_the_roles_a_category_needs():
    reviews = [
        templates.ReviewSteps(category="empty", roles=()),
        templates.ReviewSteps(category="regulatory", roles=REGULATORY),
    ]
    assert govern.steps_for("regulatory", reviews) == REGULATORY
    assert govern.steps_for("outage", reviews) == ("approver",)
    assert govern.steps_for("empty", reviews) == ("approver",)


@pytest.mark.parametrize(
    ("effective_from", "effective_to", "wanted"),
    [
        (NOON + DAY, None, "Approval"),
        (NOON - DAY, None, "Approval"),
        (NOON + DAY, NOON + 2 * DAY, "Approval"),
        (NOON + DAY, NOON + DAY, "invalid_dates"),
        (NOON - 2 * DAY, NOON - DAY, "invalid_dates"),
        (NOON.replace(tzinfo=None), None, "invalid_dates"),
        (NOON, NOON.replace(tzinfo=None), "invalid_dates"),
    ],
)
def test_the_dates_of_an_approval(effective_from: dt.datetime, effective_to: dt.datetime | None, wanted: str):
    assert verdict(approve(effective_from=effective_from, effective_to=effective_to)) == wanted


@pytest.mark.parametrize(
    ("given", "schedule", "publish"),
    [
        (approval(effective_from=NOON + DAY), "scheduled", "not_yet_effective"),
        (approval(effective_from=NOON), "already_effective", "live"),
        (approval(effective_to=NOON + DAY), "already_effective", "live"),
        (approval(effective_from=NOON - DAY, effective_to=NOON), "already_effective", "no_longer_effective"),
        (approval(content="0" * 64), "already_effective", "content_changed"),
        (approval(content="0" * 64, effective_from=NOON + DAY), "content_changed", "not_yet_effective"),
    ],
)
def test_what_may_be_scheduled_and_what_may_go_live(given: templates.Approval, schedule: str, publish: str):
    approved = version(State.APPROVED)
    assert verdict(govern.may_schedule(approved, given, now=NOON, person="ben", roles=APPROVER)) == schedule
    assert verdict(govern.may_publish(approved, given, now=NOON, person="ben", roles=APPROVER)) == publish


OLD = composing.content(title="Old")
NEW = composing.content(title="New")
GERMAN = composing.content(language="de")


def in_force(
    *versions: tuple[templates.Content, templates.Approval], language: str = "en", now: dt.datetime = NOON
) -> str:
    """Title of the version in force, "" for none."""
    found = govern.in_force(versions, communication=CONTENT.communication, language=language, now=now)
    return found.content.title if found else ""


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ({"effective_from": NOON - 2 * DAY}, {"effective_from": NOON - DAY}, "New"),
        ({"effective_from": NOON - 2 * DAY}, {"effective_from": NOON}, "New"),
        ({"effective_from": NOON - 2 * DAY}, {"effective_from": NOON + DAY}, "Old"),
        ({"effective_from": NOON - 2 * DAY}, {"effective_from": NOON - DAY, "effective_to": NOON}, "Old"),
        ({"effective_from": NOON - DAY}, {"effective_from": NOON - 2 * DAY}, "Old"),
        ({"effective_from": NOON, "effective_to": NOON + DAY}, {"effective_from": NOON + DAY}, "Old"),
        ({"effective_from": NOON + DAY}, {"effective_from": NOON + DAY}, ""),
        ({"approved_at": NOON + DAY}, {"effective_to": NOON}, ""),
        ({"approved_at": NOON - 2 * DAY}, {"approved_at": NOON - DAY}, "New"),
        ({"approved_at": NOON - DAY}, {"approved_at": NOON - 2 * DAY}, "Old"),
    ],
)
def test_the_latest_to_begin_is_in_force(old: dict[str, object], new: dict[str, object], wanted: str):
    pairs = [(OLD, approval(OLD, **old)), (NEW, approval(NEW, **new))]
    assert in_force(*pairs) == wanted
    assert in_force(*reversed(pairs)) == wanted


def test_two_that_begin_together_are_settled_the_same_way_in_any_order():
    pairs = [(OLD, approval(OLD)), (NEW, approval(NEW))]
    first = min(pairs, key=lambda pair: pair[0].digest())[0].title
    assert in_force(*pairs) == in_force(*reversed(pairs)) == first


def test_only_the_very_language_and_communication_type_count():
    assert in_force((GERMAN, approval(GERMAN))) == ""
    assert in_force((GERMAN, approval(GERMAN)), language="de") == GERMAN.title
    other = composing.content(communication="bill")
    assert in_force((other, approval(other))) == ""
    assert in_force() == ""


def test_content_that_was_tampered_with_stops_everything_instead_of_falling_back():
    forged = (NEW, approval(OLD, effective_from=NOON))
    with pytest.raises(templates.NotApprovedError, match="approved content is"):
        in_force((OLD, approval(OLD, effective_from=NOON - DAY)), forged)


@pytest.mark.parametrize(
    "changes", [{"author": "ben"}, {"approver": "ann"}, {"sign_offs": (step("legal", "ann"), step("brand", "ben"))}]
)
def test_an_approval_by_its_author_approves_nothing(changes: dict[str, object]):
    with pytest.raises(templates.NotApprovedError, match="wanted an approver other than its author"):
        govern.approved(CONTENT, approval=approval(**changes))


@given(
    dates=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.none() | st.integers(1, 7)), max_size=5),
    day=st.integers(0, 8),
)
def test_what_is_in_force_holds_by_its_dates_and_none_that_holds_began_later(
    dates: list[tuple[int, int, int | None]], day: int
):
    versions: list[tuple[templates.Content, templates.Approval]] = []
    for number, (approved, begins, lasts) in enumerate(dates):
        content = composing.content(title=f"Version {number}")
        begins_at = NOON + begins * DAY
        ends_at = begins_at + lasts * DAY if lasts else None
        given = approval(content, approved_at=NOON + approved * DAY, effective_from=begins_at, effective_to=ends_at)
        versions.append((content, given))
    now = NOON + day * DAY
    holding = [
        given
        for _, given in versions
        if given.approved_at <= now
        and given.effective_from <= now
        and (given.effective_to is None or now < given.effective_to)
    ]
    found = govern.in_force(versions, communication=CONTENT.communication, language="en", now=now)
    assert (found is None) == (not holding)
    if found is not None:
        assert found.approval in holding
        assert found.approval.effective_from == max(given.effective_from for given in holding)


#: The first two write; with more writers soon nobody would be left to approve.
PERSONS = ["ann", "ben", "cem", "dan", "eve"]
WRITERS = PERSONS[:2]
EVERY = frozenset({"author", "approver", "legal", "brand"})
ROLES = st.sampled_from([EVERY, AUTHOR, LEGAL, BRAND, frozenset({"operator"})])


class Lifecycle(RuleBasedStateMachine):
    """One version in the hands of four people who hold any roles and try anything at any time."""

    @initialize(
        person=st.sampled_from(WRITERS),
        steps=st.sampled_from([("approver",), REGULATORY]),
        wait_days=st.integers(0, 2),
    )
    def begin(self, person: str, steps: tuple[str, ...], wait_days: int) -> None:
        self.steps = steps
        self.wait_days = wait_days
        self.content = CONTENT
        self.version = version(State.DRAFT, author=person)
        self.changed_by = {person}
        self.approval: templates.Approval | None = None
        self.now = NOON

    def go(self, decision: govern.Decision) -> None:
        """Follow a decision, which must be a legal move or none."""
        if isinstance(decision, govern.Granted):
            before = self.version.state
            assert decision.state in templates.TEMPLATE_MOVES[before]
            self.version = msgspec.structs.replace(self.version, state=decision.state)

    @rule(person=st.sampled_from(PERSONS))
    def go_on(self, person: str) -> None:
        """Do what comes next, by somebody who has every role."""
        {
            State.DRAFT: self.submit,
            State.IN_REVIEW: self.approve,
            State.APPROVED: self.publish,
            State.SCHEDULED: self.publish,
            State.LIVE: self.retire,
            State.RETIRED: self.retire,
        }[self.version.state](person, EVERY)

    @rule(person=st.sampled_from(PERSONS), roles=ROLES, which=st.integers(0, 6))
    def try_anything(self, person: str, roles: frozenset[str], which: int) -> None:
        (
            self.submit,
            self.send_back,
            self.approve,
            self.schedule,
            self.unschedule,
            self.publish,
            self.retire,
        )[which](person, roles)

    @rule(person=st.sampled_from(WRITERS), title=st.sampled_from(["One", "Two"]))
    def edit(self, person: str, title: str) -> None:
        if isinstance(govern.may_draft(self.version, person=person, roles=AUTHOR), govern.Granted):
            self.changed_by.add(person)
            self.content = composing.content(title=title)
            self.version = msgspec.structs.replace(
                self.version, content=self.content.digest(), editors=frozenset(self.changed_by)
            )

    def submit(self, person: str, roles: frozenset[str]) -> None:
        self.go(govern.may_submit(self.version, person=person, roles=roles))

    def send_back(self, person: str, roles: frozenset[str]) -> None:
        self.go(govern.may_send_back(self.version, person=person, roles=roles))
        if self.version.state is State.DRAFT:
            self.version = msgspec.structs.replace(self.version, sign_offs=())

    def approve(self, person: str, roles: frozenset[str]) -> None:
        decision = govern.may_approve(self.version, person=person, roles=roles, steps=self.steps)
        if not isinstance(decision, govern.Granted):
            return
        if decision.state is State.IN_REVIEW:
            taken = govern.sign_off(self.version, person=person, roles=roles, at=self.now, steps=self.steps)
            assert isinstance(taken, templates.SignOff)
            self.version = msgspec.structs.replace(self.version, sign_offs=(*self.version.sign_offs, taken))
            return
        given = govern.approve(
            self.content,
            author=self.version.author,
            approver=person,
            roles=roles,
            approved_at=self.now,
            effective_from=self.now + self.wait_days * DAY,
            effective_to=self.now + 5 * DAY,
            editors=self.version.editors,
            steps=self.steps,
            sign_offs=self.version.sign_offs,
        )
        assert isinstance(given, templates.Approval)
        self.approval = given
        self.go(decision)

    def schedule(self, person: str, roles: frozenset[str]) -> None:
        if self.approval is not None:
            self.go(govern.may_schedule(self.version, self.approval, person=person, roles=roles, now=self.now))

    def unschedule(self, person: str, roles: frozenset[str]) -> None:
        self.go(govern.may_unschedule(self.version, person=person, roles=roles))

    def publish(self, person: str, roles: frozenset[str]) -> None:
        if self.approval is not None:
            self.go(govern.may_publish(self.version, self.approval, person=person, roles=roles, now=self.now))

    def retire(self, person: str, roles: frozenset[str]) -> None:
        self.go(govern.may_retire(self.version, person=person, roles=roles))

    @rule()
    def wait(self) -> None:
        self.now += DAY

    @invariant()
    def nobody_approved_their_own_change(self) -> None:
        if self.approval is not None:
            signers = [taken.person for taken in self.approval.sign_offs]
            assert not self.changed_by & set(signers)
            assert len(set(signers)) == len(self.steps)
            assert tuple(taken.role for taken in self.approval.sign_offs) == self.steps

    @invariant()
    def what_is_past_review_is_what_was_approved(self) -> None:
        if self.version.state not in {State.DRAFT, State.IN_REVIEW}:
            assert self.approval is not None
            assert govern.approved(self.content, approval=self.approval).version == self.version.content

    @invariant()
    def what_is_live_began_with_its_dates(self) -> None:
        if self.version.state is State.LIVE:
            assert self.approval is not None
            assert self.approval.effective_from <= self.now


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


SOURCE = pathlib.Path(signalpost.__file__).parent
ALLOWED = {SOURCE / "govern" / "templates.py", SOURCE / "vocabulary" / "templates.py"}


def makings(text: str) -> list[int]:
    """Lines on which a source text names `ApprovedTemplate` other than as the type of something.

    A call makes one; handing the class to something else (`decode`, `convert`, an alias) may make one.
    """
    tree = ast.parse(text)
    as_type: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
                as_type |= set(ast.walk(annotation))
            case ast.FunctionDef(returns=ast.expr() as annotation) | ast.MatchClass(cls=annotation):
                as_type |= set(ast.walk(annotation))
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
                as_type |= set(ast.walk(kind))
            case _:
                pass
    return [
        node.lineno
        for node in ast.walk(tree)
        if node not in as_type
        and (
            (isinstance(node, ast.Name) and node.id == "ApprovedTemplate")
            or (isinstance(node, ast.Attribute) and node.attr == "ApprovedTemplate")
        )
    ]


def test_only_governance_makes_an_approved_template():
    files = [path for path in SOURCE.rglob("*.py") if path not in ALLOWED]
    found = {str(path): lines for path in files if (lines := makings(path.read_text(encoding="utf-8")))}
    assert found == {}
    assert makings((SOURCE / "govern" / "templates.py").read_text(encoding="utf-8")) != []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = templates.ApprovedTemplate(content=c)", [1]),
        ("from v.templates import ApprovedTemplate\nx = ApprovedTemplate(content=c)", [2]),
        ("x = decode(data, templates.ApprovedTemplate)", [1]),
        ("Made = templates.ApprovedTemplate", [1]),
        ("def f(x: templates.ApprovedTemplate) -> list[templates.ApprovedTemplate]: ...", []),
        ("x: templates.ApprovedTemplate | None = None", []),
        ("isinstance(x, templates.ApprovedTemplate)", []),
        ("match x:\n    case templates.ApprovedTemplate():\n        pass", []),
    ],
)
def test_the_reading_of_the_tree_finds_what_it_is_for(text: str, lines: list[int]):
    assert makings(text) == lines
