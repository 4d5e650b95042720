"""The rights of staff as they are, whatever they are: access is given by their names."""

from django.db import migrations

from signalpost.govern import staff


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0012_review_asked")]

    operations = [
        migrations.AlterModelOptions(
            name="staffright",
            options={
                "managed": False,
                "default_permissions": (),
                "permissions": [(right.value, staff.RIGHT_LABELS[right]) for right in staff.Right],
            },
        ),
    ]
