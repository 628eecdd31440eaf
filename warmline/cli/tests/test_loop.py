"""The loops: they work, rest, stop when asked to, and begin anew when the database drops them."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from warmline.base.clock import now
from warmline.base.loops import Loop
from warmline.core.contacts.models import Message
from warmline.core.journal.models import Entry, Task, Worker
from warmline.core.journal.recording import record
from warmline.core.journal.workers import LOCK_CLASS
from warmline.core.people.models import Household, Store
from warmline.core.people.signals import FamilyJoined
from warmline.core.promises.models import Promise
from warmline.service.intake.signals import CommitAsked

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 30


@pytest.fixture
def lin():
    store = Store.objects.create(code="S1", name="南京路店", latitude=31.2, longitude=121.5)
    return Household.objects.create(store=store, joined_on="2026-01-05")


@pytest.fixture
def loop():
    """`loop("react")`: a process of its own on the test's database."""
    begun = []

    def begin(name, *options):
        database = connection.settings_dict
        host = database["HOST"]
        url = f"postgresql:///{database['NAME']}?host={host}&user={database['USER']}"
        if port := database["PORT"]:
            url += f"&port={port}"
        env = os.environ | {"DATABASE_URL": url}
        command = [sys.executable, "-m", "warmline", "loop", name, *options]
        begun.append(subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def eventually(holds):
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.1)


def joins(lin):
    with transaction.atomic():
        record(FamilyJoined(household=lin.pk, store=lin.store_id, source="store", has_child=False))


def test_react_does_what_there_is_to_do_and_stops(lin, loop):
    joins(lin)
    assert Task.objects.exists()
    process = loop("react", "--once")
    assert process.wait(PATIENCE_S) == 0
    assert not Task.objects.exists()
    assert not Worker.objects.exists()


def test_asked_to_stop_a_loop_signs_off(loop, lin):
    process = loop("react")
    eventually(Worker.objects.filter(loop="react").exists)
    joins(lin)
    eventually(lambda: not Task.objects.exists())
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0
    assert not Worker.objects.exists()


def test_a_loop_whose_session_is_cut_begins_a_new_shift(loop, lin):
    loop("react")
    eventually(Worker.objects.exists)
    first = Worker.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [first]
        )
        cursor.execute("SELECT pg_terminate_backend(%s)", [cursor.fetchone()[0]])
    joins(lin)
    eventually(lambda: not Task.objects.exists())
    assert Worker.objects.exclude(pk=first).exists()


def test_what_a_killed_worker_held_is_done_by_another(loop, lin):
    joins(lin)
    Task.objects.update(status="running", owner_id=987_654, tries=1)  # nobody has its lock
    loop("react")
    eventually(lambda: not Task.objects.exists())


def test_an_errand_waits_for_its_own_loop_and_without_one_react_does_it(loop):
    somebody = connection.copy()  # in a session of her own
    with somebody.cursor() as cursor:
        runs_errands = Worker.objects.create(loop="errands", host="elsewhere")
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, runs_errands.pk])
    asked_for_an_import()
    assert loop("react", "--once").wait(PATIENCE_S) == 0
    assert Task.objects.get().status == "ready"
    assert loop("errands", "--once").wait(PATIENCE_S) == 0
    assert not Task.objects.exists()
    somebody.close()

    asked_for_an_import()
    assert loop("react", "--once").wait(PATIENCE_S) == 0
    assert not Task.objects.exists()


def asked_for_an_import():
    """Of a file that is gone meanwhile: there is nothing to do but to notice."""
    with transaction.atomic():
        record(CommitAsked(file=987_654))


def test_watch_breaks_what_is_late(loop, lin):
    Promise.make("x", household=lin, keeper=None, due_at=now() - timedelta(minutes=1))
    assert loop("watch", "--once").wait(PATIENCE_S) == 0
    assert Promise.objects.get().status == "broken"
    assert Entry.objects.filter(kind="promises.broken").count() == 1


def test_deliver_sends_what_is_due(loop, lin):
    Message.objects.create(
        key="k",
        household=lin,
        channel="sms",
        purpose="logistics",
        to="+8613800138000",
        text="已发货",
    )
    assert loop("deliver", "--once").wait(PATIENCE_S) == 0
    assert Message.objects.get().receipt == "outbox:k"


def test_a_loop_rests_ever_longer_and_no_longer_than_it_may():
    hours, rests = Loop(rest_s=1, rest_max_s=3), []

    def rest(seconds):
        rests.append(seconds)
        if len(rests) == 4:
            hours.stop()

    hours.rest = rest
    work = iter([1, 0, 0, 1, 0, 0])
    hours.run(lambda: next(work))
    assert rests == [1, 2, 1, 2]
