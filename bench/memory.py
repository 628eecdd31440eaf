"""The memory of an idle `warmline serve`, and how soon it is back after a restart.

    python bench/memory.py                       500 families, seeded in a fresh place
    python bench/memory.py --data DIR            the chain that lives there (its server must be off)

Memory is PSS, so that what processes share is counted once; PostgreSQL's shared buffers are in it.
"""

import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import ROOT, cpu_of, free_port, pss_mb

GOAL_MB, GOAL_S = 600, 5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a Warmline data directory")
    parser.add_argument("--households", type=int, default=500, help="of a fresh chain")
    parser.add_argument("--rounds", type=int, default=5, help="restarts")
    parser.add_argument("--idle", type=float, default=15, help="seconds before memory is read")
    return parser.parse_args()


@contextlib.contextmanager
def served(data: Path):
    """`warmline serve` until the first page is there; gives its process and the seconds it took."""
    port, begun = free_port(), time.monotonic()
    command = [sys.executable, "-m", "warmline", "serve", "--data", str(data), "--port", str(port)]
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    server = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            if server.poll() is not None or time.monotonic() > begun + 120:
                raise SystemExit("warmline serve did not open")
            time.sleep(0.02)
        yield server.pid, time.monotonic() - begun
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def answers(port: int) -> bool:
    """Somebody asks for Today and is shown the way in."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        data = (asked.data or Path(fresh) / "data").absolute()
        if not asked.data:
            Path(fresh).chmod(0o755)  # root's server runs as another user
            seed = [sys.executable, "-m", "warmline", "seed", "--data", str(data)]
            subprocess.run([*seed, "--households", str(asked.households)], cwd=ROOT, check=True)
        seconds, sizes, cpu = [], {}, []
        for number in range(-1, asked.rounds):
            with served(data) as (pid, took):
                cpu.append(cpu_of(pid))
                if number >= 0:
                    seconds.append(took)
                if number == asked.rounds - 1:
                    time.sleep(asked.idle)
                    sizes = pss_mb(pid)
    by_kind = ", ".join(f"{kind} {mb:.0f}" for kind, mb in sorted(sizes.items()))
    print(f"idle tree: {sum(sizes.values()):.0f} MB PSS ({by_kind}) (goal {GOAL_MB})")
    print(
        f"restart to first page: {statistics.median(seconds):.1f} s, {min(seconds):.1f} at best, "
        f"CPU {statistics.median(cpu):.1f} s (goal {GOAL_S} s)"
    )


if __name__ == "__main__":
    main()
