"""Drafts: a record that was written comes back equal, with who changed it."""

import pathlib

import msgspec
import pytest

from signalpost import drafts
from signalpost.acts import releasing
from signalpost.playbooks import load
from signalpost.vocabulary import events, library, manuscripts, parties, templates

DISCLAIMER = library.SharedText(
    name="liability",
    title="Liability",
    variants=(
        library.TextVariant(language="en", body=(templates.ParagraphBlock(text="We are **not** liable."),)),
        library.TextVariant(
            language="de",
            jurisdiction="DE",
            body=(
                templates.WhenBlock(
                    condition="has(party.facts.account)",
                    then=(templates.ParagraphBlock(text="Konto {party.facts.account}"),),
                ),
            ),
        ),
    ),
)


@pytest.mark.usefixtures("database")
def test_a_shared_text_comes_back_with_its_editor():
    drafts.write(DISCLAIMER, by="ann")

    assert drafts.names(library.Kind.TEXT) == ("liability",)
    assert drafts.read(library.Kind.TEXT, "liability") == DISCLAIMER
    assert drafts.editors(library.Kind.TEXT, "liability") == {"ann"}
    assert drafts.read(library.Kind.TEXT, "nothing") is None


EDITION = library.Edition(
    language="en",
    title="Your bill",
    subject="Bill of {event.data.month}",
    preheader="p",
    sms="Bill {event.data.total | money}\nThanks",
    push_title="Bill",
    push_body="b",
    variants=(templates.WordsVariant(condition="event.data.late", subject="Reminder"),),
    terms=(("open", "not paid"),),
    body=(templates.HeadingBlock(text="Bill", level=1), templates.SharedTextBlock(name="liability")),
)
BILL = library.Communication(
    name="bill",
    title="Bill",
    category="bills",
    channels=(parties.ChannelKind.EMAIL, parties.ChannelKind.WEBHOOK),
    retention_days=100,
    sms_segments=2,
    speaks_of="billing.closed",
    contract='{"type": "object"}',
    brand="acme",
    layout="wide",
    inserts=(library.InsertRule(insert="tips", condition="event.data.late"),),
    editions=(msgspec.structs.replace(EDITION, language="de"), EDITION),
    samples=(library.Sample(name="one", facts='{"event": '),),
)
OTHERS: tuple[library.Item, ...] = (
    library.Brand(
        name="acme",
        title="Acme",
        dress=manuscripts.Brand(
            name="Acme",
            imprint=("Acme Ltd", "", "Street 1"),
            return_address="Acme, Street 1",
            primary="#0b4f94",
            on_primary="#ffffff",
            website="acme.example",
            telephone="+4930123456",
            logo_svg="<svg/>",
            country="DE",
        ),
        senders=(library.Sender(channel=parties.ChannelKind.EMAIL, address="a@acme.example", name="Acme"),),
    ),
    library.Image(
        name="tree",
        title="A tree",
        media_type="image/png",
        digest="a" * 64,
        alternatives=(("en", "A tree"), ("de", "")),
    ),
    library.Insert(name="tips", title="Tips", digest="b" * 64, weight_grams=4.5),
    library.Layout(name="wide", title="Wide", source="#set page(width: 20cm)\n"),
    library.Language(
        name="ar",
        title="Arabic",
        direction=manuscripts.Direction.RTL,
        labels=manuscripts.Labels(
            page="{page}/{pages}",
            date="d",
            unsubscribe="u",
            web_view="w",
            tones=("a", "b", "c", "d"),
            charts=("x", "y", "z"),
            chart_gap="none",
        ),
    ),
    library.DataContract(
        name="billing.closed",
        title="A bill",
        facts="{}",
        event=events.Contract(
            type="billing.closed",
            data_schema="{}",
            lane=events.Lane.URGENT,
            max_age_seconds=None,
            subject_kind="account",
        ),
    ),
    library.DataContract(name="incident", title="An incident", facts='{"type": "object"}'),
    BILL,
    library.Communication(name="empty", title="", category="", channels=(), speaks_of="", contract="", brand=""),
)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("item", OTHERS, ids=lambda item: item.name)
def test_an_item_of_every_kind_comes_back_equal(item: library.Item):
    drafts.write(item, by="ann")
    kind = library.key(item).kind

    assert drafts.read(kind, item.name) == item
    assert drafts.digests(kind)[item.name] == library.digest(item)
    assert drafts.editors(kind, item.name) == {"ann"}


@pytest.mark.usefixtures("database")
def test_what_is_the_same_gets_no_revision_and_no_editor():
    drafts.write(BILL, by="ann")
    drafts.write(BILL, by="ben")
    assert drafts.editors(library.Kind.COMMUNICATION, "bill") == {"ann"}

    german = msgspec.structs.replace(EDITION, language="de", title="Ihre Rechnung")
    drafts.write(msgspec.structs.replace(BILL, editions=(german, EDITION)), by="cleo")

    assert drafts.editors(library.Kind.COMMUNICATION, "bill") == {"ann", "cleo"}
    assert drafts.edition_row("bill", "de") != drafts.edition_row("bill", "en")
    with pytest.raises(LookupError, match="edition 'fr' of 'bill'"):
        drafts.edition_row("bill", "fr")


@pytest.mark.usefixtures("database")
def test_whoever_takes_a_language_away_is_an_editor():
    drafts.write(BILL, by="ann")
    drafts.write(msgspec.structs.replace(BILL, editions=(EDITION,)), by="ben")

    found = drafts.read(library.Kind.COMMUNICATION, "bill")
    assert isinstance(found, library.Communication)
    assert [edition.language for edition in found.editions] == ["en"]
    assert drafts.editors(library.Kind.COMMUNICATION, "bill") == {"ann", "ben"}


@pytest.mark.usefixtures("database")
def test_what_no_form_can_hold_is_refused_and_changes_nothing():
    deep: tuple[templates.TemplateBlock, ...] = (templates.BreakBlock(),)
    for _ in range(4):
        deep = (templates.KeepBlock(blocks=deep),)
    drafts.write(BILL, by="ann")

    with pytest.raises(drafts.UnwritableError, match=r"communication 'bill': body\[0\].*at most 3 deep"):
        drafts.write(msgspec.structs.replace(BILL, editions=(msgspec.structs.replace(EDITION, body=deep),)), by="ben")
    assert drafts.read(library.Kind.COMMUNICATION, "bill") == BILL
    assert drafts.editors(library.Kind.COMMUNICATION, "bill") == {"ann"}


@pytest.mark.usefixtures("database")
def test_what_went_live_is_nobodys_change_any_more():
    layout = library.Layout(name="wide", title="Wide", source="#set page(width: 20cm)\n")
    drafts.write(layout, by="ann")
    made = releasing.propose([layout], by=releasing.Person(name="ann", roles=frozenset({"author"})), title="Wide")
    assert isinstance(made, library.Release)
    releasing.submit(made.ref, by=releasing.Person(name="ann", roles=frozenset({"author"})))
    approved = releasing.approve(made.ref, by=releasing.Person(name="rita", roles=frozenset(releasing.steps(made.ref))))
    assert isinstance(approved, library.Release)

    assert drafts.editors(library.Kind.LAYOUT, "wide") == frozenset()
    drafts.write(msgspec.structs.replace(layout, title="Wider"), by="ben")
    assert drafts.editors(library.Kind.LAYOUT, "wide") == {"ben"}


@pytest.mark.usefixtures("database")
def test_everything_shipped_is_kept_without_loss():
    root = pathlib.Path(load.__file__).parent
    books = [load.load(folder) for folder in sorted(root.iterdir()) if (folder / "playbook.yaml").exists()]
    items = load.items(books)
    for item in items:
        drafts.write(item, by="ann")

    assert len(items) > 10
    for item in items:
        assert drafts.read(library.key(item).kind, item.name) == item
