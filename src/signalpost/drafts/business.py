"""Drafts of what the business side keeps: triggers, segments, the channel policy.

Their forms are the console's own (a trigger is judged against its contract as it is written, a policy is a table), so a
row holds the record as it is, and each revision the one that it was.
"""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from django.db import models

from signalpost.drafts import UnwritableError, base
from signalpost.vocabulary import library, records


def _take(row: "Trigger | Segment | Policy", item: library.Item) -> None:
    """Take up a record as its text."""
    text = records.canonical(item).decode()
    if "\\u0000" in text:
        raise UnwritableError(f"{row.kind.value} {item.name!r}: wanted text, got a character that nothing keeps")
    row.name, row.title, row.record = item.name, item.title, text


class Trigger(base.Draft):
    """Binds an event type or a change to a communication type."""

    kind = library.Kind.TRIGGER
    record = models.TextField(blank=True, editable=False)

    class Meta(base.Draft.Meta):
        """Table."""

        verbose_name = "trigger"

    def item(self) -> library.Trigger:
        """As a record."""
        return records.decode(self.record, library.Trigger)

    def take(self, item: library.Item) -> None:
        """Take up a record.

        Raises:
            UnwritableError: a text holds a character that no database keeps.
        """
        _take(self, item)


class Segment(base.Draft):
    """Customers that are meant."""

    kind = library.Kind.SEGMENT
    record = models.TextField(blank=True, editable=False)

    class Meta(base.Draft.Meta):
        """Table."""

        verbose_name = "segment"

    def item(self) -> library.Segment:
        """As a record."""
        return records.decode(self.record, library.Segment)

    def take(self, item: library.Item) -> None:
        """Take up a record; see `Trigger.take`."""
        _take(self, item)


class Policy(base.Draft):
    """The channel policy; one row."""

    kind = library.Kind.POLICY
    record = models.TextField(blank=True, editable=False)

    class Meta(base.Draft.Meta):
        """Table."""

        verbose_name = "channel policy"
        verbose_name_plural = "channel policies"

    def item(self) -> library.Policy:
        """As a record."""
        return records.decode(self.record, library.Policy)

    def take(self, item: library.Item) -> None:
        """Take up a record; see `Trigger.take`."""
        _take(self, item)
