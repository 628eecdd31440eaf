"""One purchase at a time, from the ledger, or a chain at once: the same habits."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.service.care.habit import (
    NO_HABIT,
    Habit,
    HistoryNeeded,
    Purchase,
    net_of_returns,
    observe,
    replay,
)
from warmline.service.care.parameters import parameters_of
from warmline.service.care.recompute import Ledger, recompute

CATEGORIES = ("formula", "diapers", "milk", "something new")

purchases = st.builds(
    Purchase,
    day=st.integers(4000, 4200),
    content=st.floats(0.5, 5000) | st.floats(-1600, -0.5),
    packs=st.integers(1, 6).map(float),
    trips_28d=st.none() | st.integers(0, 28).map(float),
    discount=st.none() | st.floats(0, 1),
)
histories = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(0, len(CATEGORIES) - 1)),
    st.lists(purchases, min_size=1, max_size=12).map(
        lambda rows: sorted(rows, key=lambda p: p.day)
    ),
    max_size=10,
)


def ledger_of(ledgers):
    """The histories as the columns a chain's ledger has."""
    lines = [(key, p) for key, history in sorted(ledgers.items()) for p in history]

    def column(values, kind=np.float64):
        return np.array([math.nan if value is None else value for value in values], kind)

    return Ledger(
        categories=CATEGORIES,
        household=column((key[0] for key, _ in lines), np.int64),
        category=column((key[1] for key, _ in lines), np.int64),
        day=column((p.day for _, p in lines), np.int64),
        content=column(p.content for _, p in lines),
        packs=column(p.packs for _, p in lines),
        trips_28d=column(p.trips_28d for _, p in lines),
        discount=column(p.discount for _, p in lines),
    )


def same(one: Habit, other: Habit):
    for field in fields(Habit):
        a, b = getattr(one, field.name), getattr(other, field.name)
        assert a == b or a == pytest.approx(b, rel=1e-9, abs=1e-9), field.name


@given(histories)
def test_a_chain_at_once_gives_the_rows_that_single_purchases_give(ledgers):
    habits = recompute(ledger_of(ledgers))
    at_once = {
        (int(habits.household[i]), int(habits.category[i])): habits.habit(i)
        for i in range(len(habits))
    }
    for key, history in ledgers.items():
        parameters = parameters_of(CATEGORIES[key[1]])
        habit = replay(history, parameters=parameters)
        if habit == NO_HABIT:
            assert key not in at_once
        else:
            same(habit, at_once[key])


@given(st.lists(purchases, max_size=15))
def test_observing_what_the_ledger_holds_gives_its_row_or_asks_for_it(rows):
    parameters = parameters_of("formula")
    history, habit = sorted(rows, key=lambda p: p.day), NO_HABIT
    for seen, purchase in enumerate(history, start=1):
        try:
            habit = observe(habit, purchase, parameters=parameters)
        except HistoryNeeded:
            habit = replay(history[:seen], parameters=parameters)
    ledger = replay(history, parameters=parameters)
    assert habit.purchases == ledger.purchases
    assert (habit.n, habit.s1, habit.s2) == pytest.approx((ledger.n, ledger.s1, ledger.s2))
    assert habit.last_day == ledger.last_day
    assert habit.last_content == pytest.approx(ledger.last_content)


@given(st.lists(purchases, max_size=15))
def test_after_returns_nobody_has_less_than_nothing(rows):
    kept = net_of_returns(sorted(rows, key=lambda p: p.day))
    assert all(p.content > 0 for p in kept)
    assert [p.day for p in kept] == sorted({p.day for p in kept})


def test_a_purchase_returned_whole_never_was():
    parameters = parameters_of("formula")
    first, second = Purchase(day=10, content=800.0), Purchase(day=18, content=800.0)
    back = Purchase(day=19, content=-800.0, packs=-1)
    habit = observe(NO_HABIT, first, parameters=parameters)
    both = observe(habit, second, parameters=parameters)
    with pytest.raises(HistoryNeeded):
        observe(both, back, parameters=parameters)
    assert replay([first, second, back], parameters=parameters) == habit


def test_a_sale_that_came_late_asks_for_the_ledger():
    parameters = parameters_of("formula")
    habit = observe(NO_HABIT, Purchase(day=20, content=800.0), parameters=parameters)
    with pytest.raises(HistoryNeeded):
        observe(habit, Purchase(day=12, content=800.0), parameters=parameters)


def test_a_return_without_its_sale_changes_nothing():
    back = Purchase(day=5, content=-800.0, packs=-1)
    assert observe(NO_HABIT, back, parameters=parameters_of("formula")) == NO_HABIT


def test_two_receipts_of_one_day_are_one_purchase():
    parameters = parameters_of("formula")
    one = replay([Purchase(day=5, content=1600.0, packs=2)], parameters=parameters)
    two = replay([Purchase(day=5, content=800.0)] * 2, parameters=parameters)
    assert one == two


def test_an_empty_ledger_has_no_habits():
    assert len(recompute(ledger_of({}))) == 0
