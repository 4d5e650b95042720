"""What a working copy would say: bound, filled with a sample and laid out exactly as it would be sent.

A communication is shown itself. Anything else that is kept (a shared text, a brand, an image) is shown in the first
communication that uses it, or in a page made for it. Nothing here can be delivered: the manuscript has no notice.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from signalpost.acts import studio
from signalpost.flow import masking
from signalpost.flow.compose import bind, check
from signalpost.store import log, past
from signalpost.vocabulary import library, manuscripts, parties, records, templates

#: What a sample is called that is made for a page without any.
NO_SAMPLE = "no sample"

_Facts = Mapping[str, records.Json]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to see; what is "" or not there is the first there is."""

    sample: str = ""
    language: str = ""
    channel: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be seen, and what else could be."""

    #: The communication it is seen in.
    communication: str
    title: str
    sample: str
    language: str
    channel: str
    samples: tuple[str, ...]
    languages: tuple[str, ...]
    channels: tuple[parties.ChannelKind, ...]
    #: What is said, where the draft can be filled.
    manuscript: manuscripts.Manuscript | None = None
    #: What would leave, where it can be laid out.
    rendition: manuscripts.Rendition | None = None
    #: What is wrong with the draft, and what keeps this rendition from being made.
    findings: tuple[templates.Finding, ...] = ()


def preview(
    communication: library.Communication,
    shelf: library.Shelf,
    wish: Wish,
    *,
    given: studio.Engines,
    case: library.Sample | None = None,
) -> Shown:
    """A communication for one sample, in one language, on one channel.

    Args:
        communication: the working copy.
        shelf: everything it may use, other working copies among it where they are to be seen.
        wish: which sample, language and channel.
        given: the engines.
        case: facts to show instead of a sample.
    """
    bound = bind.bind(communication, shelf)
    samples = (*communication.samples, *((case,) if case else ()))
    languages = tuple(edition.language for edition in communication.editions)
    channels = studio.channels_of(communication.channels, given)
    sample = case or _chosen(wish.sample, {one.name: one for one in samples})
    language = _named(wish.language, languages)
    channel = _named(wish.channel, channels)
    content = next((one for one in bound.contents if one.language == language), None)
    shown = Shown(
        communication=communication.name,
        title=communication.title,
        sample=sample.name if sample else NO_SAMPLE,
        language=language,
        channel=channel,
        samples=tuple(one.name for one in samples),
        languages=languages,
        channels=channels,
        findings=tuple(one for one in bound.findings if _is_about(one, language)),
    )
    if content is None or not channel:
        return shown
    return _filled(shown, content, facts_of(sample), parties.ChannelKind(channel), given)


def _filled(
    shown: Shown,
    content: templates.Content,
    facts: _Facts,
    channel: parties.ChannelKind,
    given: studio.Engines,
) -> Shown:
    """The same with what the content says for the facts, or with what keeps it from saying anything."""
    said = check.preview(content, facts)
    if isinstance(said, manuscripts.Incomplete):
        lacking = tuple(lack(missing, shown.sample) for missing in said.missing)
        return msgspec.structs.replace(shown, findings=(*shown.findings, *lacking))
    (rendered,) = studio.lay_out([said], channel, given)
    if isinstance(rendered, manuscripts.Unrenderable):
        findings = (*shown.findings, refusal(rendered))
        return msgspec.structs.replace(shown, manuscript=said, findings=findings)
    return msgspec.structs.replace(shown, manuscript=said, rendition=rendered)


def past_case(ref: str, communication: library.Communication, *, by: str) -> library.Sample | None:
    """A real case with the person in it made up, to be shown as a sample; that somebody looked is a fact in the log.

    `None` when there is no such case, or one in which nothing was to be said.

    Args:
        ref: of the decision.
        communication: what it will be shown in; codes that its contract lists stay as they are.
        by: login name of who looks.
    """
    with transaction.atomic():
        found = past.case(ref)
        if found is None or found.verdict != "notice":
            return None
        body = records.canonical({"by": f"staff:{by}", "case": ref, "masked": True}).decode()
        log.add([records.Fact(kind=records.FactKind.DOCUMENT_READ, subject=ref, at=timezone.now(), body=body)])
    key = hashlib.sha256(f"signalpost.masking{django_settings.SECRET_KEY}".encode()).digest()
    facts = cast("dict[str, records.Json]", msgspec.json.decode(found.facts, type=dict[str, object]))
    masked = masking.mask(facts, key=key, kept=masking.codes(communication.contract))
    return library.Sample(name=f"past case {ref}", facts=records.canonical(masked).decode())


def lack(missing: str, sample: str) -> templates.Finding:
    """What a draft lacks to be filled with a sample, as `Incomplete` tells it."""
    place, _, what = missing.partition(": ")
    return templates.Finding(
        place=place,
        severity=templates.FindingSeverity.ERROR,
        message=f"{sample}: no value for {what}" if what.startswith("{") else f"{sample}: {what or missing}",
        remedy="put it below a condition that asks for it, or correct the sample",
    )


_REASONS = manuscripts.UnrenderableReason

#: What to do about a manuscript that an engine refuses.
REMEDIES: Mapping[manuscripts.UnrenderableReason, str] = {
    _REASONS.MISSING_GLYPH: "write it with other characters, or have a font installed that holds it",
    _REASONS.OVERFLOW: "say it in fewer words, or give the column more width",
    _REASONS.TOO_LONG: "say it in fewer words",
    _REASONS.TIMED_OUT: "make the text or the table shorter",
    _REASONS.OUT_OF_MEMORY: "make the text, the table or the pictures smaller",
    _REASONS.LAYOUT_ERROR: "correct the layout, or what the place names",
    _REASONS.NO_CONTENT: "write the words for this channel, or take the channel out",
    _REASONS.UNSUPPORTED: "take the block out, or show it on other channels only",
}


def refusal(rendered: manuscripts.Unrenderable) -> templates.Finding:
    """Why an engine refused a manuscript, and what to do about it."""
    place, _, what = rendered.detail.partition(": ")
    return templates.Finding(
        place=place if what else "body",
        severity=templates.FindingSeverity.ERROR,
        message=f"cannot be laid out as {rendered.channel}: {what or rendered.detail}",
        remedy=REMEDIES[rendered.reason],
    )


def shown_in(item: library.Item, shelf: library.Shelf) -> library.Communication:
    """The communication in which an item is seen: itself, the first that uses it, or a page made for it."""
    if isinstance(item, library.Communication):
        return item
    key = library.key(item)
    laid_over = {**shelf, key: item}
    for kept in shelf.values():
        if isinstance(kept, library.Communication) and kept.samples and key in bind.bind(kept, laid_over).uses:
            return kept
    return _page_of(item, shelf)


def _page_of(item: library.Item, shelf: library.Shelf) -> library.Communication:
    """A letter that shows nothing but the item."""
    languages = [one.name for one in shelf.values() if isinstance(one, library.Language)]
    brands = [one.name for one in shelf.values() if isinstance(one, library.Brand)]
    blocks: tuple[templates.TemplateBlock, ...] = (templates.HeadingBlock(text=_literal(item.title), level=1),)
    match item:
        case library.SharedText(name=name, variants=variants):
            blocks = (*blocks, templates.SharedTextBlock(name=name))
            languages = sorted({variant.language for variant in variants}) or languages
        case library.Image(name=name, alternatives=alternatives):
            blocks = (*blocks, templates.ImageBlock(asset=name, alternative=""))
            languages = sorted(dict(alternatives)) or languages
        case library.Brand(name=name):
            brands = [name]
        case _:
            pass
    editions = tuple(
        library.Edition(language=language, title=_literal(item.title), subject=_literal(item.title), body=blocks)
        for language in languages
    )
    return library.Communication(
        name=item.name,
        title=item.title,
        category="",
        channels=(parties.ChannelKind.LETTER, parties.ChannelKind.EMAIL),
        speaks_of="",
        contract="{}",
        brand=next(iter(brands), ""),
        editions=editions,
        samples=(library.Sample(name=NO_SAMPLE, facts=_NOBODY),),
    )


#: Facts for a page that speaks of nothing.
_NOBODY = records.canonical(
    {
        "party": {"ref": "1", "name": "Maria Muster", "language": "en", "time_zone": "UTC", "facts": {}},
        "links": {},
        "now": "2026-01-15T12:00:00Z",
        "today": "2026-01-15",
    }
).decode()


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def facts_of(sample: library.Sample | None) -> Mapping[str, records.Json]:
    """The facts of a sample; none where there is no sample, or no JSON object in it."""
    try:
        return cast("_Facts", msgspec.json.decode(sample.facts if sample else "{}", type=dict[str, object]))
    except msgspec.DecodeError:
        return {}


def _chosen(name: str, by_name: Mapping[str, library.Sample]) -> library.Sample | None:
    return by_name.get(name) or next(iter(by_name.values()), None)


def _named(name: str, names: Sequence[str]) -> str:
    return str(name if name in names else next(iter(names), ""))


def _is_about(finding: templates.Finding, language: str) -> bool:
    """Whether a finding concerns this language, or all of them."""
    return not finding.place.startswith("editions[") or finding.place.startswith(f"editions[{language}]")
