"""The catalogue: put in by the batch, each bar code once, what a pack holds read off its words."""

import pytest

from warmline.core.journal.models import Entry
from warmline.goods.catalog.daily_use import CATEGORIES
from warmline.goods.catalog.models import Category, Product
from warmline.goods.catalog.products import ProductIn, find_product, upsert

pytestmark = pytest.mark.django_db


def tin(**differs):
    said = {"code": "P900", "name": "三段", "category": "formula", "gtin": "6901234567892"}
    return ProductIn(**(said | {"spec": "900g"} | differs))


def test_the_shop_begins_with_its_categories():
    formula = Category.objects.get(code="formula")
    assert (formula.unit, formula.use) == ("g", "formula")
    assert dict(formula.name) == {"zh-hans": "奶粉", "en": "Formula"}


def test_what_was_learned_of_a_consumable_counts_it_as_the_catalogue_does():
    units = dict(Category.objects.exclude(use="").values_list("code", "unit"))
    known = {code: kind.unit for code, kind in CATEGORIES.items() if code in units}
    assert known == {code: units[code] for code in known}
    assert {"formula", "diapers", "wipes", "baby_food", "milk", "laundry"} <= set(known)


def test_a_product_is_added_then_changed_then_the_same():
    outcomes = [
        upsert([t])[0].outcome for t in (tin(), tin(name="三段 新装"), tin(name="三段 新装"))
    ]
    assert outcomes == ["added", "changed", "same"]
    product = Product.objects.get()
    assert (product.name, product.gtin, product.content) == ("三段 新装", "06901234567892", 900.0)


def test_what_is_not_said_again_is_not_forgotten():
    upsert([tin(price="298.00")])
    upsert([tin(gtin="", spec="")])
    product = Product.objects.get()
    assert (product.gtin, product.content, str(product.price)) == (
        "06901234567892",
        900.0,
        "298.00",
    )


@pytest.mark.parametrize(
    ("differs", "error"),
    [({"gtin": "6901234567891"}, "check_digit"), ({"category": "cars"}, "unknown_category")],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_go_on(differs, error):
    bad, good = upsert([tin(**differs), tin(code="P1", gtin="")])
    assert (bad.outcome, bad.error, good.outcome) == ("refused", error, "added")
    assert bad.detail


def test_a_bar_code_belongs_to_one_article():
    first, twin = upsert([tin(), tin(code="P901")])
    (later,) = upsert([tin(code="P902")])
    assert (first.outcome, twin.error, later.error) == ("added", "gtin_taken", "gtin_taken")


def test_the_last_of_a_code_in_a_batch_holds():
    upsert([tin(name="旧"), tin(name="新")])
    assert Product.objects.get().name == "新"


@pytest.mark.parametrize(
    ("category", "spec", "content"),
    [
        ("diapers", "L54片x2包", 108.0),
        ("wipes", "80抽", 80.0),
        ("formula", "听", None),
        ("toys", "3只", None),
    ],
)
def test_what_a_pack_holds_is_read_off_its_words(category, spec, content):
    upsert([tin(category=category, spec=spec)])
    assert Product.objects.get().content == content


def test_new_products_are_told_once():
    upsert([tin()])
    upsert([tin(name="三段 新装")])
    assert Entry.objects.filter(kind="catalog.products_added").count() == 1


def test_a_product_is_found_by_code_or_bar_code():
    upsert([tin()])
    assert [bool(find_product(x)) for x in ("P900", "6901234567892", "6901234567891", "?")] == [
        True,
        True,
        False,
        False,
    ]
