from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0006_traffic")]

    operations = [
        migrations.CreateModel(
            name="TraceContext",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.TextField()),
                ("event_id", models.TextField()),
                ("context", models.CharField(max_length=55)),
                ("ref", models.CharField(blank=True, db_index=True, default="", max_length=200)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "trace_context"},
        ),
        migrations.AddConstraint(
            model_name="tracecontext",
            constraint=models.UniqueConstraint(fields=("source", "event_id"), name="trace_once"),
        ),
    ]
