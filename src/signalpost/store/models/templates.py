"""What may be said: communication types, template versions with their approvals, and the policy in force."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from signalpost.store.models import lengths


class CommunicationType(models.Model):
    """What kind of thing is said (`notices.CommunicationType`)."""

    name = models.TextField(primary_key=True)
    title = models.TextField()
    category = models.CharField(max_length=lengths.WORD_CHARACTERS)
    channels = ArrayField(models.CharField(max_length=lengths.WORD_CHARACTERS), default=list)
    retention_days = models.IntegerField(default=3650)
    playbook = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "communication_type"


class TemplateVersion(models.Model):
    """A frozen content in one language, by digest, and where it stands. The content never changes."""

    digest = models.CharField(max_length=64, primary_key=True)
    communication = models.ForeignKey(CommunicationType, on_delete=models.PROTECT)
    language = models.CharField(max_length=35)
    state = models.CharField(max_length=lengths.WORD_CHARACTERS, default="draft")
    #: Canonical JSON of `templates.Content`.
    content = models.TextField()
    author = models.TextField()
    #: Everyone else who changed it, and the steps of the review taken so far (`templates.SignOff`), as JSON.
    editors = models.TextField(default="[]")
    sign_offs = models.TextField(default="[]")
    created_at = models.DateTimeField()
    #: Canonical JSON of `templates.Approval`, "" before.
    approval = models.TextField(blank=True, default="")
    effective_from = models.DateTimeField(null=True)
    effective_to = models.DateTimeField(null=True)

    class Meta:
        """Table."""

        db_table = "template_version"
        indexes: ClassVar = [models.Index(fields=["communication", "language", "state"], name="template_in_force")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["communication", "language"], condition=models.Q(state="live"), name="template_live_once"
            )
        ]


class PolicyVersion(models.Model):
    """The channel policy (`notices.Policy`), one row per version."""

    version = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()
    in_force_from = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "policy_version"
