"""The pool of worker processes: spawned, one job each at a time, killed when they take too much, and replaced.

A worker is lent to one call of `run` for one job. Calls from several threads share the workers: while another call
waits, a call gives its worker away after each job, so a single urgent letter does not wait for a whole batch.
"""

import collections
import contextlib
import os
import pathlib
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Sequence

import msgspec

from signalpost.engines.pdf import worker, workplace
from signalpost.vocabulary import records
from signalpost.vocabulary.manuscripts import UnrenderableReason

#: A worker that has not come up by then never will: a broken machine.
START_SECONDS_MAX = 60.0
#: How long a worker may take to end by itself.
END_SECONDS_MAX = 2.0
#: Images and other files kept in a worker's folder; above this it starts again with none.
ASSETS_BYTES_MAX = 64_000_000
READ_BYTES = 65_536
#: How much of a dead worker's last words is read.
LAST_WORDS_BYTES = 2_000

#: A worker sees no secrets: of our environment it gets these alone.
_ENVIRONMENT = (
    "PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_CONFIG",
)  # fmt: skip

#: One thread each: processes scale by 2.06 on two cores, threads by 1.45. The proxy is a closed door for package
#: downloads where the kernel has no filter.
_OWN_ENVIRONMENT = {
    "RAYON_NUM_THREADS": "1",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}


class StartError(RuntimeError):
    """A worker process did not come up. A broken machine, not a bad manuscript."""


class Limits(records.Record, frozen=True, kw_only=True):
    """What one document may take."""

    cpu_seconds: int = 10
    wall_seconds: float = 30.0
    #: Address space of the whole worker: about 150 MiB are taken before the first document.
    memory_bytes: int = 1 << 30
    pages: int = 1_000
    #: Rows of one table.
    rows: int = 20_000
    #: Of the manuscript as JSON.
    manuscript_bytes: int = 8_000_000
    #: After so many a worker makes room for a new one; 0 for never.
    documents: int = 0


#: For manuscripts that may be long (`Manuscript.is_long`): 2,000 pages take 20 to 30 s of CPU time and 2.9 GB.
#: The worker ends with the document, so that the memory is free again.
LONG = Limits(
    cpu_seconds=180,
    wall_seconds=600.0,
    memory_bytes=4 << 30,
    pages=5_000,
    rows=200_000,
    manuscript_bytes=64_000_000,
    documents=1,
)


class Order(records.Record, frozen=True, kw_only=True):
    """A job as JSON, with the files it needs, by their path from the root."""

    job: bytes
    files: tuple[tuple[str, bytes], ...] = ()


class Done(records.Record, frozen=True, kw_only=True):
    """What became of an order; `content` is the PDF, b"" where there is none."""

    verdict: worker.Verdict
    content: bytes = b""


class Worker:
    """One process with its folder. `begin` gives it an order; when `fileno` is readable, `advance`."""

    def __init__(self, folder: pathlib.Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._words = (folder / "stderr").open("w+b")
        own = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 -- our own module in our own interpreter
            [sys.executable, "-P", "-m", "signalpost.engines.pdf", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env={**own, **_OWN_ENVIRONMENT},
            start_new_session=True,
        )
        self._assets: set[str] = set()
        self._assets_bytes = 0
        self._buffer = b""
        self._is_ready = False
        self._documents = 0
        self.deadline = time.monotonic() + START_SECONDS_MAX

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def fileno(self) -> int:
        """Where its answers come from."""
        assert self._process.stdout is not None, "opened with a pipe"
        return self._process.stdout.fileno()

    def begin(self, order: Order) -> None:
        """Put an order on its desk. A worker that died meanwhile is found out by `advance`."""
        self._documents += 1
        self._lay_out(order.files)
        (self._folder / worker.JOB).write_bytes(order.job)
        if self._is_ready:
            self.deadline = time.monotonic() + self._limits.wall_seconds
        assert self._process.stdin is not None, "opened with a pipe"
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()

    def _lay_out(self, files: Sequence[tuple[str, bytes]]) -> None:
        root = self._folder / workplace.ROOT
        if self._assets_bytes > ASSETS_BYTES_MAX:
            for folder in (workplace.ASSETS, workplace.OWN):
                shutil.rmtree(root / folder, ignore_errors=True)
            self._assets, self._assets_bytes = set(), 0
        for name, content in files:
            if name not in self._assets:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content)
                self._assets.add(name)
                self._assets_bytes += len(content)

    def advance(self) -> Done | None:
        """Read what it has to say: a result, or None while there is none yet.

        Raises:
            StartError: it ended before it ever came up.
        """
        heard = os.read(self.fileno(), READ_BYTES)
        if not heard:
            return self._ended()
        self._buffer += heard
        while b"\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\n")
            if self._is_ready:
                verdict = msgspec.json.decode(line, type=worker.Verdict)
                return Done(verdict=verdict, content=(self._folder / worker.OUT).read_bytes() if verdict.pages else b"")
            self._is_ready = True
            self.deadline = time.monotonic() + self._limits.wall_seconds
        return None

    def expire(self) -> Done:
        """Kill it because its time is over.

        Raises:
            StartError: it never came up.
        """
        self.kill()
        if not self._is_ready:
            raise StartError(
                f"PDF worker: wanted it ready within {START_SECONDS_MAX:.0f} s, got {self._last_words()!r}"
            )
        return _refused(UnrenderableReason.TIMED_OUT, f"more than {self._limits.wall_seconds:g} s")

    def _ended(self) -> Done:
        """Read the cause off the end of the process."""
        code, words = self._wait(), self._last_words()
        if not self._is_ready:
            raise StartError(f"PDF worker: wanted it to come up, got exit {code}: {words!r}")
        if code == -signal.SIGXCPU:
            return _refused(UnrenderableReason.TIMED_OUT, f"more than {self._limits.cpu_seconds} s of CPU time")
        if "memory allocation of" in words or "MemoryError" in words or code == -signal.SIGKILL:
            limit = self._limits.memory_bytes >> 20
            return _refused(UnrenderableReason.OUT_OF_MEMORY, f"more than {limit} MiB")
        last = words.strip().rpartition("\n")[2]
        return _refused(UnrenderableReason.LAYOUT_ERROR, f"worker ended with {code}: {last[:200]}")

    def _last_words(self) -> str:
        self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, self._words.tell() - LAST_WORDS_BYTES))
        return self._words.read().decode(errors="replace")

    @property
    def is_alive(self) -> bool:
        """Whether it can take another order."""
        is_spent = 0 < self._limits.documents <= self._documents
        return not is_spent and self._process.poll() is None

    def kill(self) -> None:
        """End it at once, if it has not ended by itself."""
        self._process.kill()
        self._process.wait()

    def _wait(self) -> int:
        """Exit code of a process that is ending; killed if it takes too long over it."""
        try:
            return self._process.wait(timeout=END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode

    def close(self) -> None:
        """Let it end, and take its folder away."""
        assert self._process.stdin is not None, "opened with a pipe"
        assert self._process.stdout is not None, "opened with a pipe"
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._wait()
        self._process.stdout.close()
        self._words.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _refused(reason: UnrenderableReason, detail: str) -> Done:
    return Done(verdict=worker.Verdict(reason=reason, detail=detail))


class Pool:
    """Workers on demand, up to a number. Several threads may call `run` at once."""

    def __init__(self, layouts: workplace.Layouts, setup: worker.Setup, *, limits: Limits, count: int) -> None:
        """Set up; folders and processes are made when they are needed."""
        self._layouts = layouts
        self._setup = setup
        self._limits = limits
        self._count = count
        self._changed = threading.Condition()
        self._place: workplace.Workplace | None = None
        self._idle: list[Worker] = []
        self._lent = 0
        #: Calls that wait for a worker, first come, first served.
        self._queue = collections.deque[object]()
        self._is_closed = False

    def run(self, orders: Sequence[Order]) -> list[Done]:
        """Carry out the orders, in whatever order; the results stand in the order given.

        Raises:
            StartError: workers do not come up.
            RuntimeError: the pool is closed.
        """
        done: dict[int, Done] = {}
        open_orders = collections.deque(enumerate(orders))
        busy: dict[Worker, int] = {}
        with selectors.DefaultSelector() as selector:
            try:
                while open_orders or busy:
                    while open_orders and (hand := self._borrow(must_wait=not busy)):
                        index, order = open_orders.popleft()
                        busy[hand] = index
                        selector.register(hand, selectors.EVENT_READ)
                        hand.begin(order)
                    for hand, result in await_answers(selector, busy):
                        selector.unregister(hand)
                        done[busy.pop(hand)] = result
                        self._give_back(hand)
            finally:
                for hand in busy:
                    hand.kill()
                    self._give_back(hand)
        return [done[index] for index in range(len(orders))]

    def _borrow(self, *, must_wait: bool) -> Worker | None:
        """An idle or new worker, in the order of asking. Without `must_wait` None when none is free for this call."""
        ticket = object()
        with self._changed:
            if not must_wait and (self._queue or not self._is_free):
                return None
            self._queue.append(ticket)
            self._changed.wait_for(lambda: self._is_closed or (self._queue[0] is ticket and self._is_free))
            self._queue.remove(ticket)
            self._changed.notify_all()
            if self._is_closed:
                raise RuntimeError("the PDF engine is closed")
            self._lent += 1
            while self._idle:
                hand = self._idle.pop()
                if hand.is_alive:
                    return hand
                hand.close()
        try:
            return Worker(self.desk(), self._limits)
        except BaseException:
            self._take_back()
            raise

    @property
    def _is_free(self) -> bool:
        return bool(self._idle) or self._lent < self._count

    def desk(self) -> pathlib.Path:
        """A new folder, ready for a worker."""
        with self._changed:
            self._place = self._place or workplace.Workplace(self._setup.fonts, self._layouts)
            folder = self._place.desk()
        (folder / worker.SETUP).write_bytes(msgspec.json.encode(self._setup))
        return folder

    def _give_back(self, hand: Worker) -> None:
        if hand.is_alive and not self._is_closed:
            self._take_back(hand)
        else:
            hand.close()
            self._take_back()

    def _take_back(self, *hands: Worker) -> None:
        """End a loan; of one worker, if it still works."""
        with self._changed:
            self._lent -= 1
            self._idle.extend(hands)
            self._changed.notify_all()
            is_last = self._is_closed and not self._lent
        if is_last:
            self.close()

    def close(self) -> None:
        """End idle workers now, lent ones when they come back. Idempotent."""
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            place = None if self._lent else self._place
            self._changed.notify_all()
        for hand in idle:
            hand.close()
        if place is not None:
            place.close()


def await_answers(selector: selectors.BaseSelector, busy: Collection[Worker]) -> list[tuple[Worker, Done]]:
    """Wait for the next answers or deadlines, and say who is done with what."""
    wait_seconds = max(0.0, min(hand.deadline for hand in busy) - time.monotonic())
    heard = {key.fileobj for key, _ in selector.select(wait_seconds)}
    finished: list[tuple[Worker, Done]] = []
    for hand in busy:
        result = hand.advance() if hand in heard else None
        if result is None and time.monotonic() >= hand.deadline:
            result = hand.expire()
        if result is not None:
            finished.append((hand, result))
    return finished
