"""The catalogue knows more: old lines learn what they sold, and run-outs learn from them, a heap of
families at a time, so that nobody who speaks with one of them waits for all."""

from warmline.core.journal.listeners import on
from warmline.core.journal.recording import record
from warmline.goods.catalog.signals import ProductsAdded
from warmline.goods.sales.matching import name_lines
from warmline.service.care.rebuilding import rebuild_many
from warmline.service.care.signals import ReceiptsNamed

HEAP = 250


@on(ProductsAdded, long=True)
def tell_old_receipts(signal: ProductsAdded) -> None:
    """A catalogue that comes after years of receipts names millions of lines."""
    families = sorted(name_lines(signal.products))
    for n in range(0, len(families), HEAP):
        record(ReceiptsNamed(households=families[n : n + HEAP]))


@on(ReceiptsNamed, long=True)
def learn_from_them(signal: ReceiptsNamed) -> None:
    rebuild_many(signal.households)
