"""Assess: what device readings, alarms and business events mean. The second of the eight stages.

Events are assessed one after another, then the clock. Nothing an event brings falls due at once (see `boards.due_at`),
so that a batch may be split anywhere and means the same. The states and what must be loaded are in `README.md`.

It refuses to decide whom and how to tell (that is `choose`), and to remember anything: what is known is in the picture.
"""

import datetime as dt
from collections.abc import Sequence

from signalpost.flow.assess import boards, clock, devices, matching, operations, reports, telling
from signalpost.vocabulary import events, situations


def assess(
    batch: Sequence[events.Event], rules: situations.Rules, picture: situations.Picture, now: dt.datetime
) -> situations.Assessment:
    """What a batch of events, and the time, change about the situations that are going on.

    Args:
        batch: Accepted events in the order of arrival, at most some thousands; empty for the clock alone. Subjects may
            repeat, and events may be late or out of order.
        rules: What is in force.
        picture: All that could matter to the batch; `situations.Picture` says what that is.
        now: The moment, timezone-aware.

    Returns:
        Everything new or changed, and one note per event in the order of the batch. Names are derived: the same
        arguments give the same ones.

    Raises:
        LookupError: the picture lacks what the batch or its own records refer to.
    """
    board = boards.Board(picture, index=matching.index(rules), now=now)
    notes = [_assessed(board, event) for event in batch]
    clock.serve(board)
    return board.assessment(notes)


def _assessed(board: boards.Board, event: events.Event) -> situations.EventNote:
    """What became of one event."""
    match event.type:
        case situations.ESTIMATE_EVENT:
            return operations.estimate(board, event)
        case situations.ACTIONS_EVENT:
            return operations.actions(board, event)
        case situations.RESOLVED_EVENT:
            return operations.resolved(board, event)
        case situations.STILL_AFFECTED_EVENT:
            return reports.still_affected(board, event)
        case _:
            return boards.weightiest(event, (*devices.heard(board, event), *telling.passed_on(board, event)))
