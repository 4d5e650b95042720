"""Agents write the open regions of interactive letters, see the result, and let each go its ordinary way.

One agent has a letter at a time, and nobody saves over words that they have not seen. What was written is kept with who
wrote it; the log holds the digest of each text and the person, never the words.
"""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from signalpost.flow import compose
from signalpost.flow.compose import program, regions
from signalpost.store import bells, decisions, log, registry, writing
from signalpost.store.seen import asked
from signalpost.vocabulary import events, letters, manuscripts, notices, records, templates

#: State of a decision whose letter waits.
TO_WRITE = "to_write"

_Reason = letters.NotWrittenReason


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """An open region as an agent sees it."""

    region: regions.Region
    #: What stands in it now.
    text: str
    #: Who wrote it, "" where the text is the template's own.
    by: str = ""
    at: dt.datetime | None = None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter on an agent's desk."""

    kept: writing.Letter
    notice: notices.Notice
    regions: tuple[Region, ...]
    #: Another agent who has it open, and until when; "" where it is free or one's own.
    held_by: str = ""
    held_until: dt.datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for words."""
        return self.kept.state == TO_WRITE


def waiting(given: asked.Asked) -> list[writing.Waiting]:
    """A page of letters that wait."""
    return writing.waiting(given, late=_late(timezone.now()))


def late() -> tuple[int, dt.datetime | None]:
    """How many letters wait too long, and since when the first."""
    return writing.late(_late(timezone.now()))


def is_late(decided_at: dt.datetime) -> bool:
    """Whether a letter that was decided then waits too long."""
    return decided_at < _late(timezone.now())


def _late(now: dt.datetime) -> dt.datetime:
    return now - dt.timedelta(hours=django_settings.SIGNALPOST.writing_hours)


def look(ref: str) -> Letter:
    """A letter with open regions, without taking it.

    Raises:
        LookupError: there is no notice of that reference.
    """
    return _letter(writing.letter(ref), ref)


def take(ref: str, *, by: str) -> Letter:
    """A letter on an agent's desk: held for them unless another one has it. That they read it is in the log.

    Raises:
        LookupError: there is no notice of that reference.
    """
    with transaction.atomic():
        now = timezone.now()
        found = _letter(writing.letter(ref, is_locked=True), ref)
        log.add([_read(ref, by, now)])
        other = _other(found.kept, by, now)
        if other:
            return msgspec.structs.replace(found, held_by=other, held_until=found.kept.held_until)
        if found.is_waiting:
            writing.hold(ref, by=by, until=_until(now))
        return found


def save(ref: str, texts: Mapping[str, str], *, version: int, by: str) -> int | letters.NotWritten:
    """Keep what an agent wrote; the version it is now.

    Args:
        ref: Reference of the letter.
        texts: By the name of their region; a text as the template has it is no word of the agent's.
        version: The one that the agent has seen.
        by: Who writes.

    Raises:
        LookupError: there is no notice of that reference.
    """
    with transaction.atomic():
        return _save(ref, texts, version=version, by=by)


def release(ref: str, texts: Mapping[str, str], *, version: int, by: str) -> letters.NotWritten | None:
    """Keep what an agent wrote and let the letter go its ordinary way: composed, laid out, delivered.

    Raises:
        LookupError: there is no notice of that reference.
    """
    with transaction.atomic():
        kept = _save(ref, texts, version=version, by=by)
        if isinstance(kept, letters.NotWritten):
            return kept
        found = look(ref)
        said = _composed(found, {one.name: one.text for one in found.kept.written()})
        if isinstance(said, manuscripts.Incomplete):
            transaction.set_rollback(True)
            got = f"{said.detail}: {', '.join(said.missing)}"
            return letters.NotWritten(reason=_Reason.INCOMPLETE, wanted="a letter that can be made", got=got)
        now = timezone.now()
        page = decisions.next_page()
        writing.release(ref, page=page, by=by, now=now)
        log.add([_released(found.kept, by, now)])
        bells.enqueue("compose", events.Lane(found.kept.lane), page=page)
    bells.ring("keep", events.Lane.NORMAL)
    return None


def preview(ref: str, texts: Mapping[str, str]) -> manuscripts.Composed:
    """The letter as it would be said with these texts; nothing is kept.

    Raises:
        LookupError: there is no notice of that reference.
    """
    found = look(ref)
    return _composed(found, _own(found, texts))


def _save(ref: str, texts: Mapping[str, str], *, version: int, by: str) -> int | letters.NotWritten:
    now = timezone.now()
    found = _letter(writing.letter(ref, is_locked=True), ref)
    refused = _refused(found, texts, version=version, by=by, now=now)
    if refused:
        return refused
    own = _own(found, texts)
    before = {one.name: one for one in found.kept.written()}
    written = [
        before[name]
        if name in before and before[name].text == text
        else letters.Written(name=name, text=text, by=by, at=now)
        for name, text in own.items()
    ]
    writing.hold(ref, by=by, until=_until(now))
    writing.save(ref, written, by=by, until=_until(now))
    return version + 1


def _refused(
    found: Letter, texts: Mapping[str, str], *, version: int, by: str, now: dt.datetime
) -> letters.NotWritten | None:
    """Why words are not taken; `None` where they are."""
    if not found.is_waiting:
        who = f", released by {found.kept.released_by}" if found.kept.released_by else ""
        return letters.NotWritten(
            reason=_Reason.NOT_WAITING, wanted="a letter that waits for words", got=f"{found.kept.state}{who}"
        )
    other = _other(found.kept, by, now)
    if other:
        return letters.NotWritten(reason=_Reason.HELD, wanted="a letter that nobody else has open", got=other)
    if found.kept.version != version:
        return letters.NotWritten(
            reason=_Reason.STALE, wanted=f"version {found.kept.version}", got=f"version {version}"
        )
    known = {one.region.name: one.region for one in found.regions}
    for name, text in texts.items():
        if name not in known:
            return letters.NotWritten(reason=_Reason.UNKNOWN_REGION, wanted=", ".join(known), got=name)
        if len(text) > known[name].characters_max:
            wanted = f"at most {known[name].characters_max} characters in {known[name].label!r}"
            return letters.NotWritten(reason=_Reason.TOO_LONG, wanted=wanted, got=f"{len(text)}")
    return None


def _own(found: Letter, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that are an agent's: not those that say what the template says."""
    own = {one.region.name: one.region.text for one in found.regions}
    plain = {name: text.replace("\r\n", "\n").replace("\r", "\n").strip() for name, text in texts.items()}
    return {name: text for name, text in plain.items() if text != own.get(name, "").strip()}


def _other(kept: writing.Letter, by: str, now: dt.datetime) -> str:
    """Another agent who has a letter open, "" for none."""
    is_held = kept.held_until is not None and kept.held_until > now and kept.held_by != by
    return kept.held_by if is_held else ""


def _until(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(seconds=letters.HOLD_SECONDS)


def _letter(kept: writing.Letter | None, ref: str) -> Letter:
    if kept is None or kept.facts == "{}":
        raise LookupError(f"letter: wanted a notice {ref!r}, got none of that reference")
    notice = records.decode(kept.body, notices.Notice)
    written = {one.name: one for one in kept.written()}
    standing = compose.open_regions(_content(notice.template), _facts(kept))
    return Letter(kept=kept, notice=notice, regions=tuple(_region(one, written.get(one.name)) for one in standing))


def _region(one: regions.Region, written: letters.Written | None) -> Region:
    if written is None:
        return Region(region=one, text=one.text)
    return Region(region=one, text=written.text, by=written.by, at=written.at)


def _composed(found: Letter, own: Mapping[str, str]) -> manuscripts.Composed:
    notice = found.notice
    readable = program.read(program.Source(notice.template, _content(notice.template)))
    postal = next((step.postal for step in notice.plan if step.postal), None)
    return program.fill(readable, _facts(found.kept), ref=notice.ref, postal=postal, written=own)


def _facts(kept: writing.Letter) -> dict[str, records.Json]:
    return cast("dict[str, records.Json]", msgspec.json.decode(kept.facts, type=dict[str, object]))


@functools.lru_cache(maxsize=64)
def _content(digest: str) -> templates.Content:
    return registry.content(registry.template_versions([digest])[digest])


def _read(ref: str, by: str, now: dt.datetime) -> records.Fact:
    return records.Fact(
        kind=records.FactKind.DOCUMENT_READ,
        subject=ref,
        at=now,
        body=records.canonical({"by": f"staff:{by}", "act": "opened to write"}).decode(),
    )


def _released(kept: writing.Letter, by: str, now: dt.datetime) -> records.Fact:
    """Who let it go, and who wrote what, by the digest of each text."""
    return records.Fact(
        kind=records.FactKind.STAFF_ACTED,
        subject=kept.ref,
        at=now,
        body=records.canonical(
            {"act": "letter released", "by": by, "reason": "", "regions": wrote(kept.written())}
        ).decode(),
    )


def wrote(written: Sequence[letters.Written]) -> list[dict[str, str]]:
    """Who wrote which region, with the digest of the text."""
    return [{"region": one.name, "by": one.by, "digest": records.digest(one.text.encode())} for one in written]
