"""Many at once, and a plug pulled in the middle: what is told is true afterwards."""

import os
import signal
import threading
from multiprocessing import get_context

import pytest
from django.db import connection, connections, transaction

from warmline.base.clock import now
from warmline.goods.trace import capturing, selling, states
from warmline.goods.trace.capturing import capture
from warmline.goods.trace.epcis import documents
from warmline.goods.trace.models import (
    CaptureJob,
    Edge,
    Event,
    EventKey,
    ForeignCode,
    Oddity,
    Unit,
    UnitEvent,
    UnitOwner,
)
from warmline.goods.trace.tests.conftest import document, event, packed, sgtin, sscc, take_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TIN = sgtin("A1")


def at_once(works):
    """All beginning together, on as many connections as a small server has to spare."""
    lines = min(len(works), 16)
    start, results = threading.Barrier(lines), [None] * len(works)

    def run(line):
        start.wait(30)
        for n in range(line, len(works), lines):
            try:
                results[n] = works[n]()
            except Exception as error:
                results[n] = error
        connections.close_all()

    threads = [threading.Thread(target=run, args=(line,)) for line in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return results


def test_sixty_captures_of_one_serial_make_one_unit():
    works = [
        lambda n=n: take_in(event(epcList=[TIN], eventTime=f"2026-11-20T10:{n:02}:00+08:00"))
        for n in range(60)
    ]
    jobs = at_once(works)
    assert [getattr(job, "is_success", job) for job in jobs] == [True] * 60
    assert ForeignCode.objects.count() == Unit.objects.count() == 1
    assert UnitEvent.objects.count() == 60
    assert Unit.objects.get().state_time.minute == 59


def test_of_sixty_cases_that_claim_a_tin_one_has_it_and_the_others_are_told_of():
    works = [
        lambda n=n: take_in(packed(sscc(n), [TIN], at=f"2026-11-20T10:{n:02}:00+08:00"))
        for n in range(1, 60)
    ]
    jobs = at_once(works)
    assert all(getattr(job, "is_success", False) for job in jobs), jobs
    assert Edge.objects.filter(t_to__isnull=True).count() == 1
    edges = Edge.objects.count()
    assert edges + Oddity.objects.filter(rule="elsewhere").count() == 59


def test_the_same_document_sent_sixty_times_counts_once():
    said = [event(epcList=[sgtin(f"B{n}")]) for n in range(5)]
    jobs = at_once([lambda: take_in(*said)] * 20)
    assert all(getattr(job, "is_success", False) for job in jobs), jobs
    assert sum(job.events for job in jobs) == Event.objects.count() == EventKey.objects.count() == 5


def test_one_tin_at_ten_tills_is_sold_once(store):
    take_in(event(epcList=[TIN], action="ADD", bizStep="commissioning"))
    unit = Unit.objects.get().pk
    sold = at_once([lambda: selling.sell(unit, store=store, at=now())] * 10)
    assert sum(isinstance(one, UnitOwner) for one in sold) == 1, sold
    assert sum(isinstance(one, selling.CannotSell) for one in sold) == 9
    assert UnitOwner.objects.filter(returned_at__isnull=True).count() == 1


def _die_in_the_middle(body, proceed):
    """A process that is killed after the rows are written and before they are committed."""
    connections.close_all()

    def die(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM trace_event")
            assert cursor.fetchone()[0] > 0  # within its own transaction they are there
        os.kill(os.getpid(), signal.SIGKILL)

    states.settle = die
    with transaction.atomic():
        capture(documents.read(body, proceed=proceed), proceed=proceed)


@pytest.mark.parametrize("proceed", [False, True])
def test_a_process_killed_in_mid_capture_leaves_nothing_and_the_next_try_counts(proceed):
    import json

    events = [event(epcList=[sgtin(f"K{n}")]) for n in range(50)]
    body = json.dumps(document(*events)).encode()
    child = get_context("fork").Process(target=_die_in_the_middle, args=(body, proceed))
    connections.close_all()
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    for model in (Event, EventKey, UnitEvent, Unit, CaptureJob):
        assert not model.objects.exists()
    job = capture(documents.read(body, proceed=proceed), proceed=proceed)
    assert (job.events, job.is_success, Event.objects.count()) == (50, True, 50)


def test_the_guard_against_two_parents_is_needed(monkeypatch):
    """Control: without the lock on its row a tin would be in two cases."""
    settled = states.settle
    monkeypatch.setattr(
        capturing.states, "settle", lambda *args, **kwargs: None
    )  # nothing locks the child
    works = [
        lambda n=n: take_in(packed(sscc(n), [TIN], at=f"2026-11-20T10:{n:02}:00+08:00"))
        for n in range(1, 30)
    ]
    outcomes = at_once(works)
    assert settled
    failed = [one for one in outcomes if isinstance(one, Exception)]
    # The database itself refuses a second open edge: whoever did not wait is thrown out.
    assert Edge.objects.filter(t_to__isnull=True).count() == 1
    assert failed or Oddity.objects.filter(rule="elsewhere").exists()
