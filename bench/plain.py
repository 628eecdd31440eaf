"""Forecasts without a model: what a spreadsheet would say, learned from purchases until August."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np


def answer(event_id, on, days):
    """Days after a purchase as the dates the task asks for."""
    moment = datetime.combine(on, datetime.min.time())
    p10, p50, p90 = (moment + timedelta(days=float(d)) for d in days)
    return {
        "event_id": event_id,
        "p10": p10.isoformat(),
        "p50": p50.isoformat(),
        "p90": p90.isoformat(),
    }


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
