"""Every run-out state of a chain anew from its lines, beside the plain window-function SQL.

    python bench/recompute.py                             100,000 families, 1.2 M lines
    python bench/recompute.py --households 1000000        the whole chain
    python bench/recompute.py --data DIR                  the chain that lives there, kept

The SQL is one sequential depletion at a fixed daily use, ours the learned habit (forgetting, offsets,
trips, returns). Both read the same lines and put a state of each family and consumable into a
temporary table; then the same again with these states written into the rows of the chain, all of
which change. Rounds take turns, each in a transaction that is rolled back, with a VACUUM between.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import psycopg
from deployed import deployed, seed_file
from measure import Sample, median_rate, postmaster_of, ratio, table, take_turns, watching

HERE = Path(__file__).parent
GOAL, STRETCH = 1.0, 3.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--households", type=int, default=100_000, help="of a fresh chain")
    parser.add_argument("--receipts", type=int, default=4, help="of each family, three lines each")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="a Warmline data directory")
    return parser.parse_args()


def seed(asked: argparse.Namespace) -> None:
    from warmline.goods.sales.models import SaleLine

    if not SaleLine.objects.exists():
        seed_file(HERE / "recompute_seed.sql", households=asked.households, receipts=asked.receipts)


def measured(work, lines: int, postmaster: int) -> Sample:
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("VACUUM care_runout")
    with transaction.atomic(), watching({"postgres": postmaster}) as used:
        began, cpu = time.monotonic(), time.process_time()
        rows = work()
        took, cpu = time.monotonic() - began, time.process_time() - cpu
        transaction.set_rollback(True)
    print(f"  {rows:,} rows in {took:.2f} s", file=sys.stderr)
    return Sample(lines, took, {**used, "python": cpu})


def plain_sql() -> int:
    from django.db import connection

    from warmline.goods.catalog.models import Category
    from warmline.service.care.parameters import parameters_of

    codes = dict(Category.objects.exclude(use="").values_list("pk", "code"))
    use = {pk: parameters_of(code).typical_use for pk, code in codes.items()}
    said = {"categories": list(use), "per_day": [max(u, 1e-6) for u in use.values()]}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        with psycopg.ClientCursor(connection.connection) as plain:  # a table's query takes no "$1"
            plain.execute((HERE / "recompute_floor.sql").read_text(), said)
            return int(plain.rowcount)


def plain_sql_written() -> int:
    from django.db import connection

    plain_sql()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE plain")
        cursor.execute((HERE / "recompute_write.sql").read_text())
        return int(cursor.rowcount)


def recomputed() -> int:
    from django.db import connection

    from warmline.core.people.models import Household
    from warmline.service.care.relearning import SLICE, clear, put_down

    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
    for first in range(1, Household.objects.latest("pk").pk + 1, SLICE):
        rows += put_down(first, first + SLICE)
        clear()
    return rows


def make_old() -> None:
    """Rows as an older release learned them: every one of them will change."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE care_runout SET n = -1, purchases = 0, is_stale = false")
        cursor.execute("VACUUM FULL ANALYZE care_runout")


def main() -> None:
    asked = arguments()
    with deployed(asked.data):
        from django.db import connection

        from warmline.goods.sales.models import SaleLine
        from warmline.service.care.relearning import relearn

        seed(asked)
        if not relearn():
            raise SystemExit("this chain has bought nothing that runs out")
        make_old()
        lines = SaleLine.objects.filter(household_id__isnull=False).count()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            postmaster = postmaster_of(cursor.fetchone()[0])
        variants = {
            "window-function SQL": plain_sql,
            "recompute": recomputed,
            "window-function SQL, written": plain_sql_written,
            "recompute, written": relearn,
        }
        samples = take_turns(
            {
                name: lambda work=work: measured(work, lines, postmaster)
                for name, work in variants.items()
            },
            rounds=asked.rounds,
        )
    print(f"{lines:,} lines")
    print(table(samples, ["postgres", "python"]))
    for kind in ("", ", written"):
        ours = samples[f"recompute{kind}"]
        faster = ratio(ours, samples[f"window-function SQL{kind}"])
        print(
            f"recompute{kind} ÷ window-function SQL{kind}: {faster:.2f}, "
            f"{median_rate(ours):,.0f} lines/s (goal {GOAL}, stretch {STRETCH})"
        )


if __name__ == "__main__":
    main()
