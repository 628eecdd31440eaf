"""What sales announce."""

from dataclasses import dataclass

from warmline.core.journal.signals import Signal


@dataclass(frozen=True, kw_only=True)
class SalePosted(Signal):
    """A receipt came in and belongs to a family we know. Hot: listeners take batches."""

    kind = "sales.posted"
    playable = True
    household: int
    store: int
    sale: int
    total: float
    categories: list[str]  # codes of what was bought, for playbooks
    is_return: bool = False
    is_first: bool = False  # the family's first receipt with us
    days_late: int = 0  # heard of so many days after it was sold: an old file, a member found late
