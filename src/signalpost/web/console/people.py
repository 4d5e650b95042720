"""Who asks, as acts want to know it: name and roles."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from signalpost.acts import releasing
from signalpost.govern import staff
from signalpost.web.console import gate

#: The groups that are roles.
_ROLES = frozenset(role.value for role in staff.Role)


def person(request: HttpRequest) -> releasing.Person:
    """Who asks. Their roles are their groups; a superuser without one has none: nobody approves by rank."""
    held = request.user.groups.filter(name__in=_ROLES).values_list("name", flat=True)
    return releasing.Person(name=gate.name(request), roles=frozenset(held))


def names(right: staff.Right) -> list[str]:
    """Everybody who has a right by a role, in order."""
    roles = [role.value for role, rights in staff.ROLE_RIGHTS.items() if right in rights]
    found = get_user_model().objects.filter(is_active=True, groups__name__in=roles).distinct()
    return sorted(user.get_username() for user in found)
