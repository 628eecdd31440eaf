"""The catalogue by the API."""

import pytest

from warmline.core.people.models import Staff

pytestmark = pytest.mark.django_db

TIN = {"code": "P1", "name": "三段", "category": "formula", "gtin": "6901234567892", "spec": "900g"}


def test_products_are_put_and_each_row_is_answered(hq):
    batch = {"products": [TIN | {"price": "298.00"}, TIN | {"code": "P2", "gtin": "1"}]}
    said = hq("PUT", "/products", batch).json()
    assert [row["outcome"] for row in said] == ["added", "refused"]
    assert hq("PUT", "/products", batch).json()[0]["outcome"] == "same"
    for code in ("P1", "6901234567892"):
        product = hq.get(f"/products/{code}").json()
        assert (product["content"], product["price"]) == (900.0, "298.00")
    assert hq.get("/products/P2").status_code == 404


def test_products_are_listed_in_order_page_by_page(hq):
    rows = [TIN | {"code": f"P{n}", "gtin": ""} for n in range(3)]
    hq("PUT", "/products", {"products": rows})
    first = hq.get("/products?limit=2&category=formula").json()
    rest = hq.get(f"/products?limit=2&category=formula&cursor={first['next']}").json()
    assert [p["code"] for p in first["items"] + rest["items"]] == ["P0", "P1", "P2"]
    assert rest["next"] is None


def test_a_shop_reads_the_catalogue_and_does_not_write_it(caller, store):
    shop = caller(Staff.Role.MANAGER, store)
    assert shop.get("/products").status_code == 200
    assert shop("PUT", "/products", {"products": [TIN]}).status_code == 403
