"""A small library: one notice in one language with a disclaimer, sent by one trigger, and the people who keep it."""

import msgspec
from tests.flow import composing

from signalpost.acts import releasing
from signalpost.vocabulary import events, library, manuscripts, notices, parties, records, situations, templates

Kind = library.Kind

ANN = releasing.Person(name="ann", roles=frozenset({"author", "approver", "operations"}))
BEN = releasing.Person(name="ben", roles=frozenset({"author", "approver", "operations"}))
LEA = releasing.Person(name="lea", roles=frozenset({"legal"}))
BRO = releasing.Person(name="bro", roles=frozenset({"brand"}))
NOBODY = releasing.Person(name="eve", roles=frozenset({"agent"}))


def key(item: str) -> library.Key:
    """`text disclaimer` as a key."""
    kind, _, name = item.partition(" ")
    return library.Key(kind=Kind(kind), name=name)


def schema(**required: str) -> str:
    """Schema of facts whose event's data have these members."""
    data = {"type": "object", "required": sorted(required), "properties": {n: {"type": t} for n, t in required.items()}}
    event = {"type": "object", "required": ["data"], "properties": {"data": data}}
    return records.canonical({"type": "object", "required": ["event"], "properties": {"event": event}}).decode()


def data_schema(**required: str) -> str:
    """Schema of an event's data with these members."""
    return records.canonical(
        {"type": "object", "required": sorted(required), "properties": {n: {"type": t} for n, t in required.items()}}
    ).decode()


def contract(**required: str) -> library.DataContract:
    """What the event `meter.read` brings."""
    return library.DataContract(
        name="meter.read",
        title="Meter read",
        facts=schema(**required),
        event=events.Contract(type="meter.read", data_schema=data_schema(**required), subject_kind="account"),
    )


def text(words: str) -> library.SharedText:
    """The disclaimer, for everybody."""
    body = (templates.ParagraphBlock(text=words),)
    return library.SharedText(
        name="disclaimer", title="Disclaimer", variants=(library.TextVariant(language="en", body=body),)
    )


def notice(
    name: str = "reading", /, *, needs: str = "", category: str = "service", heading: str = "Read"
) -> library.Item:
    """A communication type with the disclaimer."""
    body = (
        templates.HeadingBlock(level=1, text=heading),
        templates.SharedTextBlock(name="disclaimer"),
    )
    return library.Communication(
        name=name,
        title=name.title(),
        category=category,
        channels=(parties.ChannelKind.EMAIL,),
        speaks_of="meter.read",
        contract=needs or schema(value="integer"),
        brand="lumen",
        editions=(library.Edition(language="en", title=heading, subject=heading, body=body),),
    )


def trigger(name: str = "tell", /, *, communication: str = "reading", segment: str = "") -> library.Trigger:
    """What sends it."""
    return library.Trigger(
        name=name,
        title=name.title(),
        trigger=situations.Trigger(name=name, communication=communication, event_type="meter.read"),
        segment=segment,
    )


def policy(**reviews: tuple[str, ...]) -> library.Policy:
    """The channel policy, with the review of each category."""
    categories = tuple(
        notices.CategoryPolicy(
            category=name,
            legal_class=notices.LegalClass.SERVICE,
            routine_channels=(parties.ChannelKind.EMAIL,),
            review=roles,
        )
        for name, roles in ({"service": ()} | reviews).items()
    )
    return library.Policy(policy=notices.Policy(version="1", categories=categories))


BRAND = library.Brand(name="lumen", title="Lumen", dress=composing.BRAND)
ENGLISH = library.Language(name="en", title="English", direction=manuscripts.Direction.LTR, labels=composing.LABELS)


def everything() -> tuple[library.Item, ...]:
    """The whole small library."""
    return (BRAND, ENGLISH, contract(value="integer"), text("No advice."), notice(), trigger(), policy())


def made(answer: library.Release | releasing.Refused) -> library.Release:
    """A release that was not refused."""
    assert isinstance(answer, library.Release), answer.text()
    return answer


def refused(answer: library.Release | releasing.Refused) -> str:
    """The reason of a refusal, or its findings."""
    assert isinstance(answer, releasing.Refused)
    return answer.denied.reason if answer.denied else answer.text()


def proposed(*items: library.Item, by: releasing.Person = ANN, **more: object) -> library.Release:
    """A draft."""
    return made(releasing.propose(items, by=by, title="A change", **more))  # pyright: ignore[reportArgumentType]


def submitted(*items: library.Item, by: releasing.Person = ANN, **more: object) -> library.Release:
    """A release in review."""
    return made(releasing.submit(proposed(*items, by=by, **more).ref, by=by, is_checked=True))


def live(*items: library.Item, by: releasing.Person = ANN, approver: releasing.Person = BEN, **more: object) -> str:
    """The reference of a release that is live."""
    release = made(releasing.approve(submitted(*items, by=by, **more).ref, by=approver))
    assert release.state is library.ReleaseState.LIVE, release.reason
    return release.ref


def changed(item: library.Item, **fields: object) -> library.Item:
    """The item with other fields."""
    return msgspec.structs.replace(item, **fields)
