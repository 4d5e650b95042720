"""The rights of staff, as Django keeps permissions. No table: only the permissions are stored."""

from typing import ClassVar

from django.db import models

from signalpost.govern import staff


class StaffRight(models.Model):
    """What groups of staff are given (`staff.ROLE_RIGHTS`)."""

    class Meta:
        """Permissions without a table."""

        managed = False
        default_permissions = ()
        permissions: ClassVar = [(right.value, staff.RIGHT_LABELS[right]) for right in staff.Right]
