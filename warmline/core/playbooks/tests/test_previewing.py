"""A preview says what a playbook would have promised, and is what the plan then really makes."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from warmline.core.journal.models import Entry
from warmline.core.journal.recording import record
from warmline.core.people.models import StoreDay
from warmline.core.people.signals import FamilyJoined
from warmline.core.playbooks.hearing import hear
from warmline.core.playbooks.models import Playbook
from warmline.core.playbooks.planning import plan
from warmline.core.playbooks.previewing import last_month, preview
from warmline.core.promises.breaking import break_overdue
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def november(clock):
    clock("2026-11-05T10:00:00+08:00")


@pytest.mark.parametrize("calls_a_day", [20, 1])
def test_it_equals_what_the_plan_really_made(family, zhou, only, clock, calls_a_day):
    playbook = only("full-moon")
    zhou.calls_a_day = calls_a_day
    zhou.save()
    StoreDay.objects.filter(on="2026-10-07").update(opens_at=None, closes_at=None)
    for n in range(40):
        family(born_on=date(2026, 8, 25) + timedelta(days=n % 33), tier=n % 4)
    foreseen = preview(playbook, OCTOBER)
    for n in range(-3, 31):
        day = OCTOBER + timedelta(days=n)
        clock(f"{day}T06:00:00+08:00")
        plan(day)
        clock(f"{day}T23:00:00+08:00")
        break_overdue()
    made = Promise.objects.values_list("made_at", flat=True)
    days = Counter(at.astimezone(SHANGHAI).date() for at in made)
    assert foreseen.by_day == {day: n for day, n in days.items() if day >= OCTOBER}
    assert foreseen.total > 20


def test_it_equals_what_was_really_heard(family, only, clock):
    playbook = only("welcome")
    homes = [family() for _n in range(6)] + [family(allows=())]
    for n, home in enumerate(homes):
        clock(f"2026-10-{5 + n // 2:02}T{9 + 5 * (n % 2):02}:00:00+08:00")
        signal = FamilyJoined(
            household=home.pk, store=home.store_id, source="store", has_child=False
        )
        with transaction.atomic():
            record(signal)
        hear(list(Entry.objects.order_by("-pk")[:1]))
    clock("2026-11-05T10:00:00+08:00")
    foreseen = preview(playbook, OCTOBER)
    shown = Promise.objects.values_list("shows_at", flat=True)
    assert foreseen.by_day == Counter(at.astimezone(SHANGHAI).date() for at in shown)
    assert {home.pk for home in foreseen.families} == {home.pk for home in homes[:6]}


def test_it_writes_nothing(family, only):
    playbook = only("full-moon")
    family(born_on=date(2026, 9, 10))
    before = Promise.objects.count(), Playbook.objects.count(), Entry.objects.count()
    assert preview(playbook, OCTOBER).total == 1
    assert preview(playbook, OCTOBER).total == 1
    assert (Promise.objects.count(), Playbook.objects.count(), Entry.objects.count()) == before


def test_a_playbook_that_is_not_saved_yet_can_be_tried(family, only, store):
    saved = only("full-moon")
    family(born_on=date(2026, 9, 10), tier=3)
    family(born_on=date(2026, 9, 10))
    draft = Playbook(
        signal=saved.signal,
        promise_kind="x",
        conditions=[{"fact": "tier", "is": "at_least", "value": 3}, *saved.conditions],
    )
    figures = preview(draft, OCTOBER)
    assert (figures.total, figures.by_store) == (1, [(store, 1)])


def test_a_month_that_has_not_come_is_empty(only):
    assert preview(only("full-moon"), date(2027, 1, 1)).total == 0


def test_last_month(clock):
    clock("2026-01-15T10:00:00+08:00")
    assert last_month() == date(2025, 12, 1)
