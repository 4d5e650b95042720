"""The API against its own OpenAPI document, by somebody else's idea of what callers send."""

# The types of schemathesis leave open what they are generic in.
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.faults.plugin import Tried
from tests.path.world import World
from tests.web.test_api import Caller

from signalpost.acts import access
from signalpost.web import routes

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: A database call is slow beside what the health checks expect, and wrong data is often filtered.
HEALTH = (
    hypothesis.HealthCheck.too_slow,
    hypothesis.HealthCheck.filter_too_much,
    hypothesis.HealthCheck.data_too_large,
    hypothesis.HealthCheck.large_base_example,
)
OPERATIONS = [
    (f"/{machine.path}".replace("<path:", "{").replace("<str:", "{").replace(">", "}"), operation.method)
    for machine in routes.API
    for operation in machine.operations
]


def explore(address: str, method: str, *, examples: int) -> int:
    """Call one operation with data that fits the document and with data that does not; how many calls it was."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    headers = {"Authorization": f"Bearer {Caller(*access.SCOPES).token}"}
    calls = 0

    def call(case: Any) -> None:
        nonlocal calls
        calls += 1
        case.call_and_validate(headers=headers, checks=CHECKS)

    operation = schema[address][method]
    # An operation that takes nothing can be asked nothing wrong.
    is_asked = "requestBody" in operation.definition.raw
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if is_asked else (GenerationMode.POSITIVE,):
        cases = operation.as_strategy(generation_mode=mode)
        run = hypothesis.given(cases)(call)
        hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=HEALTH,
        )(run)()
    return calls


@pytest.mark.parametrize(("address", "method"), OPERATIONS)
def test_no_call_breaks_it_and_every_answer_is_documented(world: World, address: str, method: str, tried: Tried):
    del world
    calls = explore(address, method, examples=15)
    assert calls > 0
    tried("API calls", calls)


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("address", "method"), OPERATIONS)
def test_no_call_of_many_breaks_it(world: World, address: str, method: str, tried: Tried):
    del world
    tried("API calls", explore(address, method, examples=1000))
