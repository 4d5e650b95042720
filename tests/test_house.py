"""The house in order: packages say what they own, settings and reasons are documented and used."""

import enum
import pathlib
import re

import pytest

from signalpost import settings
from signalpost.vocabulary import deliveries, events, manuscripts, notices

ROOT = pathlib.Path(__file__).parent.parent
SOURCE = ROOT / "src" / "signalpost"
DOCS = ROOT / "docs"
PACKAGES = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def words_of_docs() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md")))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_it_owns_within_a_page(package: str):
    lines = (SOURCE / package / "README.md").read_text(encoding="utf-8").splitlines()

    assert 3 < len(lines) <= 80
    assert lines[0].startswith("# ")


def test_every_setting_is_documented_with_its_help():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")

    missing = [row.name for row in settings.rows() if f"{settings.PREFIX}{row.name.upper()}" not in page]

    assert missing == []
    assert [row.name for row in settings.rows() if not row.help] == []


def test_every_setting_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "settings.py")
    of_methods = {"data_folder", "public_url", "host", "port"}

    unused = [
        row.name for row in settings.rows() if row.name not in of_methods and not re.search(rf"\.{row.name}\b", code)
    ]

    assert unused == []


@pytest.mark.parametrize(
    "reasons",
    [events.RefusalReason, notices.WithheldReason, manuscripts.UnrenderableReason, deliveries.OutcomeKind],
)
def test_every_reason_is_documented(reasons: type[enum.StrEnum]):
    docs = words_of_docs()

    assert [reason.value for reason in reasons if not re.search(rf"\b{reason.value}\b", docs)] == []
