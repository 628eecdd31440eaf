"""A receipt came in: habits learn from it, and the run-out moves."""

from warmline.core.journal.listeners import on
from warmline.goods.sales.signals import SalePosted
from warmline.service.care.observing import observe_sales


@on(SalePosted, batch=True)
def learn_from_it(signals: list[SalePosted]) -> None:
    observe_sales([signal.sale for signal in signals])
