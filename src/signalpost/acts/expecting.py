"""What the samples of a folder are expected to come to: texts per channel, and the pages of letters as pictures.

    communications/bill/expected/SAMPLE/LANGUAGE/email.txt  letter.txt  letter-1.png  sms.txt  push.txt

Made by the production engines, so that a change of a text, a condition, a layout or a font shows in git.
Texts are compared exactly, pictures with a small tolerance. The date and time are those of the sample's `now`.
"""

import difflib
import io
import pathlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast

import msgspec
import pypdfium2
from PIL import Image, ImageChops

from signalpost.acts import opening, previewing, studio
from signalpost.flow.compose import bind, check
from signalpost.playbooks import load, places, shelves
from signalpost.vocabulary import library, manuscripts, parties, templates

#: Dots per inch of the pictures: enough to see what moved, a few kilobytes a page.
PICTURE_DPI = 48
#: Greys of a picture; text is judged as text.
_GREYS = 8
#: A dot counts as different when it is lighter or darker by more than this, of 255.
DOT_TOLERANCE = 64
#: Share of the dots that may be different.
DOTS_MAX = 0.002
#: Pages of a letter that are kept as pictures.
PAGES_MAX = 20
_POINTS_PER_INCH = 72
_WORD = re.compile(r"[^\W_]+")

#: Called with the number of a sample and how many there are.
Progress = Callable[[int, int], None]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as expected."""

    #: File, and line where there is one.
    place: str
    message: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of all samples."""

    communications: int
    samples: int
    texts: int
    pictures: int
    #: Files that `update` wrote or took away.
    updated: tuple[str, ...]
    findings: tuple[Finding, ...]


def run(
    folder: pathlib.Path,
    *,
    names: Iterable[str] = (),
    update: bool = False,
    workers: int = 1,
    out: pathlib.Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Compose every sample in every language and channel, and compare it with what is expected.

    Args:
        folder: what `pull` wrote, or a playbook.
        names: communications; none is all of them.
        update: whether what came is what is expected from now on.
        workers: layout processes.
        out: where what came and is not expected is put, to be looked at.
        progress: told before each communication.
    """
    found, whole = load.shelf(folder)
    asked = [item for item in found.items if isinstance(item, library.Communication)]
    wanted = frozenset(names)
    asked = [item for item in asked if not wanted or item.name in wanted]
    findings = [Finding(place=problem, message="") for problem in found.problems]
    findings += [
        Finding(place=str(folder), message=f"wanted a communication, got none named {name!r}")
        for name in sorted(wanted - {item.name for item in asked})
    ]
    engines = studio.fresh(workers=workers, assets=found.bytes_of)
    updated: list[str] = []
    texts = pictures = samples = 0
    try:
        for number, item in enumerate(asked, start=1):
            if progress:
                progress(number, len(asked))
            made, wrong = _made(item, found, whole, engines)
            findings += wrong
            samples += len(item.samples)
            texts += sum(path.endswith(".txt") for path in made)
            pictures += sum(path.endswith(".png") for path in made)
            place = found.paths[library.key(item)].parent / places.EXPECTED
            if update and not wrong:
                updated += _updated(place, made)
            elif not update:
                # Where something cannot be said, its files are not missed as well.
                found_there = [path for path in _there(place) if not wrong or path in made]
                findings += _compared(place, found_there, made, out / item.name if out else None)
    finally:
        studio.close(engines)
    return Outcome(
        communications=len(asked),
        samples=samples,
        texts=texts,
        pictures=pictures,
        updated=tuple(updated),
        findings=tuple(findings),
    )


def sample_folder(name: str, taken: Iterable[str] = ()) -> str:
    """Folder of a sample: its name in small letters and hyphens, with a number where another one has it."""
    plain = "-".join(_WORD.findall(name.casefold())) or "sample"
    known = set(taken)
    number, found = 1, plain
    while found in known:
        number += 1
        found = f"{plain}-{number}"
    return found


def _made(
    item: library.Communication, found: shelves.Shelf, whole: library.Shelf, engines: studio.Engines
) -> tuple[dict[str, bytes], list[Finding]]:
    """Path below `expected` → what came, and what kept anything from coming."""
    key = library.key(item)
    bound = bind.bind(item, whole)
    findings = [
        Finding(place=shelves.place(found, key, each.place), message=f"{each.message}; {each.remedy}")
        for each in bound.findings
        if each.severity is templates.FindingSeverity.ERROR
    ]
    made: dict[str, bytes] = {}
    folders: list[str] = []
    for sample in item.samples:
        folders.append(sample_folder(sample.name, folders))
        for content in bound.contents:
            said = check.preview(content, previewing.facts_of(sample))
            if isinstance(said, manuscripts.Incomplete):
                findings += [
                    Finding(
                        place=shelves.place(found, key, missing.partition(": ")[0], language=content.language),
                        message=f"{sample.name}: {missing}",
                    )
                    for missing in said.missing
                ]
                continue
            for channel in studio.channels_of(item.channels, engines):
                (rendered,) = studio.lay_out([said], channel, engines)
                if isinstance(rendered, manuscripts.Unrenderable):
                    place = shelves.place(found, key, "", language=content.language)
                    findings.append(Finding(place=place, message=f"{sample.name}: {channel}: {rendered.detail}"))
                    continue
                below = f"{folders[-1]}/{places.file_name(content.language)}"
                made |= {f"{below}/{name}": content for name, content in _files(rendered, said)}
    return made, findings


def _files(rendered: manuscripts.Rendition, said: manuscripts.Manuscript) -> Iterator[tuple[str, bytes]]:
    match rendered.channel:
        case parties.ChannelKind.EMAIL:
            mail = opening.mail(rendered.content)
            head = f"Subject: {said.words.subject}\nPreheader: {said.words.preheader}\n\n"
            yield "email.txt", _text(head + mail.plain)
        case parties.ChannelKind.SMS:
            yield "sms.txt", _text(rendered.content.decode())
        case parties.ChannelKind.PUSH:
            yield "push.txt", _text(f"{said.words.push_title}\n\n{said.words.push_body}")
        case parties.ChannelKind.LETTER:
            yield from _letter(rendered.content)
        case parties.ChannelKind.PORTAL | parties.ChannelKind.WEBHOOK:
            return


def _text(text: str) -> bytes:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").strip("\n").split("\n")]
    return ("\n".join(lines) + "\n").encode()


def _letter(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The text of a letter page by page, and its pages as pictures."""
    document = pypdfium2.PdfDocument(content)
    try:
        texts: list[str] = []
        for number in range(len(document)):
            page = document[number]
            textpage = page.get_textpage()
            texts.append(f"--- {number + 1}\n{textpage.get_text_bounded()}")  # pyright: ignore[reportUnknownMemberType] - pypdfium2 has few types
            if number < PAGES_MAX:
                yield f"letter-{number + 1}.png", _picture(page)
        yield "letter.txt", _text("\n".join(texts))
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage) -> bytes:
    # PDFium's scale may be broken; its annotation says int.
    bitmap = cast("pypdfium2.PdfBitmap", page.render(scale=cast("int", PICTURE_DPI / _POINTS_PER_INCH), grayscale=True))  # pyright: ignore[reportUnknownMemberType]
    few = bitmap.to_pil().convert("L").quantize(_GREYS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _updated(place: pathlib.Path, made: Mapping[str, bytes]) -> Iterator[str]:
    """Write what came, where it is not what is there; take away what came no more."""
    for path in _there(place):
        if path not in made:
            (place / path).unlink()
            yield str(place / path)
    for path, content in made.items():
        file = place / path
        if not file.exists() or _difference(path, file.read_bytes(), content):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            yield str(file)
    for folder in sorted((each for each in place.rglob("*") if each.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _compared(
    place: pathlib.Path, there: Sequence[str], made: Mapping[str, bytes], out: pathlib.Path | None
) -> Iterator[Finding]:
    for path in sorted({*there, *made}):
        if path not in made:
            yield Finding(place=str(place / path), message="expected, and nothing came: no sample or channel makes it")
            continue
        if path not in there:
            yield Finding(place=str(place / path), message="wanted it to be expected, got no such file (--update)")
        elif difference := _difference(path, (place / path).read_bytes(), made[path]):
            at, message = difference
            yield Finding(place=f"{place / path}{at}", message=message)
        else:
            continue
        if out:
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(made[path])


def _there(place: pathlib.Path) -> list[str]:
    return [each.relative_to(place).as_posix() for each in sorted(place.rglob("*")) if each.suffix in (".txt", ".png")]


def _difference(path: str, expected: bytes, got: bytes) -> tuple[str, str] | None:
    """Where the first difference is, and what it is; `None` for none that counts."""
    if expected == got:
        return None
    return _of_pictures(expected, got) if path.endswith(".png") else _of_texts(expected, got)


def _of_texts(expected: bytes, got: bytes) -> tuple[str, str] | None:
    before, after = expected.decode(errors="replace").splitlines(), got.decode(errors="replace").splitlines()
    for tag, low, high, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            wanted = before[low] if low < high else "no such line"
            found = after[first] if first < last else "no such line"
            return f":{low + 1}", f"wanted {wanted!r}, got {found!r}"
    # Line ends alone differ: a checkout made them.
    return None


def _of_pictures(expected: bytes, got: bytes) -> tuple[str, str] | None:
    try:
        before, after = (Image.open(io.BytesIO(each)).convert("L") for each in (expected, got))
    except OSError as error:
        return "", f"wanted a picture, got {error}"
    if before.size != after.size:
        return "", f"wanted {before.size[0]} by {before.size[1]} dots, got {after.size[0]} by {after.size[1]}"
    # A table of 256 levels: pillow's own way to split dots in two.
    off = ImageChops.difference(before, after).point([255 * (level > DOT_TOLERANCE) for level in range(256)])  # pyright: ignore[reportUnknownMemberType]
    share = off.histogram()[255] / (before.size[0] * before.size[1])
    if share <= DOTS_MAX:
        return None
    box = off.getbbox() or (0, 0, 0, 0)
    return "", f"{share:.1%} of the dots differ, the first {box[1] / before.size[1]:.0%} from the top"
