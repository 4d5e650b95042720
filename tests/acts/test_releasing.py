"""Releases: what they touch, who may approve them, and that they are in force as a whole or not at all."""

import datetime as dt
from collections.abc import Mapping

import django.db
import pytest
from django.db import transaction
from django.utils import timezone
from tests.acts import releases
from tests.acts.releases import ANN, BEN, BRO, LEA, NOBODY, key, made, refused

from signalpost.acts import releasing
from signalpost.govern import templates as govern
from signalpost.store import batch, registry, shipping
from signalpost.store import templates as versions
from signalpost.vocabulary import library, records, templates

pytestmark = pytest.mark.usefixtures("database")

State, Reason = library.ReleaseState, govern.DeniedReason
HOUR = dt.timedelta(hours=1)


def nothing(_gate: str) -> None:
    """Pass a gate."""


def said(communication: str = "reading") -> list[str]:
    """The paragraphs that a communication says now."""
    known = registry.communication_type(communication, timezone.now())
    stored = registry.template_versions([digest for _, digest in known.versions])
    contents = [registry.content(version) for version in stored.values()]
    return [block.text for each in contents for block in each.body if isinstance(block, templates.ParagraphBlock)]


def facts() -> list[str]:
    """What the log says became of releases, in order."""
    found = batch.fetch("SELECT kind FROM log_fact WHERE kind LIKE 'release%%' ORDER BY id", [], tuple[str])
    return [kind for (kind,) in found]


# From a draft to what is in force.


def test_a_release_brings_everything_into_force_at_one_moment():
    ref = releases.live(*releases.everything())

    now = timezone.now()
    assert said() == ["No advice."]
    assert [trigger.name for trigger in registry.rules(now).triggers] == ["tell"]
    assert registry.policy(now).categories[0].category == "service"
    assert set(registry.contracts()) == {"meter.read"}
    assert releasing.shelf() == {library.key(item): item for item in releases.everything()}
    assert facts() == ["release_submitted", "release_approved", "release_live"]
    (stored,) = registry.template_versions(list(versions.live().values())).values()
    approval = records.decode(stored.approval, templates.Approval)
    assert (approval.author, approval.approver, approval.release) == ("ann", "ben", ref)
    assert govern.approved(registry.content(stored), approval=approval).version == stored.digest


def test_what_is_live_already_changes_nothing():
    releases.live(*releases.everything())
    assert refused(releasing.propose(releases.everything(), by=ANN, title="Again")) == Reason.NOTHING_CHANGED


def test_a_changed_text_brings_what_uses_it_into_the_same_review():
    releases.live(*releases.everything(), releases.notice("other"))

    draft = releases.proposed(releases.text("No promise."))

    assert [change.key for change in draft.changes] == [key("text disclaimer")]
    assert [bound.communication for bound in draft.contents] == ["other", "reading"]
    assert said() == ["No advice."]
    assert [
        block.text
        for content in releasing.contents(draft.ref)
        for block in content.body
        if isinstance(block, templates.ParagraphBlock)
    ] == ["No promise."] * 2


def test_a_notice_decided_before_keeps_its_version():
    releases.live(*releases.everything())
    before = versions.live()["reading", "en"]

    releases.live(releases.text("No promise."))

    stored = registry.template_versions([before])[before]
    assert stored.digest == before != versions.live()["reading", "en"]
    assert registry.content(stored).digest() == before
    assert releasing.item(library.digest(releases.text("No advice."))) == releases.text("No advice.")
    assert [past.item() for past in releasing.history(key("text disclaimer"))] == [
        releases.text("No promise."),
        releases.text("No advice."),
    ]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ((releases.notice(needs=releases.schema(total="string")),), "trigger tell: event.data.total: communication"),
        ((releases.contract(value="string"),), "trigger tell: event.data.value: communication 'reading' needs integer"),
        ((releases.trigger(communication="none"),), "trigger tell: it uses communication 'none', which is not kept"),
        ((releases.trigger(segment="some"),), "trigger tell: it uses segment 'some', which is not kept"),
        ((releases.notice(category="odd"),), "communication reading: category: wanted one of service, got 'odd'"),
        ((releases.changed(releases.BRAND, name="x" * 20_000),), "brand xxxxxxxxxxxxxxxxxxxx: name: wanted 1 to 100"),
        ((releases.changed(releases.BRAND, title="x" * 20_000),), "brand lumen: title: wanted at most 200 characters"),
        ((releases.text("x"), releases.text("y")), "text disclaimer: wanted it once in a release, got it twice"),
        ((releases.changed(releases.policy(), name="other"),), "policy other: name: wanted 'policy', got 'other'"),
        (
            (library.Segment(name="s", title="S", condition="event.data.value > 1"),),
            "segment s: condition: wanted fields of 'party' alone, got 'event.data.value'",
        ),
        (
            (
                releases.changed(
                    releases.contract(value="integer"), facts=releases.schema(value="integer", more="string")
                ),
            ),
            "contract meter.read: event.data.more: texts are promised a field that is always there",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(items: tuple[library.Item, ...], message: str):
    releases.live(*releases.everything())
    answer = releasing.propose(items, by=ANN, title="Wrong")
    assert isinstance(answer, releasing.Refused)
    assert message in answer.text()
    assert all(found.remedy for found in answer.findings)
    assert len(releasing.releases()) == 1


def test_what_is_still_used_is_not_taken_out_of_use():
    releases.live(*releases.everything())
    answer = releasing.propose((), by=ANN, title="Away", retire=[key("text disclaimer")])
    assert "communication reading: editions[en].body[1]: wanted text 'disclaimer' to be kept" in refused(answer)


def test_a_communication_is_taken_out_of_use_with_its_trigger():
    releases.live(*releases.everything())
    ref = releases.live(retire=[key("communication reading"), key("trigger tell")])
    assert said() == []
    assert registry.rules(timezone.now()).triggers == ()
    made(releasing.withdraw(ref, by=BEN, reason="too early"))
    assert said() == ["No advice."]
    assert [trigger.name for trigger in registry.rules(timezone.now()).triggers] == ["tell"]


# Who may.


@pytest.mark.parametrize("person", [ANN, releasing.Person(name=" ANN ", roles=ANN.roles)])
def test_nobody_approves_their_own_change(person: releasing.Person):
    draft = releases.submitted(*releases.everything())
    assert refused(releasing.approve(draft.ref, by=person)) == Reason.OWN_CHANGE
    assert refused(releasing.sign_off(draft.ref, by=person)) == Reason.OWN_CHANGE


def test_who_changed_a_release_later_or_brought_its_version_before_does_not_approve_it():
    releases.live(*releases.everything())
    first = releases.submitted(releases.text("No promise."))
    made(releasing.withdraw(first.ref, by=ANN, reason="wrong words"))
    again = releases.submitted(releases.text("No promise."), by=BEN)
    assert refused(releasing.approve(again.ref, by=ANN)) == Reason.OWN_CHANGE

    joined = releases.proposed(releases.text("No promise at all."))
    made(releasing.propose((releases.notice(heading="Read!"),), by=BEN, title="Both", release=joined.ref))
    made(releasing.submit(joined.ref, by=ANN, is_checked=True))
    assert refused(releasing.approve(joined.ref, by=BEN)) == Reason.OWN_CHANGE


def test_a_regulatory_notice_needs_legal_and_brand():
    rules = releases.policy(regulatory=("legal", "brand"))
    releases.live(*releases.everything()[:-1], rules)
    draft = releases.submitted(releases.notice("law", category="regulatory"))
    assert releasing.steps(draft.ref) == ("legal", "brand")
    assert refused(releasing.approve(draft.ref, by=BRO)) == Reason.ROLE_MISSING
    assert refused(releasing.approve(draft.ref, by=LEA)) == Reason.STEPS_OPEN
    made(releasing.sign_off(draft.ref, by=LEA))
    assert refused(releasing.sign_off(draft.ref, by=BRO)) == Reason.LAST_STEP
    assert made(releasing.approve(draft.ref, by=BRO)).state is State.LIVE


def test_a_release_cannot_take_away_its_own_review():
    releases.live(*releases.everything()[:-1], releases.policy(regulatory=("legal", "brand")))
    draft = releases.submitted(releases.notice("law", category="regulatory"), releases.policy(regulatory=()))
    assert releasing.steps(draft.ref) == ("brand", "legal", "approver") or releasing.steps(draft.ref) == (
        "legal",
        "brand",
        "approver",
    )


def test_a_later_change_makes_sign_offs_void():
    releases.live(*releases.everything()[:-1], releases.policy(regulatory=("legal", "brand")))
    draft = releases.submitted(releases.notice("law", category="regulatory"))
    made(releasing.sign_off(draft.ref, by=LEA))
    again = made(
        releasing.propose(
            (releases.notice("law", category="regulatory", heading="Other"),), by=ANN, title="Law", release=draft.ref
        )
    )
    assert (again.state, again.sign_offs) == (State.DRAFT, ())
    made(releasing.submit(draft.ref, by=ANN, is_checked=True))
    assert refused(releasing.approve(draft.ref, by=BRO)) == Reason.ROLE_MISSING


def test_who_has_no_role_for_it_may_not():
    assert refused(releasing.propose(releases.everything(), by=NOBODY, title="Mine")) == Reason.ROLE_MISSING
    draft = releases.proposed(*releases.everything())
    assert refused(releasing.submit(draft.ref, by=NOBODY, is_checked=True)) == Reason.ROLE_MISSING
    assert refused(releasing.withdraw(draft.ref, by=NOBODY, reason="no")) == Reason.ROLE_MISSING
    assert refused(releasing.comment(draft.ref, by=NOBODY, place="", text="no")) == Reason.ROLE_MISSING
    assert refused(releasing.approve(draft.ref, by=BEN)) == Reason.ILLEGAL_MOVE


_FORGED: Mapping[str, str] = {
    "a release that its author approves": """
        UPDATE release SET state = 'live', approver = 'ann' WHERE state = 'in_review'
        """,
    "a release without an approval": "UPDATE release SET state = 'live', approver = 'ben' WHERE state = 'in_review'",
    "a sign-off by its author": """
        INSERT INTO release_sign_off (release, digest, role, person, at)
        SELECT ref, digest, 'approver', ' Ann', now() FROM release WHERE state = 'in_review'
        """,
    "a template version that its author approves": """
        UPDATE template_version SET approval = replace(approval, '"ben"', '"ann"')
        """,
    "a template version without an approval": "UPDATE template_version SET approval = ''",
    "another content": "UPDATE template_version SET content = replace(content, 'advice', 'promise')",
    "another item": "UPDATE item_version SET body = replace(body, 'advice', 'promise')",
    "an item without its author": "UPDATE item_version SET author = 'eve'",
    "another change of what is approved": "UPDATE release_change SET digest = '' WHERE kind = 'text'",
}


@pytest.mark.parametrize("sql", _FORGED.values(), ids=list(_FORGED))
def test_the_database_itself_refuses(sql: str):
    releases.live(*releases.everything())
    releases.submitted(releases.notice(heading="Read!"))
    with pytest.raises(django.db.IntegrityError, match=r"approv|never changes|cannot be changed"):
        batch.run(sql)  # pyright: ignore[reportArgumentType]
    assert said() == ["No advice."]


# Time.


def test_a_scheduled_release_goes_live_by_the_clock():
    releases.live(*releases.everything())
    draft = releases.submitted(releases.text("No promise."))
    now = timezone.now()
    assert made(releasing.approve(draft.ref, by=BEN, effective_from=now + HOUR)).state is State.SCHEDULED

    shipping.turn(now, nothing)
    assert said() == ["No advice."]
    assert [each.state for each in shipping.turn(now + HOUR, nothing)] == [State.LIVE]
    assert shipping.turn(now + HOUR, nothing) == []
    assert releasing.shelf()[key("text disclaimer")] == releases.text("No promise.")


def test_a_kill_between_leaves_nothing_of_it():
    releases.live(*releases.everything())
    draft = releases.submitted(releases.text("No promise."), releases.notice("other"))
    now = timezone.now()
    made(releasing.approve(draft.ref, by=BEN, effective_from=now + HOUR))
    before = (releasing.shelf(), versions.live())

    def die(_gate: str) -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        shipping.turn(now + HOUR, die)
    assert (releasing.shelf(), versions.live()) == before
    assert releasing.release(draft.ref).state is State.SCHEDULED

    shipping.turn(now + HOUR, nothing)
    assert releasing.release(draft.ref).state is State.LIVE
    assert set(versions.live()) == {("reading", "en"), ("other", "en")}


def test_what_was_made_for_something_else_is_held_back_and_can_be_made_anew():
    releases.live(*releases.everything())
    late = releases.submitted(releases.text("Late."))
    now = timezone.now()
    made(releasing.approve(late.ref, by=BEN, effective_from=now + HOUR))
    releases.live(releases.text("Early."))

    (held,) = shipping.turn(now + HOUR, nothing)
    assert held.state is State.APPROVED
    assert "not what it was made for any more: text 'disclaimer'" in held.reason
    assert said() == ["Early."]
    assert [each.kind for each in releasing.drift()] == ["release_overdue"]

    anew = made(releasing.propose((), by=ANN, title="Late", release=late.ref))
    assert (anew.state, anew.changes[0].base) == (State.DRAFT, library.digest(releases.text("Early.")))
    made(releasing.submit(late.ref, by=ANN, is_checked=True))
    made(releasing.approve(late.ref, by=BEN))
    assert said() == ["Late."]


def test_what_is_not_what_it_was_made_for_is_not_approved():
    releases.live(*releases.everything())
    late = releases.submitted(releases.text("Late."))
    releases.live(releases.text("Early."))
    assert refused(releasing.approve(late.ref, by=BEN)) == Reason.STALE


def test_when_its_time_is_over_nothing_of_it_is_in_force_and_nothing_old_comes_back():
    releases.live(*releases.everything())
    draft = releases.submitted(releases.text("For a while."))
    now = timezone.now()
    made(releasing.approve(draft.ref, by=BEN, effective_to=now + HOUR))
    assert said() == ["For a while."]

    (ended,) = shipping.turn(now + HOUR, nothing)

    assert ended.state is State.ENDED
    assert said() == []
    assert key("text disclaimer") not in releasing.shelf()
    assert {(each.kind.value, each.subject) for each in releasing.drift()} == {
        ("missing_item", "communication reading")
    }


def test_what_begins_as_another_ends_takes_its_place():
    releases.live(*releases.everything())
    while_, then = releases.text("For a while."), releases.text("For good.")
    now = timezone.now()
    made(releasing.approve(releases.submitted(while_).ref, by=BEN, effective_to=now + HOUR))
    made(releasing.approve(releases.submitted(then).ref, by=BEN, effective_from=now + HOUR))

    moved = shipping.turn(now + HOUR, nothing)

    assert [release.state for release in moved] == [State.LIVE, State.ENDED]
    assert releasing.shelf()[key("text disclaimer")] == then
    assert list(versions.live()) == [("reading", "en")]


def test_what_came_back_by_a_newer_release_does_not_end_with_the_older_one():
    releases.live(*releases.everything())
    now = timezone.now()
    made(releasing.approve(releases.submitted(releases.text("Again.")).ref, by=BEN, effective_to=now + HOUR))
    between = releases.live(releases.text("Between."))
    newest = releases.live(releases.text("Again."))

    assert refused(releasing.withdraw(between, by=BEN, reason="late")) == Reason.SUPERSEDED
    shipping.turn(now + HOUR, nothing)

    assert said() == ["Again."]
    made(releasing.withdraw(newest, by=BEN, reason="now"))
    assert said() == ["Between."]


@pytest.mark.parametrize(
    ("begins", "ends"), [(HOUR, HOUR), (HOUR, -HOUR), (-2 * HOUR, -HOUR)], ids=["no time", "backwards", "over"]
)
def test_dates_that_contradict_each_other(begins: dt.timedelta, ends: dt.timedelta):
    draft = releases.submitted(*releases.everything())
    now = timezone.now()
    answer = releasing.approve(draft.ref, by=BEN, effective_from=now + begins, effective_to=now + ends)
    assert refused(answer) == Reason.INVALID_DATES


# Taking back.


def test_a_release_is_withdrawn_as_one():
    releases.live(*releases.everything())
    before = (releasing.shelf(), versions.live(), registry.rules(timezone.now()).triggers)
    ref = releases.live(
        releases.text("No promise."), releases.trigger("more"), releases.policy(other=()), releases.notice("other")
    )
    made(releasing.withdraw(ref, by=BEN, reason="a mistake"))
    assert (releasing.shelf(), versions.live(), registry.rules(timezone.now()).triggers) == before
    assert [row.category for row in registry.policy(timezone.now()).categories] == ["service"]
    assert refused(releasing.withdraw(ref, by=BEN, reason="again")) == Reason.ILLEGAL_MOVE


def test_a_release_withdrawn_before_its_time_never_was():
    releases.live(*releases.everything())
    draft = releases.submitted(releases.text("No promise."))
    now = timezone.now()
    made(releasing.approve(draft.ref, by=BEN, effective_from=now + HOUR))
    made(releasing.withdraw(draft.ref, by=BEN, reason="not now"))
    assert shipping.turn(now + HOUR, nothing) == []
    assert said() == ["No advice."]


def test_what_something_newer_took_the_place_of_is_not_withdrawn():
    releases.live(*releases.everything())
    first = releases.live(releases.text("First."))
    second = releases.live(releases.text("Second."))
    assert refused(releasing.withdraw(first, by=BEN, reason="late")) == Reason.SUPERSEDED
    made(releasing.withdraw(second, by=BEN, reason="one"))
    made(releasing.withdraw(first, by=BEN, reason="two"))
    assert said() == ["No advice."]


def test_what_ended_meanwhile_does_not_come_back():
    releases.live(*releases.everything())
    now = timezone.now()
    made(releasing.approve(releases.submitted(releases.text("For a while.")).ref, by=BEN, effective_to=now + HOUR))
    newer = releases.live(releases.text("Newer."))
    shipping.turn(now + HOUR, nothing)
    assert said() == ["Newer."]

    found = releasing.release(newer)
    with transaction.atomic():
        shipping.withdraw(found, by="ben", reason="wrong", now=now + 2 * HOUR)

    assert said() == []


# Talking about it.


def test_comments_assignment_and_sending_back():
    draft = releases.submitted(*releases.everything())
    noted = made(releasing.comment(draft.ref, by=BEN, place="text disclaimer", text="Too short?"))
    assert [(each.number, each.person, each.text) for each in noted.comments] == [(1, "ben", "Too short?")]
    assert made(releasing.resolve(draft.ref, 1, by=ANN)).comments[0].resolved_by == "ann"
    with pytest.raises(LookupError, match="wanted a comment number 7"):
        releasing.resolve(draft.ref, 7, by=ANN)
    assert "wanted 1 to 10000 characters" in refused(releasing.comment(draft.ref, by=BEN, place="", text=" "))

    due_at = timezone.now() - HOUR
    assert refused(releasing.assign(draft.ref, by=BEN, to="ann", due_at=due_at)) == Reason.OWN_CHANGE
    assert made(releasing.assign(draft.ref, by=ANN, to="ben", due_at=due_at)).assigned_to == "ben"
    assert [each.kind.value for each in releasing.drift()] == ["release_overdue"]

    back = made(releasing.send_back(draft.ref, by=BEN, reason="see the comment"))
    assert (back.state, back.reason) == (State.DRAFT, "see the comment")


def test_where_a_text_is_used():
    releases.live(*releases.everything())
    uses = releasing.where_used(key("text disclaimer"))
    assert [(str(use.key.kind), use.key.name) for use in uses] == [("communication", "reading"), ("trigger", "tell")]
    assert uses[1].through == (key("communication reading"),)
