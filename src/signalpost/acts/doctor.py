"""The doctor: looks at everything an installation needs, says what it means and what to do. It changes nothing.

Ways out are tried up to the log-in and nothing is sent. What it says names no person and shows no secret.
"""

import datetime as dt
import os
import pathlib
import shutil
import socket
import stat
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
from django import db

from signalpost import channels, settings
from signalpost.channels.smtp import dkim
from signalpost.engines.pdf import glyphs
from signalpost.store import checkup, schema
from signalpost.store.health import State

FREE_BYTES_LEAST = 256 * 1024 * 1024
FREE_BYTES_WANTED = 2 * 1024 * 1024 * 1024
CLOCK_SKEW_SECONDS_MOST = 2.0
#: PostgreSQL 15 is the oldest version that is supported.
SERVER_VERSION_LEAST = 150_000
CONNECTIONS_SHARE_MOST = 0.8
CONNECT_SECONDS = 5.0
#: Names shown of those that are many.
NAMES_SHOWN = 5
_MB = 1024 * 1024
#: Debian's package of each family of further fonts, by the beginning of the family's name.
_FONT_PACKAGES = {"Noto Sans CJK": "fonts-noto-cjk", "Noto Sans": "fonts-noto-core"}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what was looked at, how well it is, what that means, and what to do."""

    name: str
    state: State
    meaning: str
    advice: str = ""


def outside(given: settings.Settings) -> Iterator[Finding]:
    """Look at everything that needs no database: settings, folders, fonts, keys, brokers."""
    yield from _settings(given)
    yield from _data_folder(given.folder())
    yield from _fonts()
    yield from _dkim(given)
    yield from _ways_in(given)


def ways_out(
    given: settings.Settings, build: Callable[[settings.Settings], Mapping[str, channels.Channel]]
) -> Iterator[Finding]:
    """Try every channel that is configured, and name those that are not."""
    # A signing key that cannot be read is a finding of its own, and no reason not to try the relay.
    without_signing = msgspec.structs.replace(given, dkim_selector="")
    try:
        built = build(without_signing)
    except settings.SettingError as error:
        yield _fail("channels", str(error), "correct the setting; `signalpost settings` shows what each wants")
        return
    for name, channel in built.items():
        problem = channel.check()
        channel.close()
        meaning, _, advice = problem.partition("; ")
        yield (
            _fail(f"channel {name}", meaning, advice or "see its settings")
            if problem
            else _ok(f"channel {name}", "answers as for sending")
        )
    for name, setting in (("smtp", given.smtp_url), ("sms", given.smpp_url)):
        if not setting:
            yield _warn(
                f"channel {name}",
                "is not configured: nothing goes out on it",
                f"set SIGNALPOST_{'SMTP' if name == 'smtp' else 'SMPP'}_URL",
            )


def database(now: Callable[[], dt.datetime]) -> Iterator[Finding]:
    """Look at the database and at what is in it."""
    try:
        yield from _server(now)
        yield from _tables()
    except db.Error as error:
        yield _fail(
            "database",
            f"does not answer: {type(error).__name__}",
            "check SIGNALPOST_DATABASE_URL, and that the server runs and lets this machine in",
        )


def _settings(given: settings.Settings) -> Iterator[Finding]:
    if not given.public_url:
        yield _warn(
            "public_url",
            f"links in messages lead to {given.url()}",
            "set SIGNALPOST_PUBLIC_URL to how customers get here",
        )
    elif not given.url().startswith("https://"):
        yield _warn("public_url", "links in messages are not encrypted", "give it an https:// address")
    else:
        yield _ok("public_url", given.url())
    try:
        zoneinfo.ZoneInfo(given.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield _fail(
            "time_zone", f"{given.time_zone!r} is none", "set SIGNALPOST_TIME_ZONE to a name like Europe/Berlin"
        )


def _data_folder(folder: pathlib.Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield _fail(
            "data folder", f"{str(folder)!r} is not there", "run `signalpost migrate`, or set SIGNALPOST_DATA_FOLDER"
        )
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield _fail("data folder", f"{str(folder)!r} cannot be written to", "give it to the user who runs Signalpost")
        return
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_LEAST:
        yield _fail("data folder", f"{free // _MB} MB are free", "make room: nothing can be stored")
    elif free < FREE_BYTES_WANTED:
        yield _warn("data folder", f"{free // _MB} MB are free", "make room soon")
    else:
        yield _ok("data folder", f"{str(folder)!r}, {free // _MB} MB are free")
    secret = folder / "secret.key"
    if secret.is_file() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield _fail("secret.key", "others can read the secret of links and sessions", f"chmod 600 {secret}")


def _fonts() -> Iterator[Finding]:
    known = {family.name for family in glyphs.fonts().further}
    missing = [family.name for family in glyphs.FURTHER if family.name not in known]
    for beginning, package in _FONT_PACKAGES.items():
        lacking = [name for name in missing if name.startswith(beginning)]
        missing = [name for name in missing if name not in lacking]
        if lacking:
            yield _warn(
                f"fonts {package}",
                f"letters with their characters fail to be laid out: {', '.join(lacking)}",
                f"apt-get install {package}",
            )
        else:
            yield _ok(f"fonts {package}", "every family is there")


def _dkim(given: settings.Settings) -> Iterator[Finding]:
    if not given.smtp_url:
        return
    if not given.dkim_selector:
        yield _warn(
            "DKIM", "e-mail is not signed, and large providers refuse it", "set SIGNALPOST_DKIM_SELECTOR and _KEY_FILE"
        )
        return
    domain = given.mail_from.rpartition("@")[2]
    try:
        pem = pathlib.Path(given.dkim_key_file).read_bytes()
        dkim.Signer(dkim.Identity(domain=domain, selector=given.dkim_selector, pem=pem))
    except OSError as error:
        yield _fail(
            "DKIM", f"the key {given.dkim_key_file!r} cannot be read: {error.strerror}", "see SIGNALPOST_DKIM_KEY_FILE"
        )
    except ValueError as error:
        yield _fail("DKIM", str(error), "make a key: openssl genpkey -algorithm ed25519 -out dkim.pem")
    else:
        yield _ok("DKIM", f"e-mail of {domain} is signed; its record: {given.dkim_selector}._domainkey.{domain}")


def _ways_in(given: settings.Settings) -> Iterator[Finding]:
    if given.mqtt_url:
        yield _broker(given)
    if given.returns_maildir:
        maildir = pathlib.Path(given.returns_maildir)
        if os.access(maildir / "new", os.R_OK | os.W_OK | os.X_OK):
            yield _ok("returns", f"{given.returns_maildir!r} is read")
        else:
            yield _fail(
                "returns",
                f"{given.returns_maildir!r} is no Maildir that this user can read and write",
                "see SIGNALPOST_RETURNS_MAILDIR; without it bounces are not noticed",
            )


def _broker(given: settings.Settings) -> Finding:
    try:
        broker = settings.endpoint(given.mqtt_url, "mqtt_url", ports={"mqtt": 1883, "mqtts": 8883})
    except settings.SettingError as error:
        return _fail("MQTT broker", str(error), "correct SIGNALPOST_MQTT_URL")
    place = f"{broker.host}:{broker.port}"
    try:
        socket.create_connection((broker.host, broker.port), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        meaning = f"{place} does not answer: {error.strerror or type(error).__name__}"
        return _fail("MQTT broker", meaning, "start the broker, or correct SIGNALPOST_MQTT_URL")
    return _ok("MQTT broker", f"{place} answers")


def _server(now: Callable[[], dt.datetime]) -> Iterator[Finding]:
    before = now()
    server = checkup.server()
    after = now()
    if server.version < SERVER_VERSION_LEAST:
        yield _fail("database", f"PostgreSQL {server.version_text}", "wanted 15 or later")
    elif server.is_standby:
        yield _fail("database", "is a standby and takes no writes", "name the primary in SIGNALPOST_DATABASE_URL")
    else:
        yield _ok("database", f"PostgreSQL {server.version_text}, {server.bytes // _MB} MB")
    if server.encoding != "UTF8":
        yield _fail("database encoding", f"{server.encoding}, locale {server.collation}", "make the database with UTF8")
    else:
        yield _ok("database encoding", f"UTF8, locale {server.collation}")
    skew = max((before - server.now).total_seconds(), (server.now - after).total_seconds(), 0.0)
    if skew > CLOCK_SKEW_SECONDS_MOST:
        yield _fail(
            "clock", f"this machine and the database differ by {skew:.1f} s", "set both by NTP: due times depend on it"
        )
    else:
        yield _ok("clock", "this machine and the database agree")
    if server.connections > CONNECTIONS_SHARE_MOST * server.connections_most:
        yield _warn("connections", f"{server.connections} of {server.connections_most}", "raise max_connections")


def _tables() -> Iterator[Finding]:
    pending = schema.pending()
    if pending:
        yield _fail("tables", f"{len(pending)} migrations are missing: {_some(pending)}", "signalpost migrate")
        return
    yield _ok("tables", "are those of this program")
    queue = checkup.queue()
    yield (
        _ok("workers", f"{queue.workers} at work")
        if queue.workers
        else _warn("workers", "none gives a sign of life: nothing goes out", "signalpost work")
    )
    yield from _counted("stalled jobs", queue.stalled, "their worker is gone", "`signalpost work` takes them up again")
    yield from _counted(
        "late jobs", queue.late, "they wait for a worker longer than 5 minutes", "more worker_processes"
    )
    yield from _counted(
        "dead letters", queue.dead, "gave up", "signalpost dead-letters, then signalpost redrive NUMBER"
    )
    yield from _counted(
        "quarantine", queue.quarantined, "could not be accepted", "signalpost quarantine, then signalpost replay NUMBER"
    )
    yield from _counted(
        "unclear deliveries",
        queue.undecided,
        "nobody knows whether they went out",
        "signalpost unclear, then signalpost settle",
    )
    yield from _counted("endpoints", queue.disabled, "get no news any more", "mend them and register them again")
    for name, since in checkup.paused():
        yield _warn(f"paused {name}", f"since {since:%Y-%m-%d %H:%M} UTC", f"signalpost resume {name}")
    types, live, without = checkup.templates()
    if not types:
        yield _warn("templates", "nothing is installed: no event leads to a message", "signalpost install")
    elif without:
        yield _warn(
            "templates", f"no live text for {_some(without)}: they are withheld", "approve and publish a version"
        )
    else:
        yield _ok("templates", f"{live} live versions for {types} communication types")


def _counted(name: str, count: int, meaning: str, advice: str) -> Iterator[Finding]:
    yield _warn(name, f"{count}: {meaning}", advice) if count else _ok(name, "none")


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:NAMES_SHOWN]) + (" and more" if len(listed) > NAMES_SHOWN else "")


def _ok(name: str, meaning: str) -> Finding:
    return Finding(name=name, state=State.OK, meaning=meaning)


def _warn(name: str, meaning: str, advice: str) -> Finding:
    return Finding(name=name, state=State.WARN, meaning=meaning, advice=advice)


def _fail(name: str, meaning: str, advice: str) -> Finding:
    return Finding(name=name, state=State.FAIL, meaning=meaning, advice=advice)
