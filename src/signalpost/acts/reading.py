"""How staff read customers' documents: every look is a fact in the log, in the transaction that reads."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from signalpost.store import archive, log
from signalpost.vocabulary import records


def documents(communication: str, digests: Sequence[str], given: archive.Archive, *, by: str) -> Mapping[str, bytes]:
    """Documents of a communication by their digest, with the fact that somebody read each.

    Raises:
        archive.MissingDocumentError: one is not there or was changed.
    """
    with transaction.atomic():
        now = timezone.now()
        log.add(
            [
                records.Fact(
                    kind=records.FactKind.DOCUMENT_READ,
                    subject=communication,
                    at=now,
                    body=records.canonical({"by": f"staff:{by}", "document": digest}).decode(),
                )
                for digest in dict.fromkeys(digests)
            ]
        )
        return given.read(digests) if digests else {}
