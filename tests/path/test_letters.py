"""B2's ground: a letter with an open region waits for an agent, and goes the ordinary way with their words."""

import pytest
from tests.engines import pages
from tests.path.world import World
from tests.path.writing import CONTRACT, OWN, goes_live, interactive

from signalpost.acts import explain, releasing, writing
from signalpost.store import batch
from signalpost.store.seen import asked
from signalpost.vocabulary import deliveries, letters, manuscripts, records

EVERYTHING = asked.Asked(chosen={"type": "", "waiting": ""})
WORDS = "You asked for the second meter.\n\nIt is fitted on {now} & <b>free</b>."


@pytest.fixture
def letter(world: World) -> str:
    """The reference of a letter to Dora that waits."""
    goes_live([interactive()])
    world.event("contract.changed", "A-dora-M-05", CONTRACT)
    (found,) = writing.waiting(EVERYTHING)
    return found.ref


def said(world: World, ref: str) -> manuscripts.Manuscript:
    ((digest,),) = batch.fetch("SELECT manuscript FROM decision WHERE ref = %s", [ref], tuple[str])
    return records.decode(world.parts.archive.read([digest])[digest], manuscripts.Manuscript)


def test_a_letter_with_an_open_region_waits_and_nothing_waits_behind_it(world: World, letter: str):
    world.event("billing.closed", "A-dora-M-05", _bill())

    assert batch.fetch("SELECT state FROM decision WHERE ref = %s", [letter], tuple[str]) == [("to_write",)]
    assert world.told("bill-ready") == {"dora": "letter"}
    assert world.told("contract-change-confirmed") == {}


def _bill() -> dict[str, object]:
    from tests.path.test_documents import bill  # noqa: PLC0415 - its stories are not ours

    return bill()


def test_it_goes_with_the_agents_paragraph_and_the_locked_ones_untouched(world: World, letter: str):
    found = writing.take(letter, by="eve")
    assert [(one.region.name, one.text, one.by) for one in found.regions] == [("answer", OWN, "")]
    own = writing.preview(letter, {})
    assert isinstance(own, manuscripts.Manuscript)

    assert writing.release(letter, {"answer": WORDS}, version=0, by="eve") is None
    world.drain()

    text = _read(world.message_to("dora", "contract-change-confirmed"))
    assert "You asked for the second meter." in text
    assert "It is fitted on {now} & <b>free</b>." in text
    assert OWN not in text
    left = said(world, letter)
    theirs = {"You asked for the second meter.", "It is fitted on {now} & <b>free</b>."}
    assert [block for block in left.blocks if _text(block) not in theirs] == [
        block for block in own.blocks if _text(block) != OWN
    ]
    assert writing.waiting(EVERYTHING) == []


def _read(letter: deliveries.Outgoing) -> str:
    """A letter's text, with its lines joined."""
    return " ".join(" ".join(pages.texts(letter.content)).split())


def _text(block: manuscripts.Block) -> str:
    return "".join(run.text for run in block.runs) if isinstance(block, manuscripts.Paragraph) else ""


def test_who_wrote_what_is_in_the_log_by_digest_and_in_the_why(world: World, letter: str):
    writing.take(letter, by="eve")
    writing.release(letter, {"answer": WORDS}, version=0, by="eve")
    world.drain()

    rows = batch.fetch("SELECT kind, body FROM log_fact WHERE subject = %s ORDER BY id", [letter], tuple[str, str])
    (released,) = [body for kind, body in rows if kind == "staff_acted"]
    assert records.digest(WORDS.encode()) in released
    assert '"by":"eve"' in released
    assert all("second meter" not in body for _, body in rows)
    (answer,) = explain.why(letter)
    assert any("eve wrote 'answer'" in line for line in explain.lines(answer))


def test_a_letter_released_as_it_is_says_what_was_approved(world: World, letter: str):
    writing.take(letter, by="eve")
    assert writing.release(letter, {"answer": OWN}, version=0, by="eve") is None
    world.drain()
    assert OWN in _read(world.message_to("dora", "contract-change-confirmed"))
    assert writing.look(letter).kept.written() == ()


def test_two_agents_do_not_overwrite_each_other(world: World, letter: str):
    del world
    writing.take(letter, by="eve")
    second = writing.take(letter, by="frank")
    assert second.held_by == "eve"

    refused = writing.save(letter, {"answer": "Mine."}, version=0, by="frank")
    assert isinstance(refused, letters.NotWritten)
    assert (refused.reason, refused.got) == (letters.NotWrittenReason.HELD, "eve")

    assert writing.save(letter, {"answer": "Hers."}, version=0, by="eve") == 1
    batch.run("UPDATE writing SET held_until = now() - interval '1 minute'")
    writing.take(letter, by="frank")
    stale = writing.save(letter, {"answer": "Mine."}, version=0, by="frank")
    assert isinstance(stale, letters.NotWritten)
    assert (stale.reason, stale.wanted) == (letters.NotWrittenReason.STALE, "version 1")

    assert writing.save(letter, {"answer": "Mine, after hers."}, version=1, by="frank") == 2
    (region,) = writing.look(letter).regions
    assert (region.text, region.by) == ("Mine, after hers.", "frank")


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"elsewhere": "x"}, letters.NotWrittenReason.UNKNOWN_REGION),
        ({"answer": "x" * 301}, letters.NotWrittenReason.TOO_LONG),
    ],
)
def test_words_that_do_not_belong_are_not_taken(
    world: World, letter: str, texts: dict[str, str], reason: letters.NotWrittenReason
):
    del world
    refused = writing.release(letter, texts, version=0, by="eve")
    assert isinstance(refused, letters.NotWritten)
    assert refused.reason is reason
    assert writing.look(letter).is_waiting


def test_a_letter_that_left_takes_no_words(world: World, letter: str):
    assert writing.release(letter, {"answer": "Once."}, version=0, by="eve") is None
    again = writing.release(letter, {"answer": "Twice."}, version=1, by="eve")
    assert isinstance(again, letters.NotWritten)
    assert again.reason is letters.NotWrittenReason.NOT_WAITING
    world.drain()
    assert "Once." in _read(world.message_to("dora", "contract-change-confirmed"))


def test_one_that_waits_too_long_is_reported(world: World, letter: str):
    del world
    assert writing.late() == (0, None)
    batch.run("UPDATE decision SET decided_at = decided_at - interval '25 hours' WHERE ref = %s", [letter])
    count, since = writing.late()
    assert count == 1
    assert since is not None
    assert writing.is_late(since)
    assert [found.kind for found in releasing.drift()] == ["letters_waiting"]
    late = asked.Asked(chosen={"type": "", "waiting": "late"})
    assert [row.ref for row in writing.waiting(late)] == [letter]
