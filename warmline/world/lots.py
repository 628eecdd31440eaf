"""The life of one lot, drawn as columns: an event an element, and a row for each thing it names.

What is drawn is what capture would have left: events, the rows by which units find them, edges,
states, names, and the events' own words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from warmline.base.clock import now
from warmline.goods.trace import knowing, numbers
from warmline.goods.trace.identity.check_digits import check_digit
from warmline.goods.trace.models import CaptureJob, Unit
from warmline.goods.trace.models.events import Event, Role
from warmline.goods.trace.pressing import TOGETHER, press_text
from warmline.world import copying
from warmline.world.copying import bigint, copy, copy_text, integer, smallint, text

PER_CASE, PER_PALLET, PALLETS = 6, 40, 100
CASES = PER_PALLET * PALLETS
TINS = PER_CASE * CASES
PER_BIRTH = 200
SOLD = 0.75
SALT = 0x9E3779B97F4A7C15
PER_JOB = 16_000  # an event's place in its document is a small number
OFFSET_MIN = 480
DAY = 24 * 60
CONTEXT = '["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]'
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ground:
    """What every lot stands on: numbers of words and places, families and shops."""

    steps: dict[str, int]
    dispositions: dict[str, int]
    line: int
    hubs: list[int]
    shops: list[tuple[int, int]]  # store, place
    first_family: int
    families: int
    uris: dict[int, str]


@dataclass(frozen=True)
class Order:
    """One lot to be drawn."""

    lot: int
    gtin: str
    kind: int
    batch: int
    base: int
    case_base: int
    pallet_base: int
    case_sscc: int
    pallet_sscc: int
    begun: datetime
    seed: int


@dataclass
class Life:
    """Everything that happens to a lot, in the order in which it is told."""

    order: Order
    ground: Ground
    ids: Ints
    begun: int  # in seconds, as PostgreSQL counts them
    told: int = 0
    columns: dict[str, list[Ints]] = field(default_factory=dict)
    named: dict[str, list[Ints]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def tell(
        self,
        minutes: Ints,
        step: str,
        place: Ints,
        disposition: str,
        what: Sequence[str],
        *,
        sort: int = Event.Sort.OBJECT,
        action: int = Event.Action.OBSERVE,
    ) -> Ints:
        """Events of one step, told one after another; their numbers."""
        count = len(minutes)
        at, ids = self.begun + minutes * 60, self.ids[self.told : self.told + count]
        said = {
            "id": ids,
            "event_time": at,
            "place": place,
            "biz_step": np.full(count, self.ground.steps[step]),
            "disposition": np.full(count, self.ground.dispositions[disposition]),
            "sort": np.full(count, sort),
            "action": np.full(count, action),
        }
        for name, values in said.items():
            self.columns.setdefault(name, []).append(values)
        self.told += count
        moments = np.datetime_as_string(copying.EPOCH + at.astype("m8[s]"), unit="s").tolist()
        kind, act = Event.Sort(sort).label, Event.Action(action).label
        tail = f'"disposition":"{disposition}","action":"{act}","bizStep":"{step}","readPoint":'
        spots = {number: f'{{"id":"{self.ground.uris[number]}"}}' for number in set(place.tolist())}
        where = {n: f'{tail}{spot},"bizLocation":{spot}}}' for n, spot in spots.items()}
        self.words += [
            f'{{"type":"{kind}","eventID":"urn:warmline:{number}","eventTime":"{moment}Z",'
            f'"eventTimeZoneOffset":"+08:00",{things},{where[at_place]}'
            for number, moment, things, at_place in zip(
                ids.tolist(), moments, what, place.tolist(), strict=True
            )
        ]
        return ids

    def name(self, units: Ints, events: Ints, role: int) -> None:
        """These units are named by these events, one each."""
        for column, values in (
            ("unit_id", units),
            ("event_id", events),
            ("role", np.full(len(units), role)),
        ):
            self.named.setdefault(column, []).append(values)

    def column(self, name: str) -> Ints:
        return np.concatenate(self.columns[name])


@dataclass(frozen=True)
class Things:
    """The numbers and names of a lot's tins, cases and pallets."""

    tins: Ints
    cases: Ints
    pallets: Ints
    tin_names: list[str]
    case_names: list[str]
    pallet_names: list[str]


def draw(asked: tuple[Order, Ground]) -> list[int]:
    """One lot, written in one transaction; the documents in which its events lie."""
    order, ground = asked
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("SET LOCAL statement_timeout = 0")
        return _live(order, ground)


def _live(order: Order, ground: Ground) -> list[int]:
    things = _things(order)
    sold = (np.arange(TINS, dtype=np.uint64) * np.uint64(SALT) + np.uint64(order.seed)) & np.uint64(
        0xFFFF
    )
    sold_tins = np.flatnonzero(sold < SOLD * 0x10000)
    count = TINS // PER_BIRTH + CASES * 5 + PALLETS * 6 + len(sold_tins)
    life = Life(
        order, ground, np.array(numbers.take(count), np.int64), copying.seconds_of(order.begun)
    )
    _born(life, things)
    packed = _packed(life, things)
    hub, loaded, emptied = _moved(life, things)
    store, shop, opened, shelved = _opened(life, things, hub)
    sales = _sold(life, things, sold_tins, shop)
    assert life.told == count
    jobs = _write_events(life)
    _write_edges(life, things, packed, opened, loaded, emptied)
    _write_states(life, things, sold_tins, sales, shelved, opened, emptied, shop, hub)
    if ground.families and ground.shops[0][0]:
        _write_owners(life, things, sold_tins, store)
    return jobs


def _things(order: Order) -> Things:
    batch = knowing.batch_numbered(order.batch)
    assert batch is not None
    return Things(
        order.base + np.arange(TINS),
        order.case_base + np.arange(CASES),
        order.pallet_base + np.arange(PALLETS),
        [uri for _n, uri in knowing.names_in(batch, 0, TINS)],
        [_sscc(order.case_sscc + n) for n in range(CASES)],
        [_sscc(order.pallet_sscc + n) for n in range(PALLETS)],
    )


def _sscc(body: int) -> str:
    digits = str(body).zfill(17)
    return f"https://id.gs1.org/00/{digits}{check_digit(digits)}"


def _epcs(names: Sequence[str]) -> str:
    return '"epcList":["' + '","'.join(names) + '"]'


def _packs(parent: str, names: Sequence[str]) -> str:
    return f'"parentID":"{parent}","childEPCs":["' + '","'.join(names) + '"]'


def _runs(names: Sequence[str], length: int) -> list[Sequence[str]]:
    return [names[n : n + length] for n in range(0, len(names), length)]


def _at(place: int, count: int) -> Ints:
    return np.full(count, place)


def _born(life: Life, things: Things) -> None:
    count = TINS // PER_BIRTH
    events = life.tell(
        np.arange(count) * PER_BIRTH // 100,
        "commissioning",
        _at(life.ground.line, count),
        "active",
        [_epcs(run) for run in _runs(things.tin_names, PER_BIRTH)],
        action=Event.Action.ADD,
    )
    life.name(things.tins, np.repeat(events, PER_BIRTH), Role.EPC)


def _packed(life: Life, things: Things) -> Ints:
    """Tins into cases."""
    runs = _runs(things.tin_names, PER_CASE)
    events = life.tell(
        300 + np.arange(CASES) // 20,
        "packing",
        _at(life.ground.line, CASES),
        "container_closed",
        [_packs(case, run) for case, run in zip(things.case_names, runs, strict=True)],
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.ADD,
    )
    life.name(things.tins, np.repeat(events, PER_CASE), Role.CHILD)
    life.name(things.cases, events, Role.PARENT)
    return events


def _moved(life: Life, things: Things) -> tuple[Ints, Ints, Ints]:
    """Cases onto pallets, pallets to a hub, and taken apart there."""
    ground, which = life.ground, np.arange(PALLETS)
    hub = np.array(ground.hubs)[(life.order.seed + which // 10) % len(ground.hubs)]
    line = _at(ground.line, PALLETS)
    runs = _runs(things.case_names, PER_PALLET)
    loaded = life.tell(
        DAY + which,
        "packing",
        line,
        "container_closed",
        [_packs(pallet, run) for pallet, run in zip(things.pallet_names, runs, strict=True)],
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.ADD,
    )
    life.name(things.cases, np.repeat(loaded, PER_PALLET), Role.CHILD)
    life.name(things.pallets, loaded, Role.PARENT)
    alone = [_epcs([pallet]) for pallet in things.pallet_names]
    for day, step, place, disposition in (
        (2, "shipping", line, "in_transit"),
        (4, "receiving", hub, "sellable_not_accessible"),
        (5, "storing", hub, "sellable_not_accessible"),
        (8, "shipping", hub, "in_transit"),
    ):
        moved = life.tell(day * DAY + which, step, place, disposition, alone)
        life.name(things.pallets, moved, Role.EPC)
    emptied = life.tell(
        9 * DAY + which,
        "unpacking",
        hub,
        "container_open",
        [f'"parentID":"{pallet}"' for pallet in things.pallet_names],
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.DELETE,
    )
    life.name(things.pallets, emptied, Role.PARENT | Role.EMPTIED)
    return hub, loaded, emptied


def _opened(life: Life, things: Things, hub: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Cases to a shop, opened there, and their tins put on the shelf."""
    ground, which = life.ground, np.arange(CASES)
    store, shop = np.array(ground.shops).T[:, (life.order.seed * 7 + which) % len(ground.shops)]
    alone = [_epcs([case]) for case in things.case_names]
    for day, step, place, disposition in (
        (10, "shipping", np.repeat(hub, PER_PALLET), "in_transit"),
        (12, "receiving", shop, "sellable_not_accessible"),
    ):
        moved = life.tell(day * DAY + which // 10, step, place, disposition, alone)
        life.name(things.cases, moved, Role.EPC)
    opened = life.tell(
        _opening(which),
        "unpacking",
        shop,
        "container_open",
        [f'"parentID":"{case}"' for case in things.case_names],
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.DELETE,
    )
    life.name(things.cases, opened, Role.PARENT | Role.EMPTIED)
    shelved = life.tell(
        _opening(which) + 60,
        "stocking",
        shop,
        "sellable_accessible",
        [_epcs(run) for run in _runs(things.tin_names, PER_CASE)],
    )
    life.name(things.tins, np.repeat(shelved, PER_CASE), Role.EPC)
    return store, shop, opened, shelved


def _opening(case: Ints) -> Ints:
    """The minute in which a case is opened in its shop."""
    return 13 * DAY + case // 10


def _selling(tin: Ints) -> Ints:
    return (14 + tin * 13 % 20) * DAY + tin % 600


def _sold(life: Life, things: Things, sold: Ints, shop: Ints) -> Ints:
    events = life.tell(
        _selling(sold),
        "retail_selling",
        shop[sold // PER_CASE],
        "retail_sold",
        [f'"epcList":["{things.tin_names[n]}"]' for n in sold.tolist()],
    )
    life.name(things.tins[sold], events, Role.EPC)
    return events


def _write_events(life: Life) -> list[int]:
    jobs = _keep_words(life)
    place, ids = life.column("place"), life.column("id")
    which = np.arange(len(ids))
    shared = {
        "event_time": copying.instant(life.column("event_time")),
        "biz_step": smallint(life.column("biz_step")),
        "disposition": smallint(life.column("disposition")),
        "action": smallint(life.column("action")),
    }
    copy(
        "trace_event",
        {
            "id": bigint(ids),
            "job_id": bigint(np.array(jobs)[which // PER_JOB]),
            "read_point": integer(place),
            "biz_location": integer(place),
            "ordinal": smallint(which % PER_JOB),
            "offset_min": smallint(OFFSET_MIN),
            "sort": smallint(life.column("sort")),
            **shared,
        },
        rows=len(ids),
    )
    unit, event, role = (np.concatenate(life.named[c]) for c in ("unit_id", "event_id", "role"))
    order = np.argsort(unit, kind="stable")  # as told: each unit's earliest first
    event = event[order]
    row = np.searchsorted(ids, event)
    copy(
        "trace_unitevent",
        {
            "unit_id": bigint(unit[order]),
            "event_id": bigint(event),
            "place_id": integer(place[row]),
            "role": smallint(role[order]),
            **{name: copying.Column(c.dtype, c.values[row]) for name, c in shared.items()},
        },
        rows=len(unit),
    )
    return jobs


def _keep_words(life: Life) -> list[int]:
    """The words of a lot, as documents of a few jobs."""
    jobs, rows = [], []
    for start in range(0, len(life.words), PER_JOB):
        words = life.words[start : start + PER_JOB]
        [job] = numbers.take(1)
        jobs.append(job)
        CaptureJob.objects.create(id=job, events=len(words), finished_at=now())
        for n in range(0, len(words), TOGETHER):
            body = press_text("[" + ",".join(words[n : n + TOGETHER]) + "]").hex()
            rows.append(f"{job}\t{n // TOGETHER}\t{CONTEXT if not n else NULL}\t\\\\x{body}\n")
    copy_text("trace_document", "job_id chunk context body", "".join(rows).encode())
    return jobs


def _write_edges(
    life: Life, things: Things, packed: Ints, opened: Ints, loaded: Ints, emptied: Ints
) -> None:
    case, pallet = np.arange(CASES), np.arange(PALLETS)
    for children, parents, each, since, until, add, delete in (
        (things.tins, things.cases, PER_CASE, 300 + case // 20, _opening(case), packed, opened),
        (
            things.cases,
            things.pallets,
            PER_PALLET,
            DAY + pallet,
            9 * DAY + pallet,
            loaded,
            emptied,
        ),
    ):
        copy(
            "trace_edge",
            {
                "child_id": bigint(children),
                "parent_id": bigint(np.repeat(parents, each)),
                "t_from": copying.instant(np.repeat(life.begun + since * 60, each)),
                "t_to": copying.instant(np.repeat(life.begun + until * 60, each)),
                "add_event": bigint(np.repeat(add, each)),
                "del_event": bigint(np.repeat(delete, each)),
                "sort": smallint(1),
            },
            rows=len(children),
        )


def _write_states(
    life: Life,
    things: Things,
    sold: Ints,
    sales: Ints,
    shelved: Ints,
    opened: Ints,
    emptied: Ints,
    shop: Ints,
    hub: Ints,
) -> None:
    words = life.ground.dispositions
    case, pallet = np.arange(CASES), np.arange(PALLETS)
    last, at = np.repeat(shelved, PER_CASE), np.repeat(_opening(case) + 60, PER_CASE)
    state = np.full(TINS, Unit.State.ACTIVE.value)
    disposition = np.full(TINS, words["sellable_accessible"])
    last[sold], at[sold], state[sold] = sales, _selling(sold), Unit.State.SOLD
    disposition[sold] = words["retail_sold"]
    order = life.order
    kind = {"kind_id": integer(order.kind)}
    seen, opened_word = Unit.State.SEEN.value, words["container_open"]
    for units, event, minutes, place, now_is, word, more in (
        (things.tins, last, at, np.repeat(shop, PER_CASE), state, disposition, kind),
        (things.cases, opened, _opening(case), shop, seen, opened_word, {}),
        (things.pallets, emptied, 9 * DAY + pallet, hub, seen, opened_word, {}),
    ):
        columns: dict[str, Any] = {
            "unit_id": bigint(units),
            "lot_id": integer(order.lot),
            "last_event_id": bigint(event),
            "state_time": copying.instant(life.begun + minutes * 60),
            "place_id": integer(place),
            "state": smallint(now_is),
            "disposition": smallint(word),
            "flags": smallint(0),
        }
        copy("trace_unit", columns | more, rows=len(units))


def _write_owners(life: Life, things: Things, sold: Ints, store: Ints) -> None:
    """Whoever bought it: a family buys three or four tins of a lot, one after the other."""
    order, ground, count = life.order, life.ground, len(sold)
    family = (order.seed * 5_003 + np.arange(count) // 3 * 17) % ground.families
    copy(
        "trace_unitowner",
        {
            "unit_id": bigint(things.tins[sold]),
            "household_id": bigint(ground.first_family + family),
            "store_id": bigint(store[sold // PER_CASE]),
            "lot_id": integer(order.lot),
            "document_no": text(""),
            "sold_at": copying.instant(life.begun + _selling(sold) * 60),
        },
        rows=count,
    )


NULL = r"\N"
