"""A big chain in minutes: a million families, ten million lines, drawn as columns.

The believable demo is drawn family by family; this one is for measuring. What families buy follows
from their babies' ages roughly; habits, forecasts and the morning's plan are then the product's own.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import django
import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from numpy.typing import NDArray

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.core.people import calendar
from warmline.core.people.consenting import VERSION
from warmline.core.people.models import Region, Staff, Store
from warmline.core.playbooks.planning import plan
from warmline.goods.catalog.models import Product
from warmline.goods.catalog.products import upsert
from warmline.service.care.rebuilding import rebuild_many
from warmline.world import names, sealing
from warmline.world.bare import bare
from warmline.world.copying import (
    bigint,
    boolean,
    code,
    copy,
    copy_text,
    day,
    instant,
    seconds_of,
    smallint,
    take_numbers,
    text,
    whole,
)
from warmline.world.pouring import pour
from warmline.world.products import shelf

SQL = Path(__file__).parent / "sql"
TABLES = [
    "people_household",
    "people_member",
    "people_child",
    "people_consent",
    "sales_sale",
    "sales_saleline",
]
STORES_PER_MILLION, GUIDES_PER_STORE = 1200, 6
REGIONS = 12
SEALED_AT_ONCE = 10_000
RECEIPTS_AT_ONCE = 250_000
LEARNED_AT_ONCE = 10_000
RECEIPTS_MEAN, RECEIPTS_MOST = 3.34, 9
NINE, NIGHT = 9 * 3600, 20 * 3600  # shopping hours, local
CHINA_AHEAD = 8 * 3600
SIZES = ("NB", "S", "M", "L", "XL")
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int], None]


@dataclass
class Chain:
    """Everything drawn, a value a family, before it is written."""

    first: int
    first_member: int
    store: Ints
    guide: Ints
    born: Ints  # ordinals; in the future: due then
    fed: Ints  # 0 breast, 1 mixed, 2 formula
    brand: Ints
    nappies: Ints
    receipts: Ints  # how many
    last_sale: Ints

    def __len__(self) -> int:
        return len(self.store)

    @property
    def ids(self) -> Ints:
        return self.first + np.arange(len(self))


def build(*, households: int, say: Progress, workers: int | None = None, seed: int = 7) -> None:
    """Make the chain in an empty database, as its owner; inside no transaction."""
    rng, here = np.random.default_rng(seed), today()
    open_stores(households)
    with ProcessPoolExecutor(
        workers or os.cpu_count(), mp_context=get_context("spawn"), initializer=django.setup
    ) as pool:
        with transaction.atomic():
            patiently()
            with bare(TABLES):
                chain = draw(rng, households, here)
                write_families(rng, chain, here, pool=pool, say=say)
                sell(rng, chain, say=say)
                say("indexes", 0, 1)
            say("indexes", 1, 1)
        sweep()
        learn(chain, pool=pool, say=say)
    with transaction.atomic():
        plan(here)
    say("plan", 1, 1)


def patiently() -> None:
    """What a night's work may take and a page may not."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL synchronous_commit = off")


def sweep() -> None:
    """The planner has to know what came in."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def open_stores(households: int) -> None:
    """Stores in their regions with their guides and coming days, and what stands on the shelves."""
    count = max(3, households * STORES_PER_MILLION // 1_000_000)
    regions = [Region(code=f"R{n:02d}", name=f"第{n}大区") for n in range(1, REGIONS + 1)]
    pour(regions)
    stores = [
        Store(
            code=f"S{n:04d}", name=f"第{n}门店", region=regions[n % REGIONS],
            latitude=22 + n % 19, longitude=100 + n % 20,
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    pour(stores)
    nobody = make_password(None)  # signs in until she is given a password
    calendar.lay_out(stores, today() - timedelta(days=1), 60)
    guides = [
        Staff(
            username=f"{store.code.lower()}{letter}", code=f"{store.code}{letter}", store=store,
            name=names.SURNAMES[n % 50] + names.GIVEN[(n + i) % 35], password=nobody,
        )
        for n, store in enumerate(stores)
        for i, letter in enumerate("abcdef"[:GUIDES_PER_STORE])
    ]  # fmt: skip
    pour(guides)
    Staff.objects.create(username="hq", name="总部小秦", role=Staff.Role.HQ, password=nobody)
    upsert(shelf())


def draw(rng: np.random.Generator, count: int, here: date) -> Chain:
    guides = Staff.objects.filter(role=Staff.Role.GUIDE).order_by("pk")
    guide, store = np.array(list(guides.values_list("pk", "store_id")), np.int64).T
    chosen = rng.integers(0, len(guide), count)
    last = here.toordinal() - rng.integers(0, 35, count)
    return Chain(
        first=take_numbers("people_household", count),
        first_member=take_numbers("people_member", count),
        store=store[chosen],
        guide=guide[chosen],
        born=here.toordinal() - rng.integers(-60, 1000, count),
        fed=rng.choice(3, count, p=[0.25, 0.35, 0.4]),
        brand=rng.integers(0, 3, count),
        nappies=rng.integers(0, 2, count),
        receipts=np.clip(rng.poisson(RECEIPTS_MEAN, count), 1, RECEIPTS_MOST),
        last_sale=last,
    )


def write_families(
    rng: np.random.Generator,
    chain: Chain,
    here: date,
    *,
    pool: ProcessPoolExecutor,
    say: Progress,
) -> None:
    count, at = len(chain), seconds_of(now())
    copy(
        "people_household",
        {
            "id": bigint(chain.ids),
            "store_id": bigint(chain.store),
            "home_guide_id": bigint(chain.guide),
            "tier": smallint(rng.choice(4, count, p=[0.25, 0.45, 0.22, 0.08])),
            "status": text("active"),
            "dialect": text(""),
            "joined_on": day(np.minimum(chain.born + 20, here.toordinal() - 200)),
            "source": text("seed"),
            "last_sale_on": day(chain.last_sale),
        },
        rows=count,
    )
    first_child = take_numbers("people_child", count)
    parts = list(in_parts(rng, chain, here, first_child))
    done = 0
    for part, sealed in zip(parts, pool.map(seal, parts), strict=True):
        copy_text("people_member", sealing.MEMBER, sealed[0])
        copy_text("people_child", sealing.CHILD, sealed[1])
        done += part.count
        say("families", done, count)
    agree(rng, chain, first_child=first_child, at=at)


def in_parts(
    rng: np.random.Generator, chain: Chain, here: date, first_child: int
) -> Iterator[sealing.Families]:
    written = now().isoformat()
    feeding = np.array(["breast", "mixed", "formula"])
    for start in range(0, len(chain), SEALED_AT_ONCE):
        part = slice(start, min(start + SEALED_AT_ONCE, len(chain)))
        count = part.stop - start
        born = chain.born[part]
        yield sealing.Families(
            first=chain.first + start,
            first_member=chain.first_member + start,
            first_child=first_child + start,
            count=count,
            at=written,
            stores=chain.store[part].tolist(),
            surnames=rng.integers(0, len(names.SURNAMES), count).tolist(),
            given=rng.integers(0, len(names.GIVEN), count).tolist(),
            babies=rng.integers(0, len(names.BABIES), count).tolist(),
            born_on=[date.fromordinal(each).isoformat() for each in born.tolist()],
            is_born=(born <= here.toordinal()).tolist(),
            feeding=feeding[chain.fed[part]].tolist(),
            is_girl=rng.integers(0, 2, count).astype(bool).tolist(),
        )


def seal(part: sealing.Families) -> tuple[bytes, bytes]:
    return sealing.members(part), sealing.children(part)


def agree(rng: np.random.Generator, chain: Chain, *, first_child: int, at: int) -> None:
    """Every guardian agreed to the baby's record, and most to be called."""
    count = len(chain)
    said = {
        "household_id": bigint(chain.ids),
        "guardian_id": bigint(chain.first_member + np.arange(count)),
        "by_id": bigint(chain.guide),
        "at": instant(at),
        "channel": text("store"),
        "text_version": text(VERSION),
        "evidence": text("seed"),
    }
    record = {
        "id": bigint(take_numbers("people_consent", count) + np.arange(count)),
        "child_id": bigint(first_child + np.arange(count)),
        "purpose": text("record"),
        "granted": boolean(1),
    }
    care = {
        "id": bigint(take_numbers("people_consent", count) + np.arange(count)),
        "purpose": text("care"),
        "granted": boolean(rng.random(count) < 0.93),
    }
    copy("people_consent", {**record, **said}, rows=count)
    copy("people_consent", {**care, **said}, rows=count)


@dataclass
class Shelf:
    """Where an article stands: product numbers, codes and prices by what it is."""

    formula: Ints  # brand, stage, tin
    diapers: Ints  # brand, size
    wipes: int
    cup: int  # nothing that runs out
    price: Ints  # by product number, whole yuan


def stocked() -> Shelf:
    goods = list(Product.objects.select_related("category"))
    by_label = {(p.brand, p.stage, p.size, p.content): p.pk for p in goods}
    price = np.zeros(max(p.pk for p in goods) + 1, np.int64)
    for product in goods:
        price[product.pk] = int(product.price or 1)
    by_name = {p.category.code: p.pk for p in goods}
    return Shelf(
        formula=np.array(
            [
                [[by_label[brand, stage, "", grams] for grams in (400.0, 800.0)]
                 for stage in (1, 2, 3, 4)]
                for brand in ("晴牧", "暖禾", "初屿")
            ]
        ),
        diapers=np.array(
            [
                [next(pk for label, pk in by_label.items() if label[::2] == (brand, size))
                 for size in SIZES]
                for brand in ("云柔", "小鹿爬")
            ]
        ),
        wipes=by_name["wipes"],
        cup=by_name["feeding"],
        price=price,
    )  # fmt: skip


def sell(rng: np.random.Generator, chain: Chain, *, say: Progress) -> None:
    """Receipts in the order of their days, some hundred thousand at a time with their lines."""
    family, on = shopping_days(rng, chain)
    order = np.argsort(on, kind="stable")
    family, on = family[order], on[order]
    shelves, total = stocked(), len(family)
    first = take_numbers("sales_sale", total)
    for start in range(0, total, RECEIPTS_AT_ONCE):
        part = slice(start, min(start + RECEIPTS_AT_ONCE, total))
        _sell(rng, chain, shelves, family[part], on[part], first=first + start)
        say("receipts", part.stop, total)


def shopping_days(rng: np.random.Generator, chain: Chain) -> tuple[Ints, Ints]:
    """Of each family, backwards from its last day: intervals of its own length, give or take."""
    family = np.repeat(np.arange(len(chain)), chain.receipts)
    usual = np.exp(rng.normal(np.log(24), 0.35, len(chain)))
    gap = np.maximum(np.rint(usual[family] * np.exp(rng.normal(0, 0.25, len(family)))), 1)
    starts = np.cumsum(chain.receipts) - chain.receipts
    gap[starts] = 0
    back = np.cumsum(gap)
    back -= np.repeat(back[starts], chain.receipts)
    return family, chain.last_sale[family] - back.astype(np.int64)


def _sell(
    rng: np.random.Generator, chain: Chain, shelves: Shelf, family: Ints, on: Ints, *, first: int
) -> None:
    receipt, product, packs = basket(rng, chain, shelves, family, on)
    amount = shelves.price[product] * packs
    numbers = first + np.arange(len(family))
    household = chain.first + family
    local = rng.integers(NINE, NIGHT, len(family))
    sold_at = (on - date(2000, 1, 1).toordinal()) * 86_400 + local - CHINA_AHEAD
    copy(
        "sales_sale",
        {
            "id": bigint(numbers),
            "source": text("seed-till"),
            "document_no": code("T", numbers, digits=10),
            "store_id": bigint(chain.store[family]),
            "household_id": bigint(household),
            "member_id": bigint(chain.first_member + family),
            "member_no": code("M", household, digits=9),
            "guide_id": bigint(chain.guide[family]),
            "sold_at": instant(sold_at),
            "sold_on": day(on),
            "total": whole(np.bincount(receipt, amount, len(family)), scale=2),
            "received_at": instant(sold_at + 60),
        },
        rows=len(family),
    )
    begins = np.searchsorted(receipt, receipt)
    copy(
        "sales_saleline",
        {
            "id": bigint(take_numbers("sales_saleline", len(receipt)) + np.arange(len(receipt))),
            "sale_id": bigint(numbers[receipt]),
            "household_id": bigint(household[receipt]),
            "line_no": smallint(np.arange(len(receipt)) - begins + 1),
            "product_id": bigint(product),
            "code": code("P", product, digits=6),
            "name": text(""),
            "quantity": whole(packs, scale=3),
            "amount": whole(amount, scale=2),
        },
        rows=len(receipt),
    )


def basket(
    rng: np.random.Generator, chain: Chain, shelves: Shelf, family: Ints, on: Ints
) -> tuple[Ints, Ints, Ints]:
    """What is on each receipt, about three lines: receipt, product and packs, in receipts' order."""
    count = len(family)
    months = np.maximum(on - chain.born[family], 0) / 30.4
    stage = np.searchsorted([6, 12, 36], months, side="right")
    size = np.searchsorted([1.5, 5, 13, 26], months, side="right")
    tin = shelves.formula[chain.brand[family], stage, (rng.random(count) < 0.8).astype(int)]
    chosen = [
        (chain.fed[family] > 0, tin),
        (np.ones(count, bool), shelves.diapers[chain.nappies[family], size]),
        (rng.random(count) < 0.65, np.full(count, shelves.wipes)),
        (rng.random(count) < 0.6, np.full(count, shelves.cup)),
    ]
    receipt = np.concatenate([np.flatnonzero(bought) for bought, _what in chosen])
    product = np.concatenate([what[bought] for bought, what in chosen])
    order = np.argsort(receipt, kind="stable")
    packs = rng.choice([1, 2, 3, 4], len(receipt), p=[0.55, 0.28, 0.1, 0.07])
    return receipt[order], product[order], packs


def learn(chain: Chain, *, pool: ProcessPoolExecutor, say: Progress) -> None:
    """Habits and forecasts from the ledger, by as many processes as there are cores."""
    ids = chain.ids
    batches = [ids[n : n + LEARNED_AT_ONCE].tolist() for n in range(0, len(ids), LEARNED_AT_ONCE)]
    done = 0
    for batch, _rows in zip(batches, pool.map(rebuild_many, batches), strict=True):
        done += len(batch)
        say("habits", done, len(ids))


def counts() -> dict[str, int]:
    """How many rows there are of what was made."""
    [(households, lines, run_outs, promises)] = sql.run(SQL / "counts.sql", {})
    return {
        "households": households,
        "lines": lines,
        "run_outs": run_outs,
        "promises": promises,
    }


def is_empty() -> bool:
    return not Store.objects.exists()
