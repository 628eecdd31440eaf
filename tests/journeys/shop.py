"""A whole Warmline for a journey: its own data directory, its own clock, the real process tree."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from warmline.base.postgres import Cluster
from warmline.base.postgres.process import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
MONDAY = "2026-11-23T09:00:00+08:00"
HOUSEHOLDS = 90
PATIENCE_S = 90


class Shop:
    """A copy of the chain that is open, or closed, at an address of its own."""

    def __init__(self, home: Path, passwords: dict[str, str]) -> None:
        self.data, self.passwords = home / "data", passwords
        self.clock_file, self.log = home / "clock", home / "log"
        self.clock(MONDAY)
        self.settings: dict[str, str] = {}  # besides what every shop has
        self.tree: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clock(self, instant: str) -> None:
        """Every process of the shop reads the new time at its next look."""
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(instant)
        fresh.replace(self.clock_file)

    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.fromisoformat(self.clock_file.read_text())

    def open(self) -> None:
        with self.log.open("ab") as log:
            self.tree = subprocess.Popen(
                warmline("--data", str(self.data), "serve", "--port", str(self.port)),
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self.until(self.answers, "the first page")
        self.until(self.has_planned, "the morning plan")

    def fill_desk(self) -> None:
        """Before it opens: what its desk has seen in two months, up to now."""
        command = [sys.executable, "-m", "tests.journeys.full_desk", str(self.data)]
        filled = subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True
        )
        assert filled.returncode == 0, filled.stderr[-4000:]

    def has_planned(self) -> bool:
        """Whether the day's promises are made: from here on only people change them."""
        day = self.clock_file.read_text()[:10]
        return bool(
            self.ask("SELECT 1 FROM playbooks_round WHERE name = 'plan' AND \"on\" = %s", day)
        )

    def kill(self) -> None:
        """Everything at once, as when the power goes; nothing is asked."""
        if self.tree is not None:
            for pid in family_of(self.tree.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.tree.wait()
            self.tree = None

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def until(self, holds: Any, what: str, *, within_s: float = PATIENCE_S) -> Any:
        """Wait for what processes do by themselves. Browsers wait on what they show instead."""
        deadline = time.monotonic() + within_s
        while not (found := holds()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come:\n{self.said()}")
            time.sleep(0.1)
        return found

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def environment(self) -> dict[str, str]:
        return {**environment(self.clock_file), **self.settings}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command of Warmline beside the open shop."""
        return subprocess.run(
            warmline("--data", str(self.data), *arguments),
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def ask(self, question: str, *values: Any) -> list[dict[str, Any]]:
        """The books, read past the application."""
        url = Cluster(self.data / "database").url("warmline")
        with psycopg.connect(url, row_factory=dict_row, autocommit=True) as books:
            return books.execute(question, values).fetchall()

    def owed_today(self, guide: str) -> int:
        """How many promises of this guide fall due on the day that her clock shows."""
        day = self.clock_file.read_text()[:10]
        [row] = self.ask(
            "SELECT count(*) FROM promises_promise p JOIN people_staff s ON s.id = p.keeper_id"
            " WHERE s.username = %s AND p.done_at IS NULL AND p.status IN ('made', 'broken')"
            " AND p.due_at < (%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'",
            guide, day,
        )  # fmt: skip
        return int(row["count"])


def warmline(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "warmline", *arguments]


def environment(clock: Path) -> dict[str, str]:
    """As an operator's shell: nothing of the suite's own database, but a clock that can be set."""
    own = {"DATABASE_URL", "WARMLINE_DATA", "WARMLINE_DATABASE_URL", "WARMLINE_TEST_DATABASE_URL"}
    kept = {k: v for k, v in os.environ.items() if k not in own}
    ours = {"WARMLINE_TESTING": "1", "WARMLINE_CLOCK": str(clock), "PYTHONPATH": str(ROOT)}
    return {**kept, **ours}


def family_of(pid: int) -> list[int]:
    """A process and all that it started, as the system lists them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def pattern(run: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """The chain as it is on Monday morning: made once for all workers of one run of the suite."""
    place = Path(tempfile.gettempdir()) / f"warmline-journeys-{os.getuid()}-{run}"
    place.mkdir(mode=0o755, exist_ok=True)
    place.chmod(0o755)  # root's database server runs as somebody else
    with (place / "in-use").open("w") as users, (place / "making").open("w") as making:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(making, fcntl.LOCK_EX)
        told = place / "passwords.json"
        if not told.exists():
            told.write_text(_make(place))
        fcntl.flock(making, fcntl.LOCK_UN)
        yield place / "data", json.loads(told.read_text())
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # another worker still needs it, and will clear up
        shutil.rmtree(place, ignore_errors=True)


def _make(place: Path) -> str:
    clock = place / "clock"
    clock.write_text(MONDAY)
    command = [sys.executable, "-m", "tests.journeys.opening", str(place / "data"), str(HOUSEHOLDS)]
    made = subprocess.run(command, cwd=ROOT, env=environment(clock), capture_output=True, text=True)
    assert made.returncode == 0, made.stderr[-4000:]
    return made.stdout


@contextmanager
def copy_of(pattern: tuple[Path, dict[str, str]]) -> Iterator[Shop]:
    """A shop of one's own, to be disturbed at will."""
    home = Path(tempfile.mkdtemp(prefix="warmline-shop-"))
    home.chmod(0o755)
    subprocess.run(["cp", "-a", str(pattern[0]), str(home / "data")], check=True)
    shop = Shop(home, pattern[1])
    try:
        yield shop
    finally:
        shop.kill()  # nobody needs it any more
        shutil.rmtree(home, ignore_errors=True)
