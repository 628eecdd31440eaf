"""The demo chain is one that the product itself would have made: nothing in it is out of order."""

import pytest

from warmline.base.clock import now, today
from warmline.core.people import searching
from warmline.core.people.models import Child, Household, Staff, StoreDay
from warmline.core.promises.models import Promise
from warmline.insight import invariants
from warmline.service.care.models import ForecastRecord, RunOut
from warmline.service.desk.models import Case
from warmline.world import demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(clock):
    clock("2026-11-23T09:00:00+08:00")  # after closing time nothing of the day is still to come
    demo.build(households=60)


def test_everything_that_must_hold_holds(chain):
    wrong = {v.invariant.name: v.offenders for v in invariants.judge(invariants.all_of_them())}
    assert {name: rows for name, rows in wrong.items() if rows} == {}


def test_a_guide_has_something_to_do_today(chain):
    owed = Promise.objects.owed().filter(due_at__gt=now())
    assert owed.filter(kind="care.run_out").exists()
    in_a_queue = Case.objects.filter(owner=None).values_list("pk", flat=True)
    assert all(p.keeper_id or p.why.get("case") in set(in_a_queue) for p in owed)


def test_families_are_found_and_babies_have_names(chain):
    zhou = Staff.objects.get(username="zhou")
    hers = Household.objects.seen_by(zhou).first()
    member = hers.members.first()
    assert member in searching.find(zhou, member.phone)
    assert all(child.name for child in Child.objects.all())


def test_forecasts_were_made_before_and_some_came_true(chain):
    assert RunOut.objects.filter(call_on__isnull=False).exists()
    assert ForecastRecord.objects.filter(actual_on__isnull=False).exists()


def test_nobody_has_bought_tomorrow_and_today_is_laid_out(chain):
    lately = list(Household.objects.values_list("last_sale_on", flat=True))
    assert any(lately)
    assert all(on is None or on <= today() for on in lately)
    assert StoreDay.objects.filter(on=today()).count() == 3
