"""How old a baby is, on any two days."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from warmline.look.ages import Age, age


@pytest.mark.parametrize(
    ("born", "on", "chinese", "english"),
    [
        (date(2026, 7, 9), date(2026, 11, 21), "4 个月 12 天", "4 months 12 days"),
        (date(2026, 5, 21), date(2026, 11, 21), "6 个月", "6 months"),
        (date(2026, 11, 10), date(2026, 11, 21), "11 天", "11 days"),
        (date(2026, 11, 21), date(2026, 11, 21), "今天出生", "born today"),
        (date(2026, 12, 3), date(2026, 11, 21), "预产期还有 12 天", "due in 12 days"),
        (date(2025, 11, 21), date(2026, 11, 21), "1 岁", "1 year"),
        (date(2025, 9, 30), date(2026, 11, 21), "1 岁 1 个月", "1 year 1 month"),
        (date(2023, 5, 1), date(2026, 11, 21), "3 岁 6 个月", "3 years 6 months"),
    ],
)
def test_an_age_is_said_as_in_the_shop(born: date, on: date, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert str(age(born, on=on)) == chinese
    with override("en"):
        assert str(age(born, on=on)) == english


@pytest.mark.parametrize(
    ("born", "on", "months", "days"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0, 28),
        (date(2026, 1, 31), date(2026, 3, 1), 1, 0),
        (date(2026, 1, 31), date(2026, 3, 31), 2, 0),
        (date(2028, 1, 31), date(2028, 2, 29), 0, 29),
        (date(2028, 2, 29), date(2029, 2, 28), 11, 30),
        (date(2026, 8, 31), date(2026, 9, 30), 0, 30),
        (date(2026, 12, 31), date(2027, 1, 1), 0, 1),
    ],
)
def test_at_the_end_of_a_month_a_month_is_over_on_the_first_of_the_next(
    born: date, on: date, months: int, days: int
) -> None:
    found = age(born, on=on)
    assert isinstance(found, Age)
    assert (found.years * 12 + found.months, found.days) == (months, days)


def test_a_leap_day_baby_is_one_on_the_first_of_march() -> None:
    found = age(date(2028, 2, 29), on=date(2029, 3, 1))
    assert (found.years, found.months, found.days) == (1, 0, 0)


@given(st.dates(date(1999, 1, 1), date(2090, 1, 1)), st.integers(0, 4000))
def test_each_day_an_age_grows_by_one_day_or_completes_a_month(born: date, lived: int) -> None:
    today, tomorrow = (age(born, on=born + timedelta(days=d)) for d in (lived, lived + 1))
    assert isinstance(today, Age)
    assert isinstance(tomorrow, Age)
    months = (tomorrow.years - today.years) * 12 + tomorrow.months - today.months
    assert (months, tomorrow.days) in {(0, today.days + 1), (1, 0)}
    assert 0 <= today.days <= 30
    assert today.days_lived == lived
