"""What may leave: a content with the approval that covers exactly it; and why somebody may not do something.

The only module that makes an `ApprovedTemplate`. Who may approve is decided in `govern.releases`.
"""

import enum

from signalpost.vocabulary import records, templates


class DeniedReason(enum.StrEnum):
    """Why somebody may not. Closed: every value is documented and shown."""

    #: Nobody is named.
    UNKNOWN_PERSON = "unknown_person"
    ROLE_MISSING = "role_missing"
    #: The release's state does not lead there.
    ILLEGAL_MOVE = "illegal_move"
    #: Who wrote or edited it approves it.
    OWN_CHANGE = "own_change"
    #: The same person in two steps of one review.
    ALREADY_SIGNED = "already_signed"
    #: The steps taken are not the review's first ones, or others come before the last.
    STEPS_OPEN = "steps_open"
    #: The last step sets the dates: it is an approval.
    LAST_STEP = "last_step"
    #: The approval or a step is for another content.
    CONTENT_CHANGED = "content_changed"
    #: The dates contradict each other or have no time zone.
    INVALID_DATES = "invalid_dates"
    #: What is live now is not what the release was made for.
    STALE = "stale"
    #: Something else took the place of what the release brought.
    SUPERSEDED = "superseded"
    #: Everything is live already as it is given.
    NOTHING_CHANGED = "nothing_changed"
    #: What was found wrong with it: the findings say what and where.
    FINDINGS = "findings"


class Denied(records.Record, frozen=True, kw_only=True):
    """Somebody may not, and why. Names no persons."""

    reason: DeniedReason
    wanted: str
    got: str


def approved(content: templates.Content, *, approval: templates.Approval) -> templates.ApprovedTemplate:
    """The version a notice was decided with, whatever is in force since: later edits never change history.

    Raises:
        NotApprovedError: the approval is for another content, or by somebody who wrote it.
    """
    return templates.ApprovedTemplate(content=content, approval=approval, version=approval.content)
