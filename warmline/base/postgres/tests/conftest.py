import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from warmline.base.postgres import Cluster, lock

Keeper = "subprocess.Popen[str]"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("WARMLINE_LANGUAGE", "en")
    monkeypatch.delenv("WARMLINE_PG_BIN", raising=False)


@pytest.fixture(scope="session")
def somewhere() -> Iterator[Path]:
    """A directory that the server's account may pass through, which pytest's own is not."""
    place = Path(tempfile.mkdtemp(prefix="warmline-test-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def root(somewhere, request) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(dir=somewhere))
    place.chmod(0o755)
    yield place / "database"
    for held in place.rglob("cluster.lock"):
        wait_until(lambda held=held: ended(held.parent))
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def first(somewhere) -> Path:
    """A database that was started and stopped once, to be copied: births take their time."""
    place = somewhere / "first"
    with Cluster(place).running():
        pass
    return place


@pytest.fixture
def settled(root, first) -> Path:
    """A database that exists already."""
    copy_house(first, root)
    return root


def copy_house(first: Path, root: Path) -> None:
    """Quickly: without the ballast, and with the same programs."""
    root.mkdir(mode=0o700)
    kept = [str(first / name) for name in ("data", "s")]
    subprocess.run(["cp", "-a", *kept, str(root)], check=True)
    subprocess.run(["cp", "-al", str(first / "pgsql"), str(root)], check=True)


@pytest.fixture
def keep() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a database from another process: `keep(root, user="nobody", LANG="zh_CN.UTF-8")`."""
    keepers = []

    def start(root: Path, *, user: str = "", **env: str) -> "subprocess.Popen[str]":
        keeper = subprocess.Popen(
            [sys.executable, "-m", "warmline.base.postgres.tests.keeper", str(root), user][:5],
            env=os.environ | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        keepers.append(keeper)
        return keeper

    yield start
    for keeper in keepers:
        if keeper.poll() is None:
            keeper.kill()
        keeper.communicate()


def said(keeper: "subprocess.Popen[str]") -> str:
    assert keeper.stdout is not None
    return keeper.stdout.readline().strip()


def wait_until(claim: Callable[[], bool], *, seconds: float = 10) -> None:
    import time

    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def ended(root: Path) -> bool:
    """Nobody holds its lock: none of its processes lives."""
    held = lock.take(root.resolve())
    if held is not None:
        os.close(held)
    return held is not None
