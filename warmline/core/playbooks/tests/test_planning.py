"""The morning plan: each step once, the best of each family, kept by someone, within her day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from warmline.core.contacts.conversations import log
from warmline.core.people.models import Household, Store, StoreDay
from warmline.core.playbooks.models import Playbook
from warmline.core.playbooks.planning import plan
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
DONE = datetime(2026, 11, 21, 4, tzinfo=UTC)
FULL_MOON = DAY - timedelta(days=30)


@pytest.fixture(autouse=True)
def morning(clock):
    clock("2026-11-21T06:00:00+08:00")


def test_a_full_moon_is_promised_by_the_familys_guide_until_sundown(family, zhou, only):
    only("full-moon")
    lin = family(born_on=FULL_MOON)
    assert plan(DAY).promised == 1
    promise = Promise.objects.get()
    assert (promise.household, promise.keeper, promise.kind) == (lin, zhou, "care.age_node")
    assert promise.child == lin.children.get()
    assert promise.due_at == StoreDay.objects.get(on=DAY).sundown_at
    assert promise.why["node"] == "full_moon"
    with override("zh-hans"):
        assert str(promise.script.title) == "今天满月，道声恭喜"


def test_a_plan_made_again_promises_nothing_twice(family, only):
    only("full-moon")
    family(born_on=FULL_MOON)
    assert plan(DAY).promised == 1
    assert plan(DAY).promised == 0
    assert plan(DAY + timedelta(days=1)).promised == 0


def test_a_plan_made_again_does_not_refill_a_day_that_was_worked_off(family, zhou, only):
    only("full-moon")
    zhou.calls_a_day = 2
    zhou.save()
    for _n in range(4):
        family(born_on=FULL_MOON)
    assert plan(DAY).promised == 2
    for promise in Promise.objects.all():
        promise.keep(by=zhou)
    assert plan(DAY).promised == 0


def test_who_found_no_room_today_finds_it_on_one_of_the_next_days(family, zhou, only, clock):
    only("full-moon")
    zhou.calls_a_day = 2
    zhou.save()
    for _n in range(3):
        family(born_on=FULL_MOON)
    plan(DAY)
    Promise.objects.update(status="kept", closed_at=DONE, done_at=DONE)
    clock("2026-11-22T06:00:00+08:00")
    assert plan(DAY + timedelta(days=1)).promised == 1


def test_what_she_owes_already_takes_up_her_day(family, zhou, only):
    only("full-moon")
    zhou.calls_a_day = 1
    zhou.save()
    lin = family(born_on=FULL_MOON)
    due = datetime(2026, 11, 21, 9, tzinfo=UTC)
    Promise.make("contacts.call_back", household=lin, keeper=zhou, due_at=due)
    assert plan(DAY).promised == 0


def test_a_key_family_comes_first_where_not_all_find_room(family, zhou, only):
    only("full-moon")
    zhou.calls_a_day = 1
    zhou.save()
    family(born_on=FULL_MOON)
    key = family(born_on=FULL_MOON, tier=Household.Tier.KEY)
    plan(DAY)
    assert Promise.objects.get().household == key


def test_a_family_is_called_once_a_day_for_what_matters_most(family, only):
    only("full-moon", "important-date")
    lin = family(born_on=FULL_MOON)
    lin.important_dates.create(name="结婚纪念日", month=11, day=21)
    plan(DAY)
    assert Promise.objects.get().why["found"] == "care.age_node"


@pytest.mark.parametrize("allows", [(), ("service", "sales")])
def test_without_consent_nobody_is_called(family, only, allows):
    only("full-moon")
    family(born_on=FULL_MOON, allows=allows)
    assert plan(DAY).promised == 0


def test_the_touch_budget_counts_attempts(family, zhou, only):
    only("full-moon")
    lin = family(born_on=FULL_MOON)
    for key in "ab":
        log(key=key, household=lin, staff=zhou, outcome="no_answer")
    assert plan(DAY).promised == 1
    Promise.objects.all().delete()
    log(key="c", household=lin, staff=zhou, outcome="no_answer")
    assert plan(DAY).promised == 0


def test_a_guide_who_is_away_is_stood_in_for_by_who_speaks_the_dialect(family, zhou, store, only):
    from warmline.core.people.keeping import who_answers
    from warmline.core.people.models import Staff

    only("full-moon")
    zhou.away_until = datetime(2026, 12, 1, tzinfo=UTC)
    zhou.save()
    for name, dialects in (("wu", []), ("he", ["粤语"]), ("li", [])):
        Staff.objects.create(username=name, name=name, store=store, dialects=dialects)
    homes = [family(born_on=FULL_MOON, dialect=d) for d in ("粤语", "", "", "", "")]
    plan(DAY)
    at = datetime(2026, 11, 20, 22, tzinfo=UTC)
    for home in homes:
        assert Promise.objects.get(household=home).keeper == who_answers(home, at)
    assert Promise.objects.get(household=homes[0]).keeper.username == "he"


def test_where_nobody_is_at_work_the_stores_queue_owns_it(family, zhou, store, only):
    only("full-moon")
    zhou.leave()
    family(born_on=FULL_MOON)
    plan(DAY)
    promise = Promise.objects.get()
    assert (promise.keeper, promise.store) == (None, store)


def test_a_closed_store_promises_on_its_next_open_day(family, store, only, clock):
    only("full-moon")
    StoreDay.objects.filter(on=DAY).update(opens_at=None, closes_at=None)
    family(born_on=FULL_MOON)
    assert plan(DAY).promised == 0
    clock("2026-11-22T06:00:00+08:00")
    assert plan(DAY + timedelta(days=1)).promised == 1


def test_a_plan_made_late_gives_time_until_closing_and_after_that_none(family, only, clock):
    only("full-moon")
    family(born_on=FULL_MOON)
    clock("2026-11-21T21:30:00+08:00")
    assert plan(DAY).promised == 0
    clock("2026-11-21T19:00:00+08:00")
    assert plan(DAY).promised == 1
    assert Promise.objects.get().due_at == StoreDay.objects.get(on=DAY).closes_at


def test_each_zone_has_its_own_morning(family, store, only):
    only("full-moon")
    west = Store.objects.create(code="W", name="西", time_zone="Asia/Urumqi")
    family(born_on=FULL_MOON)
    family(born_on=FULL_MOON, store=west, guide=None)
    assert plan(DAY, zone="Asia/Urumqi").promised == 1
    assert Promise.objects.get().store == west
    assert plan(DAY, zone="Asia/Shanghai").promised == 1


def test_a_store_without_days_is_laid_out_by_the_plan(family, store, only):
    only("full-moon")
    StoreDay.objects.all().delete()
    family(born_on=FULL_MOON)
    assert plan(DAY).promised == 1


def test_conditions_of_the_family_are_asked(family, only):
    playbook = only("full-moon")
    playbook.condition = "$.tier >= 2 && $.child_age_days == 30"
    playbook.save()
    family(born_on=FULL_MOON)
    good = family(born_on=FULL_MOON, tier=2)
    plan(DAY)
    assert Promise.objects.get().household == good


def test_who_left_or_was_merged_is_not_called(family, only):
    only("full-moon")
    family(born_on=FULL_MOON, status="gone")
    family(born_on=FULL_MOON, merged_into=family())
    assert plan(DAY).promised == 0


def test_a_playbook_that_rests_promises_nothing(family, only):
    only("full-moon")
    Playbook.objects.update(is_on=False)
    family(born_on=FULL_MOON)
    assert plan(DAY).promised == 0
