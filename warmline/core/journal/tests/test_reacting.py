"""A reaction is done exactly once, a poison row delays nobody, a dead worker's work is taken up."""

import threading
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from warmline.core.journal import listeners, reacting
from warmline.core.journal.models import Entry, Task
from warmline.core.journal.recording import record
from warmline.core.journal.signals import KINDS, Signal
from warmline.core.journal.workers import Shift

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bell():
    """A signal nobody else listens to, and a listener that fails as often as it is told to."""

    @dataclass(frozen=True, kw_only=True)
    class BellRung(Signal):
        kind = "test.bell_rung"
        number: int
        household: int | None = None

    heard: list[int] = []
    poison: set[int] = set()

    @listeners.on(BellRung, batch=True)
    def hear(signals):
        for signal in signals:
            if signal.number in poison:
                raise ValueError(f"number {signal.number} is poison")
            heard.append(signal.number)

    hear.signal, hear.heard, hear.poison = BellRung, heard, poison
    yield hear
    listeners.forget([f"{hear.__module__}.{hear.__name__}"])
    KINDS.pop("test.bell_rung")


def ring(bell, *numbers):
    with transaction.atomic():
        for number in numbers:
            record(bell.signal(number=number))


def react_all(shift):
    while reacting.react_once(shift):
        pass


def test_a_change_that_is_rolled_back_owes_no_reaction(bell):
    with transaction.atomic():
        record(bell.signal(number=1))
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert not Task.objects.exists()


def test_reactions_come_in_order_and_leave_no_task_behind(bell):
    ring(bell, 1, 2, 3)
    with Shift("react") as shift:
        react_all(shift)
    assert bell.heard == [1, 2, 3]
    assert not Task.objects.exists()


def test_one_poison_row_is_set_aside_after_eight_tries_and_delays_nobody(bell):
    bell.poison.add(2)
    ring(bell, 1, 2, 3)
    with Shift("react") as shift:
        reacting.react_once(shift)
        assert sorted(bell.heard[-2:]) == [1, 3]
        for _again in range(10):
            Task.objects.update(run_at="2020-01-01T00:00Z")
            reacting.react_once(shift)
    left = Task.objects.get()
    assert (left.status, left.tries) == (Task.Status.ASIDE, 8)
    assert "poison" in left.error


def test_what_was_set_aside_can_be_tried_again(bell):
    bell.poison.add(1)
    ring(bell, 1)
    Task.objects.update(tries=7)
    with Shift("react") as shift:
        reacting.react_once(shift)
        task = Task.objects.get()
        assert task.status == Task.Status.ASIDE
        bell.poison.clear()
        assert reacting.retry_aside(task.pk)
        react_all(shift)
    assert bell.heard == [1]


def test_a_dead_workers_claims_are_given_back_and_a_living_ones_are_not(bell):
    ring(bell, 1, 2)
    first, second = Task.objects.order_by("pk")
    with Shift("react") as shift, connection.cursor() as cursor:
        Task.objects.filter(pk=first.pk).update(status="running", owner_id=shift.number, tries=1)
        Task.objects.filter(pk=second.pk).update(status="running", owner_id=987_654, tries=1)
        assert reacting.rescue(shift) == 1
        cursor.execute(
            "SELECT array_agg(objid::int) FROM pg_locks WHERE locktype = 'advisory' AND classid = 77"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert cursor.fetchone()[0] == [shift.number]
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, second.status) == ("running", "ready")


def test_a_row_that_kills_its_worker_takes_no_good_row_along(bell):
    """Batches are claimed together; after a death each row is tried by itself."""
    ring(bell, 1, 2, 3)
    deadly = Task.objects.order_by("pk").first()
    with Shift("react") as shift:
        assert len(reacting._claimed("claim.sql", owner=987_000, limit=500)) == 3
        reacting.rescue(shift)
        for dead in range(987_001, 987_008):
            Task.objects.update(run_at="2020-01-01T00:00Z")
            asked = {"owner": dead, "errands": [], "is_errand": False}
            assert [one.id for one in reacting._claimed("claim_alone.sql", **asked)] == [deadly.pk]
            reacting.rescue(shift)
        react_all(shift)
    assert bell.heard == [2, 3]
    assert "died each time" in Task.objects.get(pk=deadly.pk).error


def test_work_done_on_a_lost_claim_is_rolled_back(bell):
    """Without the owner check in the tick, what a slow worker did would count beside its heir's."""
    ring(bell, 1)
    name = f"{bell.__module__}.{bell.__name__}"

    def work_while_another_takes_over(signals):
        Entry.objects.create(kind="test.work", at="2026-01-01T00:00Z")
        Task.objects.update(owner_id=555)

    kept, listeners.LISTENERS[name] = (
        listeners.LISTENERS[name],
        listeners.Listener(name, work_while_another_takes_over, batch=True, entries=False),
    )
    with Shift("react") as shift:
        reacting.react_once(shift)
    listeners.LISTENERS[name] = kept
    assert not Entry.objects.filter(kind="test.work").exists()
    assert "taken over" in Task.objects.get().error


@pytest.fixture
def shelves():
    """Listeners that take one signal at a time; what each of them does is set by the test."""

    @dataclass(frozen=True, kw_only=True)
    class ShelfEmptied(Signal):
        kind = "test.shelf_emptied"
        number: int

    @dataclass(frozen=True, kw_only=True)
    class StockTakingAsked(Signal):
        kind = "test.stock_taking_asked"
        number: int

    @listeners.on(ShelfEmptied)
    def fill(signal):
        fill.work(signal.number)

    @listeners.on(StockTakingAsked, long=True)
    def take_stock(signal):
        take_stock.work(signal.number)

    fill.signal, take_stock.signal = ShelfEmptied, StockTakingAsked
    yield fill, take_stock
    listeners.forget(f"{one.__module__}.{one.__name__}" for one in (fill, take_stock))
    KINDS.pop("test.shelf_emptied")
    KINDS.pop("test.stock_taking_asked")


def another_reacts(*, first=lambda: None, **how):
    """A second worker, with a session of its own, does what is free to be done."""

    def work():
        try:
            first()
            with Shift("react") as shift:
                reacting.react_once(shift, **how)
        finally:
            connection.close()

    other = threading.Thread(target=work)
    other.start()
    other.join(20)
    assert not other.is_alive(), "it waits for the first"


def test_while_one_is_slow_the_others_are_done_by_another_worker(bell, shelves):
    fill, _take_stock = shelves
    filled = []

    def slow_at_one(number):
        if number == 1:
            another_reacts(first=lambda: ring(bell, 7))
        filled.append(number)

    fill.work = slow_at_one
    with transaction.atomic():
        for number in (1, 2, 3):
            record(fill.signal(number=number))
    with Shift("react") as shift:
        reacting.react_once(shift)
    assert filled == [2, 3, 1]
    assert bell.heard == [7]


def test_an_errand_is_left_to_the_loop_that_runs_errands(bell, shelves):
    fill, take_stock = shelves
    done = []
    fill.work = lambda number: done.append(f"shelf {number}")

    def all_night(number):
        another_reacts(with_errands=False)
        done.append(f"stock {number}")

    take_stock.work = all_night
    with transaction.atomic():
        record(take_stock.signal(number=1))
        record(take_stock.signal(number=2))
        record(fill.signal(number=3))
    ring(bell, 4)
    with Shift("errands") as shift:
        assert reacting.run_errand(shift) == 1
        assert bell.heard == [4]
        assert done == ["shelf 3", "stock 1"]
        assert reacting.run_errand(shift) == 1
        assert reacting.run_errand(shift) == 0
    assert not Task.objects.exists()


def test_five_hundred_reactions_cost_as_many_statements_as_two(bell):
    def statements(many):
        ring(bell, *range(many))
        with Shift("react") as shift, CaptureQueriesContext(connection) as asked:
            assert reacting.react_once(shift) == many
        return len(asked)

    assert statements(500) == statements(2)
