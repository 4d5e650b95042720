"""What the pages tell people to type exists, and what they name is there."""

import inspect
import pathlib
import pkgutil
import re
import shlex
import tomllib
from importlib import import_module, util
from types import ModuleType

import pytest
from tests.docs import pages

from signalpost import channels, cli, settings, sources

# cli.md is made from the parser itself, in the parser's notation.
_TYPED = [command for command in pages.commands("signalpost") if command.page != "cli.md"]


@pytest.mark.parametrize("command", _TYPED, ids=str)
def test_every_command_on_a_page_is_one_the_command_line_takes(command: pages.Command):
    words = shlex.split(command.line)[1:]
    if len(words) <= 1:
        # Named in a sentence, not to be typed as it stands.
        assert set(words) <= {known.name.split()[0] for known in cli.commands()} | {"--help"}
        return
    if " ".join(words) in {known.name for known in cli.commands()}:
        return
    try:
        cli.parser(cli.commands()).parse_args(words)
    except SystemExit as ended:
        pytest.fail(f"{command}: the command line does not take it (exit code {ended.code})")


@pytest.mark.parametrize("command", pages.commands("make"), ids=str)
def test_every_target_on_a_page_is_in_the_makefile(command: pages.Command):
    targets = re.findall(r"^([a-z]+):", (pages.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = [word for word in shlex.split(command.line)[1:] if "=" not in word]
    assert set(wanted) <= set(targets)


@pytest.mark.parametrize("program", ["scripts/test", "scripts/peers", "scripts/docs"])
def test_scripts_on_a_page_are_there(program: str):
    path = pages.ROOT / program
    assert path.stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_links_pictures_paths_and_settings_on_a_page_are_there(page: pathlib.Path):
    text = page.read_text(encoding="utf-8")
    linked = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    named = re.findall(r"`((?:src|tests|scripts|docs|locks)/[\w./]+)`", text)
    assert [target for target in linked if not (page.parent / target).exists()] == []
    assert [target for target in named if not (pages.ROOT / target).exists()] == []
    known = {f"{settings.PREFIX}{row.name.upper()}" for row in settings.rows()}
    assert set(re.findall(r"SIGNALPOST_[A-Z_]*[A-Z]", text)) - known == set()


def _names(requirements: list[str]) -> list[str]:
    return [re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0] for requirement in requirements]


@pytest.mark.parametrize("heading", ["What runs", "The demo's peers", "Judges of e-mail", "Development"])
def test_every_dependency_has_its_reason_and_nothing_else_has(heading: str):
    project = tomllib.loads((pages.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "What runs": project["project"]["dependencies"],
        "The demo's peers": project["project"]["optional-dependencies"]["demo"],
        "Judges of e-mail": project["project"]["optional-dependencies"]["checks"],
        "Development": project["dependency-groups"]["dev"],
    }[heading]
    told = pages.rows("dependencies.md", heading=heading)
    assert [name.strip("`") for name, _ in told] == sorted(_names(wanted))
    assert [name for name, why in told if not why] == []


def _places() -> list[str]:
    return [place.strip("`") for _, _, place in pages.rows("glossary.md")]


def _module_of(place: str) -> tuple[ModuleType, list[str]]:
    """The longest beginning of a dotted place that is a module, and the names that are left."""
    names = f"signalpost.{place}".split(".")
    for length in range(len(names), 0, -1):
        name = ".".join(names[:length])
        if _is_module(name):
            return import_module(name), names[length:]
    raise AssertionError(f"{place}: no module of that name")


def _is_module(name: str) -> bool:
    try:
        return util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("place", _places())
def test_every_word_of_the_glossary_is_where_it_says(place: str):
    module, names = _module_of(place)
    members: set[str] = set(vars(module))
    for name in names:
        assert name in members, f"{place}: {name!r} is not there"
        found: object = vars(module).get(name)
        if inspect.isclass(found):
            members = set(vars(found)) | set(inspect.get_annotations(found))


#: Neither a way in nor a way out: the table of them, the example of the protocol, what ways out share.
_NO_WAYS = {"built_in", "memory", "failover", "mqtt_wire", "traffic"}


def _modules(package: ModuleType) -> set[str]:
    return {module.name for module in pkgutil.iter_modules(package.__path__)} - _NO_WAYS


def test_every_channel_has_its_section_and_its_row():
    told = [name.strip("`") for name, *_ in pages.rows("channels.md")]
    assert [name for name in pages.headings("channels.md") if name != "A new channel"] == told
    assert set(told) == _modules(channels)


def test_every_source_has_its_section():
    assert _modules(sources) <= set(pages.headings("sources.md"))


_HELD = [*pages.rows("architecture.md", heading="Promises"), *pages.rows("threats.md", before="Who may call what")]


@pytest.mark.parametrize("promise", _HELD, ids=lambda row: row[0])
def test_every_promise_and_threat_names_the_tests_that_hold_it(promise: list[str]):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", promise[-1])
    assert named
    for path, test in named:
        text = (pages.ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^( {{4}})?def {test}\(", text, re.MULTILINE), f"{path} has no {test}"


_PRAISE = re.compile(
    r"\b(robust|comprehensive|seamless\w*|production-ready|blazing\w*|powerful|cutting-edge)\b", re.IGNORECASE
)


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_no_page_praises(page: pathlib.Path):
    assert _PRAISE.findall(page.read_text(encoding="utf-8")) == []
