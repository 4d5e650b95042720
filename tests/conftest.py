"""What all tests share: Django on a database of their own, and the real peers."""

import hashlib
import os
import pathlib
from collections.abc import Iterator

import hypothesis
import psycopg
import pytest
from psycopg import sql

from signalpost import settings, telemetry, wiring
from signalpost.store import embedded

pytest_plugins = ["tests.peers.plugin", "tests.faults.plugin"]

hypothesis.settings.register_profile("signalpost", deadline=None)
hypothesis.settings.load_profile("signalpost")

ROOT = pathlib.Path(__file__).parent.parent
CACHE = ROOT / ".cache"
MIGRATIONS = ROOT / "src" / "signalpost" / "store" / "migrations"
MIGRATIONS_OF_DRAFTS = ROOT / "src" / "signalpost" / "drafts" / "migrations"


@pytest.fixture(autouse=True)
def own_figures() -> Iterator[None]:
    """Leave nothing of `cli.main` in the environment: it has its process share its figures, a test's keeps its own."""
    yield
    os.environ.pop(telemetry.FIGURES_VARIABLE, None)


def _server(cache: pathlib.Path) -> tuple[str, embedded.Attachment | None]:
    given = os.environ.get("SIGNALPOST_DATABASE_URL", "")
    if given:
        return given, None
    attachment = embedded.attach(cache / "test-postgres")
    return attachment.url, attachment


def _named(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    address = base.rsplit("/", 1)[0] + "/" + name
    return f"{address}?{query}" if query else address


def _fingerprint() -> str:
    found = hashlib.sha256()
    made = [*sorted(MIGRATIONS.glob("*.py")), *sorted(MIGRATIONS_OF_DRAFTS.glob("*.py"))]
    for path in [*made, MIGRATIONS.with_name("schema.sql"), ROOT / "locks" / "dev.txt"]:
        found.update(path.read_bytes())
    found.update(" ".join(wiring.APPS).encode())
    return found.hexdigest()[:12]


def _make_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        template = f"signalpost_template_{_fingerprint()}"
        connection.execute("SELECT pg_advisory_lock(8320)")
        is_there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if not is_there:
            making = f"{template}_making"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(making)))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(making)))
            _migrate(_named(url, making))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(template))
            )
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        connection.execute("SELECT pg_advisory_unlock(8320)")


def _migrate(url: str) -> None:
    from django.db import connections  # noqa: PLC0415 - Django is configured by now

    from signalpost.store import schema  # noqa: PLC0415

    connection = connections["default"]
    kept = dict(connection.settings_dict)
    connection.settings_dict.update(wiring.database(url))
    try:
        schema.make_ready()
    finally:
        connection.close()
        connection.settings_dict.update(kept)


@pytest.fixture(scope="session")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[settings.Settings]:
    """Django, set up once a process on a database of its own; nothing connects until a test uses `database`."""
    folder = tmp_path_factory.mktemp("data")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    given = settings.Settings(data_folder=str(folder), public_url="https://signalpost.example")
    url, attachment = _server(CACHE)
    # The process in the name: several runs share the server.
    name = f"signalpost_test_{worker}_{os.getpid()}"
    wiring.set_up(given, database_url=_named(url, name))
    _make_database(url, name)
    yield given
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    if attachment is not None:
        attachment.release()


_EMPTY = """
DO $$ DECLARE names text; BEGIN
  SELECT string_agg(quote_ident(tablename), ', ') INTO names FROM pg_tables
  WHERE schemaname = 'public' AND tablename NOT IN
    ('django_migrations', 'django_content_type', 'auth_permission', 'auth_group', 'auth_group_permissions',
     'wagtailcore_locale', 'wagtailcore_collection', 'wagtailcore_page', 'wagtailcore_site',
     'wagtailcore_groupcollectionpermission', 'wagtailcore_grouppagepermission', 'wagtailcore_workflow',
     'wagtailcore_task', 'wagtailcore_workflowtask', 'wagtailcore_workflowpage', 'wagtailcore_groupapprovaltask');
  EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY CASCADE';
END $$
"""


@pytest.fixture
def database(configured: settings.Settings) -> Iterator[settings.Settings]:
    """An empty database for one test; transactions are real."""
    yield configured
    empty()


def empty() -> None:
    """Empty every table that a test may have written to."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)
