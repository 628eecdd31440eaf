"""Signals: something that happened in a shop, in ids and small plain values.

A signal is a frozen dataclass with a `kind` that is never renamed. Its fields go into the journal as
they are; `household`, `store` and `child` are also columns there, when a signal has them.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self

KINDS: dict[str, type["Signal"]] = {}


@dataclass(frozen=True, kw_only=True)
class Signal:
    kind: ClassVar[str] = ""
    playable: ClassVar[bool] = False  # may head office write playbooks on it?

    def __init_subclass__(cls) -> None:
        if cls.kind:
            assert cls.kind not in KINDS, f"two signals are called {cls.kind}"
            KINDS[cls.kind] = cls

    def body(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, body: dict[str, Any]) -> Self:
        """The signal as it was recorded; fields added since then take their defaults."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in body.items() if k in known})
