"""Distribution binaries may stand in; another major's data is not touched."""

from pathlib import Path

import psycopg
import pytest

from warmline.base.postgres import Cluster
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
