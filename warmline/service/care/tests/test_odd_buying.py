"""Odd buying is found by night, once, with its receipts; and somebody says what it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.journal.models import Entry
from warmline.core.people import joining
from warmline.core.people.models import Consent, Staff, Store
from warmline.goods.catalog.models import Category, Product
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.care import odd_buying
from warmline.service.care.models import BuyingRule, OddBuying

TODAY = date(2026, 11, 23)


@pytest.fixture
def store(db, clock):
    clock("2026-11-23T03:00:00+08:00")
    odd_buying.install(BuyingRule)
    return Store.objects.create(code="CX", name="春熙路店")


@pytest.fixture
def hejing(store):
    return Staff.objects.create(username="hejing", name="何静", role="manager", store=store)


@pytest.fixture
def zhou(store):
    return Staff.objects.create(
        username="zhou", name="周洁", role="guide", store=store, phone="13900000001"
    )


@pytest.fixture
def lin(store, zhou):
    """A baby of four months: about seven tins of 900 g in two months."""
    return joining.join(
        store=store,
        by=zhou,
        name="林晓",
        phone="13812345678",
        babies=[joining.Baby(name="安安", born_on=date(2026, 7, 9), feeding="formula")],
        consents=list(Consent.Purpose),
    )


@pytest.fixture
def milk(db):
    category = Category.objects.get(code="formula")
    return Product.objects.create(code="A1", name="晴牧 1 段", category=category, content=900)


@pytest.fixture
def buy(store, milk):
    count = iter(range(1000))

    def buy(family=None, packs=1, *, days=1, price=300, **fields):
        on, n = TODAY - timedelta(days=days), next(count)
        at = now().replace(2026, on.month, on.day, 4, n % 60)
        total = Decimal(packs * price)
        sale = Sale.objects.create(
            source="till", document_no=f"R{n}", store=store, household=family, sold_at=at,
            sold_on=on, total=total, **fields,
        )  # fmt: skip
        SaleLine.objects.create(
            sale=sale, household_id=family.pk if family else None, line_no=1, product=milk,
            code="A1", quantity=packs, amount=total,
        )  # fmt: skip
        return sale

    return buy


def found(code):
    return OddBuying.objects.filter(rule__code=code)


def test_far_more_tins_than_the_baby_drinks(lin, buy):
    for n in range(7):
        buy(lin, 2, days=1 + n)
    assert odd_buying.watch().found == 1
    odd = found("hoard").get()
    assert (odd.household, odd.figures["packs"]) == (lin, 14)
    assert odd.figures["percent"] > 300
    assert len(odd.figures["receipts"]) == 7
    assert "14" in odd_buying.sentence(odd)
    assert Entry.objects.filter(kind="care.odd_buying_found", household_id=lin.pk).count() == 1
    assert odd_buying.watch().found == 0  # looked into once


def test_what_one_night_has_no_room_for_is_found_the_next(lin, zhou, buy, monkeypatch):
    monkeypatch.setattr(odd_buying, "AT_MOST", 1)
    other = joining.join(store=lin.store, by=zhou, name="吴静", phone="13812345679", babies=[])
    buy(lin, 40, days=3)
    buy(other, 14, days=3)
    assert odd_buying.watch().found == 1
    assert found("hoard").get().household == lin
    assert odd_buying.watch().found == 1
    assert odd_buying.watch().found == 0


def test_what_a_family_with_triplets_drinks_is_not_odd(lin, buy):
    for name in ("宁宁", "康康"):
        lin.children.create(name=name, born_on=date(2026, 7, 9), feeding="formula")
    buy(lin, 13, days=3)
    assert odd_buying.watch().found == 0


def test_what_was_brought_back_does_not_count(lin, buy):
    buy(lin, 14, days=3)
    buy(lin, -3, days=2)
    odd_buying.look(BuyingRule.objects.get(code="hoard"), TODAY - timedelta(days=1))
    assert not found("hoard").exists()


def test_twelve_tins_are_not_more_than_twelve(lin, buy):
    buy(lin, 12, days=3)
    assert odd_buying.watch().found == 0
    buy(lin, 1, days=31)  # before the days that are looked at
    assert odd_buying.watch().found == 0
    buy(lin, 1, days=30)
    assert odd_buying.watch().found == 1


def test_the_same_card_many_times_on_one_day(lin, buy):
    for _n in range(4):
        buy(lin)
    assert odd_buying.watch().found == 0
    for _n in range(5):
        buy(member_no="M777")  # a card that belongs to nobody we know
    buy(lin)
    assert odd_buying.watch().found == 2
    assert set(found("card").values_list("household", "card")) == {(lin.pk, ""), (None, "M777")}
    assert "5" in odd_buying.sentence(found("card").first())


def test_a_colleagues_own_number(store, zhou, buy, hejing):
    hers = joining.join(store=store, by=hejing, name="周洁", phone="13900000001", babies=[])
    for n in range(7):
        buy(hers, days=1 + n)
    assert odd_buying.watch().found == 1
    odd = found("staff").get()
    assert (odd.staff, odd.household) == (zhou, hers)
    with pytest.raises(ValidationError):
        odd_buying.resolve(odd, is_explained=True, words="自己宝宝喝的", by=zhou)
    odd_buying.resolve(odd, is_explained=True, words="自己宝宝喝的", by=hejing)
    assert odd.status == OddBuying.Status.EXPLAINED


def test_far_more_brought_back_than_is_usual(lin, buy):
    buy(lin, 10, days=40)
    buy(lin, -5, days=2)
    assert odd_buying.watch().found == 0  # five of ten are half, and not more
    buy(lin, -1, days=1)
    assert odd_buying.watch().found == 1
    assert found("returns").get().figures["returned"] == 6


def test_what_a_night_has_no_room_for_is_found_the_next(lin, store, zhou, buy, monkeypatch):
    """Whoever was found lately takes nobody's place, and neither does who uses much with reason."""
    monkeypatch.setattr(odd_buying, "AT_MOST", 1)
    monkeypatch.setattr(odd_buying, "AT_ONCE", 1)
    many = [joining.Baby(name=f"宝{n}", born_on=date(2026, 7, 9)) for n in range(5)]
    five = joining.join(
        store=store,
        by=zhou,
        name="五胞胎",
        phone="13812340005",
        babies=many,
        consents=list(Consent.Purpose),
    )
    buy(five, 30, days=3)
    other = joining.join(store=store, by=zhou, name="囤货", phone="13812340001", babies=[])
    buy(lin, 20, days=3)
    buy(other, 15, days=3)
    for households in ([lin.pk], [lin.pk, other.pk], [lin.pk, other.pk]):
        odd_buying.look(BuyingRule.objects.get(code="hoard"), TODAY - timedelta(days=1))
        assert list(found("hoard").order_by("pk").values_list("household", flat=True)) == households


def test_what_it_was_is_said_once_and_in_words(lin, buy, hejing):
    buy(lin, 20, days=3)
    odd_buying.watch()
    odd = found("hoard").get()
    with pytest.raises(ValidationError):
        odd_buying.resolve(odd, is_explained=False, words=" ", by=hejing)
    odd_buying.resolve(odd, is_explained=False, words="倒卖，已停", by=hejing)
    with pytest.raises(WrongMove):
        odd_buying.resolve(odd, is_explained=True, words="误会", by=hejing)
    assert Entry.objects.get(kind="care.odd_buying_resolved").body["is_explained"] is False


def test_head_office_says_from_when_on_it_is_odd(lin, buy, hejing):
    buy(lin, 9, days=3)
    assert odd_buying.watch().found == 0
    rule = BuyingRule.objects.get(code="hoard")
    with pytest.raises(ValidationError):
        odd_buying.keep_rule(rule, by=hejing, days=0)
    rule.refresh_from_db()
    odd_buying.keep_rule(rule, by=hejing, count_max=6)
    assert Entry.objects.get(kind="care.buying_ruled").body["changes"] == {"count_max": [12, 6]}
    assert odd_buying.watch().found == 1
    odd_buying.keep_rule(rule, by=hejing, is_on=False)
    OddBuying.objects.all().delete()
    assert odd_buying.watch().found == 0
