"""What is due by sundown follows the store's calendar; what is due at an hour of its own stays."""

from datetime import date, datetime, timedelta

import pytest

from warmline.base.clock import now
from warmline.core.journal import reacting
from warmline.core.journal.workers import Shift
from warmline.core.people import calendar, joining
from warmline.core.people.keeping_house import drop_day, keep_day, keep_store
from warmline.core.people.models import DayOff, Staff, Store, StoreDay
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def monday(clock):
    clock("2026-11-23T09:00:00+08:00")


@pytest.fixture
def store():
    store = Store(code="CX", name="春熙路店", latitude=30.657, longitude=104.081)
    return keep_store(store)


@pytest.fixture
def lin(store):
    zhou = Staff.objects.create_user("zhou", "-", name="周洁", store=store, role="guide")
    return joining.join(store=store, by=zhou, name="林晓", phone="13812345678")


def owe(lin, due_at):
    return Promise.make("contacts.call_back", household=lin, keeper=lin.home_guide, due_at=due_at)


def react():
    with Shift("react") as shift:
        while reacting.react_once(shift):
            pass


def due(promise):
    promise.refresh_from_db()
    return promise.due_at


def test_a_holiday_moves_what_is_due_by_its_sundown_to_the_next_open_day(store, lin):
    sundown = calendar.sundown(store, WEDNESDAY)
    by_sundown, at_three = owe(lin, sundown), owe(lin, sundown - timedelta(hours=3))
    keep_day(DayOff(on=WEDNESDAY, name="盘点"))
    keep_day(DayOff(store=store, on=WEDNESDAY + timedelta(days=1), name="停电"))
    react()
    assert due(by_sundown) == calendar.sundown(store, WEDNESDAY + timedelta(days=2))
    assert due(at_three) == sundown - timedelta(hours=3)


def test_an_early_closing_is_an_early_deadline_and_back(store, lin):
    sundown = calendar.sundown(store, WEDNESDAY)
    promise = owe(lin, sundown)
    day = keep_day(
        DayOff(on=WEDNESDAY, name="年会", hours=[["09:00", "12:00"], ["13:00", "15:30"]])
    )
    react()
    assert due(promise) == datetime.fromisoformat("2026-11-25T15:30:00+08:00")
    drop_day(day)
    react()
    assert due(promise) == sundown


def test_nothing_becomes_late_by_it_and_what_is_done_stays(store, lin, clock):
    today = date(2026, 11, 23)
    late, kept = owe(lin, calendar.sundown(store, today)), owe(lin, calendar.sundown(store, today))
    kept.keep()
    was = late.due_at
    clock("2026-11-23T16:00:00+08:00")
    keep_day(DayOff(on=today, name="早打烊", hours=[["09:00", "15:00"]]))
    react()
    assert (due(late), due(kept)) == (was, was)
    assert was > now()


def test_what_is_said_again_of_a_day_replaces_it(store):
    keep_day(DayOff(on=WEDNESDAY, name="盘点"))
    keep_day(DayOff(on=WEDNESDAY, name="只上午", hours=[["09:00", "12:00"]]))
    assert DayOff.objects.get().name == "只上午"
    day = StoreDay.objects.get(store=store, on=WEDNESDAY)
    assert day.closes_at == datetime.fromisoformat("2026-11-25T12:00:00+08:00")


def test_a_new_store_tells_nobody_and_new_hours_do(store, lin):
    promise = owe(lin, calendar.sundown(store, WEDNESDAY))
    week = [[["10:00", "16:00"]] for _day in range(7)]
    keep_store(store, hours=week)
    react()
    assert due(promise) == datetime.fromisoformat("2026-11-25T16:00:00+08:00")
