"""One running postmaster, from its first breath to its last."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from warmline.base.postgres.account import Account
from warmline.base.postgres.binaries import Binaries
from warmline.base.postgres.birth import SCRUBBED
from warmline.base.postgres.places import open_file
from warmline.base.postgres.process import die_with_parent
from warmline.base.postgres.settings import as_arguments, settings
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

LOG_MAX = 16 << 20


NEEDED_TO_START = 16 << 20


class DiskFull(Trouble):
    def __init__(self, place: Path) -> None:
        super().__init__(
            _("The disk is full, so the database cannot start."),
            mend=_("Free at least 1 GB on %(path)s and start again; nothing was lost.")
            % {"path": place},
        )


def _is_full(place: Path) -> bool:
    """So full that not even the reason could be written to the log."""
    return shutil.disk_usage(place).free < NEEDED_TO_START


class Server:
    def __init__(self, process: "subprocess.Popen[bytes]", *, log: Path, said_before: int) -> None:
        self.process = process
        self._log = log
        self._said_before = said_before

    @classmethod
    def launch(
        cls, home: Path, *, sockets: Path, binaries: Binaries, account: Account, lock: int
    ) -> "Server":
        """As our own child, with the lock in its hands and an order to end when we do."""
        log = home / "postgres.log"
        if log.exists() and log.stat().st_size > LOG_MAX:
            log.replace(home / "postgres.log.1")
        said = open_file(log, os.O_WRONLY | os.O_APPEND)
        # Looked at first: a server that cannot start may have said why before we are back here.
        said_before = os.fstat(said).st_size
        chosen = settings(home=home, sockets=sockets, major=binaries.major)
        try:
            process = subprocess.Popen(
                [binaries.program("postgres"), "-D", str(home / "data"), *as_arguments(chosen)],
                env=SCRUBBED,
                cwd="/",
                umask=0o077,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for us; we stop it when its clients are gone
                pass_fds=[lock],
                preexec_fn=die_with_parent(signal.SIGINT),
                **account.for_popen,
            )
            return cls(process, log=log, said_before=said_before)
        finally:
            os.close(said)

    def wait_until_ready(
        self, dsn: str, *, patience_s: float, on_progress: Callable[[str], None]
    ) -> None:
        """Recovery after a crash may take minutes; say so, and give up only after `patience_s`."""
        began = time.monotonic()
        told = began
        while not accepts(dsn):
            if self.process.poll() is not None:
                raise self._explained()
            now = time.monotonic()
            if now - began > patience_s:
                raise Trouble(
                    _("The database was not ready after %(seconds)s seconds.")
                    % {"seconds": int(patience_s)},
                    mend=_("See %(log)s for what keeps it busy.") % {"log": self._log},
                )
            if now - told >= 1:
                told = now
                on_progress(
                    _("The database is starting (%(seconds)s s) …") % {"seconds": int(now - began)}
                )
            time.sleep(0.01 if now - began < 2 else 0.1)

    def stop(self) -> None:
        """Fast shutdown; whoever does not go within a minute is pushed."""
        for number, patience_s in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if self.process.poll() is None:
                self.process.send_signal(number)
                try:
                    self.process.wait(patience_s)
                except subprocess.TimeoutExpired:
                    continue
        self.process.wait()

    def _explained(self) -> Trouble:
        with self._log.open(errors="replace") as log:
            log.seek(self._said_before)
            said = log.read()
        if "No space left on device" in said or _is_full(self._log.parent):
            return DiskFull(self._log.parent)
        lines = [line for line in said.splitlines() if line.strip()]
        reasons = re.findall(r"(?:FATAL|PANIC|error):\s+(.*)", said) or lines
        return Trouble(
            _("The database did not start: %(reason)s.")
            % {"reason": reasons[-1].rstrip(".") if reasons else _("it gave no reason")},
            mend=_("See %(log)s.") % {"log": self._log},
        )


def accepts(dsn: str) -> bool:
    """Whether a server answers there and lets people in; not whether it would let us in."""
    return psycopg.pq.PGconn.ping(dsn.encode()) == psycopg.pq.Ping.OK
