"""The demo's desk shows something of everything, made by the product's own verbs."""

from datetime import datetime

import pytest

from warmline.base.clock import now
from warmline.core.contacts.models import Message
from warmline.core.journal.models import Task
from warmline.core.people.models import Staff, Store
from warmline.insight import desk, invariants
from warmline.insight.measures import Period
from warmline.service.desk import freezing
from warmline.service.desk.feeding_back import inbox_of
from warmline.service.desk.keeping_word import last_month
from warmline.service.desk.models import Case, CaseEvent
from warmline.world import demo
from warmline.world.desk.present import LOT

pytestmark = pytest.mark.django_db
MOMENTS = ["2026-11-24T15:20:00+08:00", "2026-11-23T09:00:00+08:00", "2026-12-01T23:40:00+08:00"]


@pytest.fixture(params=MOMENTS, ids=["afternoon", "morning", "night"])
def chain(request, clock):
    clock(request.param)
    demo.build(households=60)
    return datetime.fromisoformat(request.param)


def test_a_full_desk_at_any_hour(chain):
    """Each state has its cases; nothing is out of order, nothing lies in the future, and whoever
    should hear of it has heard."""
    wrong = {v.invariant.name: v.offenders for v in invariants.judge(invariants.all_of_them())}
    assert {name: rows for name, rows in wrong.items() if rows} == {}

    states = set(Case.objects.values_list("state", flat=True))
    assert states >= {"open", "working", "waiting", "review", "feedback", "settled"}
    assert Case.objects.filter(rung__gte=2, due_at__lt=now()).exists()
    assert Case.objects.filter(urgency=Case.Urgency.HEALTH).exists()
    assert not CaseEvent.objects.filter(at__gt=now()).exists()
    assert set(Case.objects.values_list("from_whom", flat=True)) >= {"supplier", "dealer"}
    assert not Task.objects.filter(entry__kind__startswith="desk.").exists()
    assert not Message.objects.filter(created_at__gt=now()).exists()

    assert [freeze.number for freeze in freezing.to_decide()] == [LOT]

    ma = Staff.objects.get(username="ma")
    assert {asked.due_at < now() for asked in inbox_of(ma)} == {True, False}

    every_store = [last_month(store) for store in Store.objects.all()]
    assert all(kept.says_something for kept in every_store)
    assert any(kept.in_time < kept.came for kept in every_store)

    total = desk.total(desk.rates(Period.of_days(30)))
    assert 0 < total.dissatisfied < total.rated / 2
    assert 0 < total.omitted < total.contacts / 2
    first, *others = [row for row in desk.causes(Period.of_days(30)) if row.cause]
    assert first.cases > others[-1].cases
