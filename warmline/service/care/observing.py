"""Sales come in: habits learn, forecasts move, and what was foreseen is compared with what came."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.clock import now
from warmline.goods.catalog.models import Category
from warmline.service.care import home_tins
from warmline.service.care.foreseeing import foresee, habit_of, save, take_habit
from warmline.service.care.habit import (
    Purchase,
    net_of_returns,
    observe,
    replay,
    to_date,
    to_day,
)
from warmline.service.care.models import RunOut
from warmline.service.care.parameters import parameters_of
from warmline.service.care.rebuilding import keep_record

SQL = Path(__file__).parent / "sql"
Key = tuple[int, int]  # household, category


def observe_sales(sales: Sequence[int]) -> int:
    """Learn from these receipts, each once; how many rows moved. Set-based but for the arithmetic."""
    bought = sql.dicts(SQL / "purchases_of_sales.sql", {"sales": list(sales)})
    if not bought:
        return 0
    # A receipt may tell of a tin that counted by its code until now: only the ledger can say.
    late = home_tins.waiting({line["household_id"] for line in bought})
    rows = _standing(bought)
    codes = dict(Category.objects.values_list("pk", "code"))
    trips = _trips(bought)
    for line in bought:
        row = rows[line["household_id"], line["category_id"]]
        purchase = _purchase(line, trips=trips[line["household_id"], line["sold_on"]])
        if line["household_id"] in late:
            continue
        if not _is_news(row, purchase):
            late.add(line["household_id"])
            continue
        habit = observe(
            habit_of(row), purchase, parameters=parameters_of(codes[line["category_id"]])
        )
        take_habit(row, habit)
        row.product_id = line["product_id"] or row.product_id
        row.store_id = line["store_id"]
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
    _locked_of(households)  # whoever learns from a receipt of theirs waits until we are done
    home_tins.explain(households)
    bought = sql.dicts(SQL / "ledger.sql", {"households": households})
    rows = _locked_of(households) | _standing(bought)
    codes = dict(Category.objects.values_list("pk", "code"))
    histories: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for line in bought:
        histories[line["household_id"], line["category_id"]].append(line)
    kept: list[tuple[int, int, date]] = []
    for key, history in histories.items():
        row = rows[key]
        purchases = net_of_returns(_purchase(line, trips=line["trips"]) for line in history)
        take_habit(row, replay(purchases, parameters=parameters_of(codes[key[1]])))
        row.product_id, row.store_id = history[-1]["product_id"], history[-1]["store_id"]
        kept += [(*key, to_date(purchase.day)) for purchase in purchases]
    for key in [key for key, row in rows.items() if key not in histories and row.purchases]:
        rows.pop(key).delete()
    foresee(rows.values())
    save(list(rows.values()))
    columns = zip(*kept, strict=True) if kept else ([], [], [])
    said = dict(zip(("households", "categories", "days"), map(list, columns), strict=True))
    keep_record(households, list(rows.values()), bought=said)
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


def _standing(bought: Sequence[dict[str, Any]]) -> dict[Key, RunOut]:
    """The locked rows of what was bought. New ones are put there empty first and then locked like the
    others: two who both find none would else each write what one of them knows."""
    stores = {(b["household_id"], b["category_id"]): b["store_id"] for b in bought}
    rows = _locked(set(stores))
    if new := sorted(stores.keys() - rows.keys()):
        asked = {
            "households": [household for household, _category in new],
            "categories": [category for _household, category in new],
            "stores": [stores[key] for key in new],
            "now": now(),
        }
        sql.changed(SQL / "claim.sql", asked)
        rows = _locked(set(stores))
    return rows


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
