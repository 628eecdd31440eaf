"""Backups: taken while the shop is open, sealed, provable, and refused if damaged (G23).

A backup is pg_dump's archive followed by a manifest (what is in it: rows and a checksum of every
table, all of one instant), in one sealed stream. The key that opens it, `keys.json`, is not in it.
"""

import hashlib
import json
import os
import struct
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from warmline.base.clock import now
from warmline.base.postgres.binaries import client_program
from warmline.base.postgres.roles import ensure_roles
from warmline.base.sealed import Damaged, OtherKey, Sealer, unsealed
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

RESTORING = Path(__file__).with_name("restoring.sql").read_text(encoding="utf-8")
TABLES = Path(__file__).with_name("backup_tables.sql").read_text(encoding="utf-8")
COUNT = sql.SQL(
    "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM ONLY {table} t"
)
LENGTH = struct.Struct(">Q")
Contents = dict[str, list[Any]]  # table: [rows, checksum]
Progress = Callable[[int], None]  # bytes so far


def _ignore(_done: int) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Manifest:
    made_at: str
    server: int
    owner: str
    dump_bytes: int
    dump_sha256: str
    tables: Contents

    @property
    def rows(self) -> int:
        return sum(rows for rows, _checksum in self.tables.values())


@dataclass(frozen=True, kw_only=True)
class Source:
    """A database to save or to fill; `remote` ones are reached with the system's programs."""

    dsn: str
    remote: bool = False

    def command(self, program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        parts = conninfo_to_dict(self.dsn)
        password = parts.pop("password", None)  # not on the command line, where `ps` shows it
        env = dict(os.environ) | ({"PGPASSWORD": str(password)} if password else {})
        where = f"--dbname={make_conninfo('', **parts)}"
        return [client_program(program, remote=self.remote), where, *arguments], env


def back_up(source: Source, *, to: Path, key: bytes, on_progress: Progress = _ignore) -> Manifest:
    """Take a backup, read it back from the disk, and only then give it its name."""
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            sealer = Sealer(file, key)
            manifest = _dump(source, sealer, on_progress)
            told = json.dumps(asdict(manifest), sort_keys=True).encode()
            sealer.write(told + LENGTH.pack(len(told)))
            sealer.close()
            file.flush()
            os.fsync(file.fileno())
        assert verify(draft, key=key) == manifest, "what was read is not what was written"
        draft.rename(to)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _dump(source: Source, sealer: Sealer, on_progress: Progress) -> Manifest:
    """Counts and archive see the same instant, through one exported snapshot."""
    with psycopg.connect(source.dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        _be_patient(connection)
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        wanted = ["--format=custom", "--compress=1", "--no-owner", f"--snapshot={snapshot}"]
        command, env = source.command("pg_dump", *wanted, "--no-unlogged-table-data")
        size, digest = 0, hashlib.sha256()
        with _program(command, env, stdout=subprocess.PIPE) as dumping:
            assert dumping.stdout is not None
            while piece := dumping.stdout.read(1 << 18):
                sealer.write(piece)
                digest.update(piece)
                size += len(piece)
                on_progress(size)
            _succeeded(dumping, _("The backup could not be taken: %(reason)s"))
        return Manifest(
            made_at=now().isoformat(timespec="seconds"),
            server=connection.info.server_version,
            owner=str(_one(connection, "SELECT current_user")),
            dump_bytes=size,
            dump_sha256=digest.hexdigest(),
            tables=contents(connection),
        )


def verify(file: Path, *, key: bytes) -> Manifest:
    """Read it all; every byte is proven by the seal, and the archive by its checksum."""
    digest = hashlib.sha256()
    reading = _Reading(file, key)
    for piece in reading:
        digest.update(piece)
    manifest = reading.manifest
    if (reading.size, digest.hexdigest()) != (manifest.dump_bytes, manifest.dump_sha256):
        raise _damaged(file)
    return manifest


def restore(file: Path, *, into: Source, key: bytes, on_progress: Progress = _ignore) -> Manifest:
    """Fill an empty database, all of it or nothing, and prove that every row is back."""
    manifest = verify(file, key=key)
    with psycopg.connect(into.dsn, autocommit=True) as connection:
        if contents(connection):
            raise Trouble(
                _("The database to restore into already holds tables."),
                mend=_("Restore into a fresh directory: warmline restore FILE --data NEW"),
            )
        _make_room_for(manifest.owner, connection)
        connection.execute(RESTORING)
    try:
        _fill(file, into=into, key=key, on_progress=on_progress)
    finally:
        ensure_roles(into.dsn)
    with psycopg.connect(into.dsn) as connection:
        _be_patient(connection)
        found = contents(connection)
    if found != manifest.tables:
        wrong = [table for table, told in manifest.tables.items() if found.get(table) != told]
        raise Trouble(
            _("After restoring, these tables differ from the backup: %(tables)s.")
            % {"tables": ", ".join(wrong)},
            mend=_("Do not use this data directory; try again or take an older backup."),
        )
    return manifest


def _fill(file: Path, *, into: Source, key: bytes, on_progress: Progress) -> None:
    wanted = ["--no-owner", "--single-transaction", "--exit-on-error"]
    command, env = into.command("pg_restore", *wanted)
    with _program(command, env, stdin=subprocess.PIPE) as restoring:
        assert restoring.stdin is not None
        done = 0
        try:
            for piece in _Reading(file, key):
                restoring.stdin.write(piece)
                on_progress(done := done + len(piece))
            restoring.stdin.close()
        except BrokenPipeError:
            pass  # it gave up, and says why
        _succeeded(restoring, _("The backup could not be restored: %(reason)s"))


def contents(connection: "psycopg.Connection[Any]") -> Contents:
    """Rows and checksum of every table that is kept."""
    tables = connection.execute(TABLES).fetchall()
    found: Contents = {}
    for schema, table in tables:
        counting = COUNT.format(table=sql.Identifier(schema, table))
        row = connection.execute(counting).fetchone()
        assert row is not None
        found[f"{schema}.{table}"] = list(row)
    return found


class _Reading:
    """The archive out of a backup; its manifest is known once all of it has been read."""

    def __init__(self, file: Path, key: bytes) -> None:
        self.file, self.key, self.size = file, key, 0

    def __iter__(self) -> Iterator[bytes]:
        tail = b""
        try:
            with self.file.open("rb") as source:
                for piece in unsealed(source, self.key):
                    # The manifest is at the end, and how long it is at the very end.
                    tail += piece
                    if len(tail) > KEEP_BACK:
                        yield self._counted(tail[:-KEEP_BACK])
                        tail = tail[-KEEP_BACK:]
            (length,) = LENGTH.unpack(tail[-LENGTH.size :])
            told = tail[-LENGTH.size - length : -LENGTH.size]
            self.manifest = Manifest(**json.loads(told))
            yield self._counted(tail[: -LENGTH.size - length])
        except OtherKey:
            raise Trouble(
                _("%(file)s was sealed with other keys.") % {"file": self.file},
                mend=_("Put the keys.json that was in use at the time into the data directory."),
            ) from None
        except (Damaged, ValueError, TypeError, struct.error) as error:
            raise _damaged(self.file) from error
        except FileNotFoundError as error:
            raise Trouble(
                _("There is no backup %(file)s.") % {"file": self.file},
                mend=_("Look in the folder `backups` of the data directory."),
            ) from error

    def _counted(self, piece: bytes) -> bytes:
        self.size += len(piece)
        return piece


KEEP_BACK = 1 << 20  # more than any manifest


def _damaged(file: Path) -> Trouble:
    return Trouble(
        _("%(file)s is damaged; it was not restored, and cannot be.") % {"file": file},
        mend=_("Take another copy or an older backup, and look at the disk it was on."),
    )


def _be_patient(connection: "psycopg.Connection[Any]") -> None:
    """Reading it all takes its time; times and numbers must be spelled the same everywhere."""
    for said in (
        "SET statement_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0",
        "SET timezone = 'UTC'",
        "SET datestyle = 'ISO'",
        "SET extra_float_digits = 1",
        "SET bytea_output = 'hex'",
        "SET intervalstyle = 'postgres'",
    ):
        connection.execute(said)


def _make_room_for(owner: str, connection: "psycopg.Connection[Any]") -> None:
    """Default grants name their giver; on another server she may not exist yet."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner]).fetchone()
    if not known:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(owner)))


def _one(connection: "psycopg.Connection[Any]", question: str) -> object:
    row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def _program(
    command: list[str], env: dict[str, str], *, stdin: int | None = None, stdout: int | None = None
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            command, env=env, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
        )
    except FileNotFoundError as error:
        raise Trouble(
            _("%(program)s is not on this machine.") % {"program": command[0]},
            mend=_("Install the client programs of PostgreSQL: apt install postgresql-client"),
        ) from error


def _succeeded(process: "subprocess.Popen[bytes]", sentence: str) -> None:
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace").strip()
    if process.wait():
        raise Trouble(sentence % {"reason": said.partition("\n")[0]})
