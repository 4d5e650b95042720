"""Drafts of shared texts and of data contracts."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from django.db import models
from wagtail import blocks as wagtail_blocks
from wagtail.admin.panels import FieldPanel

from signalpost.drafts import base, blocks, fields, inputs, parts, trees
from signalpost.vocabulary import events, library


def _wordings() -> wagtail_blocks.StreamBlock:
    made = [
        ("language", parts.Named(library.Kind.LANGUAGE, "Language")),
        (
            "jurisdiction",
            wagtail_blocks.CharBlock(
                required=False,
                default="",
                max_length=6,
                label="Jurisdiction",
                help_text="A country or state, like DE or US-CA. Leave it empty for everywhere else.",
            ),
        ),
        ("effective_from", wagtail_blocks.DateBlock(required=False, label="From this day")),
        ("effective_to", wagtail_blocks.DateBlock(required=False, label="Until before this day")),
        ("body", blocks.Tree(list(blocks.level_blocks(1).items()), label="Text")),
    ]
    wording = wagtail_blocks.StructBlock(made, icon="copy", label="Wording", label_format="{language} {jurisdiction}")
    return wagtail_blocks.StreamBlock([("variant", wording)], required=False, max_num=parts.ELEMENTS_MAX)


WORDINGS = _wordings()


class SharedText(base.Draft):
    """A disclaimer, regulatory paragraph, signature or contact block that many communications use."""

    kind = library.Kind.TEXT

    variants = fields.TreeField(
        WORDINGS,
        blank=True,
        verbose_name="wordings",
        help_text="One for each language; more where jurisdictions or dates ask for other words.",
    )

    panels = [FieldPanel("title"), FieldPanel("name"), FieldPanel("variants")]  # noqa: RUF012 - Wagtail's way

    class Meta(base.Draft.Meta):
        verbose_name = "shared text"

    def item(self) -> library.SharedText:
        """As a record."""
        found = trees.records_from_form(fields.raw(self.variants), library.TextVariant)
        return library.SharedText(name=self.name, title=self.title, variants=found)

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.SharedText)
        self.name, self.title = item.name, item.title
        self.variants = fields.stream(trees.records_to_form(item.variants, "variant", place="variants"), WORDINGS)


_EVENT = wagtail_blocks.StreamBlock(
    [
        (
            "event",
            parts.struct_of(
                events.Contract,
                {
                    "type": "Event type",
                    "data_schema": "JSON Schema of its data",
                    "lane": "Lane",
                    "max_age_seconds": "Oldest on arrival, in seconds\nEmpty for any age.",
                    "max_ahead_seconds": "Furthest ahead of our clock, in seconds",
                    "subject_kind": "What its subject names\nDevice, account, premise, area, incident, case.",
                },
                icon="download",
                label="Event",
            ),
        )
    ],
    required=False,
    max_num=1,
)


class DataContract(base.Draft):
    """What a communication can speak of: an event type with its contract, or what an incident tells."""

    kind = library.Kind.CONTRACT

    facts = models.TextField(blank=True, verbose_name="facts", help_text="JSON Schema of all facts that are there.")
    event = fields.TreeField(_EVENT, blank=True, help_text="What the business platform has to send.")

    panels = [  # noqa: RUF012 - Wagtail's way
        FieldPanel("title"),
        FieldPanel("name"),
        FieldPanel("event"),
        FieldPanel("facts", widget=inputs.source("schema")),
    ]

    class Meta(base.Draft.Meta):
        verbose_name = "data contract"

    def item(self) -> library.DataContract:
        """As a record."""
        found = trees.records_from_form(fields.raw(self.event), events.Contract)
        return library.DataContract(name=self.name, title=self.title, facts=self.facts, event=next(iter(found), None))

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.DataContract)
        self.name, self.title, self.facts = item.name, item.title, item.facts
        found = () if item.event is None else (item.event,)
        self.event = fields.stream(trees.records_to_form(found, "event", place="event"), _EVENT)
