"""Where things are: areas, premises, devices."""

from typing import ClassVar

from django.db import models

from signalpost.store.models import lengths


class Area(models.Model):
    """A supply area: what incidents are grouped by."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    name = models.TextField()
    #: Outline as (longitude, latitude) pairs, WGS 84, for the map; empty when unknown.
    outline: "models.JSONField[list[object]]" = models.JSONField(default=list, blank=True)

    class Meta:
        """Table."""

        db_table = "area"


class Premise(models.Model):
    """A place that is supplied. One time zone each."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    lines: "models.JSONField[list[object]]" = models.JSONField(default=list)
    postcode = models.TextField(blank=True)
    locality = models.TextField(blank=True)
    region = models.TextField(blank=True)
    country = models.CharField(max_length=2)
    time_zone = models.TextField()
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    class Meta:
        """Table."""

        db_table = "premise"


class Device(models.Model):
    """A device at a premise."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    type = models.TextField()
    premise = models.ForeignKey(Premise, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    #: When it was last heard of, by its own clock.
    seen_at = models.DateTimeField(null=True)
    #: By alarm kind, when it was last seen to be well.
    cleared: "models.JSONField[list[object]]" = models.JSONField(default=list)

    class Meta:
        """Table."""

        db_table = "device"
        indexes: ClassVar = [models.Index(fields=["type", "seen_at"], name="device_by_silence")]
