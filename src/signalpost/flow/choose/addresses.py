"""Contact points: which may be used, where they lead, and what is wrong with the others.

The address check is overridden by nothing, not even by safety: an address that bounced, complained or said STOP stays
silent, however often it was entered.
"""

from signalpost.vocabulary import notices, parties


def usable(party: parties.Party) -> dict[parties.ChannelKind, list[parties.ContactPoint]]:
    """Contact points that may be used, by channel: verified before unverified, else in the order they were given."""
    nowhere = {destination(point) for point in party.contact_points if _is_barred(point)}
    found: dict[parties.ChannelKind, list[parties.ContactPoint]] = {}
    doubtful: list[parties.ContactPoint] = []
    for point in party.contact_points:
        if not _is_complete(point) or (nowhere and destination(point) in nowhere):
            continue
        if point.state is parties.AddressState.VERIFIED:
            found.setdefault(point.channel, []).append(point)
        else:
            doubtful.append(point)
    for point in doubtful:
        found.setdefault(point.channel, []).append(point)
    return found


def _is_barred(point: parties.ContactPoint) -> bool:
    return bool(point.suppressed) or point.state is parties.AddressState.INVALID


def _is_complete(point: parties.ContactPoint) -> bool:
    if point.channel is parties.ChannelKind.LETTER:
        return point.postal is not None
    # A portal account is reached by its owner signing in: it needs no address.
    return bool(point.address) or point.channel is parties.ChannelKind.PORTAL


#: Channel, address (its case does not count for e-mail) or the contact point itself where it has none, postal address.
Destination = tuple[parties.ChannelKind, str, parties.PostalAddress | None]


def destination(point: parties.ContactPoint) -> Destination:
    """Where a contact point leads: the same address entered twice is one destination."""
    return _lead(point.channel, point.address, ref=point.ref, postal=point.postal)


def destination_of_step(step: notices.PlannedDelivery) -> Destination:
    """Where a planned delivery leads."""
    return _lead(step.channel, step.address, ref=step.contact_point, postal=step.postal)


def _lead(channel: parties.ChannelKind, address: str, *, ref: str, postal: parties.PostalAddress | None) -> Destination:
    if channel is parties.ChannelKind.EMAIL:
        address = address.casefold()
    return (channel, address if address or postal else ref, postal)


def spare(points: list[parties.ContactPoint]) -> parties.ContactPoint | None:
    """The second-best of a channel's usable contact points: the first that leads elsewhere than the best."""
    if len(points) == 1:
        return None
    first = destination(points[0])
    return next((point for point in points[1:] if destination(point) != first), None)


def lack(party: parties.Party, channel: parties.ChannelKind) -> str:
    """Why a channel has no usable address, in words and without the address."""
    points = [point for point in party.contact_points if point.channel is channel]
    reasons = sorted({point.suppressed for point in points if point.suppressed})
    if reasons:
        return f"{channel} suppressed ({', '.join(reasons)})"
    if any(point.state is parties.AddressState.INVALID for point in points):
        return f"{channel} invalid"
    return f"{channel} incomplete" if points else f"{channel} none"
