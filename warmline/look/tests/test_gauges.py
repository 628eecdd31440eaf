"""Where the drawn things lie."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.look.gauges import run_out_gauge, run_out_state, share, sparkline

TODAY = date(2026, 11, 21)
days = st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n))


@given(days, days, days)
def test_whatever_the_forecast_every_mark_lies_on_the_gauge_in_order(
    a: date, b: date, c: date
) -> None:
    drawn = run_out_gauge(a, b, c, today=TODAY)
    assert 6 <= drawn.early <= drawn.likely <= drawn.late <= 94
    assert 6 <= drawn.today <= 94
    assert drawn.span >= 0


@pytest.mark.parametrize(
    ("early", "late", "state"),
    [(3, 9, "quiet"), (0, 4, "soon"), (-4, 0, "soon"), (-9, -1, "broken")],
)
def test_a_tin_is_surely_full_or_may_be_empty_or_surely_is(
    early: int, late: int, state: str
) -> None:
    p10, p90 = TODAY + timedelta(days=early), TODAY + timedelta(days=late)
    assert run_out_state(p10, p90, today=TODAY) == state


def test_the_highest_value_is_drawn_on_top() -> None:
    assert sparkline([1, 3], width=20, height=10) == ["2.0,8.0 18.0,2.0"]


def test_a_missing_value_breaks_the_line_and_a_single_day_is_a_dot() -> None:
    assert [line.count(",") for line in sparkline([1, 2, None, 4])] == [2, 2]
    dot = sparkline([None, 4], width=20, height=10)
    assert dot == ["18.0,5.0 18.0,5.0"], "drawn, for it has two ends"
    assert sparkline([None, None]) == []


def test_equal_values_are_a_level_line() -> None:
    assert sparkline([5, 5, 5], width=24, height=24) == ["2.0,12.0 12.0,12.0 22.0,12.0"]


@pytest.mark.parametrize(
    ("part", "of", "percent"), [(84, 86, 97.67), (5, 0, 0), (7, 5, 100), (-1, 5, 0)]
)
def test_a_share_never_leaves_the_bar(part: float, of: float, percent: float) -> None:
    assert share(part, of=of) == percent
