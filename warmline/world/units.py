"""Tins by the million, each with its whole life: coded, packed, shipped, opened, shelved, sold.

Drawn a lot at a time, by as many processes as there are cores: 24,000 tins in 4,000 cases on 100
pallets. Rows are written as capture would leave them, the events' own words included.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import django
from django.db import connection, transaction

from warmline.base.clock import now
from warmline.core.people.models import Household, Store
from warmline.goods.catalog.models import Product
from warmline.goods.trace import batches, knowing, naming, numbers
from warmline.goods.trace.copying import cell, copy_lines
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.identity.check_digits import check_digit
from warmline.goods.trace.models import CaptureJob, CodeBatch, CompanyPrefix, Lot, Party, Place
from warmline.goods.trace.models.events import Event, Role
from warmline.goods.trace.naming import kind_of_gtin
from warmline.goods.trace.pressing import TOGETHER, press

PER_CASE, PER_PALLET, PALLETS = 6, 40, 100
CASES = PER_PALLET * PALLETS
TINS = PER_CASE * CASES
PER_BIRTH = 200
SOLD = 0.75
DEALERS, PREFIX = 40, "6901234"
Progress = Callable[[str, int, int], None]
STEPS = "commissioning packing shipping receiving unpacking storing stocking retail_selling".split()
SALT = 0x9E3779B97F4A7C15
PER_JOB = 16_000  # an event's place in its document is a small number


@dataclass(frozen=True)
class Ground:
    """What every lot stands on: numbers of words and places, families and shops."""

    words: dict[str, int]
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
    number: str
    kind: int
    tins: int
    cases: int
    pallets: int
    base: int
    case_base: int
    pallet_base: int
    case_sscc: int
    pallet_sscc: int
    batch: int
    begun: datetime
    seed: int


def build(*, units: int, say: Progress, workers: int | None = None) -> int:
    """Draw so many tins (rounded up to whole lots); how many there are."""
    lots = -(-units // TINS)
    ground = lay_ground()
    orders = [plan_lot(n, lots, ground) for n in range(lots)]
    # What the parent knows by now stays known there alone: the children look for themselves.
    connection.close()
    done = 0
    with ProcessPoolExecutor(
        workers or os.cpu_count(), mp_context=get_context("spawn"), initializer=django.setup
    ) as pool:
        for tins in pool.map(draw, [(order, ground) for order in orders]):
            done += tins
            say("units", done, lots * TINS)
    with connection.cursor() as cursor:
        for table in ("trace_unit", "trace_unitevent", "trace_edge", "trace_event"):
            cursor.execute("ANALYZE " + table)
    return done


def lay_ground() -> Ground:
    """Our prefix, a factory, hubs, and each shop as a place of events."""
    with transaction.atomic():
        CompanyPrefix.objects.get_or_create(
            prefix=PREFIX, defaults={"name": "Warmline", "is_ours": True}
        )
        line = _place(1, "一厂灌装线", "齐齐哈尔", None)
        hubs = []
        cities = "沈阳 北京 郑州 武汉 杭州 广州 成都 西安".split()
        for n in range(DEALERS):
            party, _made = Party.objects.get_or_create(
                uri=_gln(417, 10_000 + n),
                defaults={"name": f"经销商 {n + 1}", "sort": Party.Sort.DEALER},
            )
            hubs.append(_place(1_000 + n, f"仓 {n + 1}", cities[n % len(cities)], party).pk)
        shops = []
        for store in Store.objects.order_by("pk"):
            party, _made = Party.objects.get_or_create(
                uri=_gln(417, 20_000 + store.pk),
                defaults={"name": store.name, "sort": Party.Sort.STORE, "store": store},
            )
            shops.append((store.pk, _place(20_000 + store.pk, store.name, "", party).pk))
        words = naming.words(
            [full(step, "bizStep") for step in STEPS]
            + [full(d, "disposition") for d in ("active", "in_transit", "retail_sold")]
        )
    first = Household.objects.order_by("pk").values_list("pk", flat=True).first()
    uris = dict(Place.objects.values_list("pk", "uri"))
    families = Household.objects.count()
    return Ground(words, line.pk, hubs, shops or [(0, hubs[0])], first or 0, families, uris)


def _gln(ai: int, number: int) -> str:
    body = f"{PREFIX}{number:05d}"[:12]
    return f"https://id.gs1.org/{ai}/{body}{check_digit(body)}"


def _place(number: int, name: str, city: str, party: Party | None) -> Place:
    place, _made = Place.objects.get_or_create(
        uri=_gln(414, number), defaults={"name": name, "city": city, "party": party}
    )
    return place


def plan_lot(n: int, lots: int, ground: Ground) -> Order:
    """A lot with its three batches of codes."""
    products = list(Product.objects.filter(category__code="formula", gtin__isnull=False)[:50])
    product = products[n % len(products)] if products else None
    gtin = product.gtin if product and product.gtin else "06901234567892"
    made_on = now().date() - timedelta(days=60 + (n * 7) % 120)
    with transaction.atomic():
        lot, _made = Lot.objects.get_or_create(
            gtin=gtin,
            number=f"S{n:06d}",
            defaults={
                "product": product,
                "made_on": made_on,
                "expires_on": date(made_on.year + 2, made_on.month, 1),
                "made_at": "一厂",
            },
        )
        tins = batches.plan(lot, size=TINS)
        cases = batches.plan(lot, size=CASES, level=CodeBatch.Level.CASE)
        pallets = batches.plan(lot, size=PALLETS, level=CodeBatch.Level.PALLET)
        for batch in (tins, cases, pallets):
            CodeBatch.objects.filter(pk=batch.pk).update(status="active", active=batch.size)
        kinds = naming.kinds([kind_of_gtin(gtin)])
    begun = now() - timedelta(days=50 - (n * 11) % 20)
    assert cases.first_sscc is not None
    assert pallets.first_sscc is not None
    return Order(
        lot=lot.pk,
        gtin=gtin,
        number=lot.number,
        kind=kinds[f"https://id.gs1.org/01/{gtin}"],
        tins=tins.pk,
        cases=cases.pk,
        pallets=pallets.pk,
        base=tins.base,
        case_base=cases.base,
        pallet_base=pallets.base,
        case_sscc=cases.first_sscc,
        pallet_sscc=pallets.first_sscc,
        batch=tins.pk,
        begun=begun,
        seed=n,
    )


class Page:
    """Rows of one lot, gathered as text for COPY."""

    def __init__(self, order: Order, ground: Ground) -> None:
        self.order, self.ground = order, ground
        self.events: list[str] = []
        self.unit_events: list[tuple[int, str]] = []
        self.keys: list[str] = []
        self.words: list[dict[str, Any]] = []
        self.jobs: list[int] = []
        self.ids: Iterator[int] = iter(())

    def tell(
        self,
        at: datetime,
        step: str,
        place: int,
        named: list[tuple[int, int]],
        words: dict[str, Any],
        *,
        sort: int = Event.Sort.OBJECT,
        action: int = Event.Action.OBSERVE,
        disposition: int | None = None,
    ) -> int:
        """One event: its row, the rows of what it names, its name and its words."""
        event, moment = next(self.ids), at.isoformat(timespec="seconds")
        number = self.ground.words[full(step, "bizStep")]
        ordinal = len(self.words) % PER_JOB
        if not ordinal:
            self.jobs += numbers.take(1)
        plain = cell(disposition)
        self.events.append(
            f"{event}\t{self.jobs[-1]}\t{moment}\t{place}\t{place}\t{number}\t{plain}\t{ordinal}\t480\t{sort}"
            f"\t{action}\t\\N\n"
        )
        tail = f"\t{moment}\t{event}\t{place}\t\\N\t{number}\t{plain}\t"
        self.unit_events += [(unit, f"{unit}{tail}{role}\t{action}\n") for unit, role in named]
        name = f"urn:warmline:{event}"
        self.keys.append(f"{hashlib.sha256(name.encode()).hexdigest()[:32]}\t{event}\n")
        where = {"id": self.ground.uris[place]}
        self.words.append(
            {
                "type": {2: "AggregationEvent"}.get(sort, "ObjectEvent"),
                "eventID": name,
                "eventTime": moment.replace("+00:00", "Z"),
                "eventTimeZoneOffset": "+08:00",
                **words,
                "action": {1: "ADD", 2: "OBSERVE", 3: "DELETE"}[action],
                "bizStep": step,
                "readPoint": where,
                "bizLocation": where,
            }
        )
        return event


def draw(asked: tuple[Order, Ground]) -> int:
    """One lot, written in one transaction; how many tins."""
    order, ground = asked
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("SET LOCAL statement_timeout = 0")
        page = Page(order, ground)
        _live(page)
    return TINS


def _live(page: Page) -> None:
    order, ground = page.order, page.ground
    tin_of = [uri for _n, uri in knowing.names_in(_batch(order.batch), 0, TINS)]
    case_of = [_sscc(order.case_sscc + n) for n in range(CASES)]
    pallet_of = [_sscc(order.pallet_sscc + n) for n in range(PALLETS)]
    sold = [((n * SALT + order.seed) & 0xFFFF) < SOLD * 0x10000 for n in range(TINS)]
    count = TINS // PER_BIRTH + CASES * 5 + PALLETS * 6 + sum(sold)
    page.ids = iter(numbers.take(count + 8))
    day = lambda n, minutes=0: order.begun + timedelta(days=n, minutes=minutes)  # noqa: E731
    born, packed, opened = [0] * TINS, [0] * CASES, [0] * CASES
    loaded, emptied = [0] * PALLETS, [0] * PALLETS
    w = ground.words
    active = w[full("active", "disposition")]
    for n in range(0, TINS, PER_BIRTH):
        event = page.tell(
            day(0, n // 100),
            "commissioning",
            ground.line,
            [(order.base + k, int(Role.EPC)) for k in range(n, n + PER_BIRTH)],
            {"epcList": tin_of[n : n + PER_BIRTH], "disposition": "active"},
            action=Event.Action.ADD,
            disposition=active,
        )
        born[n : n + PER_BIRTH] = [event] * PER_BIRTH
    for c in range(CASES):
        tins = range(c * PER_CASE, (c + 1) * PER_CASE)
        packed[c] = page.tell(
            day(0, 300 + c // 20),
            "packing",
            ground.line,
            [(order.base + k, int(Role.CHILD)) for k in tins]
            + [(order.case_base + c, int(Role.PARENT))],
            {"parentID": case_of[c], "childEPCs": [tin_of[k] for k in tins]},
            sort=Event.Sort.AGGREGATION,
            action=Event.Action.ADD,
        )
    shop_of, hub_of = [(0, 0)] * CASES, [0] * PALLETS
    for p in range(PALLETS):
        _move_pallet(page, p, day, case_of, pallet_of, loaded, emptied, hub_of)
    for c in range(CASES):
        shop_of[c] = ground.shops[(order.seed * 7 + c) % len(ground.shops)]
        _open_case(page, c, day, case_of, tin_of, opened, hub_of[c // PER_PALLET], shop_of[c][1])
    sales = _sell(page, sold, day, tin_of, shop_of)
    _write(page, born, packed, opened, loaded, emptied, shop_of, sales, day)


def _move_pallet(
    page: Page,
    p: int,
    day: Callable[..., datetime],
    case_of: list[str],
    pallet_of: list[str],
    loaded: list[int],
    emptied: list[int],
    hub_of: list[int],
) -> None:
    order, ground = page.order, page.ground
    cases = range(p * PER_PALLET, (p + 1) * PER_PALLET)
    hub = hub_of[p] = ground.hubs[(order.seed + p // 10) % len(ground.hubs)]
    one = [(order.pallet_base + p, int(Role.EPC))]
    loaded[p] = page.tell(
        day(1, p),
        "packing",
        ground.line,
        [(order.case_base + c, int(Role.CHILD)) for c in cases]
        + [(order.pallet_base + p, int(Role.PARENT))],
        {"parentID": pallet_of[p], "childEPCs": [case_of[c] for c in cases]},
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.ADD,
    )
    moved = {"epcList": [pallet_of[p]]}
    page.tell(day(2, p), "shipping", ground.line, one, moved | {"disposition": "in_transit"})
    page.tell(day(4, p), "receiving", hub, one, moved)
    page.tell(day(5, p), "storing", hub, one, moved)
    page.tell(day(8, p), "shipping", hub, one, moved | {"disposition": "in_transit"})
    emptied[p] = page.tell(
        day(9, p),
        "unpacking",
        hub,
        [(order.pallet_base + p, int(Role.PARENT | Role.EMPTIED))],
        {"parentID": pallet_of[p]},
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.DELETE,
    )


def _open_case(
    page: Page,
    c: int,
    day: Callable[..., datetime],
    case_of: list[str],
    tin_of: list[str],
    opened: list[int],
    hub: int,
    shop: int,
) -> None:
    order = page.order
    one, moved = [(order.case_base + c, int(Role.EPC))], {"epcList": [case_of[c]]}
    page.tell(day(10, c // 10), "shipping", hub, one, moved)
    page.tell(day(12, c // 10), "receiving", shop, one, moved)
    opened[c] = page.tell(
        day(13, c // 10),
        "unpacking",
        shop,
        [(order.case_base + c, int(Role.PARENT | Role.EMPTIED))],
        {"parentID": case_of[c]},
        sort=Event.Sort.AGGREGATION,
        action=Event.Action.DELETE,
    )
    tins = range(c * PER_CASE, (c + 1) * PER_CASE)
    page.tell(
        day(13, 60 + c // 10),
        "stocking",
        shop,
        [(order.base + k, int(Role.EPC)) for k in tins],
        {"epcList": [tin_of[k] for k in tins]},
    )


def _sell(
    page: Page,
    sold: list[bool],
    day: Callable[..., datetime],
    tin_of: list[str],
    shop_of: list[tuple[int, int]],
) -> dict[int, tuple[datetime, int]]:
    ground, sales = page.ground, {}
    gone = ground.words[full("retail_sold", "disposition")]
    for k in range(TINS):
        if sold[k]:
            at = day(14 + (k * 13) % 20, k % 600)
            event = page.tell(
                at,
                "retail_selling",
                shop_of[k // PER_CASE][1],
                [(page.order.base + k, int(Role.EPC))],
                {"epcList": [tin_of[k]], "disposition": "retail_sold"},
                disposition=gone,
            )
            sales[k] = (at, event)
    return sales


def _write(
    page: Page,
    born: list[int],
    packed: list[int],
    opened: list[int],
    loaded: list[int],
    emptied: list[int],
    shop_of: list[tuple[int, int]],
    sales: dict[int, tuple[datetime, int]],
    day: Callable[..., datetime],
) -> None:
    order, ground = page.order, page.ground
    page.unit_events.sort(key=lambda row: row[0])
    copy_lines(
        "trace_event",
        "id job_id event_time read_point biz_location biz_step disposition ordinal offset_min sort"
        " action facts",
        "".join(page.events),
    )
    copy_lines(
        "trace_unitevent",
        "unit_id event_time event_id place_id party_id biz_step disposition role action",
        "".join([line for _unit, line in page.unit_events]),
    )
    page.keys.sort()
    copy_lines("trace_eventkey", "hash event_id", "".join(page.keys))
    _keep_words(page)
    iso = lambda at: at.isoformat(timespec="seconds")  # noqa: E731
    edges = [
        f"{order.base + k}\t{order.case_base + k // PER_CASE}\t{iso(day(0, 300 + k // PER_CASE // 20))}"
        f"\t{iso(day(13, k // PER_CASE // 10))}\t{packed[k // PER_CASE]}\t{opened[k // PER_CASE]}\t1\n"
        for k in range(TINS)
    ] + [
        f"{order.case_base + c}\t{order.pallet_base + c // PER_PALLET}\t{iso(day(1, c // PER_PALLET))}"
        f"\t{iso(day(9, c // PER_PALLET))}\t{loaded[c // PER_PALLET]}\t{emptied[c // PER_PALLET]}\t1\n"
        for c in range(CASES)
    ]
    copy_lines(
        "trace_edge", "child_id parent_id t_from t_to add_event del_event sort", "".join(edges)
    )
    gone = ground.words[full("retail_sold", "disposition")]
    shelf = iso(day(13, 60))
    units = []
    for k in range(TINS):
        at, event = sales.get(k, (None, born[k]))
        state, disposition = ("2", str(gone)) if at else ("1", "\\N")
        units.append(
            f"{order.base + k}\t\\N\t{event}\t{iso(at) if at else shelf}\t{order.kind}\t{order.lot}"
            f"\t{shop_of[k // PER_CASE][1]}\t\\N\t{state}\t{disposition}\t0\n"
        )
    for c in range(CASES):
        units.append(
            f"{order.case_base + c}\t\\N\t{opened[c]}\t{iso(day(13, c // 10))}\t\\N\t\\N\t{shop_of[c][1]}"
            "\t\\N\t0\t\\N\t0\n"
        )
    for p in range(PALLETS):
        units.append(
            f"{order.pallet_base + p}\t\\N\t{emptied[p]}\t{iso(day(9, p))}\t\\N\t\\N\t{ground.hubs[0]}"
            "\t\\N\t0\t\\N\t0\n"
        )
    copy_lines(
        "trace_unit",
        "unit_id parent_id last_event_id state_time kind_id lot_id place_id party_id state"
        " disposition flags",
        "".join(units),
    )
    if ground.families and ground.shops[0][0]:
        _own(page, sales, shop_of)


def _own(
    page: Page, sales: dict[int, tuple[datetime, int]], shop_of: list[tuple[int, int]]
) -> None:
    """Whoever bought it: a family buys three or four tins of a lot, one after the other."""
    order, ground = page.order, page.ground
    rows = []
    for n, (k, (at, _event)) in enumerate(sales.items()):
        family = ground.first_family + (order.seed * 5_003 + n // 3 * 17) % ground.families
        rows.append(
            f"{order.base + k}\t{family}\t{shop_of[k // PER_CASE][0]}\t{order.lot}\t\t{at.isoformat()}\n"
        )
    copy_lines(
        "trace_unitowner", "unit_id household_id store_id lot_id document_no sold_at", "".join(rows)
    )


def _keep_words(page: Page) -> None:
    """The words of a lot, as documents of a few jobs."""
    context = '["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]'
    lines = []
    for n, job in enumerate(page.jobs):
        words = page.words[n * PER_JOB : (n + 1) * PER_JOB]
        for k in range(0, len(words), TOGETHER):
            body = press(words[k : k + TOGETHER]).hex()
            said = context if k == 0 else "\\N"
            lines.append(f"{job}\t{k // TOGETHER}\t{said}\t\\\\x{body}\n")
        CaptureJob.objects.create(id=job, events=len(words), finished_at=now())
    copy_lines("trace_document", "job_id chunk context body", "".join(lines))


def _batch(number: int) -> knowing.Batch:
    found = knowing.batch_numbered(number)
    assert found is not None
    return found


def _sscc(body: int) -> str:
    text = str(body).zfill(17)
    return f"https://id.gs1.org/00/{text}{check_digit(text)}"
