"""Every address of the console, with the right it asks for. Order: as the menu shows them."""

from collections.abc import Callable

import msgspec
from allauth.account import views as account
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

from signalpost.govern import staff
from signalpost.web.console import (
    acting,
    channels,
    communications,
    comparisons,
    gate,
    intake,
    letters,
    overview,
    policies,
    previewing,
    release_acts,
    releases,
    replays,
    segments,
    situations,
    triggers,
    unclear,
    versions,
    workload,
)
from signalpost.web.console.authoring import asking, languages, sending

Right = staff.Right


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One address."""

    name: str
    route: str
    view: Callable[..., HttpResponseBase]
    right: staff.Right
    #: What the address itself says to the view.
    given: dict[str, object] = {}


_RELEASE = "releases/<str:ref>/"
_ITEM = "library/<str:kind>/<str:name>/"

#: Releases and what they change. Whoever may not do something there is told so by governance.
_GOVERNANCE = (
    Page(name="work", route="work/", view=workload.work_page, right=Right.SEE),
    Page(name="releases", route="releases/", view=releases.releases_page, right=Right.SEE),
    Page(name="release", route=_RELEASE, view=releases.release_page, right=Right.SEE),
    Page(name="release_comment", route=f"{_RELEASE}comments/", view=release_acts.comment_page, right=Right.SEE),
    Page(
        name="release_resolve",
        route=f"{_RELEASE}comments/<int:number>/resolve/",
        view=release_acts.resolve_page,
        right=Right.SEE,
    ),
    Page(name="release_assign", route=f"{_RELEASE}assign/", view=release_acts.assign_page, right=Right.SEE),
    Page(name="release_act", route=f"{_RELEASE}<slug:act>/", view=release_acts.act_page, right=Right.SEE),
    Page(name="item", route=_ITEM, view=versions.item_page, right=Right.SEE),
    Page(name="item_uses", route=f"{_ITEM}uses/", view=versions.uses_page, right=Right.SEE),
    Page(name="triggers", route="triggers/", view=triggers.triggers_page, right=Right.SEE),
    Page(name="trigger", route="triggers/<str:name>/", view=triggers.trigger_page, right=Right.SEE),
    Page(name="trigger_check", route="triggers/<str:name>/check/", view=triggers.trigger_check, right=Right.SEE),
    Page(name="segments", route="segments/", view=segments.segments_page, right=Right.SEE),
    Page(name="segment", route="segments/<str:name>/", view=segments.segment_page, right=Right.SEE),
    Page(name="segment_check", route="segments/<str:name>/check/", view=segments.segment_check, right=Right.SEE),
    Page(name="policy", route="policy/", view=policies.policy_page, right=Right.SEE),
    Page(
        name="policy_cell",
        route="policy/<str:category>/<slug:field>/",
        view=policies.cell_page,
        right=Right.SEE,
    ),
    Page(name="item_compared", route=f"{_ITEM}compare/", view=comparisons.compared_page, right=Right.SEE),
)

_REPLAY = "blast-radius/<str:release>/"

#: Past cases with a release laid over them, and letters that wait for an agent. To begin or end a replay takes one of
#: several rights, which the views look at.
_CASES = (
    Page(name="replay", route=_REPLAY, view=replays.replay_page, right=Right.SEE),
    Page(name="replay_start", route=f"{_REPLAY}start/", view=replays.replay_start, right=Right.SEE),
    Page(name="replay_now", route=f"{_REPLAY}<str:replay>/now/", view=replays.replay_now, right=Right.SEE),
    Page(name="replay_cancel", route=f"{_REPLAY}<str:replay>/cancel/", view=replays.replay_cancel, right=Right.SEE),
    Page(
        name="replay_case",
        route=f"{_REPLAY}<str:replay>/cases/<str:decision>/",
        view=replays.replay_case,
        right=Right.READ_CUSTOMERS,
    ),
    Page(name="letters", route="letters/", view=letters.letters_page, right=Right.WRITE_LETTERS),
    Page(name="letter", route="letters/<str:ref>/", view=letters.letter_page, right=Right.WRITE_LETTERS),
)

_DOCUMENT = "communications/<str:ref>/documents/<str:delivery>/"

PAGES = (
    Page(name="overview", route="", view=overview.overview_page, right=Right.SEE),
    Page(name="overview_numbers", route="numbers/", view=overview.overview_numbers, right=Right.SEE),
    Page(name="incidents", route="incidents/", view=situations.incidents_page, right=Right.SEE),
    Page(name="incident", route="incidents/<str:ref>/", view=situations.incident_page, right=Right.SEE),
    Page(name="alarms", route="alarms/", view=situations.alarms_page, right=Right.SEE),
    Page(
        name="communications",
        route="communications/",
        view=communications.communications_page,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="communication",
        route="communications/<str:ref>/",
        view=communications.communication_page,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="document_page",
        route=f"{_DOCUMENT}pages/<int:number>/",
        view=communications.document_page,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="document_mail",
        route=f"{_DOCUMENT}mail/",
        view=communications.document_mail,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="document_file",
        route=f"{_DOCUMENT}file/",
        view=communications.document_file,
        right=Right.READ_CUSTOMERS,
    ),
    Page(
        name="draft_languages",
        route="drafts/communications/<str:name>/side-by-side/",
        view=languages.side_by_side_page,
        right=Right.SEE,
    ),
    Page(
        name="draft_start",
        route="drafts/communications/<str:name>/start/",
        view=languages.start_page,
        right=Right.WRITE,
    ),
    Page(name="draft_submit", route="drafts/submit/<str:kind>/<str:name>/", view=sending.submit_page, right=Right.SEE),
    Page(
        name="preview_proof",
        route="drafts/proof/<str:kind>/<str:name>/",
        view=previewing.proof_page,
        right=Right.WRITE,
    ),
    Page(name="draft_asks", route="drafts/asks/<slug:what>/", view=asking.asked_page, right=Right.SEE),
    Page(name="channels", route="channels/", view=channels.channels_page, right=Right.SEE),
    Page(name="switch", route="channels/<str:name>/switch/", view=channels.switch_page, right=Right.PAUSE),
    Page(name="quarantine", route="quarantine/", view=intake.quarantine_page, right=Right.READ_INPUT),
    Page(name="refusal", route="quarantine/<int:number>/", view=intake.refusal_page, right=Right.READ_INPUT),
    Page(name="dead_letters", route="dead-letters/", view=intake.dead_letters_page, right=Right.READ_INPUT),
    Page(name="unclear", route="unclear/", view=unclear.unclear_page, right=Right.READ_CUSTOMERS),
    *(
        Page(
            name=act.address,
            route=f"{acts.page.replace('_', '-')}/{act.name}/",
            view=acting.act_page,
            right=act.right,
            given={"acts": acts, "act": act},
        )
        for acts in (intake.QUARANTINE_ACTS, intake.DEAD_LETTERS_ACTS, unclear.UNCLEAR_ACTS)
        for act in acts.acts
    ),
    *_GOVERNANCE,
    *_CASES,
)

#: Login, logout and the second factor: allauth's views, in the console's look.
DOOR: list[URLPattern | URLResolver] = [
    path("login/", account.LoginView.as_view(template_name="console/login.html"), name="account_login"),
    path("leave/", account.LogoutView.as_view(), name="account_logout"),
    path("confirm/", account.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("second-factor/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(page.route, gate.guarded(page.right, page.view), page.given, name=page.name) for page in PAGES),
    *DOOR,
]
