"""Whatever people, families and clocks do to cases, they agree with a plain model of a desk; and the
events alone say the same as the rows. A control shows that a clock which lies would be found out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from warmline.base.stateful import WrongMove
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.core.promises.models import Promise
from warmline.service.desk import answering, builtin, feeding_back, folding, owning, reviewing
from warmline.service.desk.models import Arrival, Case, CaseKind, Department, Feedback
from warmline.service.desk.receiving import Asker, receive
from warmline.service.desk.tests.plain import Plain

BEGIN = datetime(2026, 11, 23, 2, tzinfo=UTC)  # Monday, ten in the morning
PEOPLE = ("zhou", "wu", "ding")
SIX_DAYS = [[["09:00", "18:00"]] for _day in range(6)] + [[]]
NO = (WrongMove, ValidationError)


class Desk(RuleBasedStateMachine):
    cases = Bundle("cases")
    who = st.sampled_from(PEOPLE)

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        builtin.install(CaseKind, Department)
        self.store = Store.objects.create(code="S1", name="店", hours=SIX_DAYS)
        self.staff = {
            name: Staff.objects.create(
                username=name, name=name, store=self.store, role=Staff.Role.MANAGER
            )
            for name in PEOPLE
        }
        self.lin = Household.objects.create(
            store=self.store, joined_on="2026-01-05", home_guide=self.staff["zhou"]
        )
        self.father = Member.objects.create(household=self.lin, name="林浩")
        self.model = {}
        self.gone = set()
        self.arrivals = 0
        self.set_clock(BEGIN)

    def set_clock(self, instant):
        self.time = instant
        self.clock(instant.isoformat())

    def case(self, pk):
        return Case.objects.select_related("store", "kind", "household", "owner").get(pk=pk)

    def at(self, pk):
        """When what happens now to this case happened: never before what happened last."""
        return max(self.time, self.model[pk][1])

    def done(self, pk):
        self.model[pk][1] = self.at(pk)

    @precondition(lambda self: len(self.model) < 2)
    @rule(target=cases, is_family=st.booleans())
    def come(self, is_family):
        asker = Asker(household=self.lin, member=self.father) if is_family else Asker(name="某人")
        case = receive(
            channel="web", words="封口破了", asker=asker, store=self.store, kind="quality",
            key=f"k{self.arrivals}", by=self.staff["ding"] if is_family else None,
        ).case  # fmt: skip
        self.arrivals += 1
        owner = case.owner.username if case.owner else None
        if is_family and "zhou" not in self.gone:
            assert owner == "zhou"
        self.model[case.pk] = [Plain(came=self.time, owner=owner), self.time]
        return case.pk

    @rule(pk=cases)
    def say_more(self, pk):
        receive(
            channel="web", words="喂？", asker=Asker(name="x"), case=self.case(pk),
            key=f"k{self.arrivals}",
        )  # fmt: skip
        self.arrivals += 1
        self.model[pk][0].say(self.at(pk))
        self.done(pk)

    @rule(pk=cases)
    def say_thanks(self, pk):
        receive(
            channel="web", words="谢谢！", asker=Asker(name="x"), case=self.case(pk),
            key=f"k{self.arrivals}",
        )  # fmt: skip
        self.arrivals += 1
        self.done(pk)

    @rule(pk=cases, who=who, hours=st.integers(1, 80))
    def answer(self, pk, who, hours):
        plain, next_at = self.model[pk][0], self.at(pk) + timedelta(hours=hours)
        self.agree(
            plain.can_answer(),
            pk,
            lambda: answering.answer(
                self.case(pk), words="在查", by=self.staff[who], next_at=next_at
            ),
            lambda: plain.answer(self.at(pk), who, next_at),
        )

    @rule(pk=cases, who=who, hours=st.integers(1, 80))
    def wait(self, pk, who, hours):
        plain, next_at = self.model[pk][0], self.at(pk) + timedelta(hours=hours)
        self.agree(
            plain.can_wait(),
            pk,
            lambda: answering.wait(
                self.case(pk), words="等照片", by=self.staff[who], next_at=next_at
            ),
            lambda: plain.wait(self.at(pk), who, next_at),
        )

    @rule(pk=cases, who=who)
    def finish(self, pk, who):
        plain = self.model[pk][0]
        self.agree(
            not plain.finisher,
            pk,
            lambda: answering.finish(
                self.case(pk), outcome="replaced", words="换了", by=self.staff[who]
            ),
            lambda: plain.finish(self.at(pk), who),
        )

    @rule(pk=cases, who=who, is_good=st.booleans())
    def review(self, pk, who, is_good):
        plain = self.model[pk][0]
        self.agree(
            plain.can_review(who),
            pk,
            lambda: reviewing.review(
                self.case(pk), is_good=is_good, words="问过了", by=self.staff[who]
            ),
            lambda: plain.review(self.at(pk), who, is_good=is_good),
        )

    @rule(pk=cases, who=who)
    def feed_back(self, pk, who):
        plain, case = self.model[pk][0], self.case(pk)
        if plain.closed:
            with pytest.raises(NO), transaction.atomic():
                self._feed_back(case, who)
            return
        asked = self._feed_back(case, who)
        plain.feed_back(self.time, str(asked.pk))
        self.done(pk)

    def _feed_back(self, case, who):
        department = Department.objects.get(code="purchasing")
        return feeding_back.feed_back(case, department, finding="封口", by=self.staff[who])

    @rule(pk=cases, who=who, is_change=st.booleans())
    def department_answers(self, pk, who, is_change):
        asked = Feedback.objects.filter(case=pk, status="asked").order_by("pk").first()
        if asked is None:
            return
        feeding_back.answer_feedback(asked, is_change=is_change, words="改", by=self.staff[who])
        self.model[pk][0].hear(str(asked.pk))
        self.done(pk)

    @rule(pk=cases)
    def reopen(self, pk):
        plain = self.model[pk][0]
        self.agree(
            plain.finisher,
            pk,
            lambda: reviewing.reopen(self.case(pk), words="没解决", by=None),
            lambda: plain.reopen(self.at(pk)),
        )

    @rule(pk=cases, who=who, to=who)
    def offer(self, pk, who, to):
        plain = self.model[pk][0]

        def model():
            plain.asked_for = to

        self.agree(
            not plain.closed and to != plain.owner and to not in self.gone,
            pk,
            lambda: owning.offer(self.case(pk), to=self.staff[to], by=self.staff[who]),
            model,
        )

    @rule(pk=cases, who=who)
    def accept(self, pk, who):
        plain = self.model[pk][0]

        def model():
            plain.owner, plain.asked_for = who, None

        self.agree(
            plain.asked_for == who,
            pk,
            lambda: owning.accept(self.case(pk), by=self.staff[who]),
            model,
        )

    @rule(pk=cases, who=who)
    def take(self, pk, who):
        plain = self.model[pk][0]

        def model():
            plain.owner, plain.asked_for = who, None

        free = plain.owner is None or plain.owner in self.gone
        self.agree(
            not plain.closed and free and plain.owner != who,
            pk,
            lambda: owning.take(self.case(pk), by=self.staff[who]),
            model,
        )

    @rule(who=st.sampled_from(PEOPLE[:2]))
    def leave(self, who):
        self.staff[who].leave()
        self.gone.add(who)

    @rule(hours=st.integers(-5, 30))
    def time_passes_or_is_set_back(self, hours):
        self.set_clock(self.time + timedelta(hours=hours))

    def agree(self, may, pk, verb, model):
        """Either both do it, or the desk refuses and nothing has changed."""
        if not may:
            with pytest.raises(NO), transaction.atomic():
                verb()
            return
        verb()
        model()
        self.done(pk)

    @invariant()
    def rows_and_model_agree(self):
        rows = Case.objects.select_related("owner", "finished_by", "reviewed_by", "offered_to")
        for case in rows.filter(pk__in=self.model):
            plain = self.model[case.pk][0]
            name = lambda staff: staff.username if staff else None  # noqa: E731
            assert (
                case.state, case.answer_by, case.promise_by, case.due_at, case.paused_at,
                name(case.owner), name(case.finished_by), name(case.reviewed_by), case.outcome,
                bool(case.closed_at), name(case.offered_to),
            ) == (
                plain.label, plain.unanswered, plain.word, plain.due, plain.stopped,
                plain.owner, plain.finisher, plain.reviewer, plain.outcome,
                plain.closed, plain.asked_for,
            )  # fmt: skip
            assert case.finish_by == plain.end
            assert case.closed_at or case.due_at

    @invariant()
    def events_alone_say_the_same(self):
        for case in Case.objects.filter(pk__in=self.model):
            events = list(case.events.order_by("seq"))
            assert folding.fold(e.fact() for e in events) == case.course
            assert [e.seq for e in events] == list(range(1, len(events) + 1))

    @invariant()
    def nothing_that_came_is_lost(self):
        numbers = list(Arrival.objects.order_by("number").values_list("number", flat=True))
        assert len(numbers) == self.arrivals
        by_day = {}
        for on, number in Arrival.objects.values_list("on", "number"):
            by_day.setdefault(on, []).append(number)
        assert all(sorted(n) == list(range(1, len(n) + 1)) for n in by_day.values())

    @invariant()
    def the_register_of_promises_follows(self):
        for case in Case.objects.filter(household=self.lin):
            mine = Promise.objects.filter(why__case=case.pk).owed()
            owed = {p.kind: p.due_at for p in mine}
            assert owed.get("desk.answer") == case.answer_by
            runs = not (case.finished_at or case.paused_at or case.closed_at)
            assert owed.get("desk.finish") == (case.finish_by if runs else None)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


def play(clock, examples, phases=tuple(Phase)):
    class Machine(Desk):
        def clock(self, instant):
            clock(instant)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_the_desk_does_what_the_plain_model_says(clock):
    play(clock, 12)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("lie", ["a wait has no end", "thanks reopen", "a word is kept"])
def test_a_clock_that_lies_is_found_out(clock, monkeypatch, lie):
    """The control: each lie is one that a real help desk told its users."""
    from dataclasses import replace

    def paused(course, fact, days):
        return replace(true["waiting"](course, fact, days), promise_by=None)

    def thanks(course, fact, days):
        return true["said"](course, replace(fact, body={}), days)

    def kept(course, fact, days):
        return replace(true["answered"](course, fact, days), promise_by=course.promise_by)

    true = dict(folding.STEPS)
    kind, wrong = {
        "a wait has no end": ("waiting", paused),
        "thanks reopen": ("said", thanks),
        "a word is kept": ("answered", kept),
    }[lie]
    monkeypatch.setitem(folding.STEPS, kind, wrong)
    with pytest.raises(AssertionError):
        play(clock, 400, phases=[Phase.generate])
