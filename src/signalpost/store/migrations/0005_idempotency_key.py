"""Answers kept under the `Idempotency-Key` of their request."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0004_lease")]
    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField()),
                ("media_type", models.TextField(blank=True)),
                ("body", models.BinaryField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "idempotency_key"},
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(fields=("client", "key"), name="idempotency_key_once"),
        ),
    ]
