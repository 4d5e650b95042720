"""Independent judges of accessibility: veraPDF for letters, axe-core in Chromium for e-mail.

Neither comes with the product. Each is looked for where people put it; a missing one is told with what brings it, and
nothing is then said to be accessible that nobody has judged.
"""

import concurrent.futures
import contextlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from signalpost import settings

if TYPE_CHECKING:
    from playwright import sync_api

#: What every letter claims to be: PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3), as veraPDF names them.
FLAVOURS = ("ua1", "3a")
#: One start of the machine for so many documents; a folder is what it is given, so no command line grows too long.
DOCUMENTS_PER_START = 400
#: A second a document and a minute for the start: what takes longer hangs.
START_SECONDS_MAX = 120.0
DOCUMENT_SECONDS_MAX = 5.0

#: Windows in which an e-mail is judged: width in pixels, colours.
VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((640, "light"), (375, "dark"))
#: An e-mail is part of the mail client's page, which has the landmarks.
NOT_FOR_PARTS_OF_A_PAGE = ("landmark-one-main", "region")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
PAGE_MILLISECONDS_MAX = 30_000
#: Of one kind of violation in one e-mail; the rest is alike.
SHOWN_PER_RULE = 1

#: How to get each judge.
GET_VERAPDF = (
    "put veraPDF on PATH, or its jar (Maven Central: org.verapdf.apps:greenfield-apps) and a Java runtime where"
    " SIGNALPOST_VERAPDF or the folder `judges` in the data folder says"
)
GET_BROWSER = "install Chromium and `signalpost[checks]`, or name the browser in SIGNALPOST_BROWSER"

_JAR = "greenfield-apps-*.jar"
_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_JVM_OPTIONS = ("-XX:+UseSerialGC", "-Xshare:auto", "-Djava.awt.headless=true")
#: Where `scripts/peers install` puts the jar in a checkout.
_CHECKOUT = pathlib.Path(__file__).resolve().parents[3] / ".cache" / "verapdf"
_RUN = """
rules => axe.run({rules: Object.fromEntries(rules.map(rule => [rule, {enabled: false}]))})
    .then(result => result.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html)]))
"""


class JudgeError(RuntimeError):
    """A judge is there and does not work. A broken machine, not a bad document."""


def letters(given: settings.Settings) -> Sequence[str] | None:
    """The command that runs veraPDF, `None` where there is none."""
    if given.verapdf:
        return _command(pathlib.Path(given.verapdf))
    found = shutil.which("verapdf")
    if found:
        return (found,)
    jars = [jar for folder in (given.folder() / "judges", _CHECKOUT) for jar in sorted(folder.glob(_JAR))]
    return _command(jars[-1]) if jars and shutil.which("java") else None


def _command(path: pathlib.Path) -> Sequence[str]:
    if path.suffix == ".jar":
        return ("java", *_JVM_OPTIONS, "-cp", str(path), _MAIN)
    return (str(path),)


class _Rule(msgspec.Struct, frozen=True, rename="camel"):
    clause: str = ""
    test_number: int = 0
    description: str = ""
    failed_checks: int = 0


class _Details(msgspec.Struct, frozen=True, rename="camel"):
    rule_summaries: tuple[_Rule, ...] = ()


class _Result(msgspec.Struct, frozen=True):
    compliant: bool
    details: _Details = _Details()


class _Item(msgspec.Struct, frozen=True):
    name: str


class _Task(msgspec.Struct, frozen=True, rename="camel"):
    exception_message: str = ""


class _Job(msgspec.Struct, frozen=True, rename="camel"):
    item_details: _Item
    validation_result: tuple[_Result, ...] = ()
    task_exception: _Task = _Task()


class _Jobs(msgspec.Struct, frozen=True):
    jobs: tuple[_Job, ...]


class _Report(msgspec.Struct, frozen=True):
    report: _Jobs


def judge_letters(command: Sequence[str], contents: Sequence[bytes]) -> Iterator[tuple[str, ...]]:
    """What is wrong with each PDF by each flavour, in order; nothing is a pass.

    Raises:
        JudgeError: veraPDF does not run, or says nothing that can be read.
    """
    for start in range(0, len(contents), DOCUMENTS_PER_START):
        part = contents[start : start + DOCUMENTS_PER_START]
        with tempfile.TemporaryDirectory(prefix="signalpost-judge-") as folder:
            names = [f"{number:06}.pdf" for number in range(len(part))]
            for name, content in zip(names, part, strict=True):
                (pathlib.Path(folder) / name).write_bytes(content)
            said = [_judged(command, folder, flavour, len(part)) for flavour in FLAVOURS]
        for name in names:
            # A document without a verdict is not a good one.
            yield tuple(
                text
                for flavour, by_name in zip(FLAVOURS, said, strict=True)
                for text in by_name.get(name, (f"{flavour}: no verdict",))
            )


def _judged(command: Sequence[str], folder: str, flavour: str, count: int) -> Mapping[str, tuple[str, ...]]:
    words = (*command, "--flavour", flavour, "--format", "json", "--maxfailuresdisplayed", "1", "--recurse", folder)
    try:
        done = subprocess.run(  # noqa: S603 - the judge that the operator installed, on files of ours
            words, capture_output=True, check=False, timeout=START_SECONDS_MAX + DOCUMENT_SECONDS_MAX * count
        )
        report = msgspec.json.decode(done.stdout, type=_Report)
    except (OSError, subprocess.TimeoutExpired, msgspec.MsgspecError) as error:
        raise JudgeError(f"veraPDF: wanted a report of {words[0]!r}, got {str(error)[:200]}") from error
    return {os.path.basename(job.item_details.name): tuple(_failures(job, flavour)) for job in report.report.jobs}  # noqa: PTH119 - a name in a report, no path of ours


def _failures(job: _Job, flavour: str) -> Iterator[str]:
    if not job.validation_result:
        yield f"{flavour}: cannot be read: {job.task_exception.exception_message[:200]}"
    for result in job.validation_result:
        for rule in result.details.rule_summaries:
            yield f"{flavour} {rule.clause}-{rule.test_number}: {rule.description} ({rule.failed_checks} times)"
        if not result.compliant and not result.details.rule_summaries:
            yield f"{flavour}: not compliant"


class Browser(msgspec.Struct, frozen=True, kw_only=True):
    """What judges pages: a browser and axe-core."""

    program: str
    axe: pathlib.Path


def pages(given: settings.Settings) -> Browser | None:
    """The browser and axe-core, `None` where one of them is missing."""
    program = given.browser or next((found for name in BROWSERS if (found := shutil.which(name))), "")
    axe = _axe()
    if not program or axe is None or importlib.util.find_spec("playwright") is None:
        return None
    return Browser(program=program, axe=axe)


def _axe() -> pathlib.Path | None:
    spec = importlib.util.find_spec("axe_playwright_python")
    places = spec.submodule_search_locations if spec else None
    return next((path for place in places or () if (path := pathlib.Path(place) / "axe.min.js").is_file()), None)


def judge_pages(browser: Browser, documents: Sequence[str]) -> Sequence[tuple[str, ...]]:
    """What is wrong with each HTML document in each of `VIEWS`, in order; nothing is a pass.

    Raises:
        JudgeError: the browser does not start, or breaks.
    """
    # Playwright marks the thread that it runs in as one with an event loop, in which Django's ORM refuses to work.
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as own:
        return own.submit(_judge_pages, browser, documents).result()


def _judge_pages(browser: Browser, documents: Sequence[str]) -> Sequence[tuple[str, ...]]:
    from playwright import sync_api  # noqa: PLC0415 - an extra that need not be installed

    script = browser.axe.read_text(encoding="utf-8")
    try:
        with (
            sync_api.sync_playwright() as playwright,
            contextlib.closing(
                playwright.chromium.launch(executable_path=browser.program, args=list(BROWSER_FLAGS), headless=True)
            ) as running,
        ):
            page = running.new_page()
            page.set_default_timeout(PAGE_MILLISECONDS_MAX)
            page.route("**/*", lambda route: route.abort())
            return [tuple(dict.fromkeys(_violations(page, script, document))) for document in documents]
    except sync_api.Error as error:
        raise JudgeError(f"browser {browser.program!r}: {error.message.splitlines()[0][:200]}") from error


def _violations(page: "sync_api.Page", script: str, document: str) -> Iterator[str]:
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.set_content(document)
        page.evaluate(script)
        found = cast("list[tuple[str, str, list[str]]]", page.evaluate(_RUN, list(NOT_FOR_PARTS_OF_A_PAGE)))
        for rule, text, nodes in found:
            for node in nodes[:SHOWN_PER_RULE]:
                yield f"{rule}: {text} ({len(nodes)} times, first {node[:120]})"
