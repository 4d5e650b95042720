"""Drafts: the working copies of the library, as people write them in the console or files bring them.

    names(kind)                     what there is
    read(kind, name)                the latest working copy as a record of `vocabulary.library`
    write(item, by=)                a new revision of it
    editors(kind, name)             whose change it is
    digests(kind)                   the digest of each

A draft is kept as a Wagtail snippet with revisions and locks; outside of this room it is a record. Nothing here ever
leaves the house: what is live is made by a release (`acts.releasing`), and publishing in Wagtail's sense is no draft's.
"""

from signalpost.vocabulary import library


class UnwritableError(ValueError):
    """An item that no form can hold: a tree too deep, a text with characters that no database keeps."""


def names(kind: library.Kind) -> tuple[str, ...]:
    """The names of the working copies of a kind, in their order."""
    from signalpost.drafts import keeping  # noqa: PLC0415 - models exist only when Django is set up

    return keeping.names(kind)


def read(kind: library.Kind, name: str) -> library.Item | None:
    """The latest working copy, `None` where there is none of the name."""
    from signalpost.drafts import keeping  # noqa: PLC0415 - models exist only when Django is set up

    return keeping.read(kind, name)


def write(item: library.Item, *, by: str) -> None:
    """Make the item the latest working copy, in one transaction; what is the same already gets no revision.

    Raises:
        UnwritableError: says what no form can hold, and where.
    """
    from signalpost.drafts import keeping  # noqa: PLC0415 - models exist only when Django is set up

    keeping.write(item, by=by)


def editors(kind: library.Kind, name: str) -> frozenset[str]:
    """Everybody whose change the working copy is: who made a revision since it was what is live."""
    from signalpost.drafts import keeping  # noqa: PLC0415 - models exist only when Django is set up

    return keeping.editors(kind, name)


def digests(kind: library.Kind) -> dict[str, str]:
    """The digest of each working copy of a kind, by name."""
    from signalpost.drafts import keeping  # noqa: PLC0415 - models exist only when Django is set up

    return keeping.digests(kind)


def edition_row(communication: str, language: str) -> int:
    """The number of the row of an edition, for the address of its form.

    Raises:
        LookupError: there is none.
    """
    from signalpost.drafts import keeping  # noqa: PLC0415 - models exist only when Django is set up

    return keeping.edition_row(communication, language)
