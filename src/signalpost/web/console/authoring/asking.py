"""What a form asks while somebody types. Each answer is JSON, judged by the code that judges when it is sent."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import http
from collections.abc import Callable, Mapping, Sequence

import msgspec
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from signalpost import drafts
from signalpost.acts import drafting
from signalpost.drafts import base, files, markup, models, writing
from signalpost.flow import contrast
from signalpost.flow.accept import contracting
from signalpost.flow.compose import bind, check, offered
from signalpost.vocabulary import library, manuscripts, sms, templates
from signalpost.web.console.authoring import data

#: Characters of one question.
QUESTION_CHARACTERS_MAX = 300_000
#: Findings that a form is told at once.
FINDINGS_MAX = 100
_Answer = Mapping[str, object]


@require_POST
def asked_page(request: HttpRequest, what: str) -> HttpResponseBase:
    """Answer one question of a form."""
    answer = _ANSWERS.get(what)
    if answer is None:
        raise Http404
    text = request.POST.get("text", "")
    if len(text) > QUESTION_CHARACTERS_MAX:
        fault = f"Wanted at most {QUESTION_CHARACTERS_MAX:,} characters, got {len(text):,}."
        return JsonResponse({"fault": fault}, status=http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return JsonResponse(answer(text, _row(request), request))


def _row(request: HttpRequest) -> base.Draft | None:
    """The working copy whose form asks; `None` for a new one."""
    number = request.POST.get("pk", "")
    if not (number.isascii() and number.isdecimal()):
        return None
    models_by_name = {model._meta.model_name: model for model in base.Draft.__subclasses__()}  # noqa: SLF001
    if request.POST.get("edition") == "true":
        return models.Edition.objects.filter(pk=int(number)).select_related("communication").first()
    kind = request.POST.get("kind", "")
    found = next((model for model in models_by_name.values() if model.is_item and model.kind == kind), None)
    return None if found is None else found._default_manager.filter(pk=int(number)).first()  # noqa: SLF001


def _condition(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """Whether a condition can be read, knows its fields, and holds for each sample."""
    del request
    judged = offered.judged(text.strip(), data.offers(row), data.samples(row))
    return {
        "fault": judged.fault,
        "unknown": list(judged.unknown) if data.communication_of(row) else [],
        "samples": [{"name": name, "holds": holds, "why": why} for name, holds, why in judged.samples],
    }


def _sms(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """How many segments an SMS takes, at worst, with the samples' own values."""
    del request
    if text.startswith(writing.STATE_START):
        text = markup.from_state(text, is_marked=False)
    budget = communication.sms_segments if (communication := data.communication_of(row)) else 3
    said = [text]
    if isinstance(row, models.Edition):
        said = _filled_sms(text, row) or said
    cut = max((sms.segments(one) for one in said), key=lambda found: len(found.parts))
    limit = sms.SINGLE_SEPTETS if cut.encoding is sms.Encoding.GSM7 else sms.SINGLE_CODE_UNITS
    part = sms.PART_SEPTETS if cut.encoding is sms.Encoding.GSM7 else sms.PART_CODE_UNITS
    return {
        "segments": len(cut.parts),
        "budget": budget,
        "units": sum(cut.lengths),
        "limit": limit if len(cut.parts) == 1 else part * len(cut.parts),
        "encoding": "GSM" if cut.encoding is sms.Encoding.GSM7 else "Unicode",
        "isSamples": said != [text],
        "odd": "".join(dict.fromkeys(one for one in text if len(sms.segments(one).lengths) and _is_odd(one)))[:20],
    }


def _is_odd(character: str) -> bool:
    """Whether a character makes the whole message Unicode, at more than twice the price."""
    return sms.segments(character).encoding is sms.Encoding.UCS2


def _filled_sms(text: str, row: models.Edition) -> list[str]:
    item = row.communication.with_editions((msgspec.structs.replace(row.edition(), sms=text, variants=()),))
    contents = bind.bind(item, drafting.shelf_for(item)).contents
    found: list[str] = []
    for _, facts in data.samples(row):
        for content in contents:
            manuscript = check.preview(content, facts)
            if isinstance(manuscript, manuscripts.Manuscript):
                found.append(manuscript.words.sms)
    return found


def _findings(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """What is wrong with the saved working copy, each with its place."""
    del text, request
    found = findings_of(row)
    return {
        "findings": [
            {"place": one.place, "severity": one.severity.value, "message": one.message, "remedy": one.remedy}
            for one in found[:FINDINGS_MAX]
        ],
        "more": max(0, len(found) - FINDINGS_MAX),
    }


def findings_of(row: base.Draft | None) -> Sequence[templates.Finding]:
    """What the checks that need no engine say of a working copy, errors first; nothing of what has none of its own."""
    communication = data.communication_of(row)
    if communication is None:
        return ()
    item = row.item() if isinstance(row, models.Edition) else communication.item()
    if isinstance(row, models.Edition):
        item = msgspec.structs.replace(item, editions=(row.edition(),))
    bound = bind.bind(item, drafting.shelf_for(item))
    facts = [one for _, one in data.samples(row)]
    found = list(bound.findings)
    for content in bound.contents:
        found += [_of_language(one, content.language) for one in check.check(content, facts)]
    return sorted(dict.fromkeys(found), key=lambda one: one.severity)


def _of_language(finding: templates.Finding, language: str) -> templates.Finding:
    return msgspec.structs.replace(finding, place=f"editions[{language}].{finding.place}")


def _contrast(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """How well the two colours of a brand can be told apart (WCAG 2.2, 1.4.3)."""
    del row
    other = request.POST.get("other", "")
    found = contrast.ratio(text, other)
    if found is None:
        return {"fault": "Write both colours as #rrggbb."}
    return {"ratio": round(found, 1), "isEnough": found >= contrast.TEXT_MIN}


def _schema(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """A contract as the fields it promises, or what is wrong with it."""
    del row, request
    try:
        fault = contracting.schema_fault(text)
    except msgspec.DecodeError as error:
        fault = str(error)
    if fault:
        return {"fault": fault}
    return {"fields": [msgspec.to_builtins(offer) for offer in offered.offered(text)]}


def _begin(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """The facts that a data contract gives, to begin the contract of a communication with."""
    del row, request
    found = drafts.read(library.Kind.CONTRACT, text.strip())
    if not isinstance(found, library.DataContract) or not found.facts:
        known = ", ".join(drafts.names(library.Kind.CONTRACT)) or "none yet"
        return {"fault": f"There is no data contract {text.strip()!r}. There are: {known}."}
    return {"schema": msgspec.json.format(found.facts)}


def _logo(text: str, row: base.Draft | None, request: HttpRequest) -> _Answer:
    """A logo without what may not be in it, or why it is refused."""
    del row, request
    try:
        return {"svg": files.clean_svg(text.encode()).decode()}
    except files.UnfitError as error:
        return {"fault": str(error)}


_ANSWERS: Mapping[str, Callable[[str, base.Draft | None, HttpRequest], _Answer]] = {
    "condition": _condition,
    "sms": _sms,
    "findings": _findings,
    "contrast": _contrast,
    "schema": _schema,
    "begin": _begin,
    "logo": _logo,
}
