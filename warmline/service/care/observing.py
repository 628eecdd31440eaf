"""Sales come in: habits learn, forecasts move, and what was foreseen is compared with what came."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.goods.catalog.models import Category
from warmline.service.care.foreseeing import foresee, habit_of, save, take_habit
from warmline.service.care.habit import Purchase, observe, replay, to_day
from warmline.service.care.models import RunOut
from warmline.service.care.parameters import parameters_of

SQL = Path(__file__).parent / "sql"
Key = tuple[int, int]  # household, category


def observe_sales(sales: Sequence[int]) -> int:
    """Learn from these receipts, each once; how many rows moved. Set-based but for the arithmetic."""
    bought = sql.dicts(SQL / "purchases_of_sales.sql", {"sales": list(sales)})
    if not bought:
        return 0
    rows = _locked({(b["household_id"], b["category_id"]) for b in bought})
    codes = dict(Category.objects.values_list("pk", "code"))
    trips = _trips(bought)
    late: set[int] = set()
    for line in bought:
        row = rows.setdefault((line["household_id"], line["category_id"]), _new_row(line))
        purchase = _purchase(line, trips=trips[line["household_id"], line["sold_on"]])
        if not _is_news(row, purchase):
            late.add(line["household_id"])
            continue
        habit = observe(
            habit_of(row), purchase, parameters=parameters_of(codes[line["category_id"]])
        )
        take_habit(row, habit)
        row.product_id = line["product_id"] or row.product_id
    moved = {key: row for key, row in rows.items() if key[0] not in late}
    _settle(moved, bought)
    return len(moved) + (rebuild(late) if late else 0)


def _is_news(row: RunOut, purchase: Purchase) -> bool:
    """A purchase after all that the row knows. Of anything else (a late sale, a return, a second
    receipt of one day) the row cannot tell whether a rebuild has read it already; the ledger can."""
    return purchase.content > 0 and (not row.purchases or purchase.day > row.last_day)


def rebuild(households: Collection[int]) -> int:
    """Make these families' rows anew from the ledger: late sales, whole returns, merges, undone
    imports. The same numbers as one by one."""
    households = sorted(households)
    bought = sql.dicts(SQL / "ledger.sql", {"households": households})
    rows = _locked_of(households)
    codes = dict(Category.objects.values_list("pk", "code"))
    histories: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for line in bought:
        histories[line["household_id"], line["category_id"]].append(line)
    for key, history in histories.items():
        row = rows.setdefault(key, _new_row(history[-1]))
        purchases = [_purchase(line, trips=line["trips"]) for line in history]
        take_habit(row, replay(purchases, parameters=parameters_of(codes[key[1]])))
        row.product_id = history[-1]["product_id"]
    gone = [key for key, row in rows.items() if key not in histories and row.purchases]
    for key in gone:
        row = rows.pop(key)
        if row.pk:
            row.delete()
    _settle(rows, bought)
    return len(rows)


def _settle(rows: dict[Key, RunOut], bought: Sequence[dict[str, Any]]) -> None:
    """Forecast, save, and keep the record of forecasts and what came of them."""
    foresee(rows.values())
    save(list(rows.values()))
    came = [b for b in bought if b["content"] and b["content"] > 0]
    sql.changed(
        SQL / "close_records.sql",
        {
            "households": [b["household_id"] for b in came],
            "categories": [b["category_id"] for b in came],
            "days": [b["sold_on"] for b in came],
        },
    )
    sql.changed(SQL / "open_records.sql", {"ids": [row.pk for row in rows.values()]})


def _locked(keys: set[Key]) -> dict[Key, RunOut]:
    """The rows of these families, locked in one order, so that two workers never wait in a ring."""
    found = _locked_of(sorted({household for household, _category in keys}))
    return {key: row for key, row in found.items() if key in keys}


def _locked_of(households: Sequence[int]) -> dict[Key, RunOut]:
    rows = RunOut.objects.select_for_update().filter(household__in=households).order_by("pk")
    return {(row.household_id, row.category_id): row for row in rows}


def _new_row(line: dict[str, Any]) -> RunOut:
    return RunOut(
        household_id=line["household_id"],
        category_id=line["category_id"],
        store_id=line["store_id"],
        product_id=line["product_id"],
    )


def _purchase(line: dict[str, Any], *, trips: float) -> Purchase:
    return Purchase(
        day=to_day(line["sold_on"]),
        content=line["content"],
        packs=line["packs"],
        trips_28d=trips,
    )


def _trips(bought: Sequence[dict[str, Any]]) -> dict[tuple[int, date], float]:
    pairs = sorted({(b["household_id"], b["sold_on"]) for b in bought})
    params = {"households": [h for h, _d in pairs], "days": [d for _h, d in pairs]}
    return {(h, d): n for h, d, n in sql.run(SQL / "trips.sql", params)}
