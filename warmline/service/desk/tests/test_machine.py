"""Whatever people, families and clocks do to cases, they agree with a plain model of a desk; and the
events alone say the same as the rows. A control shows that a clock which lies would be found out."""

from dataclasses import replace
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
from warmline.core.people.models import DayOff, Household, Member, Staff, Store
from warmline.core.promises.models import Promise
from warmline.service.desk import (
    answering,
    builtin,
    feeding_back,
    folding,
    joining_up,
    moving,
    owning,
    reviewing,
    sampling,
)
from warmline.service.desk.models import (
    Arrival,
    Case,
    CaseEvent,
    CaseKind,
    Department,
    Feedback,
    Sample,
)
from warmline.service.desk.receiving import Asker, receive
from warmline.service.desk.tests.plain import Plain, open_days_after

BEGIN = datetime(2026, 11, 23, 2, tzinfo=UTC)  # Monday, ten in the morning
PEOPLE = ("zhou", "wu", "ding")
SIX_DAYS = [[["09:00", "18:00"]] for _day in range(6)] + [[]]
NO = (WrongMove, ValidationError)


GIVEN = {  # by whom, in the story of the test that knows every kind of event
    "answer": {"who": "wu", "hours": 30},
    "need_no_reply": {"who": "wu"},
    "find_that_a_reply_was_needed": {"who": "zhou"},
    "wait": {"who": "wu", "hours": 30},
    "resume": {"who": "wu"},
    "offer": {"who": "zhou", "to": "ding"},
    "accept": {"who": "ding"},
    "decline": {"who": "ding"},
    "assign": {"who": "wu", "to": "wu"},
    "feed_back": {"who": "wu"},
    "department_answers": {"who": "wu", "is_change": True},
    "finish": {"who": "wu"},
    "review": {"who": "zhou", "is_good": True},
    "close_the_shop_for_a_day": {"days": 1},
}


class Told:
    """What the model was told of one case, so that it can be told again under another calendar."""

    def __init__(self, plain, at):
        self.first, self.plain, self.last_at, self.deeds = replace(plain), plain, at, []

    def happened(self, at, deed):
        self.last_at = at
        if deed:
            self.deeds.append(deed)
            deed(self.plain)

    def under(self, off):
        """How it would stand if the shop had always been closed on these days."""
        plain = replace(self.first, off=off, departments={}, hands=set())
        for deed in self.deeds:
            deed(plain)
        return plain.unanswered, plain.word, plain.end


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
        self.into = {}  # merged cases, and in which they go on
        self.off = set()
        self.gone = set()
        self.arrivals = 0
        self.set_clock(BEGIN)

    def set_clock(self, instant):
        self.time = instant
        self.clock(instant.isoformat())

    def now(self, pk):
        """The case in which this one goes on."""
        while pk in self.into:
            pk = self.into[pk]
        return pk

    def case(self, pk):
        return Case.objects.select_related("store", "kind", "household", "owner").get(pk=pk)

    def plain(self, pk):
        return self.model[pk].plain

    def at(self, pk):
        """When what happens now to this case happened: never before what happened last."""
        return max(self.time, self.model[pk].last_at)

    def done(self, pk, deed=None):
        self.model[pk].happened(self.at(pk), deed)

    @precondition(lambda self: len(self.model) < 2)
    @rule(target=cases, is_family=st.booleans(), kind=st.sampled_from(("quality", "question")))
    def come(self, is_family, kind):
        asker = Asker(household=self.lin, member=self.father) if is_family else Asker(name="某人")
        case = receive(
            channel="web", words="封口破了", asker=asker, store=self.store, kind=kind,
            key=f"k{self.arrivals}", by=self.staff["ding"] if is_family else None,
        ).case  # fmt: skip
        self.arrivals += 1
        owner = case.owner.username if case.owner else None
        if is_family and "zhou" not in self.gone:
            assert owner == "zhou"
        plain = Plain(
            came=self.time, owner=owner, off=self.off, days={"quality": 3, "question": 2}[kind],
            is_family=is_family, must_be_heard=kind == "quality",
        )  # fmt: skip
        self.model[case.pk] = Told(plain, self.time)
        return case.pk

    def _write(self, pk, words):
        """Somebody adds to a case by its link, also to that of one that was merged."""
        receive(
            channel="web", words=words, asker=Asker(name="x"), case=self.case(pk),
            key=f"k{self.arrivals}",
        )  # fmt: skip
        self.arrivals += 1

    @rule(pk=cases)
    def say_more(self, pk):
        self._write(pk, "喂？")
        pk = self.now(pk)
        at = self.at(pk)
        self.done(pk, lambda plain: plain.say(at))

    @rule(pk=cases)
    def say_thanks(self, pk):
        self._write(pk, "谢谢！")
        self.done(self.now(pk))

    @rule(pk=cases, who=who, hours=st.integers(1, 80))
    def answer(self, pk, who, hours):
        pk = self.now(pk)
        at = self.at(pk)
        next_at = at + timedelta(hours=hours)
        self.agree(
            self.plain(pk).can_answer(),
            pk,
            lambda: answering.answer(
                self.case(pk), words="在查", by=self.staff[who], next_at=next_at
            ),
            lambda plain: plain.answer(at, who, next_at),
        )

    @rule(pk=cases, who=who)
    def need_no_reply(self, pk, who):
        pk = self.now(pk)
        self.agree(
            self.plain(pk).unanswered,
            pk,
            lambda: answering.no_reply_needed(self.case(pk), because="打错了", by=self.staff[who]),
            lambda plain: plain.needs_no_reply(who),
        )

    @rule(pk=cases, who=who)
    def find_that_a_reply_was_needed(self, pk, who):
        """A spot check of a mark "no reply needed": it was wrong, and they are owed an answer."""
        pk = self.now(pk)
        case, at = self.case(pk), self.at(pk)
        drawn = Sample.objects.values("event")
        mark = case.events.filter(kind="no_reply").exclude(pk__in=drawn).first()
        if mark is None:
            return
        sample = Sample.objects.create(
            case=case, event=mark, reason="no_reply", drawn_on=self.time.date()
        )
        is_owed = not self.plain(pk).unanswered
        self.agree(
            sampling.may_look(sample, self.staff[who]),
            pk,
            lambda: sampling.look(sample, is_right=False, words="在等", by=self.staff[who]),
            (lambda plain: plain.owe(at)) if is_owed else None,
        )

    @rule(pk=cases, who=who, hours=st.integers(1, 80))
    def wait(self, pk, who, hours):
        pk = self.now(pk)
        at = self.at(pk)
        next_at = at + timedelta(hours=hours)
        self.agree(
            self.plain(pk).can_wait(),
            pk,
            lambda: answering.wait(
                self.case(pk), words="等照片", by=self.staff[who], next_at=next_at
            ),
            lambda plain: plain.wait(at, who, next_at),
        )

    @rule(pk=cases, who=who)
    def resume(self, pk, who):
        pk = self.now(pk)
        at = self.at(pk)
        self.agree(
            self.plain(pk).stopped,
            pk,
            lambda: answering.resume(self.case(pk), by=self.staff[who]),
            lambda plain: plain.come_back(at, who),
        )

    @rule(pk=cases, who=who)
    def finish(self, pk, who):
        pk = self.now(pk)
        at = self.at(pk)
        self.agree(
            not self.plain(pk).finisher,
            pk,
            lambda: answering.finish(
                self.case(pk), outcome="replaced", words="换了", by=self.staff[who]
            ),
            lambda plain: plain.finish(at, who),
        )

    @rule(pk=cases, who=who, is_good=st.booleans())
    def review(self, pk, who, is_good):
        pk = self.now(pk)
        at = self.at(pk)
        self.agree(
            self.plain(pk).can_review(who),
            pk,
            lambda: reviewing.review(
                self.case(pk), is_good=is_good, words="问过了", by=self.staff[who]
            ),
            lambda plain: plain.review(at, who, is_good=is_good),
        )

    @rule(pk=cases, who=who)
    def feed_back(self, pk, who):
        pk = self.now(pk)
        case = self.case(pk)
        if self.plain(pk).closed:
            with pytest.raises(NO), transaction.atomic():
                self._feed_back(case, who)
            return
        asked = str(self._feed_back(case, who).pk)
        due = open_days_after(self.time, 3, self.off)
        self.done(pk, lambda plain: plain.feed_back(asked, due))

    def _feed_back(self, case, who):
        department = Department.objects.get(code="purchasing")
        return feeding_back.feed_back(case, department, finding="封口", by=self.staff[who])

    @rule(pk=cases, who=who, is_change=st.booleans())
    def department_answers(self, pk, who, is_change):
        pk = self.now(pk)
        asked = Feedback.objects.filter(case=pk, status="asked").order_by("pk").first()
        if asked is None:
            return
        feeding_back.answer_feedback(asked, is_change=is_change, words="改", by=self.staff[who])
        self.done(pk, lambda plain: plain.hear(str(asked.pk)))

    @rule(pk=cases, who=who)
    def feed_nothing_back(self, pk, who):
        pk = self.now(pk)
        self.agree(
            self.plain(pk).can_be_let_off(),
            pk,
            lambda: feeding_back.nothing_to_feed_back(
                self.case(pk), because="一切如常", by=self.staff[who]
            ),
            lambda plain: plain.let_off(),
        )

    @rule(pk=cases)
    def reopen(self, pk):
        pk = self.now(pk)
        at = self.at(pk)
        self.agree(
            self.plain(pk).finisher,
            pk,
            lambda: reviewing.reopen(self.case(pk), words="没解决", by=None),
            lambda plain: plain.reopen(at),
        )

    @rule(pk=cases, who=who, to=who)
    def offer(self, pk, who, to):
        pk = self.now(pk)
        plain = self.plain(pk)
        self.agree(
            not plain.closed and to != plain.owner and to not in self.gone,
            pk,
            lambda: owning.offer(self.case(pk), to=self.staff[to], by=self.staff[who]),
            lambda plain: plain.is_offered_to(to),
        )

    @rule(pk=cases, who=who)
    def accept(self, pk, who):
        pk = self.now(pk)
        self.agree(
            self.plain(pk).asked_for == who,
            pk,
            lambda: owning.accept(self.case(pk), by=self.staff[who]),
            lambda plain: plain.belongs_to(who),
        )

    @rule(pk=cases, who=who)
    def decline(self, pk, who):
        pk = self.now(pk)
        self.agree(
            self.plain(pk).asked_for,
            pk,
            lambda: owning.decline(self.case(pk), by=self.staff[who]),
            lambda plain: plain.is_offered_to(None),
        )

    @rule(pk=cases, who=who)
    def take(self, pk, who):
        pk = self.now(pk)
        plain = self.plain(pk)
        free = plain.owner is None or plain.owner in self.gone
        self.agree(
            not plain.closed and free and plain.owner != who,
            pk,
            lambda: owning.take(self.case(pk), by=self.staff[who]),
            lambda plain: plain.belongs_to(who),
        )

    @rule(pk=cases, who=who, to=st.sampled_from((*PEOPLE, None)))
    def assign(self, pk, who, to):
        pk = self.now(pk)
        self.agree(
            True,
            pk,
            lambda: owning.route(
                self.case(pk), owner=self.staff.get(to), because="assigned", by=self.staff[who]
            ),
            lambda plain: plain.belongs_to(to),
        )

    @rule(kept=cases, merged=cases, who=who)
    def merge(self, kept, merged, who):
        kept, merged = self.now(kept), self.now(merged)
        both = self.plain(kept), self.plain(merged)
        at, other = self.at(kept), both[1]
        theirs = (
            other.unanswered, other.word, other.end, dict(other.departments), set(other.hands),
        )  # fmt: skip
        may = kept != merged and all(plain.can_be_put_together() for plain in both)
        self.agree(
            may,
            kept,
            lambda: joining_up.merge(self.case(kept), self.case(merged), by=self.staff[who]),
            lambda plain: plain.absorb(at, *theirs),
        )
        if may:
            self.into[merged] = kept
            del self.model[merged]

    @rule(days=st.integers(1, 6))
    def close_the_shop_for_a_day(self, days):
        """The calendar changes; the clocks of what is open follow, and of nothing else."""
        on = (self.time + timedelta(days=days)).date()
        if on in self.off:
            return
        DayOff.objects.create(store=self.store, on=on, hours=[])
        self.off.add(on)
        moving.follow_the_hours(self.store.pk, [on])
        for pk, told in self.model.items():
            plain, clocks = told.plain, told.under(self.off)
            if not plain.closed and clocks != (plain.unanswered, plain.word, plain.end):
                plain.unanswered, plain.word, plain.end = clocks
                self.done(pk)

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
        self.done(pk, model)

    @invariant()
    def rows_and_model_agree(self):
        rows = Case.objects.select_related("owner", "finished_by", "reviewed_by", "offered_to")
        for case in rows.filter(pk__in=self.model):
            plain = self.plain(case.pk)
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
        for case in Case.objects.filter(pk__in=[*self.model, *self.into]):
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


@pytest.mark.django_db
def test_every_event_that_changes_a_case_is_a_rule_of_the_machine(clock):
    """A kind that is new in `folding` and that no rule brings about fails here, before it is forgotten."""
    desk = machine(clock)()
    try:
        told = (
            desk.come(is_family=True, kind="question"),
            desk.come(is_family=True, kind="question"),
        )
        desk.feed_back(told[1], "wu")
        desk.merge(*told, "wu")
        desk.department_answers(told[0], "wu", is_change=False)
        pk = told[1]  # what is said to it is said to the other
        for step in (
            desk.say_more, desk.answer, desk.wait, desk.resume, desk.say_more, desk.need_no_reply,
            desk.assign, desk.find_that_a_reply_was_needed, desk.offer, desk.decline, desk.offer,
            desk.accept, desk.feed_back, desk.department_answers, desk.finish, desk.review,
            desk.reopen, desk.close_the_shop_for_a_day,
        ):  # fmt: skip
            step(**GIVEN.get(step.__name__, {}) | ({} if "shop" in step.__name__ else {"pk": pk}))
            desk.rows_and_model_agree()
            desk.events_alone_say_the_same()
            desk.the_register_of_promises_follows()
        other = desk.come(is_family=False, kind="question")
        desk.feed_nothing_back(other, "ding")
        desk.take(other, "wu")
        seen = set(CaseEvent.objects.values_list("kind", flat=True))
        assert set(folding.STEPS) - seen == set()
    finally:
        desk.teardown()


def machine(clock):
    class Machine(Desk):
        def clock(self, instant):
            clock(instant)

    return Machine


def play(clock, examples, phases=tuple(Phase)):
    run_state_machine_as_test(
        machine(clock),
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
