"""Wiring: builds everything from the settings. The only module that imports all parts.

`set_up` is called once per process, before anything touches the database.
"""

import atexit
import datetime as dt
import hashlib
import logging
import os
import pathlib
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

import django
import msgspec
from django.conf import settings as django_settings
from django.core import signing
from django.core.wsgi import get_wsgi_application

from signalpost import channels as channel_protocol
from signalpost import engines as engine_protocol
from signalpost import settings as table
from signalpost import sources as source_protocol
from signalpost.channels import print_spool, smpp, smtp, webhook
from signalpost.channels.smpp import link
from signalpost.channels.smtp import dkim, relay
from signalpost.engines import email, pdf, text
from signalpost.sources import maildir, mqtt, sms
from signalpost.store import archive, embedded
from signalpost.vocabulary import events, parties
from signalpost.work import parts as work_parts

#: Salt of links in messages; part of what the signature covers.
LINK_SALT = "signalpost.link"
#: File in the data folder that holds the secret when no setting does.
SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file

APPS = [
    "signalpost.store",
    "signalpost.web.console",
    "signalpost.web.portal",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "oauth2_provider",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def set_up(given: table.Settings, *, database_url: str = "") -> None:
    """Make Django ready for these settings; starts the embedded PostgreSQL when no other is named.

    Args:
        given: The settings.
        database_url: An address known already, so that child processes do not attach on their own.

    Raises:
        embedded.EmbeddedError: the embedded PostgreSQL cannot run in the data folder; says why and what to do.
    """
    folder = given.folder()
    folder.mkdir(parents=True, exist_ok=True)
    url = database_url or given.database_url
    if not url:
        attachment = embedded.attach(folder / "postgres")
        atexit.register(attachment.release)
        url = attachment.url
    logging.basicConfig(level=given.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    django_settings.configure(**django_table(given, url))
    django.setup(set_prefix=False)


def django_table(given: table.Settings, database_url: str) -> dict[str, object]:
    """What Django is configured with."""
    return {
        "SIGNALPOST": given,
        "SIGNALPOST_DATABASE_URL": database_url,
        "SIGNALPOST_ARCHIVE": archive.Archive(given.folder() / "archive"),
        "SIGNALPOST_SPOOL": lambda: _spool(given),
        "SIGNALPOST_LINK_SALT": LINK_SALT,
        "DEBUG": False,
        "SECRET_KEY": _secret(given),
        "ALLOWED_HOSTS": [host.strip() for host in given.allowed_hosts.split(",")],
        "CSRF_TRUSTED_ORIGINS": [given.url()],
        "INSTALLED_APPS": APPS,
        "MIDDLEWARE": MIDDLEWARE,
        "ROOT_URLCONF": "signalpost.web.urls",
        "WSGI_APPLICATION": "signalpost.web.app.application",
        "DATABASES": {"default": database(database_url)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "AUTHENTICATION_BACKENDS": [
            "django.contrib.auth.backends.ModelBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
        ],
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LANGUAGE_CODE": "en",
        "STATIC_URL": "/static/",
        "STATIC_ROOT": str(given.folder() / "static"),
        "WHITENOISE_USE_FINDERS": True,
        "MEDIA_ROOT": str(given.folder() / "media"),
        "MEDIA_URL": "/media/",
        "LOGIN_URL": "wagtailadmin_login",
        "WAGTAIL_SITE_NAME": "Signalpost",
        "WAGTAILADMIN_BASE_URL": given.url(),
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": given.url().startswith("https://"),
        "CSRF_COOKIE_SECURE": given.url().startswith("https://"),
        "X_FRAME_OPTIONS": "SAMEORIGIN",
        "OAUTH2_PROVIDER": {
            "SCOPES_BACKEND_CLASS": "signalpost.web.api.tokens.ClientScopes",
            "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
        },
        "DATA_UPLOAD_MAX_MEMORY_SIZE": given.max_body_bytes,
        "PROCRASTINATE_AUTODISCOVER_MODULE_NAME": None,
        "PROCRASTINATE_ON_APP_READY": "signalpost.work.runner.register",
        "LOGGING_CONFIG": None,
    }


def link_maker(base_url: str) -> Callable[[str, str], str]:
    """Links of messages: signed, so that a communication can be named in an address that nobody can guess."""
    signer = signing.Signer(salt=LINK_SALT)

    def link(kind: str, ref: str) -> str:
        return f"{base_url}/{kind}/{signer.sign(ref)}"

    return link


def _kept_secret(file: pathlib.Path) -> str:
    """The secret of this installation, made at the first start; readable by its owner alone."""
    try:
        with file.open("x", encoding="ascii") as new:
            file.chmod(0o600)
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii")


def database(url: str) -> dict[str, object]:
    """What Django is told about a database, from its postgresql:// URL."""
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    host = unquote(options.pop("host", parts.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: unquote(value) for key, value in options.items()},
    }


def parts_of(given: table.Settings) -> work_parts.Parts:
    """Engines and channels of these settings, for one process."""
    kept = archive.Archive(given.folder() / "archive")
    return work_parts.Parts(
        settings=given,
        archive=kept,
        engines=_engines(given, kept),
        channels=_channels(given),
        link=link_maker(given.url()),
    )


def _asset(kept: archive.Archive, digest: str) -> bytes | None:
    try:
        return kept.read([digest])[digest]
    except archive.MissingDocumentError:
        return None


def _engines(given: table.Settings, kept: archive.Archive) -> dict[parties.ChannelKind, engine_protocol.Engine]:
    built: list[engine_protocol.Engine] = [
        email.Email(lambda digest: _asset(kept, digest)),
        text.Sms(),
        text.Push(),
        pdf.Pdf(lambda digest: _asset(kept, digest), window=given.letter_window, workers=given.compose_processes),
    ]
    return {engine.channel: engine for engine in built}


def wsgi_application() -> Callable[..., object]:
    """What the web server runs, on the settings of the environment."""
    set_up(table.load(os.environ))
    return get_wsgi_application()


def limits(given: table.Settings) -> events.Limits:
    """How much one inbound body may hold."""
    return events.Limits(max_body_bytes=given.max_body_bytes, max_batch_events=given.max_batch_events)


def source_names(given: table.Settings) -> list[str]:
    """The listeners that are configured."""
    configured = {"mqtt": given.mqtt_url, "maildir": given.returns_maildir, "sms": given.smpp_url}
    return [name for name, value in configured.items() if value]


def source(given: table.Settings, name: str) -> source_protocol.Source:
    """A listener by name.

    Raises:
        table.SettingError: it is not configured, or its address cannot be read.
    """
    match name:
        case "mqtt":
            return _mqtt(given)
        case "maildir":
            return maildir.Maildir(pathlib.Path(given.returns_maildir))
        case "sms":
            where = _address(given.smpp_url, "smpp_url", {"smpp": 2775, "smpps": 3550})
            return sms.Sms(
                sms.Config(
                    host=where.host,
                    port=where.port,
                    system_id=where.user,
                    password=where.password,
                    uses_tls=where.scheme == "smpps",
                )
            )
        case _:
            raise table.SettingError(f"source: wanted mqtt, maildir or sms, got {name!r}")


def channel_of_source(given: table.Settings, name: str) -> channel_protocol.Channel | None:
    """The channel that understands what a listener hears; `None` for a source of events."""
    return {"maildir": _smtp, "sms": _smpp}[name](given) if name in {"maildir", "sms"} else None


class _Address(msgspec.Struct, frozen=True, kw_only=True):
    scheme: str
    host: str
    port: int
    user: str
    password: str


def _address(url: str, setting: str, ports: Mapping[str, int]) -> _Address:
    parts = urlsplit(url)
    if parts.scheme not in ports or not parts.hostname:
        wanted = ", ".join(f"{scheme}://" for scheme in ports)
        raise table.SettingError(f"setting {setting!r}: wanted {wanted}user:password@host:port, got another form")
    return _Address(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _mqtt(given: table.Settings) -> mqtt.Mqtt:
    where = _address(given.mqtt_url, "mqtt_url", {"mqtt": 1883, "mqtts": 8883})
    return mqtt.Mqtt(
        mqtt.Config(
            host=where.host,
            port=where.port,
            client_id=given.mqtt_client_id,
            topics=tuple(topic.strip() for topic in given.mqtt_topics.split(",")),
            group=given.mqtt_group,
            version=given.mqtt_version,
            username=where.user,
            password=where.password,
            uses_tls=where.scheme == "mqtts",
            ca_file=given.mqtt_ca_file,
        )
    )


def _channels(given: table.Settings) -> dict[str, channel_protocol.Channel]:
    built: list[channel_protocol.Channel] = [
        _spool(given),
        webhook.Webhook(webhook.Config(allows_private=given.webhook_allow_private)),
    ]
    if given.smtp_url:
        built.append(_smtp(given))
    if given.smpp_url:
        built.append(_smpp(given))
    return {channel.profile.name: channel for channel in built}


def _smtp(given: table.Settings) -> smtp.Smtp:
    ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
    where = _address(given.smtp_url or "smtp://localhost", "smtp_url", ports)
    encryption = {
        "smtp": relay.Encryption.OPPORTUNISTIC,
        "smtp+starttls": relay.Encryption.STARTTLS,
        "smtps": relay.Encryption.IMPLICIT,
    }[where.scheme]
    signing: tuple[dkim.Identity, ...] = ()
    if given.dkim_selector:
        pem = pathlib.Path(given.dkim_key_file).read_bytes()
        domain = given.mail_from.rpartition("@")[2]
        signing = (dkim.Identity(domain=domain, selector=given.dkim_selector, pem=pem),)
    return smtp.Smtp(
        smtp.Config(
            relay=relay.Relay(
                host=where.host,
                port=where.port,
                encryption=encryption,
                username=where.user,
                password=where.password,
            ),
            sender=given.mail_from,
            sender_name=given.mail_from_name,
            bounce_domain=given.bounce_domain,
            key=hashlib.sha256(b"signalpost.verp" + _secret(given).encode()).digest(),
            signing=signing,
            per_domain_per_second=given.mail_per_domain_per_second,
        )
    )


def _smpp(given: table.Settings) -> smpp.Smpp:
    where = _address(given.smpp_url, "smpp_url", {"smpp": 2775, "smpps": 3550})
    centre = link.Centre(
        host=where.host,
        port=where.port,
        system_id=where.user,
        password=where.password,
        uses_tls=where.scheme == "smpps",
    )
    return smpp.Smpp(smpp.Config(centre=centre, sender=given.sms_from))


def _spool(given: table.Settings) -> print_spool.PrintSpool:
    folder = pathlib.Path(given.spool_folder) if given.spool_folder else given.folder() / "spool"
    every, _, seconds = given.spool_closing.partition(":")
    if every == "every":
        return print_spool.PrintSpool(print_spool.Config(folder=folder, closes_every_seconds=int(seconds)))
    times = tuple(dt.time.fromisoformat(text.strip()) for text in given.spool_closing.split(","))
    return print_spool.PrintSpool(print_spool.Config(folder=folder, closes_at=times, time_zone=given.time_zone))


def _secret(given: table.Settings) -> str:
    return given.secret_key or _kept_secret(given.folder() / SECRET_FILE)
