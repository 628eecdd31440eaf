"""Products: the catalogue as the chain's own system keeps it."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Query, Router

from warmline.doors.api import shapes
from warmline.doors.api.access import CATALOGUE, may
from warmline.doors.api.door import answers
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.shapes import text
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.catalog import models, products

router = Router(tags=["products"])


class Asked(Paging):
    category: Annotated[str, text(30)] = ""


@router.get("/products", response=answers(Page[shapes.Product]), url_name="products")
def listed(request: ApiRequest, asked: Query[Asked]) -> Any:
    """Articles in the order in which they became known."""
    rows = models.Product.objects.select_related("category")
    if asked.category:
        rows = rows.filter(category__code=asked.category)
    result = page(rows, asked, newest_first=False)
    return result | {"items": [_product(product) for product in result["items"]]}


@router.get("/products/{code}", response=answers(shapes.Product), url_name="product")
def read(request: ApiRequest, code: Annotated[str, text(40, 1)] = Path(...)) -> Any:
    """One article, by its code or its bar code."""
    if (product := products.find_product(code)) is None:
        raise Http404
    return _product(product)


@router.put("/products", response=answers(list[shapes.ProductPut]), url_name="put-products")
@may(CATALOGUE)
def put(request: ApiRequest, batch: shapes.ProductsIn) -> Any:
    """Add articles or bring them up to date, up to 500 at once; each row is answered for itself."""
    rows = [_row(product) for product in batch.products]
    return [asdict(put) for put in products.upsert(rows)]


def _row(product: shapes.ProductIn) -> products.ProductIn:
    said = product.model_dump()
    price = None if product.price is None else Decimal(product.price)
    return products.ProductIn(**(said | {"price": price}))


def _product(product: models.Product) -> dict[str, Any]:
    plain = ("id", "code", "gtin", "name", "brand", "stage", "size", "spec", "content", "is_active")
    price = None if product.price is None else str(product.price)
    facts = {name: getattr(product, name) for name in plain}
    return facts | {"category": product.category.code, "price": price}
