"""Sales teach habits; forecasts stand in rows; what was foreseen is compared with what came."""

from datetime import date

import pytest
from django.db import transaction

from warmline.core.people.models import Child, Household, Store
from warmline.goods.catalog.models import Category
from warmline.goods.sales.models import Sale
from warmline.service.care import observing
from warmline.service.care.correcting import correct
from warmline.service.care.models import ForecastRecord, RunOut
from warmline.service.care.observing import observe_sales, rebuild
from warmline.service.care.rebuilding import rebuild_many

pytestmark = pytest.mark.django_db
STATE = ["purchases", "n", "s1", "s2", "e1", "last_day", "last_offset", "pile", "bought", "p50_on"]


def state(family):
    row = RunOut.objects.get(household=family)
    return {name: getattr(row, name) for name in STATE}


def test_the_very_first_tin_has_a_forecast_from_feeding_alone(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 11, 10))
    row = RunOut.objects.get(household=lin)
    assert 5 <= (row.p50_on - row.last_on).days <= 8  # 800 g at about 125 g a day
    assert row.call_on == max(row.last_on, row.call_on)
    assert row.reasons["per_day"] == pytest.approx(125, abs=6)


def test_one_by_one_and_from_the_ledger_the_numbers_are_the_same(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    for on in (date(2026, 10, 1), date(2026, 10, 9), date(2026, 10, 18), date(2026, 11, 2)):
        buy(lin, on)
    learned = state(lin)
    rebuild([lin.pk])
    assert state(lin) == pytest.approx(learned)


def test_a_sale_that_comes_late_is_put_into_its_place(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1))
    buy(lin, date(2026, 10, 18))
    buy(lin, date(2026, 10, 9))  # the till was offline
    late = state(lin)
    rebuild([lin.pk])
    assert late == pytest.approx(state(lin))
    assert late["purchases"] == 3


def test_many_sales_in_one_batch_teach_the_same_as_one_by_one(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    days = [date(2026, 10, 1), date(2026, 10, 9), date(2026, 10, 18)]
    sales = [buy(lin, on, learn=False) for on in days]
    with transaction.atomic():
        observe_sales([sale.pk for sale in sales])
    batch = state(lin)
    rebuild([lin.pk])
    assert batch == pytest.approx(state(lin))


def test_a_whole_return_undoes_the_purchase(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1))
    before = state(lin)
    buy(lin, date(2026, 10, 9), packs=2)
    buy(lin, date(2026, 10, 11), packs=-2)
    assert state(lin)["bought"] == pytest.approx(before["bought"])
    assert state(lin)["purchases"] == 1


def test_a_forecast_is_closed_by_the_next_purchase(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1))
    buy(lin, date(2026, 10, 9))
    first, second = ForecastRecord.objects.order_by("made_on")
    assert first.actual_on == date(2026, 10, 9)
    assert second.actual_on is None


@pytest.mark.parametrize("anew", [rebuild, rebuild_many])
def test_after_a_whole_return_the_forecast_before_it_waits_again(lin, buy, clock, anew):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1))
    buy(lin, date(2026, 10, 9))
    buy(lin, date(2026, 10, 11), packs=-1)
    anew([lin.pk])
    [record] = ForecastRecord.objects.all()
    assert (record.made_on, record.actual_on) == (date(2026, 10, 1), None)
    buy(lin, date(2026, 10, 20))
    record.refresh_from_db()
    assert record.actual_on == date(2026, 10, 20)


@pytest.mark.parametrize("anew", [rebuild, rebuild_many])
def test_a_forecast_is_right_or_wrong_by_the_first_purchase_even_if_that_came_late(
    lin, buy, clock, anew
):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1))
    buy(lin, date(2026, 10, 20))
    buy(lin, date(2026, 10, 9))  # the till was offline
    anew([lin.pk])
    assert ForecastRecord.objects.get(made_on=date(2026, 10, 1)).actual_on == date(2026, 10, 9)


def test_the_run_out_stands_where_it_was_bought_and_its_record_with_whoever_serves_them(
    lin, buy, clock, store
):
    clock("2026-11-10T12:00+08:00")
    first, other = buy(lin, date(2026, 10, 1)).store, Store.objects.create(code="S2", name="河西店")
    sale = buy(lin, date(2026, 10, 9), learn=False)
    Sale.objects.filter(pk=sale.pk).update(store=other)
    with transaction.atomic():
        observe_sales([sale.pk])
    assert RunOut.objects.get().store == other
    assert {r.store for r in ForecastRecord.objects.all()} == {first}
    Household.objects.filter(pk=lin.pk).update(store=other)
    buy(lin, date(2026, 10, 20))
    assert ForecastRecord.objects.get(made_on=date(2026, 10, 20)).store == other
    assert (RunOut.objects.get().store, first) == (store, store)


def test_two_who_learn_of_a_family_for_the_first_time_both_count(lin, buy, clock, monkeypatch):
    """A file's rebuild commits between our look for the row and our making it."""
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1), learn=False)
    buy(lin, date(2026, 10, 9), learn=False)
    mine = buy(lin, date(2026, 10, 18), learn=False)
    look, looked = observing._locked, []

    def late(keys):
        rows = look(keys)
        if not looked:
            looked.append(rebuild_many([lin.pk]))
        return rows

    monkeypatch.setattr(observing, "_locked", late)
    with transaction.atomic():
        observe_sales([mine.pk])
    assert looked == [1]
    assert (state(lin)["purchases"], state(lin)["bought"]) == (3, pytest.approx(2400))


def test_half_breast_fed_makes_the_tin_last_longer(lin, buy, formula, zhou, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 11, 10))
    before = RunOut.objects.get().p50_on
    correct(lin, formula, "share", value=0.5, by=zhou)
    assert (RunOut.objects.get().p50_on - before).days >= 5


def test_what_is_at_home_comes_on_top_of_later_tins(lin, buy, formula, zhou, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 11, 10))
    correct(lin, formula, "stock", value=2400, by=zhou)
    three = RunOut.objects.get().p50_on
    clock("2026-11-12T12:00+08:00")
    buy(lin, date(2026, 11, 12))
    assert (RunOut.objects.get().p50_on - three).days >= 4


def test_nobody_is_called_about_formula_once_the_baby_is_weaned(lin, buy, formula, zhou, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 11, 10))
    correct(lin, formula, "weaned", by=zhou)
    assert RunOut.objects.get().call_on is None
    correct(lin, formula, "resumed", by=zhou)
    assert RunOut.objects.get().call_on is not None


def test_twins_need_twice_as_much(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    Child.objects.create(household=lin, born_on=date(2026, 7, 9), feeding="formula")
    buy(lin, date(2026, 11, 10))
    row = RunOut.objects.get()
    assert (row.p50_on - row.last_on).days <= 4


def test_a_receipt_that_a_rebuild_has_read_already_is_not_counted_twice(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 9))
    waiting = buy(lin, date(2026, 10, 18), learn=False)  # posted, its reaction still owed
    buy(lin, date(2026, 10, 1))  # the till was offline: the ledger is read, with what waits
    learned = state(lin)
    with transaction.atomic():
        observe_sales([waiting.pk])
    assert state(lin) == pytest.approx(learned)
    assert learned["bought"] == pytest.approx(2400)


def test_two_receipts_of_one_day_are_one_purchase(lin, buy, clock):
    clock("2026-11-10T12:00+08:00")
    buy(lin, date(2026, 10, 1))
    buy(lin, date(2026, 10, 9))
    buy(lin, date(2026, 10, 9))
    learned = state(lin)
    assert (learned["purchases"], learned["bought"]) == (2, pytest.approx(2400))


def test_what_a_guide_was_told_before_the_first_purchase_survives_a_rebuild(lin, buy, zhou, clock):
    clock("2026-11-10T12:00+08:00")
    diapers, _made = Category.objects.get_or_create(
        code="diapers", defaults={"use": "diapers", "unit": "pieces", "name": {"en": "Diapers"}}
    )
    correct(lin, diapers, "stock", value=60, by=zhou)
    buy(lin, date(2026, 10, 9))
    rebuild([lin.pk])
    rebuild_many([lin.pk])
    row = RunOut.objects.get(household=lin, category=diapers)
    assert (row.purchases, row.p50_on is None) == (0, False)
