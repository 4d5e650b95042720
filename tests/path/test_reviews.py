"""Reviewers are told by e-mail over the path that everything travels: once per person and step, of no customer."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from tests.path.world import World
from tests.web import releasing as town

from signalpost.acts import releasing
from signalpost.store import batch, releases
from signalpost.vocabulary import library, records


@pytest.fixture
def people(world: World) -> World:
    town.staff()
    for name in ("bob", "lea", "ann"):
        get_user_model().objects.filter(username=name).update(email=f"{name}@signalpost.example")
    world.drain()
    world.email.sent.clear()
    return world


def asked(world: World) -> list[str]:
    """Who got an e-mail, in order."""
    world.drain()
    return sorted(outgoing.address for outgoing in world.email.sent)


def new_segment(name: str = "german") -> library.Release:
    segment = library.Segment(name=name, title="Who reads German", condition='party.language == "de"')
    return town.in_review(segment, title="A group of customers", by="ann")


def test_whoever_can_take_the_next_step_is_asked_once(people: World):
    release = new_segment()

    first = asked(people)
    again = asked(people)

    assert first == again == ["bob@signalpost.example"]
    (sent,) = people.email.sent
    text = sent.content.decode(errors="replace")
    assert f"/console/releases/{release.ref}/" in text.replace("=\n", "").replace("=\r\n", "")
    assert "A group of customers" in text


def test_an_author_who_is_also_an_approver_is_not_asked_to_approve(people: World):
    from django.contrib.auth.models import Group  # noqa: PLC0415 - Django is set up by now

    get_user_model().objects.get(username="ann").groups.add(Group.objects.get(name="approver"))

    new_segment()

    assert asked(people) == ["bob@signalpost.example"]


def test_it_is_asked_once_more_when_it_falls_due_and_no_more_after_the_step(people: World):
    release = new_segment()
    asked(people)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)

    town.made(releasing.assign(release.ref, by=town.person("bob"), to="bob", due_at=past))
    due = asked(people)
    town.made(releasing.approve(release.ref, by=town.person("bob")))
    after = asked(people)

    assert due == after == ["bob@signalpost.example"] * 2
    assert releases.load(release.ref).state is library.ReleaseState.LIVE


def test_the_event_holds_nothing_of_a_customer(people: World):
    release = new_segment()
    asked(people)

    ((data,),) = batch.fetch("SELECT data FROM event WHERE type = 'signalpost.review_requested'", [], tuple[str])

    assert records.decode(data, dict[str, object]) == {
        "author": "ann",
        "is_due": False,
        "link": f"https://signalpost.example/console/releases/{release.ref}/",
        "release": release.ref,
        "step": "approver",
        "title": "A group of customers",
    }
