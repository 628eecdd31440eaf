"""The big chain is drawn as columns, and is in order all the same."""

from concurrent.futures import Executor, Future
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from warmline.core.people import searching
from warmline.core.people.models import Child, Household, Member, Region, Staff
from warmline.goods.sales.models import Sale, SaleLine
from warmline.insight import invariants
from warmline.service.care.models import RunOut
from warmline.world import scale
from warmline.world.bare import bare
from warmline.world.pouring import pour

pytestmark = pytest.mark.django_db
HOUSEHOLDS = 120


class Here(Executor):
    """The work of other processes, done in this one: they would not see an open transaction."""

    def __init__(self, *_how, **_more):
        pass

    def submit(self, work, /, *args, **named):
        done = Future()
        done.set_result(work(*args, **named))
        return done


@pytest.fixture
def chain(monkeypatch):
    monkeypatch.setattr(scale, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(scale, "sweep", lambda: None)
    monkeypatch.setattr(scale, "SEALED_AT_ONCE", 50)
    monkeypatch.setattr(scale, "RECEIPTS_AT_ONCE", 100)
    scale.build(households=HOUSEHOLDS, say=lambda *_said: None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_everything_that_must_hold_holds(chain):
    wrong = {v.invariant.name: v.offenders for v in invariants.judge(invariants.all_of_them())}
    assert {name: rows for name, rows in wrong.items() if rows} == {}


def test_every_family_has_a_mother_a_baby_and_receipts(chain):
    assert Household.objects.count() == Member.objects.count() == HOUSEHOLDS
    assert Child.objects.count() == HOUSEHOLDS
    assert not Household.objects.filter(sales__isnull=True).exists()
    assert RunOut.objects.count() > HOUSEHOLDS


def test_what_is_sealed_can_be_read_and_found(chain):
    member = Member.objects.select_related("household").first()
    guide = member.household.home_guide
    assert member.phone.startswith("+86199")
    assert member in searching.find(guide, member.phone)
    assert member in searching.find(guide, member.name)
    assert Child.objects.first().name


def test_receipts_add_up_and_are_in_the_order_of_their_days(chain):
    for sale in Sale.objects.all()[:20]:
        assert sale.total == sum((line.amount for line in sale.lines.all()), Decimal(0))
    days = list(Sale.objects.order_by("pk").values_list("sold_on", flat=True))
    assert days == sorted(days)
    assert SaleLine.objects.filter(quantity__lt=1).count() == 0


def test_indexes_and_keys_are_back_afterwards(db):
    def standing():
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'sales_sale'")
            indexes = {row for (row,) in cursor.fetchall()}
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = 'sales_sale'::regclass"
            )
            return indexes, set(cursor.fetchall())

    before = standing()
    with bare(["sales_sale"]):
        assert standing() != before
    assert standing() == before


def test_poured_rows_have_their_numbers(db):
    regions = [Region(code="a", name="东"), Region(code="b", name="西")]
    pour(regions)
    assert list(Region.objects.order_by("pk")) == regions
    pour([])


def test_guides_sign_in_only_once_they_are_given_a_password(chain):
    assert not Staff.objects.filter(role="guide").first().has_usable_password()
    assert Household.objects.filter(joined_on__gt=date(2100, 1, 1)).count() == 0
