"""What a fake remembers: the messages it took, who was sent how many, and which nonces it saw."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

from warmline.base.clock import CHINA

KEPT = 10_000


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message a fake has accepted."""

    provider: str
    to: str
    key: str
    receipt: str
    at: datetime
    known_at: datetime
    delivered: bool
    template: str = ""
    sign_name: str = ""
    params: Mapping[str, str] | list[str] = field(default_factory=dict)
    text: str = ""

    @property
    def day(self) -> date:
        return self.at.astimezone(CHINA).date()


class Book:
    """Shared by all threads of the fake; old pages are torn out."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.taken: deque[Taken] = deque(maxlen=KEPT)
        self.lines: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.nonces: dict[str, datetime] = {}
        self.calls: deque[datetime] = deque(maxlen=KEPT)
        self.orders: deque[tuple[str, str]] = deque()
        self.numbered = 0

    def number(self) -> int:
        with self.lock:
            self.numbered += 1
            return self.numbered

    def order(self, provider: str, code: str) -> None:
        """The next call to this provider gets this error, whatever it asks."""
        with self.lock:
            self.orders.append((provider, code))

    def ordered(self, provider: str) -> str:
        with self.lock:
            for place, (who, code) in enumerate(self.orders):
                if who == provider:
                    del self.orders[place]
                    return code
        return ""

    def note(self, *, at: datetime, **facts: Any) -> None:
        with self.lock:
            self.lines.append({"at": at.astimezone(UTC).isoformat(), **facts})

    def take(self, message: Taken) -> None:
        with self.lock:
            self.taken.append(message)
        facts = asdict(message) | {"outcome": "accepted", "known_at": message.known_at.isoformat()}
        self.note(**facts)

    def sent_to(self, to: str, *, provider: str) -> list[Taken]:
        with self.lock:
            return [taken for taken in self.taken if (taken.provider, taken.to) == (provider, to)]

    def seen_before(self, nonce: str, *, at: datetime, keep: timedelta) -> bool:
        with self.lock:
            fresh = {old: seen for old, seen in self.nonces.items() if at - seen < keep}
            self.nonces = fresh | {nonce: fresh.get(nonce, at)}
            return nonce in fresh

    def too_fast(self, at: datetime, *, per_second_max: int) -> bool:
        with self.lock:
            self.calls.append(at)
            return sum(at - call < timedelta(seconds=1) for call in self.calls) > per_second_max

    def journal(self) -> list[dict[str, Any]]:
        with self.lock:
            return list(self.lines)

    def clear(self) -> None:
        with self.lock:
            self.lines.clear()
            self.taken.clear()
