"""Delivering against a provider that only nods, beside SQL that claims fifty messages a statement.

    python bench/deliver.py                       20,000 messages a round, a few minutes

Ours writes an attempt before each call and the outcome after it, decrypts number and text, asks the
consent and the quiet hours again; the floor only claims.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import Sample, median_rate, ratio, table, take_turns, watching

from warmline.base.postgres import Cluster

GOAL, STRETCH = 0.1, 0.3
CLAIM = """
UPDATE contacts_message SET status = 'sending', owner_id = 1, tries = tries + 1
WHERE id = ANY (ARRAY(
    SELECT id FROM contacts_message WHERE status = 'queued' AND run_at <= now()
    ORDER BY run_at, id LIMIT 50 FOR UPDATE SKIP LOCKED
))
RETURNING id
"""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=20_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    return parser.parse_args()


def fill(count: int) -> None:
    """Messages to a thousand families, all due, none sent yet."""
    from django.db import connection

    from warmline.core.contacts.models import Attempt, Message
    from warmline.core.people.models import Household, Store

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE contacts_attempt, contacts_message")
    if not Store.objects.exists():
        store = Store.objects.create(code="S1", name="Store")
        homes = [Household(store=store, joined_on="2026-01-01") for _n in range(1000)]
        Household.objects.bulk_create(homes)
    homes = list(Household.objects.values_list("pk", "store_id"))
    assert not Attempt.objects.exists()
    Message.objects.bulk_create(
        (
            Message(
                key=f"k{n}",
                household_id=homes[n % len(homes)][0],
                store_id=homes[n % len(homes)][1],
                channel="sms",
                purpose="logistics",
                to=f"+86138{n:08}",
                text="【暖线】您的包裹已发出，预计明天下午送达，送前会电话联系您。",
                template="SMS_1",
                params=[["day", "明天"]],
            )
            for n in range(count)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE contacts_message")


def floor(count: int) -> Sample:
    from django.db import connection

    fill(count)
    with connection.cursor() as cursor, watching({"python": os.getpid()}) as cpu:
        began, claimed = time.monotonic(), 0
        while True:
            cursor.execute(CLAIM)
            if not (rows := cursor.fetchall()):
                break
            claimed += len(rows)
        took = time.monotonic() - began
    assert claimed == count
    return Sample(count, took, cpu)


def ours(count: int) -> Sample:
    from warmline.core.contacts.channels.outbox import Outbox
    from warmline.core.contacts.delivering import Postman
    from warmline.core.contacts.models import Attempt, Message
    from warmline.core.journal.workers import Shift

    fill(count)
    nods = Outbox()
    with Shift("deliver") as shift, watching({"python": os.getpid()}) as cpu:
        postman = Postman(shift, lambda _kind: nods)
        began = time.monotonic()
        while postman.deliver_once():
            pass
        took = time.monotonic() - began
    assert Message.objects.filter(status="accepted").count() == count
    assert Attempt.objects.count() == count
    return Sample(count, took, cpu)


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        Path(fresh).chmod(0o755)  # root's server runs as another user
        os.environ |= {"WARMLINE_DATA": fresh, "DJANGO_SETTINGS_MODULE": "config.settings"}
        with Cluster(Path(fresh) / "database").running() as cluster:
            os.environ["DATABASE_URL"] = cluster.url("warmline")
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            if asked.profile:
                profile(asked.messages)
            turns = {
                "claim 50 a statement": lambda: floor(asked.messages),
                "deliver": lambda: ours(asked.messages),
            }
            samples = take_turns(turns, rounds=asked.rounds)
            print(table(samples, ["python"]))
            share = ratio(samples["deliver"], samples["claim 50 a statement"])
            goals = f"goal ≥ {GOAL}, stretch ≥ {STRETCH}"
            print(f"deliver ÷ claim-50 SQL: {share:.2f} ({goals})")
            print(f"{median_rate(samples['deliver']):,.0f} messages a second by one worker")


def profile(count: int) -> None:
    import cProfile
    import pstats

    watch = cProfile.Profile()
    watch.runcall(ours, count)
    pstats.Stats(watch).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
