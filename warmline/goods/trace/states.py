"""What events make of units: active, sold, returned, destroyed, recalled; where, and in whose hands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.clock import now
from warmline.goods.trace import copying, knowing, naming, numbers
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.models import Oddity, Unit, UnitEvent, Word
from warmline.goods.trace.models.events import Event, Role
from warmline.goods.trace.packing import Contradiction
from warmline.goods.trace.shredding import RECALLED, Shred

SQL = Path(__file__).parent / "sql"
State = Unit.State
COMMISSIONING, SELLING = full("commissioning", "bizStep"), full("retail_selling", "bizStep")
SOLD, RETURNED = full("retail_sold", "disposition"), full("returned", "disposition")
GONE = frozenset(full(w, "bizStep") for w in ("destroying", "decommissioning"))
LOST = frozenset(full(w, "disposition") for w in ("destroyed", "inactive", "disposed"))
LOT_FIELDS = ("cbvmda:lotNumber", "urn:epcglobal:cbv:mda:lotNumber")


@dataclass(slots=True)
class Now:
    """A unit as one document leaves it."""

    moment: str
    event: int
    place: int | None = None
    party: int | None = None
    state: int = State.SEEN
    disposition: int | None = None
    flags: int = 0
    lot: str = ""


def settle(
    shreds: list[Shred],
    units: dict[str, int],
    *,
    words: dict[str, int],
    places: dict[str, int],
    parties: dict[str, int],
) -> None:
    """Write the present state of every unit that these events name; errors declared change none."""
    found: dict[int, Now] = {}
    for s in sorted((s for s in shreds if not s.is_error), key=lambda s: s.at):
        place = places.get(s.biz_location) or places.get(s.read_point)
        party, disposition = parties.get(s.party), words.get(s.disposition)
        flags, lot, state_of = (
            _flags(s),
            _lot(s),
            {role: int(state_after(s, role)) for role in s.roles},
        )
        for uri, role in s.units.items():
            unit, state = units[uri], state_of[role]
            known = found.get(unit)
            if known is None:
                found[unit] = Now(s.moment, s.id, place, party, state, disposition, flags, lot)
                continue
            known.moment, known.event = s.moment, s.id
            known.place, known.party = place or known.place, party or known.party
            known.disposition = disposition or known.disposition
            known.state = state or known.state
            known.flags = flags or known.flags
            known.lot = lot or known.lot
    if found:
        _write(found, {units[key.uri]: key for s in shreds for key in s.keys.values()})
        _once(shreds, units, words)


def state_after(s: Shred, role: int) -> int:
    """What the event makes of a thing in this role; SEEN: nothing new."""
    if role & Role.INPUT:
        return State.CONSUMED
    if s.sort == Event.Sort.TRANSFORMATION:
        return State.ACTIVE
    if s.step in GONE or s.disposition in LOST:
        return State.DESTROYED
    if s.step == SELLING or s.disposition == SOLD:
        return State.SOLD
    if s.disposition == RETURNED:
        return State.RETURNED
    if s.action == Event.Action.ADD and (s.step == COMMISSIONING or s.sort == Event.Sort.OBJECT):
        return State.ACTIVE
    if s.action == Event.Action.DELETE and s.sort == Event.Sort.OBJECT:
        return State.DESTROYED
    return State.SEEN


def _flags(s: Shred) -> int:
    """Recalled by a lasting word, until another takes it back (told as a minus)."""
    if RECALLED in s.facts.get("set", ()):
        return Unit.RECALLED
    if RECALLED in s.facts.get("unset", ()):
        return -Unit.RECALLED
    return 0


def _lot(s: Shred) -> str:
    said = s.facts.get("ilmd", {})
    return next((said[name][0] for name in LOT_FIELDS if said.get(name)), "")[:20]


def _write(found: dict[int, Now], keys: dict[int, Any]) -> None:
    gtin_of = {unit: keys[unit].gtin for unit in found}
    gtins = {gtin for gtin in gtin_of.values() if gtin}
    kinds = naming.kinds([naming.kind_of_gtin(gtin) for gtin in gtins])
    kind_of = {gtin: kinds[f"https://id.gs1.org/01/{gtin}"] for gtin in gtins}
    lots = naming.lots_of({(gtin_of[u], n.lot) for u, n in found.items() if n.lot and gtin_of[u]})
    rows = []
    ours = knowing.batches_numbered(
        {numbers.batch_of(unit) for unit in found if not numbers.is_foreign(unit)}
    )
    for unit in sorted(found):
        one, gtin = found[unit], gtin_of[unit]
        lot, kind = lots.get((gtin, one.lot)), kind_of.get(gtin)
        if not numbers.is_foreign(unit) and (batch := ours.get(numbers.batch_of(unit))):
            lot = batch.lot
        rows.append(
            (
                unit,
                one.event,
                one.moment,
                kind,
                lot,
                one.place,
                one.party,
                one.state,
                one.disposition,
                one.flags,
            )
        )
    names = (
        "unit",
        "event",
        "at",
        "kind",
        "lot",
        "place",
        "party",
        "state",
        "disposition",
        "flags",
    )
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    spelt = {name: copying.numbers(column) for name, column in columns.items() if name != "at"}
    sql.changed(SQL / "units.sql", spelt | {"at": copying.array(columns["at"])})


def _once(shreds: list[Shred], units: dict[str, int], words: dict[str, int]) -> None:
    """Commissioned once, sold once until returned (G4): a second time is written down and told."""
    odd: list[Oddity] = []
    for step, rule in ((COMMISSIONING, "commissioned_twice"), (SELLING, "sold_twice")):
        named = {
            units[uri]: s
            for s in shreds
            for uri in s.units
            if s.step == step and not s.is_error and s.sort == Event.Sort.OBJECT
        }
        if not named:
            continue
        mine = {s.id for s in shreds}
        earlier = UnitEvent.objects.filter(unit_id__in=named, biz_step=words[step])
        for unit, at, event in earlier.values_list("unit_id", "event_time", "event_id"):
            if event in mine or (rule == "sold_twice" and _returned_since(unit, at)):
                continue
            evidence = {"before": at.isoformat(), "before_event": event}
            odd.append(Oddity(rule=rule, unit_id=unit, event_id=named[unit].id, evidence=evidence))
    Oddity.objects.bulk_create(odd, ignore_conflicts=True)


def _returned_since(unit: int, at: datetime) -> bool:
    returned = naming.number_of(Word, RETURNED)
    back = UnitEvent.objects.filter(unit_id=unit, event_time__gte=at, disposition=returned)
    return returned is not None and back.exists()


def tell(wrong: Iterable[Contradiction]) -> None:
    """Contradictions become oddities: a person decides."""
    Oddity.objects.bulk_create(
        [
            Oddity(rule=w.rule, unit_id=w.child, event_id=w.event, evidence=w.evidence, at=now())
            for w in wrong
        ],
        ignore_conflicts=True,
    )
