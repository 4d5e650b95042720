"""Where an item is used: what the graph says is what trying every way says."""

import itertools

from hypothesis import given
from hypothesis import strategies as st
from tests.govern import shelves
from tests.govern.shelves import Kind, key

from signalpost.govern import uses
from signalpost.vocabulary import library, parties, templates

PARAGRAPH = templates.ParagraphBlock(text="Hello")


def refers(name: str) -> templates.SharedTextBlock:
    """A block that is a shared text."""
    return templates.SharedTextBlock(name=name)


def test_everything_that_a_communication_refers_to():
    image = templates.ImageBlock(asset="logo", alternative="")
    body = (
        templates.WhenBlock(condition="true", then=(refers("then"),), otherwise=(refers("otherwise"),)),
        templates.ColumnsBlock(columns=(templates.ColumnsPart(blocks=(refers("column"),)),)),
        templates.KeepBlock(blocks=(refers("kept"),)),
        templates.OnlyBlock(channels=(parties.ChannelKind.LETTER,), blocks=(refers("only"),)),
        templates.OpenBlock(name="open", label="Open", blocks=(refers("open"),)),
        templates.AttachmentBlock(asset="leaflet", title="Leaflet"),
        image,
        PARAGRAPH,
    )
    item = shelves.communication(
        "notice", shelves.edition(*body), layout="wide", inserts=(library.InsertRule(insert="leaflet"),)
    )
    texts = {key(Kind.TEXT, name) for name in ("then", "otherwise", "column", "kept", "only", "open")}
    files = {key(kind, name) for kind in (Kind.IMAGE, Kind.INSERT) for name in ("logo", "leaflet")}
    others = {
        key(Kind.CONTRACT, "meter.read"),
        key(Kind.BRAND, "lumen"),
        key(Kind.LAYOUT, "wide"),
        key(Kind.LANGUAGE, "en"),
    }
    assert uses.of(item) == texts | files | others


def test_what_a_trigger_and_others_refer_to():
    assert uses.of(shelves.trigger(segment="few")) == {
        key(Kind.COMMUNICATION, "notice"),
        key(Kind.CONTRACT, "meter.read"),
        key(Kind.SEGMENT, "few"),
    }
    assert uses.of(shelves.trigger(event_type="")) == {key(Kind.COMMUNICATION, "notice")}
    assert uses.of(shelves.BRAND) == frozenset()


def test_the_way_from_a_text_to_the_trigger_that_says_it():
    shelf = shelves.shelf(
        shelves.text("inner", PARAGRAPH),
        shelves.text("outer", refers("inner")),
        shelves.communication("notice", shelves.edition(refers("outer"))),
        shelves.trigger(),
    )
    found = uses.where_used(key(Kind.TEXT, "inner"), shelf)
    assert [(use.key.name, [through.name for through in use.through]) for use in found] == [
        ("outer", []),
        ("notice", ["outer"]),
        ("tell", ["outer", "notice"]),
    ]
    item = shelf[key(Kind.COMMUNICATION, "notice")]
    assert [text.name for text in uses.texts_of(item, shelf)] == ["inner", "outer"]


NAMES = ["a", "b", "c", "d"]


@st.composite
def libraries(draw: st.DrawFn) -> library.Shelf:
    """Texts that refer to texts in any way, circles too; communications on them, triggers on those."""
    several = st.lists(st.sampled_from(NAMES), max_size=3)
    items: list[library.Item] = [
        *(
            shelves.text(name, *(refers(used) for used in draw(several)))
            for name in draw(st.sets(st.sampled_from(NAMES)))
        ),
        *(
            shelves.communication(name, shelves.edition(*(refers(used) for used in draw(several))))
            for name in draw(st.sets(st.sampled_from(NAMES)))
        ),
        *(
            shelves.trigger(name, communication=draw(st.sampled_from(NAMES)))
            for name in draw(st.sets(st.sampled_from(NAMES)))
        ),
    ]
    return shelves.shelf(*items)


def reaches(user: library.Key, used: library.Key, shelf: library.Shelf, passed: frozenset[library.Key]) -> bool:
    """Whether an item refers to another in any number of steps, by trying every way."""
    if user not in shelf or user in passed:
        return False
    direct = uses.of(shelf[user])
    return used in direct or any(reaches(next_, used, shelf, passed | {user}) for next_ in direct)


@given(shelf=libraries(), name=st.sampled_from(NAMES))
def test_where_used_is_what_trying_every_way_finds(shelf: library.Shelf, name: str):
    wanted = key(Kind.TEXT, name)
    brute = {user for user in shelf if user != wanted and reaches(user, wanted, shelf, frozenset())}
    found = uses.where_used(wanted, shelf)
    assert {use.key for use in found} == brute
    assert len(found) == len(brute)
    assert uses.touched([wanted], shelf) == brute | {wanted}
    for use in found:
        way = (wanted, *use.through[1:], use.key) if use.through[:1] == (wanted,) else (wanted, *use.through, use.key)
        assert all(below in uses.of(shelf[above]) for below, above in itertools.pairwise(way))
