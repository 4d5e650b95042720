"""`templates test`: what samples come to is what is expected, and the first difference is named."""

import pathlib
import shutil

import msgspec
import pytest
from PIL import Image, ImageDraw
from tests.cli import running

from signalpost.playbooks import load

STATUS = "communications/account-status"


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """A playbook with one communication, beside what it has in common with others."""
    home = load.BUILT_IN[0].parent
    shutil.copytree(home / "shared", tmp_path / "shared")
    made = pathlib.Path(shutil.copytree(home / "b1_documents", tmp_path / "book"))
    for name in ("bill-ready", "contract-change-confirmed"):
        shutil.rmtree(made / "communications" / name)
    return made


def run(folder: pathlib.Path, *words: str) -> "tuple[running.Said, dict[str, int]]":
    said = running.alone("templates", "test", str(folder), *words, settings={"DATA_FOLDER": str(folder / "data")})
    return said, msgspec.json.decode(said.out.splitlines()[-1], type=dict[str, int])


@pytest.mark.parametrize("home", load.BUILT_IN, ids=lambda home: home.name)
def test_what_ships_comes_to_what_is_expected(home: pathlib.Path, tmp_path: pathlib.Path):
    said = running.alone("templates", "test", str(home), settings={"DATA_FOLDER": str(tmp_path)})
    assert (said.code, said.out.count("\n")) == (0, 1), said.out


def test_another_text_is_named_with_its_first_line_and_update_takes_it_over(folder: pathlib.Path):
    content = folder / STATUS / "content.en.yaml"
    text = content.read_text(encoding="utf-8")
    content.write_text(text.replace("everything is in order. You", "all is well. You"), encoding="utf-8")
    said, summary = run(folder, "--out", str(folder / "got"))
    assert said.code == 1
    assert "expected/active/en/email.txt:" in said.out
    assert "wanted 'Your account is active, and everything is in order." in said.out
    assert (folder / "got/account-status/active/en/email.txt").exists()
    assert summary["different"] >= 2
    said, summary = run(folder, "--update")
    assert (said.code, summary["different"]) == (0, 0)
    assert summary["updated"] >= 2
    assert run(folder)[1] == {
        "communications": 1,
        "samples": 4,
        "texts": 16,
        "pictures": 8,
        "updated": 0,
        "different": 0,
    }


def test_pages_missing_and_needless_files_are_named(folder: pathlib.Path):
    expected = folder / STATUS / "expected/active/en"
    with Image.open(expected / "letter-1.png") as page:
        drawn = page.convert("L")
    ImageDraw.Draw(drawn).rectangle((50, 300, 200, 340), fill=0)
    drawn.save(expected / "letter-1.png")
    (expected / "letter.txt").unlink()
    (expected / "sms.txt").write_text("x", encoding="utf-8")
    said, summary = run(folder, "account-status")
    assert said.code == 1
    assert "letter-1.png: 2.8% of the dots differ, the first 53% from the top" in said.out
    assert "letter.txt: wanted it to be expected, got no such file (--update)" in said.out
    assert "sms.txt: expected, and nothing came: no sample or channel makes it" in said.out
    assert summary["different"] == 3


def test_what_cannot_be_said_is_named_with_its_line(folder: pathlib.Path):
    content = folder / STATUS / "content.de.yaml"
    text = content.read_text(encoding="utf-8")
    content.write_text(text.replace("body:", "body:\n  - {type: paragraph, text: '{event.data.nothing}'}"), "utf-8")
    said, summary = run(folder)
    line = text.splitlines().index("body:") + 2
    assert f"{content}:{line}: Active: body[0].text: {{event.data.nothing}}" in said.out
    assert (said.code, summary["different"]) == (1, 4)


def test_a_folder_or_name_that_is_not_there_is_said(folder: pathlib.Path):
    assert "wanted a folder" in running.alone("templates", "test", "nowhere", settings={"DATA_FOLDER": str(folder)}).err
    said, _ = run(folder, "nothing")
    assert "wanted a communication, got none named 'nothing'" in said.out
