"""The doctor finds what is wrong and says what helps."""

import socket
from datetime import timedelta

import psycopg
import pytest

from warmline.base import doctor
from warmline.base.clock import now
from warmline.base.postgres import Cluster


def test_a_healthy_deployment_is_well(settled):
    data = settled.parent
    data.chmod(0o700)
    (data / "keys.json").touch(mode=0o600)
    data.chmod(0o755)
    with Cluster(settled).running() as cluster:
        examinations = doctor.examine_machine(data)
        examinations += doctor.examine_database(lambda: psycopg.connect(cluster.url()))
        findings = list(doctor.look_at(examinations))

    assert [finding for finding in findings if not finding.well] == []
    assert len(findings) == 8


def test_a_key_file_that_others_may_read_is_urgent(tmp_path):
    (tmp_path / "keys.json").touch(mode=0o644)
    finding = doctor.keys(tmp_path)
    assert finding.urgent
    assert finding.mend == f"chmod 600 {tmp_path}/keys.json"


def test_a_lost_key_file_is_worse_than_one_not_made_yet(tmp_path):
    assert not doctor.keys(tmp_path).urgent
    (tmp_path / "database").mkdir()
    assert doctor.keys(tmp_path).urgent


def test_a_data_directory_open_to_all_is_told(tmp_path):
    tmp_path.chmod(0o777)
    assert doctor.directory(tmp_path).mend == f"chmod o-w {tmp_path}"


def test_a_database_away_is_told_once(tmp_path):
    def connect() -> "psycopg.Connection":
        return psycopg.connect(f"host={tmp_path} dbname=warmline")

    findings = list(doctor.look_at(doctor.examine_database(connect)))

    assert len(findings) == 1
    assert findings[0].wrong.startswith("It does not answer")


@pytest.mark.parametrize(("hours", "urgent"), [(-1, True), (1, True)])
def test_clocks_that_disagree_are_told(settled, monkeypatch, hours, urgent):
    monkeypatch.setattr(doctor, "now", lambda: now() + timedelta(hours=hours))
    with Cluster(settled).running() as cluster, psycopg.connect(cluster.url()) as connection:
        finding = doctor.clocks(connection)

    assert "disagree by 3600 seconds" in finding.wrong
    assert finding.urgent is urgent


def test_a_database_that_does_not_know_chinese_is_told(settled):
    with Cluster(settled).running() as cluster:
        with psycopg.connect(cluster.url("warmline"), autocommit=True) as owner:
            owner.execute(
                "CREATE DATABASE wrong TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
            )
        with psycopg.connect(cluster.url(database="wrong")) as connection:
            finding = doctor.chinese(connection)
        with psycopg.connect(cluster.url()) as connection:
            assert doctor.chinese(connection).well

    assert "does not know Chinese" in finding.wrong


def test_a_door_that_is_taken_is_told():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        finding = doctor.port("127.0.0.1", number)
    assert not finding.well
    assert f"--port {number + 1}" in finding.mend


def test_findings_are_told_in_chinese_too(tmp_path, monkeypatch):
    monkeypatch.setenv("WARMLINE_LANGUAGE", "zh")
    (tmp_path / "keys.json").touch(mode=0o644)
    assert doctor.keys(tmp_path).wrong == "别人也能读它。"
