"""What all drafts are: a row with its latest working copy, revisions behind it, a lock, and no way out.

A kind is a model that derives from `Draft` and says how it becomes a record (`item`) and takes one up (`take`). The row
always holds the latest working copy, so that lists, the index of references and `read` need no revision. Publishing in
Wagtail's sense never happens: `live` stays false, and what goes live is made by a release from the record.
"""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from typing import ClassVar, cast

from django.contrib.auth.models import AbstractBaseUser
from django.core import validators
from django.db import models
from wagtail import models as wagtail_models

from signalpost.drafts import fields, forms
from signalpost.vocabulary import library

#: Characters of a person's name, as Django keeps user names.
PERSON_CHARACTERS = 150
_DIGEST_CHARACTERS = 64
#: The name of an edition is that of its communication with the language.
_NAME_COLUMN_CHARACTERS = 140


class Draft(
    wagtail_models.PreviewableMixin,
    wagtail_models.DraftStateMixin,
    wagtail_models.LockableMixin,
    wagtail_models.RevisionMixin,
    models.Model,
):
    """The working copy of one item of the library."""

    kind: ClassVar[library.Kind]
    #: Whether the model is the item itself; an edition is a part of its communication.
    is_item: ClassVar[bool] = True
    base_form_class: ClassVar[type] = forms.DraftForm

    name = models.CharField(
        max_length=_NAME_COLUMN_CHARACTERS,
        unique=True,
        validators=[fields.NAME, validators.MaxLengthValidator(fields.NAME_CHARACTERS)],
        help_text="How files and other texts call it. It stays; the title may change.",
    )
    title = models.CharField(max_length=fields.TITLE_CHARACTERS, blank=True)
    live = models.BooleanField(default=False, editable=False)
    #: Who made the latest revision; in each revision who made that one.
    changed_by = models.CharField(max_length=PERSON_CHARACTERS, blank=True, editable=False)
    #: Digest of the item, so that it is known without reading it whether it differs from what is live.
    digest = models.CharField(max_length=_DIGEST_CHARACTERS, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("title", "name")

    def __str__(self) -> str:
        return self.title or self.name

    def item(self) -> library.Item:
        """The working copy as a record."""
        raise NotImplementedError

    def take(self, item: library.Item) -> None:
        """Take up a record; the caller saves."""
        raise NotImplementedError

    def is_same(self, item: library.Item) -> bool:
        """Whether the row holds the record already."""
        return self.pk is not None and self.item() == item

    def take_parts(self, item: library.Item, *, by: str) -> None:
        """Take up what is kept in rows of its own, after the row itself was saved."""

    def changed_by_whom(self, live: str) -> frozenset[str]:
        """Who made a revision since the latest one that is what is live; everybody where none is."""
        found: set[str] = set()
        for digest, person in self.history():
            if live and digest == live:
                break
            found.add(person)
        return frozenset(found - {""})

    def history(self) -> list[tuple[str, str]]:
        """Digest of the item and who made it, of each revision, the latest first."""
        return [(digest, person) for _, digest, person in sorted(revisions_of(self), reverse=True)]

    def save_revision(
        self, user: AbstractBaseUser | None = None, *args: object, **kwargs: object
    ) -> "wagtail_models.Revision":
        """Save the row and a revision of it, with who made it."""
        if user is not None:
            self.changed_by = user.get_username()
        self.digest = library.digest(self.item())
        self.live = False
        self.save()
        return cast("wagtail_models.Revision", super().save_revision(user, *args, **kwargs))


def revisions_of(row: Draft) -> list[tuple[str, str, str]]:
    """When, digest and person of each revision of a row; moments as text that sorts as they do."""
    found = row.revisions.values_list("created_at", "id", "content__digest", "content__changed_by")
    return [(f"{at.isoformat()} {number:020}", digest or "", person or "") for at, number, digest, person in found]
