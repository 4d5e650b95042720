"""Whom we know: customers and their accounts, contact points, preferences and consents."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Collate, Lower

from signalpost.store.models import lengths
from signalpost.store.models.places import Premise


class Customer(models.Model):
    """A party: a person, a member of staff with a role, or a system."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    kind = models.CharField(max_length=lengths.WORD_CHARACTERS, default="person")
    name = models.TextField()
    salutation = models.TextField(blank=True, default="")
    #: Parties with the same household get one message.
    household = models.CharField(max_length=lengths.REF_CHARACTERS, db_index=True)
    language = models.CharField(max_length=35)
    time_zone = models.TextField()
    is_barred = models.BooleanField(default=False)
    quiet_start = models.TimeField(null=True, blank=True)
    quiet_end = models.TimeField(null=True, blank=True)
    #: Role, for staff: `operations`.
    role = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    #: Canonical JSON of further fields for templates.
    facts = models.TextField(default="{}")

    class Meta:
        """Table."""

        db_table = "customer"
        indexes: ClassVar = [
            # People are looked for by how their name begins.
            models.Index(Collate(Lower("name"), "C"), name="customer_by_name")
        ]


class Account(models.Model):
    """A contract of a customer for a premise."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    premise = models.ForeignKey(Premise, on_delete=models.PROTECT)
    currency = models.CharField(max_length=3, default="EUR")
    #: Canonical JSON of further fields for templates.
    facts = models.TextField(default="{}")

    class Meta:
        """Table."""

        db_table = "account"


class ContactPoint(models.Model):
    """One address of a customer on one channel."""

    ref = models.CharField(max_length=lengths.REF_CHARACTERS, primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    channel = models.CharField(max_length=lengths.WORD_CHARACTERS)
    address = models.TextField(blank=True)
    #: `parties.PostalAddress` as JSON, for letters.
    postal: "models.JSONField[dict[str, object] | None]" = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=lengths.WORD_CHARACTERS, default="unverified")
    #: Why it is left in peace; "" when it is not.
    suppressed = models.TextField(blank=True, default="")

    class Meta:
        """Table."""

        db_table = "contact_point"
        indexes: ClassVar = [models.Index(fields=["channel", "address"], name="contact_point_by_address")]


class Preference(models.Model):
    """What a customer asked for, per category ("" is all)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    category = models.CharField(max_length=lengths.WORD_CHARACTERS, blank=True, default="")
    channels = ArrayField(models.CharField(max_length=lengths.WORD_CHARACTERS), default=list)
    refused = ArrayField(models.CharField(max_length=lengths.WORD_CHARACTERS), default=list)

    class Meta:
        """Table."""

        db_table = "preference"
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "category"], name="preference_once")]


class Consent(models.Model):
    """A consent to a purpose, given and perhaps withdrawn."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=lengths.WORD_CHARACTERS)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Table."""

        db_table = "consent"
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "purpose"], name="consent_once")]
