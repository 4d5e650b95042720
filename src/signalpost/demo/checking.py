"""`signalpost demo --check`: the three flows without a person, and whether they came to what the playbooks expect."""

from collections.abc import Mapping

import msgspec
from django.conf import settings as django_settings

from signalpost.acts import prove
from signalpost.demo import counting, running, story
from signalpost.playbooks import load
from signalpost.store import archive

#: File in a playbook's folder `expected` that says what the demo's town comes to.
EXPECTED = "counts.json"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found: the one line of JSON, and what is wrong."""

    line: str
    problems: tuple[str, ...]


def check(given: running.Running) -> Result:
    """Play every act and count.

    Raises:
        story.ActError: an act did not go as it should.
        rest.NotAtRestError: the path did not come to rest after an act.
    """
    stage = given.stage
    story.calm(stage)
    storm = story.Storm(stage)
    storm.strikes()
    storm.is_estimated()
    storm.repeats()
    storm.is_repaired()
    storm.ends()
    storm.leaves_one_dark()
    story.closes_month(stage)
    return _result(given)


def _result(given: running.Running) -> Result:
    playbooks = [load.load(folder) for folder in load.BUILT_IN]
    received = given.stage.peers
    counts = counting.of_playbooks(playbooks, received)
    total = counting.total(counts)
    verified = prove.verify(_archive())
    really = counting.received(received)
    problems = [
        line
        for playbook in playbooks
        for line in counting.differences(
            playbook.name, counting.expected(playbook, EXPECTED) or counting.Counts(), counts[playbook.name]
        )
    ]
    problems += [
        f"peers: {channel}: wanted {total.delivered.get(channel, 0)} received, got {really.get(channel, 0)}"
        for channel in sorted(total.delivered.keys() | really.keys())
        if total.delivered.get(channel, 0) != really.get(channel, 0)
    ]
    platform = received.platform
    if platform.unverified or platform.out_of_order or not platform.kept():
        problems.append(
            f"webhooks: wanted all signed and in order, got {len(platform.kept())} received, "
            f"{platform.unverified} not signed, {platform.out_of_order} out of order"
        )
    problems += verified.problems
    line: Mapping[str, object] = {
        **msgspec.to_builtins(total),
        "webhooks": len(platform.kept()),
        "facts": verified.facts,
        "verified": verified.is_intact,
        "playbooks": msgspec.to_builtins(counts),
    }
    return Result(line=msgspec.json.encode(line).decode(), problems=tuple(problems))


def _archive() -> archive.Archive:
    found = django_settings.SIGNALPOST_ARCHIVE
    if not isinstance(found, archive.Archive):
        raise TypeError(f"SIGNALPOST_ARCHIVE: wanted the archive, got {type(found).__name__}")
    return found
