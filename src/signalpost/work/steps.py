"""THE MAP. Every piece of work there is, in the order of travel. Read this first.

    accept   a source stores a body and its events, then acknowledges           rings assess
    assess   events and the clock → alarms, incidents, changes                  enqueues choose per change
    choose   a change → one decision per affected party, 500 households a page  enqueues compose per page
    compose  a page of notices → manuscripts, renditions, deliveries            rings deliver
    render   a fallback or escalation that started → its rendition              rings deliver
    deliver  due deliveries → attempt row, *send*, outcome row                  rings render, keep
    settle   attempts whose sender is gone → unclear                            rings render, keep
    follow   receipts → delivery states, addresses                              rings render, keep
    keep     facts → their place in the hash-chained log                        rings report
    report   sealed facts → status webhooks                                     rings deliver
    release  approved changes of the library, at their time → live, or ended    rings keep

A *job* is enqueued in the transaction whose result needs it. A *bell* says "look at your queue of rows" and is rung
after the commit; the clock (`calendar`) rings again whatever was missed. Every step drains rows in batches, each batch
one transaction, so that a kill at any moment loses nothing: the rows are still there.
"""

from collections.abc import Callable

import msgspec

from signalpost.work.stages import assess, choose, compose, deliver, follow, keep, release, report


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work by its name: the queue entry, the log line and the metric use the same one."""

    name: str
    run: Callable[..., None]
    #: Tries before the job lies in the dead letters. Drains are bells: the clock rings again, so they need few.
    attempts: int


STEPS = (
    Step(name="assess", run=assess.assess, attempts=5),
    Step(name="watch", run=assess.watch, attempts=1),
    Step(name="choose", run=choose.choose, attempts=8),
    Step(name="compose", run=compose.compose, attempts=8),
    Step(name="render", run=compose.render, attempts=5),
    Step(name="deliver", run=deliver.deliver, attempts=3),
    Step(name="settle", run=deliver.settle, attempts=1),
    Step(name="follow", run=follow.follow, attempts=5),
    Step(name="keep", run=keep.keep, attempts=3),
    Step(name="report", run=report.report, attempts=3),
    Step(name="release", run=release.release, attempts=3),
)
