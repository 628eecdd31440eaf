"""What follows from a file: asked for on a screen, done by a loop, and foreseen anew at once."""

from datetime import date

import psycopg
import pytest
from django.db import connection, transaction

from warmline.core.journal.models import Entry, Task
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.people import joining
from warmline.core.people.models import Household, Store
from warmline.goods.catalog.models import Category, Product
from warmline.goods.sales.models import Sale
from warmline.reactions import when_a_file_is_imported, when_products_are_added
from warmline.service.care.models import ForecastRecord, RunOut
from warmline.service.care.observing import rebuild
from warmline.service.intake import checking, committing, receiving, undoing
from warmline.service.intake.models import Import

HEADS = "小票号,门店,销售日期,会员卡号,货号,数量,金额\n"


@pytest.fixture(autouse=True)
def morning(clock):
    clock("2026-11-21T09:00:00+08:00")


@pytest.fixture
def store(db):
    return Store.objects.create(code="S001", name="人民路店")


@pytest.fixture
def tin(db):
    formula = Category.objects.get(code="formula")
    return Product.objects.create(code="P1", name="飞鹤1段", category=formula, content=700)


@pytest.fixture
def lin(store):
    return joining.join(
        store=store,
        name="林晓",
        phone="13912345678",
        member_no="V1",
        babies=[joining.Baby(name="安安", born_on=date(2026, 5, 1))],
        consents=["record", "care"],
    )


@pytest.fixture
def loop():
    """Everything that is owed is done."""

    def loop():
        with Shift("react") as shift:
            while react_once(shift):
                pass
        assert not Task.objects.filter(status=Task.Status.ASIDE).exists()

    return loop


@pytest.fixture
def upload(tmp_path):
    def upload(text, name="file.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="gb18030")
        return receiving.receive(path, name=name, by=None)

    return upload


@pytest.fixture
def bring(upload, loop):
    def bring(text):
        file = upload(text)
        for ask in (checking.ask, committing.ask):
            ask(file, by=None)
            loop()
            file.refresh_from_db()
        return file

    return bring


def receipts(*days, quantity=2):
    rows = (f"A{n},S001,{day},V1,P1,{quantity},596\n" for n, day in enumerate(days))
    return HEADS + "".join(rows)


def test_a_file_that_is_asked_for_is_tried_out_and_imported_by_the_loop(bring, lin, tin):
    file = bring(receipts("2026-10-01"))

    assert (file.status, file.counts["new"]) == ("committed", 1)
    assert Sale.objects.get().household == lin


def test_sales_of_a_file_teach_the_run_outs_at_once_with_one_signal(bring, lin, tin):
    bring(receipts("2026-09-01", "2026-09-20", "2026-10-12", "2026-11-01"))

    row = RunOut.objects.get()
    assert (row.household, row.product, row.purchases) == (lin, tin, 4)
    lin.refresh_from_db()
    assert lin.last_sale_on == date(2026, 11, 1)
    assert row.p50_on
    assert row.call_on
    assert ForecastRecord.objects.get().made_on == date(2026, 11, 1)
    assert Entry.objects.filter(kind="intake.file_imported").count() == 1
    assert not Entry.objects.filter(kind="sales.posted").exists()


def test_the_bulk_and_the_one_by_one_way_give_the_same_row(bring, lin, tin):
    bring(receipts("2026-09-01", "2026-09-20", "2026-09-20", "2026-11-01"))
    many = RunOut.objects.values().get()

    rebuild([lin.pk])

    one = RunOut.objects.values().get()
    for name in ("purchases", "n", "s1", "s2", "pile", "bought", "last_trips", "product_id"):
        assert one[name] == pytest.approx(many[name])
    assert (one["p10_on"], one["p50_on"], one["p90_on"]) == (
        many["p10_on"],
        many["p50_on"],
        many["p90_on"],
    )


def test_a_file_taken_back_is_forgotten_by_the_run_outs_too(bring, loop, lin, tin):
    file = bring(receipts("2026-09-01", "2026-10-12"))

    undoing.ask(file, by=None)
    loop()

    file.refresh_from_db()
    assert file.status == "undone"
    assert not RunOut.objects.exists()
    assert not ForecastRecord.objects.exists()


def test_after_a_file_is_taken_back_a_family_bought_last_when_it_did(bring, loop, lin, tin):
    bring(receipts("2026-09-01"))
    file = bring(receipts("2026-09-01", "2026-10-12").replace("A1", "A2"))
    lin.refresh_from_db()
    assert lin.last_sale_on == date(2026, 10, 12)

    undoing.ask(file, by=None)
    loop()

    lin.refresh_from_db()
    assert lin.last_sale_on == date(2026, 9, 1)
    assert RunOut.objects.get().purchases == 1


def test_what_follows_is_done_heap_by_heap(bring, store, tin, lin, monkeypatch):
    monkeypatch.setattr(when_a_file_is_imported, "HEAP", 2)
    rows = "".join(f"V{n},会员{n},1391234567{n},S001\n" for n in range(2, 5))
    bring(f"会员卡号,会员姓名,手机号,开卡门店\n{rows}")
    lines = "".join(f"B{n},S001,2026-10-0{n},V{n},P1,1,298\n" for n in range(1, 5))

    file = bring(HEADS + lines)

    heaps = Entry.objects.filter(kind="intake.families_brought", body__file=file.pk)
    assert [len(heap.body["households"]) for heap in heaps] == [2, 2]
    assert RunOut.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_whoever_is_called_while_a_file_comes_in_need_not_wait_for_it(upload, loop, tin, lin):
    """A guide's call takes its family in hand (`care.calls`): nothing of a file may hold it."""
    file = upload(receipts("2026-10-01", "2026-11-01"))
    checking.ask(file, by=None)
    loop()
    committing.ask(file, by=None)
    file.refresh_from_db()

    with transaction.atomic():
        committing.commit(file)
        with psycopg.connect(**connection.get_connection_params()) as guide:
            taken = guide.execute(
                "SELECT id FROM people_household FOR NO KEY UPDATE NOWAIT"
            ).fetchall()

    assert taken == [(lin.pk,)]
    loop()
    assert Sale.objects.filter(household=lin).count() == 2


def test_receipts_that_waited_find_the_members_that_a_file_brings(bring, store, tin):
    bring(receipts("2026-10-01", "2026-11-01"))
    assert not Household.objects.exists()

    bring("会员卡号,会员姓名,手机号,开卡门店\nV1,林晓,13912345678,S001\n")

    assert Sale.objects.filter(household=Household.objects.get()).count() == 2
    assert RunOut.objects.get().purchases == 2


def test_an_accident_is_written_on_the_file_and_stops_nobody_else(db, upload, loop, monkeypatch):
    file = upload(receipts("2026-10-01"))

    def breaks(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("warmline.service.intake.checking.read", breaks)
    checking.ask(file, by=None)
    loop()

    file = Import.objects.get(pk=file.pk)
    assert file.status == "failed"
    assert file.why


def test_articles_that_come_after_their_receipts_teach_heap_by_heap(bring, lin, monkeypatch):
    monkeypatch.setattr(when_products_are_added, "HEAP", 1)
    members = "".join(f"V{n},会员{n},1391234567{n},S001\n" for n in (2, 3))
    bring(f"会员卡号,会员姓名,手机号,开卡门店\n{members}")
    bring(HEADS + "".join(f"A{n},S001,2026-10-0{n},V{n},P1,2,596\n" for n in (1, 2, 3)))
    assert not RunOut.objects.exists()

    bring("货号,商品名称,类别,规格\nP1,飞鹤1段 700g,奶粉,700g\n")

    assert RunOut.objects.count() == 3
    assert Entry.objects.filter(kind="care.receipts_named").count() == 3
