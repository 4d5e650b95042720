"""Replays of past cases, and letters that wait for the words of an agent."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signalpost", "0010_library"),
    ]

    operations = [
        migrations.CreateModel(
            name="Replay",
            fields=[
                ("ref", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("release", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("cases_max", models.IntegerField()),
                ("state", models.CharField(max_length=40)),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("total", models.IntegerField(default=0)),
                ("untouched", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("cursor", models.TextField(blank=True, default="")),
                ("notes", models.TextField(default="{}")),
                ("prices", models.TextField(default="[]")),
                ("problem", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "replay",
            },
        ),
        migrations.CreateModel(
            name="ReplayCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decision", models.CharField(max_length=200)),
                ("change", models.CharField(max_length=200)),
                ("event", models.BigIntegerField(default=0)),
                ("trigger", models.TextField(blank=True, default="")),
                ("household", models.CharField(max_length=200)),
                ("party", models.CharField(max_length=200)),
                ("communication", models.TextField()),
                ("at", models.DateTimeField()),
                ("verdict", models.CharField(max_length=40)),
                (
                    "aspects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("kind", models.TextField()),
                ("silence", models.CharField(blank=True, default="", max_length=40)),
                ("channels_before", models.TextField(blank=True, default="")),
                ("channels_after", models.TextField(blank=True, default="")),
                ("lines_changed", models.IntegerField(default=0)),
                ("amount_before", models.TextField(blank=True, default="")),
                ("amount_after", models.TextField(blank=True, default="")),
                ("pages_before", models.IntegerField(null=True)),
                ("pages_after", models.IntegerField(null=True)),
                ("cost_before", models.DecimalField(decimal_places=6, max_digits=14, null=True)),
                ("cost_after", models.DecimalField(decimal_places=6, max_digits=14, null=True)),
                ("points", models.TextField(default="[]")),
                ("score", models.FloatField(default=0)),
            ],
            options={
                "db_table": "replay_case",
            },
        ),
        migrations.CreateModel(
            name="Writing",
            fields=[
                ("decision", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("version", models.IntegerField(default=0)),
                ("regions", models.TextField(default="[]")),
                ("held_by", models.TextField(blank=True, default="")),
                ("held_until", models.DateTimeField(null=True)),
                ("released_by", models.TextField(blank=True, default="")),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "writing",
            },
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("state", "to_write")), fields=["decided_at"], name="decision_to_write"
            ),
        ),
        migrations.AddIndex(
            model_name="replay",
            index=models.Index(fields=["release", "-asked_at"], name="replay_by_release"),
        ),
        migrations.AddField(
            model_name="replaycase",
            name="replay",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="signalpost.replay"
            ),
        ),
        migrations.AddIndex(
            model_name="replaycase",
            index=models.Index(fields=["replay", "-score", "decision"], name="replay_case_by_score"),
        ),
        migrations.AddConstraint(
            model_name="replaycase",
            constraint=models.UniqueConstraint(fields=("replay", "decision"), name="replay_case_once"),
        ),
    ]
