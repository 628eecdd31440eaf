"""The days that come back: by the sun, by the moon, and when a year does not have them."""

from datetime import date, timedelta

import pytest

from warmline.core.people import dates
from warmline.core.people.dates import Anniversary
from warmline.core.people.models import ImportantDate


@pytest.mark.parametrize(
    ("written", "after", "kept"),
    [
        (("solar", 5, 1), date(2026, 5, 1), date(2026, 5, 1)),
        (("solar", 5, 1), date(2026, 5, 2), date(2027, 5, 1)),
        (("solar", 2, 29), date(2026, 1, 1), date(2026, 2, 28)),
        (("solar", 2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        (("solar", 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
        (("lunar", 1, 1), date(2026, 1, 1), date(2026, 2, 17)),  # New Year's day
        (("lunar", 8, 15), date(2026, 1, 1), date(2026, 9, 25)),  # mid-autumn
        (("lunar", 12, 8), date(2026, 1, 1), date(2026, 1, 26)),  # of the year before
        (("lunar", 6, 1, True), date(2025, 1, 1), date(2025, 7, 25)),  # 2025 has a leap sixth month
        (("lunar", 6, 1, False), date(2025, 1, 1), date(2025, 6, 25)),
        (("lunar", 6, 1, True), date(2026, 1, 1), date(2026, 7, 14)),  # 2026 has none
        (("lunar", 12, 30), date(2027, 1, 1), date(2027, 2, 5)),  # a month of 29 days
    ],
)
def test_when_it_is_kept_next(written, after, kept):
    assert dates.next_on(Anniversary(*written), after) == kept


def test_the_morning_and_the_reckoning_agree_on_every_day_of_three_years():
    """What is kept today is exactly what comes next today."""
    every = [
        Anniversary(calendar, month, day, leap)
        for calendar, leap in (("solar", False), ("lunar", False), ("lunar", True))
        for month in range(1, 13)
        for day in range(1, 31)
        if not (calendar == "solar" and month == 2 and day > 29)
    ]
    day = date(2024, 12, 1)
    expected = {written: dates.next_on(written, day) for written in every}
    for _n in range(1100):
        kept = set(dates.kept_on(day))
        assert {w for w in every if expected[w] == day} == kept & set(every)
        for written in kept & set(every):
            expected[written] = dates.next_on(written, day + timedelta(days=1))
        day += timedelta(days=1)


@pytest.mark.django_db
def test_todays_families_are_found_in_the_database(lin):
    moon = dates.in_lunar(date(2026, 11, 21))
    for name, written in {
        "妈妈生日": moon,
        "结婚纪念日": Anniversary("solar", 11, 21),
        "外婆生日": moon._replace(is_leap_month=True),
        "别的日子": moon._replace(day=moon.day + 1),
    }.items():
        ImportantDate.objects.create(household=lin, name=name, **written._asdict())
    found = ImportantDate.objects.filter(dates.falling_on(date(2026, 11, 21)))
    assert set(found.values_list("name", flat=True)) == {"妈妈生日", "结婚纪念日", "外婆生日"}


def test_beyond_the_known_moons_only_the_sun_counts():
    assert dates.kept_on(date(2150, 5, 1)) == [Anniversary("solar", 5, 1)]
    assert dates.next_on(Anniversary("lunar", 1, 1), date(2150, 5, 1)) is None
