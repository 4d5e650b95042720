"""Spelling by Hunspell, where this machine has it, and the words of this installation.

The program reads a list of words and names those that it does not know; it runs in a process of its own, with a limit
of time. A language without a dictionary is not judged, and that is said. Dictionaries are Debian's `hunspell-de-de` and
the like; further words stand in `words.txt` of the data folder.
"""

import functools
import pathlib
import re
import shutil
import subprocess

from django.conf import settings as django_settings

from signalpost.flow.compose.checks import findings, spelling
from signalpost.vocabulary import templates

FOLDERS = (pathlib.Path("/usr/share/hunspell"), pathlib.Path("/usr/share/myspell/dicts"))
PROGRAM = "hunspell"
#: File of the data folder with the installation's own words.
OWN_WORDS = "words.txt"
OWN_WORDS_BYTES_MAX = 1_000_000
#: Reading a dictionary takes 0.1 s, a thousand words less than that.
SECONDS_MAX = 20.0
LISTS_KEPT_COUNT = 512

#: Where a language has several, the one to take first.
_USUAL = {"en": "en_GB", "de": "de_DE", "fr": "fr", "es": "es_ES", "pt": "pt_PT"}
_NAME = re.compile(r"[^\W\d_]+")


def check(content: templates.Content, *, folders: tuple[pathlib.Path, ...] = FOLDERS) -> tuple[templates.Finding, ...]:
    """Words of a content that nobody knows; or that there is nobody who knows words of its language."""
    path = dictionary_of(content.language, content.brand.country, folders)
    program = shutil.which(PROGRAM)
    if path is None or program is None:
        message = f"spelling is not checked: no Hunspell with a dictionary for {content.language!r}"
        return (findings.warning("", message, "install both, for instance Debian's hunspell and hunspell-de-de"),)
    unknown = _unknown(program, path, tuple(sorted(spelling.words(content))))
    if unknown is None:
        message = f"spelling is not checked: Hunspell gave no answer on {content.language!r}"
        return (findings.warning("", message, "see whether the dictionary can be read"),)
    known = _own_words(django_settings.SIGNALPOST.folder() / OWN_WORDS) | _names(content)
    return spelling.check(content, knows=lambda word: word not in unknown, also=known)


def dictionary_of(language: str, country: str, folders: tuple[pathlib.Path, ...]) -> str | None:
    """The path of a language's dictionary without its ending: that of its region, the usual one, any."""
    base, _, region = language.replace("-", "_").partition("_")
    wanted = [f"{base}_{region}", f"{base}_{country}", _USUAL.get(base, base), base]
    for folder in folders:
        found = {path.stem: path for path in sorted(folder.glob(f"{base}*.dic")) if path.with_suffix(".aff").is_file()}
        for name in (*wanted, *(stem for stem in found if stem.startswith(f"{base}_"))):
            if name in found:
                return str(found[name].with_suffix(""))
    return None


@functools.lru_cache(maxsize=LISTS_KEPT_COUNT)
def _unknown(program: str, dictionary: str, words: tuple[str, ...]) -> frozenset[str] | None:
    """Those of the words that the dictionary does not have, `None` when the program does not answer."""
    try:
        done = subprocess.run(  # noqa: S603 - the program of this machine, with words on its standard input
            [program, "-i", "utf-8", "-d", dictionary, "-l"],
            input="\n".join(words).encode(),
            capture_output=True,
            check=True,
            timeout=SECONDS_MAX,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(done.stdout.decode(errors="replace").split())


def _own_words(path: pathlib.Path) -> frozenset[str]:
    """The installation's own words; none where it has no such file, or one too large to be a list of words."""
    if not path.is_file() or path.stat().st_size > OWN_WORDS_BYTES_MAX:
        return frozenset()
    return frozenset(word.casefold() for word in path.read_text(encoding="utf-8", errors="replace").split())


def _names(content: templates.Content) -> frozenset[str]:
    """Words of the brand and of the contract: names that stand in no dictionary."""
    brand = content.brand
    named = " ".join((brand.name, *brand.imprint, brand.return_address, brand.website, content.contract))
    return frozenset(word.casefold() for word in _NAME.findall(named))
