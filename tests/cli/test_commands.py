"""Every command: its help, good and bad input, what it says and its exit code."""

import io
import pathlib
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from procrastinate.contrib.django import app
from tests.cli import running
from tests.path.test_documents import bill
from tests.path.world import World

from signalpost import cli
from signalpost.store import batch
from signalpost.vocabulary import deliveries
from signalpost.work import runner

COMMANDS = cli.commands()


@pytest.fixture(autouse=True)
def settings_of_the_town(configured: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read the environment: let it say what this process is set up for."""
    del configured
    monkeypatch.setenv("SIGNALPOST_DATA_FOLDER", django_settings.SIGNALPOST.data_folder)
    monkeypatch.setenv("SIGNALPOST_DATABASE_URL", django_settings.SIGNALPOST_DATABASE_URL)


def test_each_command_is_listed_under_the_module_that_has_it():
    assert {module: [command.name for command in cli.commands(module)] for module in cli.MODULES} == {
        module: list(names) for module, names in cli.MODULES.items()
    }
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]):
    command = next(command for command in COMMANDS if command.name == name)
    with pytest.raises(SystemExit) as ended:
        cli.main([*name.split(), "--help"])

    assert ended.value.code == 0
    assert command.help.split()[0] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["why"], "the following arguments are required: ref"),
        (["install"], "the following arguments are required: --author, --approver"),
        (["import", "nonsense", "x.csv"], "invalid choice: 'nonsense'"),
        (["redrive", "many"], "invalid int value: 'many'"),
        (["replay", "one"], "invalid int value: 'one'"),
        (["settle", "ref", "maybe"], "invalid choice: 'maybe'"),
        (["client", "erp", "--scope", "all"], "invalid choice: 'all'"),
        (["user", "grace", "--role", "king"], "invalid choice: 'king'"),
        (["backup"], "the following arguments are required: target"),
        (["restore"], "the following arguments are required: source"),
        (["doctor", "--xml"], "unrecognized arguments: --xml"),
        (["serve", "now"], "unrecognized arguments: now"),
        (["listen"], "the following arguments are required: source"),
    ],
    ids=str,
)
def test_words_that_are_off_are_named_with_code_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["why", "nobody"], "wanted a communication, decision or customer, got none named 'nobody'"),
        (["install", "d9", "--author", "a", "--approver", "b"], "playbook: wanted one of "),
        (["import", "customer", "/no/such/file.csv"], "'/no/such/file.csv': No such file or directory"),
        (["pause", "everything"], "wanted one of lane:urgent, lane:normal, lane:bulk, channel:"),
        (["pause", "channel:pigeon"], "got 'channel:pigeon'"),
        (["redrive", "4711"], "job: wanted one that gave up, got 4711; `dead-letters` lists them"),
        (["replay", "4711"], "wanted an open refusal numbered 4711, got none; `quarantine` lists them"),
        (["settle", "nix", "resend"], "wanted an unclear one, got 'nix'; `unclear` lists them"),
        (["listen", "pigeon"], "source: wanted one that is configured, got 'pigeon'"),
        (["try", "d9"], "playbook: wanted one of "),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said_in_one_line_with_code_1(
    world: World, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    del world
    code = running.here(*words)

    written = capsys.readouterr()
    assert code == 1
    assert written.err.startswith(f"signalpost {words[0]}: ")
    assert said in written.err
    assert written.err.count("\n") == 1


def test_why_and_verify(world: World, capsys: pytest.CaptureFixture[str]):
    world.event("billing.closed", "A-cem-M-04", bill())
    world.drain()
    assert running.here("why", "cem") == 0
    why = capsys.readouterr().out
    assert running.here("verify") == 0
    verified = capsys.readouterr().out

    assert why.startswith("notice ")
    assert " to cem" in why
    assert " facts, intact; head " in verified
    assert " documents, 0 problems" in verified


def test_verify_ends_with_1_when_a_fact_was_changed(world: World, capsys: pytest.CaptureFixture[str]):
    world.event("billing.closed", "A-cem-M-04", bill())
    world.drain()
    batch.run("UPDATE log_fact SET body = replace(body, '{', '{ ') WHERE sequence = 1")
    code = running.here("verify")
    batch.run("UPDATE log_fact SET body = replace(body, '{ ', '{') WHERE sequence = 1")

    assert code == 1
    assert "log: record 1: " in capsys.readouterr().out


def test_pause_and_resume(world: World, capsys: pytest.CaptureFixture[str]):
    del world
    codes = [
        running.here(*words) for words in (["pause", "lane:bulk"], ["resume", "lane:bulk"], ["resume", "lane:bulk"])
    ]

    assert codes == [0, 0, 0]
    assert capsys.readouterr().out == "lane:bulk: paused\nlane:bulk: goes on\nlane:bulk: was not paused\n"


def test_dead_letters_and_redrive(world: World, capsys: pytest.CaptureFixture[str]):
    world.change("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('normal', 'keep', 'failed')")
    (job,) = runner.dead_letters(app)
    assert running.here("dead-letters") == 0
    assert running.here("redrive", str(job.id)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{job.id}\tkeep\t")
    assert lines[1:] == ["1 dead letters", f"job {job.id}: back in the queue"]
    world.change("DELETE FROM procrastinate_jobs")


def test_quarantine_and_replay(world: World, capsys: pytest.CaptureFixture[str]):
    world.post(b'{"specversion": "1.0"}')
    assert running.here("quarantine") == 0
    listed = capsys.readouterr().out.splitlines()
    number = listed[0].partition("\t")[0]
    code = running.here("replay", number)

    assert listed[-1] == "1 in quarantine"
    assert code == 1
    assert "still refused: " in capsys.readouterr().out


def lost(outgoing: deliveries.Outgoing) -> deliveries.Outcome:
    del outgoing
    return deliveries.Outcome(kind=deliveries.OutcomeKind.UNCLEAR)


def test_unclear_and_settle(world: World, capsys: pytest.CaptureFixture[str]):
    world.email.answer = lost
    world.event("billing.closed", "A-cem-M-04", bill())
    world.later(1_000_000)
    world.drain()
    assert running.here("unclear") == 0
    listed = capsys.readouterr().out.splitlines()
    ref = listed[0].partition("\t")[0]
    assert running.here("settle", ref, "delivered") == 0
    world.drain()

    assert listed[-1] == "1 deliveries wait for a person"
    assert capsys.readouterr().out == f"{ref}: delivered\n"


def test_nobody_approves_their_own_templates(world: World, capsys: pytest.CaptureFixture[str]):
    world.forget()
    code = running.here("install", "--author", "ann", "--approver", "ann")
    world.settle_in()

    assert code == 1
    assert capsys.readouterr().err.startswith("signalpost install: approve: ")


def test_import_and_its_preview(world: World, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]):
    del world
    rows = running.csv(tmp_path, "ref,name\nNORTH,Northside\n")
    bad = running.csv(tmp_path / "..", "ref,name\n,Nowhere\n")
    codes = [running.here("import", "area", rows, "--preview"), running.here("import", "area", rows)]
    codes.append(running.here("import", "area", bad))

    written = capsys.readouterr().out
    assert codes == [0, 0, 1]
    assert "area: 1 rows would be stored, 0 refused" in written
    assert "area: 1 rows stored, 0 refused" in written
    assert "line 2: : wanted Object missing required field `ref`" in written


def test_install_migrate_client_and_user(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    del world
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\n"))
    codes = [
        running.here("migrate"),
        running.here("install", "--author", "ann", "--approver", "bob"),
        running.here("client", "erp", "--scope", "events:write"),
        running.here("user", "grace", "--role", "operations"),
    ]
    lines = capsys.readouterr().out.splitlines()
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    without_password = running.here("user", "grace", "--role", "operations")

    assert codes == [0, 0, 0, 0]
    assert [line.partition("=")[0] for line in lines[2:4]] == ["client_id", "client_secret"]
    assert lines[0] == "database: ready"
    assert lines[4] == "grace: operations"
    assert "horse" not in "".join(lines)
    assert without_password == 1


def test_settings_show_no_secret():
    given = {"SMTP_URL": "smtp://u:hunter2@mail.example", "DATABASE_URL": "postgresql://u:hunter2@db.example/x"}
    said = running.alone("settings", settings=given)

    assert said.code == 0
    assert "SIGNALPOST_SMTP_URL = (set)" in said.out
    assert "hunter2" not in said.out + said.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"PROT": "1"}, "setting 'SIGNALPOST_PROT': wanted one of `signalpost settings`, got an unknown name"),
        ({"PORT": "many"}, "setting 'SIGNALPOST_PORT': "),
        ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"}, "database: wanted it to answer, got "),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_its_secret_is_not(
    given: dict[str, str], told: str, tmp_path: pathlib.Path
):
    said = running.alone("why", "x", settings=given | {"DATA_FOLDER": str(tmp_path)})

    assert said.code == 1
    assert told in said.err
    assert "hunter2" not in said.err


def test_a_reader_that_goes_away_is_no_error(world: World):
    world.event("billing.closed", "A-cem-M-04", bill())
    world.drain()
    command = [sys.executable, "-m", "signalpost", "why", "cem"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read().decode()
        code = process.wait(running.PATIENCE_SECONDS)

    assert code == cli.READER_GONE
    assert "Traceback" not in told
    assert "BrokenPipe" not in told


def test_a_database_without_tables_says_to_migrate(tmp_path: pathlib.Path):
    said = running.alone("why", "x", settings={"DATA_FOLDER": str(tmp_path / "data")})

    assert said.code == 1
    assert "run `signalpost migrate`" in said.err
