"""Who probably still has a tin open: families of a recall, ranked by what their run-outs say."""

from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import today
from warmline.goods.trace import recalls, scopes
from warmline.goods.trace.models import Recall, RecallFamily

RANK = Path(__file__).with_name("still_open.sql")


def rank(recall: Recall) -> int:
    """Write down for each family how likely it still has some; how many families."""
    return sql.changed(RANK, {"recall": recall.pk, "today": today()})


def ranked(recall: Recall, *, limit: int = 500) -> list[RecallFamily]:
    """The families, those first who most likely still feed of it."""
    rows = recall.families.select_related("household__home_guide", "store")
    return list(rows.order_by("-chance_open", "-last_sold_at", "pk")[:limit])


def foreseen(scope: scopes.Scope, *, limit: int = 20) -> list[RecallFamily]:
    """The same before anything is declared: declared as a drill, ranked, and undone at once."""
    with transaction.atomic():
        drill = recalls.declare(scope, title="-", reason="-", is_drill=True)
        rank(drill)
        found = ranked(drill, limit=limit)
        transaction.set_rollback(True)
    return found
