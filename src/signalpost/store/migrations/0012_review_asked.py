"""How far the asking of reviewers has come."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table."""

    dependencies = [("signalpost", "0011_replay")]

    operations = [
        migrations.CreateModel(
            name="ReviewAsked",
            fields=[
                (
                    "release",
                    models.OneToOneField(
                        db_column="release",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="signalpost.release",
                    ),
                ),
                ("mark", models.TextField()),
            ],
            options={"db_table": "review_asked"},
        ),
    ]
