"""The log: facts in the order they were sealed."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from signalpost.store.models import lengths
from signalpost.store.models.ranges import PAGES_OF_A_RANGE


class LogFact(models.Model):
    """A fact, and its seal once `keep` has given it its place in the chain."""

    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    subject = models.CharField(max_length=lengths.REF_CHARACTERS)
    at = models.DateTimeField()
    body = models.TextField()
    sequence = models.BigIntegerField(null=True, unique=True)
    previous = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """Table; the partial index is the queue of `keep`."""

        db_table = "log_fact"
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(sequence__isnull=True), name="log_fact_waiting"),
            models.Index(fields=["subject", "id"], name="log_fact_by_subject"),
            BrinIndex(fields=["at"], name="log_fact_by_time", autosummarize=True, pages_per_range=PAGES_OF_A_RANGE),
        ]


class Cursor(models.Model):
    """How far a reader of the log has come."""

    name = models.CharField(max_length=lengths.WORD_CHARACTERS, primary_key=True)
    position = models.BigIntegerField()

    class Meta:
        """Table."""

        db_table = "log_cursor"
