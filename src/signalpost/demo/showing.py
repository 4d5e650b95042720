"""`signalpost demo`: everything runs, and a storm comes by itself, so that a person who watches sees something."""

import datetime as dt
import sys
import time
from typing import TextIO

from signalpost.demo import mailbox, meters, running, story
from signalpost.store import batch

#: Time to open the pages before the storm.
BEFORE_STORM_SECONDS = 10.0
#: Time between two acts, to look at what happened.
BETWEEN_SECONDS = 8.0

_SINCE = """
SELECT decision.communication, delivery.channel, count(*) FROM delivery
JOIN decision ON decision.ref = delivery.communication_id
WHERE delivery.state IN ('accepted', 'delivered') AND decision.kind <> 'status' AND decision.decided_at >= %s
GROUP BY 1, 2 ORDER BY 1, 2
"""
_WITHHELD = """
SELECT communication, reason, count(*) FROM decision
WHERE verdict = 'withheld' AND kind <> 'status' AND decided_at >= %s GROUP BY 1, 2 ORDER BY 1, 2
"""


def show(given: running.Running, out: TextIO = sys.stdout) -> None:
    """Tell where to look, play the story, and go on until interrupted."""
    stage = given.stage
    page = mailbox.Mailbox(stage.peers, stage.town)
    heartbeats = meters.Heartbeats(stage.network, [str(row["ref"]) for row in stage.town.tables["device"]])
    try:
        print(_welcome(given, page.url), file=out, flush=True)
        time.sleep(BEFORE_STORM_SECONDS)
        _play(given, heartbeats)
        stage.told("That was the story. Everything goes on running; Ctrl-C stops it all.")
        while True:
            time.sleep(3600)
    finally:
        heartbeats.stop()
        page.close()


def _play(given: running.Running, heartbeats: meters.Heartbeats) -> None:
    stage = given.stage
    storm = story.Storm(stage)
    heartbeats.dark(storm.meters)
    for number, act in enumerate((storm.strikes, storm.is_estimated, storm.repeats, storm.is_repaired, storm.ends)):
        if number:
            time.sleep(BETWEEN_SECONDS)
        _told(given, act)
    heartbeats.light(storm.meters)
    for act in (storm.leaves_one_dark, lambda: story.closes_month(stage)):
        time.sleep(BETWEEN_SECONDS)
        _told(given, act)


def _told(given: running.Running, act: "story.Act") -> None:
    """Play an act and say in plain sentences who was told, and who was not and why."""
    since = dt.datetime.now(dt.UTC)
    act()
    for communication, channel, count in batch.fetch(_SINCE, [since], tuple[str, str, int]):
        given.stage.told(f"  {count:,} {communication} by {channel}")
    for communication, reason, count in batch.fetch(_WITHHELD, [since], tuple[str, str, int]):
        given.stage.told(f"  {count:,} {communication} not sent: {reason.replace('_', ' ')}")


def _welcome(given: running.Running, mailbox_url: str) -> str:
    return f"""
  Console   {given.read.url()}/console/
            user demo, password {given.access.password}
  Mailbox   {mailbox_url}
            what people really receive: e-mail, SMS, letters

  A storm comes in {BEFORE_STORM_SECONDS:.0f} seconds. Ctrl-C stops everything.
"""
