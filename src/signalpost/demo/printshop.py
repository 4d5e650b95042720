"""The print shop of the demo: takes each finished batch from the spool and reports it printed, then posted."""

import datetime as dt
import pathlib
import threading
from collections.abc import Callable

import msgspec

from signalpost.channels import print_spool
from signalpost.demo import api

#: How often the shop looks.
LOOK_SECONDS = 0.5
#: How long the shop waits after the API did not answer.
WAIT_SECONDS = 2.0


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter in a batch."""

    at: dt.datetime
    batch: pathlib.Path
    delivery: str
    communication: str
    first_page: int
    pages: int


class Shop:
    """A print shop."""

    def __init__(self, spool: pathlib.Path) -> None:
        """Work from a spool folder, which may not be there yet."""
        self._spool = spool
        self._lock = threading.Lock()
        self._kept: list[Letter] = []
        self._manifests: dict[str, print_spool.Manifest] = {}
        self._reported: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, client: api.Client, told: Callable[[str], None]) -> None:
        """Begin to work; reports go through this client, and whoever is `told` hears what the shop does."""
        self._thread = threading.Thread(target=self._run, args=(client, told), name="print-shop", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Take what is new in the spool."""
        if not self._spool.is_dir():
            return
        for place in sorted(self._spool.iterdir()):
            # A batch appears whole, under a name without a dot.
            if place.name.startswith(".") or place.name in self._manifests or not place.is_dir():
                continue
            content = (place / print_spool.MANIFEST_NAME).read_bytes()
            manifest = msgspec.json.decode(content, type=print_spool.Manifest)
            with self._lock:
                self._manifests[place.name] = manifest
                self._kept.extend(
                    Letter(
                        at=manifest.closed_at,
                        batch=place,
                        delivery=item.delivery,
                        communication=item.communication,
                        first_page=item.first_page,
                        pages=item.pages,
                    )
                    for item in manifest.items
                )

    def kept(self) -> list[Letter]:
        """Every letter so far, the oldest first."""
        with self._lock:
            return list(self._kept)

    def waiting(self) -> int:
        """Batches that were not reported yet."""
        with self._lock:
            return len(self._manifests) - len(self._reported)

    def stop(self) -> None:
        """Close the shop."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, client: api.Client, told: Callable[[str], None]) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self.look()
            for name, manifest in list(self._manifests.items()):
                if name in self._reported:
                    continue
                try:
                    for status in ("printed", "posted"):
                        now = dt.datetime.now(dt.UTC)
                        client.post_print_status([{"status": status, "at": now, "batch": name}])
                except api.ApiError as error:
                    told(f"The print shop could not report a batch and tries again: {error}")
                    self._stopping.wait(WAIT_SECONDS)
                    break
                with self._lock:
                    self._reported.add(name)
                told(
                    f"The print shop printed and posted {manifest.letters} letters on {manifest.sheets} sheets"
                    f" (batch {name})."
                )
