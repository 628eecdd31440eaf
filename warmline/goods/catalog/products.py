"""Products: the chain's articles, put in or changed by the batch, one statement a batch.

A bar code is kept as GTIN-14; one with a wrong check digit, or one that another article has, is
refused with its row. What a pack holds is read off its specification where nobody says it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.sheets.cells import BadCell, parse_gtin, parse_pack
from warmline.core.journal.recording import record_many
from warmline.goods.catalog.models import Category, Product
from warmline.goods.catalog.signals import ProductsAdded

PRODUCTS = Path(__file__).with_name("products.sql")
BATCH = 1_000


@dataclass(kw_only=True)
class ProductIn:
    """One article as the chain's own system knows it."""

    code: str
    name: str
    category: str
    gtin: str = ""
    brand: str = ""
    stage: int | None = None
    size: str = ""
    spec: str = ""
    content: float | None = None
    price: Decimal | None = None
    opened_days: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Put:
    """What became of one: added, changed, same or refused."""

    code: str
    outcome: str
    id: int | None = None
    error: str = ""
    detail: str = ""


@transaction.atomic
def upsert(products: Sequence[ProductIn]) -> list[Put]:
    """Add these articles or bring them up to date, by code; the last of a code in a batch holds."""
    categories = {c.code: c for c in Category.objects.all()}
    results: list[Put | None] = [None] * len(products)
    rows: dict[str, tuple[int, dict[str, Any]]] = {}
    for place, product in enumerate(products):
        checked = _checked(product, categories)
        if isinstance(checked, Put):
            results[place] = checked
            continue
        if twin := rows.get(product.code):
            results[twin[0]] = Put(product.code, "same")
        rows[product.code] = (place, checked)
    done = sql.run(PRODUCTS, {"products": json.dumps([row for _place, row in rows.values()])})
    for code, product_id, outcome in done:
        results[rows[code][0]] = (
            Put(code, outcome, product_id)
            if outcome != "gtin_taken"
            else Put(code, "refused", None, outcome, _("Another product has this bar code."))
        )
    if added := [put.id for put in results if put and put.outcome == "added" and put.id]:
        batches = [added[n : n + BATCH] for n in range(0, len(added), BATCH)]
        record_many([ProductsAdded(products=batch) for batch in batches])
    return [put or Put(p.code, "same") for put, p in zip(results, products, strict=True)]


def _checked(product: ProductIn, categories: dict[str, Category]) -> dict[str, Any] | Put:
    if (category := categories.get(product.category)) is None:
        return Put(
            product.code, "refused", None, "unknown_category", _("There is no such category.")
        )
    try:
        code = parse_gtin(product.gtin)
    except BadCell as bad:
        return Put(product.code, "refused", None, bad.code, str(bad.sentence))
    row = asdict(product) | {"category": category.pk, "gtin": code and code.gtin}
    row["price"] = None if product.price is None else str(product.price)
    if product.content is None:
        row["content"] = content_of(product.spec, unit=category.unit)
    return row


def content_of(spec: str, *, unit: str) -> float | None:
    """What one pack holds, in the category's unit; None where the words do not say it."""
    pack = parse_pack(spec) if unit else None
    if pack is None or pack.unit != {"sheet": "piece"}.get(unit, unit):
        return None
    return float(pack.total)


def find_product(text: str) -> Product | None:
    """The article behind what a camera read or a person typed: its code, or its bar code."""
    code = text.strip()[:40]
    known = Product.objects.select_related("category")
    if product := known.filter(code=code).first():
        return product
    try:
        bar = parse_gtin(code)
    except BadCell:
        return None
    return known.filter(gtin=bar.gtin).first() if bar and bar.gtin else None
