"""The library: every version of every item, what of it is live, and the releases that change it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from signalpost.store.models import lengths

_DIGEST_CHARACTERS = 64
_LANGUAGE_CHARACTERS = 35


class ItemVersion(models.Model):
    """A version of an item (`library.Item`), by the digest of its canonical JSON. It never changes and never goes."""

    digest = models.CharField(max_length=_DIGEST_CHARACTERS, primary_key=True)
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    name = models.TextField()
    body = models.TextField()
    #: Who first brought this very version, and everyone else who wrote at it: it is their change too.
    author = models.TextField()
    editors = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "item_version"
        indexes: ClassVar = [models.Index(fields=["kind", "name", "-created_at"], name="item_version_by_name")]


class LiveItem(models.Model):
    """A time in which a version of an item was live; the one without an end is live now."""

    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    name = models.TextField()
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, db_column="digest")
    release: "models.ForeignKey[Release]" = models.ForeignKey("Release", on_delete=models.PROTECT, db_column="release")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """Table; at most one version of an item is live."""

        db_table = "live_item"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(until__isnull=True), name="live_item_once"
            )
        ]


class BoundContent(models.Model):
    """A content as a release would make it (`templates.Content`), by digest."""

    digest = models.CharField(max_length=_DIGEST_CHARACTERS, primary_key=True)
    communication = models.TextField()
    language = models.CharField(max_length=_LANGUAGE_CHARACTERS)
    body = models.TextField()

    class Meta:
        """Table."""

        db_table = "bound_content"


class Release(models.Model):
    """Changes that are approved as one and go live at one moment (`library.Release`)."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    title = models.TextField()
    state = models.CharField(max_length=lengths.WORD_CHARACTERS, default="draft")
    author = models.TextField()
    editors = ArrayField(models.TextField(), default=list)
    digest = models.CharField(max_length=_DIGEST_CHARACTERS)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    assigned_to = models.TextField(blank=True, default="")
    approver = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    effective_from = models.DateTimeField(null=True)
    effective_to = models.DateTimeField(null=True)
    live_at = models.DateTimeField(null=True)
    #: When it was withdrawn or its time was over.
    over_at = models.DateTimeField(null=True)
    #: Why it was sent back, held back or withdrawn; "" otherwise.
    reason = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "release"
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "ref"], name="release_by_time"),
            models.Index(fields=["effective_from"], condition=models.Q(state="scheduled"), name="release_scheduled"),
            models.Index(
                fields=["effective_to"],
                condition=models.Q(state="live", effective_to__isnull=False),
                name="release_ending",
            ),
        ]


class ReleaseChange(models.Model):
    """An item that a release changes (`library.Changed`)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, db_column="release")
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    name = models.TextField()
    digest = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True)
    base = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True)

    class Meta:
        """Table."""

        db_table = "release_change"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "kind", "name"], name="release_change_once")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "name"], name="release_change_by_name")]


class ReleaseContent(models.Model):
    """A content that a release brings or takes away (`library.BoundContent`)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, db_column="release")
    communication = models.TextField()
    language = models.CharField(max_length=_LANGUAGE_CHARACTERS)
    content = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True)
    base = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True)

    class Meta:
        """Table."""

        db_table = "release_content"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "communication", "language"], name="release_content_once")
        ]


class ReleaseSignOff(models.Model):
    """A step of a review (`templates.SignOff`); void once the release has another digest."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, db_column="release")
    digest = models.CharField(max_length=_DIGEST_CHARACTERS)
    role = models.CharField(max_length=lengths.WORD_CHARACTERS)
    person = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "release_sign_off"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "digest", "role"], name="release_sign_off_once")
        ]


class ReleaseComment(models.Model):
    """A comment at a place of a release (`library.Comment`)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, db_column="release")
    number = models.IntegerField()
    place = models.TextField(blank=True)
    text = models.TextField()
    person = models.TextField()
    at = models.DateTimeField()
    resolved_by = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "release_comment"
        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "number"], name="release_comment_once")]


class PlaybookItem(models.Model):
    """An item that a playbook brought when it was installed last."""

    playbook = models.TextField()
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    name = models.TextField()
    digest = models.CharField(max_length=_DIGEST_CHARACTERS)

    class Meta:
        """Table."""

        db_table = "playbook_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playbook", "kind", "name"], name="playbook_item_once")
        ]
