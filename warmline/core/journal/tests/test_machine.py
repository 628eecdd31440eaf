"""Whatever workers do and suffer, each reaction is owed or done: never both, never twice.

Workers claim, work, are killed in the middle, lose their session and work on all the same. Each
has a session of its own that holds its lock, as in a shop; the work is a line in the journal.
"""

import contextlib
import types
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from warmline.core.journal import listeners, reacting
from warmline.core.journal.models import Entry, Task, Worker
from warmline.core.journal.recording import record
from warmline.core.journal.signals import KINDS, Signal
from warmline.core.journal.workers import LOCK_CLASS

WORK = "test.work"
any_of = st.integers(0, 99)
TRIES = 8


class Killed(BaseException):
    """kill -9 in the middle of a reaction: nothing of ours runs any more."""


class Hand:
    """A worker: a number, and a session that holds the lock of that number."""

    def __init__(self):
        self.number = Worker.objects.create(loop="react", host="here").pk
        self.session = psycopg.connect(
            **connection.get_connection_params()
            | {"cursor_factory": psycopg.Cursor, "context": None},
            autocommit=True,
        )
        self.session.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, self.number])
        self.claims = []

    @property
    def is_alive(self):
        return not self.session.closed

    def lose_session(self):
        """The server needs a moment to notice."""
        self.session.close()
        held = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
        with connection.cursor() as cursor:
            for _try in range(1000):
                cursor.execute(held, [LOCK_CLASS, self.number])
                if cursor.fetchone() is None:
                    break


class Journal(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.recorded = 0
        self.poison, self.deadly = set(), set()
        self.hands = []
        self.tries = {}  # task: how often it was claimed since it was last put back
        self.spoiled = set()  # what was bad at some time
        self.unlucky = set()  # tasks whose worker died of something else

    @initialize(many=st.integers(1, 3))
    def open_shop(self, many):
        self.hands = [Hand() for _ in range(many)]

    def hand(self, n):
        return self.hands[n % len(self.hands)]

    @rule(many=st.integers(1, 4))
    def record(self, many):
        with transaction.atomic():
            for _ in range(many):
                record(self.signal(number=self.recorded))
                self.recorded += 1

    @rule()
    def record_and_think_better_of_it(self):
        with transaction.atomic():
            record(self.signal(number=999))
            transaction.set_rollback(True)

    @rule(n=any_of, limit=st.integers(1, 5))
    def claim(self, n, limit):
        hand = self.hand(n)
        if hand.claims:
            return
        asked = {"owner": hand.number, "errands": [], "is_errand": False}
        hand.claims = [
            *reacting._claimed("claim.sql", owner=hand.number, limit=limit),
            *reacting._claimed("claim_alone.sql", **asked),
        ]
        for claim in hand.claims:
            self.tries[claim.id] = self.tries.get(claim.id, 0) + 1
            assert claim.tries == self.tries[claim.id]

    @rule(n=any_of)
    def work(self, n):
        hand = self.hand(n)
        mine = set(Task.objects.filter(owner_id=hand.number).values_list("pk", flat=True))
        claims, hand.claims = hand.claims, []
        others = self.rows() - mine
        try:
            reacting._do_all(hand, claims)
        except Killed:
            self.die(hand)
            return
        assert others <= self.rows(), "somebody else's reaction was ticked off"
        for task in Task.objects.filter(pk__in=mine).select_related("entry"):
            assert task.entry.body["number"] in self.poison, "a bad row delayed a good one"
            is_over = self.tries[task.pk] == TRIES
            assert (task.status == "aside") == is_over
            assert task.owner_id is None

    def rows(self):
        return set(Task.objects.values_list("pk", flat=True))

    @rule(n=any_of)
    def kill(self, n):
        self.die(self.hand(n))

    def die(self, hand):
        hand.lose_session()
        self.unlucky.update(claim.id for claim in hand.claims)
        self.hands.remove(hand)
        if not self.hands:
            self.hands.append(Hand())

    @rule(n=any_of)
    def lose_session(self, n):
        """The network fell between a worker and the database; it does not know yet."""
        hand = self.hand(n)
        hand.lose_session()
        self.unlucky.update(claim.id for claim in hand.claims)

    @rule()
    def hire(self):
        if len(self.hands) < 4:
            self.hands.append(Hand())

    @rule(n=any_of)
    def rescue(self, n):
        """While a neighbour is at work."""
        self.claim(n + 1, 3)
        hand = self.hand(n)
        alive = {one.number for one in self.hands if one.is_alive} | {hand.number}
        held = set(Task.objects.filter(owner_id__in=alive).values_list("pk", flat=True))
        reacting.rescue(hand)
        still = Task.objects.filter(status="running", owner_id__in=alive)
        assert set(still.values_list("pk", flat=True)) == held, "taken from the living"
        assert not Task.objects.filter(status="running").exclude(owner_id__in=alive).exists()

    @precondition(lambda self: self.recorded)
    @rule(n=any_of, what=st.sampled_from(["poison", "deadly"]))
    def spoil(self, n, what):
        self.spoil_row(n % self.recorded, what)

    def spoil_row(self, number, what):
        getattr(self, what).add(number)
        self.spoiled.add(number)

    @rule()
    def cure(self):
        self.poison.clear()
        self.deadly.clear()

    @rule()
    def time_passes(self):
        Task.objects.filter(status="ready").update(run_at="2020-01-01T00:00Z")

    @rule()
    def head_office_puts_back_what_was_set_aside(self):
        for task in Task.objects.filter(status="aside"):
            assert reacting.retry_aside(task.pk)
            self.tries[task.pk] = 0

    @rule(what=st.sampled_from(["poison", "deadly"]))
    def try_eight_times_in_vain(self, what):
        """More than chance would bring together: the oldest row spoils, and is tried to the end."""
        oldest = Task.objects.filter(status="ready").select_related("entry").order_by("pk").first()
        if oldest is None:
            return
        self.spoil_row(oldest.entry.body["number"], what)
        for _ in range(2 * TRIES):
            hand = Hand()
            self.hands.append(hand)
            reacting.rescue(hand)
            self.time_passes()
            self.claim(len(self.hands) - 1, 5)
            self.work(len(self.hands) - 1)
            if hand in self.hands:
                self.die(hand)
        oldest.refresh_from_db()
        assert (oldest.status, oldest.tries) == ("aside", TRIES)

    @rule(n=any_of)
    def somebody_goes_on_who_was_taken_for_dead(self, n):
        """The heir has claimed what the first still works at."""
        self.claim(n, 5)
        slow = self.hand(n)
        self.lose_session(n)
        heir = Hand()
        self.hands.append(heir)
        place = len(self.hands) - 1
        reacting.rescue(heir)
        self.claim(place, 5)
        self.work(self.hands.index(slow))
        if heir in self.hands:
            self.work(self.hands.index(heir))

    @invariant()
    def each_reaction_is_owed_or_done_once(self):
        done = Entry.objects.filter(kind=WORK).values_list("body__by", "body__number")
        owed = Task.objects.values_list("listener", "entry__body__number")
        names = [f"{one.__module__}.{one.__name__}" for one in (self.hear, self.answer)]
        expected = sorted((name, n) for name in names for n in range(self.recorded))
        assert sorted([*done, *owed]) == expected

    @invariant()
    def nothing_is_tried_more_than_eight_times(self):
        assert not Task.objects.filter(tries__gt=TRIES).exists()
        assert not Task.objects.filter(status="ready", tries__gte=TRIES).exists()

    @invariant()
    def no_good_row_is_set_aside_with_a_bad_one(self):
        for task in Task.objects.filter(status="aside").select_related("entry"):
            assert task.entry.body["number"] in self.spoiled or task.pk in self.unlucky

    def teardown(self):
        """In the end, with whoever is left, all that was owed is done."""
        try:
            self.cure()
            last = Hand()
            for hand in self.hands:
                hand.lose_session()
            reacting.rescue(last)
            self.head_office_puts_back_what_was_set_aside()
            self.time_passes()
            while reacting.react_once(last):
                pass
            last.lose_session()
            assert not Task.objects.exists()
            self.each_reaction_is_owed_or_done_once()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


@pytest.fixture
def machine(monkeypatch):
    """The machine, with two listeners for its signal: one takes batches, one does not."""
    now_running = []

    class Machine(Journal):
        def __init__(self):
            super().__init__()
            now_running[:] = [self]

    @dataclass(frozen=True, kw_only=True)
    class BellRung(Signal):
        kind = "test.bell_rung"
        number: int

    def react(name, number):
        shop = now_running[0]
        if number in shop.poison:
            raise ValueError(f"number {number} is poison")
        body = {"by": name, "number": number}
        Entry.objects.create(kind=WORK, at="2026-01-01T00:00Z", body=body)
        if number in shop.deadly:
            raise Killed

    @listeners.on(BellRung, batch=True)
    def hear(signals):
        for signal in signals:
            react(f"{__name__}.hear", signal.number)

    @listeners.on(BellRung)
    def answer(signal):
        react(f"{__name__}.answer", signal.number)

    monkeypatch.setattr(reacting.log, "disabled", True)  # poison is not news here
    Machine.signal, Machine.hear, Machine.answer = (
        BellRung,
        staticmethod(hear),
        staticmethod(answer),
    )
    yield Machine
    listeners.forget([f"{__name__}.hear", f"{__name__}.answer"])
    KINDS.pop("test.bell_rung")


def run(machine, *, examples, phases=(Phase.generate, Phase.shrink)):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )


@pytest.mark.django_db
def test_reactions_are_owed_or_done_whatever_happens(machine):
    run(machine, examples=25)


def without_the_owner(shift, ids):
    Task.objects.filter(pk__in=ids).delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "off"),
    [
        ("_tick_off", without_the_owner),
        ("transaction", types.SimpleNamespace(atomic=contextlib.nullcontext)),
        ("dead", lambda owner: True),
        ("TRIES_MAX", 9),
    ],
)
def test_without_one_of_its_guards_the_machine_finds_the_fault(machine, monkeypatch, guard, off):
    """The control: a machine that finds nothing proves nothing."""
    monkeypatch.setattr(reacting, guard, off)
    with pytest.raises(AssertionError):
        run(machine, examples=50, phases=[Phase.generate])
