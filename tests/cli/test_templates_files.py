"""The library as files: pulled, changed, pushed as a draft that others approve, pulled again without a difference."""

import pathlib

import docx
import pytest
from tests.cli import running
from tests.path.world import World

from signalpost import drafts
from signalpost.acts import access, releasing
from signalpost.playbooks import reading
from signalpost.vocabulary import library, templates

TEXT = "texts/greeting.yaml"


@pytest.fixture
def folder(tmp_path: pathlib.Path, world: World) -> pathlib.Path:
    del world
    access.make_roles()
    access.make_staff("ann", role="author", password="a long enough password")
    access.make_staff("leo", role="agent", password="a long enough password")
    return tmp_path / "library"


def change(path: pathlib.Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_live_becomes_files_that_do_not_differ(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]):
    assert running.here("templates", "pull", str(folder)) == 0
    written = capsys.readouterr().out.split()
    assert {TEXT, "communications/bill-ready/content.de.yaml", "policy.yaml", "brands/stadtwerke.yaml"} <= set(written)
    assert running.here("templates", "diff", str(folder), "--all") == 0
    assert running.here("templates", "pull", str(folder)) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("form", ["po", "xliff"])
def test_translations_are_kept_in_the_form_that_was_chosen(folder: pathlib.Path, form: str):
    assert running.here("templates", "pull", str(folder), "--translations", form) == 0
    place = folder / "communications/bill-ready"
    assert sorted(path.name for path in place.glob("*")) == [
        "content.de.yaml",
        "samples.json",
        "translations",
        "type.yaml",
    ]
    assert [path.name for path in (place / "translations").iterdir()] == [f"en.{form}"]
    assert running.here("templates", "diff", str(folder)) == 0
    assert running.here("templates", "pull", str(folder)) == 0
    assert [path.name for path in (place / "translations").iterdir()] == [f"en.{form}"]


def test_one_communication_comes_with_all_that_it_uses(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]):
    assert running.here("templates", "pull", str(folder), "account-status") == 0
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")) == [
        "brands/stadtwerke.yaml",
        "communications/account-status/content.de.yaml",
        "communications/account-status/content.en.yaml",
        "communications/account-status/type.yaml",
        "contracts/account.status.yaml",
        "languages/de.yaml",
        "languages/en.yaml",
        "texts/greeting.yaml",
        "texts/signature-customer-service.yaml",
    ]
    capsys.readouterr()
    assert running.here("templates", "diff", str(folder)) == 0
    assert running.here("templates", "diff", str(folder), "--all") == 1
    assert "not in the folder: communication bill-ready" in capsys.readouterr().out


def test_what_is_pushed_is_a_draft_and_changes_nothing_that_is_live(
    folder: pathlib.Path, capsys: pytest.CaptureFixture[str]
):
    assert running.here("templates", "pull", str(folder)) == 0
    (folder / TEXT).write_text(
        "# Said first in every letter.\n" + (folder / TEXT).read_text(encoding="utf-8"), encoding="utf-8"
    )
    change(folder / TEXT, "Guten Tag {party.name}", "Hallo {party.name}")
    capsys.readouterr()
    assert running.here("templates", "diff", str(folder)) == 1
    shown = capsys.readouterr().out
    assert '-        otherwise: [{type: paragraph, text: "Guten Tag {party.name},"}]' in shown
    assert '+        otherwise: [{type: paragraph, text: "Hallo {party.name},"}]' in shown
    before = releasing.shelf()

    assert running.here("templates", "push", str(folder), "--by", "ann", "--title", "A warmer greeting") == 0

    said = capsys.readouterr().out
    assert "working copy: text greeting" in said
    assert "changed: text greeting" in said
    assert releasing.shelf() == before
    (row,) = releasing.releases(state="draft")
    made = releasing.release(row.ref)
    assert (made.title, made.author, made.state) == ("A warmer greeting", "ann", library.ReleaseState.DRAFT)
    assert [change.key.name for change in made.changes] == ["greeting"]
    assert {bound.communication for bound in made.contents} >= {"bill-ready", "outage-opened"}
    greeting = drafts.read(library.Kind.TEXT, "greeting")
    assert isinstance(greeting, library.SharedText)
    assert "Hallo" in str(greeting.variants[0].body)

    assert running.here("templates", "diff", str(folder), "--drafts") == 0
    assert running.here("templates", "diff", str(folder), "--release", made.ref) == 0
    capsys.readouterr()
    assert running.here("templates", "pull", str(folder), "--drafts") == 0
    assert capsys.readouterr().out == ""
    assert (folder / TEXT).read_text(encoding="utf-8").startswith("# Said first in every letter.\n")
    person = releasing.Person(name="ann", roles=frozenset({"approver"}))
    submitted = releasing.submit(made.ref, by=releasing.Person(name="ann", roles=frozenset({"author"})))
    assert isinstance(submitted, library.Release)
    assert isinstance(releasing.approve(made.ref, by=person), releasing.Refused)


def test_all_mistakes_are_told_with_file_and_line_and_nothing_is_pushed(
    folder: pathlib.Path, capsys: pytest.CaptureFixture[str]
):
    assert running.here("templates", "pull", str(folder)) == 0
    change(folder / TEXT, "type: paragraph", "type: paragraf")
    change(folder / "communications/bill-ready/type.yaml", "category: billing", "category: billing\ncolour: red")
    capsys.readouterr()
    assert running.here("templates", "push", str(folder), "--by", "ann") == 1
    said = capsys.readouterr()
    assert "greeting.yaml:7: variants[0].body[0].then[0].type: Invalid value 'paragraf'" in said.out
    assert "type.yaml:3: Object contains unknown field `colour`" in said.out
    assert "nothing was pushed: 2 refused" in said.err
    assert releasing.releases(state="draft") == []


def test_what_refers_to_nothing_is_refused_with_its_line(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]):
    assert running.here("templates", "pull", str(folder)) == 0
    content = folder / "communications/account-status/content.en.yaml"
    change(content, "name: greeting", "name: salute")
    line = next(
        number for number, line in enumerate(content.read_text(encoding="utf-8").splitlines(), 1) if "salute" in line
    )
    capsys.readouterr()
    assert running.here("templates", "push", str(folder), "--by", "ann") == 1
    assert f"{content}:{line}: wanted text 'salute' to be kept" in capsys.readouterr().out
    assert releasing.releases(state="draft") == []


@pytest.mark.parametrize(("name", "message"), [("leo", "role"), ("zoe", "wanted a member of staff, got 'zoe'")])
def test_only_who_may_write_can_push(folder: pathlib.Path, capsys: pytest.CaptureFixture[str], name: str, message: str):
    assert running.here("templates", "pull", str(folder)) == 0
    change(folder / TEXT, "Guten Tag", "Hallo")
    capsys.readouterr()
    assert running.here("templates", "push", str(folder), "--by", name) == 1
    said = capsys.readouterr()
    assert message in said.out + said.err
    assert releasing.releases(state="draft") == []


def test_a_name_that_is_not_kept_is_said(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]):
    assert running.here("templates", "pull", str(folder), "nothing-of-this") == 1
    assert "wanted an item that is kept, got 'nothing-of-this'" in capsys.readouterr().err
    assert running.here("templates", "diff", str(folder), "--release", "none") == 1


def test_an_item_that_is_only_in_the_folder_stays_unless_it_is_pruned(
    folder: pathlib.Path, capsys: pytest.CaptureFixture[str]
):
    assert running.here("templates", "pull", str(folder)) == 0
    (folder / "segments").mkdir()
    (folder / "segments/old.yaml").write_text("title: Old\ncondition: has(party.name)\n", encoding="utf-8")
    assert running.here("templates", "pull", str(folder)) == 0
    assert "only in the folder: segment old" in capsys.readouterr().err
    assert running.here("templates", "pull", str(folder), "--prune") == 0
    assert not (folder / "segments/old.yaml").exists()


def test_files_of_a_folder_that_cannot_be_read_are_no_reason_to_write(folder: pathlib.Path):
    assert running.here("templates", "pull", str(folder)) == 0
    (folder / TEXT).write_text("title: [", encoding="utf-8")
    assert running.here("templates", "diff", str(folder)) == 1
    with pytest.raises(reading.PlaybookError, match=r"greeting\.yaml:2"):
        reading.document(folder / TEXT)


def test_a_letter_becomes_a_working_copy_that_can_be_released(folder: pathlib.Path, capsys: pytest.CaptureFixture[str]):
    folder.mkdir()
    document = docx.Document()
    document.add_heading("Your meter 4711", 1)
    document.add_paragraph("We read it on 17 February 2026.")
    document.save(str(folder / "letter.docx"))
    (folder / "data.csv").write_text("meter,read on\n4711,2026-02-17\n4712,2026-02-18\n", encoding="utf-8")
    words = ["templates", "start-from", str(folder / "letter.docx"), "--data", str(folder / "data.csv")]
    words += ["--name", "meter-read", "--language", "en", "--by", "ann"]
    assert running.here(*words) == 0
    said = capsys.readouterr().out
    assert "2 blocks, 2 values of the data in the text, 2 samples, 0 images" in said
    item = drafts.read(library.Kind.COMMUNICATION, "meter-read")
    assert isinstance(item, library.Communication)
    assert item.editions[0].body == (
        templates.HeadingBlock(text="Your meter {event.data.meter}", level=1),
        templates.ParagraphBlock(text="We read it on {event.data.read_on | date}."),
    )
    assert len(item.samples) == 2

    assert running.here(*words) == 1
    assert "wanted one that is free, got 'meter-read'" in capsys.readouterr().err
    assert running.here("templates", "pull", str(folder / "files"), "meter-read", "--drafts") == 0
    assert (folder / "files/contracts/meter-read.yaml").exists()
    words[2] = str(folder / "data.csv")
    assert running.here(*words[:-6], "--name", "other", *words[-4:]) == 1
    assert "wanted a .pdf or .docx file" in capsys.readouterr().err
