"""The loops of `warmline serve`, out of one process that has learnt everything already.

`python -m warmline.cli.nursery watch errands react deliver` imports the shop once, then forks: they
share its memory, are told apart by the system, and may fall alone. On many machines each runs by
itself, as `warmline loop NAME`.
"""

import gc
import os
import signal
import subprocess
import sys
import threading
import time

from warmline.base.postgres.process import die_with_parent
from warmline.base.supervisor import Child


class Forked:
    """A copy of us that does one thing; it behaves like a subprocess.Popen."""

    returncode: int

    def __init__(self, name: str) -> None:
        follow = die_with_parent(signal.SIGTERM)
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            follow()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os._exit(_run(name))
        self._ended = False

    def poll(self) -> int | None:
        if not self._ended:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._ended, self.returncode = True, os.waitstatus_to_exitcode(status)
        return self.returncode if self._ended else None

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (timeout or float("inf"))
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.02)
        return self.returncode


def _run(name: str) -> int:
    from warmline.cli import main

    try:
        main(["loop", name], prog_name="warmline")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    return 0


def look_after(names: list[str]) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    children = [Child(name, lambda name=name: Forked(name)) for name in names]  # type: ignore[misc]
    while not stop.wait(0.2):
        for child in children:
            child.look_after(lambda said: print(said, file=sys.stderr))
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_until_stopped()


if __name__ == "__main__":
    import django

    django.setup()
    gc.freeze()  # the collector leaves what we all share alone, so that it stays shared
    look_after(sys.argv[1:])
