"""Leases of sending processes."""

from django.db import migrations, models

# Numbers of the leases that some process holds now: advisory locks of `signalpost.store.leases.LOCK_CLASS`.
_HELD = """
CREATE VIEW held_lease AS
SELECT objid::bigint AS number FROM pg_locks
WHERE locktype = 'advisory' AND classid = 8320 AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0003_console")]
    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("number", models.AutoField(primary_key=True, serialize=False)),
                ("holder", models.TextField()),
                ("taken_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "lease"},
        ),
        migrations.AddField(model_name="attempt", name="lease", field=models.IntegerField(null=True)),
        migrations.RunSQL(_HELD, "DROP VIEW held_lease"),
    ]
