"""Who was asked to review: how far each release's asking has come."""

from django.db import models


class ReviewAsked(models.Model):
    """The state of a release in which its reviewers were asked last; in another one they are asked again."""

    release = models.OneToOneField(  # pyright: ignore[reportUnknownVariableType] - named by a string
        "Release", on_delete=models.CASCADE, db_column="release", primary_key=True, related_name="+"
    )
    #: Digest, steps taken, who is assigned, whether it is due.
    mark = models.TextField()

    class Meta:
        """Table."""

        db_table = "review_asked"
