"""What is inside what, and since when: edges with validity, opened and closed by events.

Read, decided here, written: the children's rows are locked by then, so nobody else decides about
them meanwhile. A late word is fitted between what was known before and after it. What contradicts
(a tin in two cases, a case in itself) changes nothing and is told to a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from warmline.base import sql
from warmline.goods.trace import copying
from warmline.goods.trace.models import Edge, Unit, UnitEvent
from warmline.goods.trace.models.events import Event, Role

SQL = Path(__file__).parent / "sql"
DEPTH_MAX = 8


@dataclass(slots=True)
class Move:
    """Children put into a parent, or taken out of it (all of them, if none are named)."""

    parent: int | None
    children: Sequence[int]
    at: datetime
    event: int
    sort: int
    is_in: bool
    place: int | None = None
    party: int | None = None


@dataclass(slots=True)
class Held:
    """One edge, as read or as it is about to be written."""

    child: int
    parent: int
    since: datetime
    until: datetime | None
    add_event: int
    del_event: int | None
    sort: int
    is_new: bool = False
    is_changed: bool = False

    def stands(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or self.until > at)


@dataclass(slots=True)
class Contradiction:
    rule: str
    child: int
    event: int
    evidence: dict[str, object]


@dataclass(slots=True)
class Ledger:
    """The edges that a document touches, while they are being decided."""

    by_child: dict[tuple[int, int], list[Held]] = field(default_factory=lambda: defaultdict(list))
    by_parent: dict[tuple[int, int], list[Held]] = field(default_factory=lambda: defaultdict(list))
    taken_out: dict[int, list[tuple[datetime, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    emptied: dict[int, list[tuple[datetime, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    containers: set[int] = field(default_factory=set)
    wrong: list[Contradiction] = field(default_factory=list)
    released: dict[int, Move] = field(default_factory=dict)  # what came out without being named

    def add(self, held: Held) -> None:
        self.by_child[held.child, held.sort].append(held)
        self.by_parent[held.parent, held.sort].append(held)


def apply(moves: list[Move]) -> tuple[set[int], list[Contradiction]]:
    """Write these moves; whose parent changed, and what could not be."""
    if not moves:
        return set(), []
    moves.sort(key=lambda move: (move.at, move.event))
    ledger = _read(moves)
    for move in moves:
        if move.is_in:
            _put(ledger, move)
        else:
            _take(ledger, move)
    changed = _write(ledger)
    _set_down(ledger)
    return changed, ledger.wrong


def _read(moves: list[Move]) -> Ledger:
    ledger = Ledger()
    children = {child for move in moves for child in move.children}
    opened = {m.parent for m in moves if not m.is_in and not m.children and m.parent is not None}
    seen: set[tuple[int, int, datetime]] = set()
    edges = Edge.objects.filter(child_id__in=children) if children else Edge.objects.none()
    inside = Edge.objects.filter(parent_id__in=opened) if opened else Edge.objects.none()
    for rows in (edges, inside):
        for row in rows.values_list(
            "child_id", "parent_id", "t_from", "t_to", "add_event", "del_event", "sort"
        ):
            if (row[0], row[6], row[2]) not in seen:
                seen.add((row[0], row[6], row[2]))
                ledger.add(Held(*row))
    if put := [move for move in moves if move.is_in]:
        _read_later(ledger, put)
        held = Edge.objects.filter(parent_id__in=children, t_to__isnull=True)
        ledger.containers = set(held.values_list("parent_id", flat=True).distinct())
        ledger.containers |= {move.parent for move in put if move.parent is not None}
    return ledger


def _read_later(ledger: Ledger, put: list[Move]) -> None:
    """What was heard too early: taken out, before anybody said that it was put in."""
    named = {child for move in put for child in move.children} | {m.parent for m in put if m.parent}
    later = UnitEvent.objects.filter(
        unit_id__in=named, event_time__gt=put[0].at, action=Event.Action.DELETE
    )
    for unit, at, event, role in later.values_list("unit_id", "event_time", "event_id", "role"):
        if role & Role.CHILD:
            ledger.taken_out[unit].append((at, event))
        if role & Role.EMPTIED:
            ledger.emptied[unit].append((at, event))


def _put(ledger: Ledger, move: Move) -> None:
    assert move.parent is not None
    above = _above(ledger, move) if ledger.containers.intersection(move.children) else set()
    for child in move.children:
        edges = ledger.by_child[child, move.sort]
        standing = next((edge for edge in edges if edge.stands(move.at)), None)
        if standing:
            if standing.parent != move.parent:
                _contradict(
                    ledger, "elsewhere", move, child, held_by=standing.parent, since=standing.since
                )
            continue
        if child == move.parent or (
            child in ledger.containers and (above is None or child in above)
        ):
            _contradict(ledger, "in_itself", move, child)
            continue
        until, ended_by = _end_of(ledger, edges, move, child)
        new = Held(child, move.parent, move.at, until, move.event, ended_by, move.sort, is_new=True)
        ledger.add(new)


def _end_of(
    ledger: Ledger, edges: list[Held], move: Move, child: int
) -> tuple[datetime | None, int | None]:
    """A late word holds until whatever is known to have come after it."""
    assert move.parent is not None
    ends: list[tuple[datetime, int | None]] = [(e.since, None) for e in edges if e.since > move.at]
    ends += [x for x in ledger.taken_out.get(child, ()) if x[0] > move.at]
    ends += [x for x in ledger.emptied.get(move.parent, ()) if x[0] > move.at]
    return min(ends, key=lambda end: end[0]) if ends else (None, None)


def _take(ledger: Ledger, move: Move) -> None:
    if move.children:
        found = [
            edge
            for child in move.children
            for edge in ledger.by_child[child, move.sort]
            if edge.stands(move.at) and move.parent in (None, edge.parent)
        ]
    else:
        assert move.parent is not None
        found = [e for e in ledger.by_parent[move.parent, move.sort] if e.stands(move.at)]
        ledger.released |= {edge.child: move for edge in found if edge.sort == Edge.Sort.PACKED}
    for edge in found:
        edge.until, edge.del_event, edge.is_changed = move.at, move.event, True


def _above(ledger: Ledger, move: Move) -> set[int] | None:
    """What holds the parent, over all levels: none of it can be put into the parent. None: there
    are too many levels."""
    assert move.parent is not None
    level, found = {move.parent}, set[int]()
    for _depth in range(DEPTH_MAX):
        found |= level
        above = Edge.objects.filter(child_id__in=level, sort=move.sort, t_to__isnull=True)
        up = set(above.values_list("parent_id", flat=True))
        for unit in level:
            edges = ledger.by_child.get((unit, move.sort), ())
            up |= {edge.parent for edge in edges if edge.is_new and edge.until is None}
        if not up:
            return found
        level = up
    return None


def _contradict(ledger: Ledger, rule: str, move: Move, child: int, **evidence: object) -> None:
    said: dict[str, object] = {"parent": move.parent, "at": move.at.isoformat()}
    said |= {k: v.isoformat() if isinstance(v, datetime) else v for k, v in evidence.items()}
    ledger.wrong.append(Contradiction(rule, child, move.event, said))


def _write(ledger: Ledger) -> set[int]:
    edges = [edge for listed in ledger.by_child.values() for edge in listed]
    edges += [
        edge
        for listed in ledger.by_parent.values()
        for edge in listed
        if edge.is_changed and edge not in ledger.by_child[edge.child, edge.sort]
    ]
    new = [edge for edge in edges if edge.is_new]
    changed = [edge for edge in edges if edge.is_changed and not edge.is_new]
    if new:
        copying.copy_rows(
            "trace_edge",
            "child_id parent_id t_from t_to add_event del_event sort",
            (
                (e.child, e.parent, e.since, e.until, e.add_event, e.del_event, e.sort)
                for e in sorted(new, key=lambda e: e.child)
            ),
        )
    if changed:
        changed.sort(key=lambda e: e.child)
        sql.changed(
            SQL / "unpack.sql",
            {
                "child": copying.array(e.child for e in changed),
                "sort": copying.array(e.sort for e in changed),
                "t_from": copying.array(e.since for e in changed),
                "t_to": copying.array(e.until for e in changed),
                "event": copying.array(e.del_event for e in changed),
            },
        )
    return {edge.child for edge in new + changed if edge.sort == Edge.Sort.PACKED}


def _set_down(ledger: Ledger) -> None:
    """What came out of a case is from now on where the case was opened, or last was."""
    if not ledger.released:
        return
    parents = {m.parent for m in ledger.released.values() if m.parent is not None and not m.place}
    known = Unit.objects.filter(unit_id__in=parents).values_list("unit_id", "place_id", "party_id")
    last = {unit: (place, party) for unit, place, party in known}
    rows = []
    for child, move in sorted(ledger.released.items()):
        place, party = move.place, move.party
        if place is None and move.parent is not None:
            place, party = last.get(move.parent, (None, None))
        rows.append((child, move.at, place, party))
    names = ("units", "at", "place", "party")
    columns = zip(*rows, strict=True)
    params = {name: copying.array(column) for name, column in zip(names, columns, strict=True)}
    sql.changed(SQL / "set_down.sql", params)


def set_parents(units: Iterable[int]) -> None:
    """The shortcut on the unit: what holds it today."""
    if listed := sorted(units):
        sql.changed(SQL / "parents.sql", {"units": copying.array(listed)})
