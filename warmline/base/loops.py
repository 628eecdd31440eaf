"""A loop: work, rest when there is none, and a clean stop when it is asked to go."""

import signal
import threading
from collections.abc import Callable
from types import FrameType


class Loop:
    """Works until SIGTERM or SIGINT; a batch that has begun is finished."""

    def __init__(self, *, rest_s: float, rest_max_s: float) -> None:
        self.rest_s, self.rest_max_s = rest_s, rest_max_s
        self._stop = threading.Event()

    def heed_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def stop(self) -> None:
        self._stop.set()

    def stopping(self) -> bool:
        return self._stop.is_set()

    def rest(self, seconds: float) -> None:
        """Wait, unless asked to stop."""
        self._stop.wait(seconds)

    def run(self, work: Callable[[], int]) -> None:
        """While there is work, go on at once; while there is none, look ever more seldom."""
        pause = self.rest_s
        while not self.stopping():
            if work():
                pause = self.rest_s
                continue
            self.rest(pause)
            pause = min(pause * 2, self.rest_max_s)
