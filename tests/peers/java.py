"""Compile the small Java drivers of jSMPP and veraPDF, once per version of their source, and say how to run them."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from . import inventory, processes

#: Both drivers live for seconds: a quick start counts, not the last optimisation.
JVM_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true")
LANGUAGE_LEVEL = "17"


def command(main: Path, parts: inventory.JavaParts) -> list[str]:
    """Give the command that runs the class `main`, compiling it and its folder first where that was not done yet.

    The Eclipse compiler among the jars needs a Java runtime only, where javac needs a development kit.
    """
    jars = [parts.folder / name for name in parts.sha256_by_name]
    sources = sorted(main.parent.glob("*.java"))
    known_by = [repr(parts.sha256_by_name).encode(), *(source.read_bytes() for source in sources)]
    classes = parts.folder / f"classes-{hashlib.sha256(b''.join(known_by)).hexdigest()[:16]}"
    if not classes.exists():
        _compile(sources, jars=jars, into=classes)
    class_path = os.pathsep.join(map(str, [classes, *jars]))
    return ["java", *JVM_OPTIONS, "-cp", class_path, main.stem]


def _compile(sources: list[Path], *, jars: list[Path], into: Path) -> None:
    compiler = next(jar for jar in jars if jar.name.startswith("ecj-"))
    # Compiled aside and moved whole: several test processes may do this at the same moment.
    aside = Path(tempfile.mkdtemp(dir=into.parent, prefix="classes-"))
    options = [f"-{LANGUAGE_LEVEL}", "-proc:none", "-encoding", "UTF-8", "-nowarn"]
    class_path = os.pathsep.join(map(str, jars))
    processes.run(["java", *JVM_OPTIONS, "-jar", compiler, *options, "-cp", class_path, "-d", aside, *sources])
    try:
        aside.rename(into)
    except OSError:
        shutil.rmtree(aside)
        if not into.exists():
            raise
