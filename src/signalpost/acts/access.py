"""Access: staff with their role, and systems with their scopes."""

import secrets
from collections.abc import Sequence

import msgspec
from django.contrib.auth import get_user_model
from django.db import transaction

#: What a system may do, as OAuth2 scopes, with the words for people.
SCOPES = {"events:write": "Post events", "status:write": "Report print status"}
#: What staff are here for. `operator` runs the system, `auditor` reads everything and changes nothing.
ROLES = ("author", "approver", "operations", "agent", "operator", "auditor")


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Credentials of a system, shown once."""

    client_id: str
    secret: str


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
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - as in `make_client`

    with transaction.atomic():
        user, _ = get_user_model().objects.get_or_create(username=name)
        user.set_password(password)
        user.is_staff = True
        user.save()
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
        user.groups.set([group])
