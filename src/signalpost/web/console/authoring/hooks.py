"""What authoring adds to Wagtail's admin and takes out of it."""
# Wagtail has no types, and what derives from it overrides what it does not promise.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleVariableOverride=false, reportArgumentType=false
# pyright: reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false, reportCallIssue=false
# pyright: reportAssignmentType=false, reportOptionalMemberAccess=false

from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from signalpost.web.console.authoring import rights, viewsets

#: Buttons of Wagtail's own that lead to publishing.
_PUBLISHING = frozenset({"action-publish", "action-unpublish", "action-submit"})


def without_publishing(items: list[ActionMenuItem], request: HttpRequest, context: Mapping[str, object]) -> None:
    """Nothing leaves from here; what is ready is submitted."""
    del request, context
    items[:] = [item for item in items if str(item.name) not in _PUBLISHING]


def register() -> None:
    """Register the view sets, the rights, and what the menu of a form holds."""
    rights.register()
    register_snippet(viewsets.Library)
    register_snippet(viewsets.Editions)
    cast("object", hooks.register("construct_snippet_action_menu", without_publishing))
