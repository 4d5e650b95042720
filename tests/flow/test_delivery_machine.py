"""A communication on three channels, whatever happens in whatever order: sends, crashes, late outcomes, receipts.

The machine plays the part of the runner: it stores what `deliver` and `follow` decide and starts or calls off the next
rank when they say so.
"""

import datetime as dt
import zoneinfo

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from signalpost.flow import deliver, follow
from signalpost.vocabulary import deliveries, parties

State, Kind = deliveries.DeliveryState, deliveries.OutcomeKind
START = dt.datetime(2025, 10, 25, 18, 0, tzinfo=dt.UTC)
AT_NIGHT = parties.QuietHours(start=dt.time(21), end=dt.time(2, 30))
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
CHANNELS = (parties.ChannelKind.SMS, parties.ChannelKind.EMAIL, parties.ChannelKind.LETTER)
FINAL_STATES = frozenset({State.FAILED, State.CANCELLED})


class Communication(RuleBasedStateMachine):
    """Three ranks: the first is due, the second starts on silence or failure, the third on failure."""

    def __init__(self) -> None:
        super().__init__()
        self.receipts: list[tuple[int, deliveries.Receipt]] = []

    @initialize(
        unclear=st.sampled_from(deliveries.UnclearPolicy),
        expires_after_hours=st.sampled_from([None, 6, 48]),
        accepted_is_final=st.booleans(),
    )
    def decide(
        self, unclear: deliveries.UnclearPolicy, expires_after_hours: int | None, *, accepted_is_final: bool
    ) -> None:
        self.now = START
        self.expires_at = START + dt.timedelta(hours=expires_after_hours) if expires_after_hours else None
        self.profile = deliveries.Profile(
            name="any",
            kind=parties.ChannelKind.SMS,
            unclear=unclear,
            retry_seconds=(60, 600),
            accepted_is_final=accepted_is_final,
        )
        due = [START, START + dt.timedelta(minutes=20), None]
        self.rows = [
            deliveries.Delivery(
                ref=f"delivery-{rank}",
                communication="notice-1",
                channel=channel,
                rank=rank,
                state=State.STANDBY if rank else State.DUE,
                due_at=due[rank],
                expires_at=self.expires_at,
                quiet_hours=AT_NIGHT,
                time_zone="Europe/Berlin",
            )
            for rank, channel in enumerate(CHANNELS)
        ]
        self.fallbacks = [0] * len(CHANNELS)

    def store(self, rank: int, row: deliveries.Delivery, *, starts_fallback: bool, ends_standby: bool) -> None:
        """Keep what was decided, if it is legal, and what follows for the other ranks."""
        before = self.rows[rank].state
        assert row.state is before or row.state in deliveries.DELIVERY_MOVES[before]
        self.rows[rank] = row
        self.fallbacks[rank] += starts_fallback
        waiting = [other for other in self.rows if other.state is State.STANDBY]
        if starts_fallback and waiting:
            started = waiting[0]
            self.rows[started.rank] = msgspec.structs.replace(started, state=State.DUE, due_at=self.now)
        if ends_standby:
            for other in waiting:
                self.rows[other.rank] = msgspec.structs.replace(other, state=State.CANCELLED, due_at=None)

    def plan(self, rank: int, outcome: deliveries.Outcome | None, draw: float = 0.5) -> None:
        """Ask `deliver` about a rank and store the answer."""
        row = self.rows[rank]
        plan = deliver.plan(row, self.profile, outcome=outcome, now=self.now, draw=draw)
        is_begun = plan.state is State.ATTEMPTING and row.state is State.DUE
        if is_begun:
            self.check_attempt(row)
        after = msgspec.structs.replace(
            row, state=plan.state, due_at=plan.due_at, attempts=row.attempts + is_begun, last=outcome or row.last
        )
        self.store(rank, after, starts_fallback=plan.starts_fallback, ends_standby=plan.ends_standby)

    def check_attempt(self, row: deliveries.Delivery) -> None:
        """What must hold whenever something is about to go out."""
        assert row.due_at is not None
        assert row.due_at <= self.now
        assert self.expires_at is None or self.now <= self.expires_at
        clock = self.now.astimezone(BERLIN).time()
        assert row.channel not in parties.RINGING or AT_NIGHT.end <= clock < AT_NIGHT.start

    @rule(minutes=st.sampled_from([1, 5, 20, 60, 400]))
    def wait(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule()
    def work(self) -> None:
        for rank in range(len(CHANNELS)):
            self.plan(rank, None)

    @rule(
        rank=st.sampled_from(range(len(CHANNELS))),
        kind=st.sampled_from([Kind.ACCEPTED, Kind.DEFERRED, *Kind]),
        retry_after_seconds=st.sampled_from([None, 5, 3600, 10**9]),
        draw=st.floats(0, 1),
    )
    def learn_the_outcome_in_time_or_late(
        self, rank: int, kind: deliveries.OutcomeKind, retry_after_seconds: int | None, draw: float
    ) -> None:
        if self.rows[rank].attempts:
            outcome = deliveries.Outcome(kind=kind, retry_after_seconds=retry_after_seconds)
            self.plan(rank, outcome, draw)

    @rule(rank=st.sampled_from(range(len(CHANNELS))), kind=st.sampled_from(Kind))
    def receive(self, rank: int, kind: deliveries.OutcomeKind) -> None:
        receipt = deliveries.Receipt(
            channel=CHANNELS[rank], via="any", kind=kind, at=self.now, delivery=self.rows[rank].ref
        )
        self.receipts.append((rank, receipt))
        self.take_in(rank, receipt)

    @precondition(lambda self: bool(self.receipts))
    @rule(which=st.integers(0, 99))
    def receive_again(self, which: int) -> None:
        rank, receipt = self.receipts[which % len(self.receipts)]
        self.take_in(rank, receipt)

    def take_in(self, rank: int, receipt: deliveries.Receipt) -> None:
        """Ask `follow` about a receipt and store the answer."""
        followed = follow.follow(self.rows[rank], receipt, self.profile)
        assert followed.has_changed == (followed.delivery != self.rows[rank])
        self.store(
            rank,
            followed.delivery,
            starts_fallback=followed.starts_fallback,
            ends_standby=followed.ends_standby,
        )

    @invariant()
    def attempts_are_bounded(self) -> None:
        for row in self.rows:
            assert row.attempts <= deliver.attempts_allowed(self.profile)

    @invariant()
    def only_what_is_waiting_has_a_due_time(self) -> None:
        for row in self.rows:
            if row.state in FINAL_STATES or row.state in {State.ACCEPTED, State.DELIVERED}:
                assert row.due_at is None
            if row.state in {State.DUE, State.ATTEMPTING}:
                assert row.due_at is not None

    @invariant()
    def each_failure_starts_the_next_channel_once(self) -> None:
        for row, count in zip(self.rows, self.fallbacks, strict=True):
            assert count == (row.state is State.FAILED)

    def teardown(self) -> None:
        """Left alone, every delivery comes to rest: nothing waits for ever but for a receipt or a person."""
        for _ in range(40):
            self.work()
            self.now += dt.timedelta(hours=6)
        for row in self.rows:
            is_at_rest = row.state not in {State.DUE, State.ATTEMPTING}
            assert is_at_rest
            assert row.due_at is None


TestCommunication = Communication.TestCase
TestCommunication.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
