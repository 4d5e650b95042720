"""Releases in the console: what is shown, who may do what next, and what is said to those who may not."""

import pytest
from tests.web import releasing as town
from tests.web.releasing import plain

from signalpost.acts import access, releasing
from signalpost.vocabulary import library

State = library.ReleaseState


@pytest.mark.usefixtures("people")
def test_a_change_of_a_shared_text_shows_what_it_touches_and_where_its_review_stands():
    release = town.in_review(town.disclaimer("Prices include 19 % value added tax."))

    page = town.logged_in("bob").get(f"/console/releases/{release.ref}/")

    said = plain(page.text)
    assert page.status_code == 200
    assert "in review" in said
    assert "Notice on prices" in said
    assert "uses shared text prices" in said
    assert "Bill corrected" in said
    assert "Tell of a correction" in said
    assert f"/console/releases/{release.ref}/approve/" in page.text


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("path", ["work/", "releases/", "library/text/prices/", "library/text/prices/uses/"])
def test_pages_open(path: str):
    town.in_review(town.disclaimer("Prices include 19 % value added tax."))

    assert town.logged_in("bob").get(f"/console/{path}").status_code == 200


@pytest.mark.usefixtures("people")
def test_two_versions_beside_each_other():
    release = town.in_review(town.disclaimer("Prices include 19 % value added tax."))
    (change,) = release.changes

    page = town.logged_in("bob").get(
        "/console/library/text/prices/compare/", {"before": change.base, "after": change.digest, "release": release.ref}
    )

    assert "<ins>" in page.text
    assert "data:image/webp" in page.text
    assert releasing.release(release.ref).state is State.IN_REVIEW


def outcome(name: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """What somebody is answered, as text; a redirection is followed."""
    answer = town.logged_in(name).post(f"/console/releases/{path}", form or {}, follow=True)
    return answer.status_code, plain(answer.text)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("name", "act", "said"),
    [
        ("ann", "approve", "Nobody approves their own change"),
        ("ola", "approve", "This is for people with the role"),
        ("lea", "approve", "This is for people with the role approver"),
        ("bob", "submit", "This is for people with the role author"),
    ],
)
def test_who_may_not_is_told_why_and_what_to_do_instead(name: str, act: str, said: str):
    release = (
        town.in_review(town.disclaimer("Other words.")) if act == "approve" else town.proposed(town.disclaimer("x"))
    )
    if name == "ann":
        access.make_staff("ann", role="approver", password=town.PASSWORD)

    status, page = outcome(name, f"{release.ref}/{act}/")

    assert status == 409
    assert said in page
    assert releasing.release(release.ref).state is release.state


@pytest.mark.usefixtures("people")
def test_a_release_is_sent_back_with_a_reason():
    release = town.in_review(town.disclaimer("Other words."))

    without = outcome("bob", f"{release.ref}/send-back/", {"reason": " "})
    _, page = outcome("bob", f"{release.ref}/send-back/", {"reason": "the levy is missing"})

    assert without[0] == 409
    assert "Say why" in without[1]
    assert "the levy is missing" in page
    assert releasing.release(release.ref).state is State.DRAFT


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("name", "value"), [("from", "tomorrow"), ("to", "2026-02-31T10:00")])
def test_dates_that_are_none_are_refused_before_anything_is_done(name: str, value: str):
    release = town.in_review(town.disclaimer("Other words."))

    status, page = outcome("bob", f"{release.ref}/approve/", {name: value})

    assert status == 409
    assert "wanted a day and a time" in page
    assert releasing.release(release.ref).state is State.IN_REVIEW


@pytest.mark.usefixtures("people")
def test_comments_are_answered_and_settled():
    release = town.in_review(town.disclaimer("Other words."))
    hostile = "<script>alert(1)</script>"

    outcome("bob", f"{release.ref}/comments/", {"place": "text prices", "text": hostile})
    outcome("ann", f"{release.ref}/comments/", {"place": "#1", "text": "Mended."})
    outcome("bob", f"{release.ref}/comments/1/resolve/")
    page = town.logged_in("bob").get(f"/console/releases/{release.ref}/").text

    first, second = releasing.release(release.ref).comments
    assert (first.place, first.person, first.resolved_by) == ("text prices", "bob", "bob")
    assert (second.place, second.text) == ("#1", "Mended.")
    assert hostile not in page
    assert "settled by bob" in plain(page)
    assert outcome("bob", f"{release.ref}/comments/9/resolve/")[0] == 404


@pytest.mark.usefixtures("people")
def test_a_release_is_assigned_to_who_may_review_it_and_not_to_its_author():
    release = town.in_review(town.disclaimer("Other words."))

    outcome("ann", f"{release.ref}/assign/", {"to": "bob", "due": "2030-01-02T10:00"})
    _, nobody = outcome("ann", f"{release.ref}/assign/", {"to": "mallory", "due": ""})
    _, wrong = outcome("ann", f"{release.ref}/assign/", {"to": "bob", "due": "soon"})

    found = releasing.release(release.ref)
    assert found.assigned_to == "bob"
    assert found.due_at is not None
    assert found.due_at.isoformat() == "2030-01-02T09:00:00+00:00"
    assert "Nobody who reviews has the name" in nobody
    assert "wanted a day and a time" in wrong


@pytest.mark.usefixtures("people")
def test_what_waits_for_somebody_comes_first_in_the_list_and_on_their_page():
    mine = town.proposed(town.segment().__class__(name="new", title="New", condition="true"), by="bob", title="Own")
    other = town.in_review(town.disclaimer("Other words."), title="For bob")

    rows = town.logged_in("bob").get("/console/releases/").text
    work = plain(town.logged_in("bob").get("/console/work/").text)

    assert rows.index(other.ref) < rows.index(mine.ref)
    assert "Waiting for your review 1 For bob" in work
    assert "Yours, not live yet 1 Own draft yours to submit" in work
    assert "Nothing is scheduled" in work


@pytest.mark.usefixtures("people")
def test_addresses_that_lead_nowhere():
    browser = town.logged_in("bob")

    paths = (
        "releases/R-none/",
        "releases/R-none/approve/",
        "library/nothing/x/",
        "library/text/x/",
        "library/text/x/uses/",
    )
    assert [browser.get(f"/console/{path}").status_code for path in paths] == [404] * len(paths)
    compared = "/console/library/text/prices/compare/"
    assert browser.get(compared, {"before": "f" * 64}).status_code == 404
    assert browser.get(compared).status_code == 404
