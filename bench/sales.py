"""Posting sales over HTTP, beside the floor: pgbench writing the same rows with nothing above them.

    python bench/sales.py                              a small chain in a fresh place, a few minutes
    python bench/sales.py --data DIR                   the chain that lives there (warmline seed …)
    python bench/sales.py --react                      with the react loop keeping up
    python bench/sales.py --peer oscar                 beside django-oscar's place_order
    python bench/sales.py --rounds 1 --seconds 2       a small cut: does it still run?

Each receipt has three lines, a member, an Idempotency-Key; its answer is audited, its signal is
recorded for every listener. The floor writes exactly those rows in one prepared transaction.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import (
    ROOT,
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

from warmline.base.postgres import Cluster

HERE = Path(__file__).parent
GOALS = {"single": (0.25, 0.40), "batch": (1.0, 1.8), "react": (0.15, 0.30), "oscar": (10, 25)}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a Warmline data directory")
    parser.add_argument("--households", type=int, default=20_000, help="of a fresh chain")
    parser.add_argument("--history", type=int, default=3, help="receipts a family had before")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--batch", type=int, default=25, help="receipts in one batch")
    parser.add_argument("--react", action="store_true", help="sustained, with reactions done")
    parser.add_argument("--peer", choices=["oscar"], help="beside another system")
    return parser.parse_args()


@contextlib.contextmanager
def chain(asked: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """A database with a chain in it; gives the app's and the owner's address."""
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        data = asked.data or Path(fresh)
        if not asked.data:
            data.chmod(0o755)  # root's server runs as another user
        os.environ["WARMLINE_DATA"] = str(data.absolute())
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        server = os.environ.get("DATABASE_URL", "")
        with (
            contextlib.nullcontext() if server else Cluster(data / "database").running() as cluster
        ):
            app = server or cluster.url("warmline_app")
            owner = os.environ.get("WARMLINE_DATABASE_OWNER_URL") or (
                server or cluster.url("warmline")
            )
            prepare(asked, owner)
            os.environ["DATABASE_URL"] = app
            yield app, owner


def prepare(asked: argparse.Namespace, owner: str) -> None:
    """Tables, and a small chain if there is none, in a process of its own: as the owner."""
    env = {**os.environ, "DATABASE_URL": owner}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, check=True, cwd=ROOT, env=env)
    import psycopg

    with psycopg.connect(owner, autocommit=True) as db:
        known = db.execute("SELECT count(*) FROM people_member WHERE member_no IS NOT NULL")
        if known.fetchone()[0] == 0:
            print(f"seeding {asked.households:,} households …", file=sys.stderr)
            params = {"households": asked.households, "history": asked.history}
            with psycopg.ClientCursor(db) as cursor:
                cursor.execute((HERE / "sales_seed.sql").read_text(), params)
            db.execute("VACUUM ANALYZE")


class Chain:
    """What requests are made of: members, stores and articles that exist."""

    def __init__(self) -> None:
        import django

        django.setup()
        from django.db import connection

        from warmline.core.journal.listeners import listeners_of
        from warmline.core.people.models import Household, Member, Store, Token
        from warmline.goods.catalog.models import Product
        from warmline.goods.sales.signals import SalePosted

        token, self.token = Token.issue(name="bench", role="hq")
        self.token_id = token.pk
        numbers = Member.objects.filter(member_no__isnull=False).values_list("member_no", flat=True)
        self.members = list(numbers[:300_000])
        self.stores = list(Store.objects.values_list("code", flat=True)[:500])
        self.codes = list(Product.objects.values_list("code", flat=True)[:2000])
        self.listeners = listeners_of(SalePosted)
        self.floor = {"store": Store.objects.values_list("pk", flat=True)[0]}
        for letter, model in (("h", Household), ("m", Member), ("p", Product)):
            first, last = self._span(model)
            self.floor |= {f"{letter}0": first, f"{letter}1": last}
        self.floor["listeners"] = ",".join(self.listeners)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), now() AT TIME ZONE 'Asia/Shanghai'")
            pid, self.now = cursor.fetchone()
        self.postmaster = postmaster_of(pid)
        connection.close()

    def _span(self, model) -> tuple[int, int]:
        first = model.objects.order_by("pk").values_list("pk", flat=True).first()
        last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
        if model.objects.count() != last - first + 1:
            raise SystemExit(f"{model.__name__}: ids with gaps, and the floor needs them without")
        return first, last

    def receipt(self, random: Random, number: str) -> dict[str, object]:
        line = {"quantity": "2", "amount": "170.50"}
        return {
            "document_no": number,
            "store": random.choice(self.stores),
            "sold_at": self.now.isoformat(timespec="seconds"),
            "member_no": random.choice(self.members),
            "lines": [{"code": random.choice(self.codes), **line} for _n in range(3)],
        }

    def requests(self, *, batch: int) -> Callable[[int, int], bytes]:
        """Requests that nobody sent before: their numbers begin with this moment."""
        run = format(time.time_ns(), "x")
        streams: dict[int, Random] = {}

        def request(client: int, number: int) -> bytes:
            random = streams.setdefault(client, Random(f"{run}{client}"))
            key = f"{run}-{client:02}-{number:07}"
            if batch == 1:
                path, said = "/api/v1/sales", self.receipt(random, key)
            else:
                sales = [self.receipt(random, f"{key}-{n}") for n in range(batch)]
                path, said = "/api/v1/sales/batch", {"sales": sales}
            body = json.dumps(said).encode()
            return http("POST", path, self.token, body, Idempotency_Key=key)

        return request


def over_http(chain: Chain, port: int, web: int, asked: argparse.Namespace, batch: int) -> Sample:
    groups = {"postgres": chain.postmaster, "web": web}
    with watching(groups) as used:
        posted = load(
            port, chain.requests(batch=batch), clients=asked.clients, seconds=asked.seconds
        )
    if posted.bad:
        raise SystemExit(f"{posted.bad} requests failed: {posted.last_bad!r}")
    return Sample(posted.ok * batch, posted.seconds, {**used, "client": posted.cpu_s})


def floor(chain: Chain, url: str, asked: argparse.Namespace) -> Sample:
    with watching({"postgres": chain.postmaster, "client": os.getpid()}) as used:
        rate = pgbench(
            url,
            HERE / "sales_floor.sql",
            clients=asked.clients,
            seconds=asked.seconds,
            define=chain.floor,
        )
    seconds = max(1, round(asked.seconds))
    return Sample(rate * seconds, seconds, used)


def sustained(chain: Chain, port: int, web: int, asked: argparse.Namespace) -> Sample:
    """Receipts a second when every reaction to them is done as well: until the last one is."""
    from django.db import connection

    data = os.environ["WARMLINE_DATA"]
    command = [sys.executable, "-m", "warmline", "--data", data, "loop", "react"]
    asks = connection.cursor()
    last = _one(asks, "SELECT coalesce(max(id), 0) FROM journal_worker")
    loop = subprocess.Popen(command, cwd=ROOT)
    try:
        while _one(asks, "SELECT coalesce(max(id), 0) FROM journal_worker") == last:
            time.sleep(0.1)  # it is still putting its coat on
        with watching({"postgres": chain.postmaster, "web": web, "react": loop.pid}) as used:
            begun = time.monotonic()
            posted = load(
                port, chain.requests(batch=1), clients=asked.clients, seconds=asked.seconds
            )
            while _one(asks, OWED):
                time.sleep(0.05)
            seconds = time.monotonic() - begun
    finally:
        loop.terminate()
        loop.wait(60)
        connection.close()
    if posted.bad:
        raise SystemExit(f"{posted.bad} requests failed: {posted.last_bad!r}")
    return Sample(posted.ok, seconds, {**used, "client": posted.cpu_s})


OWED = "SELECT EXISTS (SELECT FROM journal_task WHERE status IN ('ready', 'running'))"


def _one(cursor, question: str) -> object:
    cursor.execute(question)
    return cursor.fetchone()[0]


def forget_tasks(owner: str) -> None:
    """Reactions owed by the floor and by rounds without a loop are nobody's: they must not count."""
    import psycopg

    with psycopg.connect(owner, autocommit=True) as db:
        db.execute("TRUNCATE journal_task")


def main() -> None:
    asked = arguments()
    with chain(asked) as (url, owner):
        here = Chain()
        if not here.members or not here.codes:
            raise SystemExit("this chain has no members with numbers, or no articles")
        with contextlib.ExitStack() as stack:
            port, web = stack.enter_context(web_server())
            variants: dict[str, Callable[[], Sample]] = {
                "floor: pgbench, the same rows": lambda: floor(here, url, asked),
                "one receipt a request": lambda: over_http(here, port, web, asked, 1),
                f"batches of {asked.batch}": lambda: over_http(here, port, web, asked, asked.batch),
            }
            if asked.react:

                def reacting() -> Sample:
                    forget_tasks(owner)
                    return sustained(here, port, web, asked)

                variants["one receipt, reactions done"] = reacting
            if asked.peer:
                from peers.place_order import Shop

                shop = stack.enter_context(Shop(owner))
                variants["django-oscar place_order"] = lambda: shop.sell(asked.seconds)
            samples = take_turns(variants, rounds=asked.rounds)
        report(samples, asked)


def report(samples: dict[str, list[Sample]], asked: argparse.Namespace) -> None:
    print(table(samples, ["postgres", "web", "react", "client"]))
    names = list(samples)
    print()
    floor_name, single, batch = names[:3]
    for goal, one, other in [
        ("single", single, floor_name),
        ("batch", batch, floor_name),
        ("react", "one receipt, reactions done", floor_name),
        ("oscar", single, "django-oscar place_order"),
    ]:
        if one in samples and other in samples:
            least, best = GOALS[goal]
            print(
                f"{one} ÷ {other}: {ratio(samples[one], samples[other]):.2f}"
                f"   (goal {least}, stretch {best})"
            )
    cpu = sorted(s.cpu_ms("postgres") + s.cpu_ms("web") for s in samples[single])
    print(f"CPU a receipt, web and database: {cpu[len(cpu) // 2]:.2f} ms   (goal 1.6, stretch 0.9)")
    print(f"median {median_rate(samples[single]):,.0f} receipts a second, one a request")


if __name__ == "__main__":
    main()
