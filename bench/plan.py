"""The morning plan over all due states, beside the bare SQL statement that writes as many rows.

    python bench/plan.py                                  100,000 families, ten states each
    python bench/plan.py --households 1000000             the whole chain: 10 M states, 7,000 guides
    python bench/plan.py --data DIR                       the chain of `warmline seed` that lives there
    python bench/plan.py --all                            every built-in playbook, not only run-outs

The bare statement writes into the same table, and knows no playbooks, consents, budgets, calendars,
capacities in use or reasons.
Rounds take turns, each in a transaction that is rolled back.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import Sample, ratio, take_turns

from warmline.base.postgres import Cluster

HERE = Path(__file__).parent
MADE_FOR = date(2026, 11, 21)  # the morning that plan_seed.sql is drawn for
GOAL, STRETCH = 3.0, 1.5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="of a chain; a new one is kept there")
    parser.add_argument("--all", action="store_true", help="every built-in playbook")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    return parser.parse_args()


def seed(asked: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection

    from warmline.core.people.models import Store
    from warmline.goods.catalog.models import Category

    call_command("migrate", verbosity=0)
    if Store.objects.exists():
        return
    for n in range(Category.objects.count(), 10):
        Category.objects.create(code=f"more-{n}", name={"en": f"More {n}"}, use="habit")
    stores = max(1, asked.households * 1200 // 1_000_000)
    said = {"households": asked.households, "stores": stores, "on": MADE_FOR}
    said["guides"] = max(stores, asked.households * 7000 // 1_000_000)
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")  # ids below are right by making
        for statement in (HERE / "plan_seed.sql").read_text().split(";\n"):
            if statement.strip():
                cursor.execute(
                    statement, {k: v for k, v in said.items() if f"%({k})s" in statement}
                )
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")
    print(f"seeded in {time.monotonic() - began:.0f} s", file=sys.stderr)


def next_morning() -> date:
    """The first that nobody has planned yet: the day after `warmline seed` drew its last receipts."""
    from django.db.models import Max

    from warmline.core.people.models import Household

    last = Household.objects.aggregate(last=Max("last_sale_on"))["last"]
    return last + timedelta(days=1) if last else MADE_FOR


@contextlib.contextmanager
def tried(*, every: bool) -> Iterator[None]:
    """A transaction that is rolled back, in which only run-outs are planned, or everything is; nobody
    has anything left to do from the day before."""
    from django.db import connection, transaction

    from warmline.core.playbooks.models import Playbook

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM promises_promise WHERE status = 'made'")
        if not every:
            Playbook.objects.exclude(code="run-out").update(is_on=False)
        yield
        transaction.set_rollback(True)


def floor(on: date, *, every: bool) -> Sample:
    from django.db import connection

    from warmline.core.playbooks.models import Playbook

    script = Playbook.objects.get(code="run-out").script_id
    early = early_on(on)
    said = {"first": on - timedelta(days=3), "on": on, "now": early, "due": early, "script": script}
    with tried(every=every), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        began = time.monotonic()
        cursor.execute((HERE / "plan_floor.sql").read_text(), said)
        took, rows = time.monotonic() - began, cursor.rowcount
    print(f"  {rows:,} promises by the bare statement in {took:.2f} s", file=sys.stderr)
    return Sample(1, took)


def early_on(day: date) -> datetime:
    """Six in the morning where the stores are."""
    return datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=2)


def ours(on: date, *, every: bool) -> Sample:
    from warmline.core.playbooks.planning import plan

    with tried(every=every):
        began = time.monotonic()
        figures = plan(on)
        took = time.monotonic() - began
    said = f"{figures.found:,} found, {figures.promised:,} promised in {took:.2f} s"
    print(f"  {said}", file=sys.stderr)
    return Sample(1, took)


def profile(on: date, *, every: bool) -> None:
    from django.db import connection

    from warmline.core.playbooks.planning import plan

    connection.force_debug_cursor = True
    with tried(every=every):
        plan(on)
    for query in connection.queries:
        if float(query["time"]) > 0.02:
            print(f"{query['time']:>8} s  {' '.join(query['sql'].split())[:110]}")


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        clock = Path(fresh) / "clock"
        clock.write_text(early_on(MADE_FOR).isoformat())
        home = (asked.data or Path(fresh)).absolute()
        home.mkdir(exist_ok=True)
        home.chmod(0o755)  # root's server runs as another user
        os.environ |= {
            "WARMLINE_DATA": str(home),
            "WARMLINE_TESTING": "1",
            "WARMLINE_CLOCK": str(clock),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        with Cluster(home / "database").running() as cluster:
            os.environ["DATABASE_URL"] = cluster.url("warmline")
            import django

            django.setup()
            seed(asked)
            on = next_morning()
            clock.write_text(early_on(on).isoformat())
            if asked.profile:
                profile(on, every=asked.all)
            variants = {
                "bare statement": lambda: floor(on, every=asked.all),
                "plan": lambda: ours(on, every=asked.all),
            }
            samples = take_turns(variants, rounds=asked.rounds)
            slower = ratio(samples["bare statement"], samples["plan"])
            goals = f"goal ≤ {GOAL}, stretch ≤ {STRETCH}"
            print(f"morning plan ÷ bare statement: {slower:.2f}× its time ({goals})")


if __name__ == "__main__":
    main()
