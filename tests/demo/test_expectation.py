"""The counts that the playbooks expect of the demo are those that follow from the town and the written policy."""

import msgspec
from tests.demo import expectation

from signalpost.demo import checking, counting, town
from signalpost.playbooks import load


def test_the_playbooks_expect_what_follows_from_the_town() -> None:
    written = {
        playbook.name: msgspec.to_builtins(counting.expected(playbook, checking.EXPECTED))
        for playbook in map(load.load, load.BUILT_IN)
    }
    assert written == expectation.expected(town.build())


def test_the_storm_tells_every_household_of_the_harbour_once() -> None:
    given = town.build()
    outage, end = expectation.storm(given, "HARBOUR")
    assert len(given.meters("HARBOUR")) == 1000
    assert outage.told == end.told
    assert len(outage.told) < 1000


def test_differences_name_the_count_and_both_values() -> None:
    wanted = counting.Counts(messages=3, delivered={"sms": 2, "letter": 1})
    got = counting.Counts(messages=3, delivered={"sms": 3}, withheld={"barred": 1})
    assert counting.differences("d1", wanted, got) == [
        "d1: delivered.letter: wanted 1, got 0",
        "d1: delivered.sms: wanted 2, got 3",
        "d1: withheld.barred: wanted 0, got 1",
    ]
    assert counting.differences("d1", wanted, wanted) == []
