"""Whatever people and clocks do to promises, they agree with a plain model of what a promise is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from warmline.base.stateful import WrongMove
from warmline.core.journal.models import Entry
from warmline.core.people.models import Household, Staff, Store
from warmline.core.promises.breaking import break_overdue
from warmline.core.promises.models import Promise

BEGIN = datetime(2026, 11, 21, 1, tzinfo=UTC)


class Promises(RuleBasedStateMachine):
    made = Bundle("made")

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.store = Store.objects.create(code="S1", name="南京路店")
        self.guides = [
            Staff.objects.create(username=name, name=name, store=self.store)
            for name in ("zhou", "wu")
        ]
        self.lin = Household.objects.create(store=self.store, joined_on="2026-01-05")
        self.model = {}
        self.told = {"kept": 0, "broken": 0, "waived": 0, "taken": 0}
        self.time = BEGIN
        self.set_clock(BEGIN)

    def set_clock(self, instant):
        self.time = instant
        self.clock(instant.isoformat())

    @rule(target=made, minutes=st.integers(-30, 240), guide=st.sampled_from([0, 1, None]))
    def make(self, minutes, guide):
        keeper = None if guide is None else self.guides[guide]
        due = self.time + timedelta(minutes=minutes)
        promise = Promise.make("x", household=self.lin, keeper=keeper, due_at=due)
        self.model[promise.pk] = {"status": "made", "due": due, "done": False, "keeper": guide}
        return promise.pk

    @rule(pk=made, by=st.sampled_from([0, 1]))
    def keep(self, pk, by):
        expected = self.model[pk]
        if expected["status"] == "broken" and not expected["done"]:
            Promise.objects.get(pk=pk).keep(by=self.guides[by])
            expected["done"] = True  # made good: it stays broken
            self.told["kept"] += 1
        else:
            self._move(pk, "kept", lambda p: p.keep(by=self.guides[by]))

    @rule(pk=made)
    def waive(self, pk):
        expected = self.model[pk]
        if expected["status"] == "broken" and not expected["done"]:
            Promise.objects.get(pk=pk).waive("断奶了")
            expected["done"] = expected["let_off"] = True  # let off: it stays broken
            self.told["waived"] += 1
            return
        self._move(pk, "waived", lambda p: p.waive("断奶了"))

    @rule(pk=made)
    def break_one(self, pk):
        self._move(pk, "broken", lambda p: p.break_())

    def _move(self, pk, to, verb):
        expected = self.model[pk]
        if expected["status"] != "made":
            with pytest.raises(WrongMove):
                verb(Promise.objects.get(pk=pk))
            return
        verb(Promise.objects.get(pk=pk))
        expected["status"] = to
        expected["done"] = to == "kept"
        self.told[to] += 1

    @rule(pk=made, to=st.sampled_from([0, 1]))
    def hand(self, pk, to):
        expected, promise = self.model[pk], Promise.objects.get(pk=pk)
        is_owed = expected["status"] == "made" or (
            expected["status"] == "broken" and not expected["done"]
        )
        if not is_owed:
            with pytest.raises(WrongMove):
                promise.hand_to(self.guides[to], by=self.guides[1 - to])
            return
        promise.hand_to(self.guides[to], by=self.guides[1 - to])
        expected["keeper"] = to
        self.told["taken"] += 1

    @rule(minutes=st.integers(-60, 180))
    def time_passes_or_is_set_back(self, minutes):
        self.set_clock(self.time + timedelta(minutes=minutes))

    @rule(limit=st.integers(1, 3))
    def break_what_is_overdue(self, limit):
        overdue = sorted(
            (it["due"], pk)
            for pk, it in self.model.items()
            if it["status"] == "made" and it["due"] < self.time
        )
        before = set(Promise.objects.filter(status="broken").values_list("pk", flat=True))
        assert break_overdue(limit) == min(limit, len(overdue))
        after = set(Promise.objects.filter(status="broken").values_list("pk", flat=True))
        fresh = after - before
        latest = max((self.model[pk]["due"] for pk in fresh), default=None)
        assert all(due >= latest for due, pk in overdue if pk not in fresh)  # the oldest went first
        for pk in fresh:
            self.model[pk]["status"] = "broken"
            self.told["broken"] += 1

    @invariant()
    def rows_and_model_agree(self):
        rows = Promise.objects.in_bulk(self.model)
        for pk, expected in self.model.items():
            row = rows[pk]
            keeper = (
                None if row.keeper_id is None else [g.pk for g in self.guides].index(row.keeper_id)
            )
            assert (row.status, bool(row.done_at), keeper) == (
                expected["status"], expected["done"], expected["keeper"],
            )  # fmt: skip
            assert row.store_id == self.store.pk
            has_reason = expected["status"] == "waived" or expected.get("let_off", False)
            assert bool(row.waived_for) == has_reason
            assert bool(row.closed_at) == (row.status != "made")

    @invariant()
    def each_change_was_told_once(self):
        for word, count in self.told.items():
            assert Entry.objects.filter(kind=f"promises.{word}").count() == count

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_promises_do_what_the_model_says(clock):
    class Machine(Promises):
        def clock(self, instant):
            clock(instant)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
