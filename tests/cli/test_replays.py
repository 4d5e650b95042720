"""`signalpost replay --release`: the blast radius from the command line."""

import argparse
import datetime as dt
import json

import pytest
from tests.acts.test_replaying import opened, proposed, with_body, with_paragraph
from tests.path.conftest import laid_out, world
from tests.path.world import World

from signalpost.cli import replays
from signalpost.cli.command import CommandError

__all__ = ["laid_out", "world"]

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)


def asked(release: str, **changed: object) -> argparse.Namespace:
    return argparse.Namespace(**{"release": release, "since": "30d", "limit": 0, "json": False, **changed})


def test_it_says_in_one_json_line_what_would_have_been_another(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.storm()
    release = proposed(with_body(opened(), with_paragraph("We are sorry.")))

    assert replays.run(asked(release.ref, json=True), world.parts.settings) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["cases"]) == ("done", 10)
    assert said["verdicts"] == {"different": 3, "gone": 0, "new": 0, "same": 7}
    assert {case["party"] for case in said["unusual"]} == {"ada", "dora", "fay"}
    assert {case["kind"] for case in said["unusual"]} == {"different: text: paragraph"}


def test_it_says_for_people_what_would_have_been_another(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.storm()
    release = proposed(with_body(opened(), with_paragraph("We are sorry.")))

    assert replays.run(asked(release.ref, limit=5), world.parts.settings) == 0

    out, err = capsys.readouterr()
    assert f"release {release.ref}: 5 of 5 cases since" in out
    assert "prices of the setting `unit_prices`" in out
    assert "note: 5 are older than the latest that were gone through." in out
    assert "5 of 5 cases" in err


def test_what_cannot_be_asked_is_said(world: World) -> None:
    with pytest.raises(CommandError, match="release"):
        replays.run(asked("nothing"), world.parts.settings)
    with pytest.raises(CommandError, match="--since"):
        replays.run(asked("nothing", since="yesterday"), world.parts.settings)
    with pytest.raises(CommandError, match="--since"):
        replays.run(asked("nothing", since="99999999999999d"), world.parts.settings)
    with pytest.raises(CommandError, match="--limit"):
        replays.run(asked("nothing", limit=-1), world.parts.settings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12h", NOW - dt.timedelta(hours=12)),
        ("30d", NOW - dt.timedelta(days=30)),
        ("4w", NOW - dt.timedelta(weeks=4)),
        ("2026-03-01", dt.datetime(2026, 3, 1, tzinfo=dt.UTC)),
        ("2026-03-01T10:00:00+02:00", dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)),
    ],
)
def test_since_when(text: str, expected: dt.datetime) -> None:
    assert replays.since(text, NOW) == expected
