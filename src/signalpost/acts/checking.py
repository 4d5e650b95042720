"""Checks that need the engines: every sample in every language on every channel, laid out as it would be sent.

What a text alone shows is `flow.compose.check`'s to say; this joins it with what laying out shows, and with what
independent judges say where they are asked. Errors bar a submission (`bars`), warnings are for the approver.
"""

import collections
import functools
import importlib.resources
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
from django.conf import settings as django_settings

from signalpost.acts import judging, opening, previewing, spelling, studio
from signalpost.flow.compose import bind, check
from signalpost.flow.compose.checks import languages, markup, readability, tables
from signalpost.vocabulary import library, manuscripts, parties, records, templates

#: Findings that are kept, by the digest of all that they depend on.
KEPT_COUNT = 256
#: Bytes of an e-mail's HTML that all clients show; the engine refuses more.
MAIL_BYTES_SHOWN = 100_000
#: From here on the approver is told.
MAIL_BYTES_TOLD = 90_000

_ERROR, _WARNING = templates.FindingSeverity.ERROR, templates.FindingSeverity.WARNING

#: Called with how many documents are laid out, and of how many.
Progress = Callable[[int, int], None]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One rendition of one sample."""

    communication: str
    sample: str
    language: str
    rendition: manuscripts.Rendition


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a communication, and what was laid out of it."""

    findings: tuple[templates.Finding, ...]
    documents: tuple[Document, ...]


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is checked: a communication bound in all its languages."""

    contents: tuple[templates.Content, ...]
    samples: tuple[library.Sample, ...]
    channels: tuple[parties.ChannelKind, ...]
    #: What binding it found.
    findings: tuple[templates.Finding, ...] = ()


def bars(findings: Iterable[templates.Finding]) -> bool:
    """Whether findings keep a draft from being submitted."""
    return any(one.severity is _ERROR for one in findings)


def subject(communication: library.Communication, shelf: library.Shelf) -> Subject:
    """A communication with everything that it uses."""
    bound = bind.bind(communication, shelf)
    return Subject(
        contents=bound.contents,
        samples=communication.samples,
        channels=communication.channels,
        findings=bound.findings,
    )


def check_release(found: library.Release, shelf: library.Shelf) -> tuple[templates.Finding, ...]:
    """Everything to be said about the communications that a release would change, each place with its name.

    Args:
        found: the release.
        shelf: what is live with the release laid over it.

    Raises:
        judging.JudgeError: a judge is there and does not work.
    """
    findings: list[templates.Finding] = []
    for name in sorted({bound.communication for bound in found.contents if bound.content}):
        communication = shelf.get(library.Key(kind=library.Kind.COMMUNICATION, name=name))
        if isinstance(communication, library.Communication):
            findings += [
                msgspec.structs.replace(one, place=f"{library.Kind.COMMUNICATION} {name}: {one.place}")
                for one in check_communication(communication, shelf)
            ]
    return in_order(findings)


def check_communication(
    communication: library.Communication, shelf: library.Shelf, *, progress: Progress | None = None
) -> tuple[templates.Finding, ...]:
    """Everything to be said about a working copy, errors first; what was said of the same before is said again at once.

    Judges are asked where the settings name veraPDF.

    Raises:
        judging.JudgeError: a judge is there and does not work.
    """
    asked = subject(communication, shelf)
    given = studio.warm()
    versions = [given[channel].version for channel in studio.channels_of(asked.channels, given)]
    name = records.digest(records.canonical(asked) + " ".join(versions).encode())
    found = _kept.get(name)
    if found is None:
        checked = check_subject(asked, given=given, progress=progress)
        read = django_settings.SIGNALPOST
        command = judging.letters(read) if read.verapdf else None
        verdicts = judged(checked.documents, letters=command, browser=None)
        found = in_order([*checked.findings, *_condemned(checked.documents, verdicts)])
        _kept.put(name, found)
    return found


def check_subject(asked: Subject, *, given: studio.Engines, progress: Progress | None = None) -> Checked:
    """Everything that can be said without a judge, with the documents that judges may look at.

    Args:
        asked: what is checked.
        given: the engines.
        progress: told after each batch.
    """
    findings: list[templates.Finding] = [*asked.findings, *languages.check(asked.contents)]
    documents: list[Document] = []
    ways = studio.channels_of(asked.channels, given)
    total, done = len(asked.contents) * len(asked.samples) * len(ways), 0
    for content in asked.contents:
        facts = {sample.name: previewing.facts_of(sample) for sample in asked.samples}
        findings += in_edition(content.language, check.check(content, tuple(facts.values())))
        findings += in_edition(content.language, spelling.check(content))
        said = _said(content, facts)
        findings += in_edition(content.language, _of_manuscripts(said))
        for channel in ways:
            made = studio.lay_out([manuscript for _, manuscript in said], channel, given)
            for (sample, _), rendered in zip(said, made, strict=True):
                if isinstance(rendered, manuscripts.Unrenderable):
                    findings += in_edition(content.language, [_refused(rendered, sample)])
                    continue
                document = Document(
                    communication=content.communication, sample=sample, language=content.language, rendition=rendered
                )
                documents.append(document)
                findings += in_edition(content.language, _of_document(document))
            done += len(asked.samples)
            if progress:
                progress(done, total)
    return Checked(findings=in_order(findings), documents=tuple(documents))


def judged(
    documents: Sequence[Document], *, letters: Sequence[str] | None, browser: judging.Browser | None
) -> Mapping[int, tuple[str, ...]]:
    """What the judges that are there say of each letter and e-mail, by its number; of others nothing.

    Args:
        documents: what was laid out.
        letters: the command that runs veraPDF, `None` to judge no letters.
        browser: the browser, `None` to judge no e-mail.

    Raises:
        judging.JudgeError: a judge is there and does not work.
    """
    verdicts: dict[int, tuple[str, ...]] = {}
    numbers = numbers_of(documents, parties.ChannelKind.LETTER)
    if letters is not None and numbers:
        contents = [documents[number].rendition.content for number in numbers]
        verdicts.update(zip(numbers, judging.judge_letters(letters, contents), strict=True))
    numbers = numbers_of(documents, parties.ChannelKind.EMAIL)
    if browser is not None and numbers:
        pages = [opening.mail(documents[number].rendition.content).html for number in numbers]
        verdicts.update(zip(numbers, judging.judge_pages(browser, pages), strict=True))
    return verdicts


def numbers_of(documents: Sequence[Document], channel: parties.ChannelKind) -> Sequence[int]:
    """The documents of one channel, by their numbers."""
    return [number for number, one in enumerate(documents) if one.rendition.channel is channel]


def condemned(document: Document, failures: Iterable[str]) -> tuple[templates.Finding, ...]:
    """What a judge says of a document, as findings."""
    found = [
        _finding("body", f"{document.rendition.channel} is not accessible: {failure}", _NOT_ACCESSIBLE, _ERROR)
        for failure in failures
    ]
    return in_edition(document.language, [_with_sample(one, document.sample) for one in found])


_NOT_ACCESSIBLE = "correct what the rule names in the text, image or layout"


def _condemned(documents: Sequence[Document], verdicts: Mapping[int, Sequence[str]]) -> Iterator[templates.Finding]:
    for number, failures in verdicts.items():
        yield from condemned(documents[number], failures)


def in_edition(language: str, findings: Iterable[templates.Finding]) -> tuple[templates.Finding, ...]:
    """Findings about one language with their whole place: `editions[de].body[3].text`."""
    return tuple(
        msgspec.structs.replace(one, place=f"editions[{language}]{'.' if one.place else ''}{one.place}")
        for one in findings
    )


def in_order(findings: Iterable[templates.Finding]) -> tuple[templates.Finding, ...]:
    """Each once, errors first, otherwise as they came."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: one.severity is not _ERROR))


def _said(
    content: templates.Content, facts: Mapping[str, Mapping[str, records.Json]]
) -> list[tuple[str, manuscripts.Manuscript]]:
    """What is said for each sample that can be filled; `check.check` tells of the others."""
    said: list[tuple[str, manuscripts.Manuscript]] = []
    for number, (sample, given) in enumerate(facts.items()):
        manuscript = check.preview(content, given)
        if isinstance(manuscript, manuscripts.Manuscript):
            said.append((sample, msgspec.structs.replace(manuscript, ref=f"{content.language}-{number}")))
    return said


def _of_manuscripts(said: Sequence[tuple[str, manuscripts.Manuscript]]) -> Iterator[templates.Finding]:
    """What the words of the samples show: each thing once, with the sample where it shows first."""
    told: set[tuple[str, str]] = set()
    for sample, manuscript in said:
        for one in (*readability.check(manuscript), *tables.check(manuscript)):
            if (one.place, one.message) not in told:
                told.add((one.place, one.message))
                yield _with_sample(one, sample)


def _of_document(document: Document) -> Iterator[templates.Finding]:
    """What the finished rendition shows."""
    if document.rendition.channel is not parties.ChannelKind.EMAIL:
        return
    mail = opening.mail(document.rendition.content)
    if mail.html_bytes > MAIL_BYTES_TOLD:
        message = f"the e-mail is {mail.html_bytes} bytes long; from {MAIL_BYTES_SHOWN} on clients cut it off"
        yield _with_sample(_finding("body", message, "say it in fewer words", _WARNING), document.sample)
    yield from markup.check(mail.html, baseline())


@functools.cache
def baseline() -> markup.Baseline:
    """What common clients drop, as the data that comes with the product says."""
    data = importlib.resources.files("signalpost.acts").joinpath("caniemail.json").read_bytes()
    return msgspec.json.decode(data, type=markup.Baseline)


def _refused(rendered: manuscripts.Unrenderable, sample: str) -> templates.Finding:
    return _with_sample(previewing.refusal(rendered), sample)


def _with_sample(finding: templates.Finding, sample: str) -> templates.Finding:
    return msgspec.structs.replace(finding, message=f"{finding.message} (sample {sample!r})")


def _finding(place: str, message: str, remedy: str, severity: templates.FindingSeverity) -> templates.Finding:
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)


class _Findings:
    """Findings by name; the oldest give way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: collections.OrderedDict[str, tuple[templates.Finding, ...]] = collections.OrderedDict()

    def get(self, name: str) -> tuple[templates.Finding, ...] | None:
        with self._lock:
            return self._found.get(name)

    def put(self, name: str, findings: tuple[templates.Finding, ...]) -> None:
        with self._lock:
            self._found[name] = findings
            while len(self._found) > KEPT_COUNT:
                self._found.popitem(last=False)


_kept = _Findings()
