"""A plain model of what a desk owes, written without a look at the real one: three dates and a few
flags. The sun of this model sets at six, every day but Sunday, and the cut-off is half past five."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
HALF_AN_HOUR = timedelta(minutes=30)


def sun(day):
    return datetime.combine(day, time(18), CHINA)


def is_open(day):
    return day.weekday() != 6


def next_sun(at):
    """The first sunset of an open day after this instant."""
    day = at.astimezone(CHINA).date()
    while not (is_open(day) and sun(day) > at):
        day += timedelta(days=1)
    return sun(day)


def open_days_after(at, count):
    day = at.astimezone(CHINA).date()
    while count:
        day += timedelta(days=1)
        count -= is_open(day)
    return sun(day)


@dataclass
class Plain:
    """One case: who waits for what until when."""

    came: datetime
    owner: str | None
    days: int = 3
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
        self.unanswered = next_sun(self.came + HALF_AN_HOUR)
        self.end = open_days_after(self.unanswered, self.days)

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
                self.end = next_sun(self.end + (at - self.stopped) - timedelta(hours=1))
            self.stopped = None

    def say(self, at):
        self.go_on(at)
        asked = next_sun(at + HALF_AN_HOUR)
        self.unanswered = min(self.unanswered or asked, asked)
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
        self.word = open_days_after(at, 1)
        self.settle()

    def can_review(self, who):
        return self.finisher and not self.good and who not in {self.owner, *self.hands}

    def review(self, at, who, *, is_good):
        self.word = open_days_after(at, 1)
        if not is_good:
            self.finisher, self.outcome = None, ""
            return
        self.good, self.reviewer = True, who
        if self.departments:
            self.word = min(self.departments.values())
        self.settle()

    def feed_back(self, at, number):
        self.departments[number] = open_days_after(at, 3)
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

    def reopen(self, at):
        self.finisher, self.outcome, self.good, self.reviewer = None, "", False, None
        self.word = None
        asked = next_sun(at + HALF_AN_HOUR)
        self.unanswered = min(self.unanswered or asked, asked)
        self.end = open_days_after(self.unanswered, self.days)
        self.settle()
