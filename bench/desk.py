"""The desk at a large chain: the inbox, the intake, the ladder and the night, each beside its floor.

    python bench/desk.py                                 100,000 open of 1,100,000 cases, some minutes
    python bench/desk.py --closed 5000000 --peer         as many as the issue asks for, beside a peer
    python bench/desk.py --closed 50000 --open 5000 --contacts 20000 --rounds 1 --seconds 2     a small cut

Intake goes over HTTP: a token, an Idempotency-Key, a family known by its number; the answer is given
when number, case, event, arrival, promises, journal and read audit are committed. Its floor is pgbench
writing the very same rows as plain prepared statements of one transaction. The peer is django-helpdesk
with as many open tickets, driven in process, without HTTP, which is to its advantage.
"""

import argparse
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from deployed import deployed
from measure import (
    Sample,
    http,
    load,
    median_rate,
    pgbench,
    postmaster_of,
    ratio,
    table,
    take_turns,
    watching,
    web_server,
)

HERE = Path(__file__).parent
GOALS = {"inbox_ms": 60, "intake": 0.25, "ladder_s": 10, "night_s": 60}
DAY = date(2026, 1, 5)  # the one that is reckoned
WORDS = "昨天在店里买的奶粉，罐口没有封好，勺子也不在里面，想换一罐"
FLOORS = 5_000  # families of whom only the floor writes
PARTS = ("inbox", "night", "intake", "ladder")
VIEWS = {
    "by clock": "/desk/",
    "to be answered": "/desk/?state=open",
    "of one kind": "/desk/?kind=quality",
    "of one store": "/desk/?store=S7",
    "nobody's": "/desk/?whose=nobody",
    "late": "/desk/?when=late",
    "settled": "/desk/?state=settled",
    "a later page": "/desk/?after=0_2026-11-29T12:00:00%2B00:00_1",
}
LOADED = ["desk_case", "desk_caseevent", "desk_arrival", "desk_channelline"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--closed", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=1_000_000, help="of the day reckoned")
    parser.add_argument("--families", type=int, default=100_000, help="who ask over HTTP")
    parser.add_argument("--stores", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8, help="of a round of intake")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pages", type=int, default=100, help="looked at in each view")
    parser.add_argument("--peer", action="store_true", help="beside django-helpdesk")
    parser.add_argument("--only", default=",".join(PARTS))
    return parser.parse_args()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    found = work()
    return time.monotonic() - began, found


def seed(asked: argparse.Namespace) -> None:
    from django.db import connection, transaction

    from warmline.base import sql
    from warmline.base.crypto import blind
    from warmline.core.people import calendar
    from warmline.core.people.models import Region, Staff, Store
    from warmline.world.bare import bare

    region = Region.objects.create(code="R", name="R")
    stores = [Store(code=f"S{n}", name=f"S{n}", region=region) for n in range(asked.stores)]
    Store.objects.bulk_create(stores)
    calendar.lay_out_ahead(21)
    Staff.objects.create_user("agent", "-", name="agent", role="agent")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        with transaction.atomic(), bare(LOADED):
            sql.changed(HERE / "desk_seed.sql", {"open": asked.open, "closed": asked.closed})
            cursor.execute((HERE / "desk_events.sql").read_text())
            most = min(asked.contacts, asked.open + asked.closed)
            sql.changed(HERE / "desk_arrivals.sql", {"count": most, "on": DAY})
        numbers = [blind(phone_of(n)) for n in range(asked.families + FLOORS)]
        sql.changed(HERE / "desk_families.sql", {"numbers": numbers})
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("RESET statement_timeout")


def phone_of(family: int) -> str:
    return f"+86139{family:08d}"


def inbox(asked: argparse.Namespace) -> None:
    """Pages as an agent opens them, in this process: its middleware, its session, its audit."""
    from django.test import Client

    from warmline.core.people.models import Staff

    client = Client(headers={"host": "localhost"})
    client.force_login(Staff.objects.get(username="agent"))
    worst = 0.0
    for name, path in VIEWS.items():
        times = []
        for _n in range(asked.pages + 5):
            took, answer = timed(lambda path=path: client.get(path))
            assert answer.status_code == 200, (path, answer.status_code)
            times.append(1000 * took)
        p95 = statistics.quantiles(times[5:], n=20)[-1]
        worst = max(worst, p95)
        print(f"inbox, {name:16} median {statistics.median(times[5:]):6.1f} ms, p95 {p95:6.1f} ms")
    print(
        f"inbox: the slowest view's p95 is {worst:.1f} ms (goal ≤ {GOALS['inbox_ms']})", flush=True
    )


def night(_asked: argparse.Namespace) -> None:
    from warmline.service.desk.reckoning import reckon

    took, (came, omitted, gaps) = timed(lambda: reckon(DAY))
    told = f"{came:,} contacts, {omitted:,} missed, {gaps} gaps"
    print(f"night: {told} in {took:.1f} s (goal ≤ {GOALS['night_s']})", flush=True)


class Callers:
    """Families that ask over HTTP, each once: of one that asks again at once it is the same case."""

    def __init__(self, asked: argparse.Namespace) -> None:
        from warmline.core.people.models import Token

        self.token = Token.issue(name="bench", role="hq")[1]
        self.asked, self.round = asked, 0
        self.share = asked.families // (asked.clients * (asked.rounds + 1))

    def requests(self) -> Callable[[int, int], bytes]:
        first = self.round * self.asked.clients * self.share
        self.round += 1

        def request(client: int, number: int) -> bytes:
            family = first + client * self.share + number % self.share
            said = {
                "words": WORDS,
                "channel": "phone",
                "phone": phone_of(family),
                "name": "林先生",
                "store": f"S{family % self.asked.stores}",
                "kind": "quality",
            }
            key = f"{self.round}-{client}-{number}"
            body = json.dumps(said, ensure_ascii=False).encode()
            return http("POST", "/api/v1/cases", self.token, body, Idempotency_Key=key)

        return request


def over_http(callers: Callers, port: int, groups: dict[str, int]) -> Sample:
    asked = callers.asked
    with watching(groups) as used:
        posted = load(port, callers.requests(), clients=asked.clients, seconds=asked.seconds)
    if posted.bad:
        raise SystemExit(f"{posted.bad} requests failed: {posted.last_bad!r}")
    return Sample(posted.ok, posted.seconds, {**used, "client": posted.cpu_s})


def floor(asked: argparse.Namespace, postmaster: int) -> Sample:
    from warmline.core.journal.listeners import listeners_of
    from warmline.core.people.models import Household
    from warmline.service.desk.models import CaseKind
    from warmline.service.desk.signals import CaseOpened

    last = (
        Household.objects.filter(source="bench").order_by("pk").values_list("pk", flat=True).last()
    )
    define = {
        "kind": CaseKind.objects.values_list("pk", flat=True)[0],
        "h0": last - FLOORS + 1,
        "h1": last,
        "listeners": ",".join(listeners_of(CaseOpened)),
    }
    with watching({"postgres": postmaster, "client": os.getpid()}) as used:
        rate = pgbench(
            os.environ["DATABASE_URL"],
            HERE / "desk_floor.sql",
            clients=asked.clients,
            seconds=asked.seconds,
            define=define,
        )
    seconds = max(1, round(asked.seconds))
    return Sample(rate * seconds, seconds, used)


def intake(asked: argparse.Namespace) -> None:
    from django.db import connection

    callers = Callers(asked)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = postmaster_of(cursor.fetchone()[0])
    connection.close()
    with contextlib.ExitStack() as stack:
        port, web = stack.enter_context(web_server())
        groups = {"postgres": postmaster, "web": web}
        turns: dict[str, Callable[[], Sample]] = {
            "floor: pgbench, the same rows": lambda: floor(asked, postmaster),
            "a contact a request": lambda: over_http(callers, port, groups),
        }
        if asked.peer:
            from peers.tickets import Helpdesk

            peer = stack.enter_context(Helpdesk(os.environ["DATABASE_URL"], asked))
            turns["django-helpdesk, ticket opened"] = lambda: peer.take(asked.seconds, "open")
            turns["django-helpdesk, list of 50"] = lambda: peer.take(asked.seconds, "list")
        samples = take_turns(turns, rounds=asked.rounds)
    print(table(samples, ["postgres", "web", "client"]))
    mine, *rest = [samples[name] for name in list(turns)[1:]]
    share = ratio(mine, samples["floor: pgbench, the same rows"])
    print(f"intake over HTTP ÷ pgbench of the same rows: {share:.2f} (goal ≥ {GOALS['intake']})")
    if rest:
        print(f"intake over HTTP ÷ django-helpdesk's in process: {ratio(mine, rest[0]):.1f}")
        print(f"django-helpdesk's list: {1000 / median_rate(rest[1]):.0f} ms a page", flush=True)


def ladder(asked: argparse.Namespace) -> None:
    """Every open case is an hour late, and it is noon: the shops are open."""
    from django.db import connection

    from warmline.base.clock import CHINA, now
    from warmline.service.desk.escalating import escalate
    from warmline.service.desk.models import Case

    clock = Path(os.environ["WARMLINE_DATA"]) / "clock"
    noon = now().astimezone(CHINA).replace(hour=12, minute=0)
    clock.write_text(noon.isoformat())
    os.environ |= {"WARMLINE_TESTING": "1", "WARMLINE_CLOCK": str(clock)}
    late = Case.objects.open()
    late.update(due_at=noon - timedelta(hours=1), rung=0, escalated_at=None)
    with connection.cursor() as cursor:
        # Nobody moves a hundred thousand deadlines at once: what that left behind is cleared away.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE desk_case")
        cursor.execute("RESET statement_timeout")
    took, done = timed(escalate)
    said = f"{done:,} of {late.count():,} late cases a rung up"
    print(f"ladder: {said} in {took:.1f} s (goal ≤ {GOALS['ladder_s']})")
    took, done = timed(escalate)
    print(f"ladder: a look when nothing is to be done: {1000 * took:.0f} ms", flush=True)


def main() -> None:
    asked = arguments()
    with deployed(None):
        from django.conf import settings

        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        took, _ = timed(lambda: seed(asked))
        print(f"seeded {asked.open + asked.closed:,} cases in {took:.0f} s", flush=True)
        parts = {"inbox": inbox, "night": night, "intake": intake, "ladder": ladder}
        for name in asked.only.split(","):
            parts[name](asked)


if __name__ == "__main__":
    main()
