"""What each peer needs, and whether this machine has it.

Read by `scripts/peers` before any virtual environment exists, so only the standard library may be imported here.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache"
POSTGRES15_BIN = Path("/usr/lib/postgresql/15/bin")
CHROMIUM = Path("/usr/bin/chromium")
NOTO = Path("/usr/share/fonts")
POSTFIX_DAEMONS = Path("/usr/lib/postfix/sbin")

#: Debian keeps servers in sbin folders, which an ordinary user's PATH leaves out.
SERVER_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])


@dataclass(frozen=True, slots=True, kw_only=True)
class JavaParts:
    """Jars from Maven Central, resolved by the pinned versions of a pom into a folder of the checkout's cache."""

    pom: Path
    folder: Path
    #: File name → SHA-256 of its bytes, as lower-case hexadecimal digits. Each file present must match.
    sha256_by_name: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One peer: the Debian packages and jars that bring it, and the files that prove it is there."""

    name: str
    purpose: str
    #: Debian packages; the first one's version is the peer's, unless it has jars.
    packages: tuple[str, ...]
    #: Commands looked up on PATH, or absolute paths.
    commands: tuple[str, ...]
    #: Shared libraries, as the loader finds them.
    libraries: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    java: JavaParts | None = None
    #: Its own processes change user, which only root may do.
    is_root_only: bool = False
    #: Package → the system service it would enable at the next boot.
    service_by_package: dict[str, str] = field(default_factory=dict[str, str])


_ECJ = {"ecj-3.38.0.jar": "97c566b120009c203a2fc8b291f4a9adbc171cf1ccb70f06f6b4e1828c00ce8e"}
_JAVA_PACKAGES = ("maven", "default-jre-headless")
#: Maven is needed to fetch the jars only; what runs them is `java`.
_JAVA_COMMANDS = ("java",)

PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer(
            name="postfix",
            purpose="SMTP server: STARTTLS, AUTH, refusals, deferrals, real delivery status notifications",
            packages=("postfix", "sasl2-bin", "libsasl2-modules"),
            commands=("postconf", str(POSTFIX_DAEMONS / "master"), "saslpasswd2"),
            is_root_only=True,
            service_by_package={"postfix": "postfix.service", "sasl2-bin": "saslauthd.service"},
        ),
        Peer(
            name="mosquitto",
            purpose="MQTT 3.1.1 and 5 broker: password, TLS, persistence",
            packages=("mosquitto",),
            commands=("mosquitto", "mosquitto_passwd"),
            service_by_package={"mosquitto": "mosquitto.service"},
        ),
        Peer(
            name="smsc",
            purpose="SMPP 3.4 server: jSMPP with a small driver",
            packages=_JAVA_PACKAGES,
            commands=_JAVA_COMMANDS,
            java=JavaParts(
                pom=CHECKOUT / "tests/peers/smsc/pom.xml",
                folder=CACHE / "smsc",
                sha256_by_name={
                    "jsmpp-3.0.2.jar": "0440dc07ebcad177d403876539cd9fc5047ec853fae8349075c61a56a4df39d0",
                    "ch-commons-charset-3.0.2.jar": "2cf0ec764f16fd58ea6afeb148eb050ae0e4cc33c2b1d74e94a81ad6b98bd167",
                    "minimal-json-0.9.5.jar": "69ff84463d1d7cc5cfdb8baf2b6e5f7af153d351bf0dbee3bbc8916247afac74",
                    "slf4j-api-1.7.36.jar": "d3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0",
                    "slf4j-simple-1.7.36.jar": "2f39bed943d624dfa8f4102d0571283a10870b6aa36f197a8a506f147010c10f",
                }
                | _ECJ,
            ),
        ),
        Peer(
            name="verapdf",
            purpose="independent judge of PDF/UA and PDF/A",
            packages=_JAVA_PACKAGES,
            commands=_JAVA_COMMANDS,
            java=JavaParts(
                pom=CHECKOUT / "scripts/verapdf/pom.xml",
                folder=CACHE / "verapdf",
                sha256_by_name={
                    "greenfield-apps-1.28.2.jar": "687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6"
                }
                | _ECJ,
            ),
        ),
        Peer(
            name="chromium",
            purpose="headless browser, driven by Playwright",
            # libatomic1: the Node.js inside the Playwright wheel needs it, and no package asks for it.
            packages=("chromium", "libatomic1"),
            commands=(str(CHROMIUM),),
            libraries=("libatomic.so.1",),
        ),
        Peer(
            name="postgres15",
            purpose="Debian's PostgreSQL 15, the oldest version we promise to run on",
            packages=("postgresql-15",),
            commands=(str(POSTGRES15_BIN / "initdb"), str(POSTGRES15_BIN / "postgres")),
            service_by_package={"postgresql-15": "postgresql.service"},
        ),
        Peer(
            name="noto",
            purpose="fonts for scripts that the packaged family does not hold",
            packages=("fonts-noto-core", "fonts-noto-cjk"),
            commands=(),
            files=(
                NOTO / "truetype/noto/NotoSansArabic-Regular.ttf",
                NOTO / "opentype/noto/NotoSansCJK-Regular.ttc",
            ),
        ),
    )
}


def find_command(command: str) -> str | None:
    """Give the full path of `command` (a name or an absolute path), or None where it is not installed."""
    return shutil.which(command, path=SERVER_PATH)


def absent_files(peer: Peer) -> tuple[str, ...]:
    """Name the commands, libraries and files of `peer` that are not installed."""
    commands = (command for command in peer.commands if find_command(command) is None)
    libraries = (library for library in peer.libraries if not _is_loadable(library))
    return (*commands, *libraries, *(str(file) for file in peer.files if not file.is_file()))


def absent_jars(parts: JavaParts) -> tuple[str, ...]:
    """Name the jars that are not in the cache or whose bytes are not the pinned ones."""
    return tuple(name for name, sha256 in parts.sha256_by_name.items() if _sha256_of(parts.folder / name) != sha256)


def why_missing(peer: Peer) -> str | None:
    """Say in a few words why `peer` cannot run here, or None where it can."""
    if files := absent_files(peer):
        return f"not installed: {', '.join(files)}"
    if peer.java is not None and (jars := absent_jars(peer.java)):
        return f"not fetched: {', '.join(jars)}"
    if peer.is_root_only and os.geteuid() != 0:
        return "runs only as root"
    return None


def remedy(peer: Peer) -> str:
    """Give the command line that makes `peer` available."""
    if absent_files(peer):
        apt = f"sudo apt-get install --no-install-recommends {' '.join(peer.packages)}"
        return apt if peer.java is None else f"{apt} && scripts/peers install {peer.name}"
    if peer.java is not None and absent_jars(peer.java):
        if find_command("mvn") is None:
            return f"sudo apt-get install --no-install-recommends maven && scripts/peers install {peer.name}"
        return f"scripts/peers install {peer.name}"
    return "run as root"


def version(peer: Peer) -> str:
    """Give the installed version, or "-" where it is not installed or the system is not Debian's."""
    if peer.java is not None:
        main_jar = next(iter(peer.java.sha256_by_name))
        return main_jar.rpartition("-")[2].removesuffix(".jar") if (peer.java.folder / main_jar).exists() else "-"
    return package_version(peer.packages[0]) or "-"


def package_version(package: str) -> str:
    """Give the version of an installed Debian package, "" where it is not installed."""
    dpkg_query = find_command("dpkg-query")
    if dpkg_query is None:
        return ""
    wanted = "${db:Status-Status} ${Version}"
    answer = subprocess.run(
        [dpkg_query, "--show", f"--showformat={wanted}", package], capture_output=True, text=True, check=False
    )
    status, _, found = answer.stdout.partition(" ")
    return found if status == "installed" else ""


def _is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _sha256_of(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
