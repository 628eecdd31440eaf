"""Distribution binaries may stand in; another major's data is not touched."""

from pathlib import Path

import psycopg
import pytest

from warmline.base.postgres import Cluster, birth, major
from warmline.base.postgres.binaries import Binaries
from warmline.base.postgres.tests.test_places import CHINESE
from warmline.base.trouble import Trouble

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
debian = pytest.mark.skipif(not DEBIAN, reason="no PostgreSQL of the distribution")


@debian
def test_a_distributions_postgresql_stands_in_and_then_ours_refuses(root, monkeypatch):
    monkeypatch.setenv("WARMLINE_PG_BIN", str(DEBIAN[-1]))
    with Cluster(root).running() as cluster, psycopg.connect(cluster.url("warmline")) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        assert owner.execute(CHINESE).fetchone()[0]
        major = owner.info.server_version // 10000
        assert major == Binaries.installed().major

    monkeypatch.delenv("WARMLINE_PG_BIN")
    if major != Binaries.installed().major:
        with pytest.raises(Trouble, match=f"PostgreSQL {major} wrote the database"):
            Cluster(root).start()


def test_a_wrong_folder_is_said_to_be_wrong(root, monkeypatch):
    monkeypatch.setenv("WARMLINE_PG_BIN", str(root.parent))

    with pytest.raises(Trouble, match=r"no working PostgreSQL.*WARMLINE_PG_BIN"):
        Cluster(root).start()


def test_a_postgresql_that_is_too_old_is_refused(root, monkeypatch):
    program = root.parent / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
    program.chmod(0o755)
    monkeypatch.setenv("WARMLINE_PG_BIN", str(root.parent))

    with pytest.raises(Trouble, match=r"PostgreSQL 14 .* too old"):
        Cluster(root).start()


@pytest.fixture
def of_an_older_major(root, monkeypatch):
    """A database with rows, written by the distribution's older PostgreSQL."""
    older = [place for place in DEBIAN if Binaries.inside(place).major < Binaries.installed().major]
    if not older:
        pytest.skip("no older PostgreSQL of the distribution")
    monkeypatch.setenv("WARMLINE_PG_BIN", str(older[-1]))
    with Cluster(root).running() as cluster, psycopg.connect(cluster.url("warmline")) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        owner.execute("CREATE TABLE tin (id bigserial, words text, at timestamptz, weight float8)")
        owner.execute(
            "INSERT INTO tin (words, at, weight) SELECT '奶粉' || n, now(), n / 7.0"
            " FROM generate_series(1, 1000) n"
        )
        owner.execute("REVOKE UPDATE ON tin FROM warmline_app")
    monkeypatch.delenv("WARMLINE_PG_BIN")
    return root


def test_an_older_majors_database_is_brought_over_and_kept(of_an_older_major, tmp_path):
    root = of_an_older_major
    was, ours = major.owed(root)
    with pytest.raises(Trouble, match="warmline db upgrade"):
        Cluster(root).start()

    moved = major.move(root, backup=tmp_path / "kept.backup", key=b"k" * 32)

    assert moved.rows == 1000
    assert major.owed(root) is None
    with Cluster(root).running() as cluster, psycopg.connect(cluster.url()) as app:
        assert app.info.server_version // 10000 == ours
        assert app.execute("SELECT count(*), max(words) FROM tin").fetchone() == (1000, "奶粉999")
        app.execute("INSERT INTO tin (words) VALUES ('new')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE tin SET words = ''")
    assert (root.resolve() / f"data-{was}" / "PG_VERSION").read_text().strip() == str(was)
    assert not (root.resolve() / "next").exists()


def test_nothing_is_written_that_would_be_left_behind(of_an_older_major, monkeypatch, tmp_path):
    """Somebody opens the shop while its rows are saved; and then saving fails."""
    root = of_an_older_major

    def saving(source, **_how):
        with psycopg.connect(Cluster(root).url()) as app:
            assert app.execute("SELECT count(*) FROM tin").fetchone() == (1000,)
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                app.execute("INSERT INTO tin (words) VALUES ('left behind')")
        raise Trouble("The disk broke.")

    monkeypatch.setattr(major, "back_up", saving)
    with pytest.raises(Trouble, match="The disk broke"):
        major.move(root, backup=tmp_path / "kept.backup", key=b"k" * 32)
    old = Cluster(root, binaries=major._programs_of(root.resolve(), major.owed(root)[0]))
    with old.running(), psycopg.connect(old.url()) as app:
        app.execute("INSERT INTO tin (words) VALUES ('open again')")


def test_without_the_old_programs_it_says_which_and_changes_nothing(
    of_an_older_major, monkeypatch, tmp_path
):
    root = of_an_older_major
    was, _ours = major.owed(root)
    monkeypatch.setattr(major, "DEBIAN", "/nowhere")
    with pytest.raises(Trouble, match=f"apt install postgresql-{was}.*Nothing was changed"):
        major.move(root, backup=tmp_path / "kept.backup", key=b"k" * 32)
    assert major.owed(root)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_swap_that_is_killed_is_finished_by_the_next_start(settled, first, monkeypatch, after):
    """Wherever it stops, the next start finds the new database and never an empty one."""
    home = settled.resolve()
    with Cluster(settled).running() as cluster, psycopg.connect(cluster.url("warmline")) as owner:
        owner.execute("CREATE TABLE tin AS SELECT 7 AS id")
    (home / "next").mkdir()
    (home / "data").rename(home / "next" / "data")
    (home / "next" / "proven").touch()
    (home / "data").mkdir()
    (home / "data" / "PG_VERSION").write_text("15\n")
    rename, renamed = Path.rename, []

    def killed(self, target):
        if len(renamed) == after:
            raise KeyboardInterrupt
        renamed.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    if after < 2:
        with pytest.raises(KeyboardInterrupt):
            birth.finish_move(home)
    monkeypatch.setattr(Path, "rename", rename)

    with Cluster(settled).running() as cluster, psycopg.connect(cluster.url("warmline")) as owner:
        assert owner.execute("SELECT id FROM tin").fetchone() == (7,)
    assert (home / "data-15").exists()
    assert not (home / "next").exists()
