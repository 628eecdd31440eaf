"""The night's outlook and how it is taught: open gaps count, and nobody looks into the future."""

import math

import numpy as np
import pytest

from warmline.service.care import night_fitting
from warmline.service.care.fitting import fit, gaps_of
from warmline.service.care.habit import HORIZON_DAYS
from warmline.service.care.night import learned_night, night_of, outlooks, quantiles
from warmline.service.care.recompute import Ledger, rows
from warmline.service.care.sight import look

CATEGORIES = ("formula", "diapers", "milk")


def households(count=60, *, seed=3, days=240):
    """Households that buy in their own rhythm for some months, one consumable or several."""
    rng = np.random.default_rng(seed)
    lines = []
    for household in range(count):
        for category in rng.choice(len(CATEGORIES), rng.integers(1, 4), replace=False):
            usual, day = rng.lognormal(2.3, 0.4), 4000 + int(rng.integers(0, 20))
            while day < 4000 + days:
                lines.append((household, category, day, rng.lognormal(6, 0.3)))
                day += max(1, round(usual * rng.lognormal(0, 0.3)))
    lines.sort()
    household, category, day, content = (np.array(values) for values in zip(*lines, strict=True))
    return Ledger(
        categories=CATEGORIES,
        household=household.astype(np.int64),
        category=category.astype(np.int64),
        day=day.astype(np.int64),
        content=content,
        packs=np.ones(len(day)),
        trips_28d=np.full(len(day), math.nan),
        discount=np.full(len(day), math.nan),
    )


LEDGER = households()


def test_every_family_gets_an_outlook_in_order():
    expected = outlooks(LEDGER)
    p10, p50, p90 = expected.days.T
    assert (p10 < p50).all()
    assert (p50 < p90).all()
    assert (p90 <= HORIZON_DAYS).all()
    assert ((expected.p_return > 0) & (expected.p_return <= 1)).all()
    assert expected.outlook(0).p50 == expected.days[0, 1]


def test_the_outlook_of_a_day_does_not_know_the_days_after_it():
    cut = 4120
    past = rows(LEDGER, LEDGER.day <= cut)
    at = np.flatnonzero(LEDGER.day <= cut)
    now, then = outlooks(past, at=np.arange(len(past))), outlooks(LEDGER, at=at)
    assert now.days == pytest.approx(then.days, abs=1e-3)
    assert now.p_return == pytest.approx(then.p_return, abs=1e-4)


def test_other_households_do_not_matter():
    one = rows(LEDGER, LEDGER.household == 7)
    among = outlooks(LEDGER, at=np.flatnonzero(LEDGER.household == 7))
    assert outlooks(one, at=np.arange(len(one))).days == pytest.approx(among.days, abs=1e-3)


def test_a_category_the_nets_never_saw_still_has_an_outlook():
    unknown = Ledger(**{**LEDGER.__dict__, "categories": ("vitamin D", "cotton", "probiotics")})
    assert np.isfinite(outlooks(unknown).days).all()


def test_weekdays_are_counted_once_a_day_and_until_that_day():
    night = learned_night()
    sight = look(LEDGER, known=night.categories, week=night.week)
    assert np.isfinite(sight.pull).all()
    assert sight.weekday.min() >= 0
    assert sight.weekday.max() <= 6


def test_an_open_gap_counts_for_as_long_as_it_lasted():
    until = int(LEDGER.day.max()) + 30
    gaps = gaps_of(LEDGER, until_day=until)
    last = np.append(np.diff(LEDGER.household) != 0, True)
    assert not gaps.closed[last].any()
    assert (gaps.days[last] <= HORIZON_DAYS).all()
    waiting = night_fitting.waited(LEDGER, until_day=until)
    assert len(waiting.at) == int(gaps.days.sum())
    assert int(waiting.came.sum()) == int(gaps.closed.sum())


def test_the_fit_finds_the_interval_of_a_chain():
    own = rows(LEDGER, LEDGER.category == 0)
    fitted = fit(own, category="formula", until_day=4240, rounds=150)
    assert fitted.m0 == pytest.approx(2.3, abs=0.25)
    assert fitted.returning > 0.9


def test_taught_nets_are_written_and_read_back_the_same(monkeypatch):
    monkeypatch.setattr(night_fitting, "ROUNDS", 2)
    night = night_fitting.teach(LEDGER, until_day=4240, voters=1)
    again = night_of(night_fitting.written(night))
    assert outlooks(LEDGER, night=again).days == pytest.approx(
        outlooks(LEDGER, night=night).days, abs=0.05
    )


def test_quantiles_of_a_certain_day_are_that_day():
    curve = np.zeros((1, 61))
    curve[0, 14:] = 1.0
    assert quantiles(curve)[0] == pytest.approx([14, 14, 14], abs=0.5)


def test_a_tin_that_went_back_is_not_looked_at():
    """The last purchase of household 0 is returned whole: the night sees the one before it."""
    last = int(np.flatnonzero(LEDGER.household == 0)[-1])
    doubled = np.append(np.arange(last + 1), np.arange(last, len(LEDGER)))
    back = rows(LEDGER, doubled)
    back.content[last + 1] = -back.content[last]
    back.packs[last + 1] = -1.0
    without = rows(LEDGER, np.arange(len(LEDGER)) != last)
    assert outlooks(back).days == pytest.approx(outlooks(without).days)
