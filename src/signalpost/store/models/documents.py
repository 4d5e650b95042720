"""Where documents lie in the archive."""

from typing import ClassVar

from django.db import models


class Document(models.Model):
    """A document by its SHA-256: manuscripts, letters, e-mails, SMS texts. The bytes lie in a pack of the archive."""

    digest = models.CharField(max_length=64, primary_key=True)
    media_type = models.TextField()
    size = models.BigIntegerField()
    pack = models.CharField(max_length=80)
    kept_until = models.DateField()
    stored_at = models.DateTimeField()

    class Meta:
        """Table."""

        db_table = "document"
        indexes: ClassVar = [models.Index(fields=["pack"], name="document_by_pack")]
