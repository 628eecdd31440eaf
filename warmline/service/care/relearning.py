"""Every habit of a chain anew from all it ever sold: new parameters were learned, or years imported.

The ledger comes out of PostgreSQL as a few blocks of columns, `recompute` learns everybody
at once, and the habits go back as another block: a slice of the families at a time, so that memory
is bounded, each in its own transaction. Forecasts follow at night (`second_look`).
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max, Min
from numpy.typing import NDArray

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.people.models import Household
from warmline.goods.catalog.models import Category
from warmline.service.care.rebuilding import FAR, Bought, trips_between
from warmline.service.care.recompute import Habits, Ints, Ledger, lines_ending, recompute

SQL = Path(__file__).parent / "sql"
SLICE = 100_000  # families; a year of shopping each is some two hundred megabytes
HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
ARRAY = struct.Struct(
    ">iiiiii"
)  # its length; dimensions, whether one is null, type, how many, from
NATIVE = {">i8": np.int64, ">i4": np.int64, ">f8": np.float64}
Records = NDArray[Any]
Columns = Mapping[str, NDArray[Any]]


def _record(**fields: str) -> np.dtype[Any]:
    """One row of PostgreSQL's binary COPY: the number of fields, then each with its length."""
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in fields.items():
        parts += [(f"{name} length", ">i4"), (name, kind)]
    return np.dtype(parts)


LINE = {
    "household": ">i8",
    "category": ">i8",
    "day": ">i4",
    "content": ">f8",
    "packs": ">f8",
    "line": ">i8",
    "product": ">i8",
    "store": ">i8",
}
DAY = {"household": ">i8", "day": ">i4"}
LEARNED = _record(
    household=">i8",
    category=">i8",
    store=">i8",
    product=">i8",
    purchases=">i4",
    n=">f8",
    s1=">f8",
    s2=">f8",
    e1=">f8",
    last_day=">i4",
    last_offset=">f8",
    last_content=">f8",
    last_packs=">f8",
    last_trips=">f8",
    pile=">f8",
    bought=">f8",
)


def relearn() -> int:
    """Learn all habits anew; how many there are."""
    ends = Household.objects.aggregate(first=Min("pk"), last=Max("pk"))
    slices = range(ends["first"] or 1, (ends["last"] or 0) + 1, SLICE)
    return sum(relearn_slice(first, first + SLICE) for first in slices)


@transaction.atomic
def relearn_slice(first: int, end: int) -> int:
    """The families from one number to another. Receipts wait meanwhile, for some seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30min'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("LOCK TABLE care_runout IN SHARE ROW EXCLUSIVE MODE")
    learned = put_down(first, end)
    with connection.cursor() as cursor:
        # Nobody has counted these rows for the planner, who would compare each with each.
        cursor.execute("SET LOCAL enable_nestloop = off")
    sql.changed(SQL / "change_to_learned.sql", {"now": now()})
    sql.changed(SQL / "add_learned.sql", {"now": now()})
    clear()
    return learned


def put_down(first: int, end: int) -> int:
    """What these families' ledgers say, as rows of a table of this transaction; how many."""
    bought = _everything_bought(first, end)
    habits = recompute(bought.ledger) if len(bought.ledger) else None
    sql.changed(SQL / "learned.sql", {})
    if habits is None or not len(habits):
        return 0
    with connection.cursor() as cursor, cursor.copy(LEARN) as copy:
        copy.write(HEAD)
        copy.write(_as_records(bought, habits).tobytes())
        copy.write(END)
    return len(habits)


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE care_learned")


LEARN = "COPY care_learned FROM STDIN (FORMAT binary)"


def _columns(file: str, kinds: Mapping[str, str], *, first: int, end: int) -> Columns:
    """What a file's COPY gives: a few rows, each with an array a column and nothing missing in it."""
    asked = {"first": first, "end": end}
    with connection.cursor() as cursor, cursor.copy(sql.read(SQL / file), asked) as copy:
        body = b"".join(bytes(part) for part in copy)
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in kinds}
    at = len(HEAD)
    while body[at : at + 2] != END:
        at += 2  # how many columns
        for name, kind in kinds.items():
            size, _dimensions, lacks, _type, many, _from = ARRAY.unpack_from(body, at)
            assert not lacks
            at += ARRAY.size
            element = np.dtype([("length", ">i4"), ("value", kind)])
            values = np.frombuffer(body, element, offset=at, count=many)["value"]
            parts[name].append(values.astype(NATIVE[kind]))
            at += size - (ARRAY.size - 4)
    empty = {name: np.zeros(0, NATIVE[kind]) for name, kind in kinds.items()}
    return {name: np.concatenate([empty[name], *parts[name]]) for name in kinds}


def _everything_bought(first: int, end: int) -> Bought:
    """One line a family, consumable and day, sorted, as `ledger_of` reads it for a few."""
    lines = _columns("all_lines.sql", LINE, first=first, end=end)
    shopped = _columns("all_days.sql", DAY, first=first, end=end)
    codes, category = np.unique(lines["category"], return_inverse=True)
    names = dict(Category.objects.filter(pk__in=codes.tolist()).values_list("pk", "code"))
    household, day = lines["household"], lines["day"]
    whose = (household * max(len(codes), 1) + category) * FAR + day
    order = np.argsort(whose, kind="stable")
    starts = np.flatnonzero(np.diff(whose[order], prepend=-1))
    one = order[starts]
    ledger = Ledger(
        categories=[names[pk] for pk in codes.tolist()],
        household=household[one],
        category=category[one],
        day=day[one],
        content=_sums(lines["content"], order, starts),
        packs=_sums(lines["packs"], order, starts),
        trips_28d=_trips(household[one], day[one], shopped),
        discount=np.full(len(one), np.nan),
    )
    product, store = _the_last(lines, order, starts)
    return Bought(ledger, codes.tolist(), product, store)


def _sums(column: NDArray[Any], order: Ints, starts: Ints) -> NDArray[np.float64]:
    if not len(starts):
        return np.zeros(0)
    return np.asarray(np.add.reduceat(column[order], starts))


def _trips(household: Ints, day: Ints, shopped: Columns) -> NDArray[np.float64]:
    every = np.sort(shopped["household"] * FAR + shopped["day"])
    every = every[np.diff(every, prepend=-1) != 0]
    return trips_between(household, day, every)


def _the_last(lines: Columns, order: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Of each day's lines, the product of the last one and the first of the stores."""
    if not len(starts):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    number = lines["line"][order]
    counts = np.diff(np.append(starts, len(order)))
    last = np.flatnonzero(number == np.repeat(np.maximum.reduceat(number, starts), counts))
    stores = lines["store"][order]
    return lines["product"][order[last]], np.minimum.reduceat(stores, starts)


def _as_records(bought: Bought, habits: Habits) -> Records:
    """The habits as PostgreSQL reads them, each with the product and store of its last purchase."""
    ledger, codes = bought.ledger, np.array(bought.codes, np.int64)
    last = lines_ending(ledger)
    keys = ledger.household[last] * FAR + ledger.category[last]
    at = last[np.searchsorted(keys, habits.household * FAR + habits.category)]
    rows = np.zeros(len(habits), LEARNED)
    said = {
        "household": habits.household,
        "category": codes[habits.category],
        "store": bought.store[at],
        "product": bought.product[at],
    }
    names = [name for name in LEARNED.names or () if " " not in name and name != "fields"]
    rows["fields"] = len(names)
    for name in names:
        rows[f"{name} length"] = LEARNED[name].itemsize
        rows[name] = said[name] if name in said else getattr(habits, name)
    return rows
