"""The catalogue knows more: old lines learn what they sold, and run-outs learn from them."""

from warmline.core.journal.listeners import on
from warmline.goods.catalog.signals import ProductsAdded
from warmline.goods.sales.matching import name_lines
from warmline.service.care.rebuilding import rebuild_many


@on(ProductsAdded, long=True)
def tell_old_receipts(signal: ProductsAdded) -> None:
    """A catalogue that comes after years of receipts names millions of lines."""
    rebuild_many(name_lines(signal.products))
