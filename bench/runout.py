"""How well the run-out forecast does on the Complete Journey panel, beside what others reach.

    python bench/runout.py [--task ../shared/runout]     our figures and every baseline's
    python bench/runout.py predict EVENTS.csv OUT.csv    answers for a file (for its leakcheck)
    python bench/runout.py stream [--row]                one JSON line in, one answer out:
        python ../shared/runout/evaluate.py run --cmd "python bench/runout.py stream"
    python bench/runout.py speed                         how fast all of it is

Everything is answered by the product's own code. The rows marked * are computed here; the others
are quoted from the task's README.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from panel import (
    CATEGORIES,
    TASK,
    category_of,
    content_of,
    ledger_of,
    ledger_of_purchases,
    load_events,
)
from plain import answer, past_gaps, plain

from warmline.service.care import night, recompute
from warmline.service.care.habit import NO_HABIT, Purchase, observe, to_day
from warmline.service.care.outlook import outlook
from warmline.service.care.parameters import parameters_of
from warmline.service.care.recompute import Ledger
from warmline.service.care.runout import Baby, Family, forecast

BASELINES = """\
global_median          0.178 0.176 10.0 10.6 84 83 0.00 31.5 27.0
hh_mean                0.235 0.214 14.0 13.5 76 78 0.36 24.2 25.3
hh_median              0.217 0.199 12.6 12.1 80 81 0.39 29.8 31.7
last_interval          0.231 0.222 13.3 13.4 80 79 0.36 29.0 29.6
ewma                   0.225 0.209 13.4 13.1 76 78 0.39 25.6 28.4
rate_qty               0.261 0.233 15.1 14.1 74 77 0.36 28.3 28.7
poisson_gamma          0.171 0.162  9.4  9.6 90 90 0.42 33.2 34.4
mpg                    0.230 0.210 15.5 15.0 82 81 0.44 18.8 20.0
bgnbd                  0.171 0.162  9.5  9.6 90 90 0.41 34.3 34.9
cnbd_k                 0.171 0.159  9.6  9.6 79 78 0.38 29.1 30.5
nig                    0.170 0.157  9.4  9.3 84 85 0.42 33.8 34.4
nig_qty_trips          0.170 0.155  9.3  9.2 83 84 0.45 33.7 34.7
hazard_logit           0.164 0.152  9.2  9.1 81 82 0.46 33.4 34.8
gbm_history_qty_trips  0.164 0.154  9.2  9.2 76 77 0.46 35.1 35.6
hazard                 0.162 0.151  9.2  9.1 82 82 0.47 34.1 35.2
"""
"""The task's README: pinball_rel, mae, cover80 (baby, all), rank_corr all, caught (baby, all)."""


def by_row(events):
    """The habit row alone: every purchase observed, every answer from the row's few numbers."""
    ledger, ordered = ledger_of(events)
    learned = [parameters_of(code) for code in ledger.categories]
    habits = recompute.every_step(ledger, learned)
    answers = []
    for i in np.flatnonzero(ordered["predict"].to_numpy()):
        told = outlook(habits.habit(i), parameters=learned[ledger.category[i]])
        on = ordered["date"].iat[i].date()
        made = answer(ordered["event_id"].iat[i], on, (told.p10, told.p50, told.p90))
        answers.append({**made, "p_return": told.p_return})
    return answers


def by_night(events):
    """The night's outlook after each purchase."""
    ledger, ordered = ledger_of(events)
    asked = np.flatnonzero(ordered["predict"].to_numpy())
    expected = night.outlooks(ledger, at=asked)
    return [
        {
            **answer(ordered["event_id"].iat[i], ordered["date"].iat[i].date(), days),
            "p_return": p_return,
        }
        for i, days, p_return in zip(asked, expected.days, expected.p_return, strict=True)
    ]


def line_of(name, report):
    baby, every = report["MACRO_BABY"], report["MACRO_ALL"]
    return (
        f"{name:24s} {baby['pinball_rel']:.4f} {every['pinball_rel']:.4f} "
        f"{baby['mae']:5.1f} {every['mae']:5.1f} {100 * baby['cover80']:4.0f} "
        f"{100 * every['cover80']:4.0f} {every['rank_corr']:6.2f} "
        f"{100 * baby['caught']:6.1f} {100 * every['caught']:5.1f}"
    )


def rank_by_pandas(pd):
    """The task's Spearman correlation without scipy, which pandas would ask for: the plain
    correlation of the ranks is the same number."""
    plain_corr = pd.Series.corr

    def corr(self, other, method="pearson", min_periods=None):
        if method == "spearman":
            return plain_corr(self.rank(), other.rank())
        return plain_corr(self, other, method=method, min_periods=min_periods)

    if plain_corr.__name__ == "corr" and plain_corr.__module__ != __name__:
        pd.Series.corr = corr


def scored(events, answers):
    import pandas as pd
    from evaluate import align, report, truth

    rank_by_pandas(pd)
    return report(align(truth(events), pd.DataFrame(answers)))


def compare(task):
    """Our figures, the simple baselines of this run, and the task's own table."""
    events = load_events(task)
    rows = past_gaps(events)
    ours = {"warmline row *": by_row(events), "warmline night *": by_night(events)}
    simple = {
        "global_median *": plain(rows, of=None),
        "hh_median *": plain(rows, of="median"),
        "rate_qty *": plain(rows, of="by_rate"),
    }
    print("model                     pinball_rel      mae        cover80     rank    caught %")
    print("                          baby   all    baby   all  baby  all    corr    baby   all")
    reports = {}
    for name, answers in (ours | simple).items():
        reports[name] = scored(events, answers)
        print(line_of(name, reports[name]), flush=True)
    for line in BASELINES.splitlines():
        name, *figures = line.split()
        baby, every, *rest = figures
        print(f"{name:24s} {baby:6s} {every:6s}", " ".join(f"{figure:>5s}" for figure in rest))
    from evaluate import show

    for name in ours:
        print(f"\n{name}\n{show(reports[name])}")


def predict(events, out):
    """Answers for a file of events, in a file: what the task's leakcheck calls."""
    import pandas as pd

    table = pd.read_csv(events, parse_dates=["date"])
    pd.DataFrame(by_night(table)).to_csv(out, index=False)


# ---------------------------------------------------------------------------------------- stream
def stream(*, rows_only):
    """One purchase a line, in time order; an answer where one is asked: the night's second look,
    or what the row alone says in the moment of the sale."""
    answering = RowAlone() if rows_only else SecondLook()
    for line in sys.stdin:
        event = json.loads(line)
        category, on = category_of(event["category"]), date.fromisoformat(event["date"])
        listed = max(event["spend"] + event["discount"], 0.01)
        purchase = Purchase(
            day=to_day(on),
            content=float(content_of(category, event["content"])),
            packs=float(event["qty"]),
            trips_28d=float(event["trips_28d"]),
            discount=min(max(event["discount"] / listed, 0.0), 1.0),
        )
        answering.observe(event["household_id"], category, purchase)
        if event["predict"]:
            days = answering.days(event["household_id"], category)
            print(json.dumps(answer(event["event_id"], on, days)), flush=True)


class RowAlone:
    """A state of a few numbers for each household x category, and nothing else."""

    def __init__(self):
        self.habits = {}

    def observe(self, household, category, purchase):
        parameters, key = parameters_of(category), (household, category)
        habit = self.habits.get(key, NO_HABIT)
        self.habits[key] = observe(habit, purchase, parameters=parameters)

    def days(self, household, category):
        told = outlook(self.habits[household, category], parameters=parameters_of(category))
        return told.p10, told.p50, told.p90


class SecondLook:
    """The household's own ledger, looked at as the night does."""

    def __init__(self):
        self.ledgers = defaultdict(list)

    def observe(self, household, category, purchase):
        self.ledgers[household].append((CATEGORIES.index(category), purchase.day, purchase))

    def days(self, household, category):
        lines = sorted(self.ledgers[household], key=lambda line: line[:2])
        ledger = ledger_of_purchases(household, lines)
        (at,) = np.flatnonzero(
            (ledger.category == CATEGORIES.index(category))
            & (ledger.day == self.ledgers[household][-1][1])
        )
        return night.outlooks(ledger, at=np.array([at])).days[0]


def speed():
    """How fast rows are updated one by one, and all at once (made-up purchases, formula)."""
    rng, count, parameters = np.random.default_rng(1), 200_000, parameters_of("formula")
    bought = [Purchase(day=int(day), content=800.0) for day in np.arange(count) * 7]
    started, habit = time.perf_counter(), NO_HABIT
    for purchase in bought:
        habit = observe(habit, purchase, parameters=parameters)
    print(f"observe        {count / (time.perf_counter() - started):12,.0f} purchases/s")
    started = time.perf_counter()
    for _ in range(20_000):
        outlook(habit, parameters=parameters)
    print(f"outlook        {20_000 / (time.perf_counter() - started):12,.0f} rows/s")
    family = Family(babies=(Baby(born_on=habit.last_on - timedelta(days=80)),))
    started = time.perf_counter()
    for _ in range(2_000):
        forecast("formula", habit, family, today=habit.last_on)
    print(f"forecast       {2_000 / (time.perf_counter() - started):12,.0f} rows/s")
    ledger = made_up(rng, lines=3_000_000, households=250_000)
    for _ in range(3):
        started = time.perf_counter()
        rows = len(recompute.recompute(ledger))
        lines = len(ledger) / (time.perf_counter() - started)
        print(f"recompute      {lines:12,.0f} lines/s into {rows:,} rows")
    few = recompute.rows(ledger, ledger.household < 5_000)
    started = time.perf_counter()
    looked = len(night.outlooks(few).p_return)
    print(f"night          {looked / (time.perf_counter() - started):12,.0f} rows/s")


def made_up(rng, *, lines, households):
    who, what = rng.integers(0, households, lines), rng.integers(0, 4, lines)
    day = rng.integers(3000, 3700, lines)
    order = np.lexsort((day, what, who))
    return Ledger(
        categories=CATEGORIES,
        household=who[order],
        category=what[order],
        day=day[order],
        content=rng.lognormal(6, 0.4, lines),
        packs=np.ones(lines),
        trips_28d=rng.integers(0, 20, lines).astype(float),
        discount=np.zeros(lines),
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    actions = ("compare", "stream", "predict", "speed")
    parser.add_argument("action", nargs="?", default="compare", choices=actions)
    parser.add_argument("files", nargs="*", help="for predict: events.csv out.csv")
    parser.add_argument("--task", type=Path, default=TASK)
    parser.add_argument("--row", action="store_true", help="stream: the O(1) row alone")
    options = parser.parse_args()
    if options.action == "stream":
        stream(rows_only=options.row)
    elif options.action == "predict":
        predict(*options.files)
    elif options.action == "speed":
        speed()
    else:
        compare(options.task)


if __name__ == "__main__":
    main()
