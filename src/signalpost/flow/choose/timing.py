"""When it may go out: after the quiet hours where it rings at once, and not after it stopped being true."""

import dataclasses
import datetime as dt

import msgspec

from signalpost.flow.choose import answers, quiet
from signalpost.vocabulary import notices, parties, records

_NOT_QUIET = answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.PASSED)
_NONE_SET = answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.NOT_ASKED, "none set")
_NOT_A_PERSON = answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.NOT_ASKED, "not a person")
_BY_LAW = answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.OVERRIDDEN, "owed by law at any hour")
_BY_SEVERITY = answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.OVERRIDDEN, "severe enough for any hour")
_STAYS_TRUE = answers.because(answers.Rule.EXPIRY, answers.Verdict.NOT_ASKED, "stays true")


class Timing(records.Record, frozen=True, kw_only=True):
    """When a notice may go out, or why it may not."""

    send_at: dt.datetime
    #: Quiet hours that bind later ranks and retries too.
    quiet_hours: parties.QuietHours | None = None
    becauses: tuple[notices.Because, ...]
    #: The ringing steps could not go out in time: the silent ones are to go first (`channels.silent_first`).
    needs_silence: bool = False
    withheld: notices.WithheldReason | None = None


class _Case(records.Record, frozen=True, kw_only=True):
    """All that the answer depends on within a page."""

    hours: parties.QuietHours
    time_zone: str
    #: Whether a step that starts at once rings.
    rings: bool
    #: Whether some step does not.
    has_silent: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The moment of a page's decisions. Parties of one time zone with the same quiet hours are worked out once."""

    now: dt.datetime
    expires_at: dt.datetime | None
    #: Quiet hours of parties that set none of their own.
    quiet_hours: parties.QuietHours | None
    is_mandatory: bool
    #: Whether the severity stands above quiet hours.
    is_severe: bool
    _unbound: dict[notices.Because, Timing] = dataclasses.field(default_factory=dict[notices.Because, Timing])
    _settled: dict[_Case, Timing] = dataclasses.field(default_factory=dict[_Case, Timing])

    def settle(self, party: parties.Party, *, steps: tuple[notices.PlannedDelivery, ...]) -> Timing:
        """Ask quiet hours, then expiry.

        Only SMS and push ring. A letter, an e-mail, a portal message or a webhook makes no noise at night and does not
        wait; but a notice of which any step that starts at once rings waits as a whole, so that it is said once. Where
        it would no longer be true after the wait, the silent steps go first: who is told quietly of a small matter must
        not be told nothing of a great one.
        """
        hours = party.quiet_hours or self.quiet_hours
        if hours is None:
            return self._at_any_hour(_NONE_SET)
        if party.kind is not parties.PartyKind.PERSON:
            return self._at_any_hour(_NOT_A_PERSON)
        if self.is_mandatory:
            return self._at_any_hour(_BY_LAW)
        if self.is_severe:
            return self._at_any_hour(_BY_SEVERITY)
        case = _Case(
            hours=hours,
            time_zone=party.time_zone,
            rings=any(step.channel in parties.RINGING for step in steps if step.start is notices.Start.AT_ONCE),
            has_silent=any(step.channel not in parties.RINGING for step in steps),
        )
        settled = self._settled.get(case)
        if settled is None:
            settled = self._settled[case] = self._bound(case)
        return settled

    def _at_any_hour(self, quiet: notices.Because) -> Timing:
        settled = self._unbound.get(quiet)
        if settled is None:
            settled = self._unbound[quiet] = self._at(self.now, quiet=quiet)
        return settled

    def _bound(self, case: _Case) -> Timing:
        words = f"{case.hours.start:%H:%M} to {case.hours.end:%H:%M} {case.time_zone}"
        if not case.rings:
            return self._at(self.now, quiet=_passed(f"{words}; nothing that starts at once rings"), hours=case.hours)
        time_zone = quiet.zone(case.time_zone)
        if time_zone is None:
            return self._without_ringing(case, notices.WithheldReason.INCOMPLETE, f"{words}: an unknown time zone")
        until = quiet.ends_at(case.hours, time_zone, at=self.now)
        if until is None:
            return self._at(self.now, quiet=_NOT_QUIET, hours=case.hours)
        words = f"{words}; until {until.isoformat()}"
        if self.expires_at is not None and until > self.expires_at >= self.now:
            return self._without_ringing(case, notices.WithheldReason.EXPIRED, f"{words}, when it is no longer true")
        because = answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.WAITS, words)
        return self._at(until, quiet=because, hours=case.hours)

    def _without_ringing(self, case: _Case, reason: notices.WithheldReason, words: str) -> Timing:
        if case.has_silent:
            timing = self._at(self.now, quiet=_passed(f"{words}; the silent channels go first"), hours=case.hours)
            return msgspec.structs.replace(timing, needs_silence=True)
        refusal = answers.withholds(answers.Rule.QUIET_HOURS, reason, words)
        return Timing(send_at=self.now, becauses=(refusal.because,), withheld=refusal.withheld)

    def _at(self, send_at: dt.datetime, *, quiet: notices.Because, hours: parties.QuietHours | None = None) -> Timing:
        if self.expires_at is None:
            return Timing(send_at=send_at, quiet_hours=hours, becauses=(quiet, _STAYS_TRUE))
        detail = f"true until {self.expires_at.isoformat()}"
        if send_at > self.expires_at:
            refusal = answers.withholds(answers.Rule.EXPIRY, notices.WithheldReason.EXPIRED, detail)
            return Timing(send_at=send_at, becauses=(quiet, refusal.because), withheld=refusal.withheld)
        in_time = answers.because(answers.Rule.EXPIRY, answers.Verdict.PASSED, detail)
        return Timing(send_at=send_at, quiet_hours=hours, becauses=(quiet, in_time))


def _passed(detail: str) -> notices.Because:
    return answers.because(answers.Rule.QUIET_HOURS, answers.Verdict.PASSED, detail)
