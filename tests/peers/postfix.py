"""A private Postfix on 127.0.0.1 that takes mail for every domain and shows what it got.

Nothing leaves the machine: every transport ends in one Maildir, in a bounce or nowhere. What happens to a recipient
is decided by the local part, a tag after "+" aside:

- `REFUSALS`: refused at RCPT TO with the reply given there ("bounce" 550, "later" 450, …);
- `ROUTES`: accepted, then bounced or delayed, which makes Postfix send a real delivery status notification to the
  envelope sender, or dropped;
- any other: delivered. Notifications are delivered the same way, so a VERP return address of any domain reads them.

Stricter than most servers on purpose: HELO, address syntax and bare line feeds are checked.
"""

import contextlib
import email.message
import email.parser
import email.policy
import os
import pwd
import re
import shutil
import socket
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import certificates, inventory, processes

HOST_NAME = "mx.peer.test"
MAILBOX_USER = "nobody"
DAEMON_USER = "postfix"
DAEMON_GROUP = "postdrop"
WAIT_SECONDS = 15.0
MESSAGE_LIMIT_BYTES = 20_000_000
#: A time of last modification, in seconds since 1970.
LONG_AGO = 1_000_000_000

#: Local part → the reply to RCPT TO.
REFUSALS: Mapping[str, str] = {
    "bounce": "550 5.1.1 No such user here",
    "blocked": "554 5.7.1 Message refused by policy",
    "full": "552 5.2.2 Mailbox full",
    "later": "450 4.2.1 Mailbox busy, try again later",
    "closing": "421 4.3.2 Closing the connection",
}

#: Local part → Postfix transport:nexthop of a message that was accepted.
ROUTES: Mapping[str, str] = {
    "dsn": "error:5.1.1 No such user after all",
    "dsn-full": "error:5.2.2 Mailbox full after all",
    "slow": "retry:4.4.1 Next host does not answer",
    "discard": "discard:",
}

_QUEUE_FOLDERS = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")

#: Headers that Postfix puts on top at delivery.
_DELIVERY_HEADER = re.compile(rb"(?P<name>Return-Path|X-Original-To|Delivered-To): <?(?P<value>[^\n>]*)>?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One delivered message with its envelope."""

    #: Envelope sender; "" for a notification.
    sender: str
    #: Envelope recipient as the client wrote it.
    recipient: str
    #: The Received lines Postfix put on top, then what the client sent, byte for byte; lines end with CRLF.
    content: bytes

    @property
    def parsed(self) -> email.message.EmailMessage:
        """The message as the standard library reads it."""
        return email.parser.BytesParser(email.message.EmailMessage, policy=email.policy.SMTP).parsebytes(self.content)


class Postfix:
    """A running Postfix; `port` takes mail from anyone and offers STARTTLS and AUTH."""

    def __init__(self, folder: Path, *, login: tuple[str, str]) -> None:
        """Prepare an instance below `folder`; `start` fills and runs it."""
        self.folder = folder
        self.host = processes.LOOPBACK
        self.port = processes.free_port()
        #: Demands STARTTLS, then AUTH.
        self.submission_port = processes.free_port()
        #: TLS from the first byte, then demands AUTH.
        self.tls_port = processes.free_port()
        self.username, self.password = login
        self.maildir = folder / "mail" / "inbox"
        self.log = folder / "log" / "mail.log"
        self.certificate = certificates.make(folder)

    @property
    def authority(self) -> Path:
        """PEM file of the authority that signed the server's certificate (127.0.0.1, localhost)."""
        return self.certificate.authority

    def messages(self, recipient: str | None = None) -> list[Mail]:
        """Give what was delivered so far, oldest first; only to `recipient` when given."""
        files = sorted((self.maildir / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        mails = [_read(path) for path in files]
        return [mail for mail in mails if recipient is None or mail.recipient == recipient]

    def wait_for_messages(
        self, recipient: str | None = None, *, count: int = 1, seconds: float = WAIT_SECONDS
    ) -> list[Mail]:
        """Wait until at least `count` messages were delivered and give them; late raises `PeerFailedError`."""
        found: list[Mail] = []

        def have_come() -> bool:
            found[:] = self.messages(recipient)
            return len(found) >= count

        self.process.wait_until(have_come, what=f"{count} messages to {recipient!r}", seconds=seconds)
        return found

    def clear(self) -> None:
        """Forget what was delivered so far."""
        for path in (self.maildir / "new").glob("*"):
            path.unlink()

    def log_tail(self) -> str:
        """Give the last lines of the mail log."""
        return f"{processes.tail_of(self.log)}\n{self.process.log_tail()}"

    def stop(self) -> None:
        """Stop listening and delivering; what is queued stays queued."""
        self.process.stop()

    def restart(self) -> None:
        """Run again on the same ports with the same queue and mailbox."""
        master = str(inventory.POSTFIX_DAEMONS / "master")
        config = str(self.folder / "config")
        self.process = processes.Process(
            [master, "-d", "-c", config], log=self.folder / "log" / "master.log", environment={"MAIL_CONFIG": config}
        )
        # The port accepts before the daemon behind it can run, so its greeting is what counts.
        self.process.wait_until_ready(self._greets, what=f"greeting on port {self.port}")

    def _greets(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=1.0) as connection:
                return connection.recv(3) == b"220"
        except (ConnectionRefusedError, TimeoutError):
            return False


@contextlib.contextmanager
def start(
    folder: Path | None = None,
    *,
    refusals: Mapping[str, str] = REFUSALS,
    routes: Mapping[str, str] = ROUTES,
    login: tuple[str, str] = ("signalpost", "correct horse"),
    message_limit_bytes: int = MESSAGE_LIMIT_BYTES,
) -> Generator[Postfix]:
    """Run a Postfix of our own; `folder` (default: a new one) must be reachable by every user.

    `refusals` and `routes` replace the tables of this module; `login` is the one user and password AUTH knows;
    larger messages than `message_limit_bytes` are refused with 552 5.3.4.
    """
    with processes.folder_for("postfix", folder) as base:
        server = Postfix(base, login=login)
        _lay_out(base)
        _write_config(server, refusals=refusals, routes=routes, message_limit_bytes=message_limit_bytes)
        _write_login(server)
        server.restart()
        try:
            yield server
        finally:
            server.stop()


def _lay_out(base: Path) -> None:
    for name in ("config", "config/sasl", "log", "mail", "data", "queue"):
        (base / name).mkdir()
    queue = base / "queue"
    for name in _QUEUE_FOLDERS:
        (queue / name).mkdir(mode=0o700)
        shutil.chown(queue / name, DAEMON_USER)
    for name, mode in (("private", 0o700), ("public", 0o710), ("maildrop", 0o730)):
        (queue / name).mkdir()
        (queue / name).chmod(mode)
        shutil.chown(queue / name, DAEMON_USER, DAEMON_GROUP if name != "private" else None)
    (queue / "pid").mkdir()
    shutil.chown(base / "data", DAEMON_USER)
    shutil.chown(base / "mail", MAILBOX_USER)


def _write_config(
    server: Postfix, *, refusals: Mapping[str, str], routes: Mapping[str, str], message_limit_bytes: int
) -> None:
    config = server.folder / "config"
    mailbox_account = pwd.getpwnam(MAILBOX_USER)
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": server.folder / "queue",
        "data_directory": server.folder / "data",
        "daemon_directory": inventory.POSTFIX_DAEMONS,
        "maillog_file": server.log,
        "maillog_file_prefixes": server.folder,
        "inet_interfaces": processes.LOOPBACK,
        "inet_protocols": "ipv4",
        "myhostname": HOST_NAME,
        "myorigin": "$myhostname",
        "mydestination": "",
        "alias_maps": "",
        "alias_database": "",
        "local_recipient_maps": "",
        "notify_classes": "",
        "biff": "no",
        # A client that forgets Date or Message-ID is to be seen doing so.
        "local_header_rewrite_clients": "",
        "smtpd_peername_lookup": "no",
        "smtp_dns_support_level": "disabled",
        "message_size_limit": message_limit_bytes,
        # Every domain ends in one Maildir, owned by MAILBOX_USER.
        "default_transport": "virtual",
        "local_transport": "virtual",
        "relay_transport": "virtual",
        "mailbox_size_limit": 0,
        "virtual_mailbox_limit": 0,
        "virtual_mailbox_base": server.maildir.parent,
        "virtual_mailbox_maps": f"static:{server.maildir.name}/",
        "virtual_uid_maps": f"static:{mailbox_account.pw_uid}",
        "virtual_gid_maps": f"static:{mailbox_account.pw_gid}",
        "transport_maps": f"regexp:{config / 'routes'}",
        "mynetworks": "127.0.0.0/8",
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
        "smtpd_recipient_restrictions": f"check_recipient_access regexp:{config / 'refusals'}, permit",
        "smtpd_reject_unlisted_recipient": "no",
        # A wrong password and a refused recipient cost no second of waiting.
        "smtpd_error_sleep_time": "0s",
        "smtpd_hard_error_limit": 1000,
        "smtpd_helo_required": "yes",
        "strict_rfc821_envelopes": "yes",
        "smtpd_forbid_bare_newline": "reject",
        "smtpd_forbid_bare_newline_exclusions": "",
        "in_flow_delay": 0,
        # A delayed message is tried again and reported within seconds.
        "queue_run_delay": "1s",
        "minimal_backoff_time": "2s",
        "maximal_backoff_time": "60s",
        "delay_warning_time": "1s",
        "smtpd_tls_security_level": "may",
        "smtpd_tls_cert_file": server.certificate.chain,
        "smtpd_tls_key_file": server.certificate.key,
        "smtpd_tls_auth_only": "yes",
        "smtpd_sasl_auth_enable": "yes",
        "smtpd_sasl_local_domain": "$myhostname",
    }
    with_login = "-o smtpd_client_restrictions=permit_sasl_authenticated,reject"
    services = [
        f"{server.host}:{server.port} inet n - n - - smtpd",
        f"{server.host}:{server.submission_port} inet n - n - - smtpd {with_login} -o smtpd_tls_security_level=encrypt",
        f"{server.host}:{server.tls_port} inet n - n - - smtpd {with_login} -o smtpd_tls_wrappermode=yes",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "flush unix n - n 1000? 0 flush",
        "showq unix n - n - - showq",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "discard unix - - n - - discard",
        "virtual unix - n n - - virtual",
        "anvil unix - - n - 1 anvil",
        "postlog unix-dgram n - n - 1 postlogd",
    ]
    contents = {
        "main.cf": "".join(f"{name} = {value}\n" for name, value in settings.items()),
        "master.cf": "".join(f"{service}\n" for service in services),
        "refusals": _table(refusals),
        "routes": _table(routes),
    }
    for name, content in contents.items():
        (config / name).write_text(content)
        # Postfix waits until a file is two seconds old, lest somebody still writes it.
        os.utime(config / name, (LONG_AGO, LONG_AGO))


def _table(answers: Mapping[str, str]) -> str:
    """Write a Postfix regexp table from local parts to answers."""
    return "".join(rf"/^{re.escape(local)}(\+[^@]*)?@/ {answer}" + "\n" for local, answer in answers.items())


def _write_login(server: Postfix) -> None:
    database = server.folder / "config" / "sasl" / "users.db"
    (server.folder / "config" / "sasl" / "smtpd.conf").write_text(
        f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {database}\nmech_list: PLAIN LOGIN\n"
    )
    command = inventory.find_command("saslpasswd2") or "saslpasswd2"
    processes.run([command, "-f", database, "-p", "-c", "-u", HOST_NAME, server.username], given=server.password)
    shutil.chown(database, DAEMON_USER)


def _read(path: Path) -> Mail:
    stored = path.read_bytes()
    envelope: dict[str, str] = {}
    start_at = 0
    while found := _DELIVERY_HEADER.match(stored, start_at):
        envelope.setdefault(found["name"].decode("ascii").lower(), found["value"].decode("utf-8"))
        start_at = found.end()
    # Virtual delivery stores lines with a bare line feed.
    content = stored[start_at:].replace(b"\n", b"\r\n")
    return Mail(sender=envelope["return-path"], recipient=envelope["x-original-to"], content=content)
