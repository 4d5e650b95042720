"""Since when the clock has looked without a break."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0007_trace_context")]

    operations = [
        migrations.CreateModel(
            name="Listening",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("looked_at", models.DateTimeField()),
            ],
            options={"db_table": "listening"},
        ),
    ]
