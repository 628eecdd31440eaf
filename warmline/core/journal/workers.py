"""Liveness without timers: a worker is alive exactly while its database session holds its lock."""

import socket
from types import TracebackType
from typing import Self

from django.db import connection

from warmline.core.journal.models import Worker

LOCK_CLASS = 77  # the first key of pg_advisory_lock(class, worker number)


class Shift:
    """A worker's time at work: it takes a number, holds the lock of that number, and is then gone."""

    def __init__(self, loop: str) -> None:
        self.loop = loop
        self.number = 0

    def __enter__(self) -> Self:
        self.number = Worker.objects.create(loop=self.loop, host=socket.gethostname()).pk
        self._lock()
        return self

    def _lock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, self.number])

    def holds(self) -> bool:
        """Is the session with our lock still the one we speak through? A reconnect loses it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
                " AND objid = %s AND pid = pg_backend_pid()",
                [LOCK_CLASS, self.number],
            )
            return bool(cursor.fetchone()[0])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not connection.is_usable():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, self.number])
        Worker.objects.filter(pk=self.number).delete()


def dead(owner: int) -> bool:
    """Whether nobody holds this worker's lock any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, owner])
        free = bool(cursor.fetchone()[0])
        if free:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, owner])
        return free


def bury(shift: Shift) -> int:
    """Strike dead workers off the list of who is at work; how many."""
    others = Worker.objects.exclude(pk=shift.number).values_list("pk", flat=True)
    gone = [number for number in others if dead(number)]
    return Worker.objects.filter(pk__in=gone).delete()[0]


def at_work(loop: str) -> bool:
    """Whether somebody alive does this loop's work."""
    numbers = Worker.objects.filter(loop=loop).values_list("pk", flat=True)
    return any(not dead(number) for number in numbers)
