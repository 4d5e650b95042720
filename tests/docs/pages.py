"""The pages under test: README, changelog and everything in docs/."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))

_INDENTED = re.compile(r"^    (?P<line>\S.*)$", re.MULTILINE)
_CODE = re.compile(r"`(?P<code>[^`\n]+)`")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that a page tells people to type."""

    page: str
    line: str

    def __str__(self) -> str:
        return f"{self.page}: {self.line}"


def commands(program: str) -> list[Command]:
    """Every use of a program in indented blocks and in code between backticks."""
    found: list[Command] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        spans = [match["line"] for match in _INDENTED.finditer(text)] + [
            match["code"] for match in _CODE.finditer(text)
        ]
        for span in spans:
            line = span.partition("#")[0].strip().removeprefix(".venv/bin/")
            if line == program or line.startswith(f"{program} "):
                found.append(Command(page=page.name, line=line))
    return found


def rows(page: str, *, heading: str = "", before: str = "") -> list[list[str]]:
    """The cells of all rows of the tables on a page, or of those below or before one heading; without head rows."""
    text = (DOCS / page).read_text(encoding="utf-8")
    if before:
        text = text.partition(f"\n## {before}\n")[0]
    if heading:
        text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = text.splitlines()
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for number, line in enumerate(lines)
        if line.startswith("|")
        and not line.startswith("|---")
        and not (number + 1 < len(lines) and lines[number + 1].startswith("|---"))
    ]


def headings(page: str) -> list[str]:
    """The headings of the second level of a page."""
    return re.findall(r"^## (.+)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
