"""What a customer may see of one communication, and the one thing they may change about it."""

from collections.abc import Sequence

import msgspec
from django.db import transaction
from django.utils import timezone

from signalpost.acts import prefer
from signalpost.store import archive, log, portal
from signalpost.vocabulary import manuscripts, parties, records


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One communication as its recipient sees it."""

    ref: str
    title: str
    party: str
    category: str
    #: Premises it was about, when it belongs to an incident that can still be reported to go on.
    premises: Sequence[str]
    #: How many reports about them came after it.
    reports: int
    manuscript: manuscripts.Manuscript | None


def communication(ref: str, given: archive.Archive) -> Seen | None:
    """A communication by its reference, and a fact that its document was read; `None` when there is none."""
    with transaction.atomic():
        row = portal.communication(ref)
        if row is None:
            return None
        manuscript = None
        if row.manuscript:
            manuscript = records.decode(given.read([row.manuscript])[row.manuscript], manuscripts.Manuscript)
            log.add(
                [
                    records.Fact(
                        kind=records.FactKind.DOCUMENT_READ,
                        subject=ref,
                        at=timezone.now(),
                        body=records.canonical({"by": "recipient", "document": row.manuscript}).decode(),
                    )
                ]
            )
    return Seen(
        ref=row.ref,
        title=row.title,
        party=row.party,
        category=row.category,
        premises=row.premises,
        reports=row.reports,
        manuscript=manuscript,
    )


def unsubscribe(seen: Seen) -> None:
    """End messages of a category by e-mail for its recipient; mandatory ones are never held back by it."""
    prefer.refuse(seen.party, category=seen.category, channel=parties.ChannelKind.EMAIL, by="recipient")
