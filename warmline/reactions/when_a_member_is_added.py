"""A member joined, or has a new number: sales that waited for her find her family."""

from warmline.core.journal.listeners import on
from warmline.core.people.signals import MemberAdded
from warmline.goods.sales.matching import match_many


@on(MemberAdded, batch=True)
def find_her_sales(signals: list[MemberAdded]) -> None:
    match_many({signal.member for signal in signals})
