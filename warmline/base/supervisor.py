"""`warmline serve` as one tree of processes: database, web, loops. One Ctrl-C ends them all.

The supervisor itself stays small: it knows neither Django nor the shop, so that it stands when they
fall. Whatever dies is started again; when it dies itself, all go with it.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from warmline.base.disk import Room, room_on
from warmline.base.postgres import Cluster
from warmline.base.postgres.ballast import load_ballast
from warmline.base.postgres.process import die_with_parent
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

LOOPS = ("watch", "errands", "react", "deliver")
REST_S = (0.5, 1, 2, 5, 10, 30)  # before the first, second, … restart in a row
LOOPS_WAIT_S = 20.0  # for the web to open
STEADY_S = 60.0  # who lives this long has recovered


def web_command(*, host: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "2"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
    return [*command, "--log-level", "warning", "warmline.base.supervised:application"]


def loops_command() -> list[str]:
    return [sys.executable, "-m", "warmline.cli.nursery", *LOOPS]


class Stopping(BaseException):
    """Asked to stop while something was still being started."""


class Process(Protocol):
    """As much of subprocess.Popen as we need."""

    pid: int
    returncode: int

    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


@dataclass
class Child:
    """One process we keep alive, with everything it starts itself."""

    name: str
    spawn: Callable[[], Process]
    grace_s: float = 15.0
    process: Process | None = None
    falls: int = 0
    began: float = 0.0
    due: float = 0.0

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start it again if it fell, after a rest that grows while it keeps falling."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.began, self.process = now, self.spawn()
        elif self.process.poll() is not None:
            self._sweep(self.process)
            steady = now - self.began > STEADY_S
            self.falls = 1 if steady else self.falls + 1
            rest = REST_S[min(self.falls, len(REST_S)) - 1]
            say(
                _("%(name)s ended (%(code)s); starting it again in %(rest)s s.")
                % {"name": self.name, "code": self.process.returncode, "rest": rest}
            )
            self.due, self.process = now + rest, None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_until_stopped(self) -> None:
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.grace_s)
            self._sweep(self.process)
            self.process.wait()
            self.process = None

    def _sweep(self, process: Process) -> None:
        """End what it may have left behind: its session is its own, so this hits nobody else."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def program(command: list[str], env: dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """A program in a session of its own, asked to end when we do."""
    return subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


class Supervisor:
    """Within it the database runs; `run()` lets web and loops work until a signal says stop.

    Leaving it stops the web first, so that nothing new comes in, then the loops, then the database.
    """

    def __init__(
        self,
        *,
        cluster: Cluster | None,
        web: Child,
        loops: Child,
        say: Callable[[str], None],
    ) -> None:
        self.cluster, self.web, self.loops, self.say = cluster, web, loops, say
        self._stop = threading.Event()
        self._room = Room.PLENTY
        self._next_look = 0.0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: self._stop.set())

    def __enter__(self) -> Self:
        if self.cluster is not None:
            self.cluster.start(self._report)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> bool:
        self.stop()
        return kind is Stopping

    def finish(self, command: list[str], *, env: dict[str, str]) -> int:
        """Wait for a piece of work that has an end; give it up when asked to stop."""
        process = program(command, env)
        while process.poll() is None:
            if self._stop.wait(0.05):
                process.terminate()
                process.wait()
                raise Stopping
        return process.returncode

    def run(self, *, door: tuple[str, int], on_open: Callable[[], None]) -> None:
        is_open, began = False, time.monotonic()
        while not self._stop.wait(0.2):
            self._look_after_the_database()
            self.web.look_after(self.say)
            # The first page first: what has waited overnight waits these seconds too.
            if is_open or time.monotonic() - began > LOOPS_WAIT_S:
                self.loops.look_after(self.say)
            if not is_open and answers(door):
                is_open = True
                on_open()

    def stop(self) -> None:
        for child in (self.web, self.loops):
            child.ask_to_stop()
            child.wait_until_stopped()
        if self.cluster is not None:
            self.cluster.stop()

    def _report(self, said: str) -> None:
        if self._stop.is_set():
            raise Stopping
        self.say(said)

    def _look_after_the_database(self) -> None:
        """Ours or shared: if it is gone, start it; if the disk is full, as soon as it is not."""
        now = time.monotonic()
        if self.cluster is None or now < self._next_look:
            return
        self._next_look = now + 2
        if not self.cluster.alive():
            self.say(_("The database is gone; starting it again."))
            self.cluster.stop()
            try:
                self.cluster.start(self._report)
            except Trouble as trouble:
                self.say(str(trouble))
                self._next_look = time.monotonic() + 5
        self._look_after_the_disk(self.cluster.home)

    def _look_after_the_disk(self, home: Path) -> None:
        room = room_on(home)
        if room != self._room:
            self._room = room
            self.say(
                {
                    Room.PLENTY: _("There is room on the disk again."),
                    Room.SCARCE: _("Less than 1 GB is left on the disk."),
                    Room.NONE: _("The disk is all but full: nothing new is accepted."),
                }[room]
            )
        with contextlib.suppress(OSError):  # a reserve is welcome, not required
            load_ballast(home / "ballast")


def answers(door: tuple[str, int]) -> bool:
    """Whether a first page comes, whatever it says."""
    try:
        with socket.create_connection(door, timeout=2) as visitor:
            visitor.sendall(b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return visitor.recv(5) == b"HTTP/"
    except OSError:
        return False
