"""Markup of a finished e-mail that common clients drop, by the data of caniemail.com.

`Baseline` is an extract of that data (MIT licence, see its `source`, `license` and `date`): for each feature which of
our clients drop it. What only makes a message nicer where it is known is not told.
"""

import html.parser
import re
from collections.abc import Iterator, Mapping

import msgspec

from signalpost.flow.compose.checks import findings
from signalpost.vocabulary import templates

#: A feature that so many of the baseline drop is told.
CLIENTS_DROPPING_MIN = 3

#: What a message does without: its words, order and contrast stay.
GRACEFUL = frozenset(
    {
        "css-at-media", "css-at-media-prefers-color-scheme", "css-border-radius", "css-box-shadow", "css-color-scheme",
        "css-cursor",
        "css-direction", "css-display", "css-max-width", "css-min-width", "css-overflow", "css-overflow-wrap",
        "css-text-decoration-color", "css-text-decoration-thickness", "css-text-underline-offset", "css-word-break",
        "css-word-wrap", "css-hyphens", "css-important", "css-pseudo-class-hover", "css-opacity", "css-font",
        "css-margin", "css-max-height", "css-mso", "html-role", "html-aria-hidden", "html-aria-label", "html-lang",
        "html-aria-labelledby", "html-aria-describedby", "html-semantics", "html-meta-color-scheme", "html-style",
        "html-target", "html-wbr", "html-bdi", "html-comments", "html-dir", "html-height", "html-width", "html-body",
        "html-link",
    }
)  # fmt: skip

_PROPERTY = re.compile(r"(?:^|[;{\s])([a-z-]+)\s*:\s*([^;}]+)", re.IGNORECASE)
_AT_RULE = re.compile(r"@(media|import|font-face|keyframes|supports)\b", re.IGNORECASE)
_DISPLAYS = ("flex", "grid", "none")
_FUNCTIONS = ("calc", "clamp", "min", "max", "var", "light-dark", "linear-gradient", "radial-gradient")
_FUNCTION_SLUGS = {
    "calc": "css-unit-calc", "clamp": "css-function-clamp", "min": "css-function-min", "max": "css-function-max",
    "var": "css-variables", "light-dark": "css-function-light-dark", "linear-gradient": "css-linear-gradient",
    "radial-gradient": "css-radial-gradient",
}  # fmt: skip
_PICTURES = re.compile(r"data:image/([a-z+]+)", re.IGNORECASE)


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """The extract: who drops what."""

    source: str
    license: str
    #: When the data was last changed, ISO 8601.
    date: str
    clients: tuple[str, ...]
    #: Feature → numbers of the clients that drop it, in the order of `clients`.
    dropped_by: Mapping[str, tuple[int, ...]]


def check(document: str, known: Baseline) -> tuple[templates.Finding, ...]:
    """A warning for each feature of an HTML document that several clients of the baseline drop."""
    found: list[templates.Finding] = []
    for feature in dict.fromkeys(features(document)):
        dropping = known.dropped_by.get(feature, ())
        if len(dropping) >= CLIENTS_DROPPING_MIN and feature not in GRACEFUL:
            names = ", ".join(known.clients[number] for number in dropping)
            message = f"the e-mail uses {feature.partition('-')[2]!r}, which {names} drop"
            found.append(findings.warning("body", message, "say it with other blocks, or take it out"))
    return tuple(found)


def features(document: str) -> Iterator[str]:
    """The features of an HTML document by the names that caniemail.com gives them, as they come."""
    reader = _Reader()
    reader.feed(document)
    reader.close()
    yield from reader.found
    yield from (f"image-{kind.lower().removesuffix('+xml')}" for kind in _PICTURES.findall(document))


class _Reader(html.parser.HTMLParser):
    """Notes elements, attributes and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element with its attributes."""
        self._is_style = tag == "style"
        self.found.append(f"html-{tag}")
        for name, value in attrs:
            self.found.append(f"html-{name}")
            if name == "style":
                self.found += _declarations(value or "")

    def handle_endtag(self, tag: str) -> None:
        """A style sheet ends."""
        self._is_style = self._is_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Read a style sheet."""
        if self._is_style:
            self.found += [f"css-at-{rule.lower()}" for rule in _AT_RULE.findall(data)]
            self.found += _declarations(data)


def _declarations(css: str) -> Iterator[str]:
    for name, value in _PROPERTY.findall(css):
        yield f"css-{name.lower()}"
        words = value.lower().replace("!important", "").split()
        if name.lower() == "display":
            yield from (f"css-display-{word}" for word in words if word in _DISPLAYS)
        yield from (_FUNCTION_SLUGS[function] for function in _FUNCTIONS if f"{function}(" in value.lower())
