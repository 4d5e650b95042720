"""Which fonts there are, which characters they hold, and how wide those are.

Every printed text is checked against this before it is laid out: a character that no font holds is an error that names
it, never a box.
"""

import functools
import hashlib
import pathlib
from collections.abc import Sequence
from typing import cast

from fontTools import ttLib

from signalpost.engines.pdf import sheets
from signalpost.vocabulary import manuscripts, records

#: The family that ships with the package: Latin, Greek, Cyrillic.
PACKAGED_FOLDER = pathlib.Path(__file__).parent / "fonts"
PACKAGED = "Source Sans 3"
#: Units of the packaged family.
EM = 1000

#: Where Debian's fonts-noto-core and fonts-noto-cjk put further scripts.
FURTHER_FOLDERS = (
    pathlib.Path("/usr/share/fonts/truetype/noto"),
    pathlib.Path("/usr/share/fonts/opentype/noto"),
)

#: Invisible by definition; a font need not hold them (Unicode, Default_Ignorable_Code_Point, and the line feed).
_IGNORABLE = frozenset(
    [0x0A, 0x034F, 0x061C, *range(0x200B, 0x2010), *range(0x2060, 0x2065), *range(0xFE00, 0xFE10), 0xFEFF]
)

#: Control characters: some fonts map them to an empty glyph, but nothing can show them (XML 1.0, 2.2, forbids most in
#: the metadata).
_CONTROLS = frozenset([*range(0x20), *range(0x7F, 0xA0)])


class Family(records.Record, frozen=True, kw_only=True):
    """A font family: its name as layouts use it and its files, regular first."""

    name: str
    files: tuple[str, ...]
    #: Place in a collection (`.ttc`).
    face: int = -1


_CJK = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")

#: Further families in the order in which they are asked for a character.
FURTHER: tuple[Family, ...] = (
    Family(
        name="Noto Sans",
        files=("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf", "NotoSans-BoldItalic.ttf"),
    ),
    Family(name="Noto Sans Arabic", files=("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf")),
    Family(name="Noto Sans Hebrew", files=("NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf")),
    Family(name="Noto Sans Devanagari", files=("NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf")),
    Family(name="Noto Sans Thai", files=("NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf")),
    Family(name="Noto Sans CJK JP", files=_CJK, face=0),
    Family(name="Noto Sans CJK KR", files=_CJK, face=1),
    Family(name="Noto Sans CJK SC", files=_CJK, face=2),
    Family(name="Noto Sans CJK TC", files=_CJK, face=3),
    Family(name="Noto Sans CJK HK", files=_CJK, face=4),
)

#: Han characters look different per language: the face to ask first; any other language asks the SC face.
_HAN = {"ja": "JP", "ko": "KR", "zh-hant": "TC", "zh-tw": "TC", "zh-mo": "TC", "zh-hk": "HK"}


class Fonts(records.Record, frozen=True, kw_only=True):
    """The fonts an engine uses: paths of all files, and the further families that are installed."""

    files: tuple[str, ...]
    further: tuple[Family, ...]

    def names(self, language: str) -> tuple[str, ...]:
        """Families in the order in which a text of this language asks them."""
        tag = language.lower()
        han = next((face for prefix, face in _HAN.items() if tag == prefix or tag.startswith(f"{prefix}-")), "SC")
        wanted = f"Noto Sans CJK {han}"
        return (
            PACKAGED,
            *(family.name for family in self.further if family.face < 0 or family.name == wanted),
        )

    def digest(self) -> str:
        """Changes with the content of any font file."""
        found = hashlib.sha256()
        for file in self.files:
            with pathlib.Path(file).open("rb") as stream:
                found.update(hashlib.file_digest(stream, "sha256").digest())
        return found.hexdigest()


def fonts(folders: Sequence[pathlib.Path] = FURTHER_FOLDERS) -> Fonts:
    """The packaged family and those of `FURTHER` whose regular style lies in one of the folders."""
    files = [str(path) for path in sorted(PACKAGED_FOLDER.glob("*.ttf"))]
    further: list[Family] = []
    for family in FURTHER:
        found = [path for name in family.files for folder in folders if (path := folder / name).is_file()]
        if found and found[0].name == family.files[0]:
            further.append(family)
            files.extend(str(path) for path in found if str(path) not in files)
    return Fonts(files=tuple(files), further=tuple(further))


class Coverage:
    """The characters that a set of fonts can print, and their widths."""

    def __init__(self, found: Fonts) -> None:
        known = set(characters(str(PACKAGED_FOLDER / "SourceSans3-Regular.ttf")))
        wanted = {family.files[0]: family.face for family in found.further}
        for file in found.files:
            face = wanted.get(pathlib.Path(file).name)
            if face is not None:
                known.update(characters(file, face))
        self._known = frozenset(map(chr, (known - _CONTROLS) | _IGNORABLE))
        self._widths = _widths(str(PACKAGED_FOLDER / "SourceSans3-Bold.ttf"))

    def missing(self, text: str) -> str:
        """The first character of the text that no font holds, "" when there is none."""
        if self._known.issuperset(text):
            return ""
        return next(character for character in text if character not in self._known)

    def width(self, text: str) -> int:
        """Width of the text in bold, in thousandths of the type size; a foreign character counts as one em."""
        return sum(map(self._widths.__getitem__, text))

    def check(self, path: str, text: str) -> sheets.Flaw | None:
        """A flaw that names the first missing character, its code point and where it stands."""
        character = self.missing(text)
        if not character:
            return None
        shown = f"{character!r} " if character.isprintable() else ""
        return sheets.Flaw(
            reason=manuscripts.UnrenderableReason.MISSING_GLYPH,
            detail=f"{path}: no font holds {shown}U+{ord(character):04X}",
        )


class _Widths(dict[str, int]):
    """Advance widths by character; one em for what the family does not hold."""

    def __missing__(self, character: str) -> int:
        return EM


@functools.cache
def characters(path: str, face: int = -1) -> frozenset[int]:
    """Code points that a font file maps to a glyph; `face` is the place in a collection."""
    with ttLib.TTFont(path, fontNumber=face, lazy=True) as font:
        return frozenset(_numbered(font).getBestCmap() or {})


@functools.cache
def _widths(path: str) -> _Widths:
    """Advance widths by character; the packaged family has 1,000 units an em."""
    with ttLib.TTFont(path, lazy=True) as font:
        cmap = _numbered(font).getBestCmap() or {}
        metrics = cast("dict[str, tuple[int, int]]", font["hmtx"].metrics)  # pyright: ignore[reportUnknownMemberType]
        return _Widths({chr(code): metrics[name][0] for code, name in cmap.items()})


def _numbered(font: ttLib.TTFont) -> ttLib.TTFont:
    """Name glyphs by number: reading the names of a CJK font takes half a second, this 80 ms."""
    font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
    return font
