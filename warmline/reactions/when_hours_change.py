"""A store's hours change: what is due by sundown there is due by the new one."""

from warmline.core.journal.listeners import on
from warmline.core.people.signals import HoursChanged
from warmline.core.promises.following import follow_the_hours
from warmline.service.desk import moving


@on(HoursChanged)
def move_what_is_due(signal: HoursChanged) -> None:
    follow_the_hours(signal.store, signal.days)


@on(HoursChanged)
def move_the_clocks_of_open_cases(signal: HoursChanged) -> None:
    moving.follow_the_hours(signal.store, signal.days)
