"""The desk at a large chain: the inbox, the intake, the ladder and the night, each beside its floor.

    python bench/desk.py                          100,000 open of 1,100,000 cases, some minutes
    python bench/desk.py --closed 5000000         as many as the issue asks for

Intake is `receive()` by one worker (number, case, event, arrival, journal and its tasks in one
transaction) beside the same rows as prepared INSERTs, each in a transaction of its own.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import Sample, ratio, table, take_turns, watching

from warmline.base.postgres import Cluster

HERE = Path(__file__).parent
GOALS = {"inbox_ms": 60, "intake": 0.25, "ladder_s": 10, "night_s": 60}
DAY = date(2026, 1, 5)
ROWS = """
WITH n AS (
    INSERT INTO desk_numbering (channel, "on", last) VALUES ('api', %(on)s, 1)
    ON CONFLICT (channel, "on") DO UPDATE SET last = desk_numbering.last + 1 RETURNING last
), c AS (
    INSERT INTO desk_case (kind_id, store_id, from_whom, name, gist, phone_last4, token, token_digest,
        channel, urgency, lot, supplier, opened_at, state, finish_days, queue, answer_by, finish_by,
        due_at, outcome, feedback_due, seq, last_at, rung)
    VALUES (%(kind)s, 1, 'family', %(sealed)s, %(sealed)s, '5678', %(sealed)s, %(digest)s, 'api', 0,
        '', '', now(), 'open', 3, 'store', now(), now(), now(), '', '{}', 1, now(), 0)
    RETURNING id
), e AS (
    INSERT INTO desk_caseevent (case_id, seq, kind, at, words, is_shown, body)
    SELECT id, 1, 'opened', now(), %(sealed)s, true, '{"clocks": {}}' FROM c
), a AS (
    INSERT INTO desk_arrival (channel, "on", number, key, case_id, store_id, from_whom, name, phone,
        email, wecom_id, subject, words, opened, at, recorded_at)
    SELECT 'api', %(on)s, n.last, %(key)s, c.id, 1, 'family', %(sealed)s, %(sealed)s, '', '', '',
        %(sealed)s, true, now(), now() FROM n, c
), j AS (
    INSERT INTO journal_entry (kind, at, store_id, body)
    VALUES ('desk.opened', now(), 1, '{"case": 1, "store": 1}') RETURNING id
)
INSERT INTO journal_task (entry_id, listener) SELECT j.id, 'bench' || l FROM j, generate_series(1, 3) l
"""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--closed", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=1_000_000, help="of the day reckoned")
    parser.add_argument("--intake", type=int, default=1_000, help="contacts in each round")
    parser.add_argument("--stores", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def seed(asked: argparse.Namespace) -> None:
    from django.db import connection

    from warmline.base import sql
    from warmline.core.people import calendar
    from warmline.core.people.models import Region, Staff, Store

    region = Region.objects.create(code="R", name="R")
    stores = [Store(code=f"S{n}", name=f"S{n}", region=region) for n in range(asked.stores)]
    Store.objects.bulk_create(stores)
    calendar.lay_out_ahead(7)
    Staff.objects.create_user("agent", "-", name="agent", role="agent")
    counts = {"open": asked.open, "closed": asked.closed, "late": 2.0}
    with connection.cursor() as cursor:
        sql.changed(HERE / "desk_seed.sql", counts)
        cursor.execute((HERE / "desk_events.sql").read_text())
        most = min(asked.contacts, asked.open + asked.closed)
        sql.changed(HERE / "desk_arrivals.sql", {"count": most, "on": DAY})
        cursor.execute("VACUUM ANALYZE")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    found = work()
    return time.monotonic() - began, found


def inbox() -> None:
    from django.test import Client

    from warmline.core.people.models import Staff

    client = Client(headers={"host": "localhost"})
    client.force_login(Staff.objects.get(username="agent"))
    for name, path in {"inbox": "/desk/", "inbox of a state": "/desk/?state=open"}.items():
        times = []
        for _n in range(60):
            took, answer = timed(lambda path=path: client.get(path))
            assert answer.status_code == 200, answer.status_code
            times.append(1000 * took)
        p95 = statistics.quantiles(times[10:], n=20)[-1]
        median = statistics.median(times[10:])
        print(f"{name}: median {median:.1f} ms, p95 {p95:.1f} ms (goal ≤ {GOALS['inbox_ms']})")


def receive_many(count: int) -> Sample:
    from warmline.core.people.models import Store
    from warmline.service.desk.receiving import Asker, receive

    store = Store.objects.order_by("pk").first()
    with watching({"python": os.getpid()}) as cpu:
        took, _ = timed(
            lambda: [
                receive(channel="api", words="罐口没有封好", asker=Asker(name="林"), store=store)
                for _n in range(count)
            ]
        )
    return Sample(count, took, cpu)


def floor(count: int) -> Sample:
    from django.db import connection

    from warmline.base.crypto import encrypt
    from warmline.service.desk.models import CaseKind

    said = {"on": date(2026, 1, 6), "kind": CaseKind.objects.first().pk}
    said["sealed"] = encrypt("罐口没有封好", place="bench")
    with connection.cursor() as cursor, watching({"python": os.getpid()}) as cpu:

        def write() -> None:
            for _n in range(count):
                key = os.urandom(16)
                cursor.execute(ROWS, {**said, "digest": key + key, "key": key.hex()})

        took, _ = timed(write)
    return Sample(count, took, cpu)


def ladder(count: int) -> None:
    from warmline.service.desk.escalating import escalate
    from warmline.service.desk.models import Case

    Case.objects.open().update(due_at=time_ago(), rung=0, escalated_at=None)

    def climb() -> int:
        done = 0
        while more := escalate():
            done += more
        return done

    took, done = timed(climb)
    print(f"ladder: {done:,} of {count:,} cases in {took:.1f} s (goal ≤ {GOALS['ladder_s']})")


def time_ago() -> Any:
    from datetime import timedelta

    from warmline.base.clock import now

    return now() - timedelta(minutes=5)


def night() -> None:
    from warmline.service.desk.reckoning import reckon

    took, (came, omitted, gaps) = timed(lambda: reckon(DAY))
    told = f"{came:,} contacts, {omitted:,} missed, {gaps} gaps"
    print(f"night: {told} in {took:.1f} s (goal ≤ {GOALS['night_s']})")


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        Path(fresh).chmod(0o755)  # root's server runs as another user
        clock = Path(fresh) / "clock"
        os.environ |= {"WARMLINE_DATA": fresh, "DJANGO_SETTINGS_MODULE": "config.settings"}
        with Cluster(Path(fresh) / "database").running() as cluster:
            os.environ["DATABASE_URL"] = cluster.url("warmline")
            import django
            from django.core.management import call_command

            django.setup()
            from django.conf import settings

            settings.STORAGES["staticfiles"] = {
                "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
            }
            call_command("migrate", verbosity=0)
            took, _ = timed(lambda: seed(asked))
            print(f"seeded {asked.open + asked.closed:,} cases in {took:.0f} s", flush=True)
            inbox()
            night()
            turns = {
                "the same rows, one statement": lambda: floor(asked.intake),
                "receive": lambda: receive_many(asked.intake),
            }
            samples = take_turns(turns, rounds=asked.rounds)
            print(table(samples, ["python"]))
            share = ratio(samples["receive"], samples["the same rows, one statement"])
            print(f"intake ÷ rows: {share:.2f} (goal ≥ {GOALS['intake']} over HTTP)")
            noon(clock)
            ladder(asked.open)


def noon(clock: Path) -> None:
    """The ladder is climbed while shops are open: let it be noon."""
    from warmline.base.clock import CHINA, now

    at = now().astimezone(CHINA).replace(hour=12, minute=0)
    clock.write_text(at.isoformat())
    os.environ |= {"WARMLINE_TESTING": "1", "WARMLINE_CLOCK": str(clock)}


if __name__ == "__main__":
    main()
