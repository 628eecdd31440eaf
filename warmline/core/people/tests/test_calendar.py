"""Sundown is the shop's own: its sun, its hours, its holidays, its clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from warmline.core.people import calendar, opening
from warmline.core.people.models import DayOff, Store, StoreDay

pytestmark = pytest.mark.django_db

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT_OWLS = [[["09:00", "23:30"]]] * 7
MIDSUMMER, MIDWINTER = date(2026, 6, 21), date(2026, 12, 21)


def wall(at, zone=SHANGHAI):
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def shop(**facts):
    return Store.objects.create(code=f"X{Store.objects.count()}", name="店", **facts)


def test_the_sun_goes_down_where_the_store_is():
    store = shop(latitude=31.23, longitude=121.47)
    assert wall(calendar.sundown(store, MIDSUMMER)) == "06-21 19:01"
    assert wall(calendar.sundown(store, MIDWINTER)) == "12-21 16:55"


def test_in_urumqi_the_sun_sets_late_on_the_same_clock():
    store = shop(latitude=43.83, longitude=87.62, hours=NIGHT_OWLS)
    assert wall(calendar.sundown(store, MIDSUMMER)) == "06-21 21:55"


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"latitude": 43.83, "longitude": 87.62}, "06-21 21:00"),  # closed before the sun is down
        ({}, "06-21 21:00"),  # nobody knows where it is
        ({"hours": []}, "06-21 18:00"),  # nor when it is open
        ({"latitude": 69.65, "longitude": 18.96}, "06-21 21:00"),  # the sun does not set
        (
            {"hours": [[["20:00", "23:00"]]] * 7, "latitude": 31.2, "longitude": 121.5},
            "06-21 23:00",
        ),
    ],
)
def test_without_a_sunset_in_its_hours_closing_time_is_sundown(facts, due):
    assert wall(calendar.sundown(shop(**facts), MIDSUMMER)) == due


def test_what_comes_by_day_is_answered_that_day_and_after_sundown_the_next(store):
    assert wall(calendar.due_by_sundown(store, at("2026-12-21T10:00"))) == "12-21 16:55"
    assert wall(calendar.due_by_sundown(store, at("2026-12-21T16:54"))) == "12-21 16:55"
    assert wall(calendar.due_by_sundown(store, at("2026-12-21T16:55"))) == "12-22 16:55"
    assert wall(calendar.due_by_sundown(store, at("2026-12-21T23:50"))) == "12-22 16:55"


def test_over_days_off_the_next_open_day_counts(store):
    for n in (1, 2):
        DayOff.objects.create(store=store, on=MIDWINTER + timedelta(days=n))
    assert wall(calendar.due_by_sundown(store, at("2026-12-21T20:00"))) == "12-24 16:56"
    assert calendar.add_open_days(store, MIDWINTER, 3) == date(2026, 12, 26)


def test_a_plan_and_an_answer_see_the_same_day(store):
    calendar.lay_out([store], MIDWINTER, 3)
    laid = StoreDay.objects.get(on=MIDWINTER)
    assert wall(laid.opens_at) == "12-21 09:00"
    assert wall(laid.closes_at) == "12-21 21:00"
    assert laid.sundown_at == calendar.sundown(store, MIDWINTER)
    assert StoreDay.objects.count() == 3


def test_laying_out_again_changes_only_what_changed(store):
    assert calendar.lay_out([store], MIDWINTER, 10) == 10
    assert calendar.lay_out([store], MIDWINTER, 10) == 0
    DayOff.objects.create(store=store, on=MIDWINTER, name="盘点")
    assert calendar.lay_out([store], MIDWINTER, 10) == 1
    assert not StoreDay.objects.get(on=MIDWINTER).is_open


def test_a_stores_own_exception_goes_before_the_chains(store, other_store):
    DayOff.objects.create(on=MIDWINTER, name="全员大会")
    DayOff.objects.create(store=store, on=MIDWINTER, hours=[["09:00", "12:00"], ["14:00", "16:00"]])
    calendar.lay_out([store, other_store], MIDWINTER, 1)
    mine, theirs = StoreDay.objects.order_by("store__code")
    assert (wall(mine.closes_at), wall(mine.sundown_at)) == ("12-21 16:00", "12-21 16:00")
    assert theirs.opens_at is None
    assert not mine.is_workday


@pytest.mark.parametrize(
    ("on", "is_workday"),
    [
        (date(2026, 2, 17), False),  # Spring Festival, a Tuesday
        (date(2026, 2, 14), True),  # made up for on a Saturday
        (date(2026, 2, 28), True),
        (date(2026, 10, 1), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
    ],
)
def test_holidays_and_the_days_that_make_up_for_them(on, is_workday):
    assert opening.is_workday(on) is is_workday


def test_the_chain_may_know_better_than_the_calendar(store):
    DayOff.objects.create(on=date(2026, 11, 21), name="调休", hours=[["09:00", "18:00"]])
    calendar.lay_out([store], date(2026, 11, 21), 1)
    assert StoreDay.objects.get().is_workday


def test_a_lunch_break_is_not_open_and_a_night_shop_is_open_past_midnight():
    lunch = shop(hours=[[["09:00", "12:00"], ["13:30", "20:00"]]] * 7)
    assert calendar.is_open_at(lunch, at("2026-11-21T11:59"))
    assert not calendar.is_open_at(lunch, at("2026-11-21T12:30"))
    assert calendar.is_open_at(lunch, at("2026-11-21T13:30"))
    night = shop(hours=[[["20:00", "02:00"]]] * 7)
    assert calendar.is_open_at(night, at("2026-11-22T01:59"))
    assert not calendar.is_open_at(night, at("2026-11-22T02:00"))


def test_changing_the_clocks_neither_skips_nor_doubles_a_day():
    store = shop(time_zone="Europe/Berlin", latitude=52.5, longitude=13.4)
    for first in (date(2026, 3, 27), date(2026, 10, 23)):
        days = [d for d, _n in zip(calendar.days_from(store, first), range(5), strict=False)]
        assert [d.on for d in days] == [first + timedelta(days=n) for n in range(5)]
        assert {d.opens_at.astimezone(BERLIN).hour for d in days} == {9}
        assert {d.closes_at.astimezone(BERLIN).hour for d in days} == {21}
        assert len({d.sundown_at.astimezone(BERLIN).date() for d in days}) == 5


def test_a_time_that_the_clocks_leap_over_is_the_same_while_later():
    start, end = opening.interval(date(2026, 3, 29), "02:30", "05:00", zone=BERLIN)
    assert (start, end) == (
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 3, tzinfo=UTC),
    )
    start, end = opening.interval(date(2026, 10, 25), "02:30", "24:00", zone=BERLIN)
    assert end - start == timedelta(hours=22, minutes=30)


def test_a_store_that_is_never_open_still_has_a_sundown(store):
    for n in range(500):
        DayOff.objects.create(store=store, on=MIDSUMMER + timedelta(days=n))
    assert wall(calendar.due_by_sundown(store, at("2026-06-21T10:00"))) == "06-22 19:01"


@pytest.mark.parametrize(
    "hours",
    [
        "09:00-21:00",
        [["09:00"]],
        [["9", "21:00"], ["x", "y"]],
        [["09:00", "13:00"], ["12:00", "20:00"]],
        [["22:00", "02:00"], ["23:00", "23:30"]],
        [["09:00", "25:00"]],
        None,
    ],
)
def test_impossible_hours_are_refused(hours):
    with pytest.raises(ValidationError):
        opening.check_hours(hours)


def test_possible_hours_come_back_in_order():
    typed = [["14:00", "24:00"], ["09:00", "12:00"]]
    assert opening.check_hours(typed) == [["09:00", "12:00"], ["14:00", "24:00"]]
    assert opening.check_week([[], *[typed] * 6])[0] == []
    with pytest.raises(ValidationError):
        opening.check_week([typed] * 6)


def test_a_chain_lays_out_its_quarter(db):
    stores = Store.objects.bulk_create(
        Store(code=f"S{n}", name="店", latitude=20 + n / 20, longitude=80 + n / 20)
        for n in range(100)
    )
    opening.is_workday(MIDSUMMER)
    assert calendar.lay_out(stores, date(2026, 6, 1), 90) == 9000
