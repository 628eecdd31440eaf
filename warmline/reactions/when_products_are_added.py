"""The catalogue knows more: old lines learn what they sold, and run-outs learn from them."""

from warmline.core.journal.listeners import on
from warmline.goods.catalog.signals import ProductsAdded
from warmline.goods.sales.matching import name_lines
from warmline.service.care.observing import rebuild


@on(ProductsAdded)
def tell_old_receipts(signal: ProductsAdded) -> None:
    rebuild(name_lines(signal.products))
