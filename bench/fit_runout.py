"""Learn the forecast's parameters from the Complete Journey panel and write them beside the code.

    python bench/fit_runout.py [--task ../shared/runout] [--until 2017-08-31]

Only households of even parity and purchases until the last day of August 2017 are looked at, as the
shared task demands; gaps still open then count as open.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from panel import TASK, ledger_of, load_events

from warmline.service.care import fitting, night_fitting, parameters
from warmline.service.care.habit import to_day
from warmline.service.care.night import PATH as NIGHT_PATH
from warmline.service.care.parameters import PATH
from warmline.service.care.recompute import rows

LAST_DAY = date(2017, 8, 31)


def fit_habits(ledger, *, until_day):
    """The prior of each category, and one for whatever else a chain may sell."""
    among = fitting.fit_any(ledger, until_day=until_day)
    fitted = {}
    for code, category in enumerate(ledger.categories):
        own = rows(ledger, ledger.category == code)
        fitted[category] = fitting.fit(own, category=category, until_day=until_day, among=among)
        print(f"{category:12s} {len(own):6d} purchases", fitted[category], flush=True)
    return fitted | {"any": among}


def rounded(fitted):
    return {
        category: {name: round(value, 5) for name, value in asdict(p).items()}
        for category, p in fitted.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", type=Path, default=TASK)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST_DAY)
    options = parser.parse_args()
    assert options.until <= LAST_DAY, "what comes later is for scoring"

    events = load_events(options.task)
    ledger, _ = ledger_of(events[events["date"] <= str(options.until)])
    fitted = rounded(fit_habits(ledger, until_day=to_day(options.until)))
    made = f"bench/fit_runout.py on {len(ledger)} purchases until {options.until}"
    body = {"made": made, "categories": fitted}
    PATH.write_text(json.dumps(body, indent=1) + "\n")
    parameters.forget()

    started = time.perf_counter()
    night = night_fitting.teach(ledger, until_day=to_day(options.until))
    body = {"made": made, **night_fitting.written(night)}
    NIGHT_PATH.write_text(json.dumps(body) + "\n")
    print(f"the night's nets were taught in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
