"""Who among the staff may do what. A role is a set of rights; every page of the console asks for one right."""

import enum
from collections.abc import Mapping


class Role(enum.StrEnum):
    """What a member of staff is here for."""

    AUTHOR = "author"
    APPROVER = "approver"
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
    #: Put a job that gave up back into the queue.
    REDRIVE = "redrive"
    #: Pause and resume channels and lanes.
    PAUSE = "pause"


#: What each right is called where rights are given out.
RIGHT_LABELS: Mapping[Right, str] = {
    Right.SEE: "Can see numbers, situations and channels",
    Right.READ_CUSTOMERS: "Can read what customers were told",
    Right.READ_INPUT: "Can read what came in",
    Right.EXPORT: "Can export lists",
    Right.REPLAY: "Can replay and discard what was refused",
    Right.REDRIVE: "Can put dead letters back",
    Right.PAUSE: "Can pause channels and lanes",
}

#: The rights of each role. Least authority: authors and approvers work on templates and need no customer for it.
ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AUTHOR: frozenset({Right.SEE}),
    Role.APPROVER: frozenset({Right.SEE}),
    Role.OPERATIONS: frozenset(Right),
    Role.AGENT: frozenset({Right.SEE, Right.READ_CUSTOMERS}),
    Role.OPERATOR: frozenset({Right.SEE, Right.READ_INPUT, Right.EXPORT, Right.REPLAY, Right.REDRIVE, Right.PAUSE}),
    Role.AUDITOR: frozenset({Right.SEE, Right.READ_CUSTOMERS, Right.READ_INPUT, Right.EXPORT}),
}
