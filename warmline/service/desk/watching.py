"""Watching: what the `watch` loop does for the desk, every turn or every few seconds."""

from time import monotonic

from warmline.base.clock import now
from warmline.service.desk.escalating import at_lunch, escalate
from warmline.service.desk.returning import return_all

LOOK_AROUND_S = 10.0


class DeskWatch:
    """One watcher's turn: the ladder at once, the look around now and then."""

    def __init__(self) -> None:
        self.due = 0.0
        self.resting: list[int] = []

    def __call__(self) -> int:
        if monotonic() < self.due:
            return escalate(resting=self.resting)
        self.resting = at_lunch(now())
        done = escalate(resting=self.resting) + return_all()
        self.due = monotonic() + LOOK_AROUND_S
        return done
