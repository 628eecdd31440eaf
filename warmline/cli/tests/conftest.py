import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory where the database's own account may pass."""
    place = Path(tempfile.mkdtemp(prefix="warmline-test-"))
    place.chmod(0o755)
    yield place / "shop"
    shutil.rmtree(place)


@pytest.fixture
def environment() -> dict[str, str]:
    """Of somebody who has set nothing."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("WARMLINE_", "DATABASE_"))}
    return kept | {"WARMLINE_LANGUAGE": "en"}


@pytest.fixture
def warmline(environment) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Type a command: `warmline("db", "url")`."""

    def run(*words: object, **env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "warmline", *map(str, words)],
            env=environment | env,
            capture_output=True,
            text=True,
            timeout=180,
        )

    return run


@pytest.fixture
def port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
