"""Kill -9 in the middle of a busy hour: what was acknowledged is there, and nothing is half there."""

import json
import os
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.shop import PATIENCE_S, Shop, family_of

pytestmark = pytest.mark.journey
TILLS, RECEIPTS = 3, 9  # each till posts so many, one after the other
ENOUGH = TILLS * RECEIPTS // 3  # acknowledged before somebody falls


@dataclass
class Till:
    """Posts receipts and logs visits, each with a key, and again with the same one if in doubt."""

    shop: Shop
    token: str
    name: str
    family: int
    member_no: str
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    repeated: int = 0
    gone: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        for number in range(RECEIPTS):
            receipt = {
                "document_no": f"{self.name}-{number}",
                "store": "CX",
                "sold_at": f"2026-11-20T10:{number:02d}:00+08:00",
                "member_no": self.member_no,
                "lines": [
                    {"code": "P0001", "quantity": "1", "amount": "298.00"},
                    {"code": "P0025", "quantity": "2", "amount": "198.00"},
                ],
            }
            self._insist("sale", f"/sales?source={self.name}", receipt)
            visit = {"outcome": "reached", "medium": "visit", "note": receipt["document_no"]}
            self._insist("visit", f"/households/{self.family}/contacts", visit)

    def _insist(self, what: str, path: str, body: dict[str, object]) -> None:
        """Until it is acknowledged: a till does not throw a receipt away."""
        number = body.get("document_no") or body["note"]
        while not self.gone.is_set():
            try:
                answer = self._post(path, body, key=f"{what}-{number}")
            except urllib.error.HTTPError as error:
                if error.code not in (409, 429, 500, 502, 503, 504):
                    raise
            except OSError:
                pass
            else:
                self.acknowledged.append((what, int(answer["id"])))
                return
            self.repeated += 1
            self.gone.wait(0.2)

    def _post(self, path: str, body: dict[str, object], *, key: str) -> dict[str, object]:
        request = urllib.request.Request(
            f"{self.shop.address}/api/v1{path}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            said: dict[str, object] = json.loads(answer.read())
            return said


@pytest.fixture(scope="module")
def token(shop: Shop) -> str:
    made = shop.run("token", "create", "--role", "hq")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.fixture
def tills(shop: Shop, token: str, request: pytest.FixtureRequest) -> Iterator[list[Till]]:
    """Three busy tills, each with a family of its own."""
    families = shop.ask(
        "SELECT m.household_id, m.member_no FROM people_member m"
        " JOIN people_household h ON h.id = m.household_id JOIN people_store s ON s.id = h.store_id"
        " WHERE s.code = 'CX' AND m.member_no IS NOT NULL ORDER BY m.id LIMIT %s",
        TILLS,
    )
    name = request.node.callspec.params["victim"]
    tills = [
        Till(shop, token, f"{name}{n}", family["household_id"], family["member_no"])
        for n, family in enumerate(families)
    ]
    yield tills
    for till in tills:
        till.gone.set()


def called(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def kill(shop: Shop, victim: str) -> None:
    assert shop.tree is not None
    if victim == "all":
        shop.kill()
        shop.open()
        return
    words = {"web": "granian", "loops": "warmline.cli.nursery", "database": "postgres"}[victim]
    hit = [pid for pid in family_of(shop.tree.pid) if words in called(pid)]
    assert hit, f"no {victim} in the tree"
    for pid in hit:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("victim", ["web", "loops", "database", "all"])
def test_what_was_acknowledged_survives_a_kill(shop: Shop, tills: list[Till], victim: str) -> None:
    threads = [threading.Thread(target=till.work, daemon=True) for till in tills]
    for thread in threads:
        thread.start()
    shop.until(lambda: sum(len(t.acknowledged) for t in tills) >= ENOUGH, "the first receipts")
    kill(shop, victim)
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), shop.said()

    said = [each for till in tills for each in till.acknowledged]
    assert len(said) == len(set(said)) == TILLS * RECEIPTS * 2
    if victim != "loops":
        assert sum(till.repeated for till in tills), "nobody noticed: the kill came too late"
    _every_receipt_is_whole_and_there_once(shop, said, victim)
    _every_visit_is_there_once(shop, said, victim)
    shop.until(lambda: not _owed(shop), "every reaction")
    shop.until(shop.answers, "the shop")
    checked = shop.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _every_receipt_is_whole_and_there_once(
    shop: Shop, said: list[tuple[str, int]], victim: str
) -> None:
    rows = shop.ask(
        "SELECT s.id, s.total, count(l.id) AS lines, sum(l.amount) AS amounts,"
        " (SELECT count(*) FROM journal_entry e"
        "   WHERE e.kind = 'sales.posted' AND (e.body->>'sale')::bigint = s.id) AS told"
        " FROM sales_sale s LEFT JOIN sales_saleline l ON l.sale_id = s.id"
        " WHERE s.source LIKE %s GROUP BY s.id",
        f"{victim}%",
    )
    assert {row["id"] for row in rows} == {number for what, number in said if what == "sale"}
    assert len(rows) == TILLS * RECEIPTS
    for row in rows:
        assert (row["lines"], row["told"], row["amounts"]) == (2, 1, row["total"])


def _every_visit_is_there_once(shop: Shop, said: list[tuple[str, int]], victim: str) -> None:
    rows = shop.ask("SELECT id FROM contacts_contact WHERE key LIKE %s", f"api:%:visit-{victim}%")
    assert {row["id"] for row in rows} == {number for what, number in said if what == "visit"}
    assert len(rows) == TILLS * RECEIPTS


def _owed(shop: Shop) -> int:
    [row] = shop.ask("SELECT count(*) FROM journal_task")
    return int(row["count"])
