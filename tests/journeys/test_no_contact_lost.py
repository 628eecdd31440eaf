"""Four no-misses under kills (G7): whatever was acknowledged, by whatever way it came and whoever fell
meanwhile, is exactly one case with an owner or a queue and a deadline; numbers have no gap; the night
finds nothing omitted. A control takes the guard away and is found out."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.journeys.shop import PATIENCE_S, ROOT, Shop, copy_of, family_of
from tests.mailserver import MailServer, mailserver  # noqa: F401 fixture
from warmline.base.postgres import Cluster

pytestmark = pytest.mark.journey
EACH = 9  # contacts by each way
STRIKES = ["web", "backend", "loops", "postmaster", "all", "web"]
SECRET = "provider-secret-of-tests"
WAIT_S = 0.3
DAY = date(2026, 11, 23)
TIMES = ["09:40", "11:10", "10:20", "13:05", "09:55", "14:30"]  # clocks leap and step back


class Unheard(Exception):
    """No acknowledgement: whoever asked asks again."""


@dataclass
class Way:
    """One way to come in: it insists, with the same key, until it is told that we have it."""

    shop: Shop
    send: Callable[[int], str]  # raises Unheard, or tells the key by which we know it
    acknowledged: list[str] = field(default_factory=list)
    again: int = 0
    gone: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        for number in range(EACH):
            while not self.gone.is_set():
                try:
                    self.acknowledged.append(self.send(number))
                    break
                except Unheard:
                    self.again += 1
                    self.gone.wait(WAIT_S)
            self.gone.wait(WAIT_S)


def heard(request: urllib.request.Request, opener: urllib.request.OpenerDirector) -> bytes:
    """The answer to a request that was acknowledged."""
    try:
        with opener.open(request, timeout=20) as answer:
            said: bytes = answer.read()
            return said
    except urllib.error.HTTPError as error:
        if error.code in (403, 409, 429, 500, 502, 503, 504):
            raise Unheard from error
        raise AssertionError(f"{error.code}: {error.read()[:400]!r}") from error
    except OSError as error:
        raise Unheard from error


def by_api(shop: Shop, token: str) -> Callable[[int], str]:
    plain = urllib.request.build_opener()
    number = shop.ask("SELECT max(id) AS pk FROM people_token")[0]["pk"]

    def send(n: int) -> str:
        said = {"words": f"第{n}件：罐口没有封好", "phone": f"1370000{n:04}", "store": "CX"}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{shop.address}/api/v1/cases",
            data=json.dumps(said).encode(),
            headers={**headers, "Idempotency-Key": f"call-{n}"},
        )
        assert json.loads(heard(request, plain))["due_at"]
        return f"{number}:call-{n}"

    return send


def by_sms(shop: Shop) -> Callable[[int], str]:
    plain = urllib.request.build_opener()

    def send(n: int) -> str:
        row = {
            "phone_number": f"1380000{n:04}",
            "content": f"宝宝的尿裤漏了，第{n}次",
            "send_time": "2026-11-23 09:30:00",
            "sequence_id": f"sms-{n}",
            "sign_name": "",
            "dest_code": "",
        }
        request = urllib.request.Request(
            f"{shop.address}/api/v1/hooks/aliyun/replies/{SECRET}",
            data=json.dumps([row]).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert json.loads(heard(request, plain))["code"] == 0
        return f"sms-{n}"

    return send


def by_form(shop: Shop) -> Callable[[int], str]:
    """The store's page, as a browser without JavaScript fills it in."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = f"{shop.address}/store/CX/"

    def send(n: int) -> str:
        heard(urllib.request.Request(page), opener)
        token = next((c.value or "" for c in jar if c.name == "csrftoken"), "")
        key = f"form-key-{n:04}"
        said = {
            "csrfmiddlewaretoken": token,
            "words": f"想问一下第{n}段奶粉",
            "kind": "question",
            "name": "林先生",
            "phone": f"1390000{n:04}",
            "key": key,
        }
        request = urllib.request.Request(
            page, data=urlencode(said).encode(), headers={"Referer": page}
        )
        heard(request, opener)
        return f"{key}:+861390000{n:04}"

    return send


def by_letter(server: MailServer) -> Callable[[int], str]:
    """Acknowledged when it lies in the mailbox: from there on it is ours."""

    def send(n: int) -> str:
        lines = [
            f"From: w{n}@example.com",
            "Subject: milk",
            f"Message-ID: <letter-{n}@example.com>",
        ]
        server.deliver("\r\n".join([*lines, "", f"letter {n}", ""]).encode())
        return f"letter-{n}@example.com"

    return send


@contextmanager
def opened(chain: tuple[Path, dict[str, str]], **settings: object) -> Iterator[Shop]:
    """A shop of one's own with these settings."""
    told = {f"WARMLINE_{name.upper()}": str(value) for name, value in settings.items()}
    with pytest.MonkeyPatch.context() as patch, copy_of(chain) as shop:
        for name, value in told.items():
            patch.setenv(name, value)
        shop.open()
        yield shop


def called(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def strike(shop: Shop, victim: str) -> None:
    """Kill -9, as a full memory or an impatient hand does it."""
    assert shop.tree is not None
    if victim == "all":
        shop.kill()
        shop.open()
        return
    words = {"web": "granian", "loops": "warmline.cli.nursery"}.get(victim, "postgres")
    hit = [pid for pid in family_of(shop.tree.pid) if words in called(pid)]
    if victim == "backend":
        hit = random.sample([p for p in hit if called(p).startswith("postgres: ")] or hit, 1)
    if victim == "postmaster":
        hit = [p for p in hit if not called(p).startswith("postgres: ")][-1:] or hit
    assert hit, f"no {victim} in the tree"
    for pid in hit:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def token_of() -> Callable[[Shop], str]:
    def token_of(shop: Shop) -> str:
        made = shop.run("token", "create", "--role", "hq")
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    return token_of


def test_no_contact_is_lost_whoever_falls(
    chain: tuple[Path, dict[str, str]],
    mailserver: MailServer,  # noqa: F811
    token_of: Callable[[Shop], str],
) -> None:
    told = {**mailserver.settings(), "imap_every_s": 1, "provider_secret": SECRET}
    with opened(chain, **told) as shop:
        ways = {
            "api": Way(shop, by_api(shop, token_of(shop))),
            "sms": Way(shop, by_sms(shop)),
            "web": Way(shop, by_form(shop)),
            "email": Way(shop, by_letter(mailserver)),
        }
        _in_a_storm(shop, ways)
        came = {name: way.acknowledged for name, way in ways.items()}
        assert sum(way.again for way in ways.values()), "nobody noticed: the kills came too late"
        shop.until(shop.answers, "the shop")
        shop.until(lambda: _letters(shop) >= EACH, "the letters")
        assert lost(shop, came) == []
        _numbers_have_no_gap(shop)
        _each_case_has_an_owner_and_a_deadline(shop)
        assert _reckoned(shop) == {"omitted": 0, "gaps": 0, "came": 4 * EACH}
        checked = shop.run("check")
        assert checked.returncode == 0, checked.stdout + checked.stderr


def _in_a_storm(shop: Shop, ways: dict[str, Way]) -> None:
    threads = [threading.Thread(target=way.work, daemon=True) for way in ways.values()]
    for thread in threads:
        thread.start()
    for victim, time in zip(STRIKES, TIMES, strict=True):
        threading.Event().wait(random.uniform(0.2, 1.2))
        strike(shop, victim)
        shop.clock(f"{DAY}T{time}:00+08:00")
    try:
        for thread in threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), shop.said()
    finally:
        for way in ways.values():
            way.gone.set()


def lost(shop: Shop, came: dict[str, list[str]]) -> list[str]:
    """What was acknowledged and is not exactly one arrival of exactly one case."""
    rows = shop.ask(
        "SELECT a.channel, a.key, count(*) AS times, count(DISTINCT c.id) AS cases"
        " FROM desk_arrival a JOIN desk_case c ON c.id = a.case_id GROUP BY a.channel, a.key"
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        key = row["key"].rpartition(":")[0] if row["channel"] == "email" else row["key"]
        times, cases = found.get((row["channel"], key), (0, 0))
        found[row["channel"], key] = times + row["times"], cases + row["cases"]
    return [
        f"{channel} {key}: {found.get((channel, key))}"
        for channel, keys in came.items()
        for key in keys
        if found.get((channel, key)) != (1, 1)
    ]


def _letters(shop: Shop) -> int:
    with suppress(Exception):
        [row] = shop.ask("SELECT count(*) FROM desk_arrival WHERE channel = 'email'")
        return int(row["count"])
    return 0


def _numbers_have_no_gap(shop: Shop) -> None:
    given = shop.ask('SELECT channel, "on", last FROM desk_numbering')
    assert given
    for row in given:
        numbers = shop.ask(
            'SELECT number FROM desk_arrival WHERE channel = %s AND "on" = %s ORDER BY number',
            row["channel"],
            row["on"],
        )
        assert [n["number"] for n in numbers] == list(range(1, row["last"] + 1)), row


def _each_case_has_an_owner_and_a_deadline(shop: Shop) -> None:
    cases = shop.ask(
        "SELECT c.id, c.owner_id, c.queue, c.due_at,"
        " (SELECT count(*) FROM desk_caseevent e WHERE e.case_id = c.id AND e.kind = 'opened') AS opened,"
        " (SELECT count(*) FROM journal_entry j WHERE j.kind = 'desk.opened'"
        "   AND (j.body->>'case')::bigint = c.id) AS told"
        " FROM desk_case c"
    )
    assert len(cases) == 4 * EACH
    for case in cases:
        assert case["owner_id"] or case["queue"], case
        assert case["due_at"], case
        assert (case["opened"], case["told"]) == (1, 1), case


def _reckoned(shop: Shop) -> dict[str, int]:
    """The night's look at this day, before anybody's sundown."""
    shop.clock(f"{DAY}T15:00:00+08:00")
    work = (
        "import django; django.setup()\n"
        "from datetime import date\nfrom warmline.service.desk.reckoning import reckon\n"
        f"print(*reckon(date({DAY.year}, {DAY.month}, {DAY.day})))"
    )
    env = shop.environment() | {
        "DATABASE_URL": Cluster(shop.data / "database").url("warmline"),
        "WARMLINE_DATA": str(shop.data),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-c", work]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    came, omitted, gaps = map(int, done.stdout.split())
    return {"omitted": omitted, "gaps": gaps, "came": came}


def test_who_acknowledges_before_it_is_safe_is_found_out(
    chain: tuple[Path, dict[str, str]], token_of: Callable[[Shop], str]
) -> None:
    """The control: the same look, at a shop whose database says "yes" before it has written."""
    with opened(chain) as shop:
        send = by_api(shop, token_of(shop))
        with psycopg.connect(
            Cluster(shop.data / "database").url("warmline"), autocommit=True
        ) as db:
            db.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            db.execute("ALTER DATABASE warmline SET synchronous_commit = off")
        shop.kill()
        shop.open()
        came = [send(n) for n in range(EACH)]
        strike(shop, "database")
        shop.until(shop.answers, "the shop")
        assert lost(shop, {"api": came})
