"""By day the row answers at once; at night the net looks again, and its forecast stands."""

from datetime import date

import pytest

from warmline.core.people.models import Household
from warmline.service.care import second_look
from warmline.service.care.correcting import correct
from warmline.service.care.models import ForecastRecord, RunOut
from warmline.service.care.night import outlooks
from warmline.service.care.observing import rebuild
from warmline.service.care.rebuilding import ledger_of
from warmline.service.care.second_look import Figures, look_again

pytestmark = pytest.mark.django_db
DAYS = [date(2026, 10, 1), date(2026, 10, 9), date(2026, 10, 18), date(2026, 11, 2)]


@pytest.fixture
def lins_tins(lin, buy, clock):
    clock("2026-11-02T12:00+08:00")
    for on in DAYS:
        buy(lin, on)
    return RunOut.objects.get(household=lin)


@pytest.fixture
def others(store, buy, clock):
    """Two more families, so that a night has several batches."""
    clock("2026-11-02T12:00+08:00")
    for _n in range(2):
        family = Household.objects.create(store=store, joined_on=date(2026, 7, 20))
        buy(family, date(2026, 10, 20))


def test_a_sale_is_answered_by_the_row_and_marked_for_the_night(lins_tins):
    assert lins_tins.p50_on is not None
    assert lins_tins.is_stale
    assert lins_tins.night is None


def test_what_the_night_expects_stands_in_the_row(lin, lins_tins):
    assert look_again() == Figures(looked=1, left=0)
    row = RunOut.objects.get(household=lin)
    expected = outlooks(ledger_of([lin.pk]).ledger).outlook(0)
    assert row.night == pytest.approx([expected.p10, expected.p50, expected.p90, expected.p_return])
    assert row.chance == pytest.approx(expected.p_return)
    assert row.reasons["habit_days"] != pytest.approx(lins_tins.reasons["habit_days"])
    assert row.p10_on <= row.p50_on <= row.p90_on
    assert not row.is_stale


def test_the_record_keeps_what_the_night_foresaw(lin, lins_tins):
    look_again()
    row, record = RunOut.objects.get(household=lin), ForecastRecord.objects.latest("made_on")
    assert (record.p10_on, record.p50_on, record.p90_on) == (row.p10_on, row.p50_on, row.p90_on)


def test_a_night_begun_again_changes_nothing(lin, lins_tins):
    look_again()
    before = RunOut.objects.values().get(household=lin)
    assert look_again() == Figures(looked=0, left=0)
    assert RunOut.objects.values().get(household=lin) == before


def test_a_night_that_died_goes_on_where_it_was(lins_tins, others, monkeypatch):
    monkeypatch.setattr(second_look, "BATCH", 1)
    save, calls = second_look.save, []

    def dies_the_second_time(rows):
        calls.append(rows)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        save(rows)

    monkeypatch.setattr(second_look, "save", dies_the_second_time)
    with pytest.raises(RuntimeError):
        look_again()
    assert RunOut.objects.filter(is_stale=True).count() == 2
    assert look_again() == Figures(looked=2, left=0)


def test_what_a_night_has_no_time_for_waits_for_the_next(lins_tins, others):
    assert look_again(at_most_s=0) == Figures(looked=0, left=3)


def test_after_the_next_purchase_the_row_answers_alone_again(lin, lins_tins, buy, clock):
    look_again()
    clock("2026-11-12T12:00+08:00")
    buy(lin, date(2026, 11, 12))
    row = RunOut.objects.get(household=lin)
    assert row.night is None
    assert row.is_stale
    rebuild([lin.pk])
    anew = RunOut.objects.get(household=lin)
    assert (anew.p10_on, anew.p50_on, anew.p90_on) == (row.p10_on, row.p50_on, row.p90_on)


def test_another_tin_on_the_same_day_makes_the_night_old(lin, lins_tins, buy):
    look_again()
    buy(lin, DAYS[-1], packs=2)
    row = RunOut.objects.get(household=lin)
    assert row.night is None
    assert row.is_stale


def test_what_a_guide_hears_by_day_is_joined_with_what_the_night_expects(
    lin, lins_tins, formula, zhou
):
    look_again()
    before = RunOut.objects.get(household=lin)
    correct(lin, formula, "share", value=0.5, by=zhou)
    row = RunOut.objects.get(household=lin)
    assert row.night == before.night
    assert not row.is_stale
    assert row.p50_on > before.p50_on


def test_a_row_that_has_not_learned_its_last_sale_is_left_for_later(lin, lins_tins, buy, clock):
    clock("2026-11-12T12:00+08:00")
    buy(lin, date(2026, 11, 12), learn=False)
    assert look_again() == Figures(looked=0, left=1)
