"""The shop is one tree of processes: it opens, mends itself, and closes without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from warmline.base import supervisor as supervising
from warmline.base.postgres import Cluster
from warmline.base.postgres.tests.conftest import ended, wait_until
from warmline.base.supervisor import Child, answers


@pytest.fixture
def port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def shop(settled, port) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "warmline.base.tests.shop", str(settled), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    wait_for("open", process)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def wait_for(words: str, process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"it never said: {words}")


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants(pid: int) -> list[int]:
    return [d for child in children(pid) for d in (child, *descendants(child))]


def child_called(shop: "subprocess.Popen[str]", words: str) -> int:
    def command(pid: int) -> str:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")

    return next(pid for pid in children(shop.pid) if words in command(pid))


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_closes_everything(shop, settled, number):
    everyone = descendants(shop.pid)

    shop.send_signal(number)

    assert shop.wait(20) == 0
    assert "closed" in shop.stdout.read()
    assert all(is_gone(pid) for pid in everyone)
    assert ended(settled)


def test_a_killed_supervisor_leaves_no_orphans(shop, settled):
    everyone = descendants(shop.pid)
    assert len(everyone) > 8

    shop.kill()

    wait_until(lambda: ended(settled))
    wait_until(lambda: all(is_gone(pid) for pid in everyone))


def test_a_web_server_that_dies_is_replaced_with_all_its_helpers(shop, port):
    web = child_called(shop, "http.server")
    helpers = descendants(web)
    assert helpers

    os.kill(web, signal.SIGKILL)

    wait_for("web ended (-9)", shop)
    wait_until(lambda: all(is_gone(pid) for pid in helpers))
    wait_until(lambda: answers(("127.0.0.1", port)))


def test_a_database_that_dies_is_started_again(shop, settled):
    postmaster = child_called(shop, "postgres")

    os.kill(postmaster, signal.SIGKILL)

    wait_for("The database is gone", shop)
    wait_until(lambda: Cluster(settled).alive())


def test_who_keeps_falling_rests_longer_each_time(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(supervising.time, "monotonic", lambda: clock[0])
    said: list[str] = []
    child = Child("web", lambda: program_that_fails())

    starts = []
    while len(starts) < 5:
        before = child.began
        child.look_after(said.append)
        if child.began != before or not starts:
            starts.append(clock[0])
        if child.process is not None:
            child.process.wait()
        clock[0] += 0.1

    rests = [round(later - sooner, 1) for sooner, later in pairwise(starts)]
    assert rests == sorted(rests)
    assert rests[-1] >= 5
    assert said[0] == "web ended (1); starting it again in 0.5 s."


def program_that_fails() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["/bin/false"], start_new_session=True)


def test_the_disk_is_watched(settled, monkeypatch):
    said: list[str] = []
    watcher = supervising.Supervisor.__new__(supervising.Supervisor)
    watcher.say, watcher._room = said.append, supervising.Room.PLENTY
    rooms = iter(["none", "none", "scarce", "plenty"])
    monkeypatch.setattr(supervising, "room_on", lambda place: supervising.Room(next(rooms)))
    monkeypatch.setattr(supervising, "load_ballast", lambda file: False)

    for _look in range(4):
        watcher._look_after_the_disk(settled)

    assert said == [
        "The disk is all but full: nothing new is accepted.",
        "Less than 1 GB is left on the disk.",
        "There is room on the disk again.",
    ]


APART = """
from warmline.base.apart import apart
from warmline.base.trouble import Trouble
import os, sys

def heavy():
    import decimal
    return os.getpid()

def troubled():
    raise Trouble("It is raining.", mend="Take an umbrella.")

assert apart(heavy) != os.getpid()
try:
    apart(troubled)
except Trouble as trouble:
    print(trouble)
apart(lambda: os._exit(7))
"""


def test_heavy_work_is_done_apart_and_its_trouble_told():
    done = subprocess.run([sys.executable, "-c", APART], capture_output=True, text=True)

    assert done.stdout == "It is raining. Take an umbrella.\n"
    assert done.returncode == 7


NURSERY = """
import sys, time
from warmline.cli import nursery

def run(name):
    print(name, flush=True)
    time.sleep(0.1 if name == "react" else 60)
    return 3

nursery._run = run
nursery.look_after(["watch", "react", "deliver"])
"""


def test_the_loops_fall_alone_and_stop_together():
    nursery = subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Three write at once, so two words may share a line; react falls and says itself again.
    heard = "".join(nursery.stdout.readline() for _ in range(4))
    assert [heard.count(name) for name in ("deliver", "watch", "react")] == [1, 1, 2]
    loops = children(nursery.pid)

    nursery.terminate()

    _out, said = nursery.communicate(timeout=20)
    assert nursery.returncode == 0
    assert "react ended (3)" in said
    assert all(is_gone(pid) for pid in loops)


def test_the_loops_do_not_outlive_their_nursery():
    nursery = subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    nursery.stdout.readline()
    time.sleep(0.2)
    loops = children(nursery.pid)

    nursery.kill()
    nursery.communicate()

    wait_until(lambda: all(is_gone(pid) for pid in loops))
