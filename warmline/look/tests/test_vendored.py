"""The files of others are the ones we looked at."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_vendored_files_are_those_of_the_lock() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/vendor.py", "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
