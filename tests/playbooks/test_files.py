"""The library as files: nothing is lost either way, files that people wrote stay as they wrote them."""

import pathlib
import shutil
import tempfile

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.playbooks import items

from signalpost.playbooks import emitting, load, merging, places, reading, shelves, translating, writing
from signalpost.vocabulary import library, records, templates

BASE = load.base(pathlib.Path())
FORMS = [None, *translating.Form]
PLAIN = writing.Setting(base=BASE, contracts={}, bytes_of=writing.no_bytes)
HOMES = [*load.BUILT_IN, load.BUILT_IN[0].parent / load.SHARED]
slowly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

VALUES: "st.SearchStrategy[records.Json]" = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | items.TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(items.TEXT, inner, max_size=4),
    max_leaves=12,
)
ROOTS = st.dictionaries(items.TEXT, VALUES, max_size=4) | st.lists(VALUES, max_size=4)


def reread(given_items: "list[library.Item]", setting: writing.Setting = PLAIN) -> "tuple[library.Item, ...]":
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        writing.write(place, given_items, setting)
        found = shelves.read(place, BASE)
        assert writing.write(place, found.items, setting, before=found.items) == ()
        return found.items


@slowly
@given(items.items())
def test_an_item_that_was_written_is_read_as_it_was(item: library.Item):
    assert reread([item]) == (item,)


@slowly
@given(items.editions(), items.editions(), st.sampled_from(FORMS))
def test_a_language_comes_back_in_whatever_form_it_was_kept(
    first: library.Edition, second: library.Edition, form: translating.Form | None
):
    """Once as a text of its own, once as one that has the blocks of the first."""
    original = msgspec.structs.replace(first, language="en")
    other = msgspec.structs.replace(second, language="de")
    same = msgspec.structs.replace(first, language="fr", title="Titre", subject="Objet")
    item = library.Communication(
        name="letter",
        title="Letter",
        category="c",
        channels=(),
        speaks_of="",
        contract="{}",
        brand="",
        editions=(original, other, same),
    )
    assert reread([item], msgspec.structs.replace(PLAIN, form=form)) == (item,)


@settings(max_examples=300, deadline=None)
@given(ROOTS)
def test_a_value_is_one_text_that_reads_as_the_value(value: "records.Json"):
    text = emitting.yaml_text(value)
    assert yaml.safe_load(text) == value
    assert emitting.yaml_text(value) == text
    assert msgspec.json.decode(emitting.json_text(value)) == value


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abcde"), VALUES, min_size=1, max_size=4),
    st.booleans(),
)
def test_a_file_that_gets_another_value_says_exactly_that(
    old: "dict[str, records.Json]",
    new: "dict[str, records.Json]",
    by_hand: bool,  # noqa: FBT001 - Hypothesis gives it
):
    text = yaml.safe_dump(old, default_flow_style=False) if by_hand else emitting.yaml_text(old)
    merged = merging.merged(reading.parsed(text, pathlib.Path("file.yaml")), text, new)
    assert yaml.safe_load(merged) == new


OLD = """\
# Who gets it.
category: outage   # by the policy
channels: [sms, email]
body:
  # First of all the greeting.
  - {type: shared_text, name: greeting}
  - type: paragraph
    # The law asks for this sentence.
    text: "Old {party.name}"
  - {type: break}
terms: {a: "b"}
"""


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        ({"category": "billing"}, ["category: outage   # by the policy"], ["category: billing"]),
        ({"channels": ["sms"]}, ["channels: [sms, email]"], ["channels: [sms]"]),
        ({"title": "T"}, [], ["title: T"]),
        (
            {"body": [{"type": "paragraph", "text": "New"}, {"type": "break"}]},
            ["  - {type: shared_text, name: greeting}", '    text: "Old {party.name}"'],
            ["    text: New"],
        ),
        (
            {
                "body": [
                    {"type": "shared_text", "name": "greeting"},
                    {"type": "paragraph", "text": "Old {party.name}"},
                    {"type": "paragraph", "text": "More"},
                    {"type": "break"},
                ]
            },
            [],
            ["  - {type: paragraph, text: More}"],
        ),
    ],
    ids=["value", "list", "member", "element", "insertion"],
)
def test_what_did_not_change_keeps_its_text_and_comments(
    change: "dict[str, records.Json]", gone: "list[str]", come: "list[str]"
):
    old = reading.parsed(OLD, pathlib.Path("file.yaml"))
    assert isinstance(old.value, dict)
    merged = merging.merged(old, OLD, {**old.value, **change})
    before, after = OLD.splitlines(), merged.splitlines()
    assert [line for line in before if line not in after] == gone
    assert [line for line in after if line not in before] == come


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
@pytest.mark.parametrize("form", FORMS)
def test_what_ships_is_the_same_in_every_form_and_its_files_stay_as_they_are(
    home: pathlib.Path, form: translating.Form | None, tmp_path: pathlib.Path
):
    common = shelves.read(home.parent / load.SHARED, BASE)
    contracts = shelves.contracts_of(common)
    own = shelves.read(home, BASE, contracts=contracts)
    copy = pathlib.Path(shutil.copytree(home, tmp_path / "copy"))
    assert writing.write(copy, own.items, own.setting(contracts), before=own.items) == ()
    fresh = tmp_path / "fresh"
    written = writing.write(fresh, own.items, msgspec.structs.replace(own.setting(contracts), form=form))
    assert shelves.read(fresh, BASE, contracts=contracts).items == own.items
    languages = [path for path in written if "/content.de" in path or "/translations/" in path]
    assert bool(languages) == (home.name != load.SHARED)


def test_an_image_and_an_insert_bring_their_bytes(tmp_path: pathlib.Path):
    content = {records.digest(each): each for each in (b"\x89PNG", b"%PDF-1.7")}
    picture, paper = content
    given_items: list[library.Item] = [
        library.Image(name="sun", title="Sun", media_type="image/png", digest=picture, alternatives=(("en", "A sun"),)),
        library.Insert(name="terms", title="Terms", digest=paper, weight_grams=4.5),
        library.Layout(name="wide", title="Wide", source="#let x = 1\r\n"),
    ]
    setting = msgspec.structs.replace(PLAIN, bytes_of=content.get)
    assert writing.write(tmp_path, given_items, setting) == (
        "images/sun.yaml",
        "images/sun.png",
        "inserts/terms.yaml",
        "inserts/terms.pdf",
        "layouts/wide.yaml",
        "layouts/wide.typ",
    )
    found = shelves.read(tmp_path, BASE)
    assert list(found.items) == given_items
    assert found.bytes_of(picture) == b"\x89PNG"
    assert found.bytes_of("0") is None
    (tmp_path / "images/sun.png").unlink()
    with pytest.raises(reading.PlaybookError, match=r"sun.yaml:1: wanted one image of this name beside it"):
        shelves.read(tmp_path, BASE)


def test_files_of_an_item_that_it_no_longer_has_are_taken_away(tmp_path: pathlib.Path):
    edition = library.Edition(language="en", title="T", subject="S", body=())
    german = msgspec.structs.replace(edition, language="de")
    item = library.Communication(
        name="a",
        title="A",
        category="c",
        channels=(),
        speaks_of="",
        contract="{}",
        brand="",
        editions=(edition, german),
    )
    writing.write(tmp_path, [item], PLAIN)
    less = msgspec.structs.replace(item, editions=(edition,))
    assert writing.write(tmp_path, [less], PLAIN) == (
        "communications/a/type.yaml",
        "communications/a/content.de.yaml",
    )
    assert shelves.read(tmp_path, BASE).items == (less,)
    assert writing.remove(tmp_path, library.key(less)) == (
        "communications/a/content.en.yaml",
        "communications/a/contract.yaml",
        "communications/a/samples.json",
        "communications/a/type.yaml",
    )
    assert list((tmp_path / "communications").iterdir()) == []


@pytest.mark.parametrize(
    "item",
    [
        library.Segment(name="", title="", condition=""),
        library.Segment(name="x" * 300, title="", condition=""),
        library.DataContract(name="a", title="", facts="no json"),
    ],
)
def test_what_files_cannot_hold_is_said_before_any_is_written(item: library.Item, tmp_path: pathlib.Path):
    good = library.Segment(name="good", title="", condition="")
    with pytest.raises(writing.WritingError, match="wanted"):
        writing.write(tmp_path, [good, item], PLAIN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", ".hidden", "-rf", "a/b", "a\\b", "ü", "a b", "con:", "%41", "x~"])
def test_no_name_leads_out_of_its_folder(name: str):
    file = places.file_name(name)
    assert places.name_of(file) == name
    assert file[0] not in ".-"
    assert "/" not in file
    assert "\\" not in file


def test_every_kind_of_block_says_what_of_it_is_translated():
    tags = {str(kind.__struct_config__.tag) for kind in items.BLOCKS}
    assert tags <= set(translating.TEXTS)


ORIGINAL = library.Edition(
    language="en",
    title="Hello {party.name}",
    subject="S",
    body=(templates.ParagraphBlock(text="Say {n | number}"), templates.ActionBlock(label="Go", link="{links.status}")),
)


@pytest.mark.parametrize("form", list(translating.Form))
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Say", "Tell", "body[0].text: the original has changed: pull again, and translate it anew"),
        ("body[0].text", "body[9].text", "wanted a place of the original, got 'body[9].text'"),
    ],
)
def test_a_translation_of_something_else_is_named(
    form: translating.Form, old: str, new: str, message: str, tmp_path: pathlib.Path
):
    other = msgspec.structs.replace(ORIGINAL, language="de", title="Hallo {party.name}")
    units = translating.translation(ORIGINAL, other)
    assert units is not None
    path = tmp_path / f"de.{form}"
    path.write_bytes(translating.written(units, form, "x"))
    assert translating.read(path, ORIGINAL, "de") == other
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(reading.PlaybookError) as raised:
        translating.read(path, ORIGINAL, "de")
    assert str(raised.value).endswith(message)
    assert ":1:" not in str(raised.value)


def test_what_is_fuzzy_or_untranslated_is_empty(tmp_path: pathlib.Path):
    other = msgspec.structs.replace(ORIGINAL, language="de", title="Hallo", subject="B")
    units = translating.translation(ORIGINAL, other)
    assert units is not None
    path = tmp_path / "de.po"
    text = translating.written(units, translating.Form.PO, "x").decode()
    path.write_text(text.replace('msgctxt "title"', '#, fuzzy\nmsgctxt "title"'), encoding="utf-8")
    assert translating.read(path, ORIGINAL, "de") == msgspec.structs.replace(other, title="")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("de.po", "this is no translation", "wanted a PO file"),
        ("de.xliff", "<xliff", "wanted XLIFF 2.0"),
        ("de.xliff", "<a/>", "wanted XLIFF 2.0, got <a>"),
        (
            "de.xliff",
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
            "wanted XLIFF 2.0, got EntitiesForbidden",
        ),
    ],
)
def test_what_is_no_translation_is_named(name: str, text: str, message: str, tmp_path: pathlib.Path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(reading.PlaybookError, match=message):
        translating.read(tmp_path / name, ORIGINAL, "de")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x [1]\nb: *x\n", ":2?: wanted no alias|wanted no alias"),
        ("a: " + "[" * 200_000, ":1: wanted at most 100 levels"),
        ("x" * (reading.TEXT_BYTES_MAX + 1), "wanted at most 4194304 bytes"),
    ],
    ids=["aliases", "nesting", "size"],
)
def test_a_hostile_file_is_refused(text: str, message: str, tmp_path: pathlib.Path):
    (tmp_path / "file.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(reading.PlaybookError, match=message):
        reading.document(tmp_path / "file.yaml")
