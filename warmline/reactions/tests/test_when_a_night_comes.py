"""The night's second look is one of the night's works, and ends before the morning's plan."""

import pytest

from warmline.core.playbooks.rounds import NIGHTLY
from warmline.reactions.when_a_night_comes import BY_DAY_S, time_left


@pytest.mark.django_db
def test_every_night_looks_again():
    figures = NIGHTLY["look_again"]()
    assert (figures.looked, figures.left) == (0, 0)


@pytest.mark.parametrize(
    ("at", "seconds"),
    [("02:00", 10_800), ("04:59", 60), ("05:00", BY_DAY_S), ("14:00", BY_DAY_S)],
)
def test_it_has_until_the_morning_and_by_day_only_minutes(clock, at, seconds):
    clock(f"2026-11-21T{at}:00+08:00")
    assert time_left() == seconds
