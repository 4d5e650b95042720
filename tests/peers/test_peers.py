"""Each peer starts, does what its tests rely on, and stops without leaving anything behind."""

import asyncio
import email.message
import http.server
import os
import pathlib
import queue
import smtplib
import ssl
import subprocess
import threading
from collections.abc import Generator

import psutil
import psycopg
import pytest
import typst
from paho.mqtt import client as mqtt
from paho.mqtt import enums, packettypes, properties, reasoncodes
from playwright import sync_api
from tests.peers import chromium as chromium_peer
from tests.peers import inventory, plugin, processes
from tests.peers import mosquitto as mosquitto_peer
from tests.peers import postfix as postfix_peer
from tests.peers import postgres15 as postgres15_peer
from tests.peers import verapdf as verapdf_peer

# --- Missing peers ----------------------------------------------------------------------------------------------------

MADE_UP = inventory.Peer(name="made-up", purpose="never there", packages=("made-up",), commands=("no-such-command",))


def test_the_list_names_every_peer_with_its_state() -> None:
    answer = subprocess.run([inventory.CHECKOUT / "scripts/peers", "list"], capture_output=True, text=True, check=True)
    states = {line.split()[0]: line.split()[1] for line in answer.stdout.splitlines()}
    assert states == {
        name: "present" if inventory.why_missing(peer) is None else "missing" for name, peer in inventory.PEERS.items()
    }


def test_a_missing_peer_skips_its_tests_and_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(inventory.PEERS, "made-up", MADE_UP)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"peer made-up is missing.*apt-get install .* made-up$"):
        plugin.require("made-up")


def test_a_missing_peer_fails_its_tests_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(inventory.PEERS, "made-up", MADE_UP)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"not installed: no-such-command"):
        plugin.require("made-up")


def test_jars_with_other_bytes_count_as_missing(tmp_path: pathlib.Path) -> None:
    parts = inventory.JavaParts(pom=tmp_path / "pom.xml", folder=tmp_path, sha256_by_name={"a.jar": "0" * 64})
    (tmp_path / "a.jar").write_bytes(b"something else")
    assert inventory.absent_jars(parts) == ("a.jar",)


# --- Processes --------------------------------------------------------------------------------------------------------


def test_a_process_that_dies_shows_its_log(tmp_path: pathlib.Path) -> None:
    process = processes.Process(["sh", "-c", "echo no such luck >&2; exit 3"], log=tmp_path / "log")
    with pytest.raises(processes.PeerFailedError, match=r"(?s)ended with 3 before luck.*no such luck"):
        process.wait_until_ready(lambda: False, what="luck")


def test_stopping_ends_the_whole_group(tmp_path: pathlib.Path) -> None:
    process = processes.Process(["sh", "-c", "sleep 60 & echo $! >&2; wait"], log=tmp_path / "log")
    process.wait_until_ready(lambda: (tmp_path / "log").read_text().endswith("\n"), what="child")
    child = psutil.Process(int((tmp_path / "log").read_text()))
    process.stop()
    gone, alive = psutil.wait_procs([child], timeout=5)
    assert (gone, alive) == ([child], []) or child.status() == psutil.STATUS_ZOMBIE


# --- Postfix ----------------------------------------------------------------------------------------------------------

MESSAGE = b"From: us@utility.test\r\nSubject: Power is back\r\n\r\nAll well.\r\n.a line with a dot\r\n"


@pytest.fixture
def smtp(postfix: postfix_peer.Postfix) -> Generator[smtplib.SMTP]:
    with smtplib.SMTP(postfix.host, postfix.port, local_hostname="utility.test") as connection:
        connection.ehlo()
        yield connection


def trusting(authority: pathlib.Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority))


def test_postfix_delivers_what_was_sent_byte_for_byte(smtp: smtplib.SMTP, postfix: postfix_peer.Postfix) -> None:
    smtp.starttls(context=trusting(postfix.authority))
    smtp.sendmail("verp+1@return.test", ["Anna.B@area.test"], MESSAGE)
    [mail] = postfix.wait_for_messages("Anna.B@area.test")
    assert (mail.sender, mail.recipient) == ("verp+1@return.test", "Anna.B@area.test")
    received, original = mail.content[: -len(MESSAGE)], mail.content[-len(MESSAGE) :]
    assert original == MESSAGE
    assert received.startswith(b"Received: from utility.test")
    assert mail.parsed["Subject"] == "Power is back"


@pytest.mark.parametrize(
    ("recipient", "code", "enhanced"),
    [
        ("bounce@area.test", 550, b"5.1.1"),
        ("bounce+anna@other.test", 550, b"5.1.1"),
        ("blocked@area.test", 554, b"5.7.1"),
        ("full@area.test", 552, b"5.2.2"),
        ("later@area.test", 450, b"4.2.1"),
        ("bouncer@area.test", 250, b"2.1.5"),
    ],
)
def test_postfix_refuses_by_local_part(smtp: smtplib.SMTP, recipient: str, code: int, enhanced: bytes) -> None:
    smtp.mail("us@utility.test")
    answer, text = smtp.rcpt(recipient)
    assert (answer, text.split()[0]) == (code, enhanced)


def status_of(notification: email.message.EmailMessage) -> dict[str, str]:
    assert notification.get_content_type() == "multipart/report"
    [report] = [part for part in notification.walk() if part.get_content_type() == "message/delivery-status"]
    fields: dict[str, str] = {}
    for block in report.walk():
        fields |= {name: str(value) for name, value in block.items()}
    return fields


@pytest.mark.parametrize(
    ("recipient", "action", "status"),
    [
        ("dsn@area.test", "failed", "5.1.1"),
        ("dsn-full@area.test", "failed", "5.2.2"),
        ("slow@area.test", "delayed", "4.4.1"),
    ],
)
def test_postfix_notifies_the_envelope_sender(
    smtp: smtplib.SMTP, postfix: postfix_peer.Postfix, recipient: str, action: str, status: str
) -> None:
    smtp.sendmail("verp+2@return.test", [recipient], MESSAGE)
    [notification] = postfix.wait_for_messages("verp+2@return.test")
    assert notification.sender == ""
    fields = status_of(notification.parsed)
    assert (fields["Action"], fields["Status"]) == (action, status)
    assert fields["Final-Recipient"] == f"rfc822; {recipient}"


def test_postfix_demands_a_login_where_told(postfix: postfix_peer.Postfix) -> None:
    with smtplib.SMTP(postfix.host, postfix.submission_port) as connection:
        connection.starttls(context=trusting(postfix.authority))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            connection.sendmail("us@utility.test", ["anna@area.test"], MESSAGE)
        with pytest.raises(smtplib.SMTPAuthenticationError, match="535"):
            connection.login(postfix.username, "wrong")
        connection.login(postfix.username, postfix.password)
        connection.sendmail("us@utility.test", ["anna@area.test"], MESSAGE)
    with smtplib.SMTP_SSL(postfix.host, postfix.tls_port, context=trusting(postfix.authority)) as connection:
        connection.login(postfix.username, postfix.password)
        connection.sendmail("us@utility.test", ["anna@area.test"], MESSAGE)
    assert len(postfix.wait_for_messages("anna@area.test", count=2)) == 2


def test_postfix_refuses_bare_line_feeds(smtp: smtplib.SMTP) -> None:
    smtp.mail("us@utility.test")
    smtp.rcpt("anna@area.test")
    assert smtp.docmd("DATA")[0] == 354
    smtp.send(b"Subject: smuggled\n.\r\nMAIL FROM:<x@y>\r\n.\r\n")
    assert smtp.getreply()[0] == 550


def test_postfix_comes_back_on_the_same_port_with_its_mail(postfix: postfix_peer.Postfix) -> None:
    with smtplib.SMTP(postfix.host, postfix.port) as connection:
        connection.sendmail("us@utility.test", ["anna@area.test"], MESSAGE)
    postfix.wait_for_messages("anna@area.test")
    postfix.stop()
    assert not processes.is_listening(postfix.port)
    postfix.restart()
    assert len(postfix.messages("anna@area.test")) == 1


# --- Mosquitto --------------------------------------------------------------------------------------------------------


class Listener:
    """A client with a session of its own that remembers what it was told."""

    def __init__(
        self, broker: mosquitto_peer.Mosquitto, *, name: str, is_tls: bool = False, password: str = ""
    ) -> None:
        self.received: queue.Queue[bytes] = queue.Queue()
        self.connected: queue.Queue[reasoncodes.ReasonCode] = queue.Queue()
        self.subscribed: queue.Queue[int] = queue.Queue()
        self.client = mqtt.Client(
            enums.CallbackAPIVersion.VERSION2, client_id=name, protocol=enums.MQTTProtocolVersion.MQTTv5
        )
        self.client.username_pw_set(broker.username, password or broker.password)
        if is_tls:
            self.client.tls_set(ca_certs=str(broker.authority))  # pyright: ignore[reportUnknownMemberType]
        self.client.on_connect = lambda _client, _data, _flags, reason, _properties: self.connected.put(reason)
        self.client.on_subscribe = lambda _client, _data, mid, _reasons, _properties: self.subscribed.put(mid)
        self.client.on_message = lambda _client, _data, message: self.received.put(bytes(message.payload))
        kept = properties.Properties(packettypes.PacketTypes.CONNECT)
        kept.SessionExpiryInterval = 3600
        port = broker.tls_port if is_tls else broker.port
        self.client.connect(broker.host, port, clean_start=False, properties=kept)
        self.client.loop_start()

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_mosquitto_refuses_a_wrong_password(mosquitto: mosquitto_peer.Mosquitto) -> None:
    listener = Listener(mosquitto, name="stranger", password="wrong")
    assert str(listener.connected.get(timeout=5)) == "Not authorized"
    listener.close()


def test_mosquitto_keeps_saved_messages_over_kill_9(mosquitto: mosquitto_peer.Mosquitto) -> None:
    away = Listener(mosquitto, name="away", is_tls=True)
    away.client.subscribe("meters/#", qos=1)
    away.subscribed.get(timeout=5)
    away.close()
    sender = Listener(mosquitto, name="sender")
    sender.client.publish("meters/1", b"last gasp", qos=1).wait_for_publish(timeout=5)
    sender.close()
    mosquitto.save()
    mosquitto.kill()
    assert not processes.is_listening(mosquitto.port)
    mosquitto.restart()
    back = Listener(mosquitto, name="away", is_tls=True)
    assert back.received.get(timeout=5) == b"last gasp"
    back.close()


# --- veraPDF ----------------------------------------------------------------------------------------------------------

TYPST = b'#set document(title: "Notice")\n#set text(lang: "en")\n= Notice\nPower is back.\n'


def test_verapdf_tells_good_from_bad(verapdf: verapdf_peer.Judge, tmp_path: pathlib.Path) -> None:
    good, undeclared, junk = (tmp_path / name for name in ("good.pdf", "undeclared.pdf", "junk.pdf"))
    good.write_bytes(typst.compile(TYPST, format="pdf", pdf_standards=["ua-1", "a-3a"]))
    undeclared.write_bytes(typst.compile(TYPST, format="pdf"))
    junk.write_bytes(b"not a PDF")
    verdicts = verapdf.judge([good, undeclared, junk])
    assert verdicts[good] == []
    assert {failure.split(":")[0] for failure in verdicts[undeclared]} >= {"ua1 5-1", "3a 6.6.4-1"}
    assert [failure.split(":")[0] for failure in verdicts[junk]] == ["ua1", "3a"]


def test_verapdf_refuses_to_judge_what_is_not_there(verapdf: verapdf_peer.Judge, tmp_path: pathlib.Path) -> None:
    with pytest.raises(FileNotFoundError):
        verapdf.judge([tmp_path / "absent.pdf"])


# --- PostgreSQL 15 ----------------------------------------------------------------------------------------------------


def test_postgres_is_version_15(postgres15_url: str) -> None:
    with psycopg.connect(postgres15_url) as connection:
        assert connection.info.server_version // 10_000 == 15


def test_postgres_survives_a_power_cut(postgres15: postgres15_peer.Cluster) -> None:
    url = postgres15.create_database("power_cut")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with psycopg.connect(url) as idle:
        postgres15.kill()
        with pytest.raises(psycopg.OperationalError):
            idle.execute("SELECT 1")
    postgres15.restart()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    postgres15.drop_database("power_cut")


# --- Chromium ---------------------------------------------------------------------------------------------------------


class Greeting(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Area 7</title><h1>Power is back</h1><script>console.log('seen')</script>")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Generator[str]:
    with http.server.ThreadingHTTPServer((processes.LOOPBACK, 0), Greeting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{processes.LOOPBACK}:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_chromium_shows_a_page(site: str, chromium_page: sync_api.Page, chromium: chromium_peer.Chromium) -> None:
    chromium_page.goto(site)
    assert chromium_page.title() == "Area 7"
    assert chromium_page.get_by_role("heading").inner_text() == "Power is back"
    assert chromium.console() == ["log: seen"]
    assert chromium_page.screenshot().startswith(b"\x89PNG")


def test_chromium_reaches_nothing_but_loopback(chromium_page: sync_api.Page) -> None:
    with pytest.raises(sync_api.Error, match="ERR_NAME_NOT_RESOLVED"):
        chromium_page.goto("http://signalpost.example/")


@pytest.mark.usefixtures("chromium")
def test_chromium_leaves_no_event_loop_behind() -> None:
    assert asyncio.run(asyncio.sleep(0, "ran")) == "ran"
    assert chromium_peer.DJANGO_SWITCH not in os.environ
