"""How a database comes into the world: all of it, or nothing that stands in the way."""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from warmline.base.postgres.account import Account
from warmline.base.postgres.binaries import Binaries
from warmline.base.postgres.places import make_directory
from warmline.base.postgres.process import die_with_parent
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

OWNER = "warmline"
# Nothing of our caller's: neither its language, nor its libraries, nor its PG… variables.
SCRUBBED = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}


def clear_attempts(home: Path) -> None:
    """What an interrupted birth or copy left behind. Call it with the lock held."""
    for left_over in (*home.glob("init-*"), *home.glob("pgsql/copy-*")):
        shutil.rmtree(left_over)


def give_birth(home: Path, *, binaries: Binaries, account: Account, lock: int) -> None:
    """initdb in a place of its own, then one rename: whenever it is killed, we start over."""
    cradle = home / f"init-{secrets.token_hex(4)}"
    make_directory(cradle, account)
    born = subprocess.run(
        [binaries.program("initdb"), f"--pgdata={cradle}", *_how(binaries.major)],
        env=SCRUBBED,
        cwd="/",
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        pass_fds=[lock],
        preexec_fn=die_with_parent(signal.SIGKILL),
        **account.for_popen,
    )
    if born.returncode:
        shutil.rmtree(cradle, ignore_errors=True)
        raise _stillborn(born.stderr)
    cradle.rename(home / "data")
    _make_durable(home)


def finish_move(home: Path) -> None:
    """The proven database of a newer major takes the old one's place, which is kept beside it.

    Begun again wherever it was killed. Call it with the lock held.
    """
    new_home, data = home / "next", home / "data"
    if not (new_home / "proven").exists():
        return
    if (new_home / "data").exists():
        if data.exists():
            major = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
            kept = home / f"data-{major}"
            data.rename(kept if not kept.exists() else home / f"{kept.name}-{secrets.token_hex(4)}")
        (new_home / "data").rename(data)
        _make_durable(home)
    shutil.rmtree(new_home)


def _how(major: int) -> list[str]:
    """C.UTF-8 sorts the same on every machine and for ever, and knows Chinese from punctuation."""
    how = [f"--username={OWNER}", "--encoding=UTF8", "--data-checksums", "--no-instructions"]
    how += ["--auth-local=peer", "--auth-host=reject", "--locale=C.UTF-8"]
    if major >= 17:
        how += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return how


def _stillborn(said: str) -> Trouble:
    last = next((line for line in reversed(said.splitlines()) if "error:" in line), said.strip())
    if "locale" in said:
        return Trouble(
            _("This machine lacks the locale C.UTF-8, without which Chinese cannot be searched."),
            mend=_("Install it (glibc-langpack-C, or the package locales), or set DATABASE_URL."),
        )
    if "No space left" in said:
        return Trouble(
            _("The disk is full, so the database could not be created."),
            mend=_("Free at least 1 GB and start again."),
        )
    return Trouble(_("The database could not be created: %(reason)s.") % {"reason": last})


def _make_durable(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
