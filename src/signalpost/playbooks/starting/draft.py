"""Pieces and data become the first draft of a communication, with the report of what needs a person's eye."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import msgspec
from babel import dates

from signalpost.flow.compose import values
from signalpost.playbooks import facts as schemas
from signalpost.playbooks import files as forms
from signalpost.playbooks.starting import data, matching, pieces, tables
from signalpost.vocabulary import events, library, parties, records, templates

#: Paragraphs at the beginning among which an address and a date are looked for.
_LEAD_COUNT = 14
_LEAD_CHARACTERS_MAX = 70
_SIGNATURE_CHARACTERS_MAX = 60
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}[- ]?)?\d{4,5}(?:-\d{4})?\s+[^\W\d]|\b[A-Z]{2}\s+\d{5}\b"
    r"|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
)
_LABELLED = re.compile(r"(?P<label>[^:\t]{2,40})(?::\s*|\t+)(?P<value>\S.*)")
_GREETING = re.compile(
    r"(?P<word>Dear|Hello|Guten Tag|Hallo|Sehr geehrte[rs]?|Liebe[rs]?|Madame|Monsieur|Cher|Chère|Bonjour|Estimad[oa]"
    r"|Hola)\b\s*(?P<whom>[^,:!]*)[,:!]?$"
)
_CLOSING = re.compile(
    r"(?:(?:With )?(?:kind|best) regards|Yours (?:sincerely|faithfully|truly)|Sincerely|Mit freundlichen Grüßen|"
    r"Freundliche Grüße|Cordialement|Bien cordialement|Atentamente|Un saludo)[,.!]?",
    re.IGNORECASE,
)


class Note(records.Record, frozen=True, kw_only=True):
    """One thing that a person should look at: where in the letter, and what."""

    place: str
    what: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter and its data became."""

    communication: library.Communication
    contract: library.DataContract
    images: tuple[library.Image, ...]
    #: Digest → bytes of the images.
    files: dict[str, bytes]
    #: Values of the data that stand in the text now.
    placeholders: int
    #: Not carried over, or to be looked at.
    notes: tuple[Note, ...]
    #: Recognised and left to the layout: address, date, letterhead, footer.
    left_to_layout: tuple[str, ...]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the draft is to be."""

    name: str
    language: str
    brand: str
    category: str
    #: Country of the brand, in whose way values are written; and the time zone of the recipient.
    country: str = ""
    zone: str = "UTC"


def make(letter: pieces.Letter, rows: Sequence[data.Facts], wish: Wish, base: forms.FactsFile) -> Draft:
    """The draft.

    Args:
        letter: what was read.
        rows: the data, one row a sample; the letter was made from the first.
        wish: what it is to be.
        base: facts of every notice.
    """
    return _Maker(letter, rows, wish).draft(base)


class _Maker:
    def __init__(self, letter: pieces.Letter, rows: Sequence[data.Facts], wish: Wish) -> None:
        self._wish = wish
        self._letter = letter
        self._rows = [dict(row) for row in rows]
        self._manner = matching.Manner(wish.language, wish.country, wish.zone)
        self._left: list[str] = [*letter.address, *letter.left_to_layout]
        self._notes = [Note(place=lost.place, what=lost.what) for lost in letter.lost]
        self._terms: dict[str, str] = {}
        self._used: set[str] = set()
        self._images: list[library.Image] = []
        self._files: dict[str, bytes] = {}
        self._body, lead = self._without_lead(list(letter.pieces))
        self._party = _party([*letter.address, *lead], wish)
        self._greeted()
        facts: records.Json = {"event": {"data": self._rows[0]}, "party": self._party}
        found = sorted(data.leaves(facts, ""), key=lambda leaf: not leaf[0].startswith("event."))
        self._finder = matching.Finder([leaf for leaf in found if _is_of_text(leaf[0])], self._manner)
        self._lists = list(data.lists({"event": {"data": self._rows[0]}}, ""))

    def draft(self, base: forms.FactsFile) -> Draft:
        blocks = list(self._blocks(self._body))
        title = _first_heading(blocks) or self._wish.name
        if not _first_heading(blocks):
            blocks.insert(0, templates.HeadingBlock(text=matching.escaped(title), level=1))
            self._note("text", f"no heading was found: it begins with {title!r}")
        self._note_values()
        contract = _contract(self._rows, self._wish.name, base)
        edition = library.Edition(
            language=self._wish.language,
            title=title,
            subject=title,
            terms=tuple(self._terms.items()),
            body=tuple(blocks),
        )
        communication = library.Communication(
            name=self._wish.name,
            title=_bare(title),
            category=self._wish.category,
            channels=(parties.ChannelKind.EMAIL, parties.ChannelKind.LETTER),
            speaks_of=contract.name,
            contract=contract.facts,
            brand=self._wish.brand,
            editions=(edition,),
            samples=tuple(self._samples()),
        )
        return Draft(
            communication=communication,
            contract=contract,
            images=tuple(self._images),
            files=self._files,
            placeholders=len(self._finder.used | self._used),
            notes=tuple(self._notes),
            left_to_layout=tuple(self._left),
        )

    def _note(self, place: str, what: str) -> None:
        self._notes.append(Note(place=place, what=what))

    def _without_lead(self, found: list[pieces.Piece]) -> tuple[list[pieces.Piece], list[str]]:
        """The letter without what stands above its text: sender, address, date; and those lines."""
        lead: list[str] = []
        last = 0
        for count, piece in enumerate(found[:_LEAD_COUNT], start=1):
            text = pieces.text_of(piece.spans).strip() if isinstance(piece, pieces.Paragraph) else ""
            lines = text.split("\n")
            if not text or _GREETING.fullmatch(text) or max(map(len, lines)) > _LEAD_CHARACTERS_MAX:
                break
            if _POSTCODE.search(text):
                last = count
        for piece in found[:last]:
            lead += pieces.text_of(cast("pieces.Paragraph", piece).spans).strip().split("\n")
        rest: list[pieces.Piece] = []
        for number, piece in enumerate(found[last:]):
            text = pieces.text_of(piece.spans).strip() if isinstance(piece, pieces.Paragraph) else ""
            if text and number < _LEAD_COUNT and _is_date(text, self._wish.language):
                lead.append(text)
            else:
                rest.append(piece)
        self._left += lead
        return rest, [line.strip() for line in lead if line.strip()]

    def _greeted(self) -> None:
        """Whom the letter greets is the party's salutation, if it holds their last name."""
        name = str(self._party["name"])
        for piece in self._body:
            if isinstance(piece, pieces.Paragraph):
                found = _GREETING.fullmatch(pieces.text_of(piece.spans).strip())
                whom = found["whom"].strip() if found else ""
                if whom and name.rsplit(maxsplit=1)[-1] in whom and whom != name:
                    self._party["salutation"] = whom
                    return

    def _blocks(  # noqa: C901 - one case a kind of piece
        self, found: Sequence[pieces.Piece]
    ) -> Iterator[templates.TemplateBlock]:
        position, level = 0, 0
        while position < len(found):
            piece = found[position]
            following = found[position + 1] if position + 1 < len(found) else None
            position += 1
            match piece:
                case pieces.Heading() if isinstance(following, pieces.Table) and level:
                    yield self._table(following, pieces.text_of(piece.spans))
                    position += 1
                case pieces.Heading():
                    level = 1 if not level else max(2, min(piece.level, level + 1))
                    yield templates.HeadingBlock(text=self._finder.plain(_line(piece.spans)), level=level)
                case pieces.Paragraph():
                    signature, taken = self._signature(piece, found[position:])
                    if signature is not None:
                        yield signature
                        position += taken
                        continue
                    if not level and _is_strong(piece.spans) and len(_line(piece.spans)) <= _LEAD_CHARACTERS_MAX:
                        level = 1
                        yield templates.HeadingBlock(text=self._finder.plain(_line(piece.spans)), level=1)
                        continue
                    yield from self._paragraph(piece)
                case pieces.Listing():
                    yield self._list(piece)
                case pieces.Table():
                    yield self._table(piece, "")
                case pieces.Picture():
                    yield self._image(piece)
                case pieces.Break():
                    yield templates.BreakBlock()

    def _paragraph(self, piece: pieces.Paragraph) -> Iterator[templates.TemplateBlock]:
        lines = pieces.text_of(piece.spans).strip().split("\n")
        labelled = [_LABELLED.fullmatch(line.strip()) for line in lines]
        if (len(lines) > 1 and all(labelled)) or (labelled[0] and "\t" in lines[0]):
            yield templates.ReferenceLinesBlock(
                lines=tuple(
                    templates.ReferenceTemplate(
                        label=matching.escaped(each["label"].strip()), value=self._finder.plain(each["value"].strip())
                    )
                    for each in labelled
                    if each
                )
            )
            return
        text = self._marked(piece.spans)
        if "{party.salutation}" in text:
            yield templates.WhenBlock(
                condition="has(party.salutation)",
                then=(templates.ParagraphBlock(text=text),),
                otherwise=(templates.ParagraphBlock(text=text.replace("{party.salutation}", "{party.name}")),),
            )
        elif text:
            yield templates.ParagraphBlock(text=text)

    def _list(self, piece: pieces.Listing) -> templates.TemplateBlock:
        texts = [_line(item) for item in piece.items]
        for path, elements in self._lists:
            if elements == texts:
                self._used.add(path)
                return templates.ListBlock(each=path, item="{item}", is_ordered=piece.is_ordered)
        return templates.ListBlock(items=tuple(map(self._marked, piece.items)), is_ordered=piece.is_ordered)

    def _table(self, piece: pieces.Table, caption: str) -> templates.TemplateBlock:
        number = sum(1 for path, _ in self._lists if path.startswith("event.data.table_")) + 1
        name = f"event.data.table_{number}"
        found = tables.laid(piece, caption, name, lists=self._lists, finder=self._finder, manner=self._manner)
        self._terms |= found.terms
        self._used |= found.used
        for path, added in found.added.items():
            self._add(path, added)
        for note in found.notes:
            self._note(f"table {caption!r}" if caption else "a table", note)
        return found.block

    def _add(self, path: str, added: list[dict[str, str]]) -> None:
        """Put texts beside the elements of a list, in every sample; where another one has more, the last goes on."""
        name = path.removeprefix("event.data.")
        for row in self._rows:
            inner: data.Facts = row
            *outer, last = name.split(".")
            for each in outer:
                inner = cast("data.Facts", inner.setdefault(each, {}))
            there = inner.get(last)
            elements: list[data.Facts] = [{} for _ in added]
            if isinstance(there, list):
                elements = cast("list[data.Facts]", there)
            inner[last] = [
                {**element, **(added[number] if number < len(added) else added[-1])}
                for number, element in enumerate(elements)
            ]
        if path not in {known for known, _ in self._lists}:
            self._lists.append((path, cast("list[records.Json]", added)))

    def _image(self, piece: pieces.Picture) -> templates.TemplateBlock:
        digest = records.digest(piece.content)
        known = next((image for image in self._images if image.digest == digest), None)
        if known is None:
            name = f"{self._wish.name}-{len(self._images) + 1}"
            if not piece.alternative:
                self._note(f"image {name}", "no text alternative: say what it shows, or that it is decoration")
            known = library.Image(
                name=name,
                title=piece.alternative or name,
                media_type=piece.media_type,
                digest=digest,
                alternatives=((self._wish.language, piece.alternative),),
            )
            self._images.append(known)
            self._files[digest] = piece.content
        alternative = matching.escaped(piece.alternative)
        return templates.ImageBlock(asset=known.name, alternative=alternative, width_mm=piece.width_mm)

    def _signature(
        self, piece: pieces.Paragraph, rest: Sequence[pieces.Piece]
    ) -> tuple[templates.SignatureBlock | None, int]:
        """A closing formula with who signs, and how many pieces after it belong to it."""
        first, *own = [line.strip() for line in pieces.text_of(piece.spans).strip().split("\n")]
        if not _CLOSING.fullmatch(first):
            return None, 0
        taken = 0
        for each in rest:
            text = _line(each.spans) if isinstance(each, pieces.Paragraph | pieces.Heading) else ""
            if len(own) > 1 or not text or len(text) > _SIGNATURE_CHARACTERS_MAX:
                break
            own.append(text)
            taken += 1
        name, role = (*own, "", "")[:2]
        if not name:
            return None, 0
        closing = matching.escaped(first)
        return (
            templates.SignatureBlock(closing=closing, name=self._finder.plain(name), role=self._finder.plain(role)),
            taken,
        )

    def _marked(self, spans: pieces.Spans) -> str:
        """Spans as a template's text, with marks, links and placeholders."""
        parts: list[str] = []
        for span in spans:
            text = " ".join(re.split(r"[\n\t]+", span.text))
            inner = "".join(
                part if is_placeholder else _literal(part) for is_placeholder, part in self._finder.parts(text)
            )
            bare = inner.strip()
            if not bare:
                parts.append(inner)
                continue
            before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
            if span.link:
                bare = f"[{bare}]({span.link})"
            if span.is_emphasis:
                bare = f"*{bare}*"
            if span.is_strong:
                bare = f"**{bare}**"
            parts.append(f"{before}{bare}{after}")
        return "".join(parts).strip()

    def _samples(self) -> Iterator[library.Sample]:
        now = dt.datetime(2026, 1, 30, 13, 36, tzinfo=dt.UTC)
        for number, row in enumerate(self._rows, start=1):
            facts: dict[str, records.Json] = {
                "event": {
                    "type": self._wish.name,
                    "source": "sample",
                    "id": str(number),
                    "subject": "sample",
                    "occurred_at": now.isoformat().replace("+00:00", "Z"),
                    "data": row,
                },
                "links": {"status": "https://example.org/s/sample"},
                "now": now.isoformat().replace("+00:00", "Z"),
                "party": self._party,
            }
            yield library.Sample(name=f"Row {number} of the data", facts=records.canonical(facts).decode())

    def _note_values(self) -> None:
        """Values of the data that the letter does not hold, and such as are written alike."""
        used = self._finder.used | self._used
        for path, value in data.leaves({"event": {"data": self._rows[0]}}, ""):
            if path not in used:
                shown = records.canonical(value).decode()
                self._note("data", f"{path} ({shown[:60]}) was not found in the text")
        for path, elements in self._lists:
            if path not in used:
                self._note("data", f"{path} ({len(elements)} elements) is in no table and no list")
        for first, second in self._finder.alike:
            if first in used:
                self._note("data", f"{first} and {second} are written alike: {first} was taken for both")


def _party(lines: Sequence[str], wish: Wish) -> data.Facts:
    """A made-up recipient with the address of the letter, so that the sample looks like it."""
    found: data.Facts = {
        "ref": "sample",
        "name": "Sample Recipient",
        "salutation": "",
        "language": wish.language,
        "time_zone": wish.zone,
        "premise_address": "",
        "facts": {},
    }
    places = [number for number, line in enumerate(lines) if _POSTCODE.search(line) and "," not in line]
    if not places:
        return found
    last = places[0]
    postcode = re.search(r"[A-Z\d][A-Z\d -]*\d[A-Z\d]*", lines[last])
    begin = max(
        [number + 1 for number in range(last) if "," in lines[number] or _POSTCODE.search(lines[number])], default=0
    )
    own = [line for line in lines[begin:last] if line]
    if not own or postcode is None:
        return found
    found["name"] = own[0]
    found["postal"] = {
        "lines": list(own[1:]) or [own[0]],
        "postcode": postcode[0].strip(),
        "locality": lines[last].replace(postcode[0], "").strip(" ,") or lines[last],
        "country": wish.country or "DE",
    }
    return found


def _is_of_text(path: str) -> bool:
    return path.startswith("event.data.") or path in ("party.name", "party.salutation")


def _is_date(text: str, language: str) -> bool:
    """Whether a line is a date, perhaps with a place or a label before it."""
    if len(text) > _LEAD_CHARACTERS_MAX // 2 or not re.search(r"\d{4}", text):
        return False
    locale = values.cldr(values.locale_of(language, "") or "en")
    named = (dates.get_month_names(width, locale=locale) for width in ("wide", "abbreviated"))
    months = [str(month) for names in named for month in cast("dict[int, str]", names).values()]
    word = "|".join(re.escape(month) for month in sorted(months, key=len, reverse=True))
    return bool(
        re.fullmatch(
            rf"(?:[^\d,:]{{2,30}}[,:]\s*)?(?:den\s+)?(?:\d{{1,2}}[./]\s?\d{{1,2}}[./]\d{{4}}|\d{{4}}-\d\d-\d\d"
            rf"|\d{{1,2}}\.?\s+(?:{word})\.?,?\s+\d{{4}}|(?:{word})\.?\s+\d{{1,2}},?\s+\d{{4}})",
            text,
        )
    )


def _line(spans: pieces.Spans) -> str:
    return " ".join(pieces.text_of(spans).split())


def _is_strong(spans: pieces.Spans) -> bool:
    return all(span.is_strong for span in spans if span.text.strip())


def _literal(text: str) -> str:
    """Text in which marks and braces are literal."""
    return matching.escaped(re.sub(r"([\\*\[\]])", r"\\\1", text))


def _first_heading(blocks: Iterable[templates.TemplateBlock]) -> str:
    return next((block.text for block in blocks if isinstance(block, templates.HeadingBlock)), "")


def _bare(title: str) -> str:
    """A title without its placeholders, for lists."""
    return " ".join(re.sub(r"\{[^{}]*\}", "…", title).replace("{{", "{").replace("}}", "}").split())


def _contract(rows: Sequence[data.Facts], name: str, base: forms.FactsFile) -> library.DataContract:
    """The event type whose data the letter was made from."""
    event = events.Contract(
        type=name, data_schema=records.canonical(data.schema(list(rows))).decode(), subject_kind="account"
    )
    return library.DataContract(
        name=name, title=f"Data of {name}", facts=schemas.of_event(base, event.data_schema), event=event
    )
