"""What a baby uses in a day follows the published tables between their points."""

import pytest

from warmline.goods.catalog.daily_use import (
    CATEGORIES,
    DAYS_PER_MONTH,
    FORMULA_ML,
    diapers_per_day,
    fl_oz_to_g,
    formula_g_per_day,
    formula_ml_per_day,
    median_weight_kg,
    stage_at,
    tin_life_days,
    used_until,
)


@pytest.mark.parametrize(("low", "high", "ml"), FORMULA_ML)
def test_the_middle_of_a_span_drinks_what_the_table_says(low, high, ml):
    assert formula_ml_per_day((low + high) / 2 * DAYS_PER_MONTH) == pytest.approx(ml)


def test_between_two_spans_it_is_the_straight_line():
    assert formula_ml_per_day(DAYS_PER_MONTH) == pytest.approx((550 + 745) / 2)


def test_an_unborn_baby_uses_nothing():
    assert formula_g_per_day(-1) == 0
    assert diapers_per_day(-30) == 0
    assert used_until("formula", -5) == 0


def test_a_month_old_tin_of_800_grams_lasts_about_a_week():
    tins = 800 / formula_g_per_day(1.5 * DAYS_PER_MONTH)
    assert tins == pytest.approx(8.1, abs=0.05)  # the table of days per 800 g


def test_intake_rises_until_four_months_and_falls_with_solids():
    months = [formula_g_per_day(month * DAYS_PER_MONTH) for month in (1, 2, 3, 4)]
    assert months == sorted(months)
    later = [formula_g_per_day(month * DAYS_PER_MONTH) for month in (5, 7, 9, 14, 20, 30)]
    assert later == sorted(later, reverse=True)


def test_a_heavier_baby_drinks_in_proportion():
    assert formula_g_per_day(60, weight_ratio=1.1) == pytest.approx(1.1 * formula_g_per_day(60))


def test_american_ounces_become_grams_of_powder():
    assert fl_oz_to_g(1) == pytest.approx(3.904, abs=0.001)
    assert fl_oz_to_g(7.3) == pytest.approx(28.35, rel=0.01)  # an ounce of powder yields 7.3 fl oz


def test_diapers_fall_from_ten_a_day_to_four():
    assert diapers_per_day(10) == 10
    assert diapers_per_day(30 * DAYS_PER_MONTH) == pytest.approx(4)


def test_weights_are_the_who_medians():
    assert median_weight_kg(0, girl=False) == 3.35
    assert median_weight_kg(12 * DAYS_PER_MONTH, girl=True) == pytest.approx(8.95)
    assert median_weight_kg(0) == pytest.approx((3.35 + 3.23) / 2)


@pytest.mark.parametrize(
    ("months", "stage"), [(0, 1), (5.9, 1), (6, 2), (11.9, 2), (12, 3), (50, 3)]
)
def test_stages_change_at_six_and_twelve_months(months, stage):
    assert stage_at(months * DAYS_PER_MONTH) == stage


def test_an_opened_tin_keeps_a_month_and_a_small_one_two_weeks():
    assert tin_life_days(900) == 30
    assert tin_life_days(400) == 14


def test_what_was_used_until_an_age_is_the_sum_of_its_days():
    by_day = sum(formula_g_per_day(day + 0.5) for day in range(100))
    assert used_until("formula", 100) == pytest.approx(by_day)
    assert used_until("formula", 100.5) > used_until("formula", 100)


def test_beyond_the_table_the_last_rate_holds():
    years = 4 * 365
    a_day = used_until("diapers", years + 1) - used_until("diapers", years)
    assert a_day == pytest.approx(4)


def test_every_category_says_its_unit():
    assert all(category.unit for category in CATEGORIES.values())
    assert {"formula", "diapers", "wipes", "baby_food"} <= set(CATEGORIES)
