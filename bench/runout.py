"""How well the run-out forecast does on the Complete Journey panel, beside what others reach.

    python bench/runout.py [--task ../shared/runout]     our figures and every baseline's
    python bench/runout.py predict EVENTS.csv OUT.csv    answers for a file (for its leakcheck)
    python bench/runout.py stream                        one JSON line in, one answer out:
        python ../shared/runout/evaluate.py run --cmd "python bench/runout.py stream"

Everything is answered by the product's own code. The rows marked * are computed here; the others
are quoted from the task's README.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from panel import TASK, category_of, content_of, ledger_of, load_events

from warmline.service.care import night, recompute
from warmline.service.care.habit import NO_HABIT, Purchase, observe, to_day
from warmline.service.care.outlook import outlook
from warmline.service.care.parameters import parameters_of

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


def answer(event_id, on, days):
    moment = datetime.combine(on, datetime.min.time())
    p10, p50, p90 = (moment + timedelta(days=float(d)) for d in days)
    return {
        "event_id": event_id,
        "p10": p10.isoformat(),
        "p50": p50.isoformat(),
        "p90": p90.isoformat(),
    }


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


# ----------------------------------------------------------- plain baselines, learned until August
def past_gaps(events):
    """Every purchase with its own past: gaps so far, what was bought and over how many days."""
    rows = []
    seen = defaultdict(list)
    for event in events.sort_values("date", kind="stable").itertuples():
        past = seen[event.household_id, event.category]
        past.append((event.date, event.content))
        days = [(b[0] - a[0]).days for a, b in pairwise(past)]
        rate = sum(content for _, content in past[:-1]) / sum(days) if days else None
        rows.append(
            {
                "event_id": event.event_id,
                "category": event.category,
                "household_id": event.household_id,
                "date": event.date,
                "predict": event.predict,
                "median": float(np.median(days)) if days else None,
                "by_rate": event.content / rate if rate else None,
            }
        )
    return rows


def plain(rows, *, of):
    """A point from the household's past (or none), its spread from what such points missed before
    the learning ended; the category's own gaps where the household has no past."""
    learn_until, follow = date(2017, 8, 31), 60
    following = {}
    by_who = defaultdict(list)
    for row in rows:
        by_who[row["household_id"], row["category"]].append(row)
    for history in by_who.values():
        for one, other in pairwise(history):
            following[one["event_id"]] = (other["date"] - one["date"]).days
    gaps, ratios = defaultdict(list), defaultdict(list)
    for row in rows:
        gap = following.get(row["event_id"])
        if gap is None or gap > follow or row["date"].date() + timedelta(follow) > learn_until:
            continue
        gaps[row["category"]].append(gap)
        if of and row[of]:
            ratios[row["category"]].append(gap / row[of])
    answers = []
    for row in rows:
        if not row["predict"]:
            continue
        points = np.quantile(gaps[row["category"]], (0.1, 0.5, 0.9))
        if of and row[of]:
            spread = np.quantile(ratios[row["category"]], (0.1, 0.9))
            points = np.array([spread[0], 1.0, spread[1]]) * row[of]
        on = row["date"].date()
        answers.append(answer(row["event_id"], on, np.clip(points, 0.5, follow)))
    return answers


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


# ---------------------------------------------------------------------------------------- stream
def stream():
    """One purchase a line, in time order; an answer where one is asked."""
    habits = {}
    for line in sys.stdin:
        event = json.loads(line)
        category = category_of(event["category"])
        on, key = date.fromisoformat(event["date"]), (event["household_id"], category)
        parameters = parameters_of(category)
        purchase = Purchase(
            day=to_day(on),
            content=content_of(category, event["content"]),
            packs=float(event["qty"]),
            trips_28d=float(event["trips_28d"]),
        )
        habits[key] = observe(habits.get(key, NO_HABIT), purchase, parameters=parameters)
        if event["predict"]:
            told = outlook(habits[key], parameters=parameters)
            print(json.dumps(answer(event["event_id"], on, (told.p10, told.p50, told.p90))))
            sys.stdout.flush()


ACTIONS = ("compare", "stream", "predict", "speed")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "action", nargs="?", default="compare", choices=("compare", "stream", "speed")
    )
    parser.add_argument("--task", type=Path, default=TASK)
    options = parser.parse_args()
    if options.action == "stream":
        stream()
    else:
        started = time.perf_counter()
        compare(options.task)
        print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
