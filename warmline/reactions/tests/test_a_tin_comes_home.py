"""A tin with its own code feeds the run-out once, whoever tells of it and in whichever order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from warmline.base.clock import now
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.people import merging
from warmline.core.people.models import Member, Staff
from warmline.goods.catalog.models import Category
from warmline.goods.sales.models import Sale
from warmline.goods.sales.posting import post
from warmline.goods.sales.receipts import LineIn, SaleIn
from warmline.goods.trace import batches, handing, knowing, redeeming, selling
from warmline.goods.trace.identity import inner
from warmline.goods.trace.models import CodeBatch
from warmline.goods.trace.tests.conftest import (  # noqa: F401
    _nothing_remembered,
    families,
    lot,
    store,
    tin_product,
)
from warmline.service.care.models import Correction, HomeTin, RunOut
from warmline.service.care.observing import rebuild
from warmline.service.care.rebuilding import rebuild_many

pytestmark = pytest.mark.django_db
STATE = ["purchases", "n", "s1", "s2", "last_day", "last_packs", "pile", "bought", "p50_on"]


def react():
    with Shift("react") as shift:
        for _ in range(60):
            if not react_once(shift):
                return


@pytest.fixture
def batch(lot):  # noqa: F811
    made = batches.plan(lot, size=12)
    batches.activate(made, at=now() - timedelta(days=60))
    return CodeBatch.objects.get(pk=made.pk)


@pytest.fixture
def lin(families):  # noqa: F811
    for n, family in enumerate(families):
        Member.objects.filter(household=family).update(member_no=f"M{n}")
    react()
    return families[0]


def receipt(number, days_ago, packs=1, member=None):
    said = SaleIn(
        document_no=number,
        store="S001",
        sold_at=(now() - timedelta(days=days_ago)).isoformat(),
        member_no=member or "",
        lines=[LineIn(code="P900", quantity=Decimal(packs), amount=Decimal(300))],
    )
    (one,) = post([said], source="till")
    react()
    return one


def number_of(family):
    return Member.objects.get(household=family).member_no


def register(batch, n, family):
    owner = redeeming.redeem(
        inner.write(batch.base + n), member=number_of(family), unit_id=batch.base + n
    )
    react()
    return owner


def row(family):
    return RunOut.objects.filter(household=family).first()


def bought(family):
    return row(family).bought / 900 if row(family) else 0


def test_a_tin_bought_elsewhere_counts_when_the_family_registers_it(batch, lin):
    assert row(lin) is None
    register(batch, 1, lin)
    assert (row(lin).purchases, bought(lin)) == (1, 1)
    assert row(lin).p50_on is not None
    assert row(lin).category == Category.objects.get(code="formula")


def test_a_receipt_and_a_registration_of_one_tin_are_one_purchase(batch, lin):
    receipt("R1", 5, member=number_of(lin))
    register(batch, 1, lin)
    assert (row(lin).purchases, bought(lin)) == (1, 1)
    assert HomeTin.objects.get().line_id


def test_a_sale_that_finds_its_family_later_is_no_second_purchase(batch, lin):
    said = receipt("R1", 5, member="later")
    register(batch, 1, lin)
    assert bought(lin) == 1
    Member.objects.filter(household=lin).update(member_no="later")
    from warmline.goods.sales.matching import match

    with transaction.atomic():
        match(Member.objects.get(household=lin))
    react()
    assert Sale.objects.get(pk=said.id).household == lin
    assert (row(lin).purchases, bought(lin)) == (1, 1)
    assert HomeTin.objects.get().line_id


def test_of_two_tins_one_is_on_the_receipt_and_one_was_bought_elsewhere(batch, lin):
    receipt("R1", 12, member=number_of(lin))
    register(batch, 1, lin)
    register(batch, 2, lin)
    assert (row(lin).purchases, bought(lin)) == (2, 2)
    assert HomeTin.objects.filter(line_id=None).count() == 1


def test_a_receipt_of_three_explains_three_codes(batch, lin):
    for n in (1, 2, 3, 4):
        register(batch, n, lin)
    receipt("R1", 1, packs=3, member=number_of(lin))
    assert HomeTin.objects.filter(line_id=None).count() == 1
    assert bought(lin) == 4


def test_what_is_bought_after_a_code_was_read_is_another_tin(batch, lin):
    register(batch, 1, lin)
    HomeTin.objects.update(came_on=now().date() - timedelta(days=20))
    receipt("R1", 2, member=number_of(lin))
    assert HomeTin.objects.get().line_id is None
    assert bought(lin) == 2


def test_a_tin_given_over_the_counter_counts_and_its_receipt_takes_over(batch, lin, store):  # noqa: F811
    guide = Staff.objects.create_user("g", name="周洁", store=store, role="guide")
    uri = knowing.names([batch.base + 3])[batch.base + 3]
    assert handing.give([uri], household=lin, store=store, by=guide).tins == 1
    react()
    assert bought(lin) == 1
    receipt("R9", 0, member=number_of(lin))
    assert (row(lin).purchases, bought(lin)) == (1, 1)


def test_one_by_one_and_from_the_ledger_the_numbers_are_the_same(batch, lin):
    receipt("R1", 30, member=number_of(lin))
    receipt("R2", 16, packs=2, member=number_of(lin))
    for n in range(5):
        register(batch, n, lin)
    learned = {name: getattr(row(lin), name) for name in STATE}
    for again in (rebuild, rebuild_many):
        with transaction.atomic():
            again([lin.pk])
        assert {name: getattr(row(lin), name) for name in STATE} == pytest.approx(learned)


def test_an_undone_receipt_explains_nothing_any_more(batch, lin):
    said = receipt("R1", 5, member=number_of(lin))
    register(batch, 1, lin)
    sale = Sale.objects.get(pk=said.id)
    sale.lines.all().delete()
    sale.delete()
    rebuild([lin.pk])
    assert HomeTin.objects.get().line_id is None
    assert bought(lin) == 1


def test_the_lid_says_that_the_only_tin_was_full_that_day(batch, lin):
    receipt("R1", 9, member=number_of(lin))
    before = row(lin).p50_on
    register(batch, 1, lin)
    said = Correction.objects.get(household=lin)
    assert (said.kind, said.value, said.by) == (Correction.Kind.STOCK, 900, None)
    assert row(lin).p50_on > before
    assert HomeTin.objects.get().opened_on == said.on


def test_of_several_tins_the_lid_says_nothing_about_the_others(batch, lin):
    receipt("R1", 9, packs=3, member=number_of(lin))
    register(batch, 1, lin)
    assert not Correction.objects.exists()


def test_a_tin_that_came_back_and_went_to_others_counts_for_them(batch, lin, families, store):  # noqa: F811
    zhou = families[1]
    selling.sell(batch.base + 1, store=store, household=lin)
    react()
    assert bought(lin) == 1
    selling.take_back(batch.base + 1, store=store)
    selling.sell(batch.base + 1, store=store, household=zhou)
    react()
    assert (bought(lin), bought(zhou)) == (0, 1)


def test_families_that_become_one_have_their_tins_together(batch, lin, families):  # noqa: F811
    zhou = families[1]
    register(batch, 1, zhou)
    register(batch, 2, lin)
    guide = Staff.objects.create_user("hq", name="总部", role="hq")
    merging.merge(lin, zhou, by=guide)
    react()
    assert HomeTin.objects.filter(household=lin).count() == 2
    assert bought(lin) == 2
