"""Wiring: builds everything from the settings. The only module that imports all parts.

`set_up` is called once per process, before anything touches the database.
"""

import atexit
import functools
import gc
import hashlib
import os
import pathlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote, urlsplit

import django
import procrastinate
from django.conf import settings as django_settings
from django.db import connections

from signalpost import channels as channel_protocol
from signalpost import settings as table
from signalpost import sources as source_protocol
from signalpost import telemetry
from signalpost.acts import links
from signalpost.channels import built_in as channels
from signalpost.channels import print_spool, smpp
from signalpost.channels.smtp import configured as smtp
from signalpost.engines import built_in as engines
from signalpost.sources import built_in as sources
from signalpost.store import archive, embedded, traffic
from signalpost.telemetry import lines, spans
from signalpost.vocabulary import events
from signalpost.work import measured
from signalpost.work import parts as work_parts

#: File in the data folder that holds the secret when no setting does.
SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file

APPS = [
    "signalpost.store",
    "signalpost.drafts",
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
    # For allauth's page of security keys.
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

#: What workers, listeners and the clock need of it. The whole would cost each of these processes 3 s of processor time
#: at its start, and 60 MB.
WORK_APPS = ["signalpost.store", "procrastinate.contrib.django", "django.contrib.auth", "django.contrib.contenttypes"]

MIDDLEWARE = [
    "signalpost.web.measuring.measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "signalpost.web.console.second_factor.RequireSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def set_up(given: table.Settings, *, database_url: str = "", apps: Sequence[str] = APPS) -> None:
    """Make Django ready for these settings; starts the embedded PostgreSQL when no other is named.

    Args:
        given: The settings.
        database_url: An address known already, so that child processes do not attach on their own.
        apps: What is installed: `APPS`, or `WORK_APPS` for a process without the web.

    Raises:
        embedded.EmbeddedError: the embedded PostgreSQL cannot run in the data folder; says why and what to do.
    """
    prepare(given, apps=apps)
    connect(given, database_url=database_url)


def prepare(given: table.Settings, *, apps: Sequence[str]) -> None:
    """The part of `set_up` after which a process may still be forked: no thread, no connection."""
    folder = given.folder()
    (folder / "static").mkdir(parents=True, exist_ok=True)
    figures = telemetry.figures_folder()
    if figures is not None:
        figures.mkdir(parents=True, exist_ok=True)
    lines.write(given.log_level, given.log_format)
    django_settings.configure(**django_table(given, given.database_url, apps=apps))
    django.setup(set_prefix=False)


def connect(given: table.Settings, *, database_url: str = "") -> None:
    """The other part, once in each process.

    Raises:
        embedded.EmbeddedError: as `set_up`.
    """
    url = database_url or given.database_url
    if not url:
        attachment = embedded.attach(given.folder() / "postgres")
        atexit.register(attachment.release)
        url = attachment.url
    django_settings.SIGNALPOST_DATABASE_URL = url
    connections.databases["default"].update(database(url))
    _keep_spans(given.otlp_endpoint)


def _keep_spans(endpoint: str) -> None:
    """Send spans there; OpenTelemetry is imported only then."""
    if not endpoint:
        return
    try:
        from signalpost.telemetry import otel  # noqa: PLC0415 - an extra that need not be installed
    except ModuleNotFoundError as error:
        raise table.SettingError("setting 'otlp_endpoint': wanted the extra `signalpost[otel]`, got none") from error
    spans.to(otel.tracer_to(endpoint))


def django_table(given: table.Settings, database_url: str, *, apps: Sequence[str] = APPS) -> dict[str, object]:
    """What Django is configured with."""
    return {
        "SIGNALPOST": given,
        "SIGNALPOST_DATABASE_URL": database_url,
        "SIGNALPOST_ARCHIVE": archive.Archive(given.folder() / "archive"),
        "SIGNALPOST_SPOOL": lambda: print_spool.from_settings(given, functools.partial(_key, given)),
        "SIGNALPOST_MAIL": lambda: smtp.from_settings(given, functools.partial(_key, given)),
        "SIGNALPOST_CHANNELS": lambda: channel_names(given),
        "DEBUG": False,
        "SECRET_KEY": _secret(given),
        "ALLOWED_HOSTS": _allowed_hosts(given),
        "CSRF_TRUSTED_ORIGINS": [given.url()],
        "INSTALLED_APPS": list(apps),
        "MIDDLEWARE": MIDDLEWARE,
        "ROOT_URLCONF": "signalpost.web.urls",
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
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "overview",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "MFA_ADAPTER": "signalpost.web.console.second_factor.Adapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Signalpost",
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        # Browsers offer security keys on loopback without TLS; everywhere else they refuse.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": given.url().startswith("http://"),
        "WAGTAIL_SITE_NAME": "Signalpost",
        # One language and the time zone of the settings: nothing of either is a person's own to set.
        "WAGTAILADMIN_PERMITTED_LANGUAGES": [("en", "English")],
        "WAGTAIL_USER_TIME_ZONES": ["UTC"],
        "WAGTAIL_ENABLE_UPDATE_CHECK": False,
        # Nobody outside learns who works here.
        "WAGTAIL_GRAVATAR_PROVIDER_URL": None,
        "WAGTAIL_PASSWORD_RESET_ENABLED": False,
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
        # The form of a long communication has several thousand: each block, cell and place in the order is one.
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 30_000,
        "PROCRASTINATE_AUTODISCOVER_MODULE_NAME": None,
        "PROCRASTINATE_ON_APP_READY": "signalpost.wiring.register",
        "LOGGING_CONFIG": None,
    }


def _allowed_hosts(given: table.Settings) -> list[str]:
    """The hosts that are set, and the one that links in messages lead to."""
    public = urlsplit(given.url()).hostname
    return [*(host.strip() for host in given.allowed_hosts.split(",")), *([public] if public else [])]


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
        engines=measured.measured_engines(engines.build(given, functools.partial(_asset, kept))),
        channels=measured.measured_channels(channels.build(given, functools.partial(_key, given), traffic.Traffic())),
        link=functools.partial(links.address, given.url()),
    )


def _asset(kept: archive.Archive, digest: str) -> bytes | None:
    try:
        return kept.read([digest])[digest]
    except archive.MissingDocumentError:
        return None


def register(app: procrastinate.App) -> None:
    """Make the steps of the path, and the work that people ask for in the console, tasks of the queue."""
    # Importable once Django is set up, which is when this is called.
    from signalpost.acts import replaying  # noqa: PLC0415
    from signalpost.work import runner, steps  # noqa: PLC0415

    def replay(given: work_parts.Parts, *, lane: events.Lane, replay: str) -> None:
        del lane
        replaying.work(replay, replaying.Workplace(engines=given.engines, archive=given.archive, link=given.link))

    runner.register(app, [steps.Step(name=replaying.STEP, run=replay, attempts=5)])


def channels_of(given: table.Settings) -> Mapping[str, channel_protocol.Channel]:
    """The channels that are configured, by name, to be tried and not to be sent on: without limits of traffic.

    Raises:
        table.SettingError: an address or time in the settings cannot be read.
    """
    return channels.build(given, functools.partial(_key, given))


@functools.cache
def channel_names(given: table.Settings) -> Sequence[str]:
    """The channels that are configured, in the order in which they are built."""
    built = channels.build(given, functools.partial(_key, given))
    for channel in built.values():
        channel.close()
    return tuple(built)


def wsgi_application() -> Callable[..., object]:
    """What the web server runs, on the settings of the environment."""
    # A start makes hundreds of thousands of objects that stay: looking for garbage among them is 15 % of its time.
    gc.disable()
    set_up(table.load(os.environ))
    from signalpost.web import app  # noqa: PLC0415 - the addresses are known once Django is set up

    application = app.application()
    gc.freeze()
    gc.enable()
    return application


def limits(given: table.Settings) -> events.Limits:
    """How much one inbound body may hold."""
    return events.Limits(max_body_bytes=given.max_body_bytes, max_batch_events=given.max_batch_events)


def source_names(given: table.Settings) -> list[str]:
    """The listeners that are configured."""
    return list(sources.build(given))


def source(given: table.Settings, name: str) -> source_protocol.Source:
    """A listener by name.

    Raises:
        table.SettingError: it is not configured, or its address cannot be read.
    """
    built = sources.build(given)
    if name not in built:
        raise table.SettingError(f"source: wanted {', '.join(built) or 'one that is configured'}, got {name!r}")
    return built[name]


def channel_of_source(given: table.Settings, name: str) -> channel_protocol.Channel | None:
    """The channel that understands what a listener hears; `None` for a source of events."""
    understands: dict[str, channels.Make] = {"maildir": smtp.made, "sms": smpp.from_settings}
    return understands[name](given, functools.partial(_key, given), None) if name in understands else None


def _key(given: table.Settings, purpose: str) -> bytes:
    """The secret for a purpose, derived from the installation's own."""
    return hashlib.sha256((purpose + _secret(given)).encode()).digest()


def _secret(given: table.Settings) -> str:
    return given.secret_key or _kept_secret(given.folder() / SECRET_FILE)
