"""The pool: what takes too much is killed, named and replaced; the rest of the batch comes out."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import psutil
import pytest
from tests.engines import samples

from signalpost.engines import pdf
from signalpost.engines.pdf import pool, sheets, tracing, workplace
from signalpost.vocabulary import manuscripts
from signalpost.vocabulary.manuscripts import UnrenderableReason as Reason

LIMITS = pool.Limits(cpu_seconds=1, wall_seconds=60, memory_bytes=400 << 20)

#: Harmful for the manuscript with a second block alone, so that the letters beside it come out.
GUARD = """#set document(title: "Test", date: auto)
#set text(font: "Source Sans 3")
#let blocks = json("/data.json").blocks
= Test
"""

LOOP = """#let spin() = {
  for a in range(9000) {
    for b in range(9000) {
      for c in range(9000) { let d = c }
    }
  }
}
#if blocks.len() > 1 { spin() }
"""

EXPLOSION = """#let grow() = {
  let all = range(900000000)
  all
}
#if blocks.len() > 1 { grow() }
"""

FAULT = """#let add(a) = {
  a + "x"
}
#if blocks.len() > 1 { add(1) }
"""

FINE = samples.manuscript("fine", [samples.heading("Test", 1)])
HARMFUL = samples.manuscript("harmful", [samples.heading("Test", 1), samples.paragraph("Text.")])

_Make = Callable[..., pdf.Pdf]


@pytest.fixture(name="make")
def _make(tmp_path: pathlib.Path) -> Iterator[_Make]:
    """Make an engine whose layout is the given text; all are closed in the end."""
    made: list[pdf.Pdf] = []

    def make(layout: str, *, workers: int = 1, limits: pool.Limits = LIMITS) -> pdf.Pdf:
        folder = tmp_path / f"layout-{len(made)}"
        folder.mkdir()
        (folder / "letter.typ").write_text(GUARD + layout)
        made.append(pdf.Pdf(samples.ASSETS.get, layout=folder, workers=workers, limits=limits))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def _line(layout: str, text: str) -> str:
    """Where a text stands in the layout, as details name it."""
    lines = (GUARD + layout).split("\n")
    return f"layout/letter.typ:{1 + next(number for number, line in enumerate(lines) if text in line)}"


class TestBounds:
    @pytest.mark.parametrize(
        ("layout", "limits", "reason", "said"),
        [
            (LOOP, LIMITS, Reason.TIMED_OUT, "more than 1 s of CPU time; last entered " + _line(LOOP, "for c in")),
            (
                LOOP,
                pool.Limits(cpu_seconds=60, wall_seconds=1),
                Reason.TIMED_OUT,
                "more than 1 s; last entered " + _line(LOOP, "for c in"),
            ),
            (
                EXPLOSION,
                LIMITS,
                Reason.OUT_OF_MEMORY,
                "more than 400 MiB; last entered " + _line(EXPLOSION, "let all"),
            ),
            (FAULT, LIMITS, Reason.LAYOUT_ERROR, _line(FAULT, 'a + "x"') + ": cannot add integer and string"),
            ('#read("/../../../../etc/passwd")', LIMITS, Reason.LAYOUT_ERROR, "layout/letter.typ:5: "),
            ('#read("/etc/passwd")', LIMITS, Reason.LAYOUT_ERROR, "layout/letter.typ:5: file not found"),
        ],
        ids=["cpu", "wall", "memory", "fault", "climbing out", "absolute path"],
    )
    def test_what_takes_too_much_is_named_with_its_line(
        self, make: _Make, layout: str, limits: pool.Limits, reason: Reason, said: str
    ):
        (rendered,) = make(layout, limits=limits).render([HARMFUL])
        assert isinstance(rendered, manuscripts.Unrenderable)
        assert (rendered.ref, rendered.reason) == ("harmful", reason)
        assert rendered.detail.startswith(said), rendered.detail

    @pytest.mark.parametrize(
        ("layout", "workers"), [(LOOP, 1), (EXPLOSION, 2), (FAULT, 2)], ids=["loop", "explosion", "fault"]
    )
    def test_the_rest_of_the_batch_comes_out(
        self, make: _Make, monkeypatch: pytest.MonkeyPatch, layout: str, workers: int
    ):
        monkeypatch.setattr(pdf, "TRACES_MAX", 0)
        engine = make(layout, workers=workers)
        out = engine.render([FINE, HARMFUL, FINE, FINE, HARMFUL, FINE])
        assert [one.ref for one in out] == ["fine", "harmful", "fine", "fine", "harmful", "fine"]
        assert [isinstance(one, manuscripts.Rendition) for one in out] == [True, False, True, True, False, True]
        assert isinstance(engine.render([FINE])[0], manuscripts.Rendition)

    def test_only_so_many_are_looked_at_twice(self, make: _Make, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(pdf, "TRACES_MAX", 1)
        engine = make(LOOP)
        details = [one.detail for one in engine.render([HARMFUL, HARMFUL]) if isinstance(one, manuscripts.Unrenderable)]
        assert ["last entered" in detail for detail in details] == [True, False]

    def test_a_package_cannot_be_fetched(self, make: _Make):
        (rendered,) = make('#import "@preview/cetz:0.3.0": canvas').render([FINE])
        assert isinstance(rendered, manuscripts.Unrenderable)
        assert rendered.reason is Reason.LAYOUT_ERROR
        assert rendered.detail.startswith("layout/letter.typ:5: failed to download package")

    def test_one_document_cannot_see_another(self, make: _Make):
        engine = make('#read("/../worker-2/root/data.json")', workers=2)
        assert {one.reason for one in engine.render([FINE, FINE]) if isinstance(one, manuscripts.Unrenderable)} == {
            Reason.LAYOUT_ERROR
        }


class TestCage:
    def test_no_socket_opens_and_no_secret_is_there(self, monkeypatch: pytest.MonkeyPatch):
        code = (
            "import socket, os\n"
            "from signalpost.engines.pdf import cage\n"
            "cage.limit_memory(1 << 30)\n"
            "print(cage.forbid_network())\n"
            "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):\n"
            "    try:\n"
            "        socket.socket(family)\n"
            "    except PermissionError as error:\n"
            "        print(error.errno)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.split() == ["True", "13", "13", "13"]

        monkeypatch.setenv("SIGNALPOST_SECRET_KEY", "not for workers")
        engine = pdf.Pdf(samples.ASSETS.get, workers=1)
        try:
            before = _children()
            engine.render([samples.outage()])
            (pid,) = _children() - before
            environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        finally:
            engine.close()
        assert b"SIGNALPOST" not in environment
        assert b"RAYON_NUM_THREADS=1" in environment


class TestLife:
    def test_nothing_starts_before_the_first_document_and_nothing_stays(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
    ):
        monkeypatch.setattr(workplace, "_MEMORY", tmp_path)
        before = _children()
        engine = pdf.Pdf(samples.ASSETS.get, workers=2)
        assert engine.version.startswith("pdf-")
        assert _children() == before
        assert list(tmp_path.iterdir()) == []
        engine.render([samples.outage(), samples.outage()])
        assert len(_children() - before) == 2
        assert len(list(tmp_path.iterdir())) == 1
        engine.close()
        assert _children() == before
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(RuntimeError, match="closed"):
            engine.render([samples.outage()])

    def test_a_worker_killed_from_outside_is_replaced(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1)
        try:
            before = _children()
            first = engine.render([samples.outage()])
            (pid,) = _children() - before
            os.kill(pid, signal.SIGKILL)
            psutil.wait_procs([psutil.Process(pid)], timeout=5) if psutil.pid_exists(pid) else None
            assert engine.render([samples.outage()]) == first
        finally:
            engine.close()

    def test_images_are_dropped_when_they_take_too_much_room(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(pool, "ASSETS_BYTES_MAX", 1)
        engine = pdf.Pdf(samples.ASSETS.get, workers=1)
        try:
            first, _, again = engine.render([samples.every_block(), samples.outage(), samples.every_block()])
        finally:
            engine.close()
        assert isinstance(first, manuscripts.Rendition)
        assert first == again

    def test_workers_end_with_their_owner(self):
        code = (
            "import os, sys\n"
            "from tests.engines import samples\n"
            "from signalpost.engines import pdf\n"
            "engine = pdf.Pdf(samples.ASSETS.get, workers=1)\n"
            "engine.render([samples.outage()])\n"
            "print('ready', flush=True)\n"
            "sys.stdin.read()\n"
        )
        root = pathlib.Path(__file__).parents[2]
        with subprocess.Popen(
            [sys.executable, "-c", code], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as owner:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "ready\n"
            workers = psutil.Process(owner.pid).children()
            owner.kill()
        assert len(workers) == 1
        assert psutil.wait_procs(workers, timeout=10)[1] == []

    def test_what_a_killed_owner_left_is_swept_away(self, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path):
        monkeypatch.setattr(workplace, "_MEMORY", tmp_path)
        left = tmp_path / "signalpost-pdf-left"
        left.mkdir()
        (left / "lock").touch()
        living = pdf.Pdf(samples.ASSETS.get, workers=1)
        second = pdf.Pdf(samples.ASSETS.get, workers=1)
        try:
            living.render([samples.outage()])
            second.render([samples.outage()])
            assert not left.exists()
            assert len(list(tmp_path.glob("signalpost-pdf-*"))) == 2
            assert isinstance(living.render([samples.bill()])[0], manuscripts.Rendition)
        finally:
            living.close()
            second.close()

    def test_a_worker_that_does_not_come_up_is_a_broken_machine(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(sys, "executable", "/bin/false")
        engine = pdf.Pdf(samples.ASSETS.get, workers=1)
        try:
            with pytest.raises(pool.StartError, match="wanted it to come up, got exit 1"):
                engine.render([samples.outage()])
        finally:
            engine.close()


class TestSharing:
    def test_a_single_letter_does_not_wait_for_a_batch(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=1)
        done: list[str] = []

        def render(name: str, count: int) -> None:
            engine.render([samples.long_table(name)] * count)
            done.append(name)

        try:
            threads = [threading.Thread(target=render, args=given) for given in (("bulk", 40), ("urgent", 1))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            engine.close()
        assert done == ["urgent", "bulk"]

    def test_calls_from_several_threads_get_their_own(self):
        engine = pdf.Pdf(samples.ASSETS.get, workers=2)
        seen = dict[str, list[str]]()

        def render(name: str) -> None:
            seen[name] = [one.ref for one in engine.render([samples.outage(f"{name}-{number}") for number in range(8)])]

        try:
            threads = [threading.Thread(target=render, args=(name,)) for name in "abcd"]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            engine.close()
        assert seen == {name: [f"{name}-{number}" for number in range(8)] for name in "abcd"}


class TestLayouts:
    def test_a_layout_may_stand_on_the_standard_one(self, tmp_path: pathlib.Path):
        text = (sheets.LAYOUT / "letter.typ").read_text()
        (tmp_path / "letter.typ").write_text(
            text.replace('"frame.typ"', '"/standard/frame.typ"').replace('"blocks.typ"', '"/standard/blocks.typ"')
        )
        own, standard = (pdf.Pdf(samples.ASSETS.get, workers=1, layout=layout) for layout in (tmp_path, None))
        try:
            assert own.render([samples.bill()]) == standard.render([samples.bill()])
            assert own.version != standard.version
        finally:
            own.close()
            standard.close()

    def test_a_layout_is_read_once(self, tmp_path: pathlib.Path):
        (tmp_path / "letter.typ").write_text(GUARD)
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, layout=tmp_path)
        try:
            version = engine.version
            first = engine.render([FINE])
            shutil.rmtree(tmp_path)
            assert (engine.version, engine.render([FINE])) == (version, first)
        finally:
            engine.close()

    @pytest.mark.parametrize(
        ("harm", "said"),
        [
            ("symlink", "'harm'"),
            ("symlinked folder", "'harm'"),
            ("pipe", "'harm'"),
            ("no main file", "a main file"),
            ("many files", "at most 200 files"),
            ("large file", "20000000 bytes"),
        ],
    )
    def test_a_bad_layout_folder_is_refused(self, tmp_path: pathlib.Path, harm: str, said: str):
        main, harmful = tmp_path / "letter.typ", tmp_path / "harm"
        main.write_text(GUARD)
        match harm:
            case "symlink":
                harmful.symlink_to("/etc/passwd")
            case "symlinked folder":
                harmful.symlink_to("/etc")
            case "pipe":
                os.mkfifo(harmful)
            case "no main file":
                main.rename(harmful)
            case "many files":
                for number in range(workplace.LAYOUT_FILES_MAX):
                    (tmp_path / f"{number}.typ").touch()
            case _:
                harmful.write_bytes(b" " * workplace.LAYOUT_BYTES_MAX)
        with pytest.raises(workplace.LayoutRefusedError, match="layout") as refusal:
            pdf.Pdf(samples.ASSETS.get, layout=tmp_path)
        assert said in str(refusal.value)

    def test_marks_do_not_change_what_a_layout_says(self, tmp_path: pathlib.Path):
        shutil.copytree(sheets.LAYOUT, tmp_path / "root" / "standard")
        places = tracing.mark(tmp_path / "root")
        assert len(places) > 100
        marked = tmp_path / "root"
        for path in marked.glob("standard/*.typ"):
            path.write_text(path.read_text().replace('read("/marks/', 'str("'))
        engine = pdf.Pdf(samples.ASSETS.get, workers=1, layout=marked / "standard")
        plain = pdf.Pdf(samples.ASSETS.get, workers=1)
        try:
            assert engine.render([samples.every_block()]) == plain.render([samples.every_block()])
        finally:
            engine.close()
            plain.close()
