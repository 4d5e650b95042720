"""Where events belong in the traces of those who sent them."""

from typing import ClassVar

from django.db import models

from signalpost.store.models import lengths


class TraceContext(models.Model):
    """The trace context of an event, kept while traces are on; rows only for such events."""

    source = models.TextField()
    event_id = models.TextField()
    #: `traceparent` (W3C Trace Context).
    context = models.CharField(max_length=55)
    #: Alarm, incident or change it led to; "" while it waits for `assess`.
    ref = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="", db_index=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """Table."""

        db_table = "trace_context"
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "event_id"], name="trace_once")]
