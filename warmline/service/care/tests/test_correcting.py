"""What a guide heard on the telephone moves the day, and the reasons say so."""

import pytest

from warmline.service.care.correcting import correct
from warmline.service.care.models import Correction, RunOut

pytestmark = pytest.mark.django_db
Kind = Correction.Kind


@pytest.fixture(autouse=True)
def _today(clock):
    clock("2026-11-21T09:00:00+08:00")


def days(row):
    row.refresh_from_db()
    return (row.p50_on - row.last_on).days


@pytest.fixture
def first_tin(lin, buy):
    buy(lin, "2026-11-20")
    return RunOut.objects.get(household=lin)


def test_half_bought_elsewhere_lasts_twice_as_long(lin, formula, zhou, first_tin):
    before = days(first_tin)
    correct(lin, formula, Kind.ELSEWHERE, value=0.5, by=zhou)
    assert days(first_tin) == pytest.approx(2 * before, abs=1)
    assert first_tin.reasons["shop_share"] == 0.5
    correct(lin, formula, Kind.ELSEWHERE, value=0, by=zhou)
    assert days(first_tin) == before


def test_of_a_family_with_a_habit_the_day_moves_as_far_as_its_babies_speak(lin, formula, zhou, buy):
    """The till saw the intervals that came of buying elsewhere: the habit holds them already."""
    for on in ("2026-10-01", "2026-10-13", "2026-10-25", "2026-11-06", "2026-11-18"):
        buy(lin, on)
    row = RunOut.objects.get(household=lin)
    before, weight = days(row), row.reasons["physics_weight"]
    assert 0 < weight < 1
    correct(lin, formula, Kind.ELSEWHERE, value=0.5, by=zhou)
    assert before < days(row) < 2 * before
    assert row.reasons["habit_days"] == pytest.approx(row.reasons["usual_days"])


def test_all_the_family_says_is_taken_together(lin, formula, zhou, first_tin):
    correct(lin, formula, Kind.SHARE, value=0.5, by=zhou)
    correct(lin, formula, Kind.STOCK, value=400, by=zhou)
    correct(lin, formula, Kind.ELSEWHERE, value=0.25, by=zhou)
    first_tin.refresh_from_db()
    said = first_tin.reasons
    assert (said["supply"], said["stock_asked"], said["shop_share"]) == (400, True, 0.75)


def test_a_family_that_never_bought_here_is_foreseen_from_what_it_has(lin, formula, zhou):
    correct(lin, formula, Kind.STOCK, value=400, by=zhou)
    row = RunOut.objects.get(household=lin)
    assert row.p50_on is not None
    assert row.call_on is not None
