"""Rights of staff, and indices behind the lists and numbers of the console."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signalpost", "0002_decision_page"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "permissions": [
                    ("see", "Can see numbers, situations and channels"),
                    ("read_customers", "Can read what customers were told"),
                    ("read_input", "Can read what came in"),
                    ("export", "Can export lists"),
                    ("replay", "Can replay and discard what was refused"),
                    ("redrive", "Can put dead letters back"),
                    ("pause", "Can pause channels and lanes"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(fields=["-raised_at", "ref"], name="alarm_by_time"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["started_at"], name="attempt_by_time", pages_per_range=16
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower("name"), "C"),
                name="customer_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("state", "incomplete")), fields=["-decided_at"], name="decision_incomplete"
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["communication", "-decided_at", "ref"], name="decision_by_type"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["reason", "-decided_at", "ref"],
                condition=models.Q(("verdict", "withheld")),
                name="decision_withheld",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["-changed_at"], name="delivery_failed"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("noted", "faulty")), fields=["assessed_at"], name="event_faulty"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["received_at"], name="event_by_time", pages_per_range=16
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["-opened_at", "ref"], name="incident_by_time"),
        ),
        migrations.AddIndex(
            model_name="logfact",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="log_fact_by_time", pages_per_range=16
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["received_at"], name="receipt_by_time", pages_per_range=16
            ),
        ),
    ]
