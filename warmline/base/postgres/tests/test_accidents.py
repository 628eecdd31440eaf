"""Whatever is killed, and whenever: nothing lives on that should not, and the next start works."""

import os
import signal
import subprocess
import time

import psycopg
import pytest

from warmline.base.postgres import Cluster
from warmline.base.postgres import cluster as cluster_module
from warmline.base.postgres.orphans import kill_orphans
from warmline.base.postgres.tests.conftest import ended, said, wait_until
from warmline.base.postgres.tests.test_a_life import ask, postmaster
from warmline.base.trouble import Trouble


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_parent_takes_the_server_along(settled, keep, number):
    keeper = keep(settled)
    assert said(keeper) == "started"

    keeper.send_signal(number)

    wait_until(lambda: ended(settled))
    with Cluster(settled).running() as cluster:
        assert cluster.owned


@pytest.mark.parametrize("after_ms", [100, 500])
def test_a_birth_that_is_killed_at_any_point_starts_over(root, keep, after_ms):
    keeper = keep(root)
    wait_until(lambda: (root / "cluster.lock").exists())
    time.sleep(after_ms / 1000)
    keeper.kill()
    keeper.wait()

    with Cluster(root).running() as cluster:
        assert ask(cluster.url(), "SELECT 1") == "1"
    assert not list(root.glob("init-*"))


@pytest.mark.parametrize("left", ["{me}\n/somewhere\n1\n5432\n\n\n1 1\nready\n", "{me}\n", ""])
def test_a_stale_pid_file_is_not_believed(settled, left):
    """After a reboot its number may be anybody's; cut short, it says nothing."""
    (settled / "data" / "postmaster.pid").write_text(left.format(me=os.getpid()))

    with Cluster(settled).running() as cluster:
        assert cluster.owned


def test_backends_that_outlived_their_postmaster_are_ended(settled):
    cluster = Cluster(settled)
    cluster.start()
    busy = psycopg.connect(cluster.url())
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000)")
    time.sleep(0.2)
    os.kill(postmaster(settled), signal.SIGKILL)
    cluster.stop()
    assert not ended(settled)

    with Cluster(settled).running() as again:
        assert again.owned
        assert ask(again.url(), "SELECT 1") == "1"
    busy.close()


def test_a_living_server_has_no_orphans(settled):
    with Cluster(settled).running() as cluster, psycopg.connect(cluster.url()) as visitor:
        assert kill_orphans(settled / "data") == []
        assert visitor.execute("SELECT 1").fetchone() == (1,)


def test_who_shares_a_database_takes_over_when_its_keeper_dies(settled, keep):
    keeper = keep(settled)
    assert said(keeper) == "started"
    cluster = Cluster(settled)
    cluster.start()
    assert cluster.alive()
    keeper.kill()
    wait_until(lambda: not cluster.alive())

    with cluster.running():
        assert cluster.owned


def test_a_killed_backend_resets_sessions_and_the_server_goes_on(settled):
    with Cluster(settled).running() as cluster:
        visitor = psycopg.connect(cluster.url())
        os.kill(visitor.info.backend_pid, signal.SIGKILL)
        visitor.close()
        wait_until(lambda: not cluster.alive() or cluster_module.accepts(cluster.url()))
        assert cluster.alive()


def test_a_start_that_takes_long_says_so(settled, monkeypatch):
    """Recovery can take minutes; here it takes one second and a bit."""
    ready_at = time.monotonic() + 1.3
    monkeypatch.setattr(
        "warmline.base.postgres.server.accepts", lambda dsn: time.monotonic() > ready_at
    )
    heard: list[str] = []

    with Cluster(settled).running(heard.append):
        assert "The database is starting (1 s) …" in heard


def test_a_start_that_takes_for_ever_is_given_up_and_leaves_nothing(settled, monkeypatch):
    monkeypatch.setattr("warmline.base.postgres.server.accepts", lambda dsn: False)
    monkeypatch.setattr(Cluster, "patience_s", 0.3)

    with pytest.raises(Trouble, match="not ready after 0 seconds"):
        Cluster(settled).start()
    assert ended(settled)


@pytest.mark.parametrize("is_slow", [False, True], ids=["at its pace", "we are slower than it"])
def test_a_start_that_fails_says_why(settled, monkeypatch, is_slow):
    """On a busy machine PostgreSQL may have said it all before we look at its log."""
    (settled / "data" / "global" / "pg_control").unlink()
    begin = subprocess.Popen

    def begin_slowly(command, *args, **kwargs):
        process = begin(command, *args, **kwargs)
        if is_slow and "-D" in command:
            process.wait(10)
        return process

    monkeypatch.setattr(subprocess, "Popen", begin_slowly)

    with pytest.raises(Trouble, match=r"The database did not start: .*pg_control"):
        Cluster(settled).start()
    assert ended(settled)
