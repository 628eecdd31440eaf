"""The habit rows say what the ledger of receipts says, replayed from its first day (a sample)."""

from collections import defaultdict
from math import isclose
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.words import language
from warmline.goods.catalog.models import Category
from warmline.service.care import observing
from warmline.service.care.habit import Habit, Purchase, replay, to_day
from warmline.service.care.models import RunOut
from warmline.service.care.parameters import parameters_of

SAMPLE = 500
HERE = Path(__file__).parent
# What no later knowledge changes. A receipt that comes late changes how often the family had
# shopped before its other purchases; their rows are not made anew for that.
COMPARED = ("purchases", "n", "e1", "last_day", "last_content", "pile", "bought")


def says() -> str:
    return (
        "断粮习惯与小票台账从头重算的结果一致（抽样）。"
        if language() == "zh_Hans"
        else str(__doc__)
    )


def offenders() -> list[dict[str, Any]]:
    """Rows that differ from the ledger, are missing, or have no ledger at all."""
    families = [row[0] for row in sql.run(HERE / "sql" / "families_at_rest.sql", {"most": SAMPLE})]
    expected = _from_the_ledger(families)
    rows = {
        (row.household_id, row.category_id): row
        for row in RunOut.objects.filter(household__in=families)
    }
    wrong = []
    for key in sorted(expected.keys() | rows.keys()):
        for name, said, should in _differences(rows.get(key), expected.get(key)):
            wrong.append(
                {
                    "household": key[0],
                    "category": key[1],
                    "field": name,
                    "is": said,
                    "should": should,
                }
            )
    return wrong


def _from_the_ledger(families: list[int]) -> dict[tuple[int, int], Habit]:
    codes = dict(Category.objects.values_list("pk", "code"))
    histories: dict[tuple[int, int], list[Purchase]] = defaultdict(list)
    for line in sql.dicts(observing.SQL / "ledger.sql", {"households": families}):
        histories[line["household_id"], line["category_id"]].append(
            Purchase(
                day=to_day(line["sold_on"]),
                content=line["content"],
                packs=line["packs"],
                trips_28d=line["trips"],
            )
        )
    return {
        key: replay(history, parameters=parameters_of(codes[key[1]]))
        for key, history in histories.items()
    }


def _differences(row: RunOut | None, habit: Habit | None) -> list[tuple[str, Any, Any]]:
    if row is None or habit is None:
        has_bought = (row or habit or Habit()).purchases > 0
        return (
            [("purchases", row and row.purchases, habit and habit.purchases)] if has_bought else []
        )
    pairs = ((name, getattr(row, name), getattr(habit, name)) for name in COMPARED)
    return [p for p in pairs if not isclose(p[1], p[2], rel_tol=1e-6, abs_tol=1e-6)]
