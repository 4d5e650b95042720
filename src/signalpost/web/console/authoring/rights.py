"""Rights on working copies, for Wagtail: whoever may see the console reads, authors write, and nobody publishes."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from signalpost.drafts import base
from signalpost.govern import staff
from signalpost.vocabulary import library

_WRITING = frozenset({"add", "change", "delete", "lock", "unlock"})


def right_to_write(kind: library.Kind) -> staff.Right:
    """The right that somebody needs to change working copies of a kind."""
    return staff.Right.WRITE if kind in library.COMMUNICATIONS_SIDE else staff.Right.WRITE_RULES


class Policy(BasePermissionPolicy):
    """Wagtail's question, answered by the rights of staff."""

    def _right(self, action: str) -> str:
        """The permission an action needs, "" for what nobody may: publishing is a release's."""
        if action in _WRITING:
            return f"signalpost.{right_to_write(self.model.kind)}"
        return f"signalpost.{staff.Right.SEE}" if action == "view" else ""

    def user_has_permission(self, user: AbstractUser | AnonymousUser, action: str) -> bool:
        """Whether somebody may."""
        right = self._right(action)
        return bool(right) and user.has_perm(right)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[AbstractUser]:
        """Everybody who may do one of these."""
        users = get_user_model().objects
        found = users.none()
        for right in {self._right(action) for action in actions} - {""}:
            found |= users.with_perm(right, backend="django.contrib.auth.backends.ModelBackend")
        return found.distinct()


def register() -> None:
    """Tell Wagtail, before it asks for the first time."""
    for model in base.Draft.__subclasses__():
        register_permission_policy(model, Policy(model))
