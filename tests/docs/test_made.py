"""Pages made from the code are what the code says, and say everything."""

import enum
import functools
import inspect
import os
import pathlib
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest
from tests.docs import pages

import signalpost
from signalpost import settings


def _scripts_docs(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(pages.ROOT / "scripts" / "docs"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_pages_made_from_the_code_are_up_to_date():
    done = _scripts_docs("--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_pages_that_were_edited_are_found_and_written_anew(tmp_path: pathlib.Path):
    for name in ("settings.md", "cli.md", "reasons.md", "api.md", "threats.md"):
        whole = (pages.DOCS / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            whole if name not in {"settings.md", "reasons.md"} else whole.replace("|", "!", 1), encoding="utf-8"
        )

    checked = _scripts_docs("--check", "--folder", str(tmp_path))
    assert (checked.returncode, checked.stdout) == (1, "")
    assert checked.stderr == "differs from the code: settings.md, reasons.md; run `make docs`\n"

    written = _scripts_docs("--folder", str(tmp_path))
    assert (written.returncode, written.stdout) == (0, "written: settings.md\nwritten: reasons.md\n")
    for name in ("settings.md", "reasons.md"):
        assert (tmp_path / name).read_bytes() == (pages.DOCS / name).read_bytes()


_ENDINGS = ("Reason", "State", "OutcomeKind")
#: Shown with the contact point, not a reason anyone is given.
_ELSEWHERE = {"AddressState"}


def _closed_lists() -> list[type[enum.Enum]]:
    """Every enumeration of the pure parts whose name says that it is a reason, state or outcome."""
    found: set[type[enum.Enum]] = set()
    for package in ("vocabulary", "flow", "govern"):
        folder = pathlib.Path(signalpost.__file__).parent / package
        for module in pkgutil.walk_packages([str(folder)], f"signalpost.{package}."):
            for _, member in inspect.getmembers(import_module(module.name), inspect.isclass):
                is_listed = member.__name__.endswith(_ENDINGS) and member.__name__ not in _ELSEWHERE
                if issubclass(member, enum.Enum) and is_listed:
                    found.add(member)
    return sorted(found, key=lambda of: of.__name__)


@pytest.mark.parametrize("of", _closed_lists())
def test_every_reason_and_state_is_on_the_page(of: type[enum.Enum]):
    name = f"`{of.__module__.removeprefix('signalpost.')}.{of.__name__}`"
    text = (pages.DOCS / "reasons.md").read_text(encoding="utf-8")
    section = text.partition(name)[2].partition("\n## ")[0]
    assert [member.value for member in of if f"| `{member.value}` | " not in section] == []


@functools.cache
def _source_text() -> str:
    folder = pathlib.Path(signalpost.__file__).parent
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py") if path.name != "settings.py")


@pytest.mark.parametrize("row", settings.rows(), ids=lambda row: row.name)
def test_every_setting_is_explained_and_used(row: settings.Row):
    assert row.help.endswith(".")
    names = (f".{row.name}", f'"{row.name}"', f"{settings.PREFIX}{row.name.upper()}")
    assert any(name in _source_text() for name in names)


def test_make_docs_is_executable():
    assert os.access(pages.ROOT / "scripts" / "docs", os.X_OK)
