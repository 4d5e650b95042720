"""Which approved version a party gets: their language, its base language, then the policy's fallbacks."""

import dataclasses
from collections.abc import Iterator

from signalpost.flow.choose import answers
from signalpost.vocabulary import notices, records


class Template(records.Record, frozen=True, kw_only=True):
    """The approved version that a language leads to; digest "" when there is none."""

    because: notices.Because
    language: str = ""
    digest: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The versions of a communication type that are in force. Each language is looked up once per page."""

    #: Lower-case language → language as approved and digest.
    versions: dict[str, tuple[str, str]]
    #: Languages tried after the party's own, in order.
    fallbacks: tuple[str, ...]
    _found: dict[str, Template] = dataclasses.field(default_factory=dict[str, Template])

    def template(self, language: str) -> Template:
        """The version in force for a language."""
        found = self._found.get(language)
        if found is None:
            found = self._found[language] = self._look_up(language)
        return found

    def _look_up(self, language: str) -> Template:
        for wanted in (language, *self.fallbacks):
            for tag in _ranges(wanted):
                version = self.versions.get(tag)
                if version is not None:
                    approved, digest = version
                    because = answers.because(
                        answers.Rule.LANGUAGE, answers.Verdict.PASSED, f"wanted {language}, got {approved}"
                    )
                    return Template(because=because, language=approved, digest=digest)
        in_force = ", ".join(approved for approved, _ in self.versions.values()) or "none"
        detail = f"wanted {', '.join((language, *self.fallbacks))}, in force {in_force}"
        refusal = answers.withholds(answers.Rule.LANGUAGE, notices.WithheldReason.NO_TEMPLATE, detail)
        return Template(because=refusal.because)


def shelve(versions: tuple[tuple[str, str], ...], *, fallbacks: tuple[str, ...]) -> Shelf:
    """Lay out the versions in force, given as language and digest."""
    return Shelf(versions={language.lower(): (language, digest) for language, digest in versions}, fallbacks=fallbacks)


def _ranges(tag: str) -> Iterator[str]:
    """A language and its shorter forms, lower-case: `de-CH-1996`, `de-CH`, `de` (RFC 4647, 3.4 "lookup")."""
    parts = tag.lower().split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()
