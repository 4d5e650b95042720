"""Drafts of what messages wear: brands, images, inserts, layouts, languages."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

import msgspec
from django.db import models
from wagtail import blocks as wagtail_blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from signalpost.drafts import base, fields, forms, inputs, parts, trees
from signalpost.vocabulary import library, manuscripts

_DIGEST_CHARACTERS = 64
_COLOUR_CHARACTERS = 7
_COUNTRY_CHARACTERS = 2
_LINE_CHARACTERS = 200

_SENDERS = wagtail_blocks.StreamBlock(
    [
        (
            "sender",
            parts.struct_of(
                library.Sender,
                {"channel": "Channel", "address": "Address\nAn e-mail address, or who an SMS is from.", "name": "Name"},
                icon="mail",
                label="Sender",
                label_format="{channel}: {address}",
            ),
        )
    ],
    required=False,
)


class Brand(base.Draft):
    """A brand: what every communication in it wears."""

    kind = library.Kind.BRAND
    base_form_class = forms.BrandForm

    brand_name = models.CharField(max_length=_LINE_CHARACTERS, blank=True, help_text="As recipients read it.")
    logo_svg = models.TextField(blank=True, verbose_name="logo", help_text="SVG. Without one, the name is set in type.")
    primary = models.CharField(max_length=_COLOUR_CHARACTERS, default="#0b4f94", verbose_name="colour")
    on_primary = models.CharField(max_length=_COLOUR_CHARACTERS, default="#ffffff", verbose_name="text on the colour")
    imprint = fields.LinesField(help_text="A line each: legal name, address, register.")
    return_address = models.CharField(
        max_length=_LINE_CHARACTERS, blank=True, help_text="One line above the recipient's address in the window."
    )
    country = models.CharField(
        max_length=_COUNTRY_CHARACTERS, blank=True, help_text="Two letters: from where letters are posted, like DE."
    )
    website = models.CharField(max_length=_LINE_CHARACTERS, blank=True)
    telephone = models.CharField(max_length=_LINE_CHARACTERS, blank=True)
    #: What a brand has beyond what the form shows, so that nothing is lost.
    more = models.JSONField(default=dict, blank=True, editable=False)
    senders = fields.TreeField(_SENDERS, blank=True)

    panels = [  # noqa: RUF012 - Wagtail's way
        FieldPanel("title"),
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldPanel("brand_name"),
                FieldPanel("logo_svg", widget=inputs.source("svg")),
                FieldPanel("primary", widget=inputs.colour()),
                FieldPanel("on_primary", widget=inputs.colour()),
            ],
            heading="Look",
        ),
        MultiFieldPanel(
            [
                FieldPanel("imprint"),
                FieldPanel("return_address"),
                FieldPanel("country"),
                FieldPanel("website"),
                FieldPanel("telephone"),
            ],
            heading="Letterhead",
        ),
        FieldPanel("senders"),
    ]

    class Meta(base.Draft.Meta):
        verbose_name = "brand"

    def item(self) -> library.Brand:
        """As a record."""
        dress = msgspec.convert(
            {
                **self.more,
                "name": self.brand_name,
                "imprint": tuple(self.imprint),
                "return_address": self.return_address,
                "primary": self.primary,
                "on_primary": self.on_primary,
                "website": self.website,
                "telephone": self.telephone,
                "logo_svg": self.logo_svg,
                "country": self.country,
            },
            manuscripts.Brand,
        )
        senders = trees.records_from_form(fields.raw(self.senders), library.Sender)
        return library.Brand(name=self.name, title=self.title, dress=dress, senders=senders)

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.Brand)
        self.name, self.title = item.name, item.title
        dress = msgspec.to_builtins(item.dress)
        self.brand_name, self.imprint = dress.pop("name"), list(dress.pop("imprint"))
        self.return_address = dress.pop("return_address")
        self.primary, self.on_primary = dress.pop("primary"), dress.pop("on_primary")
        self.website, self.telephone = dress.pop("website"), dress.pop("telephone")
        self.logo_svg, self.country = dress.pop("logo_svg", ""), dress.pop("country", "")
        self.more = dress
        self.senders = fields.stream(trees.records_to_form(item.senders, "sender", place="senders"), _SENDERS)


class _Alternative(msgspec.Struct):
    language: str
    text: str = ""


_ALTERNATIVES = wagtail_blocks.StreamBlock(
    [
        (
            "alternative",
            wagtail_blocks.StructBlock(
                [
                    ("language", parts.Named(library.Kind.LANGUAGE, "Language")),
                    (
                        "text",
                        wagtail_blocks.CharBlock(
                            required=False,
                            default="",
                            max_length=_LINE_CHARACTERS * 5,
                            label="In words",
                            help_text="What it shows. Empty says that it is decoration.",
                        ),
                    ),
                ],
                icon="view",
                label="In words",
                label_format="{language}: {text}",
            ),
        )
    ],
    required=False,
)


class Image(base.Draft):
    """An image with what it shows, per language. The bytes lie in the archive under the digest."""

    kind = library.Kind.IMAGE
    base_form_class = forms.ImageForm

    media_type = models.CharField(max_length=100, blank=True, editable=False)
    content_digest = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True, editable=False)
    alternatives = fields.TreeField(
        _ALTERNATIVES, blank=True, verbose_name="in words", help_text="For those who cannot see it, in each language."
    )

    panels = [FieldPanel("title"), FieldPanel("name"), FieldPanel("upload"), FieldPanel("alternatives")]  # noqa: RUF012 - Wagtail's way

    class Meta(base.Draft.Meta):
        verbose_name = "image"

    def item(self) -> library.Image:
        """As a record."""
        found = trees.records_from_form(fields.raw(self.alternatives), _Alternative)
        return library.Image(
            name=self.name,
            title=self.title,
            media_type=self.media_type,
            digest=self.content_digest,
            alternatives=tuple((each.language, each.text) for each in found),
        )

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.Image)
        self.name, self.title = item.name, item.title
        self.media_type, self.content_digest = item.media_type, item.digest
        found = [_Alternative(language, text) for language, text in item.alternatives]
        formed = trees.records_to_form(found, "alternative", place="alternatives")
        self.alternatives = fields.stream(formed, _ALTERNATIVES)


class Insert(base.Draft):
    """A one-page document that can go with letters. The PDF lies in the archive under the digest."""

    kind = library.Kind.INSERT
    base_form_class = forms.InsertForm

    content_digest = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True, editable=False)
    weight_grams = models.FloatField(default=5.0, help_text="Of one sheet as it is printed; postage depends on it.")

    panels = [FieldPanel("title"), FieldPanel("name"), FieldPanel("upload"), FieldPanel("weight_grams")]  # noqa: RUF012 - Wagtail's way

    class Meta(base.Draft.Meta):
        verbose_name = "insert"

    def item(self) -> library.Insert:
        """As a record."""
        return library.Insert(
            name=self.name, title=self.title, digest=self.content_digest, weight_grams=self.weight_grams
        )

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.Insert)
        self.name, self.title = item.name, item.title
        self.content_digest, self.weight_grams = item.digest, item.weight_grams


class Layout(base.Draft):
    """A Typst file that lays manuscripts out, by professionals."""

    kind = library.Kind.LAYOUT

    source = models.TextField(blank=True, help_text="Typst. It receives the manuscript.")

    panels = [  # noqa: RUF012 - Wagtail's way
        FieldPanel("title"),
        FieldPanel("name"),
        FieldPanel("source", widget=inputs.source("typst")),
    ]

    class Meta(base.Draft.Meta):
        verbose_name = "layout"

    def item(self) -> library.Layout:
        """As a record."""
        return library.Layout(name=self.name, title=self.title, source=self.source)

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.Layout)
        self.name, self.title, self.source = item.name, item.title, item.source


_LABELS = wagtail_blocks.StreamBlock(
    [
        (
            "labels",
            parts.struct_of(
                manuscripts.Labels,
                {
                    "page": "Page number\nPage {page} of {pages}",
                    "date": "Before the date",
                    "unsubscribe": "Link to unsubscribe",
                    "web_view": "Link to the web",
                    "tones": "Callouts\nNote, advice, warning, danger, in this order.",
                    "charts": "Charts\nBar chart, line chart, comparison, in this order.",
                    "chart_highest": "Highest value\nHighest: {value} ({category})",
                    "chart_lowest": "Lowest value\nLowest: {value} ({category})",
                    "chart_gap": "Value that is not there",
                    "attachment": "Before the name of a file that goes with the message",
                },
                icon="comment",
                label="Words",
            ),
        )
    ],
    required=False,
    max_num=1,
)
_NO_LABELS = manuscripts.Labels(page="", date="", unsubscribe="", web_view="", tones=("", "", "", ""))


class Language(base.Draft):
    """A language that can be written in: its direction and the words layouts need. The name is the BCP 47 tag."""

    kind = library.Kind.LANGUAGE

    direction = models.CharField(
        max_length=3, choices=[("ltr", "Left to right"), ("rtl", "Right to left")], default="ltr"
    )
    labels = fields.TreeField(
        _LABELS, blank=True, verbose_name="words of layouts", help_text="What layouts themselves say in this language."
    )

    panels = [  # noqa: RUF012 - Wagtail's way
        FieldPanel("title"),
        FieldPanel("name", heading="Tag", help_text="BCP 47: de, en-GB, ar."),
        FieldPanel("direction"),
        FieldPanel("labels"),
    ]

    class Meta(base.Draft.Meta):
        verbose_name = "language"

    def item(self) -> library.Language:
        """As a record."""
        found = trees.records_from_form(fields.raw(self.labels), manuscripts.Labels)
        return library.Language(
            name=self.name,
            title=self.title,
            direction=manuscripts.Direction(self.direction),
            labels=next(iter(found), _NO_LABELS),
        )

    def take(self, item: library.Item) -> None:
        """Take up a record."""
        assert isinstance(item, library.Language)
        self.name, self.title, self.direction = item.name, item.title, item.direction.value
        found = () if item.labels == _NO_LABELS else (item.labels,)
        self.labels = fields.stream(trees.records_to_form(found, "labels", place="labels"), _LABELS)
