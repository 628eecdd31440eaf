"""Tins by the million, each with its whole life: coded, packed, shipped, opened, shelved, sold.

Drawn a lot at a time, by as many processes as there are cores: 24,000 tins in 4,000 cases on 100
pallets (`lots.py`).
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection, transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.people.models import Household, Store
from warmline.goods.catalog.models import Product
from warmline.goods.trace import batches, naming
from warmline.goods.trace.copying import array
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.identity.check_digits import check_digit
from warmline.goods.trace.models import CodeBatch, CompanyPrefix, Lot, Party, Place
from warmline.goods.trace.naming import kind_of_gtin
from warmline.world.lots import CASES, PALLETS, TINS, Ground, Order, draw

DEALERS, PREFIX = 40, "6901234"
STEPS = "commissioning packing shipping receiving unpacking storing stocking retail_selling".split()
DISPOSITIONS = (
    "active container_closed container_open in_transit sellable_not_accessible sellable_accessible"
    " retail_sold"
).split()
TABLES = (  # the longest first
    "trace_unitevent trace_event trace_edge trace_unit trace_document trace_eventkey trace_unitowner"
).split()
SQL = Path(__file__).parent / "sql"
Progress = Callable[[str, int, int], None]


def build(*, units: int, say: Progress, workers: int | None = None) -> int:
    """Draw so many tins (rounded up to whole lots); how many there are."""
    lots = -(-units // TINS)
    ground = lay_ground()
    orders = [plan_lot(n, ground) for n in range(lots)]
    # What the parent knows by now stays known there alone: the children look for themselves.
    connection.close()
    jobs: list[int] = []
    with ProcessPoolExecutor(
        workers or os.cpu_count(), mp_context=get_context("spawn"), initializer=django.setup
    ) as pool:
        for done, drawn in enumerate(pool.map(draw, [(order, ground) for order in orders]), 1):
            jobs += drawn
            say("units", done * TINS, lots * TINS)
        name_events(jobs)
        say("indexes", 0, 1)
        list(pool.map(sweep, TABLES))
        say("indexes", 1, 1)
    return lots * TINS


def name_events(jobs: list[int]) -> None:
    """Each event of these documents is known by its name, so that it is not taken in twice. All at
    once, in the order of the index: one by one they would fall all over it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL work_mem = '512MB'")
        sql.changed(SQL / "event_keys.sql", {"jobs": array(jobs)})


def sweep(table: str) -> None:
    """The planner has to know what came in, and readers need not look who wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE, BUFFER_USAGE_LIMIT 0) " + table)


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
            # A shop that sold a tin before is a party already, under whatever name.
            party, _made = Party.objects.get_or_create(
                store=store,
                defaults={
                    "uri": _gln(417, 20_000 + store.pk),
                    "name": store.name,
                    "sort": Party.Sort.STORE,
                },
            )
            shops.append((store.pk, _place(20_000 + store.pk, store.name, "", party).pk))
        steps = {step: full(step, "bizStep") for step in STEPS}
        dispositions = {word: full(word, "disposition") for word in DISPOSITIONS}
        numbered = naming.words([*steps.values(), *dispositions.values()])
    first = Household.objects.order_by("pk").values_list("pk", flat=True).first()
    uris = dict(Place.objects.values_list("pk", "uri"))
    families = Household.objects.count()
    return Ground(
        steps={word: numbered[uri] for word, uri in steps.items()},
        dispositions={word: numbered[uri] for word, uri in dispositions.items()},
        line=line.pk,
        hubs=hubs,
        shops=shops or [(0, hubs[0])],
        first_family=first or 0,
        families=families,
        uris=uris,
    )


def _gln(ai: int, number: int) -> str:
    body = f"{PREFIX}{number:05d}"[:12]
    return f"https://id.gs1.org/{ai}/{body}{check_digit(body)}"


def _place(number: int, name: str, city: str, party: Party | None) -> Place:
    place, _made = Place.objects.get_or_create(
        uri=_gln(414, number), defaults={"name": name, "city": city, "party": party}
    )
    return place


def plan_lot(n: int, ground: Ground) -> Order:
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
        kind=kinds[f"https://id.gs1.org/01/{gtin}"],
        batch=tins.pk,
        base=tins.base,
        case_base=cases.base,
        pallet_base=pallets.base,
        case_sscc=cases.first_sscc,
        pallet_sscc=pallets.first_sscc,
        begun=begun,
        seed=n,
    )
