"""The operating-system account that runs the database: never root."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

NAME = "warmline"


@dataclass(frozen=True, kw_only=True)
class Account:
    uid: int
    gid: int
    name: str

    @classmethod
    def of(cls, uid: int) -> Self:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise Trouble(
                _("User %(uid)s has no name on this machine, so PostgreSQL refuses to run as it.")
                % {"uid": uid},
                mend=_("Add the user to /etc/passwd, or name a database with DATABASE_URL."),
            ) from None
        return cls(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)

    @classmethod
    def keeping(cls, root: Path) -> Self:
        """Ourselves; for root whoever owns the files, or an account made for the purpose."""
        if os.geteuid() != 0:
            return cls.of(os.geteuid())
        for place in (root, root / "data"):
            if place.exists() and (owner := place.stat().st_uid) != 0:
                return cls.of(owner)
        return cls.of(_dedicated())

    @property
    def for_popen(self) -> dict[str, Any]:
        """Who the child is. Groups too: with gid 0 it could read what root's group may."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, place: Path) -> bool:
        asked = ["/bin/sh", "-c", 'cd -- "$1" 2>/dev/null', "sh", str(place)]
        return subprocess.run(asked, cwd="/", check=False, **self.for_popen).returncode == 0


def _dedicated() -> int:
    """Find or make the system user `warmline`; where none can be made, `nobody` has to do."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    command = [useradd or "", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME]
    for _attempt in range(10):  # somebody else may be adding a user at this very moment
        try:
            return pwd.getpwnam(NAME).pw_uid
        except KeyError:
            if not useradd:
                break
        if subprocess.run(command, capture_output=True, check=False).returncode:
            time.sleep(0.2)
    try:
        return pwd.getpwnam(NAME).pw_uid
    except KeyError:
        return pwd.getpwnam("nobody").pw_uid
