"""Who may sign in: by the socket alone, as whom the kernel says you are. No passwords, no TCP."""

import os
from pathlib import Path

from warmline.base.postgres.account import Account
from warmline.base.postgres.places import open_file
from warmline.base.postgres.roles import APP, OWNER

RULES = "local all all peer map=warmline\n"


def write_rules(home: Path, account: Account) -> None:
    """Written anew at each start: a moved or restored directory may have another owner."""
    visitors = dict.fromkeys([account.name, "root"])
    names = [(visitor, role) for visitor in visitors for role in (OWNER, APP)]
    lines = [f"warmline {_quoted(visitor)} {role}\n" for visitor, role in names]
    _write(home / "pg_hba.conf", RULES, account)
    _write(home / "pg_ident.conf", "".join(lines), account)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write(path: Path, text: str, account: Account) -> None:
    descriptor = open_file(path, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if os.geteuid() != account.uid:
            os.fchown(descriptor, -1, account.gid)
        os.fchmod(descriptor, 0o640)
        file.write(text)
