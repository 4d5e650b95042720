"""`signalpost try`: one playbook alone on its samples, in one process, with channels that keep what they are given.

The playbooks it needs are installed with it, and their samples are played too. A street of twelve households stands in
for the subjects that samples name: each of its meters says every device message, so that one sample makes a storm.
Times are moved so that the last sample is about now; what lies between them stays.
"""

import atexit
import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence

import msgspec
from django.db import transaction
from procrastinate.contrib.django import app

from signalpost import channels, settings, wiring
from signalpost.acts import operate, request
from signalpost.demo import counting
from signalpost.playbooks import load
from signalpost.store import parties as party_rows
from signalpost.store import schema
from signalpost.vocabulary import deliveries, events, parties
from signalpost.work import drain
from signalpost.work import parts as work_parts

#: File in a playbook's folder `expected` that says what its samples come to.
EXPECTED = "samples.json"
HOUSEHOLDS = 12
#: The last sample lies so long before now.
AGO = dt.timedelta(seconds=30)
_INSTANT = re.compile(r'"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)"')
_TOPIC = re.compile(r"[^/]+/(?P<device>[^/]+)/.*")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial came to, as lines to read."""

    lines: tuple[str, ...]
    has_differences: bool


class Memory:
    """A channel that keeps what it is given and calls it delivered."""

    def __init__(self, kind: parties.ChannelKind) -> None:
        """Keep nothing yet."""
        self.kept: list[deliveries.Outgoing] = []
        self.profile = deliveries.Profile(
            name=f"memory-{kind}", kind=kind, unclear=deliveries.UnclearPolicy.RESEND, accepted_is_final=True
        )

    def send(self, batch: Sequence[deliveries.Outgoing]) -> Sequence[deliveries.Outcome]:
        """Keep a batch."""
        self.kept.extend(batch)
        return [deliveries.Outcome(kind=deliveries.OutcomeKind.DELIVERED, code="kept") for _ in batch]

    def understand(self, raw: bytes, media_type: str) -> Sequence[deliveries.Receipt]:
        """Nothing comes back."""
        del raw, media_type
        return ()

    def check(self) -> str:
        """It is always well."""
        return ""

    def close(self) -> None:
        """Nothing is held open."""


class _Sample(msgspec.Struct, frozen=True, kw_only=True):
    at: dt.datetime
    raws: tuple[events.Raw, ...]


class _Message(msgspec.Struct, frozen=True, kw_only=True):
    """A device message of a sample file."""

    topic: str
    message: dict[str, object]


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a CloudEvent of a sample file."""

    type: str
    subject: str
    time: dt.datetime


_MEMORIES = (parties.ChannelKind.EMAIL, parties.ChannelKind.SMS, parties.ChannelKind.LETTER)


def run(name: str, read: settings.Settings, *, told: Callable[[str], None]) -> Result:
    """Play a playbook's samples on a database of its own and compare what came of it.

    Raises:
        embedded.EmbeddedError: the embedded PostgreSQL cannot run.
        RuntimeError: a step failed.
    """
    playbooks = _with_needs(name)
    folder = tempfile.mkdtemp(prefix="signalpost-try-")
    # Handlers run in reverse order: the embedded database, attached later, stops before its folder is removed.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = msgspec.structs.replace(read, data_folder=folder, database_url="", log_level="WARNING")
    told("Preparing a database …")
    wiring.set_up(own)
    schema.make_ready()
    memories = {f"memory-{kind}": Memory(kind) for kind in _MEMORIES}
    parts = msgspec.structs.replace(wiring.parts_of(own), channels=dict[str, channels.Channel](memories))
    told("Playing the samples …")
    got = _played(playbooks, parts)[name]
    wanted = counting.expected(playbooks[-1], EXPECTED)
    return _compared(name, wanted, got)


def _played(playbooks: Sequence[load.Playbook], parts: work_parts.Parts) -> dict[str, counting.Counts]:
    samples = _samples(playbooks)
    with transaction.atomic():
        for table, rows in _street(playbooks, samples).items():
            party_rows.save(table, rows)
    operate.install(playbooks, author="ada", approver="ben")
    for sample in samples:
        request.accept(sample.raws, events.Limits())
        drain.drain(app, parts)
    for engine in parts.engines.values():
        engine.close()
    return counting.of_playbooks(playbooks, None)


def _compared(name: str, wanted: counting.Counts | None, got: counting.Counts) -> Result:
    shown = msgspec.json.format(msgspec.json.encode(got), indent=2).decode()
    if wanted is None:
        missing = f"{name}: wanted a file expected/{EXPECTED}, got none; it came to"
        return Result(lines=(missing, shown), has_differences=True)
    differences = counting.differences(name, wanted, got)
    return Result(lines=(shown, *(differences or [f"{name}: as expected"])), has_differences=bool(differences))


def _with_needs(name: str) -> list[load.Playbook]:
    """The playbook after those it needs."""
    folders = {folder.name: folder for folder in load.BUILT_IN}
    found: dict[str, load.Playbook] = {}

    def add(one: str) -> None:
        if one not in found:
            playbook = load.load(folders[one])
            for needed in playbook.needs:
                add(needed)
            found[one] = playbook

    add(name)
    return list(found.values())


def _samples(playbooks: Sequence[load.Playbook]) -> list[_Sample]:
    """Every sample of every file in the order of time, moved to now."""
    bodies = [body for playbook in playbooks for _, body in playbook.samples]
    times = [_instant(text) for body in bodies for text in _INSTANT.findall(body)]
    said = [_Read(body) for body in bodies]
    latest = max((at for one in said for at in one.times), default=max(times, default=_now()))
    shift = _now() - AGO - latest
    moved = [_INSTANT.sub(lambda found: f'"{_text(_instant(found[1]) + shift)}"', body) for body in bodies]
    samples = [sample for body in moved for sample in _Read(body).samples()]
    return sorted(samples, key=lambda sample: sample.at)


class _Read:
    """The items of a sample file: device messages or CloudEvents."""

    def __init__(self, body: str) -> None:
        self._items = msgspec.json.decode(body, type=list[dict[str, object]])
        self.times = [self._at(item) for item in self._items]

    def samples(self) -> list[_Sample]:
        return [_Sample(at=self._at(item), raws=tuple(self._raws(item))) for item in self._items]

    def _at(self, item: Mapping[str, object]) -> dt.datetime:
        if "topic" in item:
            return _instant(str(msgspec.convert(item, _Message).message["ts"]))
        return msgspec.convert(item, _Event).time

    def _raws(self, item: Mapping[str, object]) -> list[events.Raw]:
        now = _now()
        if "topic" not in item:
            body = msgspec.json.encode(item)
            kind = "application/cloudevents+json"
            return [events.Raw(channel="http", sender="sample", content_type=kind, body=body, received_at=now)]
        read = msgspec.convert(item, _Message)
        device = _device(read.topic)
        return [
            events.Raw(
                channel="mqtt",
                sender="sample",
                content_type="application/json",
                body=msgspec.json.encode(read.message | {"id": _nth(device, number)}),
                received_at=now,
                headers=(("topic", read.topic.replace(device, _nth(device, number))),),
            )
            for number in range(HOUSEHOLDS)
        ]


def _street(playbooks: Sequence[load.Playbook], samples: Sequence[_Sample]) -> Mapping[str, list[dict[str, object]]]:
    """Households for the subjects that the samples name."""
    kinds = {contract.type: contract.subject_kind for playbook in playbooks for contract in playbook.contracts}
    named = {"device": "M-1", "area": "A1", "premise": "P-1", "account": "1"}
    for sample in samples:
        raw = sample.raws[0]
        topic = dict(raw.headers).get("topic", "")
        if topic:
            named["device"] = _device(topic)
            continue
        event = msgspec.json.decode(raw.body, type=_Event)
        # What speaks of incidents names an area, for its open ones.
        named[kinds[event.type] or "area"] = event.subject
    found: dict[str, list[dict[str, object]]] = {
        "area": [{"ref": named["area"], "name": "Altstadt"}],
        "premise": [],
        "customer": [],
        "account": [],
        "contact_point": [],
        "device": [],
    }
    for number in range(HOUSEHOLDS):
        _household(found, named, number)
    return found


def _household(found: Mapping[str, list[dict[str, object]]], named: Mapping[str, str], number: int) -> None:
    """A person at a premise with a meter; every third has no telephone, every sixth no e-mail either."""
    premise, customer = _nth(named["premise"], number), f"K-{number + 1}"
    postal = {"lines": [f"Hauptstraße {number + 1}"], "postcode": "12345", "locality": "Musterstadt", "country": "DE"}
    found["premise"].append({"ref": premise, "area": named["area"], "time_zone": "Europe/Berlin", **postal})
    language = "de" if number % 2 else "en"
    found["customer"].append(
        {"ref": customer, "name": f"Alex Muster {number + 1}", "language": language, "time_zone": "Europe/Berlin"}
    )
    account = _nth(named["account"], number)
    found["account"].append({"ref": account, "customer": customer, "premise": premise})
    found["device"].append({"ref": _nth(named["device"], number), "type": "meter", "premise": premise})
    points: list[tuple[str, dict[str, object]]] = [("letter", {"postal": postal | {"region": ""}})]
    if number % 3 != 2:  # noqa: PLR2004 - every third
        points.append(("sms", {"address": f"+49151000000{number:02d}"}))
    if number % 6 != 5:  # noqa: PLR2004 - every sixth
        points.append(("email", {"address": f"k{number + 1}@mail.example"}))
    found["contact_point"].extend(
        {"ref": f"{customer}-{channel}", "customer": customer, "channel": channel, **where} for channel, where in points
    )


def _nth(name: str, number: int) -> str:
    """The name of the n-th of its kind, the sample's own first."""
    return f"{name}-{number + 1}" if number else name


def _device(topic: str) -> str:
    found = _TOPIC.fullmatch(topic)
    if found is None:
        raise ValueError(f"sample topic: wanted one with a device as its second level, got {topic!r}")
    return found["device"]


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _text(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
