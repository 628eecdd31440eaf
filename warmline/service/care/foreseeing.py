"""From habit and family to the forecast that stands in the row: dates, call day, reasons.

By day the row answers alone and at once. At night `second_look` sees all that the family bought, and
what it expects stands in `night` until the next purchase makes it old.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.goods.catalog.models import Category, Product
from warmline.service.care.families import Told, family_of, told_of
from warmline.service.care.habit import Habit, to_date
from warmline.service.care.models import Correction, RunOut
from warmline.service.care.outlook import Outlook
from warmline.service.care.runout import Forecast, Reasons, forecast

SQL = Path(__file__).parent / "sql"
HABIT = [f.name for f in fields(Habit)]
REASONS = [f.name for f in fields(Reasons)]
FORESEEN = [
    "last_on",
    "p10_on",
    "p50_on",
    "p90_on",
    "call_on",
    "chance",
    "reasons",
    "night",
    "is_stale",
]
OWNER = ["household_id", "category_id", "store_id", "product_id"]
KEPT = [*OWNER, *HABIT, *FORESEEN, "updated_at"]
BATCH = 2000
LONGEST = timedelta(days=365)


def habit_of(row: RunOut) -> Habit:
    return Habit(**{name: getattr(row, name) for name in HABIT})


def take_habit(row: RunOut, habit: Habit) -> None:
    """Another purchase is open now: what the night expected after the one before is old."""
    if habit != habit_of(row):
        row.night = None
    for name in HABIT:
        setattr(row, name, getattr(habit, name))


def new_row(
    household: int, category: int, *, product: int | None, store: int, habit: Habit
) -> RunOut:
    """A row that has just learned this habit."""
    return RunOut(
        household_id=household,
        category_id=category,
        store_id=store,
        product_id=product,
        **{name: getattr(habit, name) for name in HABIT},
    )


def foresee(rows: Iterable[RunOut], *, on: date | None = None) -> None:
    """Fill in what each row's habit and family say now; nothing is saved."""
    rows = list(rows)
    told = told_of({row.household_id for row in rows})
    codes = dict(Category.objects.values_list("pk", "code"))
    staged = Product.objects.filter(pk__in={r.product_id for r in rows if r.product_id})
    stages = {pk: stage for pk, stage in staged.values_list("pk", "stage") if stage is not None}
    day, at = on or today(), now()
    for row in rows:
        _foresee(row, told[row.household_id], code=codes[row.category_id], stages=stages, on=day)
        row.updated_at = at


def _foresee(
    row: RunOut, told: Told, *, code: str, stages: Mapping[int, int | None], on: date
) -> None:
    habit = habit_of(row)
    stage = stages.get(row.product_id) if row.product_id else None
    family = family_of(told, category=row.category_id, stage=stage, on=on)
    expected = _of_the_night(row)
    seen = None
    if not _is_off(told, row.category_id):
        seen = forecast(code, habit, family, today=on, expected=expected)
    row.last_on = to_date(habit.last_day) if habit.purchases else None
    row.is_stale = bool(habit.purchases) and expected is None
    _write(row, seen)


def _of_the_night(row: RunOut) -> Outlook | None:
    if row.night is None:
        return None
    p10, p50, p90, p_return = row.night
    return Outlook(p10=p10, p50=p50, p90=p90, p_return=p_return)


def _is_off(told: Told, category: int) -> bool:
    """Weaned, for a consumable that babies do not eat: `Family.stops` covers those they do."""
    row = told.latest(category, Correction.Kind.WEANED, Correction.Kind.RESUMED)
    return bool(row and row.kind == Correction.Kind.WEANED)


def _write(row: RunOut, seen: Forecast | None) -> None:
    if seen is None:
        row.p10_on = row.p50_on = row.p90_on = row.call_on = row.chance = None
        row.reasons = {}
        return
    farthest = seen.last_on + LONGEST
    row.p10_on, row.p50_on = min(seen.p10_on, farthest), min(seen.p50_on, farthest)
    row.p90_on, row.call_on = min(seen.p90_on, farthest), min(seen.call_on, farthest)
    row.chance = seen.p_return
    row.reasons = {name: getattr(seen.reasons, name) for name in REASONS}


def save(rows: Sequence[RunOut]) -> None:
    """Write rows back, new ones and old ones, in one statement for each few thousand."""
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        said = json.dumps([_as_kept(row) for row in batch], default=_plain)
        kept = {(h, c): pk for h, c, pk in sql.run(SQL / "keep.sql", {"rows": said})}
        for row in batch:
            row.pk = kept[row.household_id, row.category_id]


def _as_kept(row: RunOut) -> dict[str, Any]:
    return {name: getattr(row, name) for name in KEPT}


def _plain(value: date) -> str:
    return value.isoformat()


def foresee_anew(households: Collection[int]) -> int:
    """A fact about these families changed: forecast again from the habits as they stand."""
    rows = list(RunOut.objects.select_for_update().filter(household__in=households).order_by("pk"))
    foresee(rows)
    save(rows)
    sql.changed(SQL / "open_records.sql", {"ids": [row.pk for row in rows]})
    return len(rows)
