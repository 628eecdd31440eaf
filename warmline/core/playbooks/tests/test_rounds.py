"""Once a day, by one worker, later if the shop was closed; a round that fails holds up no other."""

from datetime import date

import psycopg
import pytest
from django.db import connection

from warmline.core.people.models import StoreDay
from warmline.core.playbooks import rounds
from warmline.core.playbooks.models import Round
from warmline.core.playbooks.rounds import go_round, once
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture
def works(monkeypatch):
    monkeypatch.setattr(rounds, "_wait_until", {})
    monkeypatch.setattr(rounds, "NIGHTLY", {})
    return rounds.NIGHTLY


def test_a_round_is_done_once_a_day(works):
    done = []
    assert once("count", "Asia/Shanghai", DAY, lambda: done.append(1) or 7)
    assert not once("count", "Asia/Shanghai", DAY, lambda: done.append(1))
    assert once("count", "Asia/Urumqi", DAY, lambda: done.append(1))
    assert done == [1, 1]
    assert Round.objects.get(zone="Asia/Shanghai").figures == {"count": 7}


def test_while_another_worker_is_at_it_nobody_else_begins(works):
    with psycopg.connect(**connection.get_connection_params()) as other:
        key = [rounds.LOCK_CLASS, "count Asia/Shanghai"]
        other.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", key)
        assert not once("count", "Asia/Shanghai", DAY, lambda: 1)
    assert once("count", "Asia/Shanghai", DAY, lambda: 1)  # it died: its lock went with it


def test_a_round_that_fails_holds_up_no_other_and_is_tried_again(works, clock, monkeypatch):
    clock("2026-11-21T03:00:00+08:00")
    works["bad"] = lambda: 1 / 0
    works["good"] = lambda: 3
    assert go_round() == 1
    assert go_round() == 0
    works["bad"] = lambda: 1
    monkeypatch.setattr(rounds, "_wait_until", {})
    assert go_round() == 1


def test_the_plan_comes_after_five_in_the_morning_of_the_store(works, family, only, clock):
    only("full-moon")
    family(born_on=date(2026, 10, 22))
    clock("2026-11-21T04:59:00+08:00")
    go_round()
    assert [str(r.on) for r in Round.objects.all()] == ["2026-11-20"]  # yesterday's, too late now
    assert not Promise.objects.exists()
    clock("2026-11-21T05:00:00+08:00")
    assert go_round() == 1
    assert Round.objects.get(on=DAY).figures == {"found": 1, "promised": 1}
    assert go_round() == 0


def test_a_loop_that_starts_late_catches_up(works, family, only, clock):
    only("full-moon")
    family(born_on=date(2026, 10, 22))
    clock("2026-11-21T15:00:00+08:00")
    go_round()
    assert Promise.objects.get().due_at == StoreDay.objects.get(on=DAY).sundown_at


def test_before_the_night_it_is_still_yesterdays(works, clock):
    clock("2026-11-21T01:00:00+08:00")
    works["count"] = lambda: 1
    go_round()
    assert Round.objects.get().on == date(2026, 11, 20)


def test_the_spines_own_nights_work(store, clock):
    clock("2026-11-21T03:00:00+08:00")
    StoreDay.objects.all().delete()
    go_round()
    assert StoreDay.objects.filter(store=store, on="2027-01-15").exists()
    assert {"lay_out", "forget_answers"} <= set(Round.objects.values_list("name", flat=True))
