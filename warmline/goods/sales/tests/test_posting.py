"""A receipt becomes a family's sale, once, however often and from wherever it comes."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from pydantic import ValidationError

from warmline.core.journal.listeners import listeners_of
from warmline.core.journal.models import Entry, Task
from warmline.core.people.models import Household
from warmline.goods.sales import posting
from warmline.goods.sales.models import Sale, SaleLine
from warmline.goods.sales.posting import post
from warmline.goods.sales.receipts import SaleIn
from warmline.goods.sales.signals import SalePosted
from warmline.goods.sales.tests.conftest import PHONE, family

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(clock):
    clock("2026-11-21T09:00:00+08:00")


def test_a_sale_finds_its_family_by_member_number(lin, tin, receipt):
    (posted,) = post([receipt()], source="till")
    sale = Sale.objects.get(pk=posted.id)
    assert (posted.outcome, posted.household) == ("posted", lin.household_id)
    assert (sale.member, sale.household) == (lin, lin.household)
    assert (sale.total, sale.sold_on) == (Decimal("596.00"), date(2026, 11, 20))
    line = sale.lines.get()
    assert (line.product, line.household_id, line.quantity) == (tin, lin.household_id, 2)
    lin.household.refresh_from_db()
    assert lin.household.last_sale_on == date(2026, 11, 20)


def test_a_sale_finds_its_family_by_phone_however_it_is_written(lin, tin, receipt):
    for n, phone in enumerate([PHONE, "13912345678", "139 1234 5678", "１３９１２３４５６７８"]):
        sale = receipt(document_no=f"R-{n}", member_no="", phone=phone)
        assert post([sale], source="till")[0].household == lin.household_id


def test_the_journal_tells_of_it_and_owes_each_listener_a_reaction(lin, tin, receipt, store):
    (posted,) = post([receipt()], source="till")
    entry = Entry.objects.get(kind=SalePosted.kind)
    assert SalePosted.read(entry.body) == SalePosted(
        household=lin.household_id,
        store=store.pk,
        sale=posted.id,
        total=596.0,
        categories=["formula"],
        is_first=True,
        days_late=1,
    )
    assert entry.body == SalePosted.read(entry.body).body()
    owed = Task.objects.filter(entry=entry).values_list("listener", flat=True)
    assert sorted(owed) == sorted(listeners_of(SalePosted))


def test_only_the_first_sale_of_a_family_is_its_first(lin, tin, receipt):
    post([receipt(), receipt(document_no="R-2", sold_at="2026-11-19T10:00:00+08:00")], source="t")
    post([receipt(document_no="R-3")], source="t")
    first = [e.body["is_first"] for e in Entry.objects.filter(kind=SalePosted.kind)]
    assert sorted(first) == [False, False, True]


def test_the_same_document_again_has_no_effect(lin, tin, receipt):
    (first,) = post([receipt()], source="till")
    (again,) = post([receipt()], source="till")
    assert (again.outcome, again.id) == ("repeated", first.id)
    assert Sale.objects.count() == Entry.objects.filter(kind=SalePosted.kind).count() == 1


def test_the_same_number_of_another_till_is_another_sale(lin, tin, receipt):
    outcomes = [post([receipt()], source=source)[0].outcome for source in ("till", "shop")]
    assert outcomes == ["posted", "posted"]


@pytest.mark.parametrize(
    "change",
    [
        {"total": "1.00"},
        {"sold_at": "2026-11-20T10:31:00+08:00"},
        {"member_no": "M002"},
        {"lines": [{"code": "P900", "quantity": "3", "amount": "596.00"}]},
        {"lines": [{"code": "P901", "quantity": "2", "amount": "596.00"}]},
    ],
)
def test_a_changed_document_under_a_used_number_is_a_conflict(lin, tin, receipt, change):
    post([receipt()], source="till")
    (changed,) = post([receipt(**change)], source="till")
    assert (changed.outcome, changed.error) == ("refused", "changed")
    assert Sale.objects.get().total == Decimal("596.00")


def test_one_bad_sale_does_not_hold_up_the_batch(lin, tin, receipt):
    batch = [
        receipt(document_no="R-1"),
        receipt(document_no="R-2", store="NOWHERE"),
        receipt(document_no="R-3", sold_at="2026-11-22T09:01:00+08:00"),
        receipt(document_no="R-4", sold_at="1999-11-22T09:01:00+08:00"),
        receipt(document_no="R-5"),
    ]
    results = post(batch, source="till")
    assert [r.error for r in results] == ["", "unknown_store", "in_the_future", "too_old", ""]
    assert [r.outcome for r in results] == ["posted", *["refused"] * 3, "posted"]
    assert set(Sale.objects.values_list("document_no", flat=True)) == {"R-1", "R-5"}


def test_a_document_that_stands_in_a_batch_twice_counts_once(lin, tin, receipt):
    results = post([receipt(), receipt(document_no="R-2"), receipt()], source="till")
    assert [r.error for r in results] == ["", "", "twice"]
    assert Sale.objects.count() == 2


def test_what_nobody_knows_is_kept_as_the_till_wrote_it(store, receipt):
    (posted,) = post([receipt(member_no="X9", phone="13800000001")], source="till")
    sale = Sale.objects.get()
    assert (posted.household, posted.unknown_codes) == (None, ["P900"])
    assert (sale.household, sale.member_no) == (None, "X9")
    assert sale.phone_bi
    assert (sale.lines.get().product, sale.lines.get().code) == (None, "P900")
    assert not Entry.objects.filter(kind=SalePosted.kind).exists()


def test_a_bar_code_is_as_good_as_an_article_number(lin, tin, receipt):
    for n, code in enumerate(["6901234567892", "06901234567892"]):
        line = {"code": code, "quantity": 1, "amount": "298.00"}
        post([receipt(document_no=f"R-{n}", lines=[line])], source="till")
    assert set(SaleLine.objects.values_list("product", flat=True)) == {tin.pk}


def test_a_return_needs_no_sale_that_it_undoes(lin, tin, receipt):
    back = receipt(lines=[{"code": "P900", "quantity": "-1", "amount": "-298.00"}])
    (posted,) = post([back], source="till")
    body = Entry.objects.get(kind=SalePosted.kind).body
    assert (posted.outcome, Sale.objects.get().total) == ("posted", Decimal("-298.00"))
    assert (body["is_return"], body["is_first"], body["categories"]) == (True, False, ["formula"])


def test_the_day_is_the_one_on_the_stores_wall(lin, tin, receipt, far_store):
    at = "2026-11-19T23:30:00+08:00"  # half past nine in the evening in Urumqi
    post([receipt(document_no="1", sold_at=at, store="W001")], source="till")
    at = "2026-11-19T23:30:00+06:00"  # the small hours of the next day in the shop on People's Road
    post([receipt(document_no="2", sold_at=at)], source="till")
    at = "2026-11-19T23:30:00"
    post([receipt(document_no="3", sold_at=at, store="W001")], source="till")
    days = dict(Sale.objects.values_list("document_no", "sold_on"))
    assert days == {"1": date(2026, 11, 19), "2": date(2026, 11, 20), "3": date(2026, 11, 19)}
    assert Sale.objects.get(document_no="3").sold_at.isoformat() == "2026-11-19T17:30:00+00:00"


def test_a_phone_of_two_families_is_the_one_of_this_store_or_nobodys(lin, tin, receipt, far_store):
    theirs = family(far_store, phone=PHONE)
    here, there, nowhere = post(
        [
            receipt(document_no="1", member_no="", phone=PHONE),
            receipt(document_no="2", member_no="", phone=PHONE, store="W001"),
            receipt(document_no="3", member_no="M001", phone=PHONE, store="W001"),
        ],
        source="till",
    )
    assert (here.household, there.household) == (lin.household_id, theirs.household_id)
    assert nowhere.household == lin.household_id, "a member number decides before a phone"
    family(far_store, phone=PHONE)
    (shared,) = post(
        [receipt(document_no="4", member_no="", phone=PHONE, store="W001")], source="t"
    )
    assert shared.household is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lines", []),
        ("lines", [{"code": "P", "quantity": "0", "amount": "1"}]),
        ("lines", [{"code": "P", "quantity": "10000", "amount": "1"}]),
        ("lines", [{"code": "P", "quantity": "1e3", "amount": "1"}]),
        ("lines", [{"code": "P", "quantity": "1", "amount": "0.001"}]),
        ("lines", [{"code": "P", "quantity": "NaN", "amount": "1"}]),
        ("document_no", "a\x00b"),
        ("document_no", " "),
        ("sold_at", "yesterday"),
        ("colour", "red"),
    ],
)
def test_what_no_till_can_mean_is_refused(receipt, field, value):
    with pytest.raises(ValidationError):
        receipt(**{field: value})


def test_quantities_of_weighed_goods_and_exact_numbers_are_taken(receipt):
    for quantity in ("0.125", "-0.5", 2, 2.5, "9999.999", "0.100"):
        receipt(lines=[{"code": "P", "quantity": quantity, "amount": 1}])


def race(times, work):
    """Everybody starts at once, each on a connection of its own."""
    gate, failed, done = threading.Barrier(times), [], []

    def run(n):
        try:
            gate.wait()
            done.append(work(n))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, failed


@pytest.mark.django_db(transaction=True)
def test_the_same_document_from_many_tills_at_once_is_one_sale(lin, tin, receipt):
    done, failed = race(8, lambda n: post([receipt()], source="till")[0].outcome)
    assert (sorted(done), failed) == (["posted", *["repeated"] * 7], [])
    assert Sale.objects.count() == Entry.objects.filter(kind=SalePosted.kind).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_asking_again_the_race_is_lost(lin, tin, receipt, monkeypatch):
    monkeypatch.setattr(posting, "TRIES", 1)
    for attempt in range(20):
        sales = [receipt(document_no=f"R-{attempt}") for _till in range(8)]
        _done, failed = race(8, lambda n, sales=sales: post([sales[n]], source="till"))
        if failed:
            return
    pytest.fail("nobody ever lost the race: the test above proves nothing")


@pytest.mark.django_db(transaction=True)
def test_batches_that_share_families_never_wait_in_a_ring(store, tin, receipt):
    for n in range(20):
        family(store, member_no=f"F{n}")

    def batch(n):
        order = range(20) if n % 2 else reversed(range(20))
        sales = [receipt(document_no=f"{n}-{f}", member_no=f"F{f}") for f in order]
        return [p.outcome for p in post(sales, source="till")]

    done, failed = race(6, batch)
    assert not failed
    assert {outcome for outcomes in done for outcome in outcomes} == {"posted"}
    assert set(Household.objects.values_list("last_sale_on", flat=True)) == {date(2026, 11, 20)}


def test_a_receipt_is_what_the_schema_says():
    assert SaleIn.model_json_schema()["properties"]["lines"]["maxItems"] == 200
