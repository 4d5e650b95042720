"""Access: staff with their role, and systems with their scopes."""

import secrets
from collections.abc import Sequence

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

from signalpost.govern import staff

#: What a system may do, as OAuth2 scopes, with the words for people.
SCOPES = {
    "events:write": "Post events",
    "status:write": "Report print status",
    "library:read": "Read releases and what of the library fits no more",
    "preferences:read": "Read how customers are written to",
    "preferences:write": "Change how customers are written to",
}
#: What staff are here for.
ROLES = tuple(staff.Role)


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Credentials of a system, shown once."""

    client_id: str
    secret: str

    def __repr__(self) -> str:
        """Show everything but the secret."""
        return f"Client(client_id={self.client_id!r})"


def make_client(name: str, *, scopes: Sequence[str]) -> Client:
    """Give a system access by OAuth2 client credentials; the secret is stored as a hash and shown only now."""
    # Models exist only after the set-up, and the command line imports this module before it.
    from oauth2_provider.models import AbstractApplication, get_application_model  # noqa: PLC0415

    from signalpost.store.models import ClientScope  # noqa: PLC0415

    made = Client(client_id=secrets.token_urlsafe(16), secret=secrets.token_urlsafe(32))
    application = get_application_model()
    with transaction.atomic():
        application.objects.create(
            name=name,
            client_id=made.client_id,
            client_secret=made.secret,
            client_type=AbstractApplication.CLIENT_CONFIDENTIAL,
            authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS,
            skip_authorization=True,
        )
        ClientScope.objects.create(client_id=made.client_id, scopes=sorted(scopes))
    return made


def make_staff(name: str, *, role: str, password: str) -> None:
    """Give a person access to the console in a role; again for the same name sets role and password anew."""
    from django.contrib.auth.models import Group  # noqa: PLC0415 - as in `make_client`

    with transaction.atomic():
        user, _ = get_user_model().objects.get_or_create(username=name)
        user.set_password(password)
        user.is_staff = True
        user.save()
        user.groups.set([Group.objects.get(name=staff.Role(role))])


def make_roles() -> None:
    """Make a group for each role, with exactly its rights; groups and rights of others are left alone."""
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - as in `make_client`
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415

    from signalpost.store.models import StaffRight  # noqa: PLC0415

    with transaction.atomic():
        kind = ContentType.objects.get_for_model(StaffRight, for_concrete_model=False)
        known = {
            right: Permission.objects.get_or_create(
                codename=right.value, content_type=kind, defaults={"name": staff.RIGHT_LABELS[right]}
            )[0]
            for right in staff.Right
        }
        admin = Permission.objects.filter(codename="access_admin", content_type__app_label="wagtailadmin")
        for role, rights in staff.ROLE_RIGHTS.items():
            group, _ = Group.objects.get_or_create(name=role.value)
            group.permissions.remove(*(known[right] for right in staff.Right if right not in rights))
            group.permissions.add(*(known[right] for right in rights), *admin)
