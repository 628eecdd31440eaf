"""A file that is interrupted leaves no row behind, and whoever takes over begins anew."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from warmline.core.people.models import Household, Store
from warmline.service.intake import checking, committing, progress, receiving
from warmline.service.intake.models import Import
from warmline.service.intake.tests.conftest import MEMBERS

COMMIT = """
import sys, time
from warmline.service.intake import committing
from warmline.service.intake.models import Import
from warmline.core.people import searching

def wait(*_members):
    print("in the middle", flush=True)
    time.sleep(60)

searching.reindex = wait
committing.commit(Import.objects.get(pk=int(sys.argv[1])))
"""


@pytest.mark.django_db(transaction=True)
def test_kill_9_in_the_middle_of_a_commit_leaves_nothing_and_the_next_one_does_it(tmp_path):
    Store.objects.create(code="S001", name="人民路店")
    path = tmp_path / "members.csv"
    rows = (f"V{n},会员{n},139{n:08},,,S001,,\n" for n in range(300))
    path.write_text(MEMBERS + "".join(rows))
    file = receiving.receive(path, name="members.csv", by=None)
    checking.ask(file, by=None)
    checking.check(file)
    committing.ask(file, by=None)

    with _worker(file.pk) as worker:
        assert worker.stdout.readline().strip() == "in the middle"
        os.kill(worker.pid, signal.SIGKILL)
    _until_nobody_is_at_work()

    assert Household.objects.count() == 0
    committing.commit(Import.objects.get(pk=file.pk))
    assert Household.objects.count() == 300


def _worker(pk):
    """Another process on the test's own database."""
    code = f"""
import django
from django.conf import settings
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {settings.DATABASES["default"]["NAME"]!r}
{COMMIT}"""
    return subprocess.Popen(
        [sys.executable, "-c", code, str(pk)], stdout=subprocess.PIPE, text=True, env=os.environ
    )


def _until_nobody_is_at_work():
    """The server notices that its client is gone, and rolls back."""
    for _try in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                " WHERE c.relname = 'people_household' AND l.pid <> pg_backend_pid()"
                " AND l.mode = 'RowExclusiveLock'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("the killed worker still holds its locks")


@pytest.mark.django_db(transaction=True)
def test_every_part_of_the_work_is_told_beside_it(monkeypatch):
    """In a transaction that is not over yet, on a line of its own: whoever looks sees where it is."""
    monkeypatch.setattr(progress, "PAUSE_S", 0)
    file = 2_000_000_007  # what other tests told stands there too, and no transaction takes it back
    with transaction.atomic(), progress.Teller(file, total=10) as tell:
        for stage in progress.Stage:
            tell.enter(stage)
            tell.step(4)
            with psycopg.connect(**connection.get_connection_params()) as screen:
                asked = "SELECT stage, done FROM intake_progress WHERE import_id = %s"
                shown = screen.execute(asked, [file]).fetchall()
            assert shown == [(stage.value, 4)]
