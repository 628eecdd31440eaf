"""Two months of the desk as they were: most of it answered before sundown, some of it late, a few
things opened again; each matter to its fourth stamp."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from warmline.core.people.models import Household, Member, Staff, Store
from warmline.goods.sales.models import SaleLine
from warmline.service.desk import (
    answering,
    asking,
    classifying,
    deciding,
    feeding_back,
    reviewing,
)
from warmline.service.desk.models import Case, Cause, Channel, Department, Feedback
from warmline.service.desk.noting import note
from warmline.service.desk.receiving import Asker, log_inbound, receive
from warmline.world.desk.matters import (
    MATTERS,
    MENDED,
    MENDED_DAYS_AGO,
    NO_CHANGE,
    STILL_AT_IT,
    THANKS,
    UNSOLVED,
    Desk,
    Matter,
)
from warmline.world.desk.playing import Story

SPOKEN = (Channel.WALK_IN, Channel.PHONE)
HOURS = (time(9, 20), time(18, 10))
CHANNELS = ["web", "phone", "walk_in", "wecom", "sms"]
HOW_LATE = [2, 3, 3, 4, 1, 4]  # what somebody says who waited too long
HOW_OFTEN = [35, 25, 20, 12, 8]


@dataclass
class People:
    """Who works at the desk, and whom the stores serve."""

    stores: dict[str, Store]
    guides: dict[int, list[Staff]]
    managers: dict[int, Staff]
    agents: list[Staff]
    families: dict[int, list[Household]]

    @cached_property
    def causes(self) -> dict[str, Cause]:
        return {cause.code: cause for cause in Cause.objects.all()}

    @cached_property
    def departments(self) -> dict[str, Department]:
        return {d.code: d for d in Department.objects.all()}

    @cached_property
    def by_name(self) -> dict[str, Staff]:
        return {staff.username: staff for staff in Staff.objects.select_related("store")}

    def others(self, case: Case) -> list[Staff]:
        """Who did not handle it, and may review it."""
        near = [self.managers[case.store_id], *self.agents, *self.guides[case.store_id]]
        return [staff for staff in near if reviewing.may_review(case, staff)]


def months(
    rng: random.Random, people: People, desks: Sequence[Desk], days: Sequence[date]
) -> Iterator[Story]:
    """Every store's matters, spread over these days."""
    for desk in desks:
        store = people.stores[desk.code]
        for n in range(desk.cases):
            on = days[n * len(days) // desk.cases]
            is_mended = on > days[-1] - timedelta(days=MENDED_DAYS_AGO)
            weights = [_often(m, desk, is_mended=is_mended) for m in MATTERS]
            matter = rng.choices(MATTERS, weights)[0]
            yield Lived(rng, people, desk, store, matter, on).story()


def _often(matter: Matter, desk: Desk, *, is_mended: bool) -> int:
    if matter.cause == MENDED:
        return 0 if is_mended else 2 * matter.often
    return matter.often * (2 if matter.cause in desk.weak else 1)


def known_as(channel: str, family: Household, member: Member) -> Asker:
    wecom_id = f"wm{member.pk}" if channel == Channel.WECOM else ""
    return Asker(household=family, member=member, wecom_id=wecom_id)


@dataclass
class Lived:
    """One matter of one family, from the first word to the last stamp."""

    rng: random.Random
    people: People
    desk: Desk
    store: Store
    matter: Matter
    on: date
    was_late: bool = False  # then they say so, if they are asked

    def at(self, on: date, first: time, last: time) -> datetime:
        begin, end = (datetime.combine(on, t, self.store.zone) for t in (first, last))
        return begin + (end - begin) * self.rng.random()

    def soon(self, after: datetime, *, minutes: tuple[int, int]) -> datetime:
        """A while later, in a time of work."""
        at = (after + timedelta(minutes=self.rng.randint(*minutes))).astimezone(self.store.zone)
        if at.time() > HOURS[1]:
            return self.at(at.date() + timedelta(days=1), time(9, 15), time(10, 30))
        return at

    def story(self) -> Story:
        yield self.at(self.on, time(9, 30), time(17, 50))
        case = self.came()
        yield from self.answered(case)
        if self.matter.answer:
            yield from self.looked_into(case)
        yield from self.ended(case)
        if self.rng.random() < 0.05:
            yield from self.not_solved(case)
        yield from self.reviewed(case)
        yield from self.fed_back(case)

    def came(self) -> Case:
        channel = self.rng.choices(CHANNELS, HOW_OFTEN)[0]
        family = self.rng.choice(self.people.families[self.store.pk])
        member = family.members.all()[0]
        words, key = self.rng.choice(self.matter.words), f"demo:{self.rng.getrandbits(64):x}"
        asker = Asker(name=member.name, phone=member.phone)
        if channel == Channel.WEB:
            place = f"203.0.113.{self.rng.randint(1, 254)}"
            return asking.ask(
                self.store, asker=asker, words=words, kind=self.matter.kind, key=key, place=place
            ).case
        asked = known_as(channel, family, member)
        guide = family.home_guide or self.people.managers[self.store.pk]
        by = guide if channel in SPOKEN else None
        if by is None:
            note(channel, key, store=self.store)
        received = receive(
            channel=channel, words=words, asker=asked, store=self.store, key=key,
            kind=self.matter.kind, by=by, owner=by,
        )  # fmt: skip
        if by:
            log_inbound(received, by=by)
        return received.case

    def answered(self, case: Case) -> Story:
        assert case.answer_by
        at = self.soon(case.opened_at, minutes=(8, 150))
        if self.rng.random() < self.desk.late:  # it lay until the next day
            self.was_late = True
            at = max(at, self.soon(case.answer_by, minutes=(20, 200)))
        elif at > case.answer_by:
            at = case.answer_by - timedelta(minutes=15)
        yield at
        if not self.matter.answer:
            return
        next_at = case.days().answer_by(at + timedelta(hours=3))
        answering.answer(case, words=self.matter.answer, by=self.whose(case), next_at=next_at)

    def whose(self, case: Case) -> Staff:
        """Its owner; of what lies in the queue whoever is there."""
        case.refresh_from_db()
        return case.owner or self.rng.choice(self.people.guides[case.store_id])

    def looked_into(self, case: Case) -> Story:
        assert case.finish_by
        assert case.promise_by
        late = timedelta()
        if self.rng.random() < self.desk.slow:
            self.was_late, late = True, timedelta(days=self.rng.randint(1, 2))
        last = (case.finish_by + late).astimezone(self.store.zone).date()
        ends = self.at(last, time(10), time(16)) - timedelta(days=self.rng.randint(0, 1))
        ends = max(ends, case.last_at + timedelta(minutes=40))
        while (promised := case.promise_by) and promised < ends:
            keeps = self.rng.random() >= self.desk.late
            yield promised + timedelta(minutes=-25 if keeps else 90)
            who, next_at = self.whose(case), case.days().after(promised, 1)
            answering.answer(case, words=STILL_AT_IT, by=who, next_at=next_at)
        yield ends

    def ended(self, case: Case) -> Story:
        who, gives = self.whose(case), Decimal(self.matter.gives)
        self.classified(case, who)
        if gives:
            manager, kind = self.people.managers[case.store_id], self.matter.outcome
            who = who if deciding.may_decide(who, kind, gives) else manager
            why = "商品本身的问题" if self.matter.goods else "耽误了家长"
            deciding.give(case, kind=kind, amount=gives, by=who, why=why)
        answering.finish(case, outcome=self.matter.outcome, words=self.matter.done, by=who)
        if self.rng.random() < (0.7 if self.was_late else 0.5):
            yield case.last_at + timedelta(minutes=self.rng.randint(30, 300))
            asking.rate(case, self.rng.choice(HOW_LATE if self.was_late else self.matter.scores))

    def classified(self, case: Case, who: Staff) -> None:
        cause = self.people.causes.get(self.matter.cause)
        lines = SaleLine.objects.filter(
            household_id=case.household_id,
            product__category__code=self.matter.goods,
            sale__sold_at__lte=case.opened_at,
        ).order_by("-sale__sold_at")
        line = lines.select_related("product").first() if self.matter.goods else None
        if cause is None and line is None:
            return
        product = line.product if line else None
        classifying.classify(
            case, cause=cause, product=product, by=who,
            lot=f"Q{self.on:%y%m}{self.rng.choice('AB')}" if product else "",
            supplier=f"{product.brand}乳业" if product and product.stage else "",
        )  # fmt: skip

    def not_solved(self, case: Case) -> Story:
        yield self.soon(case.last_at, minutes=(60, 240))
        asking.not_solved(case, words=self.rng.choice(UNSOLVED), key=f"demo:again:{case.pk}")
        yield self.soon(case.last_at, minutes=(10, 60))
        answering.finish(
            case, outcome=self.matter.outcome, words=f"又去了一趟，{self.matter.done}",
            by=self.whose(case),
        )  # fmt: skip

    def reviewed(self, case: Case) -> Story:
        assert case.promise_by
        due = case.promise_by.astimezone(self.store.zone).date()
        yield max(case.last_at, self.at(due, time(10), time(17)))
        reviewing.review(
            case,
            is_good=True,
            words=self.matter.review,
            by=self.rng.choice(self.people.others(case)),
        )
        if self.rng.random() < 0.15:
            yield case.last_at + timedelta(minutes=30)
            asking.add(case, words=self.rng.choice(THANKS), key=f"demo:thanks:{case.pk}")

    def fed_back(self, case: Case) -> Story:
        yield case.last_at + timedelta(minutes=self.rng.randint(3, 30))
        agent = self.rng.choice(self.people.agents)
        if not self.matter.tells:
            feeding_back.nothing_to_feed_back(case, because=self.matter.because, by=agent)
            return
        code, finding, change = self.rng.choice(self.matter.tells)
        department = self.people.departments[code]
        asked = feeding_back.feed_back(case, department, finding=finding, by=agent)
        at = asked.due_at - timedelta(hours=self.rng.randint(2, 50))
        yield max(at, case.last_at + timedelta(hours=1))
        is_change = self.rng.random() < 0.8
        feeding_back.answer_feedback(
            Feedback.objects.get(pk=asked.pk), is_change=is_change,
            words=change if is_change else NO_CHANGE, by=department.keepers.all()[0],
        )  # fmt: skip
