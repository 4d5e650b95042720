"""The OpenAPI document: what it lists is what there is."""

import re
from typing import Any, cast

import jsonschema_rs
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.docs import pages
from tests.path.world import World
from tests.web.test_api import Caller, event
from tests.web.test_preferences import Desk

from signalpost.acts import access
from signalpost.vocabulary import records
from signalpost.web import routes
from signalpost.web.api import openapi


def patterns(of: URLResolver, before: str = "") -> list[tuple[str, URLPattern]]:
    """Every address that Django knows, with what it belongs to."""
    found: list[tuple[str, URLPattern]] = []
    for one in cast("list[URLResolver | URLPattern]", of.url_patterns):
        route = before + str(one.pattern)
        found.extend(patterns(one, route) if isinstance(one, URLResolver) else [(route, one)])
    return found


@pytest.fixture
def document(configured: object) -> dict[str, object]:
    del configured
    return records.decode(Client(SERVER_NAME="localhost").get("/api/openapi.json").content, dict[str, object])


def test_it_lists_exactly_the_routes_and_methods_that_exist(document: dict[str, object]):
    paths = cast("dict[str, dict[str, object]]", document["paths"])
    known = {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route, _ in patterns(get_resolver())}
    browser = Client(SERVER_NAME="localhost")

    assert set(paths) == {path for path in known if path.startswith("/api/")}
    for path, item in paths.items():
        methods = {method.upper() for method in item} - {"PARAMETERS"}
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = cast("HttpResponse", browser.generic(method, path.replace("{party}", "ada")))
            assert (answer.status_code == 405) == (method not in methods), (method, path)
            if answer.status_code == 405:
                assert answer.headers["allow"] == ", ".join(sorted(methods))


def test_it_is_what_the_standard_says(document: dict[str, object]):
    assert document["openapi"] == "3.1.0"
    schemas = cast("dict[str, dict[str, dict[str, Any]]]", document["components"])["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', records.canonical(document).decode()))
    assert named <= set(schemas)
    for schema in schemas.values():
        jsonschema_rs.meta.validate(schema)


def test_its_scopes_are_those_a_client_can_be_given():
    scopes = {operation.scope for machine in routes.API for operation in machine.operations if operation.scope}
    assert scopes == set(access.SCOPES)


def _validator(name: str) -> jsonschema_rs.Validator:
    document = openapi.document("https://signalpost.example")
    return jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


@pytest.mark.usefixtures("world")
def test_real_answers_and_requests_have_the_shapes_that_it_describes(world: World):
    caller, desk = Caller("events:write"), Desk("preferences:read", "preferences:write")
    taken = caller.post(records.canonical(event()))
    refused = caller.post(records.canonical([event("b-2", type="no.such"), event("b-3")]), routes.CLOUD_EVENTS)
    world.storm()

    _validator("EventsTaken").validate(taken.json())
    _validator("Problem").validate(refused.json())
    _validator("CloudEvent").validate(event())
    _validator("Preferences").validate(desk.get("ada").json())
    _validator("Problem").validate(desk.patch("ada", {"language": "!"}).json())
    patch = _validator("PreferencesPatch")
    patch.validate({"categories": {"outage": None}, "contact_points": {"x": {"address": "x@y.example"}}})
    patch.validate({"delivery_address": None, "is_paperless": True})
    assert not patch.is_valid({"colour": "red"})
    assert not patch.is_valid({"contact_points": {"x": {"channel": "pigeon"}}})


def test_every_client_scope_has_words_and_every_operation_says_what_it_answers():
    for machine in routes.API:
        for operation in machine.operations:
            assert operation.summary
            assert [answer.meaning for answer in operation.answers if not answer.meaning] == []
            assert (operation.method == "GET") == (operation.repeat == routes.Repeat.READS)


def test_the_example_of_the_page_is_a_change_that_can_be_made():
    (example,) = re.findall(r"```json\n(.*?)```", (pages.DOCS / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    _validator("PreferencesPatch").validate(records.decode(example, dict[str, object]))
