"""What is going on: alarms, incidents and their members, and the changes worth telling."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from signalpost.store.models import lengths


class RuleSet(models.Model):
    """Everything `assess` goes by (`situations.Rules`), one row per version; the latest in force is used."""

    version = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()
    in_force_from = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "rule_set"


class Alarm(models.Model):
    """One thing wrong at one subject (`situations.Alarm`)."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    subject = models.CharField(max_length=lengths.REF_CHARACTERS)
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    severity = models.SmallIntegerField()
    state = models.CharField(max_length=lengths.WORD_CHARACTERS)
    area = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    incident = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    #: The whole record as canonical JSON.
    body = models.TextField()

    class Meta:
        """Table; at most one alarm that is not cleared per subject and kind."""

        db_table = "alarm"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "kind"], condition=~models.Q(state="cleared"), name="alarm_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["area"], condition=~models.Q(state="cleared"), name="alarm_open_by_area"),
            models.Index(fields=["incident"], name="alarm_by_incident"),
            models.Index(fields=["-raised_at", "ref"], name="alarm_by_time"),
        ]


class Incident(models.Model):
    """Alarms of one cause in one area (`situations.Incident`)."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    area = models.CharField(max_length=lengths.REF_CHARACTERS, db_index=True)
    cause = models.CharField(max_length=lengths.WORD_CHARACTERS)
    severity = models.SmallIntegerField()
    state = models.CharField(max_length=lengths.WORD_CHARACTERS)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    active_count = models.IntegerField(default=0)
    member_count = models.IntegerField(default=0)
    restoration_at = models.DateTimeField(null=True)
    body = models.TextField()

    class Meta:
        """Table."""

        db_table = "incident"
        indexes: ClassVar = [models.Index(fields=["-opened_at", "ref"], name="incident_by_time")]


class Member(models.Model):
    """A device's part in an incident (`situations.Member`)."""

    # As with an event's body: stored with the incident or after it, found through the unique constraint.
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    device = models.CharField(max_length=lengths.REF_CHARACTERS)
    premise = models.CharField(max_length=lengths.REF_CHARACTERS)
    left_at = models.DateTimeField(null=True)
    tell_restored_at = models.DateTimeField(null=True)
    body = models.TextField()

    class Meta:
        """Table."""

        db_table = "member"
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "device"], name="member_once")]
        indexes: ClassVar = [
            models.Index(fields=["device"], name="member_by_device"),
            models.Index(fields=["premise"], name="member_by_premise"),
            models.Index(
                fields=["tell_restored_at"], condition=models.Q(tell_restored_at__isnull=False), name="member_due"
            ),
        ]


class Estimate(models.Model):
    """Every version of an incident's estimated restoration time, as it was stated."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE)
    version = models.IntegerField()
    restoration_at = models.DateTimeField(null=True)
    stated_at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        """Table."""

        db_table = "estimate"
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "version"], name="estimate_once")]


class Change(models.Model):
    """The moment something became worth telling (`situations.Change`)."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    situation = models.CharField(max_length=lengths.REF_CHARACTERS, db_index=True)
    stage = models.IntegerField()
    communication = models.TextField()
    lane = models.CharField(max_length=lengths.WORD_CHARACTERS)
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        """Table."""

        db_table = "change"


class Affected(models.Model):
    """A household that a change concerns: the ledger from which each gets exactly one decision per party."""

    # As with an event's body: stored with the change or after it, found through the unique constraint.
    change = models.ForeignKey(Change, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    household = models.CharField(max_length=lengths.REF_CHARACTERS)
    #: The one party it concerns, "" for every party of the household with an account at the premises.
    party = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    #: Premises of the household that the change concerns.
    premises = ArrayField(models.CharField(max_length=lengths.REF_CHARACTERS), default=list)
    is_decided = models.BooleanField(default=False)

    class Meta:
        """Table; the partial index is the queue of `choose`."""

        db_table = "affected"
        constraints: ClassVar = [models.UniqueConstraint(fields=["change", "household"], name="affected_once")]
        indexes: ClassVar = [
            models.Index(fields=["change", "id"], condition=models.Q(is_decided=False), name="affected_waiting")
        ]
