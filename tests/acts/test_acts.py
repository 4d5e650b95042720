"""What people ask for: install, import, give access, explain, prove."""

import pytest
from msgspec.structs import replace
from tests.path.world import World

from signalpost.acts import access, explain, importing, operate
from signalpost.playbooks import load
from signalpost.store import batch
from signalpost.vocabulary import events, library


def test_one_person_cannot_be_author_and_approver(world: World):
    world.forget()

    with pytest.raises(operate.NotInstalledError, match="approve"):
        operate.install([load.load(folder) for folder in load.BUILT_IN], author="ann", approver="ann")

    assert batch.fetch("SELECT count(*) FROM template_version", [], tuple[int]) == [(0,)]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("schema", "when", "message"),
    [
        (
            '{"type":"sum"}',
            "",
            'contract customer.still_affected: event: wanted a JSON Schema, got "sum" is not valid',
        ),
        (
            '{"$ref":"https://schemas.example/a"}',
            "",
            "contract customer.still_affected: event: .* Retrieval is disabled",
        ),
        ("{}", "volts >", "trigger answer-who-is-still-out: when: expression 'volts >': .*Syntax error"),
    ],
)
def test_what_would_fail_with_the_first_event_is_not_installed(schema: str, when: str, message: str):
    book = load.load(load.BUILT_IN[0])
    wrong = replace(book, items=tuple(_spoilt(item, schema, when) for item in book.items))

    with pytest.raises(operate.NotInstalledError, match=message):
        operate.install([wrong], author="ann", approver="bob")

    assert batch.fetch("SELECT count(*) FROM item_version", [], tuple[int]) == [(0,)]


def _spoilt(item: library.Item, schema: str, when: str) -> library.Item:
    match item:
        case library.DataContract(name="customer.still_affected", event=events.Contract() as event):
            return replace(item, event=replace(event, data_schema=schema))
        case library.Trigger(name="answer-who-is-still-out"):
            return replace(item, trigger=replace(item.trigger, when=when))
        case _:
            return item


@pytest.mark.usefixtures("database")
def test_an_alarm_rule_that_cannot_be_read_is_not_installed():
    book = load.load(load.BUILT_IN[0])
    first, *others = book.rules.alarms
    wrong = replace(book, rules=replace(book.rules, alarms=(replace(first, cleared_when="volts >"), *others)))

    with pytest.raises(operate.NotInstalledError, match=r"alarm rule 'power-loss': expression 'volts >': .*Syntax"):
        operate.install([wrong], author="ann", approver="bob")


def test_installing_again_makes_no_second_version(world: World):
    before = batch.fetch("SELECT count(*) FROM template_version", [], tuple[int])

    operate.install([load.load(folder) for folder in load.BUILT_IN], author="ann", approver="bob")

    assert batch.fetch("SELECT count(*) FROM template_version", [], tuple[int]) == before
    assert world.verified().problems == ()


CUSTOMERS = b"""ref,name,language,time_zone,household
zoe,Zo\xc3\xab Adler,de,Europe/Berlin,H-zoe
bad,Bad Zone,de,Europe/Nowhere,
,No Ref,de,Europe/Berlin,
yan,Yan Adler,german,Europe/Berlin,
"""


@pytest.mark.usefixtures("world")
def test_an_import_stores_good_rows_and_names_line_and_field_of_the_others():
    done: list[tuple[int, int]] = []

    def noted(rows: int, total: int) -> None:
        done.append((rows, total))

    result = importing.load("customer", CUSTOMERS, is_preview=False, progress=noted)

    assert result.good == 1
    assert [(problem.line, problem.field) for problem in result.problems] == [
        (3, "time_zone"),
        (4, ""),
        (5, "language"),
    ]
    assert batch.fetch("SELECT name FROM customer WHERE ref = 'zoe'", [], tuple[str]) == [("Zoë Adler",)]
    assert done == [(4, 4)]


@pytest.mark.usefixtures("world")
def test_a_preview_says_the_same_and_stores_nothing():
    result = importing.load("customer", CUSTOMERS, is_preview=True)

    assert (result.good, len(result.problems)) == (1, 3)
    assert batch.fetch("SELECT count(*) FROM customer WHERE ref = 'zoe'", [], tuple[int]) == [(0,)]


@pytest.mark.usefixtures("world")
def test_a_row_that_refers_to_nothing_is_refused():
    result = importing.load("account", b"ref,customer,premise\nA-1,nobody,P-M-01\n", is_preview=False)

    assert [(problem.field, problem.wanted, problem.got) for problem in result.problems] == [
        ("customer", "a stored customer", "nobody")
    ]


@pytest.mark.usefixtures("world")
def test_a_clients_secret_is_shown_once_and_stored_as_a_hash():
    made = access.make_client("platform", scopes=["events:write"])

    ((stored,),) = batch.fetch("SELECT client_secret FROM oauth2_provider_application", [], tuple[str])
    assert made.secret not in stored


def test_who_got_something_and_who_did_not_can_read_why(world: World):
    world.storm()

    (told,) = explain.why("fay")
    (withheld,) = explain.why("ben")

    text = "\n".join(explain.lines(told))
    assert text.startswith("notice ")
    assert "by trigger tell-of-outage" in text
    assert "plan 0: sms" in text
    assert "withheld: household_told" in "\n".join(explain.lines(withheld))
    assert explain.why("nobody") == []


def test_a_changed_fact_is_found_at_its_place(world: World):
    world.storm()
    assert world.verified().is_intact

    world.change("UPDATE log_fact SET body = '{}' WHERE sequence = 7")

    (problem,) = world.verified().problems
    assert problem.startswith("log: record 7:")
    world.forget()


def test_a_changed_document_is_found_by_its_name(world: World):
    world.storm()
    ((digest, pack),) = batch.fetch("SELECT digest, pack FROM document ORDER BY digest LIMIT 1", [], tuple[str, str])
    path = world.parts.settings.folder() / "archive" / pack[:2] / f"{pack}.zip"
    content = path.read_bytes()

    path.write_bytes(content[: len(content) // 3])
    problems = world.verified().problems
    path.unlink()
    missing = world.verified().problems
    path.write_bytes(content)

    assert [problem for problem in problems if pack in problem]
    assert [problem for problem in missing if pack in problem]
    assert world.verified().is_intact
    assert digest
