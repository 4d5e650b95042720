"""The doctor on real peers that are up, and down; and on folders, keys and databases that are not as they should be."""

import datetime as dt
import json
import pathlib
import stat

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from tests.cli import running
from tests.path.test_documents import bill
from tests.path.world import World
from tests.peers import mosquitto as mqtt
from tests.peers import postfix as smtp
from tests.peers import processes
from tests.peers import smsc as sms

from signalpost import settings, wiring
from signalpost.acts import doctor, operate
from signalpost.store import batch

PUBLIC = "https://notices.example"


def found(findings: "list[doctor.Finding]") -> dict[str, str]:
    return {finding.name: finding.state.value for finding in findings}


def given(folder: pathlib.Path, **more: str) -> settings.Settings:
    made = settings.Settings(data_folder=str(folder), public_url=PUBLIC)
    return msgspec.structs.replace(made, **more)


def ways_out(read: settings.Settings) -> dict[str, doctor.Finding]:
    return {finding.name: finding for finding in doctor.ways_out(read, wiring.channels_of)}


@pytest.mark.peer("postfix")
def test_a_relay_that_answers_is_well_and_gets_no_mail(postfix: smtp.Postfix, tmp_path: pathlib.Path):
    url = f"smtp+starttls://{postfix.username}:{postfix.password}@127.0.0.1:{postfix.submission_port}"
    read = given(tmp_path, smtp_url=url, smtp_ca_file=str(postfix.authority))

    assert ways_out(read)["channel smtp"].state == doctor.State.OK
    assert postfix.messages() == []


@pytest.mark.peer("postfix")
def test_a_relay_that_refuses_the_login_is_named_and_the_password_is_not(postfix: smtp.Postfix, tmp_path: pathlib.Path):
    url = f"smtp+starttls://{postfix.username}:hunter2@127.0.0.1:{postfix.submission_port}"
    finding = ways_out(given(tmp_path, smtp_url=url, smtp_ca_file=str(postfix.authority)))["channel smtp"]

    assert finding.state == doctor.State.FAIL
    assert "login refused" in finding.meaning
    assert finding.advice
    assert "hunter2" not in finding.meaning + finding.advice


def test_a_relay_that_is_down_is_named(tmp_path: pathlib.Path):
    port = processes.free_port()
    finding = ways_out(given(tmp_path, smtp_url=f"smtp://127.0.0.1:{port}"))["channel smtp"]

    assert finding.state == doctor.State.FAIL
    assert str(port) in finding.meaning
    assert finding.advice


@pytest.mark.peer("smsc")
def test_a_centre_that_answers_is_well_and_gets_no_message(smsc: sms.Smsc, tmp_path: pathlib.Path):
    url = f"smpp://{smsc.system_id}:{smsc.password}@127.0.0.1:{smsc.port}"

    assert ways_out(given(tmp_path, smpp_url=url))["channel smpp"].state == doctor.State.OK
    assert smsc.submits() == []


def test_a_centre_that_is_down_is_named(tmp_path: pathlib.Path):
    finding = ways_out(given(tmp_path, smpp_url=f"smpp://u:hunter2@127.0.0.1:{processes.free_port()}"))["channel smpp"]

    assert finding.state == doctor.State.FAIL
    assert "hunter2" not in finding.meaning + finding.advice


def test_what_is_not_configured_is_a_warning_and_a_bad_address_a_failure(tmp_path: pathlib.Path):
    nothing = ways_out(given(tmp_path))
    bad = ways_out(given(tmp_path, smtp_url="http://mail.example"))

    assert {name: nothing[name].state for name in ("channel smtp", "channel sms")} == {
        "channel smtp": doctor.State.WARN,
        "channel sms": doctor.State.WARN,
    }
    assert bad["channels"].state == doctor.State.FAIL
    assert "smtp_url" in bad["channels"].meaning


def test_a_spool_folder_that_cannot_be_written_is_named(tmp_path: pathlib.Path):
    (tmp_path / "file").write_bytes(b"")
    finding = ways_out(given(tmp_path, spool_folder=str(tmp_path / "file" / "spool")))["channel print_spool"]

    assert finding.state == doctor.State.FAIL
    assert finding.advice == "change spool_folder"


@pytest.mark.peer("mosquitto")
def test_a_broker_up_and_down(mosquitto: mqtt.Mosquitto, tmp_path: pathlib.Path):
    up = found(list(doctor.outside(given(tmp_path, mqtt_url=f"mqtt://127.0.0.1:{mosquitto.port}"))))
    down = found(list(doctor.outside(given(tmp_path, mqtt_url=f"mqtt://127.0.0.1:{processes.free_port()}"))))

    assert (up["MQTT broker"], down["MQTT broker"]) == ("ok", "fail")


def test_keys_folders_and_names(tmp_path: pathlib.Path):
    good, bad = tmp_path / "good.pem", tmp_path / "bad.pem"
    key = ed25519.Ed25519PrivateKey.generate()
    good.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    bad.write_bytes(b"no key")
    (tmp_path / "secret.key").write_text("s")
    (tmp_path / "secret.key").chmod(0o644)

    def dkim(file: pathlib.Path) -> str:
        read = given(tmp_path, smtp_url="smtp://mail.example", dkim_selector="s1", dkim_key_file=str(file))
        return found(list(doctor.outside(read)))["DKIM"]

    others = found(list(doctor.outside(given(tmp_path, time_zone="Mars/Base", returns_maildir=str(tmp_path)))))
    (tmp_path / "secret.key").chmod(stat.S_IRUSR)
    gone = found(list(doctor.outside(given(tmp_path / "gone", public_url=""))))

    assert [dkim(good), dkim(bad), dkim(tmp_path / "none.pem")] == ["ok", "fail", "fail"]
    assert {name: others[name] for name in ("data folder", "secret.key", "time_zone", "returns", "public_url")} == {
        "data folder": "ok",
        "secret.key": "fail",
        "time_zone": "fail",
        "returns": "fail",
        "public_url": "ok",
    }
    assert (gone["data folder"], gone["public_url"]) == ("fail", "warn")
    assert "secret.key" not in found(list(doctor.outside(given(tmp_path))))


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_a_database_that_is_well(world: World):
    del world
    batch.run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    states = found(list(doctor.database(clock)))

    assert {name for name, state in states.items() if state != "ok"} == set()
    assert {"database", "database encoding", "clock", "tables", "workers", "dead letters", "templates"} <= set(states)


def test_a_clock_that_differs_is_named(world: World):
    del world
    states = found(list(doctor.database(lambda: clock() + dt.timedelta(minutes=5))))

    assert states["clock"] == "fail"


def test_what_waits_for_a_person_is_a_warning_each(world: World):
    world.post(b"no event")
    world.event("billing.closed", "A-cem-M-04", bill())
    operate.pause("channel:email", by="olga", reason="")
    world.change("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('n', 'keep', 'failed')")
    world.change("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('n', 'keep', 'doing')")
    world.change(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        " VALUES ('n', 'keep', now() - interval '1 hour')"
    )
    world.change("UPDATE template_version SET state = 'retired' WHERE communication_id = 'bill'")
    states = found(list(doctor.database(clock)))
    world.change("DELETE FROM procrastinate_jobs")
    operate.resume("channel:email", by="olga")

    warned = {name for name, state in states.items() if state == "warn"}
    assert warned >= {"workers", "stalled jobs", "late jobs", "dead letters", "quarantine", "paused channel:email"}
    assert set(states.values()) == {"ok", "warn"}


def test_missing_tables_end_with_1_and_each_line_says_what_to_do(tmp_path: pathlib.Path):
    """The whole command, on a data folder of its own that nobody has prepared."""
    said = running.alone("doctor", "--json", settings={"DATA_FOLDER": str(tmp_path / "data")})
    lines = [json.loads(line) for line in said.out.splitlines()]
    states = {line["name"]: line["state"] for line in lines}

    assert said.code == 1
    assert states["tables"] == "fail"
    assert [line for line in lines if line["state"] != "ok" and not line["advice"]] == []
    assert all(line.keys() == {"name", "state", "meaning", "advice"} for line in lines)
