"""What is wrong, or probably wrong, with a draft: asked when an author saves, and before anyone may approve.

Errors are what would keep a notice from being composed or from being accessible; warnings are what an author has
probably not meant. The length of the SMS is the SMS engine's to judge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

import jsonschema_rs
import msgspec

from signalpost.flow import contrast, expressions
from signalpost.flow.compose import conditions, formats, program, texts, values
from signalpost.flow.compose.checks import links, walking
from signalpost.vocabulary import manuscripts, records, templates

#: Of a title, subject or preview line: none is read further, and a header line ends at 998 octets (RFC 5322, 2.1.1).
LINE_CHARACTERS_MAX = 400
#: Findings about one sample that are told; the rest follow from the same causes.
FINDINGS_PER_SAMPLE_MAX = 10

#: How deep the fields of a contract are looked into; a schema may refer to itself.
FIELD_DEPTH_MAX = 12

#: What a business platform has to send; every other fact comes by itself, used or not.
_ASKED_FOR = "event.data."
#: Places that no author writes: the date and the recipient of a letter, of facts that every notice has.
_OUR_OWN = frozenset({"dated", "recipient"})


def check(content: templates.Content, samples: Sequence[Mapping[str, records.Json]]) -> tuple[templates.Finding, ...]:
    """Everything to be said about a draft, errors first.

    Args:
        content: the draft.
        samples: facts as `compose.facts` builds them, at least one for each case the texts distinguish.
    """
    readable = _readable(content)
    schema = _schema(content.contract)
    findings = [
        *readable.setting.findings,
        *_words(content),
        *_headings(content),
        *_alternatives(content),
        *links.check(content),
        *_brand(content.brand),
    ]
    if isinstance(schema, templates.Finding):
        findings.append(schema)
    else:
        findings += [*_fields(readable.setting, schema), *_unused(readable.setting, schema)]
        findings += _misfits(schema, samples)
    if not readable.setting.findings:
        findings += [*_uncomposed(readable, samples), *_one_sided(readable.setting, samples)]
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.severity))


def preview(content: templates.Content, facts: Mapping[str, records.Json]) -> manuscripts.Composed:
    """A draft as it would be said. It has no reference, so nothing can be delivered from it."""
    return program.fill(_readable(content), facts, ref="", postal=None)


def _readable(content: templates.Content) -> program.Program:
    return program.read(program.Source(content.digest(), content))


def _error(place: str, message: str, remedy: str) -> templates.Finding:
    severity = templates.FindingSeverity.ERROR
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)


def _warning(place: str, message: str, remedy: str) -> templates.Finding:
    severity = templates.FindingSeverity.WARNING
    return templates.Finding(place=place, severity=severity, message=message, remedy=remedy)


def _words(content: templates.Content) -> Iterator[templates.Finding]:
    """What every communication needs."""
    for name, text in (("title", content.title), ("subject", content.subject)):
        if not text.strip():
            yield _error(name, "wanted a text, got none", f"write the {name}")
    for name, text in (("title", content.title), ("subject", content.subject), ("preheader", content.preheader)):
        if len(text) > LINE_CHARACTERS_MAX:
            message = f"wanted at most {LINE_CHARACTERS_MAX} characters, got {len(text)}"
            yield _error(name, message, "say it in one line, and the rest in the body")


def _headings(content: templates.Content) -> Iterator[templates.Finding]:
    """Level 1 once and first, and no level left out (WCAG 2.2, 1.3.1; PDF/UA-1, 7.4.2), whatever the conditions say."""
    findings: list[templates.Finding] = []
    after = _levels(content.body, texts.Place(name="body"), frozenset({0}), findings)
    yield from findings
    if 0 in after:
        yield _error("body", "wanted a heading of level 1 in every case", "begin the body with one")


def _levels(
    body: Iterable[templates.TemplateBlock],
    place: texts.Place,
    before: frozenset[int],
    findings: list[templates.Finding],
) -> frozenset[int]:
    """The levels that the last heading can have after these blocks, 0 for none yet."""
    for block, at in texts.numbered(body, place):
        if isinstance(block, templates.WhenBlock):
            then = _levels(block.then, at.at("then"), before, findings)
            before = then | _levels(block.otherwise, at.at("otherwise"), before, findings)
        elif isinstance(block, templates.OnlyBlock):
            # Other channels go on as if it were not there.
            before |= _levels(block.blocks, at.at("blocks"), before, findings)
        elif isinstance(block, templates.HeadingBlock):
            level = block.level
            if any((level == 1) != (last == 0) or level > last + 1 for last in before):
                got = " or ".join(str(last) for last in sorted(before))
                message = f"a heading of level {level} after one of level {got}"
                findings.append(_error(at.name, message, "level 1 stands once and first, others at most one deeper"))
            before = frozenset({level})
        else:
            for part, inner in walking.inside(block):
                before = _levels(inner, at.at(part), before, findings)
    return before


def _alternatives(content: templates.Content) -> Iterator[templates.Finding]:
    """Text for those who do not see (WCAG 2.2, 1.1.1). That of a chart may be left to its data, given words for it."""
    for place, block in walking.blocks(content.body):
        at = f"{place}.alternative"
        match block:
            case templates.ImageBlock(alternative=text) if not text.strip():
                remedy = "say what it shows, unless it is decoration"
                yield _warning(at, "an image without a text alternative", remedy)
            case templates.ChartBlock(alternative=text) if not (text.strip() or any(content.labels.charts)):
                remedy = "say what it tells those who cannot see it, or give the language words for charts"
                yield _error(at, "wanted a text alternative, got none", remedy)
            case templates.BarcodeBlock(alternative=text) if not text.strip():
                remedy = "say what it tells those who cannot scan it"
                yield _error(at, "wanted a text alternative, got none", remedy)
            case _:
                pass


def _brand(brand: manuscripts.Brand) -> Iterator[templates.Finding]:
    found = contrast.ratio(brand.primary, brand.on_primary)
    if found is None:
        yield _error("brand.primary", "wanted two colours as #rrggbb", "correct the colours of the brand")
    elif found < contrast.TEXT_MIN:
        message = f"contrast of text on the brand's colour: wanted {contrast.TEXT_MIN}, got {found:.1f}"
        yield _error("brand.on_primary", message, "choose a lighter or darker colour for the text")


class _Field(NamedTuple):
    """A field of the contract."""

    schema: dict[str, records.Json]
    is_required: bool


def _schema(contract: str) -> dict[str, records.Json] | templates.Finding:
    """The contract, or why it is none."""
    try:
        schema = cast("dict[str, records.Json]", msgspec.json.decode(contract, type=dict[str, object]))
        _validator(schema)
    except (msgspec.DecodeError, jsonschema_rs.ValidationError, ValueError) as error:
        reason = str(error).split("\n", 1)[0]
        return _error("contract", f"wanted a JSON Schema: {reason}", "correct the contract")
    return schema


def _validator(schema: dict[str, records.Json]) -> jsonschema_rs.Validator:
    """Offline, because a reference to another host is otherwise fetched."""
    return jsonschema_rs.validator_for(schema, offline=True)


def _fields(setting: texts.Setting, schema: dict[str, records.Json]) -> Iterator[templates.Finding]:
    """Fields that the contract does not have, does not promise, or has with a type the format cannot write."""
    for use in setting.uses:
        if use.place.name in _OUR_OWN:
            continue
        field = _found(use, schema)
        if field is None:
            yield _error(use.place.name, f"the contract has no field {use.path!r}", "correct the name, or the contract")
            continue
        if not field.is_required and use.format and not _is_guarded(use):
            remedy = f"put it below a when block that asks has({use.path}), or make the contract require it"
            yield _error(use.place.name, f"the contract does not promise {use.path!r}", remedy)
        kinds, wanted = _kinds(field.schema), _wanted(use)
        if kinds and wanted and not kinds & wanted:
            message = f"{use.path!r} is {' or '.join(sorted(kinds))}, which {use.format!r} cannot write"
            yield _error(use.place.name, message, "use a format that fits, or correct the contract")
        yield from _unworded(use, field.schema, setting.terms)


def _unworded(use: texts.Use, schema: dict[str, records.Json], terms: Mapping[str, str]) -> Iterator[templates.Finding]:
    """Codes that the contract lets through and the template has no word for."""
    codes = schema.get("enum")
    if use.format != "term":
        return
    if not isinstance(codes, list):
        yield _warning(use.place.name, f"{use.path!r} can be any code", "list the codes in the contract, as enum")
        return
    unknown = [code for code in codes if isinstance(code, str) and code not in terms]
    if unknown:
        message = f"{use.path!r}: no word for {', '.join(unknown)}"
        yield _error(use.place.name, message, "add them to the terms")


def _found(use: texts.Use, schema: dict[str, records.Json]) -> _Field | None:
    """The field that a use reads; below a list or table `item` is an element of it."""
    names = use.path.split(".")
    if not use.place.element or names[0] != "item":
        return _resolve(names, schema, schema)
    around = _resolve(use.place.element.split("."), schema, schema)
    items = around.schema.get("items") if around else None
    return _resolve(names[1:], items, schema) if isinstance(items, dict) else None


def _resolve(names: Iterable[str], schema: dict[str, records.Json], root: dict[str, records.Json]) -> _Field | None:
    """The field at a path below a schema; `root` is where references point into."""
    field = _Field(_followed(schema, root), is_required=True)
    for name in names:
        properties, required = field.schema.get("properties"), field.schema.get("required")
        inner = properties.get(name) if isinstance(properties, dict) else None
        if not isinstance(inner, dict):
            return None
        is_required = field.is_required and isinstance(required, list) and name in required
        field = _Field(_followed(inner, root), is_required)
    return field


def _followed(schema: dict[str, records.Json], root: dict[str, records.Json]) -> dict[str, records.Json]:
    """The schema that a reference within the contract (`#/$defs/money`) stands for."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: records.Json = root
    for name in reference.removeprefix("#/").split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _is_guarded(use: texts.Use) -> bool:
    """Whether a condition around it asks about the field, or about something it is part of, or a part of it."""
    path = f"{use.path}."
    return any(path.startswith(f"{guard}.") or guard.startswith(path) for guard in use.place.guards)


def _kinds(schema: dict[str, records.Json]) -> frozenset[str]:
    """JSON Schema types a field can have, none where the contract does not say."""
    kinds = schema.get("type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(kind for kind in named if isinstance(kind, str)) - {"null"}


def _wanted(use: texts.Use) -> frozenset[str]:
    """JSON Schema types a use can do with, none where it takes any."""
    if use.format == texts.EACH:
        return frozenset({"array"})
    return formats.FORMATS[use.format].takes if use.format else frozenset()


def _unused(setting: texts.Setting, schema: dict[str, records.Json]) -> Iterator[templates.Finding]:
    """Fields that the contract asks the business side for and no text or condition reads."""
    used = tuple(f"{use.path}." for use in setting.uses)
    for path in _leaves(schema, (), schema):
        if path.startswith(_ASKED_FOR) and not f"{path}.".startswith(used):
            yield _warning("contract", f"nothing uses {path!r}", "use it, or take it out of the contract")


def _leaves(schema: dict[str, records.Json], path: tuple[str, ...], root: dict[str, records.Json]) -> Iterator[str]:
    """Paths of the fields without fields of their own; a list is one field."""
    properties = _followed(schema, root).get("properties")
    if not isinstance(properties, dict) or len(path) == FIELD_DEPTH_MAX:
        yield ".".join(path)
        return
    for name, inner in properties.items():
        if isinstance(inner, dict):
            yield from _leaves(inner, (*path, name), root)


def _misfits(
    schema: dict[str, records.Json], samples: Sequence[Mapping[str, records.Json]]
) -> Iterator[templates.Finding]:
    """Samples that the contract refuses."""
    if not samples:
        yield _warning("samples", "there are no samples", "add one for each case the texts distinguish")
    validator = _validator(schema)
    for number, sample in enumerate(samples, start=1):
        for error in list(validator.iter_errors(values.present(dict(sample))))[:FINDINGS_PER_SAMPLE_MAX]:
            path = ".".join(str(part) for part in error.instance_path)
            message = f"sample {number}, {path or 'whole'}: {error.message[:200]}"
            yield _error("samples", message, "correct the sample, or the contract")


def _uncomposed(
    readable: program.Program, samples: Sequence[Mapping[str, records.Json]]
) -> Iterator[templates.Finding]:
    """Samples that give no manuscript."""
    for number, sample in enumerate(samples, start=1):
        result = program.fill(readable, sample, ref="", postal=None)
        if isinstance(result, manuscripts.Incomplete):
            for missing in result.missing[:FINDINGS_PER_SAMPLE_MAX]:
                place = missing.split(":", 1)[0]
                remedy = "put it below a when block, or correct the sample"
                yield _error(place, f"sample {number} lacks {missing}", remedy)


def _one_sided(setting: texts.Setting, samples: Sequence[Mapping[str, records.Json]]) -> Iterator[templates.Finding]:
    """Conditions that no sample, or every sample, fulfils."""
    for place, expression in setting.conditions:
        read_facts = conditions.facts_read_by(expression)
        answers = {expressions.holds(expression, read_facts(dict(sample))) is True for sample in samples}
        if len(answers) == 1:
            how = "every sample" if True in answers else "no sample"
            message = f"{expression!r} holds in {how}"
            yield _warning(place, message, "add a sample for the other case, or take the condition out")
