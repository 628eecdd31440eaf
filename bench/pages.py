"""Today and the family file at 50 requests a second, whatever the server answers meanwhile.

    python bench/pages.py                          5,000 families, seeded in a fresh place
    python bench/pages.py --data DIR               the chain that lives there (warmline seed …)
    python bench/pages.py --rate 150 --seconds 60

The client is open: each request has its moment, and its time counts from that moment on, so that
a server that falls behind is not spared. Guides of several stores ask, each for her own pages.
"""

import argparse
import os
import select
import socket
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from deployed import deployed, seed_chain
from measure import postmaster_of, watching, web_server, whole

GUIDES = 20
P95, P95_STRETCH = 50, 25
CPU, CPU_STRETCH = 12, 6


@dataclass(frozen=True)
class Page:
    path: str
    session: str

    @property
    def request(self) -> bytes:
        lines = [
            f"GET {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Cookie: sessionid={self.session}",
        ]
        return "\r\n".join([*lines, "Accept-Language: zh-CN", "", ""]).encode()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a Warmline data directory")
    parser.add_argument("--households", type=int, default=5_000, help="of a fresh chain")
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=10, help="of one round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    return parser.parse_args()


def visitors() -> dict[str, list[Page]]:
    """The pages of guides who have families and promises, each signed in."""
    from django.db.models import Count

    from warmline.core.people.models import Household, Staff

    guides = Staff.objects.filter(role=Staff.Role.GUIDE, is_active=True)
    guides = guides.annotate(owed=Count("promises")).order_by("-owed", "pk")[:GUIDES]
    pages: dict[str, list[Page]] = {"today": [], "family": []}
    for guide in guides:
        Staff.objects.filter(pk=guide.pk).update(must_change_password=False)
        session = signed_in(guide)
        pages["today"].append(Page("/", session))
        for family in Household.objects.filter(home_guide=guide).order_by("-last_sale_on")[:20]:
            pages["family"].append(Page(f"/families/{family.pk}/", session))
    if not pages["family"]:
        raise SystemExit("this chain has no guides with families: warmline seed --data …")
    return pages


def signed_in(guide) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(guide.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = guide.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def queries(page: Page) -> int:
    """Statements that one page asks of the database."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = page.session
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page.path)
    if answer.status_code != 200:
        raise SystemExit(f"{page.path} answered {answer.status_code}")
    return len([q for q in asked.captured_queries if q["sql"] not in {"BEGIN", "COMMIT"}])


def ask(port: int, pages: list[Page], *, rate: float, seconds: float, connections: int):
    """Milliseconds of every request, from the moment it should have been sent."""
    poll, waiting, links = select.epoll(), {}, []
    for _n in range(connections):
        link = socket.create_connection(("127.0.0.1", port), 10)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(link, select.EPOLLIN)
        links.append(link)
    free = list(links)
    by_number = {link.fileno(): link for link in links}
    took, bad, sent, begun = [], 0, 0, time.monotonic()
    total = int(rate * seconds)
    while len(took) < total:
        due = begun + sent / rate
        while sent < total and free and time.monotonic() >= due:
            link = free.pop()
            link.sendall(pages[sent % len(pages)].request)
            waiting[link.fileno()] = [due, b""]
            sent += 1
            due = begun + sent / rate
        rest = max(0.0, due - time.monotonic()) if sent < total and free else 10
        for number, _event in poll.poll(rest):
            got = by_number[number].recv(1 << 18)
            if not got:
                raise SystemExit("the server hung up")
            waiting[number][1] += got
            if whole(waiting[number][1]):
                asked_at, answer = waiting.pop(number)
                took.append(1000 * (time.monotonic() - asked_at))
                bad += answer[9:12] != b"200"
                free.append(by_number[number])
    for link in links:
        link.close()
    if bad:
        raise SystemExit(f"{bad} of {total} answers were not a page")
    return took


def main() -> None:
    asked = arguments()
    with deployed(asked.data) as home:
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        seed_chain(home, households=asked.households)
        call_command("collectstatic", verbosity=0, interactive=False)
        settings.ALLOWED_HOSTS = ["*"]
        pages = visitors()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            postmaster = postmaster_of(cursor.fetchone()[0])
            cursor.execute("SELECT count(*) FROM people_household")
            families = cursor.fetchone()[0]
        counts = {
            kind: {queries(p) for p in some[:: max(1, len(some) // 8)]}
            for kind, some in pages.items()
        }
        connection.close()
        os.environ.setdefault("WARMLINE_HOSTS", "*")
        rounds: dict[str, list] = {kind: [] for kind in pages}
        with web_server() as (port, web):
            for number in range(-1, asked.rounds):
                for kind, some in pages.items():
                    with watching({"web": web, "postgres": postmaster}) as used:
                        took = ask(
                            port,
                            some,
                            rate=asked.rate,
                            seconds=asked.seconds,
                            connections=asked.connections,
                        )
                    if number >= 0:
                        rounds[kind].append((sorted(took), used))
    print(
        f"{families:,} families, {asked.rate:g} requests/s, {asked.rounds} rounds of {asked.seconds:g} s"
    )
    for kind, measured in rounds.items():
        report(kind, measured, sorted(counts[kind]))


def report(kind: str, measured: list, counted: list[int]) -> None:
    def at(share: float) -> float:
        return statistics.median(took[int(share * (len(took) - 1))] for took, _used in measured)

    def cpu(who: str) -> float:
        return statistics.median(1000 * used[who] / len(took) for took, used in measured)

    total = statistics.median(1000 * sum(used.values()) / len(took) for took, used in measured)
    print(
        f"{kind}: p50 {at(0.5):.1f} / p95 {at(0.95):.1f} / p99 {at(0.99):.1f} ms"
        f" (goal p95 {P95}, stretch {P95_STRETCH});"
        f" CPU a page {total:.1f} ms = web {cpu('web'):.1f} + PostgreSQL {cpu('postgres'):.1f}"
        f" (goal {CPU}, stretch {CPU_STRETCH}); statements {'/'.join(map(str, counted))}"
    )


if __name__ == "__main__":
    main()
