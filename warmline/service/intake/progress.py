"""How far we are, told beside the transaction that does the work, so that a screen can show it."""

import contextlib
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from warmline.base.clock import now
from warmline.service.intake.models import Progress

Stage = Progress.Stage
PAUSE_S = 0.5
TELL = """
    INSERT INTO intake_progress (import_id, stage, done, total, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (import_id) DO UPDATE SET stage = excluded.stage, done = excluded.done,
        total = excluded.total, at = excluded.at
"""


_LISTENING: list[Callable[[int, int], object]] = []


class Teller:
    """Says how far the work on one file is, at most twice a second, through its own connection.
    That nobody hears it never stops the work."""

    def __init__(self, file: int, *, total: int) -> None:
        self.file, self.total = file, total
        self.stage, self.done = Stage.READING, 0
        self._said = 0.0
        self._line: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            with contextlib.suppress(Error):
                self._line.close()

    def enter(self, stage: Stage) -> None:
        """The next part of the work begins."""
        self.stage, self.done = stage, 0
        self._tell()

    def step(self, rows: int) -> None:
        self.done += rows
        if time.monotonic() - self._said > PAUSE_S:
            self._tell()

    def _tell(self) -> None:
        self._said = time.monotonic()
        for listener in _LISTENING:
            listener(min(self.done, self.total), self.total)
        with contextlib.suppress(Error):
            said: list[Any] = [self.file, self.stage, min(self.done, self.total), self.total, now()]
            if self._line is None:
                self._line = connection.copy()
            with self._line.cursor() as cursor:
                cursor.execute(TELL, said)


@contextlib.contextmanager
def heard(listener: Callable[[int, int], object]) -> Iterator[None]:
    """In this process too, for a command's own bar: `listener(done, total)`."""
    _LISTENING.append(listener)
    try:
        yield
    finally:
        _LISTENING.remove(listener)


def of(file: int) -> Progress | None:
    return Progress.objects.filter(pk=file).first()
