"""The listener for receipts and replies against jSMPP's server."""

import concurrent.futures
import os
import signal
import time

import pytest
from tests.peers import plugin, processes
from tests.peers import smsc as smsc_peer
from tests.sources import listening

from signalpost import settings as table
from signalpost.sources import built_in, sms

DELIVER_SM_RESP_LATER = 0x64


def config(server: smsc_peer.Smsc, *, password: str = "") -> sms.Config:
    return sms.Config(
        host=server.host, port=server.port, system_id=server.system_id, password=password or server.password
    )


def test_a_message_is_acknowledged_after_it_is_stored(smsc: smsc_peer.Smsc):
    with listening.Running(sms.Sms(config(smsc))) as running, concurrent.futures.ThreadPoolExecutor(1) as phone:
        smsc.wait_for_binds(1)
        running.gate.clear()
        sent = phone.submit(smsc.send_message, "4915112345", "49800", content=b"OFF")
        with pytest.raises(TimeoutError):
            sent.result(0.5)
        assert smsc.pdus(smsc_peer.DELIVER_SM_RESP) == []
        running.gate.set()
        assert sent.result(5) == smsc_peer.ESME_ROK
        [raw] = running.stored
    assert (raw.channel, raw.sender, raw.content_type) == ("smpp", "signalpost", sms.MEDIA_TYPE)
    assert b"OFF" in raw.body
    assert [bind.mode for bind in smsc.binds()] == ["BIND_RX"]
    assert len(smsc.wait_for_pdus(smsc_peer.UNBIND)) == 1


def test_what_cannot_be_stored_is_asked_for_again(smsc: smsc_peer.Smsc):
    with listening.Running(sms.Sms(config(smsc)), failures=1) as running:
        smsc.wait_for_binds(1)
        assert smsc.send_message("4915112345", "49800", content=b"OFF") == DELIVER_SM_RESP_LATER
        assert running.stored == []
        assert smsc.send_message("4915112345", "49800", content=b"OFF") == smsc_peer.ESME_ROK
        assert len(running.stored) == 1


@pytest.mark.parametrize("how", ["disconnect", "unbind", "kill"])
def test_a_lost_connection_is_made_again(smsc: smsc_peer.Smsc, how: str):
    with listening.Running(sms.Sms(config(smsc))) as running:
        smsc.wait_for_binds(1)
        if how == "kill":
            smsc.kill()
            smsc.restart()
        else:
            {"disconnect": smsc.disconnect, "unbind": smsc.unbind}[how]()
        smsc.wait_for_binds(2)
        assert smsc.send_message("4915112345", "49800", content=b"OFF") == smsc_peer.ESME_ROK
        running.wait_for(1)


def test_a_refused_bind_is_tried_again(smsc: smsc_peer.Smsc, caplog: pytest.LogCaptureFixture):
    smsc.behave(next_binds=[smsc_peer.ESME_RBINDFAIL])
    with listening.Running(sms.Sms(config(smsc))):
        smsc.wait_for_binds(2)
    assert "refuses to bind as 'signalpost': status 0xd" in caplog.text


def test_a_wrong_password_is_not_logged(smsc: smsc_peer.Smsc, caplog: pytest.LogCaptureFixture):
    with listening.Running(sms.Sms(config(smsc, password="tellme"))):
        smsc.wait_for_binds(1)
    assert "status 0xe" in caplog.text
    assert "tellme" not in caplog.text
    assert "tellme" not in repr(config(smsc, password="tellme"))


def test_the_centre_is_answered_when_it_asks():
    plugin.require("smsc")
    with (
        smsc_peer.start(enquire_link_seconds=0.3) as server,
        listening.Running(sms.Sms(config(server))) as running,
    ):
        server.wait_for_pdus(smsc_peer.ENQUIRE_LINK_RESP, 2)
        assert len(server.binds()) == 1
        assert running.stored == []


PATIENCE_SECONDS = 20.0


def test_a_centre_that_says_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, smsc: smsc_peer.Smsc):
    monkeypatch.setattr(sms, "SILENCE_SECONDS", 0.2)
    with listening.Running(sms.Sms(config(smsc))):
        smsc.wait_for_pdus(smsc_peer.ENQUIRE_LINK, 2)
    assert len(smsc.binds()) == 1


def test_a_frozen_centre_is_left(
    monkeypatch: pytest.MonkeyPatch, smsc: smsc_peer.Smsc, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(sms, "SILENCE_SECONDS", 0.2)
    monkeypatch.setattr(sms, "ANSWER_SECONDS", 0.3)
    with listening.Running(sms.Sms(config(smsc))):
        smsc.wait_for_binds(1)
        os.kill(smsc.process.pid, signal.SIGSTOP)
        # It may freeze before its answer to the bind is out: then that answer is what does not come.
        until = time.monotonic() + PATIENCE_SECONDS
        while "SMS centre:" not in caplog.text and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(smsc.process.pid, signal.SIGCONT)
        smsc.wait_for_binds(2)


def test_many_receipts_are_stored_in_few_batches(smsc: smsc_peer.Smsc):
    with listening.Running(sms.Sms(config(smsc))) as running:
        smsc.wait_for_binds(1)
        for number in range(50):
            assert smsc.send_message("4915112345", "49800", content=b"%d" % number) == smsc_peer.ESME_ROK
        running.wait_for(50)
    assert len({raw.body for raw in running.stored}) == 50


def test_every_centre_is_listened_to_and_named(smsc: smsc_peer.Smsc):
    with smsc_peer.start() as other, listening.Running(sms.Sms(config(smsc), config(other))) as running:
        for server in (smsc, other):
            server.wait_for_binds(1)
            assert server.send_message("4915112345", "49800", content=b"OFF") == smsc_peer.ESME_ROK
        names = {raw.content_type for raw in running.wait_for(2)}
    assert names == {f"{sms.MEDIA_TYPE}; centre={server.host}:{server.port}" for server in (smsc, other)}


def test_a_centre_that_is_away_silences_no_other(smsc: smsc_peer.Smsc):
    away = sms.Config(host="127.0.0.1", port=processes.free_port(), system_id="signalpost", password="x")
    with listening.Running(sms.Sms(away, config(smsc))) as running:
        smsc.wait_for_binds(1)
        assert smsc.send_message("4915112345", "49800", content=b"OFF") == smsc_peer.ESME_ROK
        running.wait_for(1)


def test_the_settings_make_the_listener():
    given = table.Settings(smpp_url="smpps://sys%40tem:pass@centre.example")
    source = built_in.build(given)["sms"]
    assert isinstance(source, sms.Sms)
    assert source.centres == (
        sms.Config(host="centre.example", port=3550, system_id="sys@tem", password="pass", uses_tls=True),
    )
    assert built_in.build(table.Settings()) == {}
