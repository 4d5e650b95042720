"""The OpenAPI 3.1 document, made from the table of routes and the records that the API reads and writes."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from signalpost.acts import access
from signalpost.acts.prefer import document as preferences
from signalpost.vocabulary import records
from signalpost.web import routes
from signalpost.web.api import problems, shapes

Schema = dict[str, "records.Json"]

_REF = "#/components/schemas/{name}"
_PROBLEM = "Problem"
#: What every operation behind a scope can answer besides its own.
_WITH_SCOPE = {
    401: "No valid access token.",
    403: "The token lacks the scope.",
    413: "The body is larger than the limit.",
    429: "Too many requests; `Retry-After` says when.",
}
_WITH_BODY = {400: "The body cannot be read.", 415: "The media type is none that is read."}
_WITH_KEY = {409: "The `Idempotency-Key` named another request before."}

#: Records that are sent or answered. Shapes that are no records stand in `_PLAIN`.
_RECORDS = (
    shapes.EventsTaken,
    shapes.ReceiptsTaken,
    shapes.Problem,
    shapes.Token,
    shapes.TokenRefused,
    preferences.Preferences,
    shapes.Releases,
    shapes.ReleaseDetail,
    shapes.Drifts,
)
_PLAIN: Mapping[str, Schema] = {
    "CloudEvent": shapes.CLOUD_EVENT,
    "CloudEvents": {"type": "array", "items": {"$ref": _REF.format(name="CloudEvent")}, "minItems": 1},
    "Data": {"description": "The data of a binary event; its attributes are `ce-` headers.", "type": "object"},
    "PrintStatus": shapes.PRINT_STATUS,
    "Csv": {"type": "string", "description": "The fields of PrintStatus, with a heading row."},
    "TokenRequest": shapes.TOKEN_REQUEST,
    "Document": {"type": "object"},
}


def document(server: str) -> Schema:
    """The whole document, for the address at which the API is reached."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Signalpost",
            "version": "1",
            "summary": "Events in, news of letters in, preferences in and out.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "paths": {_template(machine.path): _path(machine) for machine in routes.API},
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": f"{server}/api/token", "scopes": dict(access.SCOPES)}},
                }
            },
        },
    }


_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def _template(path: str) -> str:
    return "/" + _ARGUMENT.sub(r"{\1}", path)


def _path(machine: routes.Machine) -> Schema:
    found: Schema = {operation.method.lower(): _operation(machine, operation) for operation in machine.operations}
    names = _ARGUMENT.findall(machine.path)
    if names:
        found["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in names
        ]
    return found


def _operation(machine: routes.Machine, operation: routes.Operation) -> Schema:
    found: Schema = {
        "operationId": f"{operation.method.lower()}-{machine.name}",
        "summary": operation.summary,
        "responses": {str(status): answer for status, answer in sorted(_answers(operation))},
        "security": [{"client": [operation.scope]}] if operation.scope else [],
    }
    if operation.takes:
        found["requestBody"] = {
            "required": True,
            "content": {kind: {"schema": {"$ref": _REF.format(name=name)}} for kind, name in operation.takes.items()},
        }
    if operation.repeat == routes.Repeat.KEYED:
        found["parameters"] = [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "The same key with the same request gets the answer that was given first.",
                "schema": {"type": "string"},
            }
        ]
    return found


def _answers(operation: routes.Operation) -> Iterator[tuple[int, Schema]]:
    own = {answer.status: answer for answer in operation.answers}
    shared = (
        (_WITH_SCOPE if operation.scope else {})
        | (_WITH_BODY if operation.scope and operation.takes else {})
        | (_WITH_KEY if operation.repeat == routes.Repeat.KEYED else {})
    )
    for status, answer in own.items():
        kind = routes.JSON if answer.shape else problems.MEDIA_TYPE
        yield status, _answer(answer.meaning, kind, answer.shape or _PROBLEM)
    for status, meaning in shared.items():
        if status not in own:
            yield status, _answer(meaning, problems.MEDIA_TYPE, _PROBLEM)


def _answer(meaning: str, kind: str, name: str) -> Schema:
    return {"description": meaning, "content": {kind: {"schema": {"$ref": _REF.format(name=name)}}}}


def _schemas() -> Schema:
    _, components = msgspec.json.schema_components(_RECORDS, ref_template=_REF)
    made: dict[str, records.Json] = msgspec.to_builtins(components)
    patch: Schema = {}
    _add_patch(patch, made, preferences.Preferences.__name__)
    return {**_PLAIN, **made, **patch}


def _add_patch(into: Schema, made: Mapping[str, "records.Json"], name: str) -> None:
    """The shape of a merge patch on a shape: every member may be missing, and null takes it away."""
    whole = made[name]
    if not isinstance(whole, dict) or f"{name}Patch" in into:
        return
    loose = _loose(whole)
    into[f"{name}Patch"] = loose
    for inner in re.findall(r"schemas/(\w+)Patch\b", records.canonical(loose).decode()):
        _add_patch(into, made, inner)


def _loose(schema: "records.Json") -> Schema:
    if not isinstance(schema, dict):
        return {}
    found: Schema = {key: value for key, value in schema.items() if key not in {"required", "default", "title"}}
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return {"$ref": f"{reference}Patch"}
    properties = schema.get("properties")
    if isinstance(properties, dict):
        found["properties"] = {name: _or_null(value) for name, value in properties.items()}
    if isinstance(schema.get("additionalProperties"), dict):
        found["additionalProperties"] = _or_null(schema["additionalProperties"])
    choices = schema.get("anyOf")
    if isinstance(choices, list):
        found["anyOf"] = [_loose(choice) for choice in choices]
    return found


def _or_null(schema: "records.Json") -> Schema:
    return {"anyOf": [_loose(schema), {"type": "null"}]}
