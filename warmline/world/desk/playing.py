"""Playing: stories are told side by side in the order in which things happened, with the clock set to
each moment; in between the shop's own loops do what they would have done."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from warmline.base.clock import told
from warmline.core.contacts.channels.outbox import Outbox
from warmline.core.contacts.delivering import Postman
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.promises.breaking import break_overdue
from warmline.service.desk.escalating import escalate
from warmline.service.desk.returning import return_all

Story = Iterator[datetime]  # what happens between two yields happens at the moment that was yielded
LATELY = timedelta(days=3)  # longer ago the loops came by only when somebody asked something


def play(stories: Iterable[Story], *, until: datetime) -> None:
    """Tell them as far as `until`. What comes later has not happened yet."""
    told_of = enumerate(stories)
    waiting = [(at, n, story, True) for n, story in told_of if (at := next(story, None))]
    heapify(waiting)
    lately = until - LATELY
    with Loops() as loops:
        while waiting:
            at, n, story, is_first = heappop(waiting)
            if at > until:
                continue
            with told(at):
                goes_on_at = next(story, None)
                if is_first or at > lately:
                    loops.run()
            if goes_on_at:
                heappush(waiting, (max(goes_on_at, at), n, story, False))
        with told(until):
            while loops.run():
                pass


class Loops:
    """React and deliver, as beside an open shop; no message leaves the machine."""

    def __enter__(self) -> "Loops":
        self.react, self.deliver = Shift("react"), Shift("deliver")
        self.react.__enter__()
        self.deliver.__enter__()
        self.postman = Postman(self.deliver, lambda _kind: Outbox())
        return self

    def __exit__(self, *_gone: object) -> None:
        for shift in (self.deliver, self.react):
            shift.__exit__(None, None, None)

    def run(self) -> int:
        """What follows from the last step, and the messages that it left; how much there was."""
        done = react_once(self.react, with_errands=False)
        return done + self.postman.deliver_once() if done else 0


def watching(moments: Iterable[datetime]) -> Story:
    """Now and then somebody looks who is late, and what lies with nobody."""
    for at in moments:
        yield at
        break_overdue()
        escalate()
        return_all()
