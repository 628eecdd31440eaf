"""What is called back, named as it is known: a lot, a run of codes, a pallet, or a supplier's lot that
went into ours."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from warmline.goods.trace import copying, journeys, knowing, reading
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.models import Edge, Event, Kind, KindEvent, Lot, Recall, UnitEvent
from warmline.goods.trace.models.events import Role
from warmline.goods.trace.packing import DEPTH_MAX

GENERATIONS_MAX = 6


@dataclass(slots=True)
class Scope:
    """Lots and runs of codes, with how each was named."""

    lots: dict[int, str] = field(default_factory=dict)
    runs: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.lots and not self.runs

    def params(self) -> dict[str, Any]:
        return {
            "lots": copying.array(self.lots),
            "firsts": copying.array(first for first, _last, _said in self.runs),
            "lasts": copying.array(last for _first, last, _said in self.runs),
        }

    def add(self, other: "Scope") -> "Scope":
        self.lots |= other.lots
        self.runs += other.runs
        return self


def of_lots(lots: Iterable[Lot]) -> Scope:
    return Scope(lots={lot.pk: f"{lot.gtin} {lot.number}" for lot in lots})


def of_recall(recall: Recall) -> Scope:
    """What it was declared with."""
    scope = Scope()
    for part in recall.scopes.all():
        if part.lot_id is not None:
            scope.lots[part.lot_id] = part.said
        if part.first_unit is not None and part.last_unit is not None:
            scope.runs.append((part.first_unit, part.last_unit, part.said))
    return scope


def of_codes(first: str, last: str) -> Scope:
    """A run of codes, both ends as they are printed."""
    ends = [_unit(first), _unit(last)]
    if ends[0] >> 24 != ends[1] >> 24:
        raise ValidationError(_("The two codes are not of one batch."))
    return Scope(runs=[(min(ends), max(ends), f"{first} – {last}"[:200])])


def of_container(code: str, *, taken_out: bool = False) -> Scope:
    """A pallet or case: whatever is in it now, over all levels; with what was taken out of it since."""
    unit = _unit(code)
    units = _ever_inside(unit) if taken_out else journeys.inside(unit)
    return Scope(runs=[(a, b, code[:200]) for a, b in runs_of(units)])


def _ever_inside(unit: int) -> set[int]:
    found, level = {unit}, {unit}
    for _depth in range(DEPTH_MAX):
        rows = Edge.objects.filter(parent_id__in=list(level))
        level = set(rows.values_list("child_id", flat=True)) - found
        if not level:
            break
        found |= level
    return found


def of_material(code: str) -> Scope:
    """A supplier's lot: whatever was made of it, and of that, as far as transformations tell."""
    try:
        key = parse(code)
    except BadKey:
        raise ValidationError(_("This is no code: %(code)s") % {"code": code[:80]}) from None
    scope, seen = Scope(), set[str]()
    level = {key.uri}
    for _generation in range(GENERATIONS_MAX):
        seen |= level
        made = _made_of(level)
        _take_made(scope, made, code)
        level = made - seen
        if not level:
            break
    return scope


def of_written_material(number: str) -> Scope:
    """The same by its bare number, as head office wrote it down among a lot's raw materials."""
    number = number.strip()
    found = Lot.objects.filter(story__contains={"materials": [{"lot": number}]})
    return Scope(lots=dict.fromkeys(found.values_list("pk", flat=True), number[:200]))


def _made_of(uris: set[str]) -> set[str]:
    """What came out of the events into which these went."""
    kinds = Kind.objects.filter(uri__in=uris).values("pk")
    went_in = KindEvent.objects.filter(kind_id__in=kinds).values_list("event_id", "role")
    events = {event for event, role in went_in if role & Role.INPUT}
    units = knowing.find([k for k in map(parse, uris) if k.is_instance])
    rows = UnitEvent.objects.filter(unit_id__in=list(units.values()))
    events |= {event for event, role in rows.values_list("event_id", "role") if role & Role.INPUT}
    linked = {
        t
        for t in Event.objects.filter(pk__in=events).values_list(
            "facts__transformationID", flat=True
        )
        if t
    }
    for one in linked:
        same = Event.objects.filter(facts__contains={"transformationID": one})
        events |= set(same.values_list("pk", flat=True))
    made: set[str] = set()
    for event, _context in reading.told(events).values():
        made |= {parse(uri).uri for uri in event.get("outputEPCList", ())}
        made |= {parse(e["epcClass"]).uri for e in event.get("outputQuantityList", ())}
    return made


def _take_made(scope: Scope, made: set[str], said: str) -> None:
    kinds = Kind.objects.filter(uri__in=made, lot__isnull=False)
    scope.lots |= {lot: said[:200] for lot in kinds.values_list("lot_id", flat=True) if lot}
    units = knowing.find([k for k in map(parse, made) if k.is_instance])
    scope.runs += [(a, b, said[:200]) for a, b in runs_of(units.values())]


def _unit(code: str) -> int:
    try:
        unit = knowing.unit_named(code)
    except BadKey:
        unit = None
    if unit is None:
        raise ValidationError(_("We know nothing of this code: %(code)s") % {"code": code[:80]})
    return unit


def runs_of(units: Iterable[int]) -> list[tuple[int, int]]:
    """Unit numbers as runs without a gap: tins of a case are neighbours."""
    runs: list[tuple[int, int]] = []
    for unit in sorted(units):
        if runs and unit <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], unit))
        else:
            runs.append((unit, unit))
    return runs
