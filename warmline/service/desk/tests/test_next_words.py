"""The times at which somebody promises to be heard from, offered for one tap."""

from datetime import datetime, timedelta

from warmline.base.clock import now
from warmline.service.desk.next_words import offered


def at(text):
    return datetime.fromisoformat(text)


def test_by_day_an_hour_from_now_comes_first(case, clock):
    clock("2026-11-23T14:25:00+08:00")
    assert offered(case)[0] == at("2026-11-23T15:20:00+08:00")


def test_nobody_promises_to_ring_at_night(case, clock):
    """At a quarter past eight in the evening it said: ring them at a quarter past nine."""
    clock("2026-11-23T20:15:00+08:00")
    assert offered(case)[0] == at("2026-11-24T12:00:00+08:00")
    assert all(one > now() + timedelta(hours=2) for one in offered(case))
