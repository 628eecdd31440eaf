"""The Complete Journey panel as ledgers, through the shared task's own `events.py`."""

import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TASK = ROOT.parent / "shared" / "runout"
sys.path.insert(0, str(ROOT))

from warmline.goods.catalog.daily_use import G_PER_OZ, ML_PER_FL_OZ, ML_PER_LOAD, fl_oz_to_g
from warmline.service.care.habit import EPOCH
from warmline.service.care.recompute import Ledger

OURS = {"baby_wipes": "wipes"}
CATEGORIES = (
    "formula",
    "diapers",
    "baby_food",
    "wipes",
    "milk",
    "coffee",
    "bath_tissue",
    "laundry",
    "cat_food",
)

FACTORS = {
    "formula": fl_oz_to_g(1.0),
    "baby_food": G_PER_OZ,
    "milk": ML_PER_FL_OZ,
    "laundry": ML_PER_LOAD,
}


def category_of(theirs: str) -> str:
    return OURS.get(theirs, theirs)


def content_of(category: str, content: Any) -> Any:
    """Content in our unit: their formula is counted as fed, ours as powder."""
    return content * FACTORS.get(category, 1.0)


def load_events(task: Path) -> Any:
    """Events of the households we may look at (even parity), in time order."""
    sys.path.insert(0, str(task))
    from events import build_events

    return build_events("even")


def ledger_of(events: Any) -> tuple[Ledger, Any]:
    """The ledger of these events, and the events in its order."""
    e = events.assign(ours=events["category"].map(category_of))
    e["code"] = e["ours"].map({code: i for i, code in enumerate(CATEGORIES)})
    e = e.sort_values(["household_id", "code", "date"], ignore_index=True)
    e["day"] = (e["date"] - np.datetime64("1970-01-01")).dt.days + 719163 - EPOCH
    factor = e["ours"].map(FACTORS).fillna(1.0).to_numpy(np.float64)
    listed = (e["spend"] + e["discount"]).clip(lower=0.01)
    ledger = Ledger(
        categories=CATEGORIES,
        household=e["household_id"].to_numpy(np.int64),
        category=e["code"].to_numpy(np.int64),
        day=e["day"].to_numpy(np.int64),
        content=e["content"].to_numpy(np.float64) * factor,
        packs=e["qty"].to_numpy(np.float64),
        trips_28d=e["trips_28d"].to_numpy(np.float64),
        discount=(e["discount"] / listed).clip(0, 1).to_numpy(np.float64),
    )
    return ledger, e


def ledger_of_purchases(household, lines):
    """One household's ledger from (category code, day, purchase), sorted."""
    bought = [purchase for _, _, purchase in lines]
    return Ledger(
        categories=CATEGORIES,
        household=np.full(len(lines), household, np.int64),
        category=np.array([code for code, _, _ in lines], np.int64),
        day=np.array([day for _, day, _ in lines], np.int64),
        content=np.array([p.content for p in bought]),
        packs=np.array([p.packs for p in bought]),
        trips_28d=np.array([p.trips_28d for p in bought]),
        discount=np.array([p.discount for p in bought]),
    )
