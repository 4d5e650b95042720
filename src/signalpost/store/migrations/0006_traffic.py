"""Health of providers, what is used up of rates, and which provider answered an attempt."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0005_idempotency_key")]
    operations = [
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("via", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("rank", models.SmallIntegerField()),
                ("failures", models.IntegerField(default=0)),
                ("rests_until", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("well_at", models.DateTimeField(null=True)),
                ("detail", models.TextField(blank=True, default="")),
            ],
            options={"db_table": "provider"},
        ),
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField()),
                ("promised_until", models.DateTimeField()),
                ("slowness", models.SmallIntegerField(default=0)),
                ("slowed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "bucket"},
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(fields=("via", "name"), name="provider_once"),
        ),
        migrations.AddField(model_name="attempt", name="provider", field=models.TextField(blank=True, default="")),
    ]
