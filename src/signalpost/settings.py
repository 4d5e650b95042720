"""Every setting, one row each: name, type, default, help. `SIGNALPOST_<NAME>` in the environment sets it.

The docs page of settings is made from this table, and a test proves that each is documented and used.
"""

import math
import pathlib
from collections.abc import Mapping
from typing import Annotated, Literal, get_args
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Meta

PREFIX = "SIGNALPOST_"


def _row(help_text: str) -> Meta:
    return Meta(description=help_text)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The table. A field is a setting; its annotation holds the help."""

    data_folder: Annotated[
        str, _row("Folder of the embedded database, the archive and the spool. Created when missing.")
    ] = "signalpost-data"
    database_url: Annotated[
        str, _row("PostgreSQL 15 or later as a postgresql:// URL. Empty: the embedded PostgreSQL in the data folder.")
    ] = ""
    secret_key: Annotated[
        str, _row("Signs sessions, links, bounce addresses. Empty: made once and kept in the data folder.")
    ] = ""
    host: Annotated[str, _row("Address the web server listens on.")] = "127.0.0.1"
    port: Annotated[int, _row("Port the web server listens on.")] = 8320
    public_url: Annotated[
        str, _row("How customers and systems reach this server, for links in messages. Empty: made of host and port.")
    ] = ""
    allowed_hosts: Annotated[str, _row("Host names the web server answers to, separated by commas.")] = (
        "127.0.0.1,localhost"
    )
    worker_processes: Annotated[int, _row("Worker processes for all lanes; 0 is one per processor.")] = 0
    urgent_processes: Annotated[int, _row("Further worker processes that take urgent work only.")] = 1
    compose_processes: Annotated[int, _row("Layout processes in each worker process.")] = 1
    smtp_url: Annotated[
        str,
        _row(
            "Relays for e-mail in order, separated by commas: smtp://, smtp+starttls:// or"
            " smtps://user:password@host:port, with `?per_second=N` where one has a rate. Empty: no e-mail."
        ),
    ] = ""
    smtp_ca_file: Annotated[
        str, _row("PEM file of the authority that signed the relay's certificate. Empty: the system's list.")
    ] = ""
    mail_from: Annotated[str, _row("Sender address of e-mail.")] = "notices@signalpost.example"
    mail_from_name: Annotated[str, _row("Sender name of e-mail; empty takes the brand's name.")] = ""
    bounce_domain: Annotated[str, _row("Domain that delivery reports are sent to (signed VERP addresses).")] = (
        "bounces.signalpost.example"
    )
    mail_per_domain_per_second: Annotated[
        float, _row("At most so many e-mails a second to one recipient domain; 0 is unbounded.")
    ] = 0
    dkim_selector: Annotated[str, _row("DKIM selector; empty does not sign.")] = ""
    dkim_key_file: Annotated[str, _row("PEM file with the DKIM private key (RSA or Ed25519).")] = ""
    returns_maildir: Annotated[
        str, _row("Maildir into which the mail server puts delivery reports and replies. Empty: none is read.")
    ] = ""
    smpp_url: Annotated[
        str,
        _row(
            "SMS centres in order, separated by commas: smpp:// or smpps://system_id:password@host:port, with"
            " `?per_second=N` where one has a rate. Empty: no SMS."
        ),
    ] = ""
    smpp_ca_file: Annotated[
        str, _row("PEM file of the authority that signed the SMS centre's certificate. Empty: the system's list.")
    ] = ""
    sms_from: Annotated[str, _row("Sender of SMS: a number in E.164 or up to 11 letters.")] = "SIGNALPOST"
    spool_folder: Annotated[str, _row("Folder for print batches. Empty: `spool` in the data folder.")] = ""
    spool_closing: Annotated[str, _row("Local times of day at which a print batch closes, or `every:SECONDS`.")] = (
        "12:00,18:00"
    )
    time_zone: Annotated[str, _row("Time zone of closing times and of the console.")] = "Europe/Berlin"
    letter_window: Annotated[
        Literal["din5008", "us10"], _row("Window of the envelope: `din5008` (A4) or `us10` (US letter).")
    ] = "din5008"
    mqtt_url: Annotated[
        str, _row("Broker to listen on: mqtt:// or mqtts://user:password@host:port. Empty: no MQTT.")
    ] = ""
    mqtt_topics: Annotated[str, _row("Topic filters to subscribe to, separated by commas.")] = "meters/+/events"
    mqtt_group: Annotated[
        str, _row("Name of the shared subscription, so that several listeners divide the messages. Empty: none.")
    ] = ""
    mqtt_client_id: Annotated[str, _row("Fixed client id; listeners of one group need one each.")] = "signalpost-1"
    mqtt_version: Annotated[str, _row("MQTT version: `5` or `3.1.1`.")] = "5"
    mqtt_ca_file: Annotated[str, _row("PEM file of the authority that signed the broker's certificate.")] = ""
    max_body_bytes: Annotated[int, _row("Largest inbound body.")] = 4_194_304
    max_batch_events: Annotated[int, _row("Most events in one batch.")] = 10_000
    rate_per_second: Annotated[
        float, _row("Requests a second that one API client may make on average; 0 is unbounded.")
    ] = 500
    rate_burst: Annotated[int, _row("Requests that one API client may make at once.")] = 1000
    require_mfa: Annotated[bool, _row("Whether staff reach the console only with a second factor.")] = False
    webhook_allow_private: Annotated[bool, _row("Whether webhooks may go to private and loopback addresses.")] = False
    metrics_token: Annotated[
        str, _row("Bearer token for `/metrics`. Empty: figures go to requests from this machine alone.")
    ] = ""
    otlp_endpoint: Annotated[
        str, _row("Where traces go over OTLP/HTTP, for instance http://collector:4318/v1/traces. Empty: none are kept.")
    ] = ""
    verapdf: Annotated[
        str,
        _row(
            "Program or jar of veraPDF, which judges letters. Empty: `verapdf` on PATH, or a jar in `judges` of the"
            " data folder; a template is then judged by `templates check` alone, otherwise whenever it is submitted."
        ),
    ] = ""
    browser: Annotated[
        str, _row("Chromium or a kin of it, which judges e-mail with `signalpost[checks]`. Empty: the one on PATH.")
    ] = ""
    unit_prices: Annotated[
        str,
        _row(
            "What a letter's page, an SMS segment, an e-mail or a push costs, for what a release would change: a"
            " currency and prices by channel. The default is an example; your contracts say yours."
        ),
    ] = "EUR letter=0.95 sms=0.075 email=0.001 push=0"
    writing_hours: Annotated[
        float, _row("Hours after which a letter that waits for an agent's words is reported as waiting too long.")
    ] = 24
    log_level: Annotated[str, _row("Level of the log: DEBUG, INFO, WARNING, ERROR.")] = "INFO"
    log_format: Annotated[
        Literal["text", "json"], _row("Lines of the log: `text` for people, `json` (one object a line) for machines.")
    ] = "text"

    def __repr__(self) -> str:
        """Show every setting but the secrets."""
        shown = {name: value for name, value in msgspec.structs.asdict(self).items() if name not in SECRETS}
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def folder(self) -> pathlib.Path:
        """The data folder, absolute."""
        return pathlib.Path(self.data_folder).absolute()

    def url(self) -> str:
        """How customers and systems reach this server, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


class SettingError(ValueError):
    """A setting in the environment is unknown or of the wrong type."""


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Raises:
        SettingError: names the variable, what was wanted and what was found.
    """
    fields = {field.name: field for field in msgspec.structs.fields(Settings)}
    given: dict[str, object] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in fields:
            raise SettingError(f"setting {variable!r}: wanted one of `signalpost settings`, got an unknown name")
        try:
            given[name] = msgspec.convert(text, fields[name].type, strict=False)
        except msgspec.ValidationError as error:
            raise SettingError(f"setting {variable!r}: {error}, got {text!r}") from error
    return msgspec.convert(given, Settings)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table, for docs and commands."""

    name: str
    type: str
    default: object
    help: str
    is_secret: bool


#: Settings whose value is never printed.
SECRETS = frozenset({"secret_key", "database_url", "smtp_url", "smpp_url", "mqtt_url", "metrics_token"})


def rows() -> tuple[Row, ...]:
    """Every setting, in the order of the table."""
    return tuple(_described(field) for field in msgspec.structs.fields(Settings))


def _described(field: msgspec.structs.FieldInfo) -> Row:
    kind, help_row = get_args(field.type)
    return Row(
        name=field.name,
        type="choice" if get_args(kind) else kind.__name__,
        default=field.default,
        help=help_row.description,
        is_secret=field.name in SECRETS,
    )


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What a setting with a URL says: where, and as whom."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    #: From `?per_second=` behind the address, 0 for none.
    per_second: float = 0

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Endpoint(scheme={self.scheme!r}, host={self.host!r}, port={self.port!r}, user={self.user!r})"


def endpoint(url: str, setting: str, *, ports: Mapping[str, int]) -> Endpoint:
    """Read the URL of a setting; `ports` holds the schemes it may have, with their usual ports.

    Raises:
        SettingError: names the setting and what was wanted, never the URL: there is a password in it.
    """
    wanted = ", ".join(f"{scheme}://" for scheme in ports)
    told = f"setting {setting!r}: wanted {wanted}user:password@host:port, got another form"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingError(told) from None
    if parts.scheme not in ports or not parts.hostname:
        raise SettingError(told)
    return Endpoint(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def endpoints(urls: str, setting: str, *, ports: Mapping[str, int]) -> tuple[Endpoint, ...]:
    """Read a setting with several URLs in order, separated by commas; each may end with `?per_second=NUMBER`.

    Raises:
        SettingError: as `endpoint`; or a rate is none, or two name the same host and port.
    """
    found: list[Endpoint] = []
    for url in urls.split(","):
        address, _, query = url.strip().partition("?")
        given = _per_second(query, setting)
        found.append(msgspec.structs.replace(endpoint(address, setting, ports=ports), per_second=given))
    if len({(one.host, one.port) for one in found}) < len(found):
        raise SettingError(f"setting {setting!r}: wanted each host and port once, got one of them twice")
    return tuple(found)


def _per_second(query: str, setting: str) -> float:
    name, _, text = query.partition("=")
    try:
        rate = float(text) if query else 0.0
    except ValueError:
        rate = -1.0
    if not 0 <= rate < math.inf or name not in {"", "per_second"}:
        raise SettingError(f"setting {setting!r}: wanted ?per_second=NUMBER behind the address, got another form")
    return rate
