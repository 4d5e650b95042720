"""An interactive letter among the town's communications: who makes it live, and what makes it wait."""

from collections.abc import Sequence

import msgspec

from signalpost.acts import releasing
from signalpost.vocabulary import library, templates

CAROL = releasing.Person(name="carol", roles=frozenset({"author"}))
CONTRACT = {
    "change": "tariff",
    "effective_on": "2026-03-01",
    "reference": "V-88-0417",
    "tariff": "Musterstrom Öko 24",
    "monthly": {"amount": "96.00", "currency": "EUR"},
    "withdraw_until": "2026-02-17",
}
#: What stands in the open region unless an agent writes something else.
OWN = "You will get the documents separately."


def interactive() -> library.Communication:
    """The confirmation of a contract's change with a region that an agent may write."""
    key = library.Key(kind=library.Kind.COMMUNICATION, name="contract-change-confirmed")
    found = releasing.shelf()[key]
    assert isinstance(found, library.Communication)
    region = templates.OpenBlock(
        name="answer",
        label="Answer to what the customer asked",
        blocks=(templates.ParagraphBlock(text=OWN),),
        characters_max=300,
    )
    editions = tuple(
        msgspec.structs.replace(edition, body=(*edition.body[:-1], region, edition.body[-1]))
        for edition in found.editions
    )
    return msgspec.structs.replace(found, editions=editions)


def goes_live(items: Sequence[library.Item]) -> None:
    """A release of these items, approved by everybody who has to."""
    made = releasing.propose(items, by=CAROL, title="A letter with an open region")
    assert isinstance(made, library.Release), made.text()
    submitted = releasing.submit(made.ref, by=CAROL, is_checked=True)
    assert isinstance(submitted, library.Release), submitted.text()
    *first, last = releasing.steps(made.ref)
    for role in first:
        releasing.sign_off(made.ref, by=releasing.Person(name=f"of {role}", roles=frozenset({role})))
    done = releasing.approve(made.ref, by=releasing.Person(name=f"of {last}", roles=frozenset({last})))
    assert isinstance(done, library.Release), done.text()
