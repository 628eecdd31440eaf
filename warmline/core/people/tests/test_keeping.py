"""The home guide answers; while she is away, somebody the family can talk to does."""

from datetime import timedelta

import pytest

from warmline.base.clock import now
from warmline.core.people import keeping

pytestmark = pytest.mark.django_db


def test_the_guide_who_met_the_family_answers(lin, zhou, hire, store):
    hire("sun", store=store)
    assert keeping.who_answers(lin, now()) == zhou


def test_while_she_is_away_somebody_with_the_same_dialect_does(lin, zhou, hire, store):
    hire("sun", store=store)
    cantonese = hire("mai", store=store, dialects=["粤语"])
    lin.dialect = "粤语"
    lin.save()
    zhou.go_away(now() + timedelta(days=3))
    assert keeping.who_answers(lin, now()) == cantonese
    assert keeping.who_answers(lin, now() + timedelta(days=4)) == zhou


def test_else_anybody_of_the_store_and_the_manager_last(lin, zhou, hire, store, other_store):
    manager = hire("chen", role="manager", store=store)
    hire("qian", store=other_store)
    hire("hong", role="hq")
    zhou.leave()
    assert keeping.who_answers(lin, now()) == manager
    sun = hire("sun", store=store)
    assert keeping.who_answers(lin, now()) == sun


def test_with_nobody_at_work_it_is_the_stores_queue(lin, zhou, wu):
    zhou.go_away(now() + timedelta(days=1))
    assert keeping.who_answers(lin, now()) is None


def test_the_families_of_one_who_is_away_are_spread_over_her_colleagues(
    join, zhou, hire, store, django_assert_num_queries
):
    families = [join(f"家{n}", f"1390000{n:04d}", by=zhou) for n in range(30)]
    colleagues = [hire(name, store=store) for name in ("sun", "mai", "qian")]
    zhou.go_away(now() + timedelta(days=1))
    with django_assert_num_queries(1):
        by_family = keeping.answering([f.pk for f in families], now())
    spread = [list(by_family.values()).count(c.pk) for c in colleagues]
    assert sum(spread) == 30
    assert min(spread) >= 3
