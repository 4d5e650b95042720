"""A town of ten households with everything that makes real ones difficult, and the whole path in one process."""

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import LiteralString

import msgspec
from django.db import connection, transaction
from procrastinate.contrib.django import app
from tests.conftest import empty
from tests.path import recording

from signalpost import engines, settings
from signalpost.acts import links, operate, prove, request
from signalpost.engines import email, pdf, text
from signalpost.playbooks import load
from signalpost.store import archive, batch, bells, endpoints, leases, parties
from signalpost.vocabulary import deliveries, events, records
from signalpost.vocabulary import parties as nouns
from signalpost.work import drain, runner
from signalpost.work import parts as work_parts

Channel = nouns.ChannelKind
Kind = deliveries.OutcomeKind
BERLIN = "Europe/Berlin"

#: Reference, household, language, channels with an address, meters. Everyone lives in the Harbour Quarter.
PEOPLE = (
    ("ada", "H-ada", "en", ("sms", "email", "letter"), ("M-01", "M-02")),
    ("ben", "H-ben", "de", ("sms", "email", "letter"), ("M-03",)),
    ("bea", "H-ben", "de", ("sms", "letter"), ("M-03",)),
    ("cem", "H-cem", "de", ("email", "letter"), ("M-04",)),
    ("dora", "H-dora", "en", ("letter",), ("M-05",)),
    ("emil", "H-emil", "de", ("sms", "email", "letter"), ("M-06",)),
    ("fay", "H-fay", "en", ("sms", "email"), ("M-07",)),
    ("gus", "H-gus", "de", ("sms",), ("M-08",)),
    ("hal", "H-hal", "en", (), ("M-09",)),
    ("ida", "H-ida", "de", ("sms", "email", "letter"), ("M-10",)),
)
METERS = tuple(f"M-{number:02d}" for number in range(1, 11))
#: Who is told of a storm, by channel: one message a household.
TOLD = {"ada": "sms", "bea": "sms", "cem": "email", "dora": "letter", "fay": "sms", "gus": "sms", "ida": "sms"}
#: Who is not, and why.
WITHHELD = {"ben": "household_told", "emil": "barred", "hal": "no_address"}
#: The address of somebody on a channel.
PHONES = {ref: f"+49151000000{place:02d}" for place, (ref, *_) in enumerate(PEOPLE)}


class Crash(Exception):  # noqa: N818 - an event, not an error of ours
    """A process that dies at a gate."""


class World:
    """The town, the channels it is told over, and what can be done to it."""

    def __init__(self, given: settings.Settings, laid_out: Mapping[Channel, engines.Engine]) -> None:
        self.sms = recording.Recording(Channel.SMS, "sms")
        self.email = recording.Recording(Channel.EMAIL, "email")
        self.letter = recording.Recording(Channel.LETTER, "letter")
        self.webhook = recording.Recording(
            Channel.WEBHOOK, "webhook", unclear=deliveries.UnclearPolicy.RESEND, answer=recording.arrived
        )
        self.channels = {one.profile.name: one for one in (self.sms, self.email, self.letter, self.webhook)}
        self.parts = work_parts.Parts(
            settings=given,
            archive=archive.Archive(given.folder() / "archive"),
            engines=laid_out,
            channels=self.channels,
            link=functools.partial(links.address, given.url()),
        )
        self._numbers = itertools.count(1)
        self.settle_in()

    def settle_in(self) -> None:
        """Store the town and install the playbooks."""
        with transaction.atomic():
            for table, rows in _tables().items():
                parties.save(table, rows)
        operate.install([load.load(folder) for folder in load.BUILT_IN], author="ann", approver="bob")

    def forget(self) -> None:
        """An empty database, and channels that sent nothing."""
        self.parts.lease.release()
        empty()
        for channel in self.channels.values():
            channel.sent.clear()

    # What happens.

    def meters_say(self, kind: str, meters: Sequence[str], *, volts: int = 0, at: dt.datetime | None = None) -> None:
        """Meters speak over MQTT: LG last gasp, PR power restored, HB heartbeat."""
        answers = request.accept(self.said_by(meters, kind, volts=volts, at=at), events.Limits())
        assert [answer.refusals for answer in answers] == [()] * len(meters)

    def said_by(
        self, meters: Sequence[str], kind: str, *, volts: int = 0, at: dt.datetime | None = None
    ) -> list[events.Raw]:
        """What meters say, as the broker hands it over."""
        now = at or dt.datetime.now(dt.UTC)
        return [
            events.Raw(
                channel="mqtt",
                sender="meters",
                content_type="application/json",
                body=records.canonical(
                    {"id": meter, "ts": now.isoformat(), "ev": kind, "v": volts, "n": next(self._numbers)}
                ),
                received_at=now,
                headers=(("topic", f"meters/{meter}/events"),),
            )
            for meter in meters
        ]

    def storm(self, meters: Sequence[str] = METERS) -> str:
        """The area loses power; the incident it becomes."""
        self.meters_say("LG", meters)
        self.drain()
        ((ref,),) = batch.fetch("SELECT ref FROM incident WHERE state <> 'resolved'", [], tuple[str])
        return ref

    def power_is_back(self, meters: Sequence[str] = METERS) -> None:
        self.meters_say("PR", meters, volts=230)
        self.drain()

    def event(
        self, kind: str, subject: str, data: Mapping[str, object], *, name: str = "", drains: bool = True
    ) -> request.Answer:
        """The business platform or operations post a CloudEvent."""
        body = {
            "specversion": "1.0",
            "source": "platform",
            "id": name or f"e-{next(self._numbers)}",
            "type": kind,
            "subject": subject,
            "time": dt.datetime.now(dt.UTC).isoformat(),
            "data": data,
        }
        return self.post(records.canonical(body), drains=drains)

    def post(self, body: bytes, *, drains: bool = True) -> request.Answer:
        raw = events.Raw(
            channel="http",
            sender="client:platform",
            content_type="application/cloudevents+json",
            body=body,
            received_at=dt.datetime.now(dt.UTC),
        )
        (answer,) = request.accept([raw], events.Limits())
        if drains:
            self.drain()
        return answer

    def estimate(self, incident: str, hours: float) -> None:
        at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=hours)
        self.event("incident.estimate", incident, {"restoration_at": at.isoformat()})

    def comes_back(self, channel: recording.Recording, receipts: Sequence[deliveries.Receipt]) -> int:
        """News of earlier deliveries, as the channel's peer reports them."""
        raw = events.Raw(
            channel=channel.profile.name,
            sender="peer",
            content_type="application/json",
            body=records.canonical(receipts),
            received_at=dt.datetime.now(dt.UTC),
        )
        new = request.take_returns([raw], channel)
        self.drain()
        return new

    def receipt(
        self, channel: recording.Recording, kind: Kind, *, of: deliveries.Outgoing | None = None, **more: str
    ) -> deliveries.Receipt:
        return deliveries.Receipt(
            channel=channel.profile.kind,
            via=channel.profile.name,
            kind=kind,
            at=dt.datetime.now(dt.UTC),
            delivery=of.ref if of else "",
            dedupe=f"r-{next(self._numbers)}",
            **more,
        )

    def everything_arrives(self) -> None:
        """Every message that left is confirmed by its network."""
        for channel in (self.sms, self.email, self.letter):
            self.comes_back(channel, [self.receipt(channel, Kind.DELIVERED, of=sent) for sent in channel.sent])

    def register_platform(self) -> None:
        """The business platform wants status webhooks."""
        operate.register_endpoint(
            endpoints.Endpoint(
                ref="EP-1",
                system="SYSTEM-ERP",
                url="https://platform.example/hooks",
                secret="whsec_c2VjcmV0",
                wants=[],
                owner="STAFF-OPS",
            )
        )

    # The machine.

    def drain(self) -> None:
        drain.drain(app, self.parts)

    def with_gate(self, gate: Callable[[str], None]) -> work_parts.Parts:
        """The same parts with a gate of one's own."""
        return msgspec.structs.replace(self.parts, gate=gate)

    def restart(self) -> None:
        """What a new start and the waiting do: jobs of the dead are taken up, and what waits to be retried is due."""
        for job in runner.dead_letters(app):
            assert job.id is not None
            bells.put_back(job.id)
        self.change("UPDATE procrastinate_jobs SET scheduled_at = NULL, attempts = 0 WHERE status = 'todo'")

    def sender_is_missed(self) -> None:
        """The grace of leases that are gone passes, and what was sent under them is settled."""
        self.drain()
        self.later(int(leases.GRACE_SECONDS) + 1, of="lease")
        self.drain()

    def later(self, seconds: int, *, of: str = "delivery") -> None:
        """Time passes for what waits in a table: due times come that much nearer."""
        moved: dict[str, LiteralString] = {
            "delivery": "UPDATE delivery SET due_at = due_at - make_interval(secs => %s) WHERE due_at IS NOT NULL",
            "attempt": "UPDATE attempt SET started_at = started_at - make_interval(secs => %s)",
            "lease": "UPDATE lease SET gone_at = gone_at - make_interval(secs => %s)",
            "member": "UPDATE member SET tell_restored_at = tell_restored_at - make_interval(secs => %s)"
            " WHERE tell_restored_at IS NOT NULL",
        }
        batch.run(moved[of], [seconds])

    # What is seen.

    def rows(self, sql: LiteralString, of: type) -> list[tuple[object, ...]]:
        return batch.fetch(sql, [], of)

    def change(self, sql: LiteralString) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def verified(self) -> prove.Verified:
        return prove.verify(self.parts.archive)

    def outbox(self) -> Iterator[tuple[str, str, deliveries.Outgoing]]:
        """Everything that left for people: (communication type, party, what left)."""
        rows = batch.fetch("SELECT ref, communication, party FROM decision", [], tuple[str, str, str])
        known = {ref: (kind, party) for ref, kind, party in rows}
        for channel in (self.sms, self.email, self.letter):
            for sent in channel.sent:
                yield (*known[sent.communication], sent)

    def told(self, communication: str) -> dict[str, str]:
        """Party → channel of a communication type, as it left; nobody may be in it twice."""
        found: dict[str, str] = {}
        for kind, party, sent in self.outbox():
            if kind == communication:
                assert party not in found, f"{party} was told twice of {communication}"
                found[party] = sent.channel.value
        return found

    def withheld(self, communication: str) -> dict[str, str]:
        """Party → reason."""
        rows = batch.fetch(
            "SELECT party, reason FROM decision WHERE communication = %s AND verdict = 'withheld'",
            [communication],
            tuple[str, str],
        )
        return dict(rows)

    def message_to(self, party: str, communication: str) -> deliveries.Outgoing:
        (found,) = [sent for kind, to, sent in self.outbox() if (kind, to) == (communication, party)]
        return found

    def states(self, communication: str = "") -> dict[str, list[str]]:
        """Party → state of each rank of its plan."""
        rows = batch.fetch(
            """
            SELECT decision.party, delivery.channel || ' ' || delivery.state FROM delivery
            JOIN decision ON decision.ref = delivery.communication_id
            WHERE decision.communication = %s ORDER BY decision.party, delivery.rank
            """,
            [communication],
            tuple[str, str],
        )
        found: dict[str, list[str]] = {}
        for party, state in rows:
            found.setdefault(party, []).append(state)
        return found

    def twice_decided(self) -> list[tuple[object, ...]]:
        """Affected parties without exactly one decision for a change; none is right."""
        return self.rows(
            """
            SELECT affected.change_id, affected.household, count(decision.ref) FROM affected
            LEFT JOIN decision ON decision.change = affected.change_id AND decision.household = affected.household
            GROUP BY affected.change_id, affected.household
            HAVING count(decision.ref) = 0 OR count(decision.ref) <> count(DISTINCT decision.party)
                OR count(*) FILTER (WHERE NOT affected.is_decided) > 0
            """,
            tuple[str, str, int],
        )


def make_engines(given: settings.Settings) -> dict[Channel, engines.Engine]:
    kept = archive.Archive(given.folder() / "archive")

    def asset(digest: str) -> bytes | None:
        return kept.read([digest])[digest]

    built: tuple[engines.Engine, ...] = (email.Email(asset), text.Sms(), text.Push(), pdf.Pdf(asset, workers=1))
    return {engine.channel: engine for engine in built}


def _tables() -> Mapping[str, Sequence[Mapping[str, object]]]:
    meters = {meter: ref for ref, *_, own in reversed(PEOPLE) for meter in own}
    home = {"lines": ["Hafenstraße 1"], "postcode": "20457", "locality": "Hamburg", "country": "DE"}
    place = {"area": "HARBOUR", "time_zone": BERLIN, "longitude": 9.98, "latitude": 53.54}
    return {
        "area": [{"ref": "HARBOUR", "name": "Harbour Quarter"}],
        "premise": [home | place | {"ref": f"P-{meter}"} for meter in meters],
        "customer": [
            {
                "ref": ref,
                "name": f"{ref.title()} Adler",
                "salutation": f"{ref.title()} Adler",
                "household": household,
                "language": language,
                "time_zone": BERLIN,
                "is_barred": ref == "emil",
            }
            for ref, household, language, _, _ in PEOPLE
        ]
        + [_other("STAFF-OPS", "staff", role="operations"), _other("SYSTEM-ERP", "system")],
        "account": [
            {"ref": f"A-{ref}-{meter}", "customer": ref, "premise": f"P-{meter}", "facts": '{"product":"Green Day"}'}
            for ref, _, _, _, own in PEOPLE
            for meter in own
        ],
        "contact_point": [
            {
                "ref": f"{ref}-{channel}",
                "customer": ref,
                "channel": channel,
                "address": {"sms": PHONES[ref], "email": f"{ref}@mail.example", "letter": ""}[channel],
                "postal": (home | {"region": ""}) if channel == "letter" else None,
            }
            for ref, _, _, channels, _ in PEOPLE
            for channel in channels
        ]
        + [{"ref": "STAFF-OPS-email", "customer": "STAFF-OPS", "channel": "email", "address": "ops@northgrid.example"}],
        "device": [{"ref": meter, "type": "meter", "premise": f"P-{meter}"} for meter in meters],
    }


def _other(ref: str, kind: str, *, role: str = "") -> dict[str, object]:
    return {
        "ref": ref,
        "kind": kind,
        "role": role,
        "name": ref,
        "household": ref,
        "language": "en",
        "time_zone": "UTC",
    }
