"""A database is born, started, shared, stopped, and started again."""

import os
import socket
from pathlib import Path

import psycopg
import pytest

from warmline.base.postgres import Cluster
from warmline.base.postgres.tests.conftest import as_root, ended, said


def ask(url: str, question: str) -> str:
    with psycopg.connect(url) as connection:
        return str(connection.execute(question).fetchone()[0])


def postmaster(root: Path) -> int:
    return int((root.resolve() / "data" / "postmaster.pid").read_text().split()[0])


def test_it_is_started_used_stopped_and_keeps_what_it_was_told(root):
    cluster = Cluster(root)
    heard: list[str] = []

    with cluster.running(heard.append):
        assert cluster.owned
        with psycopg.connect(cluster.url("warmline")) as owner:
            owner.execute("CREATE TABLE tin (id int)")
        with psycopg.connect(cluster.url()) as app:
            app.execute("INSERT INTO tin VALUES (7)")
    assert "Creating the database …" in heard
    assert ended(root)

    with cluster.running():
        assert ask(cluster.url(), "SELECT id FROM tin") == "7"


def test_who_comes_second_shares_it_and_leaves_it_running(settled):
    with Cluster(settled).running() as first:
        with Cluster(settled).running() as second:
            assert not second.owned
            assert ask(second.url(), "SELECT 1") == "1"
        assert ask(first.url(), "SELECT 1") == "1"
    assert ended(settled)


def test_six_who_start_at_once_get_one_database(root, keep):
    keepers = [keep(root) for _ in range(6)]

    answers = sorted(said(keeper) for keeper in keepers)

    assert answers == ["joined"] * 5 + ["started"]


def test_the_app_may_write_rows_but_neither_tables_nor_for_ever(settled):
    with Cluster(settled).running() as cluster:
        with (
            psycopg.connect(cluster.url()) as app,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            app.execute("CREATE TABLE mine (id int)")
        assert ask(cluster.url(), "SHOW statement_timeout") == "30s"
        assert ask(cluster.url(), "SHOW lock_timeout") == "5s"
        assert ask(cluster.url("warmline"), "SHOW statement_timeout") == "0"


def test_databases_made_later_have_the_same_grants(settled):
    with Cluster(settled).running() as cluster:
        with psycopg.connect(cluster.url("warmline"), autocommit=True) as owner:
            owner.execute("CREATE DATABASE suite")
        with psycopg.connect(cluster.url("warmline", "suite")) as owner:
            owner.execute("CREATE TABLE tin (id int)")
        assert ask(cluster.url(database="suite"), "SELECT count(*) FROM tin") == "0"


def test_only_a_socket_leads_to_it(settled):
    with Cluster(settled).running() as cluster:
        assert ask(cluster.url(), "SHOW listen_addresses") == ""
        pid = postmaster(settled)
        sockets = {link for link in links_of(pid) if link.startswith("socket:")}
        inodes = {link.removeprefix("socket:[").rstrip("]") for link in sockets}
        listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        assert not inodes & set(listening.split())


def links_of(pid: int) -> list[str]:
    folder = f"/proc/{pid}/fd"
    return [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]


@as_root
def test_the_server_has_nothing_of_root(settled):
    with Cluster(settled).running():
        status = Path(f"/proc/{postmaster(settled)}/status").read_text()
    fields = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert "0" not in fields["Uid"].split() + fields["Gid"].split()
    assert fields["Groups"].strip() == ""


def test_it_has_a_session_of_its_own_so_that_ctrl_c_is_not_for_it(settled):
    with Cluster(settled).running():
        assert os.getsid(postmaster(settled)) != os.getsid(0)


def test_it_runs_from_its_own_copy_of_the_programs(settled):
    """An upgraded or moved virtual environment does not pull the floor from under it."""
    with Cluster(settled).running() as cluster:
        program = Path(os.readlink(f"/proc/{postmaster(settled)}/exe"))
        assert program.is_relative_to(cluster.home / "pgsql")


def test_what_matters_is_on_and_what_is_said_is_discreet(settled):
    wanted = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "jit": "off",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "TimeZone": "UTC",
        "max_connections": "60",
    }
    with Cluster(settled).running() as cluster:
        assert {name: ask(cluster.url(), f"SHOW {name}") for name in wanted} == wanted


def test_the_log_never_quotes_a_row(settled):
    with Cluster(settled).running() as cluster:
        with psycopg.connect(cluster.url("warmline"), autocommit=True) as owner:
            owner.execute("CREATE TABLE family (name text UNIQUE)")
            owner.execute("INSERT INTO family VALUES ('欧阳小暖')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                owner.execute("INSERT INTO family VALUES ('欧阳小暖')")
        log = (cluster.home / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "欧阳小暖" not in log


def test_a_socket_cannot_be_squatted_on(settled):
    """Left over from a crash, or put there: what is in the socket's place goes."""
    place = settled / "s" / ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as squatter:
        squatter.bind(str(place))
        with Cluster(settled).running() as cluster:
            assert ask(cluster.url(), "SELECT 1") == "1"
