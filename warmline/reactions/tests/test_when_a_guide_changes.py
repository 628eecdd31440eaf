"""What was promised to a family is kept by whoever the family has now."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from warmline.base.clock import now
from warmline.core.journal import reacting
from warmline.core.journal.recording import record
from warmline.core.journal.workers import Shift
from warmline.core.people import handing_over, joining, merging
from warmline.core.people.models import Household, Staff, Store
from warmline.core.people.signals import GuideChanged
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stores():
    return [Store.objects.create(code=f"S{n}", name=f"{n}号店") for n in range(2)]


@pytest.fixture
def guides(stores):
    return [
        Staff.objects.create(username=f"g{n}", name="导购", store=stores[min(n, 1)])
        for n in range(3)
    ]


@pytest.fixture
def family(stores, guides):
    baby = joining.Baby(born_on=date(2026, 1, 1))
    return joining.join(
        store=stores[0], name="林晓", phone="13912345678", babies=[baby], by=guides[0]
    )


def promise(family, keeper):
    due = now() + timedelta(days=1)
    return Promise.make("care.run_out", household=family, keeper=keeper, due_at=due)


def react():
    with Shift("react") as shift:
        while reacting.react_once(shift):
            pass


def change(family, was, becomes):
    Household.objects.filter(pk=family.pk).update(home_guide=becomes, store=becomes.store)
    with transaction.atomic():
        record(
            GuideChanged(
                household=family.pk, store=becomes.store_id, was=was.pk, becomes=becomes.pk
            )
        )
    react()


def test_the_new_guide_keeps_what_her_predecessor_owed(family, guides):
    zhou, wu, _other = guides
    owed, kept = promise(family, zhou), promise(family, zhou)
    kept.keep()
    change(family, zhou, wu)
    owed.refresh_from_db()
    kept.refresh_from_db()
    assert (owed.keeper, owed.store) == (wu, wu.store)
    assert kept.keeper == zhou


def test_what_a_colleague_of_the_same_store_promised_stays_hers(family, guides):
    zhou, wu, li = guides
    change(family, zhou, wu)
    hers = promise(family, li)
    hers.hand_to(li, by=wu)
    change(family, zhou, wu)
    hers.refresh_from_db()
    assert hers.keeper == li


def test_after_a_merge_and_its_undoing_promises_are_where_the_family_is(family, stores, guides):
    zhou, wu, _other = guides
    again = joining.join(store=stores[1], name="赵强", phone="13700000001", by=wu)
    owed = promise(again, wu)
    done = merging.merge(family, again)
    react()
    owed.refresh_from_db()
    assert (owed.household, owed.keeper, owed.store) == (family, zhou, stores[0])
    merging.undo(done)
    react()
    owed.refresh_from_db()
    assert (owed.household, owed.keeper, owed.store) == (again, wu, stores[1])


def test_what_a_leaver_owed_is_her_stores_until_the_family_has_a_new_guide(family, guides):
    owed = promise(family, guides[0])
    handing_over.leave(guides[0], by=guides[1])
    react()
    owed.refresh_from_db()
    assert (owed.keeper, owed.store) == (None, guides[0].store)
    change(family, guides[0], guides[1])
    owed.refresh_from_db()
    assert (owed.keeper, owed.store) == (guides[1], guides[1].store)
