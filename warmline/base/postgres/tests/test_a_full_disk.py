"""When the disk is full: the reserve is given up, the server comes back, nothing is lost."""

import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from warmline.base.disk import room_on
from warmline.base.postgres import Cluster
from warmline.base.postgres.ballast import drop_ballast, load_ballast
from warmline.base.postgres.tests.conftest import as_root
from warmline.base.postgres.tests.test_a_life import postmaster
from warmline.base.trouble import Trouble


@pytest.fixture
def small_disk(root, first):
    """400 MB, of which the database's files take about half."""
    root.parent.joinpath("disk").mkdir()
    place = root.parent / "disk"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "none", str(place)])
    if mounted.returncode:
        pytest.skip("may not mount")
    place.chmod(0o755)
    home = place / "database"
    subprocess.run(["cp", "-a", str(first), str(home)], check=True)
    drop_ballast(home / "ballast")
    yield home
    subprocess.run(["umount", str(place)], check=True)


@as_root
def test_the_ballast_is_given_up_and_every_acknowledged_row_is_there(small_disk):
    load_ballast(small_disk / "ballast", spare=0)
    cluster = Cluster(small_disk)
    cluster.start()
    with psycopg.connect(cluster.url("warmline"), autocommit=True) as owner:
        owner.execute("CREATE TABLE tin (id int, filler text)")
        acknowledged = write_until_it_is_full(owner)
    fill(small_disk)
    subprocess.run(["kill", "-9", str(postmaster(small_disk))], check=True)
    cluster.stop()

    with Cluster(small_disk).running() as again, psycopg.connect(again.url()) as app:
        assert app.execute("SELECT count(*) FROM tin").fetchone()[0] >= acknowledged
    assert acknowledged
    assert not (small_disk / "ballast").exists()


def write_until_it_is_full(owner) -> int:
    """How many rows were acknowledged."""
    thousand = Path(__file__).with_name("a_thousand_tins.sql").read_text()
    acknowledged = 0
    while True:
        try:
            owner.execute(thousand)
        except psycopg.OperationalError:
            return acknowledged
        acknowledged += 1000


@as_root
def test_without_ballast_it_says_that_the_disk_is_full(small_disk):
    with Cluster(small_disk).running():
        pass
    drop_ballast(small_disk / "ballast")
    fill(small_disk)

    with pytest.raises(Trouble, match="The disk is full"):
        Cluster(small_disk).start()


def fill(place) -> None:
    with (place.parent / "filler").open("wb", buffering=0) as filler:
        for size in (1 << 20, 4096):
            try:
                while filler.write(b"\0" * size) == size:
                    pass
            except OSError:
                pass
    assert shutil.disk_usage(place).free < 65536


def test_there_is_ballast_while_there_is_room(tmp_path):
    file = tmp_path / "ballast"

    assert load_ballast(file, size=4096, spare=0)
    assert file.stat().st_blocks * 512 == 4096
    assert not load_ballast(file, size=4096, spare=0)
    assert drop_ballast(file)
    assert not drop_ballast(file)


def test_room_is_plenty_scarce_or_none(tmp_path, monkeypatch):
    def free(megabytes):
        usage = shutil.disk_usage(tmp_path)._replace(free=megabytes << 20)
        monkeypatch.setattr(shutil, "disk_usage", lambda place: usage)
        return room_on(tmp_path)

    assert [free(n) for n in (5000, 900, 200)] == ["plenty", "scarce", "none"]
