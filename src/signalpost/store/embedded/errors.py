"""What can go wrong with the embedded PostgreSQL, and how the keeper tells an owner. The tree is drawn in __init__."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the text says why and what to do."""


class ProgramsMissingError(EmbeddedError):
    """The PostgreSQL programs are not installed, are damaged, or cannot be reached by the server's user."""


class AnotherVersionError(EmbeddedError):
    """The folder's data were written by another major version of PostgreSQL."""


class AnotherUserError(EmbeddedError):
    """The folder, or the data in it, belongs to another user."""


class FolderUnusableError(EmbeddedError):
    """The folder cannot be made, is not a folder, or holds something else."""


class ServerFailedError(EmbeddedError):
    """The server does not start, or dies again and again; the text ends with its last log lines."""


_KINDS: dict[str, type[EmbeddedError]] = {
    kind.__name__: kind
    for kind in (ProgramsMissingError, AnotherVersionError, AnotherUserError, FolderUnusableError, ServerFailedError)
}


def to_reply(error: EmbeddedError) -> bytes:
    """An error as the keeper writes it to an owner: its name, a line break, its text."""
    return f"{type(error).__name__}\n{error}".encode()


def from_reply(reply: bytes) -> EmbeddedError:
    """The error in a keeper's reply."""
    kind, _, text = reply.decode().partition("\n")
    return _KINDS[kind](text)
