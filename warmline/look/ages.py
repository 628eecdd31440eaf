"""How old a baby is, the way a shop says it: "4 个月 12 天".

A month is complete on the day of the month on which the baby was born; where a month has no such
day, on the first of the next. Born on 31 January, she is 28 days old on 28 February and one month
old on 1 March. The count of whole months is the one that PostgreSQL's `age()` gives.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Age:
    years: int
    months: int
    days: int
    days_lived: int

    def __str__(self) -> str:
        if self.days_lived == 0:
            return _("born today")
        if self.years:
            return _spoken(_years(self.years), _months(self.months))
        return _spoken(_months(self.months), _days(self.days))


@dataclass(frozen=True)
class Awaited:
    """A baby not yet born, by the due date."""

    days_left: int

    def __str__(self) -> str:
        return ngettext("due in %(n)d day", "due in %(n)d days", self.days_left) % {
            "n": self.days_left
        }


def age(born_on: date, *, on: date) -> Age | Awaited:
    if on < born_on:
        return Awaited((born_on - on).days)
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    since = _months_after(born_on, months)
    return Age(
        years=months // 12,
        months=months % 12,
        days=(on - since).days,
        days_lived=(on - born_on).days,
    )


def _months_after(born_on: date, months: int) -> date:
    year, month = divmod(born_on.year * 12 + born_on.month - 1 + months, 12)
    if born_on.day > monthrange(year, month + 1)[1]:  # no 31st, no 29th
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)
    return date(year, month + 1, born_on.day)


def _years(n: int) -> str:
    return ngettext("%(n)d year", "%(n)d years", n) % {"n": n}


def _months(n: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n} if n else ""


def _days(n: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n} if n else ""


def _spoken(*parts: str) -> str:
    return " ".join(part for part in parts if part)
