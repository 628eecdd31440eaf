"""The postman: delivery reports and replies on their way back to us, again until we say thanks."""

import heapq
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from itertools import count
from typing import Any, NamedTuple

from warmline.fakes.rules import Rules

THANKS = {"aliyun": ("code", 0), "tencent": ("result", 0)}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Letter(NamedTuple):
    """One post of a provider: `reports` or `replies`, in its own words."""

    provider: str
    kind: str
    body: Any


class Postman:
    """One thread that carries what is due, and comes again until the last try."""

    def __init__(self, *, rules: Rules) -> None:
        self.rules = rules
        self.round: list[tuple[float, int, int, Letter]] = []
        self.order = count()
        self.changed = threading.Condition()
        self.stopped = False
        self.thread = threading.Thread(target=self._walk, name="fakes-postman", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        with self.changed:
            self.stopped = True
            self.changed.notify_all()
        self.thread.join(timeout=10)

    def post_later(self, letter: Letter, *, after_s: float, tries: int = 0) -> None:
        if self._address(letter):
            with self.changed:
                due = time.monotonic() + after_s
                heapq.heappush(self.round, (due, next(self.order), tries, letter))
                self.changed.notify_all()

    def _address(self, letter: Letter) -> str:
        addresses: Mapping[str, str] = {
            "reports": self.rules.reports_to,
            "replies": self.rules.replies_to,
        }[letter.kind]
        return addresses.get(letter.provider, "")

    def _walk(self) -> None:
        while letter_and_tries := self._next():
            letter, tries = letter_and_tries
            if not self._delivered(letter) and tries < len(self.rules.post_again_after_s):
                wait = self.rules.post_again_after_s[tries]
                self.post_later(letter, after_s=wait, tries=tries + 1)

    def _next(self) -> tuple[Letter, int] | None:
        """The next letter that is due, or nothing when work is over."""
        with self.changed:
            while not self.stopped:
                wait = self.round[0][0] - time.monotonic() if self.round else None
                if wait is not None and wait <= 0:
                    _due, _order, tries, letter = heapq.heappop(self.round)
                    return letter, tries
                self.changed.wait(wait)
        return None

    def _delivered(self, letter: Letter) -> bool:
        """Only the thanks in the right words counts; a bare 200 is not one."""
        request = urllib.request.Request(  # noqa: S310 - Rules admit only this machine
            self._address(letter),
            data=json.dumps(letter.body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            method="POST",
        )
        field, value = THANKS[letter.provider]
        try:
            with OPENER.open(request, timeout=5) as answer:
                said = json.loads(answer.read(100_000))
        except (OSError, ValueError):
            return False
        return isinstance(said, dict) and said.get(field) == value
