"""What events make of units: active, sold, returned, destroyed, recalled; where, and in whose hands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.clock import now
from warmline.goods.trace import copying, knowing, naming, numbers
from warmline.goods.trace.copying import NULL
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.models import Oddity, Unit, UnitEvent, Word
from warmline.goods.trace.models.events import Event, Role
from warmline.goods.trace.packing import Contradiction
from warmline.goods.trace.shredding import RECALLED, Shred

SQL = Path(__file__).parent / "sql"
State = Unit.State
Row = tuple[Any, ...]
UNIT_COLUMNS = (  # as in `units.sql`
    "unit_id last_event_id state_time kind_id lot_id place_id party_id state disposition flags"
)
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
    gtin: str
    place: int | None = None
    party: int | None = None
    state: int = State.SEEN
    disposition: int | None = None
    flags: int = 0
    lot: str = ""


@dataclass(slots=True)
class Foreseen:
    """The states that a document leaves: of things never named before, and of those known."""

    fresh: list[str] = field(default_factory=list)  # as lines of COPY
    known: list[Row] = field(default_factory=list)


def foresee(
    shreds: list[Shred],
    units: dict[str, int],
    fresh: set[int],
    *,
    words: dict[str, int],
    places: dict[str, int],
    parties: dict[str, int],
) -> Foreseen:
    """The present state of every unit that these events name; errors declared change none."""
    found: dict[int, Now] = {}
    for s in sorted((s for s in shreds if not s.is_error), key=_at):
        place = places.get(s.biz_location) or places.get(s.read_point)
        party, disposition = parties.get(s.party), words.get(s.disposition)
        flags, lot = _flags(s), _lot(s)
        state_of = {role: int(state_after(s, role)) for role in s.roles}
        for uri, role in s.units.items():
            unit, state = units[uri], state_of[role]
            known = found.get(unit)
            if known is None:
                gtin = s.keys[uri].gtin
                found[unit] = Now(
                    s.moment, s.id, gtin, place, party, state, disposition, flags, lot
                )
                continue
            known.moment, known.event = s.moment, s.id
            known.place, known.party = place or known.place, party or known.party
            known.disposition = disposition or known.disposition
            known.state = state or known.state
            known.flags = flags or known.flags
            known.lot = lot or known.lot
    return _rows(found, fresh) if found else Foreseen()


def _at(s: Shred) -> datetime:
    return s.at


def settle(
    foreseen: Foreseen, shreds: list[Shred], units: dict[str, int], words: dict[str, int]
) -> None:
    """Write the states of units that were known before (the others' are rows by now)."""
    if not foreseen.known:
        return
    columns = zip(UNIT_COLUMNS.split(), zip(*foreseen.known, strict=True), strict=True)
    spelt = {
        name: (copying.array if name == "state_time" else copying.numbers)(column)
        for name, column in columns
    }
    sql.changed(SQL / "units.sql", spelt)
    _once(shreds, units, words, {row[0] for row in foreseen.known})


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


def _rows(found: dict[int, Now], fresh: set[int]) -> Foreseen:
    gtins = {one.gtin for one in found.values() if one.gtin}
    kinds = naming.kinds([naming.kind_of_gtin(gtin) for gtin in gtins])
    kind_of: dict[str, int | None] = {g: kinds[f"https://id.gs1.org/01/{g}"] for g in gtins}
    lots = naming.lots_of({(n.gtin, n.lot) for n in found.values() if n.lot and n.gtin})
    ours = knowing.batches_numbered(
        {numbers.batch_of(unit) for unit in found if not numbers.is_foreign(unit)}
    )
    said = Foreseen()
    for unit, one in sorted(found.items()):
        lot = lots.get((one.gtin, one.lot)) if one.lot else None
        if not numbers.is_foreign(unit) and (batch := ours.get(numbers.batch_of(unit))):
            lot = batch.lot
        event, moment, kind, state = one.event, one.moment, kind_of.get(one.gtin), one.state
        place, party, disposition, flags = one.place, one.party, one.disposition, one.flags
        if unit in fresh:
            said.fresh.append(
                f"{unit}\t{event}\t{moment}\t{kind or NULL}\t{lot or NULL}\t{place or NULL}"
                f"\t{party or NULL}\t{state}\t{disposition or NULL}\t{max(flags, 0)}\n"
            )
            continue
        said.known.append((unit, event, moment, kind, lot, place, party, state, disposition, flags))
    return said


def _once(
    shreds: list[Shred], units: dict[str, int], words: dict[str, int], known: set[int]
) -> None:
    """Commissioned once, sold once until returned (G4): a second time is written down and told."""
    odd: list[Oddity] = []
    for step, rule in ((COMMISSIONING, "commissioned_twice"), (SELLING, "sold_twice")):
        named = {
            units[uri]: s
            for s in shreds
            if s.step == step and not s.is_error and s.sort == Event.Sort.OBJECT
            for uri in s.units
            if units[uri] in known
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
