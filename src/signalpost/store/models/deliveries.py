"""What was decided, said and sent: decisions, deliveries, attempts, receipts."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from signalpost.store.models import lengths
from signalpost.store.models.ranges import PAGES_OF_A_RANGE


class Decision(models.Model):
    """The decision about one party: a notice or a withheld one, whole, with its reasons. Never changed."""

    NOTICE, WITHHELD = "notice", "withheld"
    #: A notice's way: to_write while an agent writes the open regions, decided → composed, or incomplete, or superseded
    #: before it left.
    TO_WRITE, DECIDED, COMPOSED, INCOMPLETE, SUPERSEDED = "to_write", "decided", "composed", "incomplete", "superseded"

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    change = models.CharField(max_length=lengths.REF_CHARACTERS, db_index=True)
    situation = models.CharField(max_length=lengths.REF_CHARACTERS)
    #: Kind and number of the change, for the history of a party.
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    stage = models.IntegerField()
    estimate_version = models.IntegerField(default=0)
    party = models.CharField(max_length=lengths.REF_CHARACTERS)
    household = models.CharField(max_length=lengths.REF_CHARACTERS)
    communication = models.TextField()
    category = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    lane = models.CharField(max_length=lengths.WORD_CHARACTERS)
    verdict = models.CharField(max_length=lengths.WORD_CHARACTERS)
    #: `notices.WithheldReason` for a withheld one, "" for a notice.
    reason = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    decided_at = models.DateTimeField()
    state = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    #: Number of the page it was decided in: the unit of work of `compose`.
    page = models.BigIntegerField(default=0)
    #: Canonical JSON of the `notices.Notice` or `notices.Withheld`.
    body = models.TextField()
    #: Canonical JSON of the facts as they were at the decision.
    facts = models.TextField(default="{}")
    #: Digest of the manuscript, and what it is called.
    manuscript = models.CharField(max_length=64, blank=True, default="")
    title = models.TextField(blank=True, default="")
    #: Why it could not be composed.
    problem = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "decision"
        indexes: ClassVar = [
            models.Index(fields=["party", "-decided_at"], name="decision_by_party"),
            models.Index(fields=["situation", "household"], name="decision_by_situation"),
            models.Index(fields=["page"], condition=models.Q(state="decided"), name="decision_to_compose"),
            models.Index(fields=["-decided_at", "ref"], name="decision_by_time"),
            models.Index(fields=["decided_at"], condition=models.Q(state="to_write"), name="decision_to_write"),
            models.Index(fields=["-decided_at"], condition=models.Q(state="incomplete"), name="decision_incomplete"),
            models.Index(fields=["communication", "-decided_at", "ref"], name="decision_by_type"),
            models.Index(
                fields=["reason", "-decided_at", "ref"],
                condition=models.Q(verdict="withheld"),
                name="decision_withheld",
            ),
        ]


class Delivery(models.Model):
    """One communication on one channel (`deliveries.Delivery`)."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    # As with an event's body: stored by who stored the decision, found through `delivery_by_rank`.
    communication = models.ForeignKey(Decision, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    channel = models.CharField(max_length=lengths.WORD_CHARACTERS)
    #: The configured channel it goes over.
    via = models.CharField(max_length=lengths.WORD_CHARACTERS)
    rank = models.SmallIntegerField()
    start = models.CharField(max_length=lengths.WORD_CHARACTERS)
    after_seconds = models.IntegerField(default=0)
    state = models.CharField(max_length=lengths.WORD_CHARACTERS)
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    lane = models.CharField(max_length=lengths.WORD_CHARACTERS)
    #: Quiet hours of the recipient as JSON ("" for none), and the time zone they are in: a retry must not ring either.
    quiet_hours = models.TextField(blank=True, default="")
    time_zone = models.TextField(default="UTC")
    address = models.TextField(blank=True)
    postal = models.TextField(blank=True, default="")
    contact_point = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    #: Digest of the rendition, "" until it is laid out.
    rendition = models.CharField(max_length=64, blank=True, default="")
    media_type = models.TextField(blank=True, default="")
    units = models.IntegerField(default=0)
    #: Name and value of the words the envelope needs, as canonical JSON.
    headers = models.TextField(default="[]")
    has_unsubscribe = models.BooleanField(default=False)
    ordering_key = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    attempts = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    code = models.TextField(blank=True, default="")
    detail = models.TextField(blank=True, default="")
    provider_ref = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        """Table; the partial index on due is the queue of `deliver`."""

        db_table = "delivery"
        indexes: ClassVar = [
            models.Index(fields=["communication", "rank"], name="delivery_by_rank"),
            models.Index(fields=["via", "lane", "due_at"], condition=models.Q(state="due"), name="delivery_waiting"),
            models.Index(
                fields=["state", "due_at"],
                condition=models.Q(state__in=["standby", "unclear", "attempting"]),
                name="delivery_watched",
            ),
            models.Index(
                fields=["via", "provider_ref"], condition=~models.Q(provider_ref=""), name="delivery_by_provider"
            ),
            models.Index(
                fields=["ordering_key"],
                condition=models.Q(state__in=["due", "attempting", "unclear"]) & ~models.Q(ordering_key=""),
                name="delivery_in_order",
            ),
            models.Index(fields=["-changed_at"], condition=models.Q(state="failed"), name="delivery_failed"),
        ]


class Attempt(models.Model):
    """One try at a delivery: written before it, completed after it."""

    # As with an event's body: an attempt is made of a delivery that was read, and found through `attempt_once`.
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    number = models.SmallIntegerField()
    #: Number of the lease under which the sending process lives (`store.leases`); `None` before there were any.
    lease = models.IntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    code = models.TextField(blank=True, default="")
    detail = models.TextField(blank=True, default="")
    provider_ref = models.TextField(blank=True, default="")
    #: The relay or centre that answered, of a channel that has such.
    provider = models.TextField(blank=True, default="")

    class Meta:
        """Table; an attempt without an end whose sender is gone is unclear."""

        db_table = "attempt"
        constraints: ClassVar = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["started_at"], condition=models.Q(finished_at__isnull=True), name="attempt_unfinished"
            ),
            BrinIndex(
                fields=["started_at"], name="attempt_by_time", autosummarize=True, pages_per_range=PAGES_OF_A_RANGE
            ),
        ]


class Lease(models.Model):
    """A sending process; it lives as long as it holds the advisory lock of this number (`store.leases`)."""

    number = models.AutoField(primary_key=True)
    #: Host and process, for people.
    holder = models.TextField()
    taken_at = models.DateTimeField()
    #: When its lock was first missed.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        """Table."""

        db_table = "lease"


class Receipt(models.Model):
    """News about an attempt, kept as it came; `dedupe` tells a repeat."""

    via = models.CharField(max_length=lengths.WORD_CHARACTERS)
    channel = models.CharField(max_length=lengths.WORD_CHARACTERS)
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS)
    at = models.DateTimeField()
    delivery = models.CharField(max_length=lengths.REF_CHARACTERS, blank=True, default="")
    provider_ref = models.TextField(blank=True, default="")
    code = models.TextField(blank=True, default="")
    detail = models.TextField(blank=True, default="")
    dedupe = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()
    #: `None` while it waits for `follow`.
    followed_at = models.DateTimeField(null=True)
    #: "changed", "repeated" or "unmatched".
    result = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")

    class Meta:
        """Table; the partial index is the queue of `follow`."""

        db_table = "receipt"
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(followed_at__isnull=True), name="receipt_waiting"),
            models.Index(fields=["delivery"], name="receipt_by_delivery"),
            BrinIndex(
                fields=["received_at"], name="receipt_by_time", autosummarize=True, pages_per_range=PAGES_OF_A_RANGE
            ),
        ]
