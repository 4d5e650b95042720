"""What operations set: pauses, and the endpoints of an organisation's own systems."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from signalpost.store.models import lengths


class Switch(models.Model):
    """A lane or channel that is paused: what waits for it stays where it is."""

    #: `lane:bulk`, `channel:smtp`.
    name = models.CharField(max_length=lengths.WORD_CHARACTERS, primary_key=True)
    paused_by = models.TextField()
    paused_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "switch"


class Listening(models.Model):
    """Since when the clock has looked without a break: silence before that may be our own deafness. One row."""

    id = models.SmallIntegerField(primary_key=True)
    since = models.DateTimeField()
    looked_at = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "listening"


class Endpoint(models.Model):
    """An address of a system that wants status webhooks; belongs to a customer of kind `system`."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    url = models.TextField()
    #: Standard Webhooks secret (`whsec_…`).
    secret = models.TextField()
    #: Outcome kinds it wants; empty is all.
    wants = ArrayField(models.CharField(max_length=lengths.WORD_CHARACTERS), default=list)
    #: Customer reference of the person who is told when it is disabled; "" for nobody.
    owner = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    #: Customer reference of the system it belongs to.
    system = models.CharField(max_length=lengths.REF_CHARACTERS)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.TextField(blank=True, default="")
    #: When it first failed without a success since; `None` while it is well.
    failing_since = models.DateTimeField(null=True)

    class Meta:
        """Table."""

        db_table = "endpoint"
        indexes: ClassVar = [models.Index(fields=["disabled_at"], name="endpoint_alive")]


class ClientScope(models.Model):
    """What a system that has access to the API may do with it."""

    client_id = models.CharField(max_length=100, primary_key=True)
    scopes = ArrayField(models.CharField(max_length=lengths.WORD_CHARACTERS), default=list)

    class Meta:
        """Table."""

        db_table = "client_scope"


class IdempotencyKey(models.Model):
    """The answer to a request that its client gave a name (`Idempotency-Key`)."""

    client = models.CharField(max_length=lengths.REF_CHARACTERS)
    key = models.CharField(max_length=lengths.REF_CHARACTERS)
    #: Digest of method, address, media type and body.
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    media_type = models.TextField(blank=True)
    body = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """Table."""

        db_table = "idempotency_key"
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once")]
