"""Numbers for pages of decisions."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE decision_page", "DROP SEQUENCE decision_page")]
