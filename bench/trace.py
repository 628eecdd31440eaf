"""Trace, beside what the same machine can do at best: capture over HTTP, journeys, recalls, pallets.

    python bench/trace.py --data DIR                     the tins that live there (warmline seed --units …)
    python bench/trace.py --units 240000                 a fresh chain with so many tins
    python bench/trace.py --only capture,journey

The floor of capture is COPY of the very rows that such documents leave, in the same batches, on the same
server and as durable: into tables of the same shape with the same keys and indexes (those in which
rows fall all over the index hold as much as ours), and, below that floor, into bare heaps that nobody
could find anything in. Everything else is told with its 95th percentile.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import time
import uuid
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from deployed import deployed, seed_chain
from measure import (
    Sample,
    http,
    load,
    median_rate,
    postmaster_of,
    ratio,
    take_turns,
    watching,
    web_server,
)

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
HOT = (
    "trace_event trace_unitevent trace_eventkey trace_document trace_unit trace_foreigncode"
    " trace_capturejob"
).split()
SCATTERED = ("trace_eventkey", "trace_foreigncode")  # their rows fall all over the index
FLOORS = {"keyed": "INCLUDING INDEXES INCLUDING CONSTRAINTS", "bare": ""}
# Numbers of events, jobs and things, and hashes: a whole cell each.
LONG = re.compile(r"(?m)(?<![^\t\n])\d{16,19}(?![^\t\n])")
NAMED = re.compile(LONG.pattern + r"|(?<![^\t\n])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PARTS = ("capture", "journey", "scan", "recall", "pallets", "page", "size")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a Warmline data directory")
    parser.add_argument("--households", type=int, default=2_000, help="of a fresh chain")
    parser.add_argument("--units", type=int, default=48_000, help="of a fresh chain")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8, help="of a round of capture or pages")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--tries", type=int, default=300, help="journeys and scans")
    parser.add_argument("--only", default=",".join(PARTS))
    return parser.parse_args()


def say(what: str, figure: str, goal: str) -> None:
    print(f"{what:44} {figure:>28}   goal {goal}", flush=True)


def stamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def document(number: int, events: int = 100) -> bytes:
    """A document as a dealer sends it: a hundred readings of cases and tins of its own codes."""
    rng = random.Random(number)
    at = stamp()
    listed = [
        {
            "type": "ObjectEvent",
            "eventTime": at,
            "eventTimeZoneOffset": "+08:00",
            "epcList": [
                f"https://id.gs1.org/01/06901234567892/21/{rng.getrandbits(60):X}"
                for _k in range(2)
            ],
            "action": "OBSERVE",
            "bizStep": rng.choice(["receiving", "shipping", "storing"]),
            "disposition": "in_progress",
            "readPoint": {"id": "https://id.gs1.org/414/6901234000016"},
            "bizTransactionList": [
                {"type": "desadv", "bizTransaction": f"urn:epcglobal:cbv:bt:6901234000016:{number}"}
            ],
        }
        for _n in range(events)
    ]
    said = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": at,
        "epcisBody": {"eventList": listed},
    }
    return json.dumps(said).encode()


def capture(asked: argparse.Namespace) -> None:
    """Events a second over HTTP in documents of a hundred, and COPY of the same rows."""
    from django.db import connection, transaction

    from warmline.core.people.models import Token
    from warmline.goods.trace.capturing import capture as take_in
    from warmline.goods.trace.epcis import documents

    _row, token = Token.issue(name="bench", role="logistics")
    # Writing documents is the clients' work and none of the server's: little of it is left to do.
    ready = _Documents(time.time_ns() >> 20)

    def request(client: int, number: int) -> bytes:
        return http("POST", "/api/v1/epcis/capture", token, ready[client, number])

    with transaction.atomic():
        ids = [take_in(documents.read(document(-n - 1))).pk for n in range(10)]
        patterns = [_Rows(rows) for rows in _rows_of(ids)]
        transaction.set_rollback(True)

    def log_written() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
            return int(cursor.fetchone()[0])

    log: dict[str, list[float]] = {}

    def floor(kind: str) -> Sample:
        # Rows that were never there, made before the clock runs: an index takes no row twice.
        seconds, done, took = asked.seconds / 2, 0, 0.0
        before = log_written()
        while took < seconds:
            fresh = [one.fresh() for one in patterns for _n in range(10)]
            began = time.monotonic()
            for rows in fresh:
                with transaction.atomic(), connection.cursor() as cursor:
                    for table, columns, lines in rows:
                        into = f"COPY {kind}_{table} ({columns}) FROM STDIN"
                        with cursor.copy(into) as copy:
                            copy.write(lines)
                done += 100
            took += time.monotonic() - began
        log.setdefault(kind, []).append((log_written() - before) / done)
        return Sample(done, took)

    with connection.cursor() as cursor:
        for table in HOT:
            for kind, like in FLOORS.items():
                cursor.execute(f"DROP TABLE IF EXISTS {kind}_{table}")
                cursor.execute(f"CREATE TABLE {kind}_{table} (LIKE {table} {like})")
        for table in SCATTERED:  # an index that is small forgives what a large one does not
            cursor.execute(f"INSERT INTO keyed_{table} SELECT * FROM {table} ORDER BY hash")
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = postmaster_of(cursor.fetchone()[0])
    with web_server() as (port, server):

        def over_http() -> Sample:
            before = log_written()
            with watching({"web": server, "postgres": postmaster}) as cpu:
                posted = load(port, request, clients=asked.clients, seconds=asked.seconds)
            assert not posted.bad, posted.last_bad
            log.setdefault("http", []).append((log_written() - before) / (posted.ok * 100))
            return Sample(posted.ok * 100, posted.seconds, dict(cpu))

        turns = {"over HTTP": over_http, "COPY, keys kept": lambda: floor("keyed")}
        turns["COPY, bare heaps"] = lambda: floor("bare")
        samples = take_turns(turns, rounds=asked.rounds)
    rate = statistics.median(s.rate for s in samples["over HTTP"])
    cpu = statistics.median(s.cpu_ms("web") for s in samples["over HTTP"])
    base = statistics.median(s.cpu_ms("postgres") for s in samples["over HTTP"])
    for kind, goal in (("keys kept", "≥ 0.25"), ("bare heaps", "–")):
        copied = samples[f"COPY, {kind}"]
        share = f"{ratio(samples['over HTTP'], copied):.2f} of {median_rate(copied):,.0f}"
        say(f"capture over HTTP ÷ COPY, {kind}", share, goal)
    written = ", ".join(f"{name} {statistics.median(of):,.0f}" for name, of in log.items())
    say("bytes of log an event", written, "–")
    say(
        "capture over HTTP, events a second",
        f"{rate:,.0f} (CPU {cpu:.2f}+{base:.2f} ms)",
        "≥ 2,000",
    )
    with connection.cursor() as cursor:
        for table in HOT:
            for kind in FLOORS:
                cursor.execute(f"DROP TABLE {kind}_{table}")


class _Documents:
    """Documents that differ only in their serials: one is written, the others are made of it."""

    def __init__(self, begun: int) -> None:
        self.begun = begun
        self.parts = document(7).split(b"/21/")

    def __getitem__(self, key: tuple[int, int]) -> bytes:
        client, number = key
        if not number:
            self.begun = time.time_ns() >> 20  # a new round: none of it was ever told before
        head = f"/21/{self.begun & 0xFFFFFFFF:X}{client:X}Z{number:X}Z".encode()
        return self.parts[0] + b"".join(
            head + b"%X" % n + part[part.index(b'"') :] for n, part in enumerate(self.parts[1:])
        )


def _rows_of(jobs: list[int]) -> list[list[tuple[str, str, str]]]:
    """What each of these documents left, as COPY text."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for job in jobs:
            events = f"SELECT id FROM trace_event WHERE job_id = {job}"
            units = f"SELECT unit_id FROM trace_unitevent WHERE event_id IN ({events})"
            where = {
                "trace_event": f"job_id = {job}",
                "trace_unitevent": f"event_id IN ({events})",
                "trace_eventkey": f"event_id IN ({events})",
                "trace_document": f"job_id = {job}",
                "trace_unit": f"unit_id IN ({units})",
                "trace_foreigncode": f"unit_id IN ({units})",
                "trace_capturejob": f"id = {job}",
            }
            rows = []
            for table in HOT:
                cursor.execute(f"SELECT * FROM {table} LIMIT 0")
                columns = ", ".join(c.name for c in cursor.description)
                query = f"COPY (SELECT {columns} FROM {table} WHERE {where[table]}) TO STDOUT"
                with cursor.copy(query) as copy:
                    rows.append((table, columns, b"".join(bytes(part) for part in copy).decode()))
            found.append(rows)
    return found


class _Rows:
    """The rows of a document, and as many more of the same kind as are asked for: other numbers and
    hashes, and all else alike."""

    STEP = 1 << 31  # of the numbers: further than those of one document are apart

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self.rows, self.made = rows, 0
        numbers = {n for _table, _columns, lines in rows for n in LONG.findall(lines)}
        self.numbers = {n: int(n) for n in numbers}

    def fresh(self) -> list[tuple[str, str, str]]:
        self.made += 1
        moved = {n: str(known + self.made * self.STEP) for n, known in self.numbers.items()}
        rng = random.Random(f"{id(self)} {self.made}")

        def other(found: re.Match[str]) -> str:
            return (
                moved[found[0]] if found[0] in moved else str(uuid.UUID(int=rng.getrandbits(128)))
            )

        return [(t, c, NAMED.sub(other, lines)) for t, c, lines in self.rows]


def tins(count: int) -> list[int]:
    """Some tins that were sold, of any lot."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, quarter, size FROM trace_codebatch WHERE level = 'unit'")
        known = cursor.fetchall()
    rng = random.Random(5)
    picked = (rng.choice(known) for _n in range(count))
    return [(quarter << 53 | batch << 24) + rng.randrange(size) for batch, quarter, size in picked]


def timed(what: str, tries: list, act, goal: str) -> None:
    times = []
    for one in tries[:10]:
        act(one)
    for one in tries:
        began = time.perf_counter()
        act(one)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    say(what, f"p50 {middle:.1f} ms, p95 {high:.1f} ms", goal)


def journey(asked: argparse.Namespace) -> None:
    from warmline.goods.trace import journeys

    timed("journey of a tin", tins(asked.tries), journeys.journey, "p95 ≤ 25 ms")


def scan(asked: argparse.Namespace) -> None:
    from warmline.goods.trace import knowing, looking

    named = knowing.names(tins(asked.tries))
    codes = [tuple(uri.split("/")[4::2]) for uri in named.values()]
    timed("scan: verdict, counted", codes, lambda code: looking.look(*code), "p95 ≤ 50 ms")


def recall(asked: argparse.Namespace) -> None:
    from django.db import transaction

    from warmline.goods.trace import recalls, scopes
    from warmline.goods.trace.models import Lot
    from warmline.service.care import still_open

    times = []
    for lot in Lot.objects.order_by("pk")[: max(asked.rounds, 3)]:
        with transaction.atomic():
            began = time.perf_counter()
            one = recalls.declare(scopes.of_lots([lot]), title="bench", reason="bench")
            still_open.rank(one)
            families = still_open.ranked(one, limit=100_000)
            times.append(time.perf_counter() - began)
            transaction.set_rollback(True)
        units, sold, many = one.units, one.sold, len(families)
    figure = f"{statistics.median(times) * 1000:,.0f} ms"
    say(f"recall of {units:,} tins ({sold:,} sold, {many:,} families)", figure, "≤ 1,000 ms")


def pallets(asked: argparse.Namespace) -> None:
    """100,000 tins arrive on their pallets, each read once at the gate."""
    from django.db import transaction

    from warmline.goods.trace import batches
    from warmline.goods.trace.capturing import capture as take_in
    from warmline.goods.trace.epcis import documents
    from warmline.goods.trace.models import CodeBatch

    codes: list[str] = []
    for batch in CodeBatch.objects.filter(level="pallet").order_by("pk"):
        codes += [uri for _n, uri in batches.codes(batch)]
        if len(codes) * 240 >= 100_000:
            break
    codes = codes[: -(-100_000 // 240)]
    at = stamp()
    said = json.loads(document(1, events=0))
    said["epcisBody"]["eventList"] = [
        {
            "type": "ObjectEvent",
            "eventTime": at,
            "eventTimeZoneOffset": "+08:00",
            "epcList": [code],
            "action": "OBSERVE",
            "bizStep": "receiving",
            "readPoint": {"id": "https://id.gs1.org/414/6901234010008"},
        }
        for code in codes
    ]
    with transaction.atomic():
        began = time.perf_counter()
        take_in(documents.of(said))
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    say(f"{len(codes) * 240:,} tins received on {len(codes)} pallets", f"{took:.2f} s", "≤ 5 s")


def page(asked: argparse.Namespace) -> None:
    """A family's page of a tin, over HTTP."""
    from django.core.management import call_command
    from django.db import connection

    from warmline.goods.trace import knowing

    call_command("collectstatic", verbosity=0, interactive=False)
    os.environ.setdefault("WARMLINE_HOSTS", "*")
    paths = [uri.removeprefix("https://id.gs1.org") for uri in knowing.names(tins(500)).values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = postmaster_of(cursor.fetchone()[0])
    rounds = []
    with web_server() as (port, server):

        def request(client: int, n: int) -> bytes:
            return http("GET", paths[(client * 131 + n) % len(paths)], "", b"")

        for number in range(-1, asked.rounds):
            with watching({"web": server, "postgres": postmaster}) as cpu:
                posted = load(port, request, clients=asked.clients, seconds=asked.seconds)
            assert posted.ok, posted.last_bad
            assert not posted.bad, posted.last_bad
            if number >= 0:  # the first only warms up
                rounds.append(Sample(posted.ok, posted.seconds, dict(cpu)))
    web, base = (statistics.median(s.cpu_ms(g) for s in rounds) for g in ("web", "postgres"))
    rate = f"{statistics.median(s.rate for s in rounds):,.0f} (CPU {web:.1f}+{base:.1f} ms)"
    say("page of a tin, requests a second", rate, "≥ 300")


def size(asked: argparse.Namespace) -> None:
    """Bytes a tin, indexes and the events' own words included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(parent.relname, c.relname), sum(pg_total_relation_size(c.oid))"
            " FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid"
            " LEFT JOIN pg_class parent ON parent.oid = i.inhparent"
            " WHERE c.relkind = 'r' AND c.relname LIKE 'trace%' GROUP BY 1 ORDER BY 2 DESC"
        )
        tables = cursor.fetchall()
        cursor.execute("SELECT sum(size) FROM trace_codebatch WHERE level = 'unit'")
        (units,) = cursor.fetchone()
    for name, held in tables[:7]:
        print(f"    {name:30} {float(held) / float(units):8.0f} bytes a tin", file=sys.stderr)
    whole = sum(float(held) for _name, held in tables) / float(units)
    say(f"bytes a tin, of {units:,}", f"{whole:,.0f}", "≤ 1,800")


def main() -> None:
    asked = arguments()
    with deployed(asked.data) as home:
        from django.db import connection

        from warmline.world import units

        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT EXISTS (SELECT FROM trace_codebatch)")
            (is_seeded,) = cursor.fetchone()
        if not is_seeded:
            seed_chain(home, households=asked.households)
            began = time.monotonic()
            made = units.build(units=asked.units, say=lambda *_said: None)
            say(f"{made:,} tins seeded", f"{time.monotonic() - began:.0f} s", "10 M in ≤ 900 s")
        for part in asked.only.split(","):
            globals()[part](asked)


if __name__ == "__main__":
    main()
