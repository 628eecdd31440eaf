"""What the catalogue announces."""

from dataclasses import dataclass

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class ProductsAdded(Signal):
    """Articles that were not known until now: receipts that named them learn what they are."""

    kind = "catalog.products_added"
    products: list[int]
