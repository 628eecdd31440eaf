"""Everybody's habits learned at once are those that were learned receipt by receipt."""

from datetime import date

import pytest

from warmline.core.people.models import Household
from warmline.goods.catalog.models import Category, Product
from warmline.service.care import relearning
from warmline.service.care.foreseeing import HABIT
from warmline.service.care.models import RunOut
from warmline.service.care.observing import rebuild
from warmline.service.care.relearning import relearn
from warmline.service.care.second_look import look_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def wipes(db):
    category, _made = Category.objects.get_or_create(
        code="wipes", defaults={"use": "habit", "unit": "pieces", "name": {"en": "Wipes"}}
    )
    return Product.objects.create(code="W80", name="湿巾", category=category, content=80)


@pytest.fixture
def chain(store, lin, buy, wipes, clock):
    """Two families, several consumables, a return, two receipts of a day, one with a gap."""
    clock("2026-11-10T12:00+08:00")
    wang = Household.objects.create(store=store, joined_on=date(2026, 7, 20))
    for on in (date(2026, 9, 1), date(2026, 9, 9), date(2026, 9, 20), date(2026, 10, 30)):
        buy(lin, on)
        buy(wang, on, packs=2, product=wipes)
    buy(lin, date(2026, 10, 30), product=wipes)
    buy(lin, date(2026, 10, 30))
    buy(wang, date(2026, 11, 1), packs=-1, product=wipes)
    return [lin, wang]


def kept():
    rows = RunOut.objects.order_by("household", "category")
    return [
        {**{name: getattr(row, name) for name in HABIT}, "last": row.last_on, "of": row.product_id}
        for row in rows
    ]


@pytest.mark.parametrize("size", [1, 100_000])
def test_all_at_once_gives_the_rows_of_one_by_one(chain, monkeypatch, size):
    rebuild([family.pk for family in chain])
    one_by_one = kept()
    RunOut.objects.update(n=0, s1=7, bought=1, product=None)
    monkeypatch.setattr(relearning, "SLICE", size)
    assert relearn() == 3
    for found, expected in zip(kept(), one_by_one, strict=True):
        assert found == pytest.approx(expected)


def test_rows_that_nobody_had_are_made(chain):
    one_by_one = kept()
    RunOut.objects.all().delete()
    assert relearn() == 3
    for found, expected in zip(kept(), one_by_one, strict=True):
        assert found == pytest.approx(expected)


def test_the_night_forecasts_what_was_learned_anew(chain):
    look_again()
    RunOut.objects.update(s1=7)
    relearn()
    assert RunOut.objects.filter(is_stale=True, night=None).count() == 3
    look_again()
    assert not RunOut.objects.filter(is_stale=True).exists()


def test_what_was_right_already_is_not_touched(chain):
    look_again()
    relearn()
    assert not RunOut.objects.filter(is_stale=True).exists()


def test_a_chain_that_sold_nothing_has_no_habits(lin):
    assert relearn() == 0
