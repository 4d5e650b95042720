"""Past cases gone through again, and letters that wait for an agent's words."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from signalpost.store.models import lengths


class Replay(models.Model):
    """One replay of past cases against a release (`replays`): how far it is and what it found."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    release = models.CharField(max_length=lengths.REF_CHARACTERS)
    #: Digest of the release as it was replayed: another one by then makes the result stale.
    digest = models.CharField(max_length=64)
    #: The past that is gone through: from, and before.
    since = models.DateTimeField()
    until = models.DateTimeField()
    #: Cases at most, the latest first.
    cases_max = models.IntegerField()
    state = models.CharField(max_length=lengths.WORD_CHARACTERS)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    #: Cases there are, those that the release cannot touch among them, and those gone through.
    total = models.IntegerField(default=0)
    untouched = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    #: Where it goes on, as canonical JSON; "" at the beginning.
    cursor = models.TextField(blank=True, default="")
    #: What has to be known of the result, by its name, with a number each, as JSON.
    notes = models.TextField(default="{}")
    #: Price list as it was, as JSON.
    prices = models.TextField(default="[]")
    problem = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "replay"
        indexes: ClassVar = [models.Index(fields=["release", "-asked_at"], name="replay_by_release")]


class ReplayCase(models.Model):
    """A past case that a release would make another one."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, db_index=False)
    #: Reference of the decision, or the one it would get.
    decision = models.CharField(max_length=lengths.REF_CHARACTERS)
    change = models.CharField(max_length=lengths.REF_CHARACTERS)
    #: Number of the event of a change that was never made; 0 for one that was.
    event = models.BigIntegerField(default=0)
    #: Name of the trigger.
    trigger = models.TextField(blank=True, default="")
    household = models.CharField(max_length=lengths.REF_CHARACTERS)
    party = models.CharField(max_length=lengths.REF_CHARACTERS)
    communication = models.TextField()
    at = models.DateTimeField()
    verdict = models.CharField(max_length=lengths.WORD_CHARACTERS)
    aspects = ArrayField(models.CharField(max_length=lengths.WORD_CHARACTERS), default=list)
    kind = models.TextField()
    silence = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    channels_before = models.TextField(blank=True, default="")
    channels_after = models.TextField(blank=True, default="")
    lines_changed = models.IntegerField(default=0)
    #: The amount that changed most, with its currency.
    amount_before = models.TextField(blank=True, default="")
    amount_after = models.TextField(blank=True, default="")
    pages_before = models.IntegerField(null=True)
    pages_after = models.IntegerField(null=True)
    cost_before = models.DecimalField(null=True, max_digits=14, decimal_places=6)
    cost_after = models.DecimalField(null=True, max_digits=14, decimal_places=6)
    #: Why it is unusual by itself: points and words, as JSON.
    points = models.TextField(default="[]")
    #: All points, with those for how rare its kind is once all cases are known.
    score = models.FloatField(default=0)

    class Meta:
        """Table."""

        db_table = "replay_case"
        constraints: ClassVar = [models.UniqueConstraint(fields=["replay", "decision"], name="replay_case_once")]
        indexes: ClassVar = [models.Index(fields=["replay", "-score", "decision"], name="replay_case_by_score")]


class Writing(models.Model):
    """What an agent wrote into the open regions of a letter, until it is released and afterwards."""

    #: Reference of the decision.
    decision = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    #: One more with each save: who saves over another version is told so.
    version = models.IntegerField(default=0)
    #: `[{"name", "text", "by", "at"}]` of the regions that were written, as canonical JSON.
    regions = models.TextField(default="[]")
    #: Who has it open, and until when nobody else may save.
    held_by = models.TextField(blank=True, default="")
    held_until = models.DateTimeField(null=True)
    released_by = models.TextField(blank=True, default="")
    released_at = models.DateTimeField(null=True)

    class Meta:
        """Table."""

        db_table = "writing"
