"""A channel with several providers in order: what one certainly did not take goes to the next at once.

What may have left by one provider is never sent by another: it stays unclear. What exceeds a provider's rate waits for
it, instead of spilling over to the next.
"""

from collections.abc import Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from signalpost.channels import traffic
from signalpost.vocabulary import deliveries
from signalpost.vocabulary import traffic as nouns

#: A prepared message, as the providers of a channel take it.
Item = TypeVar("Item")
_Taken_contra = TypeVar("_Taken_contra", contravariant=True)

_DETAIL_CHARACTERS = 200


class Carried(NamedTuple):
    """What a provider made of a batch."""

    #: In order; None is what certainly did not leave and was not answered either.
    outcomes: Sequence[deliveries.Outcome | None]
    #: Why something did not leave, "" when everything did.
    problem: str = ""
    #: The provider's code for that, where it gave one.
    code: str = ""
    #: Whether it was of no use: nothing was answered.
    is_down: bool = False


class Provider(Protocol[_Taken_contra]):
    """One relay or centre."""

    @property
    def name(self) -> str:
        """Host and port."""
        ...

    @property
    def per_second(self) -> float:
        """Messages a second over all workers; 0 is unbounded."""
        ...

    def carry(self, items: Sequence[_Taken_contra]) -> Carried:
        """Send; never raises for what the peer does."""
        ...


class Failover(Generic[Item]):
    """The providers of one channel."""

    def __init__(self, via: str, providers: Sequence[Provider[Item]], known: traffic.Traffic) -> None:
        """Use `providers` in this order, for the channel named `via`."""
        self._via = via
        self._by_name = {provider.name: provider for provider in providers}
        self._known = known

    def send(self, items: Sequence[Item], *, is_urgent: bool) -> list[deliveries.Outcome]:
        """Send each item by the first provider that takes it; outcomes in order, with the provider's name."""
        outcomes: dict[int, deliveries.Outcome] = {}
        waiting = list(range(len(items)))
        problems: list[str] = []
        code = ""
        known = self._known.providers(self._via, list(self._by_name)) if items else ()
        for health in known:
            provider = self._by_name[health.name]
            waiting = self._within_rate(provider, waiting, outcomes, is_urgent=is_urgent)
            carried = provider.carry([items[place] for place in waiting]) if waiting else Carried(())
            left: list[int] = []
            for place, outcome in zip(waiting, carried.outcomes, strict=True):
                if outcome is None:
                    left.append(place)
                else:
                    outcomes[place] = msgspec.structs.replace(outcome, provider=provider.name)
            if waiting:
                self._known.note(health, problem=carried.problem if carried.is_down else "")
            self._slow_down(provider, outcomes, waiting)
            waiting = left
            if not waiting:
                break
            problems.append(f"{provider.name}: {carried.problem}" if len(self._by_name) > 1 else carried.problem)
            code = carried.code
        detail = "; ".join(problems)[:_DETAIL_CHARACTERS]
        for place in waiting:
            outcomes[place] = deliveries.Outcome(kind=deliveries.OutcomeKind.DEFERRED, code=code, detail=detail)
        return [outcomes[place] for place in range(len(items))]

    def bucket(self, name: str) -> str:
        """Name of the bucket of a provider."""
        return f"{self._via}/provider/{name}"

    def _within_rate(
        self,
        provider: Provider[Item],
        waiting: Sequence[int],
        outcomes: dict[int, deliveries.Outcome],
        *,
        is_urgent: bool,
    ) -> list[int]:
        bucket = self.bucket(provider.name)
        wanted = nouns.Wanted(bucket=bucket, count=len(waiting), per_second=provider.per_second, is_urgent=is_urgent)
        share = self._known.take([wanted])[bucket]
        for place, wait in zip(waiting[share.granted :], share.waits_seconds, strict=True):
            outcomes[place] = held_back("the provider had its share", wait)
        return list(waiting[: share.granted])

    def _slow_down(
        self, provider: Provider[Item], outcomes: dict[int, deliveries.Outcome], places: Sequence[int]
    ) -> None:
        if any(place in outcomes and outcomes[place].throttle is nouns.Throttle.PROVIDER for place in places):
            self._known.slow_down([self.bucket(provider.name)])


def told(problems: Sequence[str], *, count: int) -> str:
    """What `check` says of `count` providers: "" when all are well, else one line; those not named carry on."""
    if not problems:
        return ""
    summary = f" ({len(problems)} of {count} out of use)" if count > 1 else ""
    return " | ".join(problems) + summary


def held_back(why: str, wait_seconds: int) -> deliveries.Outcome:
    """What a rate of ours holds back: nothing was tried."""
    return deliveries.Outcome(
        kind=deliveries.OutcomeKind.DEFERRED,
        detail=f"held back: {why}",
        retry_after_seconds=wait_seconds,
        is_held_back=True,
    )
