"""What is overdue is broken in one go, told once, and can still be made good."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.journal.models import Entry
from warmline.core.people.models import Household, Staff, Store
from warmline.core.promises.breaking import break_overdue
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin():
    store = Store.objects.create(code="S1", name="南京路店")
    zhou = Staff.objects.create(username="zhou", name="周敏", store=store)
    return Household.objects.create(store=store, home_guide=zhou, joined_on=date(2026, 1, 5))


def promise(lin, **ago):
    return Promise.make(
        "contacts.call_back", household=lin, keeper=lin.home_guide, due_at=now() - timedelta(**ago)
    )


def test_only_what_is_overdue_is_broken(lin):
    late, soon = promise(lin, minutes=1), promise(lin, minutes=-1)
    assert break_overdue() == 1
    late.refresh_from_db()
    soon.refresh_from_db()
    assert (late.status, soon.status) == ("broken", "made")
    assert late.closed_at


def test_each_is_told_once_with_its_names(lin):
    late = promise(lin, hours=1)
    assert break_overdue() == 1
    assert break_overdue() == 0
    entry = Entry.objects.get(kind="promises.broken")
    assert entry.body == {
        "household": lin.pk, "store": lin.store_id, "keeper": lin.home_guide_id,
        "promise": late.pk, "promise_kind": "contacts.call_back",
    }  # fmt: skip


def test_the_oldest_go_first_within_the_limit(lin):
    for hours in (1, 3, 2):
        promise(lin, hours=hours)
    assert break_overdue(limit=2) == 2
    assert Promise.objects.get(status="made").due_at > now() - timedelta(hours=1, minutes=1)


def test_the_limit_holds_while_the_planner_takes_the_table_for_smaller_than_it_is(lin):
    """It then reads the rows one by one, and would ask for each what the oldest is that is left."""
    promise(lin, hours=3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE promises_promise")
    promise(lin, hours=2)
    promise(lin, hours=1)
    assert break_overdue(limit=1) == 1


def test_broken_is_made_good_and_stays_broken(lin):
    late = promise(lin, hours=1)
    break_overdue()
    late.refresh_from_db()
    late.keep(by=lin.home_guide)
    late.refresh_from_db()
    assert (late.status, bool(late.done_at)) == ("broken", True)
    assert Entry.objects.get(kind="promises.kept").body["late"] is True


def test_broken_is_let_off_with_a_reason_and_stays_broken(lin):
    late = promise(lin, hours=1)
    break_overdue()
    assert late in Promise.objects.owed()
    late.waive("妈妈说不用打了", by=lin.home_guide)
    late.refresh_from_db()
    assert (late.status, late.waived_for, late.standing) == ("broken", "妈妈说不用打了", "let_off")
    assert late not in Promise.objects.owed()
    told = Entry.objects.get(kind="promises.waived").body
    assert (told["late"], told["reason"]) == (True, "妈妈说不用打了")
    for again in (late.keep, lambda: late.waive("又一次")):
        with pytest.raises(WrongMove):
            again()


def test_what_was_made_good_is_not_let_off_as_well(lin):
    late = promise(lin, hours=1)
    break_overdue()
    late.keep(by=lin.home_guide)
    with pytest.raises(WrongMove):
        late.waive("不用了")
    late.refresh_from_db()
    assert (late.standing, late.state, late.waived_for) == ("late", "quiet", "")


def test_what_is_let_off_in_time_is_no_alarm(lin):
    late = promise(lin, hours=1)
    late.waive("不用了")
    assert (late.status, late.state) == ("waived", "quiet")


def test_the_clock_of_the_shop_decides(lin, clock):
    clock("2026-11-21T12:00:00+08:00")
    due = datetime(2026, 11, 21, 5, tzinfo=UTC)
    Promise.make("x", household=lin, keeper=None, due_at=due)
    assert break_overdue() == 0
    clock("2026-11-21T13:00:01+08:00")
    assert break_overdue() == 1
