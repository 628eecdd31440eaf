"""What the fit learned for each consumable (`parameters.json`, written by `fitting.py`)."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PATH = Path(__file__).with_name("parameters.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The prior and the offsets of one category, in the units of `catalog.daily_use`.

    The habit's prior is worth `k0` gaps at a mean log gap `m0`, with `a0`, `b0` for its spread; a
    gap's weight fades by `rho` with each that follows. `beta_q`, `beta_t` move the gap with the log
    content bought and the log of other shopping days; `c_q`, `c_t` are where those are neutral.
    `typical_use` is a day's use of an average household, `returning` the share that buys again
    within 60 days.
    """

    k0: float
    m0: float
    a0: float
    b0: float
    rho: float
    beta_q: float
    c_q: float
    beta_t: float
    c_t: float
    typical_use: float
    returning: float


@lru_cache(maxsize=1)
def _learned() -> dict[str, Parameters]:
    rows = json.loads(PATH.read_text())["categories"]
    return {code: Parameters(**row) for code, row in rows.items()}


def parameters_of(category: str) -> Parameters:
    """What holds for this category; a category nobody has fitted uses the pooled row."""
    learned = _learned()
    return learned.get(category, learned["any"])


def forget() -> None:
    """Read the file anew: after a fit has written it."""
    _learned.cache_clear()
