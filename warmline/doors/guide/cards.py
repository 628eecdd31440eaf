"""One promise as a card: which family, which baby at what age, why now, what to say."""

from collections.abc import Iterable
from dataclasses import dataclass

from warmline.base.clock import today
from warmline.core.people.models import Child, Member, MemoryNote, Store
from warmline.core.promises.models import Promise
from warmline.service.care.explaining import category_names, why_now


@dataclass
class Card:
    promise: Promise
    member: Member | None
    child: Child | None
    why: str
    say: str
    avoid: list[str]
    remember: list[str]

    @property
    def title(self) -> str:
        return str(self.promise.script.title) if self.promise.script else self.promise.words


def cards_of(promises: Iterable[Promise], *, store: Store) -> list[Card]:
    """Cards for promises whose families were fetched along; one query for the categories' names."""
    promises = list(promises)
    names, day = category_names() if promises else {}, today(store.zone)
    return [
        _card(p, names=names, why=why_now(p.kind, p.why, names=names, today=day)) for p in promises
    ]


def _card(promise: Promise, *, names: dict[str, str], why: str) -> Card:
    family = promise.household
    members, children = list(family.members.all()), list(family.children.all())
    notes = [n for n in family.memory_notes.all() if n.dropped_at is None]
    script = promise.script
    avoid = [str(script.avoid)] if script and str(script.avoid) else []
    return Card(
        promise=promise,
        member=next((m for m in members if m.pk == promise.member_id), next(iter(members), None)),
        child=next((c for c in children if c.pk == promise.child_id), next(iter(children), None)),
        why=why,
        say=str(script.say) if script else "",
        avoid=avoid + [n.text for n in notes if n.kind == MemoryNote.Kind.AVOID],
        remember=[n.text for n in notes if n.kind != MemoryNote.Kind.AVOID],
    )
