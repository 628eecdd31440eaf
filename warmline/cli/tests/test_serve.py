"""The shop opens with one command and closes with one Ctrl-C; what it held can be carried away."""

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from warmline.base.postgres.tests.conftest import ended, wait_until


@pytest.fixture
def opened(data, environment, port) -> Iterator["subprocess.Popen[str]"]:
    shop = subprocess.Popen(
        [sys.executable, "-m", "warmline", "serve", "--data", str(data), "--port", str(port)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert shop.stderr is not None
    said = []
    for line in shop.stderr:
        said.append(line)
        if "Warmline is open" in line:
            break
    else:
        pytest.fail("".join(said))
    yield shop
    if shop.poll() is None:
        shop.kill()
    shop.communicate()
    wait_until(lambda: ended(data / "database"))


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


@pytest.mark.slow
def test_it_opens_from_nothing_closes_and_moves_house(opened, warmline, data, port):
    wait_until(lambda: is_ready(port), seconds=30)  # with its loops
    healthy = warmline("doctor", "--data", data, "--port", port)
    assert healthy.returncode == 0, healthy.stdout
    assert f"Port {port}: Warmline is open there" in healthy.stdout

    saved = warmline("backup", "--data", data)  # while it is open
    assert saved.returncode == 0, saved.stderr
    file = saved.stdout.strip()
    opened.send_signal(signal.SIGINT)
    assert opened.wait(40) == 0

    elsewhere = data.parent / "elsewhere"
    refused = warmline("restore", file, "--data", elsewhere)
    assert refused.returncode == 1
    assert "keys.json" in refused.stderr
    moved = warmline("restore", file, "--data", elsewhere, "--keys", data / "keys.json")
    assert moved.returncode == 0, moved.stderr
    assert "every row proven" in moved.stderr
    current = warmline("db", "upgrade", "--data", elsewhere)
    assert "The tables are up to date." in current.stderr


def test_a_door_that_is_taken_is_refused_before_anything_starts(warmline, data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = warmline("serve", "--data", data, "--port", other.getsockname()[1])

    assert refused.returncode == 1
    assert "--port" in refused.stderr
    assert not data.exists()
