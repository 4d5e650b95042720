"""Connections to the relay kept between batches, and the sending of many messages over them.

With PIPELINING (RFC 2920) a message costs one round trip: its final dot leaves in one write with the envelope of the
next. What is known when a connection breaks is exact: a message whose final dot did not leave us cannot have been
taken and goes again over another connection; one whose dot left and whose answer did not come is `UNCLEAR`.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence

from signalpost.channels import failover
from signalpost.channels.smtp import codes, relay
from signalpost.vocabulary import deliveries

#: A message that was cut off before its end is tried so often in one batch.
TRY_LIMIT = 2
#: A batch gives up on the relay when this many connections were lost by one thread.
LOST_LIMIT = 3
#: One more connection is used for each so many messages in a batch.
MESSAGES_PER_THREAD = 8

_DOT = b".\r\n"
_SERVICE_CLOSING = 421

#: The queue id in the answer to the final dot, as Postfix, Exim, Sendmail and the large providers write it.
_QUEUE_IDS = (
    re.compile(r"queued (?:mail )?(?:as|for delivery as) <?([\w.@-]+)", re.IGNORECASE),
    re.compile(r"\bid=([\w.@-]+)"),
    re.compile(r"^(?:2\.\d+\.\d+ )?([\w.@-]{8,}) (?:message accepted|queued)", re.IGNORECASE),
    re.compile(r"^(?:2\.\d+\.\d+ )?ok:? ([\w.@-]*\d[\w.@-]{7,})", re.IGNORECASE),
)


@dataclasses.dataclass(slots=True, kw_only=True)
class Job:
    """One message on its way through a batch."""

    #: Its place in the batch.
    position: int
    sender: str
    recipient: str
    #: Whether an address in it has characters beyond ASCII.
    needs_utf8: bool
    #: What a delivery report may call it (RFC 3461, 4.4).
    envelope_id: str
    #: Makes the content: lines end with CRLF, dots doubled.
    compose: Callable[[], bytes]
    tries: int = 0
    #: Whether the final dot left us, so that the server may have taken it.
    is_out: bool = False


class Queue:
    """The messages of one batch that are still to be sent, and the outcomes of the others. Shared by threads."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Line up the jobs."""
        self._waiting = collections.deque(jobs)
        self.outcome_by_position: dict[int, deliveries.Outcome] = {}
        #: How a connection broke last, "" when none did.
        self.lost = ""

    def take(self) -> Job | None:
        """Give the next one, None when there is none."""
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def put_back(self, job: Job) -> None:
        """Let another thread have it."""
        self._waiting.appendleft(job)

    def settle(self, job: Job, outcome: deliveries.Outcome) -> None:
        """Note what came of it."""
        self.outcome_by_position[job.position] = outcome

    def cut_off(self, job: Job, detail: str) -> None:
        """Note that the connection broke while it was sent: unclear, or once more, or left for another relay."""
        self.lost = detail
        if job.is_out:
            self.settle(job, deliveries.Outcome(kind=deliveries.OutcomeKind.UNCLEAR, detail=codes.clean(detail)))
        elif (job := dataclasses.replace(job, tries=job.tries + 1)).tries < TRY_LIMIT:
            self.put_back(job)


class Pool:
    """Connections to one relay. `send` is called by one thread at a time and uses several."""

    def __init__(self, to: relay.Relay, *, connections: int) -> None:
        """Keep at most `connections` open; none is opened before it is needed."""
        self.name = to.where
        self.per_second = to.per_second
        self._relay = to
        self._limit = connections
        self._idle: collections.deque[relay.Connection] = collections.deque()

    def carry(self, items: Sequence[Job]) -> failover.Carried:
        """Send all jobs; those without an outcome certainly did not leave."""
        queue = Queue(items)
        threads = min(self._limit, -(-len(items) // MESSAGES_PER_THREAD))
        if threads <= 1:
            unreachable = [self._work_off(queue)]
        else:
            with concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="smtp") as executor:
                running = [executor.submit(self._work_off, queue) for _ in range(threads)]
            unreachable = [future.result() for future in running]
        reason = next((error for error in unreachable if error is not None), None)
        outcomes = [queue.outcome_by_position.get(job.position) for job in items]
        return failover.Carried(
            outcomes,
            problem=codes.clean(reason.detail if reason else queue.lost),
            code=reason.code if reason else "",
            is_down=all(outcome is None or outcome.kind is deliveries.OutcomeKind.UNCLEAR for outcome in outcomes),
        )

    def try_out(self) -> None:
        """Open a connection of its own and close it again.

        Raises:
            UnreachableError: the relay cannot be used, and what to do.
        """
        relay.Connection(self._relay).close()

    def close(self) -> None:
        """Close all connections."""
        for connection in self._taken_idle():
            connection.close()

    def _work_off(self, queue: Queue) -> relay.UnreachableError | None:
        """Send until the queue is empty, the relay is out of reach (gives why) or too many connections were lost."""
        for _ in range(LOST_LIMIT):
            while (job := queue.take()) is not None:
                try:
                    connection = self._open()
                except relay.UnreachableError as error:
                    # Another thread may have a connection still; what nobody can carry is deferred at the end.
                    queue.put_back(job)
                    return error
                if not _Carrier(connection, queue).carry(job):
                    break
                self._keep(connection)
            else:
                return None
        return None

    def _open(self) -> relay.Connection:
        for connection in self._taken_idle():
            if connection.is_fresh():
                return connection
            connection.close()
        return relay.Connection(self._relay)

    def _taken_idle(self) -> Iterator[relay.Connection]:
        with contextlib.suppress(IndexError):
            while True:
                yield self._idle.pop()

    def _keep(self, connection: relay.Connection) -> None:
        if connection.is_spent:
            connection.close()
        else:
            self._idle.append(connection)


class _Carrier:
    """Sends messages from a queue over one connection."""

    def __init__(self, connection: relay.Connection, queue: Queue) -> None:
        self._connection = connection
        self._queue = queue
        #: Written but for its final dot.
        self._before: Job | None = None
        #: Its envelope or content is being written.
        self._now: Job | None = None

    def carry(self, first: Job) -> bool:
        """Send `first` and what follows in the queue; False when the connection was lost, which settles or requeues."""
        try:
            job: Job | None = first
            while job is not None:
                self._now = job
                if self._begin(job):
                    self._before, self._now = job, None
                if self._connection.is_spent:
                    break
                job = self._queue.take()
            self._now = None
            self._finish_before(b"")
        except relay.LostError as error:
            self._connection.close()
            for job in (self._now, self._before):
                if job is not None:
                    self._queue.cut_off(job, error.detail)
            return False
        return True

    def _begin(self, job: Job) -> bool:
        """Write the envelope and, where it is taken, the content up to the final dot; else settle the job."""
        content = job.compose()
        if (unfit := self._unfit(job, content)) is not None:
            self._queue.settle(job, unfit)
            return False
        refusal = self._envelope_refused(job, content)
        if refusal is not None:
            self._queue.settle(job, refusal)
            return False
        self._connection.write(content)
        return True

    def _envelope_refused(self, job: Job, content: bytes) -> deliveries.Outcome | None:
        """Exchange MAIL, RCPT and DATA; give None when the content may follow."""
        commands = self._commands(job, content)
        pipelines = "PIPELINING" in self._connection.extensions
        self._finish_before(b"".join(command for _, command in commands) if pipelines else b"")
        refusal: deliveries.Outcome | None = None
        for phase, command in commands:
            if not pipelines:
                self._connection.write(command)
            reply = self._connection.reply()
            if refusal is not None:
                # RFC 2920, 3.1: a server may still say 354 to DATA without a recipient; an empty message ends that.
                if phase is codes.Phase.CONTENT and reply.is_intermediate:
                    self._connection.write(_DOT)
                    self._connection.reply()
                continue
            wanted = reply.is_intermediate if phase is codes.Phase.CONTENT else reply.is_positive
            if wanted:
                continue
            refusal = self._refusal(reply, phase)
            if reply.code == _SERVICE_CLOSING or not pipelines:
                break
        self._connection.needs_reset = refusal is not None
        return refusal

    def _finish_before(self, following: bytes) -> None:
        """End the message before with its dot and settle it by the answer; `following` leaves in the same write."""
        before = self._before
        if before is None:
            if following:
                self._connection.write(following)
            return
        try:
            self._connection.write(_DOT + following)
        except relay.LostError as error:
            before.is_out = error.written >= len(_DOT)
            raise
        before.is_out = True
        reply = self._connection.reply(self._connection.relay.final_seconds)
        outcome = _taken(reply) if reply.is_positive else self._refusal(reply, codes.Phase.CONTENT)
        self._before = None
        self._connection.carried += 1
        self._queue.settle(before, outcome)

    def _refusal(self, reply: relay.Reply, phase: codes.Phase) -> deliveries.Outcome:
        if not 400 <= reply.code < 600:  # noqa: PLR2004 (RFC 5321, 4.2.1)
            raise relay.LostError(f"the answer to {phase.value} was out of step: {reply.code}")
        if reply.code == _SERVICE_CLOSING:
            self._connection.is_closing = True
        return codes.of_answer(reply.code, reply.text, phase=phase)

    def _unfit(self, job: Job, content: bytes) -> deliveries.Outcome | None:
        """Say why this server cannot take the message at all."""
        offered = self._connection.extensions
        if job.needs_utf8 and "SMTPUTF8" not in offered:
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.ADDRESS_INVALID,
                code="5.6.7",
                detail="the relay does not take addresses beyond ASCII before the @ (no SMTPUTF8)",
            )
        if "8BITMIME" not in offered and not content.isascii():
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.REJECTED, code="5.6.3", detail="the relay does not take 8-bit content"
            )
        limit = offered.get("SIZE", "")
        if limit.isdecimal() and 0 < int(limit) < len(content):
            return deliveries.Outcome(
                kind=deliveries.OutcomeKind.REJECTED,
                code="5.3.4",
                detail=f"{len(content)} octets are more than the {limit} the relay takes",
            )
        return None

    def _commands(self, job: Job, content: bytes) -> list[tuple[codes.Phase, bytes]]:
        offered = self._connection.extensions
        sender = [f"MAIL FROM:<{job.sender}>"]
        if "SIZE" in offered:
            sender.append(f"SIZE={len(content)}")
        if not content.isascii():
            sender.append("BODY=8BITMIME")
        if job.needs_utf8:
            sender.append("SMTPUTF8")
        recipient = f"RCPT TO:<{job.recipient}>"
        if "DSN" in offered:
            sender.append(f"RET=HDRS ENVID={job.envelope_id}")
            recipient += " NOTIFY=FAILURE,DELAY"
        commands = [
            (codes.Phase.SENDER, f"{' '.join(sender)}\r\n".encode()),
            (codes.Phase.RECIPIENT, f"{recipient}\r\n".encode()),
            (codes.Phase.CONTENT, b"DATA\r\n"),
        ]
        if self._connection.needs_reset:
            commands.insert(0, (codes.Phase.SESSION, b"RSET\r\n"))
        return commands


def _taken(reply: relay.Reply) -> deliveries.Outcome:
    found = (pattern.search(reply.text) for pattern in _QUEUE_IDS)
    queue_id = next((match[1] for match in found if match), "")
    status = codes.Status(reply.code, codes.find(reply.text[:12]).enhanced)
    return deliveries.Outcome(kind=deliveries.OutcomeKind.ACCEPTED, code=status.code, provider_ref=queue_id)
