"""Who listens to what. Listeners register when Django starts; `record` owes each of them a task."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from warmline.core.journal.signals import Signal

F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True)
class Listener:
    name: str
    react: Callable[..., None]
    batch: bool  # takes a list of signals; a hot listener must
    entries: bool  # wants the journal's lines themselves, not the signals read from them
    long: bool = False  # an errand: it may take minutes, so it has a loop of its own


LISTENERS: dict[str, Listener] = {}
_BY_KIND: dict[str, list[str]] = {}
_PLAYABLE: list[str] = []


def on(*kinds: type[Signal], batch: bool = False, long: bool = False) -> Callable[[F], F]:
    """React to a signal after its transaction committed: at least tried, done exactly once."""
    assert not (batch and long), "what takes long is done one at a time"

    def register(react: F) -> F:
        name = f"{react.__module__}.{react.__name__}"
        listener = Listener(name, react, batch, entries=False, long=long)
        LISTENERS[listener.name] = listener
        for kind in kinds:
            _BY_KIND.setdefault(kind.kind, []).append(listener.name)
        return react

    return register


def on_playable(react: F) -> F:
    """React, in batches of journal entries, to every signal on which a playbook may be written."""
    listener = Listener(f"{react.__module__}.{react.__name__}", react, batch=True, entries=True)
    LISTENERS[listener.name] = listener
    _PLAYABLE.append(listener.name)
    return react


def listeners_of(signal: type[Signal]) -> list[str]:
    """The names of all who are owed a task for this kind of signal."""
    return _BY_KIND.get(signal.kind, []) + (_PLAYABLE if signal.playable else [])


def forget(names: Iterable[str]) -> None:
    """Take listeners away again (a test that registered its own)."""
    for name in list(names):
        LISTENERS.pop(name, None)
        for heard in [*_BY_KIND.values(), _PLAYABLE]:
            while name in heard:
                heard.remove(name)


def named(name: str) -> Listener | None:
    return LISTENERS.get(name)


def errands() -> list[str]:
    """The names of listeners that take long."""
    return [listener.name for listener in LISTENERS.values() if listener.long]
