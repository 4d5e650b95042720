"""Hot tables without indexes that nothing asks and constraints that are checked row by row.

Django gives each reference a second index for `LIKE`, which no statement uses on one, and each foreign key an index
although a unique constraint begins with the same column.
"""

from collections.abc import Callable

from django.db import migrations, models


def _bare(to: str, on_delete: Callable[..., None]) -> models.ForeignKey:
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=on_delete, to=to)


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0008_listening")]

    operations = [
        migrations.AlterField("event", "body", _bare("signalpost.body", models.PROTECT)),
        migrations.AlterField("delivery", "communication", _bare("signalpost.decision", models.PROTECT)),
        migrations.AlterField("attempt", "delivery", _bare("signalpost.delivery", models.PROTECT)),
        migrations.AlterField("member", "incident", _bare("signalpost.incident", models.CASCADE)),
        migrations.AlterField("affected", "change", _bare("signalpost.change", models.CASCADE)),
        migrations.RunSQL(
            [
                "DROP INDEX IF EXISTS alarm_ref_5cf19bf8_like",
                "DROP INDEX IF EXISTS change_ref_cd381dac_like",
                "DROP INDEX IF EXISTS change_situation_540b1726_like",
                "DROP INDEX IF EXISTS decision_change_abd780d0_like",
                "DROP INDEX IF EXISTS decision_ref_78a87479_like",
                "DROP INDEX IF EXISTS delivery_ref_4b95a899_like",
                "DROP INDEX IF EXISTS device_ref_a68c2b5a_like",
                "DROP INDEX IF EXISTS document_digest_9d4f20f2_like",
                "DROP INDEX IF EXISTS incident_ref_c3179a84_like",
            ],
            migrations.RunSQL.noop,
        ),
    ]
