"""The clocks of a case in its store: until when somebody is answered, and the matter finished.

Answered by the sundown of the day it came; what comes after the cut-off before sunset, or on a day
when the shop is closed, by the sundown of the next open day. Finished within so many open days after.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from warmline.core.people import calendar
from warmline.core.people.models import Store

FAR = 60  # days looked at before we stop looking for an open one


class OneDay(Protocol):
    """A day as laid out, or as reckoned by the same rules."""

    @property
    def on(self) -> date: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def sundown_at(self) -> datetime: ...


class StoreDays:
    """The days of one store, read once. `laid`: the next ones, one after the other, if somebody has
    read them already."""

    def __init__(
        self,
        store: Store,
        *,
        cut_off: timedelta = timedelta(),
        laid: Sequence[OneDay] = (),
    ) -> None:
        self.store, self.cut_off = store, cut_off
        self._first: date | None = None
        self._days: list[OneDay] = []
        self._more: Iterator[OneDay] = iter(())
        if laid:
            self._first, self._days = laid[0].on, list(laid)
            self._more = calendar.days_from(store, laid[-1].on + timedelta(days=1))

    def answer_by(self, at: datetime) -> datetime:
        """Until when something that came at this instant is answered."""
        return self._sundown_after(at + self.cut_off)

    def later(self, at: datetime) -> datetime:
        """A clock that stood still ends in a time of work: the sundown after this instant, or about
        it, as the sun of another day sets some minutes earlier or later."""
        return self._sundown_after(at - timedelta(hours=1))

    def finish_by(self, answer_by: datetime, days: int) -> datetime:
        """The sundown of the so-many-th open day after the one on which the answer is due."""
        return self.after(answer_by, days)

    def after(self, at: datetime, days: int) -> datetime:
        here = self._on(at)
        for day in self._from(here + timedelta(days=1)):
            days -= day.opens_at is not None
            if days <= 0:
                return day.sundown_at
        return self._nearest(here)

    def _sundown_after(self, at: datetime) -> datetime:
        here = self._on(at)
        for day in self._from(here):
            if day.opens_at is not None and day.sundown_at > at:
                return day.sundown_at
        return self._nearest(here)

    def _nearest(self, here: date) -> datetime:
        """A store that never says when it is open: the next day's sun."""
        return next(self._from(here + timedelta(days=1))).sundown_at

    def _on(self, at: datetime) -> date:
        return at.astimezone(self.store.zone).date()

    def _from(self, first: date) -> Iterator[OneDay]:
        if self._first is None or first < self._first:
            self._first, self._days = first, []
            self._more = calendar.days_from(self.store, first)
        n = (first - self._first).days
        for place in range(n, n + FAR):
            while len(self._days) <= place:
                self._days.append(next(self._more))
            yield self._days[place]
