"""Who may call what: every address that Django knows, by the tables that guard it.

An address in no table is an error: nothing is reachable that nobody decided about.
"""

from collections.abc import Iterator
from typing import cast

import msgspec
from django.urls import URLPattern, URLResolver, get_resolver

from signalpost.acts import access
from signalpost.govern import staff
from signalpost.web import routes

ANYONE = "anyone"
LINK = "link"
SCRAPER = "scraper"
SUPERUSER = "superuser"
_STAFF = (*(role.value for role in staff.Role), SUPERUSER)
#: Everybody there is: nobody known, whoever has a link, machines by scope, staff by role.
CALLERS = (ANYONE, LINK, SCRAPER, *access.SCOPES, *_STAFF)


class UnknownRouteError(LookupError):
    """An address that no table knows."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One address and method, or one area of addresses, and who gets in."""

    method: str
    #: As Django writes it.
    path: str
    callers: frozenset[str]


def rows() -> tuple[Row, ...]:
    """Every address there is. Django must be set up.

    Raises:
        UnknownRouteError: names those that no table knows.
    """
    found: list[Row] = []
    unknown: list[str] = []
    for path in dict.fromkeys(_walk(get_resolver())):
        known = _of(path)
        found.extend(known)
        if not known:
            unknown.append(path)
    if unknown:
        raise UnknownRouteError(f"addresses: wanted each in a table of routes, got none for {', '.join(unknown)}")
    return tuple(found)


def area(path: str) -> routes.Area | None:
    """The area of a library that an address belongs to."""
    return next((area for area in routes.LIBRARIES if path.startswith(area.prefix)), None)


def _walk(of: URLResolver, before: str = "") -> Iterator[str]:
    for one in cast("list[URLResolver | URLPattern]", of.url_patterns):
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, path)
        elif path not in {routes.CLOSED, routes.NOWHERE}:
            yield path


def _of(path: str) -> list[Row]:
    machine = next((machine for machine in routes.API if machine.path == path), None)
    if machine is not None:
        return [
            Row(
                method=operation.method, path=path, callers=frozenset({operation.scope} if operation.scope else CALLERS)
            )
            for operation in machine.operations
        ]
    page = next((page for page in (*routes.PORTAL, *routes.WATCH) if page.path == path), None)
    if page is not None:
        return [Row(method="GET", path=path, callers=_callers(page.who))]
    # Views exist only after the set-up, and the docs and the table of callers are wanted before it.
    from signalpost.web.console import urls as console  # noqa: PLC0415

    own = next((page for page in console.PAGES if f"console/{page.route}" == path), None)
    if own is not None:
        return [Row(method="GET", path=path, callers=_with(own.right))]
    library = area(path)
    if library is None:
        return []
    callers = _callers(library.who) if library.right is None else _with(library.right)
    return [Row(method="GET", path=path, callers=callers)]


def _callers(who: routes.Who) -> frozenset[str]:
    return {
        routes.Who.ANYONE: frozenset(CALLERS),
        routes.Who.LINK: frozenset({LINK}),
        routes.Who.SCRAPER: frozenset({SCRAPER}),
        routes.Who.STAFF: frozenset(_STAFF),
        routes.Who.SUPERUSER: frozenset({SUPERUSER}),
        routes.Who.NOBODY: frozenset[str](),
    }[who]


def _with(right: staff.Right) -> frozenset[str]:
    roles = {role.value for role, rights in staff.ROLE_RIGHTS.items() if right in rights}
    return frozenset(roles | {SUPERUSER})
