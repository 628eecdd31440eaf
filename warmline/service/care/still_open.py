"""Who probably still has a tin open: families of a recall, ranked by what their run-outs say."""

from pathlib import Path

from warmline.base import sql
from warmline.base.clock import today
from warmline.goods.trace.models import Recall, RecallFamily

RANK = Path(__file__).with_name("still_open.sql")


def rank(recall: Recall) -> int:
    """Write down for each family how likely it still has some; how many families."""
    return sql.changed(RANK, {"recall": recall.pk, "today": today()})


def ranked(recall: Recall, *, limit: int = 500) -> list[RecallFamily]:
    """The families, those first who most likely still feed of it."""
    rows = recall.families.select_related("household__home_guide", "store")
    return list(rows.order_by("-chance_open", "-last_sold_at", "pk")[:limit])
