"""The doctor: looks at a deployment and says what is wrong, and how to mend it."""

import contextlib
import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from warmline.base.clock import now
from warmline.base.disk import GIGABYTE, Room, room_on
from warmline.base.postgres.binaries import OLDEST
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

SKEW_MAX_S = 2.0
NEWEST_PYTHON, OLDEST_PYTHON = (3, 13), (3, 11)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at, and, if it is not well, what is wrong and what helps."""

    what: str
    wrong: str = ""
    mend: str = ""
    urgent: bool = True  # it does not work at all; else it works, but not for long

    @property
    def well(self) -> bool:
        return not self.wrong


Examination = Callable[[], Finding]


def examine_machine(data: Path) -> list[Examination]:
    """What can be looked at without a database."""
    return [lambda: python(), lambda: directory(data), lambda: disk(data), lambda: keys(data)]


def examine_database(connect: Callable[[], "psycopg.Connection[Any]"]) -> list[Examination]:
    """What only a database can tell."""
    checks = (server, chinese, clocks, connections)

    def looking(check: Callable[["psycopg.Connection[Any]"], Finding]) -> Examination:
        def look() -> Finding:
            with contextlib.closing(connect()) as connection:
                return check(connection)

        return look

    return [looking(check) for check in checks]


def look_at(examinations: list[Examination]) -> Iterator[Finding]:
    """One after the other; one that cannot be made is a finding too, and ends the visit."""
    for examine in examinations:
        try:
            yield examine()
        except Trouble as trouble:
            yield Finding(what=_("The database"), wrong=trouble.what, mend=trouble.mend)
            return
        except psycopg.Error as error:
            yield Finding(
                what=_("The database"),
                wrong=_("It does not answer: %(reason)s")
                % {"reason": str(error).strip().partition("\n")[0]},
                mend=_("Correct DATABASE_URL, or see postgres.log in the data directory."),
            )
            return


def python() -> Finding:
    running = sys.version_info[:2]
    version = f"Python {running[0]}.{running[1]}"
    if OLDEST_PYTHON <= running <= NEWEST_PYTHON:
        return Finding(what=version)
    return Finding(
        what=version,
        wrong=_("Warmline is checked on Python 3.11 to 3.13."),
        mend=_("Remove the folder .venv and run bin/run with one of these."),
        urgent=running < OLDEST_PYTHON,
    )


def directory(data: Path) -> Finding:
    what = _("Data directory %(path)s") % {"path": data}
    if not data.exists():
        return Finding(
            what=what,
            wrong=_("It does not exist yet."),
            mend=_("Start Warmline once: warmline serve"),
            urgent=False,
        )
    found = data.stat()
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            what=what,
            wrong=_("This user may not use it."),
            mend=_("Run as its owner, or make it yours with chown."),
        )
    if found.st_mode & stat.S_IWOTH:
        return Finding(
            what=what,
            wrong=_("Every user of this machine may write into it."),
            mend=f"chmod o-w {data}",
            urgent=False,
        )
    return Finding(what=what)


def disk(data: Path) -> Finding:
    place = next(p for p in (data, *data.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    what = _("Disk: %(free)s GB free") % {"free": f"{free / GIGABYTE:.1f}"}
    room = room_on(place)
    if room is Room.PLENTY:
        return Finding(what=what)
    return Finding(
        what=what,
        wrong=_("Nothing new is accepted.") if room is Room.NONE else _("It is filling up."),
        mend=_("Free some space, or move the data directory to a larger disk."),
        urgent=room is Room.NONE,
    )


def keys(data: Path) -> Finding:
    file = data / "keys.json"
    what = _("Key file %(path)s") % {"path": file}
    if not file.exists():
        there_are_families = (data / "database").exists()
        return Finding(
            what=what,
            wrong=_("It is missing, and without it no phone number can be read.")
            if there_are_families
            else _("It does not exist yet."),
            mend=_("Bring it back from where you keep a copy.")
            if there_are_families
            else _("Start Warmline once: warmline serve"),
            urgent=there_are_families,
        )
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding(
            what=what,
            wrong=_("Others may read it."),
            mend=f"chmod 600 {file}",
        )
    return Finding(what=what)


def port(host: str, number: int) -> Finding:
    what = _("Port %(port)s") % {"port": number}
    with socket.socket() as door:
        door.settimeout(1)
        if door.connect_ex((host, number)):
            return Finding(what=what)
    if _is_warmline(host, number):
        return Finding(what=_("Port %(port)s: Warmline is open there") % {"port": number})
    return Finding(
        what=what,
        wrong=_("Another program listens there."),
        mend=_("Choose another door: warmline serve --port %(port)s") % {"port": number + 1},
        urgent=False,
    )


def _is_warmline(host: str, number: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, number), 2) as door:
        door.sendall(b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n")
        answer = b""
        while piece := door.recv(4096):
            answer += piece
        return answer.endswith(b"alive\n")
    return False


def server(connection: "psycopg.Connection[Any]") -> Finding:
    version = connection.info.server_version
    what = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < OLDEST * 10000:
        return Finding(
            what=what,
            wrong=_("It is too old."),
            mend=_("Warmline needs PostgreSQL %(oldest)s or newer.") % {"oldest": OLDEST},
        )
    return Finding(what=what)


def chinese(connection: "psycopg.Connection[Any]") -> Finding:
    """With the wrong locale PostgreSQL takes every Chinese character for punctuation."""
    what = _("Chinese in the database")
    encoding, is_letter = _row(
        connection, r"SELECT current_setting('server_encoding'), '奶' ~ '\w'"
    )
    has_trigrams = _row(connection, "SELECT count(*) FROM pg_proc WHERE proname = 'show_trgm'")[0]
    keeps = not has_trigrams or _row(connection, "SELECT cardinality(show_trgm('中文')) > 0")[0]
    if encoding == "UTF8" and is_letter and keeps:
        return Finding(what=what)
    return Finding(
        what=what,
        wrong=_("The database's locale does not know Chinese letters; they cannot be searched."),
        mend=_("Make the database anew: CREATE DATABASE … TEMPLATE template0 LOCALE 'C.UTF-8'"),
    )


def clocks(connection: "psycopg.Connection[Any]") -> Finding:
    """Deadlines are instants: this machine and the database must agree on what time it is."""
    before = now()
    (there,) = _row(connection, "SELECT clock_timestamp()")
    after = now()
    skew = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    what = _("Clocks")
    if skew <= SKEW_MAX_S:
        return Finding(what=what)
    return Finding(
        what=what,
        wrong=_("This machine and the database disagree by %(seconds)s seconds.")
        % {"seconds": f"{skew:.0f}"},
        mend=_("Let both follow a time server: timedatectl set-ntp true"),
        urgent=skew > 60,
    )


def connections(connection: "psycopg.Connection[Any]") -> Finding:
    allowed, used = _row(
        connection,
        "SELECT current_setting('max_connections')::int, count(*)::int FROM pg_stat_activity"
        " WHERE backend_type = 'client backend'",
    )
    what = _("Connections: %(used)s of %(allowed)s") % {"used": used, "allowed": allowed}
    if used < allowed * 0.8:
        return Finding(what=what)
    return Finding(
        what=what,
        wrong=_("Soon nobody else can sign in to the database."),
        mend=_("Run fewer processes, or raise max_connections."),
        urgent=False,
    )


def _row(connection: "psycopg.Connection[Any]", question: str) -> tuple[Any, ...]:
    row = connection.execute(question).fetchone()
    assert row is not None
    return tuple(row)
