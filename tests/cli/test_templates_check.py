"""`signalpost templates check`: everything is laid out and judged, and the last line says what came of it."""

import json
import pathlib
import sys

import pytest
from tests.cli import running

from signalpost import cli

#: One of the communications that ship; two channels with a judge.
NAME = "account-status"


@pytest.mark.peer("verapdf")
@pytest.mark.peer("chromium")
def test_what_ships_passes_and_the_last_line_says_so(tmp_path: pathlib.Path):
    said = running.alone("templates", "check", NAME, "--strict", settings={"DATA_FOLDER": str(tmp_path)})

    last = json.loads(said.out.splitlines()[-1])
    assert (said.code, last["errors"], last["templates"]) == (0, 0, 1), said.out
    assert last["pdf_valid"] == last["pdfs"] > 0
    assert last["pages_clean"] == last["pages"] > 0
    assert last["documents"] >= last["pdfs"] + last["pages"]
    assert f"1 of 1: {NAME}" in said.err
    assert "judging" in said.err


@pytest.mark.parametrize("strictness", [(), ("--strict",)], ids=["lax", "strict"])
def test_without_a_judge_it_says_what_to_install_and_strict_fails(
    strictness: tuple[str, ...], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    words = ("templates", "check", NAME, "--json", *strictness)
    said = running.alone(*words, settings={"DATA_FOLDER": str(tmp_path)})

    *findings, last = [json.loads(line) for line in said.out.splitlines()]
    unjudged = [one for one in findings if "no judge is there" in one["message"]]
    assert said.code == len(strictness)
    assert [one["severity"] for one in unjudged] == ["error" if strictness else "warning"] * 2
    assert "greenfield-apps" in unjudged[0]["remedy"]
    assert (last["pdf_valid"], last["pages_clean"], last["errors"]) == (0, 0, 2 * len(strictness))


@pytest.mark.parametrize(
    ("words", "told"),
    [((), "wanted names, or --all"), (("nothing",), "got 'nothing'")],
)
def test_what_is_not_there_is_told(words: tuple[str, ...], told: str, tmp_path: pathlib.Path):
    said = running.alone("templates", "check", *words, settings={"DATA_FOLDER": str(tmp_path)})
    assert said.code == 1
    assert told in said.err


def test_a_judge_that_does_not_work_ends_the_check(tmp_path: pathlib.Path):
    said = running.alone("templates", "check", NAME, settings={"DATA_FOLDER": str(tmp_path), "VERAPDF": sys.executable})
    assert said.code == 1
    assert "veraPDF: wanted a report" in said.err


def test_a_group_of_commands_explains_itself(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        cli.main(["templates", "--help"])
    assert ended.value.code == 0
    assert cli.GROUPS["templates"].split(",")[0] in capsys.readouterr().out
