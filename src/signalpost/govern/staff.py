"""Who among the staff may do what. A role is a set of rights; every page of the console asks for one right."""

import enum
from collections.abc import Mapping


class Role(enum.StrEnum):
    """What a member of staff is here for."""

    AUTHOR = "author"
    APPROVER = "approver"
    #: Steps of a review that some categories need besides an approver's.
    LEGAL = "legal"
    BRAND = "brand"
    #: The business side: keeps triggers, segments, contracts and the channel policy, and looks after the path.
    OPERATIONS = "operations"
    AGENT = "agent"
    #: Runs the system.
    OPERATOR = "operator"
    #: Reads everything and changes nothing.
    AUDITOR = "auditor"


class Right(enum.StrEnum):
    """One thing that a page or button lets somebody do."""

    #: Numbers, situations, channels: nothing about a customer.
    SEE = "see"
    #: Who was told what and why; the documents themselves. Every look at one is logged.
    READ_CUSTOMERS = "read_customers"
    #: Bodies as they came, and what became of them.
    READ_INPUT = "read_input"
    EXPORT = "export"
    #: Accept a refused body again, or settle it for good.
    REPLAY = "replay"
    #: Put a job that gave up back into the queue; settle a delivery that nobody knows the outcome of.
    REDRIVE = "redrive"
    #: Pause and resume channels and lanes.
    PAUSE = "pause"
    #: What the communications side keeps: texts, brands, layouts.
    WRITE = "write"
    #: What the business side keeps: contracts, triggers, segments, the channel policy.
    WRITE_RULES = "write_rules"
    #: Steps of a review, and taking back what was approved. Never of one's own changes.
    APPROVE = "approve"
    #: The open regions of interactive letters, and letting such a letter go.
    WRITE_LETTERS = "write_letters"


#: What each right is called where rights are given out.
RIGHT_LABELS: Mapping[Right, str] = {
    Right.SEE: "Can see numbers, situations and channels",
    Right.READ_CUSTOMERS: "Can read what customers were told",
    Right.READ_INPUT: "Can read what came in",
    Right.EXPORT: "Can export lists",
    Right.REPLAY: "Can replay and discard what was refused",
    Right.REDRIVE: "Can put dead letters back and settle unclear deliveries",
    Right.PAUSE: "Can pause channels and lanes",
    Right.WRITE: "Can write communications, texts and brands",
    Right.WRITE_RULES: "Can write triggers, segments, contracts and the channel policy",
    Right.APPROVE: "Can approve what others wrote, and take it back",
    Right.WRITE_LETTERS: "Can write the open regions of letters",
}

#: The rights of each role. Least authority: authors and approvers work on templates and need no customer for it.
ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AUTHOR: frozenset({Right.SEE, Right.WRITE}),
    Role.APPROVER: frozenset({Right.SEE, Right.APPROVE}),
    Role.LEGAL: frozenset({Right.SEE, Right.APPROVE}),
    Role.BRAND: frozenset({Right.SEE, Right.APPROVE}),
    Role.OPERATIONS: frozenset(Right) - {Right.WRITE, Right.APPROVE},
    Role.AGENT: frozenset({Right.SEE, Right.READ_CUSTOMERS, Right.WRITE_LETTERS}),
    Role.OPERATOR: frozenset({Right.SEE, Right.READ_INPUT, Right.EXPORT, Right.REPLAY, Right.REDRIVE, Right.PAUSE}),
    Role.AUDITOR: frozenset({Right.SEE, Right.READ_CUSTOMERS, Right.READ_INPUT, Right.EXPORT}),
}
