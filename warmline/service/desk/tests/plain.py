"""A plain model of what a desk owes, written without a look at the real one: three dates and a few
flags. The sun of this model sets at six, every day but Sundays and days off, and the cut-off is half
past five."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
HALF_AN_HOUR = timedelta(minutes=30)


def sun(day):
    return datetime.combine(day, time(18), CHINA)


def is_open(day, off):
    return day.weekday() != 6 and day not in off


def next_sun(at, off):
    """The first sunset of an open day after this instant."""
    day = at.astimezone(CHINA).date()
    while not (is_open(day, off) and sun(day) > at):
        day += timedelta(days=1)
    return sun(day)


def open_days_after(at, count, off):
    day = at.astimezone(CHINA).date()
    while count:
        day += timedelta(days=1)
        count -= is_open(day, off)
    return sun(day)


def first(*times):
    return min((at for at in times if at), default=None)


@dataclass
class Plain:
    """One case: who waits for what until when."""

    came: datetime
    owner: str | None
    off: set  # days on which the shop is closed
    days: int = 3
    is_family: bool = True
    must_be_heard: bool = True  # by a department
    asked_for: str | None = None  # to whom it is offered
    unanswered: datetime | None = None
    word: datetime | None = None
    end: datetime | None = None
    stopped: datetime | None = None
    finisher: str | None = None
    outcome: str = ""
    good: bool = False
    reviewer: str | None = None
    departments: dict = field(default_factory=dict)
    heard: bool = False
    closed: bool = False
    hands: set = field(default_factory=set)  # who had a hand in it

    def __post_init__(self):
        self.unanswered = self.asked(self.came)
        self.end = open_days_after(self.unanswered, self.days, self.off)

    def asked(self, at):
        return next_sun(at + HALF_AN_HOUR, self.off)

    @property
    def label(self):
        if self.unanswered:
            return "open"
        if not self.finisher:
            return "waiting" if self.stopped else "working"
        if not self.good:
            return "review"
        return "settled" if self.closed else "feedback"

    @property
    def due(self):
        if self.closed:
            return None
        clocks = [self.unanswered, self.word]
        if not self.finisher and not self.stopped:
            clocks.append(self.end)
        return min([at for at in clocks if at] or [self.end])

    def settle(self):
        self.closed = bool(
            self.finisher
            and self.good
            and self.heard
            and not self.departments
            and not self.unanswered
        )
        if self.closed:
            self.word = None

    def go_on(self, at):
        if self.stopped:
            if at > self.stopped and not self.finisher:
                self.end = next_sun(self.end + (at - self.stopped) - timedelta(hours=1), self.off)
            self.stopped = None

    def say(self, at):
        self.go_on(at)
        self.unanswered = first(self.unanswered, self.asked(at))
        self.settle()

    def can_answer(self):
        return not self.finisher or self.unanswered

    def answer(self, at, who, next_at):
        self.hands.add(who)
        self.go_on(at)
        self.unanswered = None
        self.owner = self.owner or who
        if not self.finisher:
            self.word = next_at
        self.settle()

    def needs_no_reply(self, who):
        self.hands.add(who)
        self.unanswered = None
        self.settle()

    def owe(self, at):
        """The mark was wrong: they wait after all."""
        self.go_on(at)
        self.unanswered = self.asked(at)
        self.settle()

    def come_back(self, at, who):
        self.hands.add(who)
        self.go_on(at)
        self.word = first(self.word, self.asked(at))

    def can_be_put_together(self):
        return self.is_family and not self.finisher

    def absorb(self, at, unanswered, word, end, departments, hands):
        if unanswered:
            self.go_on(at)
        self.unanswered, self.word = first(self.unanswered, unanswered), first(self.word, word)
        self.end = first(self.end, end)
        self.departments.update(departments)
        self.hands |= hands
        self.heard = self.heard and not departments
        self.settle()

    def can_wait(self):
        return not self.finisher and not self.unanswered

    def wait(self, at, who, next_at):
        self.hands.add(who)
        self.stopped = self.stopped or at
        self.word = next_at

    def finish(self, at, who):
        self.hands.add(who)
        self.go_on(at)
        self.unanswered, self.finisher, self.outcome = None, who, "replaced"
        self.owner = self.owner or who
        self.word = open_days_after(at, 1, self.off)
        self.settle()

    def can_review(self, who):
        return self.finisher and not self.good and who not in {self.owner, *self.hands}

    def review(self, at, who, *, is_good):
        self.word = open_days_after(at, 1, self.off)
        if not is_good:
            self.finisher, self.outcome = None, ""
            return
        self.good, self.reviewer = True, who
        if self.departments:
            self.word = min(self.departments.values())
        self.settle()

    def feed_back(self, number, due):
        self.departments[number] = due
        self.heard = False
        if self.good:
            self.word = min(self.departments.values())
        self.settle()

    def hear(self, number):
        del self.departments[number]
        self.heard = not self.departments
        if self.good and self.departments:
            self.word = min(self.departments.values())
        self.settle()

    def can_be_let_off(self):
        return not self.must_be_heard and not self.departments and not self.heard

    def let_off(self):
        """No department has to hear of it."""
        self.heard = True
        self.settle()

    def belongs_to(self, who):
        self.owner, self.asked_for = who, None

    def is_offered_to(self, who):
        self.asked_for = who

    def reopen(self, at):
        self.finisher, self.outcome, self.good, self.reviewer = None, "", False, None
        self.word = None
        self.unanswered = first(self.unanswered, self.asked(at))
        self.end = open_days_after(self.unanswered, self.days, self.off)
        self.settle()
