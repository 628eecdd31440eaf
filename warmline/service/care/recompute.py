"""Every habit of a chain at once, from its ledger: the same rows as `observe`, one by one, gives.

Purchases come sorted by household, category and day. The k-th purchase of all habits is taken in
one step, the longest histories first, so that the ones still running are always a prefix.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warmline.service.care.habit import (
    CONTENT_REACH,
    HORIZON_DAYS,
    LEAST_CONTENT,
    Habit,
    Purchase,
    net_of_returns,
)
from warmline.service.care.parameters import Parameters, parameters_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Purchases and returns as columns, sorted by household, category, day. `category` points into
    `categories`; days count from `habit.EPOCH`; what is not known is NaN."""

    categories: Sequence[str]
    household: Ints
    category: Ints
    day: Ints
    content: Floats
    packs: Floats
    trips_28d: Floats
    discount: Floats

    def __len__(self) -> int:
        return len(self.day)

    def purchase(self, i: int) -> Purchase:
        return Purchase(
            day=int(self.day[i]),
            content=float(self.content[i]),
            packs=float(self.packs[i]),
            trips_28d=_or_none(self.trips_28d[i]),
            discount=_or_none(self.discount[i]),
        )


HABIT = tuple(field.name for field in fields(Habit))
COLUMNS = tuple(field.name for field in fields(Ledger) if field.name != "categories")


@dataclass(frozen=True, kw_only=True)
class Habits:
    """One habit a row, as columns: the fields of `Habit` with whose and of what it is."""

    categories: Sequence[str]
    household: Ints
    category: Ints
    purchases: Ints
    n: Floats
    s1: Floats
    s2: Floats
    e1: Floats
    last_day: Ints
    last_offset: Floats
    last_content: Floats
    last_packs: Floats
    last_trips: Floats
    last_discount: Floats
    pile: Floats
    bought: Floats

    def __len__(self) -> int:
        return len(self.n)

    def habit(self, i: int) -> Habit:
        """One row, as `observe` would hold it."""
        [row] = self.habits(i, i + 1)
        return row

    def habits(self, first: int = 0, end: int | None = None) -> Iterator[Habit]:
        """The rows, one by one."""
        columns = {name: getattr(self, name)[first:end] for name in HABIT}
        for name in ("last_trips", "last_discount"):
            known = columns[name].astype(object)
            known[np.isnan(columns[name])] = None
            columns[name] = known
        for values in zip(*(columns[name].tolist() for name in HABIT), strict=True):
            yield Habit(**dict(zip(HABIT, values, strict=True)))


def _or_none(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def recompute(ledger: Ledger) -> Habits:
    """The habits the ledger says, one for each household x category that has bought and kept."""
    learned = [parameters_of(code) for code in ledger.categories]
    return _last_steps(netted(ledger), learned)


def netted(ledger: Ledger) -> Ledger:
    """One line a day and every return taken from what was bought before it (`net_of_returns`)."""
    returned = _has_returns(ledger)
    if not returned.any():
        return one_a_day(ledger)
    both = [one_a_day(rows(ledger, ~returned)), _net_rows(rows(ledger, returned))]
    columns = {name: np.concatenate([getattr(part, name) for part in both]) for name in COLUMNS}
    order = np.lexsort((columns["day"], columns["category"], columns["household"]))
    return Ledger(
        categories=ledger.categories, **{name: column[order] for name, column in columns.items()}
    )


def _net_rows(ledger: Ledger) -> Ledger:
    whose, kept = [], []
    for start, end in zip(starts_of(ledger), lines_ending(ledger), strict=True):
        left = net_of_returns(ledger.purchase(i) for i in range(int(start), int(end) + 1))
        whose += [start] * len(left)
        kept += left
    of = np.array(whose, np.int64)
    return Ledger(
        categories=ledger.categories,
        household=ledger.household[of],
        category=ledger.category[of],
        day=np.array([p.day for p in kept], np.int64),
        content=np.array([p.content for p in kept], np.float64),
        packs=np.array([p.packs for p in kept], np.float64),
        trips_28d=np.array([_or_nan(p.trips_28d) for p in kept], np.float64),
        discount=np.array([_or_nan(p.discount) for p in kept], np.float64),
    )


def _last_steps(ledger: Ledger, learned: Sequence[Parameters]) -> Habits:
    """Where each history has come to."""
    offset, starts, ends = offsets_of(ledger, learned), starts_of(ledger), lines_ending(ledger)
    [(_, state)] = deque(_generations(ledger, learned, offset), maxlen=1)
    longest_first = np.argsort(starts - ends, kind="stable")
    running = {name: np.empty_like(column) for name, column in state.items()}
    for name, column in state.items():
        running[name][longest_first] = column
    return _habits(
        ledger, ends, purchases=ends - starts + 1, last_offset=offset[ends], running=running
    )


def every_step(ledger: Ledger, learned: Sequence[Parameters]) -> Habits:
    """The habit after each single purchase, for the fit and the night: no returns among them."""
    ledger = one_a_day(ledger)
    offset, starts = offsets_of(ledger, learned), starts_of(ledger)
    running = {name: np.empty(len(ledger)) for name in RUNNING}
    for at, state in _generations(ledger, learned, offset):
        for name, column in state.items():
            running[name][at] = column[: len(at)]
    lengths = np.diff(np.append(starts, len(ledger)))
    lines = np.arange(len(ledger))
    purchases = lines - np.repeat(starts, lengths) + 1
    return _habits(ledger, lines, purchases=purchases, last_offset=offset, running=running)


def _changes(ledger: Ledger) -> NDArray[np.bool_]:
    """Where the next line is another household's or of another category."""
    return np.asarray(
        (ledger.household[1:] != ledger.household[:-1])
        | (ledger.category[1:] != ledger.category[:-1])
    )


def starts_of(ledger: Ledger) -> Ints:
    """The first line of each history."""
    return np.flatnonzero(np.append(True, _changes(ledger))[: len(ledger)])


def lines_ending(ledger: Ledger) -> Ints:
    """The last line of each history."""
    return np.flatnonzero(np.append(_changes(ledger), True)[: len(ledger)])


def _has_returns(ledger: Ledger) -> NDArray[np.bool_]:
    """Lines of every habit that has a return among them: those go one by one."""
    back = ledger.content < 0
    if not back.any():
        return back
    starts = starts_of(ledger)
    lengths = np.diff(np.append(starts, len(ledger)))
    return np.repeat(np.logical_or.reduceat(back, starts), lengths)


def rows(ledger: Ledger, keep: NDArray[Any]) -> Ledger:
    columns = {name: getattr(ledger, name)[keep] for name in COLUMNS}
    return Ledger(categories=ledger.categories, **columns)


def one_a_day(ledger: Ledger) -> Ledger:
    """The purchases of one day are one purchase."""
    if len(ledger) < 2:
        return ledger
    same = (
        (ledger.day[1:] == ledger.day[:-1])
        & (ledger.household[1:] == ledger.household[:-1])
        & (ledger.category[1:] == ledger.category[:-1])
    )
    if not same.any():
        return ledger
    first = np.flatnonzero(np.append(True, ~same))
    merged = rows(ledger, first)
    return Ledger(
        categories=merged.categories,
        household=merged.household,
        category=merged.category,
        day=merged.day,
        content=np.add.reduceat(ledger.content, first),
        packs=np.add.reduceat(ledger.packs, first),
        trips_28d=merged.trips_28d,
        discount=merged.discount,
    )


def per_line(learned: Sequence[Parameters], name: str, category: Ints) -> Floats:
    values = np.array([getattr(p, name) for p in learned], np.float64)
    return np.asarray(values[category])


def offsets_of(ledger: Ledger, learned: Sequence[Parameters]) -> Floats:
    """`habit.offset_of` for every line."""
    c = ledger.category
    more = np.log(np.maximum(ledger.content, LEAST_CONTENT)) - per_line(learned, "c_q", c)
    offset = per_line(learned, "beta_q", c) * np.clip(more, -CONTENT_REACH, CONTENT_REACH)
    often = per_line(learned, "beta_t", c) * (
        np.log1p(ledger.trips_28d) - per_line(learned, "c_t", c)
    )
    return np.asarray(offset + np.where(np.isnan(often), 0.0, often))


RUNNING = ("n", "s1", "s2", "e1", "pile", "bought")


def _generations(
    ledger: Ledger, learned: Sequence[Parameters], offset: Floats
) -> Iterator[tuple[Ints, dict[str, Floats]]]:
    """After the first purchases of all, the second, the third…: their lines, and the running
    columns. The longest histories stand first; what has ended keeps its last value behind them."""
    starts = starts_of(ledger)
    lengths = np.diff(np.append(starts, len(ledger)))
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    gap = np.diff(ledger.day, prepend=ledger.day[:1])
    z = np.log(np.clip(gap, 1, HORIZON_DAYS)) - np.roll(offset, 1)
    rho = per_line(learned, "rho", ledger.category[starts])
    use = per_line(learned, "typical_use", ledger.category[starts])
    state = {name: np.zeros(len(starts)) for name in RUNNING}
    state["pile"] += ledger.content[starts]
    state["bought"] += ledger.content[starts]
    yield starts, state
    for k in range(1, int(lengths.max(initial=0))):
        running = int(np.searchsorted(-lengths, -k, side="left"))
        at = starts[:running] + k
        n, s1, s2, e1, pile, bought = (state[name][:running] for name in RUNNING)
        closing, content = z[at], ledger.content[at]
        for column, news in ((n, 1.0), (s1, closing), (s2, closing**2), (e1, ledger.day[at - 1])):
            column *= rho[:running]
            column += news
        pile -= use[:running] * gap[at]
        np.maximum(pile, 0.0, out=pile)
        pile += content
        bought += content
        yield at, state


def _habits(
    ledger: Ledger, at: Ints, *, purchases: Ints, last_offset: Floats, running: dict[str, Floats]
) -> Habits:
    return Habits(
        categories=ledger.categories,
        household=ledger.household[at],
        category=ledger.category[at],
        purchases=purchases,
        last_day=ledger.day[at],
        last_offset=last_offset,
        last_content=ledger.content[at],
        last_packs=ledger.packs[at],
        last_trips=ledger.trips_28d[at],
        last_discount=ledger.discount[at],
        **running,
    )
