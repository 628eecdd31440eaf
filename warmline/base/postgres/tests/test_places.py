"""Any directory a shop may choose, and none that is not ours to touch."""

import os
import pwd
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from warmline.base.postgres import Cluster, places
from warmline.base.postgres.tests.conftest import as_root, said
from warmline.base.postgres.tests.test_a_life import ask
from warmline.base.trouble import Trouble

CHINESE = "SELECT show_trgm('中文奶粉')"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_long_chinese_path_with_blanks_on_a_machine_without_that_locale(root, keep):
    deep = root.parent / ("奶粉 仓库 " * 12) / "数据 库"
    assert len(os.fsencode(deep)) > 180

    keeper = keep(deep, LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")

    assert said(keeper) == "started"
    place = places.socket_directory(deep)
    assert mode(place) == 0o700
    with psycopg.connect(Cluster(deep).url("warmline")) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        assert owner.execute(CHINESE).fetchone()[0]
    shutil.rmtree(place, ignore_errors=True)


def test_without_any_locale_chinese_is_still_searched(settled, keep):
    """As under systemd or cron, where LANG is empty."""
    keeper = keep(settled, LANG="", LC_ALL="")
    assert said(keeper) == "started"

    with psycopg.connect(Cluster(settled).url("warmline")) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        assert owner.execute(CHINESE).fetchone()[0]
        assert owner.execute(r"SELECT '奶' ~ '\w', upper('é')").fetchone() == (True, "É")


def test_a_comma_in_the_path_is_not_a_list_of_servers(settled):
    strange = settled.parent / "shop, the second"
    settled.rename(strange)

    with Cluster(strange).running() as cluster:
        assert ask(cluster.url(), "SELECT 1") == "1"
        place = places.socket_directory(strange)
    shutil.rmtree(place)


def test_the_short_place_is_kept_from_start_to_start_and_not_taken_from_strangers(settled):
    strange = settled.parent / "a,b"
    settled.rename(strange)
    with Cluster(strange).running():
        place = places.socket_directory(strange)
    with Cluster(strange).running():
        assert places.socket_directory(strange) == place
    place.chmod(0o777)
    with Cluster(strange).running():
        other = places.socket_directory(strange)
        assert other != place
    shutil.rmtree(place)
    shutil.rmtree(other)


def test_its_home_is_closed_to_others(settled):
    with Cluster(settled).running():
        assert mode(settled) & 0o007 == 0
        assert mode(settled / "data") == 0o700
        assert mode(settled / "s") == 0o700
        assert mode(settled / "cluster.lock") == 0o600


@as_root
def test_another_user_can_neither_enter_nor_sign_in(settled):
    with Cluster(settled).running() as cluster:
        assert becoming("daemon", lambda: knock(cluster)) == "kept out"
        settled.chmod(0o755)  # even if somebody opens the doors,
        (settled / "s").chmod(0o755)
        (settled / "s" / ".s.PGSQL.5432").chmod(0o777)
        assert becoming("daemon", lambda: knock(cluster)) == "not on the list"


def knock(cluster: Cluster) -> str:
    try:
        psycopg.connect(cluster.url("warmline")).close()
    except psycopg.OperationalError as error:
        return "not on the list" if "Peer authentication failed" in str(error) else "kept out"
    return "let in"


def becoming(user: str, do) -> str:
    """What `do` returns when another user does it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        os.write(writing, do().encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


@as_root
def test_without_root_it_runs_as_whoever_started_it_and_survives_accidents(root, keep):
    shutil.chown(root.parent, "nobody")
    keeper = keep(root, user="nobody")

    assert said(keeper) == "started"
    assert root.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert mode(root) == 0o700
    assert ask(Cluster(root).url(), "SELECT current_user") == "warmline_app"  # root may come in

    keeper.kill()
    keeper.wait()
    answers = [said(keep(root, user="nobody")) for _ in range(2)]
    assert answers == ["started", "joined"]


@as_root
def test_root_serves_a_users_database_as_that_user(settled, keep):
    nobody = pwd.getpwnam("nobody")
    for place in (settled.parent, settled, *settled.rglob("*")):
        os.chown(place, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)

    with Cluster(settled).running() as cluster:
        assert cluster.owned
    assert said(keep(settled, user="nobody")) == "started"


@as_root
def test_somebody_elses_database_is_refused_in_words(settled, keep):
    answer = said(keep(settled, user="nobody"))

    assert answer.startswith("trouble The database in")
    assert "--data" in answer


@as_root
def test_a_place_that_cannot_be_written_is_refused_in_words(root, keep):
    assert "cannot be written" in said(keep(root, user="nobody"))


@as_root
def test_under_roots_own_home_it_moves_out_and_opens_no_door(root, monkeypatch):
    monkeypatch.setattr(places, "SHARED_STATE", root.parent / "state")
    closed = root.parent / "root"
    closed.mkdir(mode=0o700)
    asked_for = closed / "shop" / "var" / "database"

    with Cluster(asked_for).running() as cluster:
        assert ask(cluster.url(), "SELECT 1") == "1"
        assert cluster.home.parent == root.parent / "state"
    assert asked_for.is_symlink()
    assert mode(closed) == 0o700
    with Cluster(asked_for).running() as again:
        assert again.home == cluster.home


@as_root
def test_where_nothing_can_be_entered_it_says_what_to_do(root, monkeypatch):
    closed = root.parent / "root"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(places, "SHARED_STATE", closed / "state")

    with pytest.raises(Trouble, match=r"does not run as root.*--data /srv/warmline"):
        Cluster(closed / "database").start()
    assert not (closed / "database").exists()
    assert mode(closed) == 0o700


def test_a_user_without_a_name_is_told_so(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)

    with pytest.raises(Trouble, match="User 54321 has no name"):
        places.Account.keeping(Path("/"))
