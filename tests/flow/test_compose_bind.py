"""A communication bound with everything it uses: one content per language that refers to nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flow import composing
from tests.govern import shelves
from tests.govern.shelves import Kind, key

from signalpost.flow import expressions
from signalpost.flow.compose import bind, check, wordings
from signalpost.vocabulary import library, manuscripts, parties, records, templates

Shelf = Mapping[library.Key, library.Item]


def paragraph(text: str) -> templates.ParagraphBlock:
    """A paragraph."""
    return templates.ParagraphBlock(text=text)


def variant(text: str, language: str = "en", /, **fields: object) -> library.TextVariant:
    """A wording."""
    return msgspec.structs.replace(library.TextVariant(language=language, body=(paragraph(text),)), **fields)


def shared(*variants: library.TextVariant, name: str = "disclaimer") -> library.SharedText:
    """A shared text."""
    return library.SharedText(name=name, title=name, variants=variants)


BASE = shelves.shelf(shelves.BRAND, shelves.ENGLISH, shelves.GERMAN, shelves.LOGO, shelves.LEAFLET, shelves.WIDE)
DISCLAIMER = templates.SharedTextBlock(name="disclaimer")


def bound(*body: templates.TemplateBlock, shelf: Sequence[library.Item] = ()) -> bind.Bound:
    """A notice in English with this body."""
    return bind.bind(shelves.communication("notice", shelves.edition(*body)), {**BASE, **shelves.shelf(*shelf)})


def body_of(found: bind.Bound) -> tuple[templates.TemplateBlock, ...]:
    """The body of the one content."""
    assert [each.message for each in found.findings if each.severity is templates.FindingSeverity.ERROR] == []
    (content,) = found.contents
    return content.body


def wrong(found: bind.Bound) -> list[str]:
    """What is wrong, with its place."""
    assert all(each.remedy for each in found.findings)
    return [f"{each.place}: {each.message}" for each in found.findings]


def test_what_a_content_takes_from_what_it_uses():
    communication = shelves.communication(
        "notice", shelves.edition(paragraph("Hello")), layout="wide", contract='{"type":"object"}'
    )
    (content,) = bind.bind(communication, BASE).contents
    assert (content.brand, content.labels, content.layout) == (composing.BRAND, composing.LABELS, shelves.WIDE.source)
    assert (content.communication, content.category, content.language) == ("notice", "service", "en")
    assert (content.contract, content.body, content.assets) == ('{"type":"object"}', (paragraph("Hello"),), ())
    assert content.direction is manuscripts.Direction.LTR


def test_each_language_is_a_content_and_each_use_is_told():
    communication = shelves.communication(
        "notice", shelves.edition(DISCLAIMER), shelves.edition(DISCLAIMER, language="de")
    )
    found = bind.bind(communication, {**BASE, **shelves.shelf(shared(variant("No."), variant("Nein.", "de")))})
    assert [(content.language, content.body) for content in found.contents] == [
        ("en", (paragraph("No."),)),
        ("de", (paragraph("Nein."),)),
    ]
    assert found.uses == {
        key(Kind.BRAND, "lumen"),
        key(Kind.CONTRACT, "meter.read"),
        key(Kind.LANGUAGE, "en"),
        key(Kind.LANGUAGE, "de"),
        key(Kind.TEXT, "disclaimer"),
    }


def test_a_text_stands_wherever_blocks_stand():
    only = (parties.ChannelKind.LETTER,)
    body = (
        templates.WhenBlock(condition="true", then=(DISCLAIMER,), otherwise=(DISCLAIMER,)),
        templates.ColumnsBlock(columns=(templates.ColumnsPart(blocks=(DISCLAIMER,)),)),
        templates.KeepBlock(blocks=(DISCLAIMER,)),
        templates.OnlyBlock(channels=only, blocks=(DISCLAIMER,)),
        templates.OpenBlock(name="open", label="Open", blocks=(DISCLAIMER,)),
    )
    no = (paragraph("No."),)
    assert body_of(bound(*body, shelf=[shared(variant("No."))])) == (
        templates.WhenBlock(condition="true", then=no, otherwise=no),
        templates.ColumnsBlock(columns=(templates.ColumnsPart(blocks=no),)),
        templates.KeepBlock(blocks=no),
        templates.OnlyBlock(channels=only, blocks=no),
        templates.OpenBlock(name="open", label="Open", blocks=no),
    )


def test_a_text_within_a_text():
    outer = shared(msgspec.structs.replace(variant(""), body=(templates.SharedTextBlock(name="inner"),)))
    found = bound(DISCLAIMER, shelf=[outer, shared(variant("Deep."), name="inner")])
    assert body_of(found) == (paragraph("Deep."),)
    assert key(Kind.TEXT, "inner") in found.uses


def test_images_and_inserts_bring_their_files():
    image = templates.ImageBlock(asset="logo", alternative="")
    told = templates.ImageBlock(asset="logo", alternative="A lamp in the rain")
    attached = templates.AttachmentBlock(asset="leaflet", title="Read me")
    communication = shelves.communication(
        "notice",
        shelves.edition(image, told, attached),
        inserts=(library.InsertRule(insert="leaflet"), library.InsertRule(insert="leaflet", condition="a > 1")),
    )
    found = bind.bind(communication, BASE)
    letter = templates.OnlyBlock(
        channels=(parties.ChannelKind.LETTER,),
        blocks=(templates.AttachmentBlock(asset="leaflet", title="Leaflet"),),
    )
    assert body_of(found) == (
        templates.ImageBlock(asset="logo", alternative="Our lamp"),
        told,
        attached,
        letter,
        templates.WhenBlock(condition="a > 1", then=(letter,)),
    )
    assert [(asset.name, asset.media_type) for asset in found.contents[0].assets] == [
        ("leaflet", "application/pdf"),
        ("logo", "image/png"),
    ]


@pytest.mark.parametrize(
    ("communication", "shelf", "messages"),
    [
        (shelves.communication("notice"), BASE, ["editions: wanted a language at least, got none"]),
        (
            shelves.communication("notice", shelves.edition(), shelves.edition()),
            BASE,
            ["editions[en]: wanted 'en' once, got it twice"],
        ),
        (
            shelves.communication(
                "notice", shelves.edition(), layout="none", inserts=(library.InsertRule(insert="x"),)
            ),
            {},
            [
                "brand: wanted brand 'lumen' to be kept, got none of that name",
                "editions[en]: wanted language 'en' to be kept, got none of that name",
                "layout: wanted layout 'none' to be kept, got none of that name",
                "inserts[0]: wanted insert 'x' to be kept, got none of that name",
            ],
        ),
        (
            shelves.communication("notice", shelves.edition(DISCLAIMER)),
            BASE,
            ["editions[en].body[0]: wanted text 'disclaimer' to be kept, got none of that name"],
        ),
        (
            shelves.communication("notice", shelves.edition(templates.ImageBlock(asset="no", alternative=""))),
            BASE,
            ["editions[en].body[0]: wanted insert 'no' to be kept, got none of that name"],
        ),
        (
            shelves.communication(
                "notice", shelves.edition(templates.ImageBlock(asset="logo", alternative=""), language="de")
            ),
            BASE,
            ["editions[de].body[0]: wanted a text alternative of 'logo' in 'de', got none"],
        ),
        (
            shelves.communication("notice", shelves.edition(DISCLAIMER, language="de")),
            {**BASE, **shelves.shelf(shared(variant("No.")))},
            ["editions[de].body[0]: wanted a wording of 'disclaimer' in 'de', got none"],
        ),
        (
            shelves.communication("notice", shelves.edition(DISCLAIMER)),
            {**BASE, **shelves.shelf(shared(msgspec.structs.replace(variant(""), body=(DISCLAIMER,))))},
            [
                "editions[en].body[0].disclaimer[0][0]: shared texts that never end: 'disclaimer' in 'disclaimer'",
            ],
        ),
    ],
)
def test_what_cannot_be_bound_is_named(communication: library.Communication, shelf: Shelf, messages: list[str]):
    found = bind.bind(communication, shelf)
    assert wrong(found) == messages
    assert all("editions" not in message or not found.contents for message in messages[:1]) or found.contents


def test_one_language_that_is_wrong_leaves_the_others():
    communication = shelves.communication(
        "notice", shelves.edition(DISCLAIMER), shelves.edition(DISCLAIMER, language="de")
    )
    found = bind.bind(communication, {**BASE, **shelves.shelf(shared(variant("No.")))})
    assert [content.language for content in found.contents] == ["en"]


# Wordings.

JULY, AUGUST = dt.date(2026, 7, 1), dt.date(2026, 8, 1)
EVERYWHERE = variant("everywhere")
CALIFORNIA = variant("California", jurisdiction="US-CA")
STATES = variant("US", jurisdiction="US")
LATER = variant("from July", effective_from=JULY)
SUMMER = variant("July", effective_from=JULY, effective_to=AUGUST)


def chosen(variants: Sequence[library.TextVariant], *, jurisdiction: str = "", today: str = "2026-06-30") -> str:
    """What somebody reads; "" for no message at all."""
    body = (templates.HeadingBlock(level=1, text="Title"), DISCLAIMER)
    (content,) = bound(*body, shelf=[shared(*variants)]).contents
    facts: dict[str, records.Json] = {
        "party": {
            "facts": {"jurisdiction": jurisdiction} if jurisdiction else {},
            "time_zone": "UTC",
            "name": "Ann",
            "today": today,
        },
        "now": "2026-06-30T12:00:00Z",
    }
    made = check.preview(content, facts)
    if not isinstance(made, manuscripts.Manuscript):
        assert any("no wording of the shared text 'disclaimer' is for them" in text for text in made.missing)
        return ""
    (block,) = [block for block in made.blocks if isinstance(block, manuscripts.Paragraph)]
    return "".join(run.text for run in block.runs)


@pytest.mark.parametrize(
    ("variants", "jurisdiction", "today", "wanted"),
    [
        ((EVERYWHERE,), "", "2026-06-30", "everywhere"),
        ((EVERYWHERE, CALIFORNIA, STATES), "US-CA", "2026-06-30", "California"),
        ((EVERYWHERE, CALIFORNIA, STATES), "US-NY", "2026-06-30", "US"),
        ((EVERYWHERE, CALIFORNIA, STATES), "US", "2026-06-30", "US"),
        ((EVERYWHERE, CALIFORNIA, STATES), "USA", "2026-06-30", "everywhere"),
        ((EVERYWHERE, CALIFORNIA, STATES), "", "2026-06-30", "everywhere"),
        ((CALIFORNIA,), "US-CA", "2026-06-30", "California"),
        ((CALIFORNIA,), "US-NY", "2026-06-30", ""),
        ((CALIFORNIA, STATES), "", "2026-06-30", ""),
        ((EVERYWHERE, LATER), "", "2026-06-30", "everywhere"),
        ((EVERYWHERE, LATER), "", "2026-07-01", "from July"),
        ((SUMMER,), "", "2026-07-31", "July"),
        ((SUMMER,), "", "2026-08-01", ""),
        ((EVERYWHERE, SUMMER), "", "2026-08-01", "everywhere"),
    ],
)
def test_who_reads_which_wording(variants: tuple[library.TextVariant, ...], jurisdiction: str, today: str, wanted: str):
    assert chosen(variants, jurisdiction=jurisdiction, today=today) == wanted
    assert chosen(tuple(reversed(variants)), jurisdiction=jurisdiction, today=today) == wanted


@pytest.mark.parametrize(
    ("variants", "message"),
    [
        ((variant("x", jurisdiction="Bavaria"),), "wanted a code of ISO 3166 such as DE or US-CA, got 'Bavaria'"),
        ((variant("x", jurisdiction='DE" || true || "'),), "wanted a code of ISO 3166"),
        ((variant("x", effective_from=AUGUST, effective_to=JULY),), "wanted an end after 2026-08-01, got 2026-07-01"),
        ((EVERYWHERE, variant("y")), "wanted one for everywhere from the beginning, got two"),
        ((LATER, variant("y", effective_from=JULY)), "wanted one for everywhere from 2026-07-01, got two"),
        ((STATES, variant("y", jurisdiction="US")), "wanted one for US from the beginning, got two"),
    ],
)
def test_wordings_that_contradict_each_other(variants: tuple[library.TextVariant, ...], message: str):
    found = bound(DISCLAIMER, shelf=[shared(*variants)])
    assert message in wrong(found)[0]
    assert found.contents == ()


def test_whom_no_wording_is_for_is_told_to_the_approver():
    found = bound(DISCLAIMER, shelf=[shared(CALIFORNIA, SUMMER)])
    (finding,) = found.findings
    assert finding.severity is templates.FindingSeverity.WARNING
    assert "has a wording for US-CA, everywhere for a time only" in finding.message
    assert len(found.contents) == 1


def test_no_wording_at_all_is_no_block():
    assert wordings.chained([], name="none") == ()


PLACES = st.sampled_from(["", "DE", "DE-BY", "US", "US-CA"])
DATES = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@given(
    given_=st.lists(st.tuples(PLACES, DATES), unique=True, min_size=1, max_size=6),
    place=PLACES,
    today=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
)
def test_the_wording_that_stands_is_the_nearest_place_and_the_latest_day(
    given_: list[tuple[str, dt.date | None]], place: str, today: dt.date
):
    variants = [variant(f"{where}/{since}", jurisdiction=where, effective_from=since) for where, since in given_]
    near = [
        where
        for where in (place, place[:2], "")
        if any(each == where and (since is None or since <= today) for each, since in given_)
    ]
    found = wordings.in_language(shared(*variants), "en")
    own: dict[str, records.Json] = {"jurisdiction": place} if place else {}
    facts: dict[str, records.Json] = {"party": {"facts": own, "today": today.isoformat()}}
    standing = [each for each in found.wordings if expressions.holds(each.condition, facts) is True]
    if not near:
        assert standing == []
    else:
        since = max(
            since or dt.date.min for where, since in given_ if where == near[0] and (since is None or since <= today)
        )
        wanted = f"{near[0]}/{None if since == dt.date.min else since}"
        assert standing[0].body == (paragraph(wanted),)
