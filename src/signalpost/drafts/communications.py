"""Drafts of communication types and of their editions.

An edition, what a communication says in one language, is a draft of its own: two people write two languages at once,
each with history, lock and preview, and a form holds one language, not all of them. The item is the communication with
its editions; whoever changes one of them is an editor of the item.
"""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import msgspec
from django.contrib.auth.models import AbstractBaseUser
from django.core import validators
from django.db import models
from wagtail import blocks as wagtail_blocks
from wagtail import models as wagtail_models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from signalpost.drafts import base, blocks, fields, inputs, parts, trees
from signalpost.vocabulary import library, parties, templates

#: Facts of one sample; a case with a year of meter readings has about 100 kB.
SAMPLE_CHARACTERS_MAX = 500_000
CONTRACT_CHARACTERS_MAX = 200_000
_EMPTY_CONTRACT = '{"type": "object", "properties": {}}'


def _one(name: str, block: wagtail_blocks.Block) -> wagtail_blocks.StreamBlock:
    return wagtail_blocks.StreamBlock([(name, block)], required=False, max_num=parts.ELEMENTS_MAX)


INSERTS = _one(
    "rule",
    wagtail_blocks.StructBlock(
        [
            ("insert", parts.Named(library.Kind.INSERT, "Insert")),
            ("condition", parts.code(inputs.condition(), "When", "Leave it empty for always.")),
        ],
        icon="doc-full",
        label="Insert",
    ),
)
SAMPLES = _one(
    "sample",
    wagtail_blocks.StructBlock(
        [
            ("name", parts.code(inputs.plain(), "Name", "What is special about it: no estimate yet, very long name.")),
            (
                "facts",
                parts.Text(
                    label="Facts", help_text="A made-up case, never a real person.", widget=inputs.source("sample"),
                    max_length=SAMPLE_CHARACTERS_MAX,
                ),
            ),
        ],
        icon="list-ul",
        label="Sample",
        label_format="{name}",
    ),
)  # fmt: skip


class Communication(base.Draft):
    """A communication type: who may get it how, from which data."""

    kind = library.Kind.COMMUNICATION

    category = models.CharField(
        max_length=fields.NAME_CHARACTERS,
        blank=True,
        help_text="It decides the legal class, the channels and who reviews.",
    )
    channels = fields.TickedField(options=inputs.CHANNELS)
    speaks_of = models.CharField(
        max_length=fields.NAME_CHARACTERS,
        blank=True,
        help_text="An event type, like billing.closed, or incident.",
    )
    brand = fields.ReferenceField(kind=library.Kind.BRAND, blank=True)
    layout = fields.ReferenceField(
        kind=library.Kind.LAYOUT, blank=True, empty="The standard letter", help_text="For professionals."
    )
    retention_days = models.PositiveIntegerField(
        default=3650,
        validators=[validators.MinValueValidator(1), validators.MaxValueValidator(36_500)],
        help_text="How long documents are kept.",
    )
    sms_segments = models.PositiveSmallIntegerField(
        default=3,
        validators=[validators.MinValueValidator(1), validators.MaxValueValidator(10)],
        verbose_name="SMS budget",
        help_text="Most segments one SMS may take.",
    )
    contract = models.TextField(
        blank=True,
        default=_EMPTY_CONTRACT,
        verbose_name="data contract",
        help_text="JSON Schema of the facts that the texts may use.",
        validators=[validators.MaxLengthValidator(CONTRACT_CHARACTERS_MAX)],
    )
    inserts = fields.TreeField(INSERTS, blank=True, help_text="One-page documents that go with letters.")
    samples = fields.TreeField(SAMPLES, blank=True, help_text="One for each case that the texts distinguish.")

    panels = [  # noqa: RUF012 - Wagtail's way
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("name"), FieldPanel("category"), FieldPanel("channels")],
            heading="What it is",
        ),
        MultiFieldPanel(
            [FieldPanel("brand"), FieldPanel("layout"), FieldPanel("sms_segments"), FieldPanel("retention_days")],
            heading="How it goes out",
        ),
        MultiFieldPanel(
            [FieldPanel("speaks_of"), FieldPanel("contract", widget=inputs.source("schema"))], heading="Data"
        ),
        FieldPanel("samples"),
        FieldPanel("inserts"),
    ]

    class Meta(base.Draft.Meta):
        verbose_name = "communication type"

    def item(self) -> library.Communication:
        """As a record, with its editions in the order of their languages."""
        editions = self.editions.order_by("language") if self.pk else ()
        return self.with_editions(tuple(edition.edition() for edition in editions))

    def with_editions(self, editions: tuple[library.Edition, ...]) -> library.Communication:
        """As a record with these editions."""
        return library.Communication(
            name=self.name,
            title=self.title,
            category=self.category,
            channels=tuple(parties.ChannelKind(channel) for channel in self.channels),
            retention_days=self.retention_days or 1,
            sms_segments=self.sms_segments or 1,
            speaks_of=self.speaks_of,
            contract=self.contract,
            brand=self.brand,
            layout=self.layout,
            inserts=trees.records_from_form(fields.raw(self.inserts), library.InsertRule),
            samples=trees.records_from_form(fields.raw(self.samples), library.Sample),
            editions=editions,
        )

    def take(self, item: library.Item) -> None:
        """Take up a record without its editions, which are drafts of their own (`take_editions`)."""
        assert isinstance(item, library.Communication)
        self.name, self.title, self.category = item.name, item.title, item.category
        self.channels = [channel.value for channel in item.channels]
        self.retention_days, self.sms_segments = item.retention_days, item.sms_segments
        self.speaks_of, self.contract = item.speaks_of, item.contract
        self.brand, self.layout = item.brand, item.layout
        self.inserts = fields.stream(trees.records_to_form(item.inserts, "rule", place="inserts"), INSERTS)
        self.samples = fields.stream(trees.records_to_form(item.samples, "sample", place="samples"), SAMPLES)

    def take_parts(self, item: library.Item, *, by: str) -> None:
        """Make the editions of the record those of the row; those it does not have any more go."""
        from signalpost.drafts import keeping  # noqa: PLC0415 - it finds models

        assert isinstance(item, library.Communication)
        kept = {edition.language: edition for edition in self.editions.all()}
        gone = kept.keys() - {edition.language for edition in item.editions}
        for language in gone:
            kept[language].delete()
        for edition in item.editions:
            found = kept.get(edition.language) or Edition(communication=self)
            if found.pk is None or found.edition() != edition:
                found.take_edition(edition)
                keeping.keep(found, by=by)
        if gone:
            keeping.keep(self, by=by)

    def history(self) -> list[tuple[str, str]]:
        """Digest of the item and who made it, of each revision of it and of its editions, the latest first."""
        rows = [self, *self.editions.all()]
        found = sorted((revision for row in rows for revision in base.revisions_of(row)), reverse=True)
        return [(digest, person) for _, digest, person in found]


_VARIANT_LABELS = {
    "condition": "When",
    "subject": "Subject",
    "preheader": "Preheader",
    "sms": "SMS",
    "push_title": "Push title",
    "push_body": "Push text",
}


def _variants() -> wagtail_blocks.StreamBlock:
    made: list[tuple[str, wagtail_blocks.Block]] = [("condition", parts.code(inputs.condition(), "When"))]
    made += [
        (name, parts.Text(label=label, has_lines=name in {"sms", "push_body"}))
        for name, label in _VARIANT_LABELS.items()
        if name != "condition"
    ]
    struct = wagtail_blocks.StructBlock(made, icon="help", label="Other words", label_format="When {condition}")
    return _one("variant", struct)


VARIANTS = _variants()


class _Term(msgspec.Struct):
    code: str
    word: str = ""


TERMS = _one(
    "term",
    wagtail_blocks.StructBlock(
        [
            ("code", parts.code(inputs.plain(), "Code in the data")),
            ("word", parts.code(inputs.plain(), "Word in this language")),
        ],
        icon="tag",
        label="Word",
        label_format="{code}: {word}",
    ),
)
BODY = blocks.body()


class Edition(base.Draft):
    """What a communication type says in one language."""

    kind = library.Kind.COMMUNICATION
    is_item = False

    communication = models.ForeignKey(Communication, on_delete=models.CASCADE, related_name="editions")
    language = fields.ReferenceField(kind=library.Kind.LANGUAGE)
    subject = fields.MarkupField(blank=True, help_text="The subject of the e-mail, and the title of the document.")
    preheader = fields.MarkupField(blank=True, help_text="What inboxes show beside the subject.")
    sms = fields.MarkupField(blank=True, has_lines=True, verbose_name="SMS")
    push_title = fields.MarkupField(blank=True)
    push_body = fields.MarkupField(blank=True, has_lines=True, verbose_name="push text")
    variants = fields.TreeField(
        VARIANTS,
        blank=True,
        verbose_name="other words",
        help_text="The first whose condition holds replaces what it gives.",
    )
    terms = fields.TreeField(TERMS, blank=True, verbose_name="words for codes", help_text="For values that are codes.")
    body = fields.TreeField(BODY, blank=True)

    panels = [  # noqa: RUF012 - Wagtail's way
        FieldPanel("title"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("preheader")], heading="E-mail"),
        MultiFieldPanel([FieldPanel("sms")], heading="SMS"),
        MultiFieldPanel([FieldPanel("push_title"), FieldPanel("push_body")], heading="Push"),
        FieldPanel("variants"),
        FieldPanel("terms"),
    ]

    class Meta(base.Draft.Meta):
        verbose_name = "edition"
        constraints = [  # noqa: RUF012 - Django's way
            models.UniqueConstraint(fields=["communication", "language"], name="one_edition_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.communication.title or self.communication.name} ({self.language})"

    def edition(self) -> library.Edition:
        """As a record."""
        terms = trees.records_from_form(fields.raw(self.terms), _Term)
        return library.Edition(
            language=self.language,
            title=self.title,
            subject=self.subject,
            preheader=self.preheader,
            sms=self.sms,
            push_title=self.push_title,
            push_body=self.push_body,
            variants=trees.records_from_form(fields.raw(self.variants), templates.WordsVariant),
            terms=tuple((term.code, term.word) for term in terms),
            body=trees.from_form(fields.raw(self.body)),
        )

    def item(self) -> library.Communication:
        """The communication with this edition as it is here, saved or not."""
        kept = self.communication.editions.exclude(language=self.language).order_by("language")
        editions = [*(edition.edition() for edition in kept), self.edition()]
        return self.communication.with_editions(tuple(sorted(editions, key=lambda edition: edition.language)))

    def take_edition(self, edition: library.Edition) -> None:
        """Take up a record."""
        self.language, self.title = edition.language, edition.title
        self.name = f"{self.communication.name}.{edition.language}"
        self.subject, self.preheader, self.sms = edition.subject, edition.preheader, edition.sms
        self.push_title, self.push_body = edition.push_title, edition.push_body
        formed = trees.records_to_form(edition.variants, "variant", place="variants")
        self.variants = fields.stream(formed, VARIANTS)
        terms = [_Term(code, word) for code, word in edition.terms]
        self.terms = fields.stream(trees.records_to_form(terms, "term", place="terms"), TERMS)
        self.body = fields.stream(trees.to_form(edition.body), BODY)

    def save_revision(
        self, user: AbstractBaseUser | None = None, *args: object, **kwargs: object
    ) -> "wagtail_models.Revision":
        """Save the row and a revision of it; its name follows communication and language."""
        self.name = f"{self.communication.name}.{self.language}"
        return super().save_revision(user, *args, **kwargs)
