"""Traffic towards peers: the providers behind channels and how they fare, and what is used up of rates."""

from typing import ClassVar

from django.db import models

from signalpost.store.models import lengths


class Provider(models.Model):
    """One relay or centre of a channel (`traffic.Provider`); a row for each that was ever used."""

    via = models.CharField(max_length=lengths.WORD_CHARACTERS)
    #: Host and port.
    name = models.TextField()
    rank = models.SmallIntegerField()
    #: Batches in a row that it could not take at all; 0 is well.
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    well_at = models.DateTimeField(null=True)
    detail = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "provider"
        constraints: ClassVar = [models.UniqueConstraint(fields=["via", "name"], name="provider_once")]


class Bucket(models.Model):
    """What is used up of the rate of a provider or recipient domain (`traffic.Bucket`)."""

    name = models.TextField(primary_key=True)
    free_at = models.DateTimeField()
    promised_until = models.DateTimeField()
    slowness = models.SmallIntegerField(default=0)
    slowed_at = models.DateTimeField(null=True)

    class Meta:
        """Table."""

        db_table = "bucket"
