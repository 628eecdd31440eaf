"""The database of one data directory: started by whoever comes first, shared by all who follow."""

import contextlib
import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg

from warmline.base.postgres import lock
from warmline.base.postgres.account import Account
from warmline.base.postgres.ballast import drop_ballast, load_ballast
from warmline.base.postgres.binaries import Binaries
from warmline.base.postgres.birth import clear_attempts, finish_move, give_birth
from warmline.base.postgres.doorkeeper import write_rules
from warmline.base.postgres.orphans import kill_orphans
from warmline.base.postgres.places import make_home, make_socket_directory, socket_directory
from warmline.base.postgres.roles import APP, DATABASE, OWNER, ensure_database
from warmline.base.postgres.server import DiskFull, Server, accepts
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

Progress = Callable[[str], None]


def quietly(_said: str) -> None:
    pass


class Cluster:
    """`start()` it, take its `url()`, `stop()` it; or do all three with `running()`."""

    patience_s = 300.0

    def __init__(self, root: Path, *, binaries: Binaries | None = None) -> None:
        self.root = Path(os.path.abspath(root))
        self._binaries = binaries  # another version's, to read what it wrote
        self._server: Server | None = None

    @property
    def owned(self) -> bool:
        """Whether we started the server, so that it ends with us."""
        return self._server is not None

    @property
    def home(self) -> Path:
        """Where the files really are."""
        return self.root.resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    def start(self, on_progress: Progress = quietly) -> None:
        """Start the server, or join the one that runs; either way it is ready on return."""
        assert threading.current_thread() is threading.main_thread(), "it would end with the thread"
        home = make_home(self.root)
        deadline = time.monotonic() + self.patience_s
        while True:
            held = lock.take(home)
            if held is not None:
                try:
                    self._server = self._start_as_owner(home, held=held, on_progress=on_progress)
                finally:
                    os.close(held)  # from now on only PostgreSQL's own processes hold it
                return
            if self._can_join():
                return
            kill_orphans(home / "data")
            if time.monotonic() > deadline:
                raise Trouble(
                    _("Another process holds the database in %(path)s but does not start it.")
                    % {"path": home},
                    mend=_("Look for it with: fuser %(path)s/cluster.lock") % {"path": home},
                )
            on_progress(_("Another start is under way; waiting for it …"))
            time.sleep(0.1)

    @property
    def host(self) -> str:
        """The socket's directory, which is what libpq calls a host."""
        return str(socket_directory(self.home) or self.home / "s")

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        place = f"host={quote(self.host)}&port=5432&user={quote(role)}"
        return f"postgresql:///{quote(database)}?{place}"

    def alive(self) -> bool:
        """Whether the server is there: our child lives, or the one we joined still answers."""
        if self._server is not None:
            return self._server.process.poll() is None
        return accepts(self.url())

    def stop(self) -> None:
        """Stop the server if it is ours; one that others started goes on."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    @contextlib.contextmanager
    def running(self, on_progress: Progress = quietly) -> Iterator[Self]:
        self.start(on_progress)
        try:
            yield self
        finally:
            self.stop()

    def _start_as_owner(self, home: Path, *, held: int, on_progress: Progress) -> Server:
        binaries = self._binaries or Binaries.installed()
        finish_move(home)
        self._refuse_other_version(home, binaries)
        clear_attempts(home)
        account = Account.keeping(home)
        binaries = self._binaries or binaries.settled_in(home)
        if not (home / "data" / "PG_VERSION").exists():
            on_progress(_("Creating the database …"))
            give_birth(home, binaries=binaries, account=account, lock=held)
        # The lock is ours, so nobody lives who could own these.
        (home / "data" / "postmaster.pid").unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a reserve is welcome, not required
            load_ballast(home / "ballast")
        on_progress(_("Starting the database …"))

        def launch() -> Server:
            return self._launch(
                home, binaries=binaries, account=account, held=held, on_progress=on_progress
            )

        try:
            return launch()
        except DiskFull:
            if not drop_ballast(home / "ballast"):
                raise
            on_progress(_("The disk is full: giving up the reserve to start …"))
            return launch()

    def _launch(
        self,
        home: Path,
        *,
        binaries: Binaries,
        account: Account,
        held: int,
        on_progress: Progress,
    ) -> Server:
        try:
            sockets = make_socket_directory(home, account)
            write_rules(home, account)
            server = Server.launch(
                home, sockets=sockets, binaries=binaries, account=account, lock=held
            )
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull(home) from error
            raise
        try:
            server.wait_until_ready(
                self.url(OWNER), patience_s=self.patience_s, on_progress=on_progress
            )
            ensure_database(
                database=self.url(OWNER),
                maintenance=self.url(OWNER, "postgres"),
                template=self.url(OWNER, "template1"),
            )
        except BaseException:
            server.stop()
            raise
        return server

    def _can_join(self) -> bool:
        if socket_directory(self.home) is None or not accepts(self.url()):
            return False
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False  # it is only just being set up, or going down
        return True

    def _refuse_other_version(self, home: Path, binaries: Binaries) -> None:
        try:
            wrote = (home / "data" / "PG_VERSION").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return
        if int(wrote) != binaries.major:
            raise Trouble(
                _("PostgreSQL %(old)s wrote the database in %(path)s; this is PostgreSQL %(new)s.")
                % {"old": wrote, "path": home, "new": binaries.major},
                mend=_("Bring it over, once: warmline db upgrade")
                if int(wrote) < binaries.major
                else _("Install that version's programs again, or name them with WARMLINE_PG_BIN."),
            )
