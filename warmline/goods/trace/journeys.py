"""Where a unit has been: what it was named in itself, and what happened to whatever it was inside.

Always from the given unit upwards, a level a round trip and bounded by the time it was inside: a
pallet's moves belong to a tin's journey only while the tin is on it. The walk is made here and not
in one recursive statement, so that it stays the same when units are spread over servers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warmline.base import sql
from warmline.goods.trace import copying, naming
from warmline.goods.trace.models import Edge, Party, Place, Unit
from warmline.goods.trace.packing import DEPTH_MAX

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
STEPS_MAX = 500
SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Span:
    """A thing, and from when until when our unit was in it."""

    unit: int
    since: datetime
    until: datetime
    depth: int


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of a journey; `depth` 0 is the unit itself, 1 the case it was in, and so on."""

    at: datetime
    event: int
    unit: int
    depth: int
    step: str
    disposition: str
    place: Place | None
    party: Party | None
    role: int


@dataclass(frozen=True, slots=True)
class Held:
    """Where a unit is now and who has it: its own last word, or its case's or pallet's."""

    unit: int
    place: Place | None
    party: Party | None
    since: datetime


def spans(unit_id: int) -> list[Span]:
    """The unit and everything it ever was inside, with the times."""
    found = [Span(unit_id, EVER, NEVER, 0)]
    level = found
    for depth in range(1, DEPTH_MAX + 1):
        by_child: dict[int, list[Span]] = {}
        for span in level:
            by_child.setdefault(span.unit, []).append(span)
        rows = sql.run(SQL / "edges.sql", {"units": copying.array(by_child)})
        level = []
        for child, parent, since, until in rows:
            for span in by_child[child]:
                first, last = max(since, span.since), min(until or NEVER, span.until)
                if first < last:
                    level.append(Span(parent, first, last, depth))
        if not level:
            break
        found += level
    return found


def journey(unit_id: int) -> list[Step]:
    """Every stop, the earliest first."""
    within = spans(unit_id)
    by_unit: dict[int, list[Span]] = {}
    for span in within:
        by_unit.setdefault(span.unit, []).append(span)
    rows = sql.run(SQL / "named.sql", {"units": copying.array(by_unit)})
    kept = [
        (row, span)
        for row in rows
        for span in by_unit[row[0]]
        if span.since <= row[1] <= span.until
    ]
    kept.sort(key=lambda one: (one[0][1], one[0][2], one[1].depth))  # its own word comes first
    del kept[STEPS_MAX:]
    places = Place.objects.select_related("party").in_bulk({r[3] for r, _s in kept if r[3]})
    parties = Party.objects.in_bulk({r[4] for r, _s in kept if r[4]})
    words = naming.spelt({word for row, _span in kept for word in row[5:7] if word})
    steps: dict[int, Step] = {}
    for row, span in kept:
        unit, at, event, place, party, step, disposition, role = row
        if event in steps:
            continue  # a tin and its case named in one event: one stop
        steps[event] = Step(
            at=at,
            event=event,
            unit=unit,
            depth=span.depth,
            step=_word(words, step),
            disposition=_word(words, disposition),
            place=places.get(place),
            party=parties.get(party),
            role=role,
        )
    return list(steps.values())


def _word(words: dict[int, str], number: int | None) -> str:
    """`https://ref.gs1.org/cbv/BizStep-packing` is packing."""
    return words.get(number or 0, "").rsplit("/", 1)[-1].partition("-")[2]


def held(unit_ids: Iterable[int]) -> dict[int, Held]:
    """Where these are now. What happened to the pallet happened to all that is still on it."""
    wanted = list(unit_ids)
    known = _units(wanted)
    top = {unit: [unit] for unit in wanted if unit in known}
    for _depth in range(DEPTH_MAX):
        up = {known[chain[-1]].parent_id for chain in top.values() if chain[-1] in known}
        fresh = {unit for unit in up if unit is not None} - known.keys()
        if fresh:
            known |= _units(fresh)
        moved = False
        for chain in top.values():
            parent = known[chain[-1]].parent_id if chain[-1] in known else None
            if parent is not None and parent in known and parent not in chain:
                chain.append(parent)
                moved = True
        if not moved:
            break
    latest = {u: max((known[x] for x in chain), key=_told_at) for u, chain in top.items()}
    places = Place.objects.select_related("party").in_bulk(
        {x.place_id for x in latest.values() if x.place_id}
    )
    parties = Party.objects.in_bulk({x.party_id for x in latest.values() if x.party_id})
    found = {}
    for unit, last in latest.items():
        place = places.get(last.place_id) if last.place_id else None
        party = parties.get(last.party_id) if last.party_id else None
        found[unit] = Held(
            last.unit_id, place, party or (place.party if place else None), last.state_time
        )
    return found


def _told_at(unit: Unit) -> datetime:
    return unit.state_time if unit.place_id else EVER


def _units(ids: Iterable[int]) -> dict[int, Unit]:
    fields = ("unit_id", "parent_id", "place_id", "party_id", "state_time")
    return {u.unit_id: u for u in Unit.objects.filter(unit_id__in=list(ids)).only(*fields)}


def inside(unit_id: int) -> list[int]:
    """Everything that is in it now, over all levels; the thing itself first."""
    return inside_all([unit_id])


def inside_all(unit_ids: Iterable[int]) -> list[int]:
    """These things and everything that is in them now, a level a round trip."""
    found = list(unit_ids)
    level = found
    for _depth in range(DEPTH_MAX):
        rows = Edge.objects.filter(parent_id__in=level, t_to__isnull=True)
        level = list(rows.order_by("child_id").values_list("child_id", flat=True))
        if not level:
            break
        found += level
    return found


def tins_ever_in(units: Iterable[int]) -> int:
    """What was ever inside these, and holds nothing itself; an unknown case counts as one."""
    found = set(units)
    level, holders = set(found), set[int]()
    for _depth in range(DEPTH_MAX):
        rows = list(Edge.objects.filter(parent_id__in=level).values_list("parent_id", "child_id"))
        holders |= {parent for parent, _child in rows}
        level = {child for _parent, child in rows} - found
        if not level:
            break
        found |= level
    return len(found - holders)
