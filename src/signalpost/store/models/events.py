"""What came in: bodies as they arrived, the events in them, and what could not be accepted."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from signalpost.store.models import lengths
from signalpost.store.models.ranges import PAGES_OF_A_RANGE


class Body(models.Model):
    """One inbound body, written before it is acknowledged."""

    channel = models.CharField(max_length=lengths.WORD_CHARACTERS)
    sender = models.TextField()
    content_type = models.TextField()
    body = models.BinaryField()
    headers: "models.JSONField[list[object]]" = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "body"


class Event(models.Model):
    """An accepted event. `(source, event_id)` is unique for ever."""

    source = models.TextField()
    event_id = models.TextField()
    type = models.TextField()
    subject = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    lane = models.CharField(max_length=lengths.WORD_CHARACTERS)
    data = models.TextField()
    digest = models.CharField(max_length=64)
    # A constraint is checked row by row at the commit, which takes longer than to write the rows (87 of 116 µs). Body
    # and events are stored in one transaction, neither is ever deleted, and nothing looks for events by their body.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    position = models.IntegerField(default=0)
    #: "" while it waits for `assess`, then what became of it (`situations.Noted`).
    noted = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    rule = models.TextField(blank=True, default="")
    #: Alarm, incident or change it led to.
    ref = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    assessed_at = models.DateTimeField(null=True)

    class Meta:
        """Table; the partial index is the queue of `assess`."""

        db_table = "event"
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "event_id"], name="event_once")]
        indexes: ClassVar = [
            models.Index(fields=["lane", "id"], name="event_waiting", condition=models.Q(noted="")),
            models.Index(fields=["subject", "occurred_at"], name="event_by_subject"),
            models.Index(fields=["assessed_at"], name="event_faulty", condition=models.Q(noted="faulty")),
            BrinIndex(
                fields=["received_at"], name="event_by_time", autosummarize=True, pages_per_range=PAGES_OF_A_RANGE
            ),
        ]


class Quarantine(models.Model):
    """What could not be accepted, with its reason; can be replayed after a fix."""

    OPEN, REPLAYED, DISCARDED = "open", "replayed", "discarded"

    body = models.ForeignKey(Body, on_delete=models.PROTECT)
    position = models.IntegerField(default=0)
    reason = models.CharField(max_length=lengths.WORD_CHARACTERS)
    field = models.TextField(blank=True)
    wanted = models.TextField(blank=True)
    got = models.TextField(blank=True)
    source = models.TextField(blank=True)
    event_id = models.TextField(blank=True)
    state = models.CharField(max_length=lengths.WORD_CHARACTERS, default=OPEN)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "quarantine"
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="quarantine_by_state")]


class Contract(models.Model):
    """What events of a type must look like (`events.Contract`)."""

    type = models.TextField(primary_key=True)
    body = models.TextField()
    playbook = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "contract"


class Mapping(models.Model):
    """How device messages become events (`events.MappingRule`), in order."""

    name = models.TextField(primary_key=True)
    rank = models.IntegerField()
    body = models.TextField()
    playbook = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "mapping"
