"""Families pass to a colleague in batches, a day ahead, and may say no."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.journal.models import Entry
from warmline.core.people import handing_over, searching
from warmline.core.people.keeping import who_answers
from warmline.core.people.models import Handover, HandoverItem, Household

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(clock):
    clock("2026-11-21T12:00:00+08:00")


@pytest.fixture
def chen(hire, store):
    return hire("chen", role="manager", store=store)


def a_day_later(clock):
    clock("2026-11-22T12:00:01+08:00")


def test_after_a_day_the_family_has_its_new_guide(lin, zhou, wu, chen, clock):
    arranged = handing_over.propose(zhou, wu, by=chen)
    assert [h.takes_effect_at for h in arranged.handovers] == [now() + timedelta(hours=24)]
    assert handing_over.take_effect() == 0
    a_day_later(clock)
    assert handing_over.take_effect() == 1
    assert handing_over.take_effect() == 0
    lin.refresh_from_db()
    assert (lin.home_guide, lin.store) == (wu, wu.store)
    told = Entry.objects.get(kind="people.guide_changed")
    assert told.body == {
        "household": lin.pk,
        "store": wu.store_id,
        "was": zhou.pk,
        "becomes": wu.pk,
    }
    assert told.by_id == chen.pk


def test_the_new_guide_finds_her_and_the_old_store_does_not(lin, zhou, wu, chen, clock):
    handing_over.propose(zhou, wu, by=chen)
    a_day_later(clock)
    handing_over.take_effect()
    assert searching.find(zhou, "林晓") == []
    assert [m.household for m in searching.find(wu, "林晓")] == [lin]


def test_a_family_may_say_no(lin, zhou, wu, chen, clock):
    handing_over.propose(zhou, wu, by=chen)
    handing_over.refuse(HandoverItem.objects.get(), "只认周姐", by=chen)
    a_day_later(clock)
    assert handing_over.take_effect() == 0
    lin.refresh_from_db()
    assert lin.home_guide == zhou
    told = Entry.objects.get(kind="people.handover_refused")
    assert (told.household_id, told.by_id, told.body["offered"]) == (lin.pk, chen.pk, wu.pk)
    assert "周姐" not in str(told.body)


def test_a_family_that_says_no_may_name_whom_it_would_rather_have(lin, zhou, wu, chen, hire, store):
    li = hire("li", store=store)
    handing_over.propose(zhou, wu, by=chen)
    item = HandoverItem.objects.get()
    with pytest.raises(ValidationError):
        handing_over.refuse(item, "想换小李", by=chen, instead=wu)  # of another store
    handing_over.refuse(item, "想换小李", by=chen, instead=li)
    lin.refresh_from_db()
    assert lin.home_guide == li
    assert Entry.objects.get(kind="people.guide_changed").body["becomes"] == li.pk


def test_what_was_handed_over_cannot_be_refused_any_more(lin, zhou, wu, chen, clock):
    handing_over.propose(zhou, wu, by=chen)
    a_day_later(clock)
    handing_over.take_effect()
    with pytest.raises(WrongMove):
        handing_over.refuse(HandoverItem.objects.get(), "太晚了", by=chen)


def test_the_last_handover_is_remembered_for_ninety_days(lin, zhou, wu, chen, clock):
    assert handing_over.latest(lin) is None
    handing_over.propose(zhou, wu, by=chen)
    assert handing_over.latest(lin).handover.to_guide == wu
    clock("2027-02-25T12:00:00+08:00")
    assert handing_over.latest(lin) is None


def test_who_leaves_keeps_her_name_on_her_families_and_her_store_answers(lin, zhou, hire, store):
    li = hire("li", store=store)
    handing_over.leave(zhou, by=li)
    handing_over.leave(zhou, by=li)  # a second click
    lin.refresh_from_db()
    assert lin.home_guide == zhou
    assert who_answers(lin, now()) == li
    assert Entry.objects.get(kind="people.staff_left").body == {
        "staff": zhou.pk,
        "store": store.pk,
    }


def test_families_pass_in_batches_of_a_hundred(zhou, wu, chen, store, clock):
    Household.objects.bulk_create(
        Household(store=store, home_guide=zhou, joined_on="2026-01-01") for _n in range(230)
    )
    arranged = handing_over.propose(zhou, wu, by=chen)
    assert [h.items.count() for h in arranged.handovers] == [100, 100, 30]
    assert handing_over.propose(zhou, wu, by=chen) == ([], [])  # none twice at a time
    a_day_later(clock)
    assert [handing_over.take_effect() for _n in range(4)] == [100, 100, 30, 0]
    assert wu.families.count() == 230


def test_only_these_families_pass(join, lin, zhou, wu, chen):
    join("王芳", "13800000000", by=zhou)
    arranged = handing_over.propose(zhou, wu, by=chen, households=[lin.pk])
    assert list(arranged.handovers[0].items.values_list("household", flat=True)) == [lin.pk]


def test_no_family_is_passed_on_a_third_time_in_ninety_days(lin, zhou, wu, chen, clock):
    for n, (giver, heir) in enumerate([(zhou, wu), (wu, zhou)]):
        clock(f"2026-11-{21 + 2 * n}T12:00:00+08:00")
        handing_over.propose(giver, heir, by=chen)
        clock(f"2026-11-{22 + 2 * n}T12:00:01+08:00")
        assert handing_over.take_effect() == 1
    assert handing_over.propose(zhou, wu, by=chen) == ([], [lin.pk])
    clock("2027-02-25T12:00:00+08:00")
    assert len(handing_over.propose(zhou, wu, by=chen).handovers) == 1


def test_a_colleague_who_has_left_too_takes_nobody(lin, zhou, wu, chen, clock):
    handing_over.propose(zhou, wu, by=chen)
    wu.leave()
    a_day_later(clock)
    handing_over.take_effect()
    lin.refresh_from_db()
    assert lin.home_guide == zhou
    assert HandoverItem.objects.get().status == HandoverItem.Status.REFUSED


def test_families_need_a_colleague_in_a_store(lin, zhou, wu, chen, hire):
    wu.leave()
    for nobody in (wu, zhou, hire("hong", role="hq")):
        with pytest.raises(ValidationError):
            handing_over.propose(zhou, nobody, by=chen)
    assert not Handover.objects.exists()
