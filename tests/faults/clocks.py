"""A clock that can be set."""

import datetime as dt


class Clock:
    """A clock that goes on as usual from where it is set."""

    def __init__(self) -> None:
        self._ahead = dt.timedelta()

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self._ahead

    def jump(self, by: dt.timedelta) -> None:
        self._ahead += by

    def set(self, to: dt.datetime) -> None:
        self._ahead = to - dt.datetime.now(dt.UTC)
