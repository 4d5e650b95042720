"""Small items for the tests of what refers to what."""

from tests.flow import composing

from signalpost.vocabulary import library, manuscripts, notices, parties, records, situations, templates

Kind = library.Kind


def key(kind: library.Kind, name: str) -> library.Key:
    """The name of an item in the whole library."""
    return library.Key(kind=kind, name=name)


def shelf(*items: library.Item) -> library.Shelf:
    """Items as they are kept."""
    return {library.key(item): item for item in items}


def schema(properties: dict[str, object], *required: str, **more: object) -> str:
    """JSON Schema of an object."""
    whole = {"type": "object", "properties": properties, "required": list(required), **more}
    return records.canonical(whole).decode()


def edition(*body: templates.TemplateBlock, language: str = "en") -> library.Edition:
    """A language of a communication."""
    return library.Edition(language=language, title="Title", subject="Subject", body=body)


def communication(
    name: str = "notice",
    /,
    *editions: library.Edition,
    contract: str = "{}",
    category: str = "service",
    layout: str = "",
    inserts: tuple[library.InsertRule, ...] = (),
) -> library.Communication:
    """A communication about meter readings."""
    return library.Communication(
        name=name,
        title=name,
        category=category,
        channels=(parties.ChannelKind.EMAIL,),
        speaks_of="meter.read",
        contract=contract,
        brand="lumen",
        layout=layout,
        inserts=inserts,
        editions=editions,
    )


def text(name: str, /, *body: templates.TemplateBlock) -> library.SharedText:
    """A shared text for everybody."""
    return library.SharedText(name=name, title=name, variants=(library.TextVariant(language="en", body=body),))


def contract(facts: str = "{}", *, name: str = "meter.read") -> library.DataContract:
    """What is promised to texts."""
    return library.DataContract(name=name, title=name, facts=facts)


def trigger(
    name: str = "tell",
    /,
    *,
    communication: str = "notice",
    event_type: str = "meter.read",
    change: situations.ChangeKind = situations.ChangeKind.EVENT,
    segment: str = "",
) -> library.Trigger:
    """What sends a communication."""
    return library.Trigger(
        name=name,
        title=name,
        trigger=situations.Trigger(name=name, communication=communication, event_type=event_type, change=change),
        segment=segment,
    )


def policy(*categories: str) -> library.Policy:
    """A channel policy with these categories."""
    rows = tuple(notices.CategoryPolicy(category=name, legal_class=notices.LegalClass.SERVICE) for name in categories)
    return library.Policy(policy=notices.Policy(version="1", categories=rows))


BRAND = library.Brand(name="lumen", title="Lumen", dress=composing.BRAND)
ENGLISH = library.Language(name="en", title="English", labels=composing.LABELS)
GERMAN = library.Language(name="de", title="Deutsch", direction=manuscripts.Direction.LTR, labels=composing.LABELS)
LOGO = library.Image(
    name="logo", title="Logo", media_type="image/png", digest="a" * 64, alternatives=(("en", "Our lamp"),)
)
LEAFLET = library.Insert(name="leaflet", title="Leaflet", digest="b" * 64, weight_grams=4.5)
WIDE = library.Layout(name="wide", title="Wide", source="#set page(width: 21cm)")
