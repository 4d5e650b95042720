"""A content read once, ready to be filled any number of times."""

import dataclasses
import functools
from collections.abc import Iterable, Mapping

import msgspec

from signalpost.flow.compose import addresses, blocks, conditions, regions, texts, values
from signalpost.vocabulary import links, manuscripts, parties, records, templates

#: Contents kept read: a few per communication type and language in force.
PROGRAMS_KEPT_COUNT = 512

#: CLDR writes a narrow or no-break space before AM and between amount and currency, which GSM 03.38 does not have: an
#: SMS with one is sent in UCS-2, at 70 characters a segment instead of 160.
_PLAIN_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})

_find_zone = texts.finder("party.time_zone")
_find_postal = texts.finder("party.postal")


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A content by its digest: the key under which it is kept read. Hashing the content itself would take as long."""

    digest: str
    content: templates.Content = dataclasses.field(compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class _Words:
    """The texts per channel; `None` is not given."""

    subject: texts.Fill[str] | None
    preheader: texts.Fill[str] | None
    sms: texts.Fill[str] | None
    push_title: texts.Fill[str] | None
    push_body: texts.Fill[str] | None


@dataclasses.dataclass(frozen=True, slots=True)
class Program:
    """A content, read."""

    content: templates.Content
    digest: str
    setting: texts.Setting
    title: texts.Fill[str]
    dated: texts.Fill[str]
    name: texts.Fill[str]
    body: blocks.Emit
    words: _Words
    variants: tuple[tuple[texts.Fill[bool], _Words], ...]


@functools.lru_cache(maxsize=PROGRAMS_KEPT_COUNT)
def read(source: Source) -> Program:
    """Read a content; what is wrong with it stands in `setting.findings`."""
    content = source.content
    locale = values.locale_of(content.language, content.brand.country)
    setting = texts.Setting(
        locale=locale or "en",
        terms=dict(content.terms),
        assets={asset.name: asset for asset in content.assets},
        labels=content.labels,
    )
    root = texts.Place(name="")
    if locale is None:
        setting.wrong(root.at("language"), f"no language {content.language!r}", "use a BCP 47 tag: de, en-GB")
    variants = [
        (variant, at, conditions.condition(variant.condition, at.at("condition"), setting))
        for variant, at in texts.numbered(content.variants, root.at("variants"))
    ]
    return Program(
        content=content,
        digest=source.digest,
        setting=setting,
        title=texts.line(content.title, root.at("title"), setting),
        dated=texts.line("{now | date}", root.at("dated"), setting),
        name=texts.line("{party.name}", root.at("recipient"), setting),
        body=blocks.read(content.body, root.at("body"), setting),
        words=_words(content, root, setting),
        variants=tuple(
            (asked, _words(variant, at._replace(guards=conditions.guards(variant.condition)), setting))
            for variant, at, asked in variants
        ),
    )


def fill(
    program: Program,
    facts: Mapping[str, records.Json],
    *,
    ref: str,
    postal: parties.PostalAddress | None,
    written: Mapping[str, str] | None = None,
) -> manuscripts.Composed:
    """The manuscript of a program with these facts, or everything that kept it from being one.

    Args:
        program: a content, read.
        facts: as `compose.facts` builds them.
        ref: of the notice.
        postal: the address decided with the notice.
        written: what was written into open regions, by name.
    """
    if program.setting.findings:
        wrong = [f"{finding.place}: {finding.message}" for finding in program.setting.findings]
        return _incomplete(program, ref, wrong, "cannot be filled with any facts")
    scope = _scope(facts, written or {})
    content = program.content
    body: list[manuscripts.Block] = []
    program.body(scope, body)
    scope.missing.extend(regions.faults(program.setting.regions, scope))
    manuscript = manuscripts.Manuscript(
        ref=ref,
        communication=content.communication,
        template=program.digest,
        language=content.language,
        direction=content.direction,
        dated=program.dated(scope),
        title=program.title(scope),
        brand=content.brand,
        recipient=(program.name(scope), *_postal_lines(program, scope, postal)),
        blocks=tuple(body),
        words=_said(program, scope),
        labels=content.labels,
        web_link=_link(scope, "status"),
        unsubscribe_link=_link(scope, "unsubscribe"),
        layout=content.layout,
        is_long=content.is_long,
    )
    return _incomplete(program, ref, scope.missing, "lacks facts") if scope.missing else manuscript


def standing(program: Program, facts: Mapping[str, records.Json]) -> tuple[regions.Region, ...]:
    """The open regions that stand with these facts, in order, each with what stands there by itself."""
    scope = _scope(facts, {})
    program.body(scope, [])
    return tuple(regions.region(program.setting.regions[name], stands) for name, stands in scope.regions)


def _scope(facts: Mapping[str, records.Json], written: Mapping[str, str]) -> texts.Scope:
    """The facts and the zone of the premise."""
    scope = texts.Scope(facts=dict(facts), zone="UTC", missing=[], written=written)
    zone = _find_zone(scope.facts)
    if isinstance(zone, str) and values.zone_of(zone):
        scope.zone = zone
    else:
        scope.missing.append("{party.time_zone}: wanted an IANA time zone")
    return scope


def _incomplete(program: Program, ref: str, missing: Iterable[str], why: str) -> manuscripts.Incomplete:
    content = program.content
    detail = f"template {content.communication!r} ({content.language}) {why}"
    return manuscripts.Incomplete(ref=ref, missing=tuple(dict.fromkeys(missing)), detail=detail)


def _postal_lines(program: Program, scope: texts.Scope, postal: parties.PostalAddress | None) -> tuple[str, ...]:
    """The address decided with the notice, otherwise the one among the facts, otherwise none."""
    if postal is None:
        found = _find_postal(scope.facts)
        if found is None:
            return ()
        try:
            postal = msgspec.convert(found, parties.PostalAddress)
        except msgspec.ValidationError as error:
            scope.missing.append(f"recipient: {{party.postal}}: {error}")
            return ()
    return addresses.postal_lines(postal, home=program.content.brand.country)


def _words(given: templates.Content | templates.WordsVariant, place: texts.Place, setting: texts.Setting) -> _Words:
    """The words of a content or of one of its variants."""
    return _Words(
        subject=texts.line(given.subject, place.at("subject"), setting) if given.subject else None,
        preheader=texts.line(given.preheader, place.at("preheader"), setting) if given.preheader else None,
        sms=texts.lines(given.sms, place.at("sms"), setting) if given.sms else None,
        push_title=texts.line(given.push_title, place.at("push_title"), setting) if given.push_title else None,
        push_body=texts.lines(given.push_body, place.at("push_body"), setting) if given.push_body else None,
    )


def _said(program: Program, scope: texts.Scope) -> manuscripts.Words:
    """The words of the first variant whose condition holds, and the content's own where it has none."""
    own = program.words
    other = next((words for asked, words in program.variants if asked(scope)), own)

    return manuscripts.Words(
        subject=_text(other.subject or own.subject, scope),
        preheader=_text(other.preheader or own.preheader, scope),
        sms=_text(other.sms or own.sms, scope).translate(_PLAIN_SPACES),
        push_title=_text(other.push_title or own.push_title, scope),
        push_body=_text(other.push_body or own.push_body, scope),
        sms_segments=program.content.sms_segments,
    )


def _link(scope: texts.Scope, name: str) -> str:
    """An address among the facts' links, "" where there is none of that name or it may not be one."""
    given = scope.facts.get("links")
    found = given.get(name) if isinstance(given, dict) else None
    return found if isinstance(found, str) and links.is_allowed(found) else ""


def _text(given: texts.Fill[str] | None, scope: texts.Scope) -> str:
    return given(scope) if given else ""
