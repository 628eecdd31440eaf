"""The night's second look is one of the night's works, and ends before the morning's plan."""

from datetime import date

import pytest

from warmline.core.playbooks import rounds
from warmline.core.playbooks.models import Round
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


@pytest.mark.django_db
def test_new_parameters_make_every_habit_old(monkeypatch, tmp_path):
    learned = []
    monkeypatch.setattr("warmline.service.care.relearning.relearn", lambda: learned.append(1) or 7)
    monkeypatch.setattr(rounds, "NIGHTLY", {"relearn": NIGHTLY["relearn"]})

    def night(day):
        rounds.once("relearn", "Asia/Shanghai", date(2026, 11, day), NIGHTLY["relearn"])

    night(1)
    night(2)
    assert learned == []
    release = tmp_path / "parameters.json"
    release.write_text("{}")
    monkeypatch.setattr("warmline.service.care.parameters.PATH", release)
    night(3)
    night(4)
    assert learned == [1]
    habits = Round.objects.order_by("on").values_list("figures__habits", flat=True)
    assert list(habits) == [0, 0, 7, 0]
