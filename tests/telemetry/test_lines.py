"""Lines of the program's log: their form, and that they name nobody, whatever happens."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django import db
from django.db import transaction
from procrastinate.contrib.django import app
from tests.path.test_documents import bill
from tests.path.world import METERS, PEOPLE, PHONES, Crash, World

from signalpost.store import batch
from signalpost.telemetry import lines
from signalpost.vocabulary import deliveries
from signalpost.work import drain

EVERYONE = ", ".join(f"{ref.title()} Adler" for ref, *_ in PEOPLE)
#: Writes one line, and one with an exception in whose words a person is named.
WRITE = """
import logging, sys
from signalpost.telemetry import lines
lines.write("INFO", sys.argv[1])
logging.getLogger("signalpost.test").info("all %s", "well")
logging.getLogger("signalpost.test").debug("nothing")
try:
    try:
        raise ValueError("anna@mail.example")
    except ValueError as error:
        raise RuntimeError("Anna Adler") from error
except RuntimeError:
    logging.getLogger("signalpost.test").exception("a step failed")
"""


def written(form: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", WRITE, form], capture_output=True, text=True, check=True)
    assert "nna" not in done.stderr
    return done.stderr.splitlines()


def test_a_line_of_text_has_time_level_name_and_words():
    first, second, *places = written("text")

    assert first.endswith(" INFO signalpost.test all well")
    assert second.endswith(" ERROR signalpost.test a step failed")
    assert [place.partition(" at ")[0] for place in places] == ["builtins.RuntimeError", "builtins.ValueError"]


def test_a_line_of_json_is_one_object():
    first, second = (json.loads(line) for line in written("json"))

    assert first.keys() == {"at", "level", "name", "message", "process"}
    assert (first["level"], first["name"], first["message"]) == ("INFO", "signalpost.test", "all well")
    assert second["message"] == "a step failed"
    assert [error.partition(" at ")[0] for error in second["error"]] == ["builtins.RuntimeError", "builtins.ValueError"]


class Kept(logging.Handler):
    """Everything that is logged, as both forms would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.forms = [lines.formatter("text"), lines.formatter("json")]
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.extend(form.format(record) for form in self.forms)


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    loggers = [logging.getLogger(name) for name in ("", "procrastinate", "django")]
    levels = [one.level for one in loggers]
    logging.getLogger().addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    yield handler
    logging.getLogger().removeHandler(handler)
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)


def test_a_story_with_failures_names_nobody_in_the_log(world: World, kept: Kept):
    world.register_platform()
    answers = iter([deliveries.OutcomeKind.REJECTED, deliveries.OutcomeKind.DEFERRED, deliveries.OutcomeKind.UNCLEAR])

    def refuses(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
        kind = next(answers, deliveries.OutcomeKind.ACCEPTED)
        return deliveries.Outcome(kind=kind, code="550", detail=f"5.7.1 <{outgoing.address}> is not welcome")

    def breaks(name: str) -> None:
        if name == "compose:commit":
            raise Crash(f"{EVERYONE}: no power at Hafenstraße")

    world.email.answer = refuses
    world.meters_say("LG", METERS)
    with pytest.raises(RuntimeError):
        drain.drain(app, world.with_gate(breaks))
    world.restart()
    world.drain()
    world.event("billing.closed", "A-cem-M-04", bill())
    world.event("billing.closed", "nobody", {"name": "Cem Adler", "phone": PHONES["cem"]})
    with pytest.raises(db.Error) as failed, transaction.atomic():
        batch.run("INSERT INTO contact_point SELECT * FROM contact_point")
    logging.getLogger("signalpost.test").warning("not stored, taken again: %s", failed.value)
    logging.getLogger("signalpost.test").error("not stored", exc_info=failed.value)

    text = "\n".join(kept.text)
    customers = batch.fetch("SELECT name FROM customer WHERE kind = 'person'", [], tuple[str])
    points = batch.fetch("SELECT address FROM contact_point WHERE address <> ''", [], tuple[str])
    named = {*PHONES.values(), "Hafenstraße", "Adler", "whsec_", *(word for (word,) in [*customers, *points])}
    assert len(named) > 2 * len(PEOPLE)
    assert "compose" in text
    assert "Crash at " in text
    assert "IntegrityError" in text
    assert sorted(name for name in named if name in text) == []
