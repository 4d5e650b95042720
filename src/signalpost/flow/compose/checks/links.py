"""Link texts that say where they lead (WCAG 2.2, 2.4.4, and 3.2.4 for the same text on different targets)."""

import re
from collections.abc import Iterator

from signalpost.flow.compose.checks import findings, walking
from signalpost.vocabulary import templates

#: What says nothing without the sentence around it, by language.
SAYING_NOTHING: dict[str, frozenset[str]] = {
    "en": frozenset(
        {"here", "click here", "click", "link", "this link", "more", "read more", "learn more", "this page"}
    ),
    "de": frozenset(
        {"hier", "hier klicken", "klicken sie hier", "link", "mehr", "weiterlesen", "mehr erfahren", "weiter"}
    ),
    "fr": frozenset({"ici", "cliquez ici", "lien", "ce lien", "en savoir plus", "lire la suite", "plus"}),
    "es": frozenset({"aquí", "haga clic aquí", "clic aquí", "enlace", "más", "leer más", "más información"}),
    "it": frozenset({"qui", "clicca qui", "link", "leggi di più", "scopri di più", "altro"}),
    "nl": frozenset({"hier", "klik hier", "link", "lees meer", "meer"}),
    "pl": frozenset({"tutaj", "kliknij tutaj", "link", "więcej", "czytaj więcej"}),
    "tr": frozenset({"buraya", "buraya tıklayın", "tıklayın", "devamı", "daha fazla"}),  # noqa: RUF001 - Turkish
    "ar": frozenset({"هنا", "اضغط هنا", "انقر هنا", "المزيد", "اقرأ المزيد"}),
}

_LINK = re.compile(r"\[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<address>[^()\s{}]*(?:\{[^{}]*\}[^()\s{}]*)*)\)")
_BARE = re.compile(r"https?://|^www\.|^mailto:", re.IGNORECASE)


def check(content: templates.Content) -> tuple[templates.Finding, ...]:
    """Labels that say nothing, are bare addresses, or lead to different places."""
    found: list[templates.Finding] = []
    targets: dict[str, str] = {}
    nothing = SAYING_NOTHING.get(content.language.partition("-")[0].lower(), frozenset())
    for place, label, address in _links(content):
        plain = " ".join(re.sub(r"[*\\]", "", label).split())
        folded = plain.casefold().strip(" .!:…»>→")
        if folded in nothing:
            found.append(findings.error(place, f"the link {plain!r} does not say where it leads", _REMEDY))
        elif _BARE.search(plain) and not address.startswith(("mailto:", "tel:")):
            found.append(findings.warning(place, f"the link {plain[:60]!r} is a bare address", _REMEDY))
        known = targets.setdefault(folded, address)
        if known != address:
            message = f"the link {plain!r} leads to {address[:60]!r}, and elsewhere to {known[:60]!r}"
            found.append(findings.warning(place, message, "give links to different places different words"))
    return tuple(found)


_REMEDY = "name what is behind it: your bill, the outage map"


def _links(content: templates.Content) -> Iterator[tuple[str, str, str]]:
    """Place, label and address of each link."""
    for place, block in walking.blocks(content.body):
        if isinstance(block, templates.ActionBlock):
            yield f"{place}.label", block.label, block.link
        for written in walking.texts_of(block, place):
            if written.is_marked:
                for match in _LINK.finditer(written.text):
                    yield written.place, match["label"], match["address"]
