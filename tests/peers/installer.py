"""The program behind `scripts/peers`: install the real peers that the tests talk to.

    scripts/peers list              name, present or missing, version
    scripts/peers install [NAME…]   install what is missing (all peers without a name)

Installing needs root or a sudo that asks nothing. Where it may not, it prints one line per missing peer with the
command that would install it and ends with 0: the tests skip exactly those peers. No service of an installed package
is started or enabled; the tests start their own instances. Only the standard library may be imported here: no virtual
environment exists yet.
"""

# ruff: noqa: T201 - a command line talks by printing

import os
import subprocess
import sys

from . import inventory

USAGE_EXIT = 2
APT_LOCK_WAIT_SECONDS = 300

#: Run as root with the packages as arguments. A package's own maintainer script asks policy-rc.d whether it may start
#: a service; ours says no and is removed again, also when a former run of ours was killed before it could. The same
#: for the line that keeps Debian's PostgreSQL from creating a cluster of its own. `--no-remove`: a machine with
#: another mail server keeps it.
APT_SCRIPT = """
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
mark='# scripts/peers, temporary'

clean_up() {
    if grep -qs "$mark" "$policy"; then rm -f "$policy"; fi
    if grep -qs "$mark" "$clusters"; then sed -i "\\|$mark|d" "$clusters"; fi
}
apt() { apt-get -q -y -o DPkg::Lock::Timeout="$lock_wait_seconds" "$@"; }

trap clean_up EXIT
trap 'exit 1' HUP INT TERM
clean_up
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\\n%s\\nexit 101\\n' "$mark" > "$policy"
    chmod 755 "$policy"
fi
apt update
for package in "$@"; do
    case $package in
    postfix) echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections ;;
    postgresql-15)
        if [ ! -e "$clusters" ]; then
            apt install --no-install-recommends --no-remove postgresql-common
            echo "create_main_cluster = false $mark" >> "$clusters"
        fi ;;
    esac
done
apt install --no-install-recommends --no-remove "$@"
if command -v systemctl > /dev/null; then
    for service in $services; do systemctl disable --quiet "$service" || true; done
fi
"""


def main(arguments: list[str]) -> int:
    """Run the command line `arguments` and give the exit code: 2 for a wrong one, otherwise 0."""
    match arguments:
        case ["list"]:
            list_peers()
        case ["install", *names] if all(name in inventory.PEERS for name in names):
            install([inventory.PEERS[name] for name in names or inventory.PEERS])
        case _:
            print(f"{__doc__}\nNames: {' '.join(inventory.PEERS)}", file=sys.stderr)
            return USAGE_EXIT
    return 0


def list_peers() -> None:
    """Print one line per peer: name, present or missing, version, and for a missing one the remedy."""
    for peer in inventory.PEERS.values():
        reason = inventory.why_missing(peer)
        state = "present" if reason is None else "missing"
        note = "" if reason is None else f"  {reason}: {inventory.remedy(peer)}"
        print(f"{peer.name:12}{state:9}{inventory.version(peer):28}{note}".rstrip())


def install(peers: list[inventory.Peer]) -> None:
    """Install what is missing of `peers`; print a line for each that is still missing afterwards."""
    if any(inventory.why_missing(peer) for peer in peers):
        install_packages(peers)
        for peer in peers:
            if peer.java is not None and inventory.absent_jars(peer.java) and not inventory.absent_files(peer):
                fetch_jars(peer.java)
    for peer in peers:
        if reason := inventory.why_missing(peer):
            print(f"missing peer {peer.name} ({reason}): {inventory.remedy(peer)}")


def install_packages(peers: list[inventory.Peer]) -> None:
    """Install the Debian packages that `peers` miss, all at once, without starting or enabling their services."""
    lacking = [peer for peer in peers if lacks_packages(peer)]
    as_root = root_prefix()
    if not lacking or as_root is None:
        return
    packages = sorted({package for peer in lacking for package in peer.packages})
    # A service whose package is there already is the machine's own and stays as it is.
    services = " ".join(
        service
        for peer in lacking
        for package, service in peer.service_by_package.items()
        if not inventory.package_version(package)
    )
    script = f"lock_wait_seconds={APT_LOCK_WAIT_SECONDS}\nservices='{services}'\n{APT_SCRIPT}"
    print(f"installing {' '.join(packages)}", flush=True)
    run([*as_root, "sh", "-c", script, "peers", *packages])


def lacks_packages(peer: inventory.Peer) -> bool:
    """Tell whether a file of `peer` is not installed, or Maven is not while jars are to be fetched."""
    needs_maven = peer.java is not None and inventory.absent_jars(peer.java) != ()
    return bool(inventory.absent_files(peer)) or (needs_maven and inventory.find_command("mvn") is None)


def root_prefix() -> list[str] | None:
    """Give the words to put before a command so that it runs as root, or None where that is not allowed."""
    if inventory.find_command("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = inventory.find_command("sudo")
    if sudo is None or subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode != 0:
        return None
    return [sudo, "-n"]


def fetch_jars(parts: inventory.JavaParts) -> None:
    """Have Maven copy the jars of `parts` into the cache, from wherever Maven is configured to take them."""
    maven = inventory.find_command("mvn")
    if maven is None:
        return
    print(f"fetching {' '.join(parts.sha256_by_name)}", flush=True)
    quiet = ["--batch-mode", "--quiet", "--strict-checksums"]
    run([maven, *quiet, f"--file={parts.pom}", "dependency:copy-dependencies", f"-DoutputDirectory={parts.folder}"])


def run(command: list[str]) -> None:
    """Run `command` in silence; where it fails, print the end of what it said."""
    answer = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if answer.returncode != 0:
        last_lines = answer.stdout.splitlines()[-20:]
        print("\n".join([f"{command[0]} ended with {answer.returncode}:", *last_lines]), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
