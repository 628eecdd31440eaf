"""What a morning finds in care: what runs out, a baby's days, dates by sun and moon, the quiet."""

from datetime import UTC, date, datetime, timedelta

import pytest

from warmline.core.people.models import Child, Consent, Household, Member, Staff, Store
from warmline.core.playbooks.builtin import BUILTIN, install
from warmline.core.playbooks.conditions import compile as compiled
from warmline.core.playbooks.models import Playbook
from warmline.core.playbooks.planning import plan
from warmline.core.playbooks.previewing import preview
from warmline.core.promises.models import Promise, Script
from warmline.goods.catalog.models import Category, Product
from warmline.service.care.models import ForecastRecord, RunOut

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def morning(clock):
    clock("2026-11-21T06:00:00+08:00")


@pytest.fixture
def store(db):
    install(Playbook, Script)
    return Store.objects.create(code="S1", name="南京路店", latitude=31.2, longitude=121.5)


@pytest.fixture
def lin(store):
    zhou = Staff.objects.create(username="zhou", name="周敏", store=store)
    household = Household.objects.create(store=store, home_guide=zhou, joined_on=date(2026, 1, 5))
    Member.objects.create(household=household, name="林月")
    for purpose in ("care", "service"):
        Consent.objects.create(
            household=household, purpose=purpose, granted=True, channel="store", text_version="1"
        )
    return household


@pytest.fixture
def formula(db):
    category, _new = Category.objects.get_or_create(
        code="formula", defaults={"name": {"zh-hans": "奶粉"}, "unit": "g", "use": "formula"}
    )
    return category


@pytest.fixture
def state(lin, formula):
    def state(*, stage=1, call_on=DAY, **fields):
        code = f"F{stage}"
        product, _new = Product.objects.get_or_create(
            code=code, defaults={"name": code, "category": formula, "stage": stage}
        )
        fields = {
            "last_on": DAY - timedelta(days=20), "p10_on": DAY + timedelta(days=1),
            "p50_on": DAY + timedelta(days=3), "p90_on": DAY + timedelta(days=7), "chance": 0.9,
            "purchases": 3, "last_day": 1, **fields,
        }  # fmt: skip
        return RunOut.objects.create(
            household=lin, category=formula, store=lin.store, product=product, call_on=call_on,
            **fields,
        )  # fmt: skip

    return state


def planned(*codes, on=DAY):
    Playbook.objects.update(is_on=False)
    Playbook.objects.filter(code__in=codes).update(is_on=True)
    plan(on)
    return list(Promise.objects.order_by("pk"))


def test_a_tin_that_runs_out_is_a_call_with_its_reasons(state):
    state()
    [promise] = planned("run-out")
    assert promise.kind == "care.run_out"
    assert promise.why["category"] == "formula"
    assert (promise.why["p50_on"], promise.why["width_days"]) == ("2026-11-24", 6)


@pytest.mark.parametrize(("days", "count"), [(1, 0), (0, 1), (-3, 1), (-4, 0)])
def test_from_the_day_to_call_until_the_tin_is_empty(state, days, count):
    state(call_on=DAY + timedelta(days=days))
    assert len(planned("run-out")) == count


def test_each_purchase_is_a_step_of_its_own(state, lin):
    row = state()
    assert len(planned("run-out")) == 1
    assert len(planned("run-out", on=DAY + timedelta(days=1))) == 1
    Promise.objects.update(made_at=datetime(2026, 11, 1, tzinfo=UTC))
    row.last_day, row.call_on = 30, DAY
    row.save()
    assert len(planned("run-out")) == 2


def test_who_is_weaned_is_not_called(state):
    state(call_on=None)
    assert planned("run-out") == []


@pytest.mark.parametrize(
    ("born_on", "code", "node"),
    [
        (DAY - timedelta(days=30), "full-moon", "full_moon"),
        (DAY - timedelta(days=99), "hundred-days", "hundred_days"),
        (date(2026, 5, 28), "weaning", "weaning"),  # in a week
        (date(2026, 6, 5), "stage-2", "stage"),  # in two weeks
        (date(2025, 12, 5), "stage-3", "stage"),
        (date(2024, 11, 21), "birthday", "birthday"),
        (date(2025, 11, 21), "birthday", "birthday"),
    ],
)
def test_a_babys_days(lin, state, born_on, code, node):
    state(stage=1 if code == "stage-2" else 2, call_on=DAY + timedelta(days=9))
    Child.objects.create(household=lin, born_on=born_on)
    [promise] = planned(code)
    assert promise.why["node"] == node


@pytest.mark.parametrize(
    ("born_on", "day"),
    [
        (date(2025, 8, 31), date(2026, 2, 28)),  # half a year after the 31st
        (date(2024, 8, 29), date(2025, 2, 28)),
        (date(2023, 8, 29), date(2024, 2, 29)),
    ],
)
def test_half_a_year_ends_with_the_month(lin, clock, born_on, day):
    clock(f"{day}T06:00:00+08:00")
    Child.objects.create(household=lin, born_on=born_on)
    Playbook.objects.filter(code="weaning").update(days_after=0)
    assert planned("weaning", on=day - timedelta(days=1)) == []
    assert len(planned("weaning", on=day)) == 1


def test_a_birthday_on_the_29th_of_february_is_kept_every_year(lin, clock):
    clock("2025-02-28T06:00:00+08:00")
    Child.objects.create(household=lin, born_on=date(2024, 2, 29))
    assert len(planned("birthday", on=date(2025, 2, 28))) == 1


def test_the_next_stage_is_only_spoken_of_where_ours_is_used(lin, state):
    child = Child.objects.create(household=lin, born_on=date(2026, 6, 5))
    assert planned("stage-2") == []
    row = state(stage=3, call_on=DAY + timedelta(days=9))
    assert planned("stage-2") == []
    row.product.stage = 1
    row.product.save()
    child.weaned_on = date(2026, 11, 1)
    child.save()
    assert planned("stage-2") == []
    Child.objects.update(weaned_on=None)
    assert len(planned("stage-2")) == 1


def test_a_child_that_is_expected(lin):
    Child.objects.create(household=lin, due_on=DAY + timedelta(days=7))
    [promise] = planned("due-date")
    assert promise.why["node"] == "expected"


def test_dates_by_the_sun_and_by_the_moon(lin):
    lin.important_dates.create(name="奶奶生日", calendar="lunar", month=10, day=13)
    [promise] = planned("important-date")  # the 13th of the tenth moon of 2026
    assert promise.why["name"] == "奶奶生日"


def test_a_family_that_missed_a_sure_purchase_has_gone_quiet(lin, state):
    state(
        call_on=DAY - timedelta(days=20), p50_on=DAY - timedelta(days=17),
        p90_on=DAY - timedelta(days=7),
    )  # fmt: skip
    [promise] = planned("quiet")
    assert promise.kind == "care.quiet"
    assert {"category", "p50_on", "last_on"} <= set(promise.why)


@pytest.mark.parametrize(
    "change",
    [
        {"last_sale_on": DAY - timedelta(days=3)},
        {"last_contact_at": datetime(2026, 11, 10, tzinfo=UTC)},
        {"status": "gone"},
        {"status": "quiet"},
    ],
)
def test_who_bought_or_spoke_with_us_is_not_quiet(lin, state, change):
    Household.objects.filter(pk=lin.pk).update(**change)
    state(
        call_on=DAY - timedelta(days=20), p50_on=DAY - timedelta(days=17),
        p90_on=DAY - timedelta(days=7),
    )  # fmt: skip
    assert planned("quiet") == []


def test_a_complaint_is_rung_back_two_days_later(lin):
    Household.objects.update(complained_at=datetime(2026, 11, 19, 3, tzinfo=UTC))
    [promise] = planned("complaint")
    assert (promise.purpose, promise.weight) == ("service", 2.0)


def test_a_preview_replays_forecasts_unless_they_had_bought_before_the_call(lin, formula):
    for day, actual in ((5, None), (12, date(2026, 10, 9)), (25, date(2026, 11, 1))):
        ForecastRecord.objects.create(
            household=lin, category=formula, store=lin.store,
            made_on=date(2026, 9, day), p10_on=date(2026, 10, day), p50_on=date(2026, 10, day),
            p90_on=date(2026, 10, day), actual_on=actual,
        )  # fmt: skip
    figures = preview(Playbook.objects.get(code="run-out"), date(2026, 10, 1))
    assert figures.by_day == {date(2026, 10, 2): 1, date(2026, 10, 22): 1}


def test_every_built_in_playbook_asks_only_what_can_be_known():
    for row in BUILTIN:
        compiled([dict(c) for c in row.conditions], signal=row.signal)
        for words in (row.name, row.title, row.say, row.avoid, row.concern):
            assert all(words)
