"""A backup brings every row back, and a damaged one is refused (G23)."""

import shutil
import threading
from pathlib import Path

import psycopg
import pytest

from warmline.base.backup import Source, back_up, contents, restore, verify
from warmline.base.postgres import Cluster
from warmline.base.postgres.tests.conftest import copy_house
from warmline.base.trouble import Trouble

KEY = b"k" * 32
SHOP = Path(__file__).with_name("small_shop.sql").read_text()


@pytest.fixture
def source(settled):
    with Cluster(settled).running() as cluster:
        with psycopg.connect(cluster.url("warmline")) as owner:
            owner.execute(SHOP)
        yield Source(dsn=cluster.url("warmline"))


@pytest.fixture
def empty(root, first):
    """A database in a fresh directory."""
    place = root.parent / "fresh"
    copy_house(first, place)
    with Cluster(place).running() as cluster:
        yield Source(dsn=cluster.url("warmline"))


@pytest.fixture
def saved(source, tmp_path) -> Path:
    file = tmp_path / "shop.backup"
    back_up(source, to=file, key=KEY)
    return file


def told(source: Source):
    with psycopg.connect(source.dsn) as connection:
        return contents(connection)


def test_every_row_comes_back_in_a_fresh_directory(source, saved, empty):
    manifest = restore(saved, into=empty, key=KEY)

    assert told(empty) == told(source) == manifest.tables
    assert manifest.rows == 1003
    assert manifest.tables["public.family"][0] == 3
    with psycopg.connect(empty.dsn) as connection:
        assert connection.execute("SELECT name FROM family WHERE id = 2").fetchone() == (
            "欧阳小暖",
        )
        told_to_app = "SELECT has_table_privilege('warmline_app', 'family', %s)"
        assert connection.execute(told_to_app, ["INSERT"]).fetchone() == (True,)
        assert connection.execute(told_to_app, ["UPDATE"]).fetchone() == (False,)


def test_tables_made_after_a_restore_are_the_apps_too(saved, empty):
    restore(saved, into=empty, key=KEY)
    with psycopg.connect(empty.dsn) as owner:
        owner.execute("CREATE TABLE later (id int)")
        may = owner.execute("SELECT has_table_privilege('warmline_app', 'later', 'UPDATE')")
        assert may.fetchone() == (True,)


def test_it_is_of_one_instant_while_the_shop_goes_on(source, empty, tmp_path):
    stop = threading.Event()

    def sell() -> None:
        with psycopg.connect(source.dsn, autocommit=True) as till:
            while not stop.is_set():
                till.execute("INSERT INTO sale (cents) VALUES (1)")

    selling = threading.Thread(target=sell)
    selling.start()
    try:
        manifest = back_up(source, to=tmp_path / "busy.backup", key=KEY)
    finally:
        stop.set()
        selling.join()

    assert restore(tmp_path / "busy.backup", into=empty, key=KEY) == manifest


def test_what_a_crash_may_empty_is_not_kept(saved):
    assert "public.scratch" not in verify(saved, key=KEY).tables


def test_it_tells_nothing_to_who_finds_it(saved):
    found = saved.read_bytes()
    assert "欧阳".encode() not in found
    assert b"PGDMP" not in found
    assert saved.stat().st_mode & 0o077 == 0


def test_a_damaged_one_is_refused_before_anything_is_written(saved, empty):
    whole = saved.read_bytes()
    flipped = bytearray(whole)
    flipped[len(flipped) // 2] ^= 1

    for harmed in (bytes(flipped), whole[:-9], b"", b"PK\3\4 a holiday picture"):
        saved.write_bytes(harmed)
        with pytest.raises(Trouble, match="is damaged"):
            restore(saved, into=empty, key=KEY)
    assert told(empty) == {}


def test_other_keys_are_named_as_the_reason(saved):
    with pytest.raises(Trouble, match="sealed with other keys"):
        verify(saved, key=b"z" * 32)


def test_a_database_that_holds_something_is_left_alone(source, saved):
    before = told(source)
    with pytest.raises(Trouble, match="already holds tables"):
        restore(saved, into=source, key=KEY)
    assert told(source) == before


def test_a_backup_that_fails_leaves_no_half_file(source, tmp_path):
    gone = Source(dsn=source.dsn.replace("/warmline?", "/nowhere?"))
    with pytest.raises(psycopg.OperationalError):
        back_up(gone, to=tmp_path / "x.backup", key=KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(Trouble, match="There is no backup"):
        verify(tmp_path / "nothing", key=KEY)


def test_for_another_machine_the_systems_programs_are_used():
    if not shutil.which("pg_dump"):
        pytest.skip("no PostgreSQL of the distribution")
    command, _env = Source(dsn="postgresql://db.example/shop", remote=True).command("pg_dump")
    assert command[0] == shutil.which("pg_dump")


def test_a_password_is_not_on_the_command_line():
    command, env = Source(dsn="postgresql://ling:geheim@db.example/shop").command("pg_dump")
    assert "geheim" not in " ".join(command)
    assert env["PGPASSWORD"] == "geheim"
