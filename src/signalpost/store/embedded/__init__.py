"""PostgreSQL in a folder: the database that Signalpost runs for itself when none is named.

    with embedded.attach(data / "postgres") as attachment:
        psycopg.connect(attachment.url)

Whoever attaches is an *owner*. The first owner starts a *keeper*, a small process of its own that is the server's
parent; the others find it. The keeper starts the server again when it dies and stops it when its last owner has gone,
however that owner went. README.md beside this file says how.

It refuses to listen on TCP, to run PostgreSQL as root, to use a folder that is another user's or that holds files
which are not its own, and to change anything outside the folder.

What can go wrong, each with what to do about it in its text:

    EmbeddedError
    ├── ProgramsMissingError    the PostgreSQL programs are not installed, are damaged, or cannot be reached
    ├── AnotherVersionError     the folder's data were written by another major version of PostgreSQL
    ├── AnotherUserError        the folder belongs to another user
    ├── FolderUnusableError     the folder cannot be made, is not a folder, or holds something else
    └── ServerFailedError       the server does not start, or dies again and again; with its last log lines
"""

from signalpost.store.embedded.errors import (
    AnotherUserError,
    AnotherVersionError,
    EmbeddedError,
    FolderUnusableError,
    ProgramsMissingError,
    ServerFailedError,
)
from signalpost.store.embedded.owners import Attachment, attach
from signalpost.store.embedded.programs import program

__all__ = [
    "AnotherUserError",
    "AnotherVersionError",
    "Attachment",
    "EmbeddedError",
    "FolderUnusableError",
    "ProgramsMissingError",
    "ServerFailedError",
    "attach",
    "program",
]
