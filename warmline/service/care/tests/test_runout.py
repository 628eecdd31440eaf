"""The forecast of a family's run-out: what physics says, what habit says, and how they join."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from warmline.service.care.habit import NO_HABIT, Purchase, observe, replay, to_day
from warmline.service.care.outlook import outlook
from warmline.service.care.parameters import parameters_of
from warmline.service.care.physics import lasts, used_between
from warmline.service.care.runout import Baby, Family, Stock, forecast

FORMULA = parameters_of("formula")
BOUGHT = date(2026, 3, 2)
BORN = date(2025, 12, 15)  # eleven weeks old when the tin is bought
BABY = Baby(born_on=BORN, formula_share=1.0)


UNKNOWN = Family()


def tins(*days, content=800.0, packs=1):
    """A habit from one purchase on each of these days."""
    habit = NO_HABIT
    for on in days:
        bought = Purchase(day=to_day(on), content=content, packs=packs)
        habit = observe(habit, bought, parameters=FORMULA)
    return habit


def every(days, *, count, until=BOUGHT, **bought):
    return tins(*(until - timedelta(days * i) for i in reversed(range(count))), **bought)


def told(habit, family=UNKNOWN, *, category="formula", today=BOUGHT):
    return forecast(category, habit, family, today=today)


FIRST = tins(BOUGHT)


# ------------------------------------------------------------------------------------ the first tin
def test_the_first_tin_is_foreseen_by_physics_alone():
    foreseen = told(FIRST, Family(babies=(BABY,)))
    assert foreseen.reasons.physics_weight == 1
    assert foreseen.reasons.per_day == pytest.approx(116, abs=5)  # 2-3 months: 880 ml
    assert foreseen.p50 == pytest.approx(800 / 119, abs=0.4)
    assert foreseen.p10 < foreseen.p50 < foreseen.p90


def test_the_call_is_three_days_before_and_never_on_the_day_of_the_sale():
    foreseen = told(FIRST, Family(babies=(BABY,)))
    assert foreseen.call_on == BOUGHT + timedelta(days=int(foreseen.p50 - 3))
    small = told(tins(BOUGHT, content=200.0), Family(babies=(BABY,)))
    assert small.p50 < 3
    assert small.call_on == BOUGHT + timedelta(days=1)


def test_without_a_birth_date_the_category_prior_speaks():
    foreseen = told(FIRST)
    assert foreseen.reasons.physics_weight == 0
    assert foreseen.p50 == pytest.approx(outlook(FIRST, parameters=FORMULA).p50)
    unknown = told(FIRST, Family(babies=(Baby(),)))
    assert unknown.p50 == foreseen.p50


def test_the_stage_on_the_tin_stands_in_for_an_unknown_birth_date():
    small, big = told(FIRST, Family(stage=1)), told(FIRST, Family(stage=3))
    assert small.p50 < big.p50
    known = told(FIRST, Family(babies=(BABY,)))
    assert small.p90 / small.p10 > known.p90 / known.p10  # less sure of it


def test_no_purchase_and_no_stock_foresees_nothing():
    assert told(None, Family(babies=(BABY,))) is None


def test_a_trial_tin_at_home_is_foreseen_before_the_first_purchase():
    family = Family(babies=(BABY,), stock=Stock(content=400.0, asked_on=BOUGHT))
    foreseen = told(None, family)
    assert foreseen.last_on == BOUGHT
    assert foreseen.p50 == pytest.approx(400 / 119, abs=0.3)


# -------------------------------------------------------------------------- babies and how they eat
def test_twins_share_one_pool():
    one, two = told(FIRST, Family(babies=(BABY,))), told(FIRST, Family(babies=(BABY, BABY)))
    assert two.p50 == pytest.approx(one.p50 / 2, rel=0.03)
    assert two.reasons.per_day == pytest.approx(2 * one.reasons.per_day)


def test_siblings_of_different_ages_add_up():
    older = Baby(born_on=BORN - timedelta(days=500), formula_share=1.0)
    both = told(FIRST, Family(babies=(BABY, older)))
    apart = [told(FIRST, Family(babies=(one,))).reasons.per_day for one in (BABY, older)]
    assert both.reasons.per_day == pytest.approx(sum(apart))


def test_mixed_feeding_doubles_the_days():
    mixed = replace(BABY, formula_share=0.5)
    whole, half = told(FIRST, Family(babies=(BABY,))), told(FIRST, Family(babies=(mixed,)))
    assert half.p50 == pytest.approx(2 * whole.p50, rel=0.05)


def test_a_heavier_baby_runs_out_sooner():
    heavy = replace(BABY, weight_ratio=1.2)
    assert told(FIRST, Family(babies=(heavy,))).p50 < told(FIRST, Family(babies=(BABY,))).p50


def test_a_growing_baby_runs_out_sooner_with_every_month_until_four():
    born = [BOUGHT - timedelta(days=days) for days in (10, 40, 70, 100)]
    days = [told(FIRST, Family(babies=(Baby(born_on=on),))).p50 for on in born]
    assert days == sorted(days, reverse=True)


def test_habit_is_stretched_when_the_baby_eats_less_than_when_it_was_seen():
    habit = every(7, count=6)
    young = told(habit, Family(babies=(Baby(born_on=BOUGHT - timedelta(days=70)),)))
    eater = told(habit, Family(babies=(Baby(born_on=BOUGHT - timedelta(days=215)),)))
    plain = outlook(habit, parameters=FORMULA).p50
    assert young.reasons.habit_days < plain < eater.reasons.habit_days


def test_a_change_of_feeding_moves_the_habit_learned_before_it():
    habit = every(7, count=6)
    before = Family(babies=(BABY,))
    now_mixed = replace(
        BABY, formula_share=0.5, former_share=1.0, feeding_changed_on=BOUGHT - timedelta(days=1)
    )
    after = Family(babies=(now_mixed,))
    assert told(habit, after).p50 > 1.6 * told(habit, before).p50


def test_a_change_of_feeding_counts_from_its_day_and_not_from_the_next_purchase():
    heard = replace(
        BABY, formula_share=0.5, former_share=1.0, feeding_changed_on=BOUGHT + timedelta(days=3)
    )
    whole = told(FIRST, Family(babies=(BABY,)), today=BOUGHT + timedelta(days=3))
    half = told(FIRST, Family(babies=(heard,)), today=BOUGHT + timedelta(days=3))
    assert half.p50 == pytest.approx(3 + (whole.p50 - 3) * 2, abs=0.2)


def test_an_unborn_baby_begins_at_its_due_date():
    due = BOUGHT + timedelta(days=20)
    tin = tins(BOUGHT, content=600.0)
    unborn = told(tin, Family(babies=(Baby(born_on=due),)))
    newborn = told(tin, Family(babies=(Baby(born_on=BOUGHT),)))
    assert unborn.p50 == pytest.approx(newborn.p50 + 20, abs=0.1)


def test_a_weaned_baby_is_never_called_about_formula_again():
    weaned = Family(babies=(replace(BABY, weaned=True),))
    assert told(FIRST, weaned) is None
    assert told(every(7, count=8), weaned) is None


def test_a_weaned_baby_still_needs_diapers():
    weaned = Family(babies=(replace(BABY, weaned=True),))
    assert told(tins(BOUGHT, content=60.0), weaned, category="diapers") is not None


def test_one_weaned_twin_leaves_the_others_tin_lasting_longer():
    both = Family(babies=(BABY, BABY))
    one = Family(babies=(BABY, replace(BABY, weaned=True)))
    assert told(FIRST, one).p50 > 1.8 * told(FIRST, both).p50


def test_diapers_of_a_newborn_go_ten_a_day():
    newborn = Family(babies=(Baby(born_on=BOUGHT),))
    case = told(tins(BOUGHT, content=100.0), newborn, category="diapers")
    assert case.p50 == pytest.approx(10, abs=0.01)


# ------------------------------------------------------------------------------ what is at home
def asked(content, *, on=BOUGHT, bought_then=800.0, **facts):
    stock = Stock(content=content, asked_on=on, bought_then=bought_then)
    return Family(babies=(BABY,), stock=stock, **facts)


def test_stock_at_home_lengthens():
    assert told(FIRST, asked(2400)).p50 > 2.5 * told(FIRST, Family(babies=(BABY,))).p50


def test_knowing_the_stock_narrows_the_interval_and_hands_the_clock_to_physics():
    habit = every(7, count=6)
    blind, sure = told(habit, Family(babies=(BABY,))), told(habit, asked(800, bought_then=4800.0))
    assert sure.p90 / sure.p10 < blind.p90 / blind.p10
    assert sure.reasons.physics_weight > 0.9 > blind.reasons.physics_weight
    assert sure.reasons.stock_asked
    assert not blind.reasons.stock_asked


def test_what_was_bought_after_asking_comes_on_top():
    habit = tins(BOUGHT, BOUGHT + timedelta(days=5))
    foreseen = told(habit, asked(800))
    five_days = 5 * 119
    assert foreseen.reasons.supply == pytest.approx(1600 - five_days, abs=15)
    assert foreseen.reasons.physics_days == pytest.approx((1600 - five_days) / 122, abs=0.3)


def test_stock_that_must_be_used_up_leaves_what_was_just_bought():
    habit = tins(BOUGHT, BOUGHT + timedelta(days=40))
    assert told(habit, asked(400)).reasons.supply == pytest.approx(800)


def test_an_answer_about_stock_grows_old():
    fresh = told(tins(BOUGHT), asked(1600))
    later = BOUGHT + timedelta(days=10)
    old = told(tins(BOUGHT, later), asked(1600, on=BOUGHT))
    assert old.p90 / old.p10 > fresh.p90 / fresh.p10
    assert old.reasons.physics_weight < fresh.reasons.physics_weight


def test_buying_elsewhere_lengthens():
    here = told(FIRST, Family(babies=(BABY,)))
    shared = told(FIRST, Family(babies=(BABY,), elsewhere_share=0.5))
    assert shared.p50 == pytest.approx(2 * here.p50, rel=0.01)
    assert shared.reasons.shop_share == 0.5


def test_all_bought_elsewhere_is_still_a_date():
    far = told(FIRST, Family(babies=(BABY,), elsewhere_share=1.0))
    assert far.p50 < 366


@pytest.mark.parametrize("supply", [3.0, 54.0, 900.0])
@pytest.mark.parametrize("age", [-40, 0, 100, 700])
def test_what_is_at_home_is_used_up_on_the_day_it_is_foreseen_to_be(supply, age):
    babies = (replace(BABY, born_on=BOUGHT - timedelta(age)), replace(BABY, formula_share=0.2))
    for category in ("formula", "diapers"):
        days = lasts(babies, category, on=BOUGHT, supply=supply)
        used = used_between(babies, category, on=BOUGHT, days=days)
        assert used == pytest.approx(supply, rel=1e-3)


def test_an_opened_tin_is_never_counted_beyond_a_month():
    sip = Family(babies=(replace(BABY, formula_share=0.05),))
    assert told(FIRST, sip).p50 == pytest.approx(30)
    assert told(tins(BOUGHT, content=1600.0, packs=2), sip).p50 == pytest.approx(60)
    small = told(tins(BOUGHT, content=400.0), sip)
    assert small.p50 == pytest.approx(14)


def test_more_bought_never_means_sooner():
    for family in (Family(), Family(babies=(BABY,))):
        for habit in (NO_HABIT, every(9, count=5, until=BOUGHT - timedelta(days=9))):
            days = []
            for content in (200.0, 400.0, 800.0, 1600.0, 4800.0):
                bought = Purchase(day=to_day(BOUGHT), content=content, packs=content / 800)
                days.append(told(observe(habit, bought, parameters=FORMULA), family).p50)
            assert days == sorted(days)


def test_many_small_tins_last_about_as_long_as_one_big_one():
    days = [BOUGHT - timedelta(days=i) for i in (3, 2, 1, 0)]
    family = Family(babies=(BABY,))
    physics = told(tins(*days, content=400.0), family).reasons.physics_days
    at_once = told(tins(days[0], content=1600.0, packs=4), family).reasons.physics_days
    assert physics == pytest.approx(at_once - 3, abs=1.5)


# ------------------------------------------------------------------------------ the habit, learning
def test_habit_takes_over_from_the_prior():
    rare, often = told(every(28, count=8)), told(every(6, count=8))
    assert rare.p50 == pytest.approx(28, rel=0.3)
    assert often.p50 == pytest.approx(6, rel=0.25)


def test_a_steady_household_is_foreseen_more_surely():
    steady = told(every(10, count=12))
    days = (3, 20, 6, 25, 4, 18, 2, 21, 5, 9, 16)
    on, dates = BOUGHT - timedelta(days=sum(days)), []
    for gap in (0, *days):
        on += timedelta(days=gap)
        dates.append(on)
    erratic = told(tins(*dates))
    assert steady.p90 / steady.p10 < erratic.p90 / erratic.p10


def test_a_brand_or_stage_switch_keeps_the_rate_and_takes_the_new_content():
    habit = every(8, count=6)
    same = observe(habit, Purchase(day=to_day(BOUGHT) + 8, content=800.0), parameters=FORMULA)
    bigger = observe(habit, Purchase(day=to_day(BOUGHT) + 8, content=900.0), parameters=FORMULA)
    assert (same.n, same.s1, same.s2) == (bigger.n, bigger.s1, bigger.s2)
    assert told(bigger).p50 > told(same).p50


def test_a_return_of_part_is_less_at_home():
    habit = tins(BOUGHT, content=1600.0, packs=2)
    back = Purchase(day=to_day(BOUGHT) + 1, content=-800.0, packs=-1)
    returned = observe(habit, back, parameters=FORMULA)
    assert returned.last_content == 800
    family = Family(babies=(BABY,))
    assert told(returned, family).p50 == pytest.approx(told(FIRST, family).p50)
    ledger = [Purchase(day=to_day(BOUGHT), content=1600.0, packs=2), back]
    assert replay(ledger, parameters=FORMULA) == returned


def test_leap_days_and_year_ends_are_days_like_others():
    habit = tins(date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1))
    assert habit.last_day - to_day(date(2028, 2, 28)) == 2
    leap = Family(babies=(Baby(born_on=date(2028, 2, 29)),))
    assert told(habit, leap, today=date(2028, 3, 1)).p50_on > date(2028, 3, 1)
    new_year = told(tins(date(2026, 12, 30)), Family(babies=(BABY,)), today=date(2026, 12, 30))
    assert new_year.p50_on.year == 2027


def test_the_chance_of_buying_soon_rises_towards_the_day_and_is_a_chance():
    habit = every(20, count=8)
    chances = [told(habit, today=BOUGHT + timedelta(days=day)).p_soon for day in (0, 8, 15, 90)]
    assert chances[0] < chances[1] < chances[2]
    assert all(0 <= chance <= 1 for chance in chances)


def test_the_reasons_can_be_read_out():
    reasons = told(every(9, count=4, content=900.0), Family(babies=(BABY,))).reasons
    assert reasons.purchases == 4
    assert reasons.content == 900
    assert reasons.usual_days == pytest.approx(reasons.habit_days)
    assert reasons.per_day_bought == pytest.approx(900 / reasons.usual_days)
    assert 0 < reasons.physics_weight < 1


def test_a_category_nobody_fitted_is_foreseen_by_habit():
    parameters = parameters_of("probiotics")
    habit = NO_HABIT
    for day in (0, 30, 60):
        habit = observe(habit, Purchase(day=day, content=1.0), parameters=parameters)
    foreseen = forecast("probiotics", habit, Family(babies=(BABY,)), today=habit.last_on)
    assert foreseen.reasons.physics_weight == 0
    assert 10 < foreseen.p50 < 45
