"""Many families' run-outs at once, from their whole ledger: after a file came in or was taken back.

The same rows as one by one: `recompute` builds the habits as columns, `foresee` says what follows.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, transaction

from warmline.base import sql
from warmline.goods.catalog.models import Category
from warmline.service.care import home_tins
from warmline.service.care.foreseeing import foresee, new_row, save
from warmline.service.care.habit import EPOCH
from warmline.service.care.models import RunOut
from warmline.service.care.recompute import (
    Floats,
    Habits,
    Ints,
    Ledger,
    lines_ending,
    netted,
    recompute,
)

SQL = Path(__file__).parent / "sql"
BATCH = 2_000  # families; a hundred days of shopping each are some twenty megabytes
FAR = 100_000  # more days than any calendar here: one number for a family and a day


class Bought(NamedTuple):
    """A batch's ledger with what a forecast needs beside it: last product and store."""

    ledger: Ledger
    codes: list[int]  # the categories' numbers in the catalogue, as `ledger.category` points
    product: Ints
    store: Ints


def rebuild_many(households: Collection[int]) -> int:
    """Make all run-outs of these families anew; how many rows they have now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '30min'")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '30min'")
        return sum(_rebuild(batch) for batch in _batches(sorted(households)))


def _batches(households: Sequence[int]) -> Iterator[list[int]]:
    for n in range(0, len(households), BATCH):
        yield list(households[n : n + BATCH])


def _rebuild(households: list[int]) -> int:
    _lock(households)
    home_tins.explain(households)
    bought = ledger_of(households)
    kept = netted(bought.ledger)
    rows = _rows_of(bought, recompute(kept))
    sql.changed(
        SQL / "forget_habits.sql",
        {
            "households": households,
            "kept_households": [row.household_id for row in rows],
            "kept_categories": [row.category_id for row in rows],
        },
    )
    foresee(rows)
    save(rows)
    codes = np.array(bought.codes, np.int64)
    keep_record(
        households,
        rows,
        bought={
            "households": kept.household.tolist(),
            "categories": codes[kept.category].tolist() if len(codes) else [],
            "days": [_date(day) for day in kept.day.tolist()],
        },
    )
    return len(rows)


def _lock(households: list[int]) -> None:
    """Whoever learns from a receipt of theirs waits until we are done."""
    held = RunOut.objects.select_for_update().filter(household__in=households).order_by("pk")
    len(held.values_list("pk", flat=True))


def ledger_of(households: list[int]) -> Bought:
    lines = sql.run(SQL / "bulk_ledger.sql", {"households": households})
    days = sql.run(SQL / "shopping_days.sql", {"households": households})
    family, category, day, content, packs, product, store = (
        list(column) for column in (zip(*lines, strict=True) if lines else [()] * 7)
    )
    codes = sorted(set(category))
    names = dict(Category.objects.filter(pk__in=codes).values_list("pk", "code"))
    household, when = np.array(family, np.int64), np.array(day, np.int64)
    ledger = Ledger(
        categories=[names[pk] for pk in codes],
        household=household,
        category=np.searchsorted(np.array(codes, np.int64), np.array(category, np.int64)),
        day=when,
        content=np.array(content, np.float64),
        packs=np.array(packs, np.float64),
        trips_28d=_trips(household, when, days),
        discount=np.full(len(household), np.nan),
    )
    return Bought(ledger, codes, np.array(product, np.int64), np.array(store, np.int64))


def _trips(household: Ints, day: Ints, days: list[tuple[Any, ...]]) -> Floats:
    shopped = np.array(days, np.int64).reshape(-1, 2)
    return trips_between(household, day, shopped[:, 0] * FAR + shopped[:, 1])


def trips_between(household: Ints, day: Ints, every: Ints) -> Floats:
    """On how many of the 28 days before did each shop with us? Families and days as one sorted
    number, so that the answer is the distance between two places."""
    own = household * FAR + day
    return (np.searchsorted(every, own) - np.searchsorted(every, own - 28)).astype(np.float64)


def _rows_of(bought: Bought, habits: Habits) -> list[RunOut]:
    """One row a family and consumable, with the product and store of the last purchase."""
    ledger = bought.ledger
    if not len(ledger):
        return []
    last = lines_ending(ledger)
    keys = ledger.household[last] * FAR + ledger.category[last]
    found = np.searchsorted(keys, habits.household * FAR + habits.category)
    at = last[found]
    whose = zip(
        habits.household.tolist(),
        np.array(bought.codes, np.int64)[habits.category].tolist(),
        bought.product[at].tolist(),
        bought.store[at].tolist(),
        habits.habits(),
        strict=True,
    )
    return [
        new_row(household, category, product=product, store=store, habit=habit)
        for household, category, product, store, habit in whose
    ]


def keep_record(
    households: Sequence[int], rows: Sequence[RunOut], *, bought: dict[str, list[Any]]
) -> None:
    """What had been foreseen for these families is right or wrong by what they `bought` and kept,
    and what is foreseen now is kept."""
    asked = {"rebuilt": list(households), **bought}
    sql.changed(SQL / "forget_records.sql", asked)
    sql.changed(SQL / "settle_records.sql", asked)
    sql.changed(SQL / "open_records.sql", {"ids": [row.pk for row in rows]})


def _date(day: int) -> date:
    return date.fromordinal(EPOCH) + timedelta(days=day)
