"""Watching: what the `watch` loop does for the desk, every turn or every few seconds."""

from time import monotonic

from warmline.service.desk.escalating import escalate
from warmline.service.desk.returning import return_all

LOOK_AROUND_S = 10.0


class DeskWatch:
    """One watcher's turn: the ladder at once, the look around now and then."""

    def __init__(self) -> None:
        self.due = 0.0

    def __call__(self) -> int:
        done = escalate()
        if monotonic() >= self.due:
            done += return_all()
            self.due = monotonic() + LOOK_AROUND_S
        return done
