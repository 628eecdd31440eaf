"""A believable chain: three stores, twelve guides, two thousand families and what they bought.

Families are drawn from ages and ways of feeding; what they buy follows from what their babies eat,
with noise. Every forecast, promise and record that the demo shows is then computed by the product
itself. The same seed and day give the same chain.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.people import calendar, searching
from warmline.core.people.models import (
    Child,
    Consent,
    Household,
    ImportantDate,
    Member,
    MemoryNote,
    Region,
    Staff,
    Store,
    StoreDay,
)
from warmline.core.playbooks.planning import plan
from warmline.core.promises.models import Promise
from warmline.goods.catalog.daily_use import diapers_per_day, formula_g_per_day, stage_at
from warmline.goods.catalog.models import Product
from warmline.goods.catalog.products import upsert
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.care.observing import observe_sales, rebuild
from warmline.world import names
from warmline.world.desk import filling
from warmline.world.pouring import pour
from warmline.world.products import shelf
from warmline.world.tins import fill_the_shelves

SQL = Path(__file__).parent / "sql"
HISTORY_DAYS = 240
LAID_OUT_DAYS = 70
LEARNED_ONE_BY_ONE_DAYS = 42  # the last weeks are learned as they came, for the track record
Progress = Callable[[str, int, int], None]  # what, done, of


def silent(_what: str, _done: int, _of: int) -> None:
    pass


@dataclass
class Family:
    """One drawn family with its rows and its habits, before it is written."""

    household: Household
    members: list[Member]
    children: list[Child]
    loyalty: float  # the share of its needs it buys with us
    brand: str
    nappies: str
    shops_from: date
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Bought:
    family: Family
    on: date
    at: time
    lines: list[tuple[Product, int]]


def build(
    *, households: int = 2000, seed: int = 7, has_desk: bool = True, say: Progress = silent
) -> None:
    """Make the chain. Run it on an empty database, inside no transaction. Without a desk nobody has
    asked anything yet."""
    rng, here = random.Random(seed), today()
    with transaction.atomic():
        stores = people_the_stores()
        upsert(shelf())
        filling.name_keepers()
    calendar.lay_out(stores, here - timedelta(days=LAID_OUT_DAYS), LAID_OUT_DAYS)
    calendar.lay_out_ahead()
    guides = list(Staff.objects.filter(role=Staff.Role.GUIDE).select_related("store"))
    families = [draw(rng, rng.choice(guides), here, n) for n in range(households)]
    with transaction.atomic():
        write_families(rng, families)
    say("families", households, households)
    sell(rng, families, here, say=say)
    remember_the_past(rng, families, guides, here)
    if has_desk:
        filling.fill(seed)
        say("desk", 1, 1)
    with transaction.atomic():
        fill_the_shelves()
    with transaction.atomic():
        plan(here)
    say("plan", 1, 1)


def people_the_stores() -> list[Store]:
    region, _made = Region.objects.get_or_create(code="CW", defaults={"name": "川西大区"})
    stores = []
    for code, name, address, lat, lon, manager, guides in names.STORES:
        store = Store.objects.create(
            code=code, name=name, address=address, latitude=lat, longitude=lon, region=region,
            phone="028-00000000",
        )  # fmt: skip
        stores.append(store)
        people = [(*manager, Staff.Role.MANAGER), *((*g, Staff.Role.GUIDE) for g in guides)]
        for n, (person, username, role) in enumerate(people):
            Staff.objects.create_user(
                username, name=person, role=role, store=store, code=f"{code}{n:02d}",
                phone=f"+86197{store.pk:04d}{n + 10:04d}", dialects=["普通话", "四川话"][: 1 + n % 2],
            )  # fmt: skip
    for n, (username, name, work) in enumerate(names.CENTRAL):
        Staff.objects.create_user(username, name=name, role=work, phone=f"+861970000{n + 10:04d}")
    return stores


def draw(rng: random.Random, guide: Staff, here: date, number: int) -> Family:
    """One family of this guide: who is in it, how the baby is fed, how loyal it is."""
    assert guide.store is not None
    age = int(rng.triangular(-60, 1100, 120))
    born = here - timedelta(days=age)
    joined = max(born - timedelta(days=rng.randint(-20, 40)), here - timedelta(days=900))
    joined = min(joined, here)
    household = Household(
        store=guide.store,
        home_guide=guide,
        tier=rng.choices([0, 1, 2, 3], [25, 45, 22, 8])[0],
        dialect=rng.choice(names.DIALECTS),
        joined_on=joined,
        source="store",
    )
    surname = rng.choice(names.SURNAMES)
    mother = Member(
        name=surname + rng.choice(names.GIVEN), relation=Member.Relation.MOTHER,
        member_no=f"WL{number:06d}",
    )  # fmt: skip
    mother.set_phone(f"+86199{number:08d}")
    members = [mother]
    if rng.random() < 0.25:
        elder = Member(
            name=rng.choice(names.SURNAMES) + rng.choice(names.ELDERS),
            relation=rng.choice([Member.Relation.GRANDMOTHER, Member.Relation.GRANDFATHER]),
            is_primary=False,
        )
        elder.set_phone(f"+86198{number:08d}")
        members.append(elder)
    family = Family(
        household, members, draw_children(rng, born, here),
        loyalty=rng.choice([1.0, 1.0, 1.0, 0.8, 0.5]),
        brand=rng.choice(["晴牧", "暖禾", "初屿"]), nappies=rng.choice(["云柔", "小鹿爬"]),
        shops_from=max(joined, here - timedelta(days=HISTORY_DAYS)),
    )  # fmt: skip
    if rng.random() < 0.3:
        family.notes = [rng.choice(names.NOTES)]
    return family


def draw_children(rng: random.Random, born: date, here: date) -> list[Child]:
    is_born = born <= here
    age = (here - born).days
    modes = [Child.Feeding.BREAST, Child.Feeding.MIXED, Child.Feeding.FORMULA]
    feeding = rng.choices(modes, [30, 35, 35] if age < 180 else [15, 35, 50])[0]

    def child() -> Child:
        return Child(
            name=rng.choice(names.BABIES),
            sex=rng.choice(["f", "m"]),
            born_on=born if is_born else None,
            due_on=None if is_born else born,
            feeding=feeding if is_born else "",
        )

    twins = 2 if rng.random() < 0.03 else 1
    children = [child() for _one in range(twins)]
    if is_born and rng.random() < 0.08:  # an older sibling
        older = child()
        older.born_on = born - timedelta(days=rng.randint(600, 1500))
        older.feeding = Child.Feeding.FORMULA
        children.append(older)
    return children


def write_families(rng: random.Random, families: list[Family]) -> None:
    """Households, members, babies, what they allow and what to remember, in a few statements."""
    pour([f.household for f in families])
    for f in families:
        for member in f.members:
            member.household = f.household
        for child in f.children:
            child.household = f.household
    pour([m for f in families for m in f.members])
    pour([c for f in families for c in f.children])
    searching.reindex()
    pour(list(_consents(rng, families)))
    pour(
        [
            MemoryNote(household=f.household, kind=kind, text=text, by=f.household.home_guide)
            for f in families
            for kind, text in f.notes
        ]
    )
    pour(list(_dates(rng, families)))


def _consents(rng: random.Random, families: list[Family]) -> Iterator[Consent]:
    for f in families:
        said = {
            "household": f.household,
            "guardian": f.members[0],
            "by": f.household.home_guide,
            "channel": "store",
            "text_version": "2026-11",
            "evidence": "demo",
        }
        for child in f.children:
            yield Consent(child=child, purpose=Consent.Purpose.RECORD, granted=True, **said)
        for purpose, share in (("care", 0.93), ("service", 0.98), ("sales", 0.4), ("survey", 0.5)):
            yield Consent(purpose=purpose, granted=rng.random() < share, **said)


def _dates(rng: random.Random, families: list[Family]) -> Iterator[ImportantDate]:
    """Some grandmothers keep their birthday by the moon."""
    for f in families:
        for member in f.members[1:]:
            yield ImportantDate(
                household=f.household,
                member=member,
                name="生日",
                calendar=ImportantDate.Calendar.LUNAR,
                month=rng.randint(1, 12),
                day=rng.randint(1, 29),
            )


def sell(rng: random.Random, families: list[Family], here: date, *, say: Progress) -> None:
    """What they bought: the older part is learned at once, the last weeks week by week."""
    by_label: dict[tuple[object, ...], Product] = {
        (p.brand, p.stage, p.size, p.content): p for p in Product.objects.all()
    }
    receipts = sorted(
        (b for f in families for b in shopping(rng, f, here, by_label)), key=lambda b: b.on
    )
    split = here - timedelta(days=LEARNED_ONE_BY_ONE_DAYS)
    old = [b for b in receipts if b.on < split]
    with transaction.atomic():
        write_receipts(old)
    for n, batch in enumerate(_parts(families, 250)):
        with transaction.atomic():
            rebuild([f.household.pk for f in batch])
        say("learn", min((n + 1) * 250, len(families)), len(families))
    recent = [b for b in receipts if b.on >= split]
    weeks = LEARNED_ONE_BY_ONE_DAYS // 7
    for week in range(weeks + 1):
        first = split + timedelta(days=7 * week)
        came = [b for b in recent if first <= b.on < first + timedelta(days=7)]
        with transaction.atomic():
            sales = write_receipts(came)
            observe_sales([sale.pk for sale in sales])
        say("sales", week + 1, weeks + 1)
    sql.changed(SQL / "last_sales.sql", {})


def _parts(rows: list[Family], size: int) -> Iterator[list[Family]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def shopping(
    rng: random.Random, family: Family, here: date, by_label: dict[tuple[object, ...], Product]
) -> Iterator[Bought]:
    """Days on which this family comes in: when formula or diapers run low, give or take."""
    shelf = {"formula": rng.uniform(0, 800), "diapers": rng.uniform(0, 60), "wipes": 240.0}
    quits = rng.random() < 0.06  # goes quiet: buys elsewhere from some day on
    last = here - timedelta(days=rng.randint(20, 90)) if quits else here
    on = family.shops_from
    eager = rng.uniform(2, 5)
    while on <= last:
        use = {
            "formula": _formula_a_day(family, on) * rng.uniform(0.85, 1.15),
            "diapers": _diapers_a_day(family, on) * rng.uniform(0.85, 1.15),
        }
        for what, amount in use.items():
            shelf[what] -= amount * family.loyalty
        shelf["wipes"] -= SHEETS_A_DIAPER * use["diapers"] * family.loyalty
        lines = []
        for what, amount in use.items():
            if amount > 0 and shelf[what] < eager * amount and rng.random() < 0.55:
                product = _product(rng, family, what, on, by_label)
                packs = rng.choices([1, 2, 3, 4], [55, 28, 10, 7])[0]
                shelf[what] = max(shelf[what], 0) + packs * (product.content or 0)
                lines.append((product, packs))
        if lines and shelf["wipes"] < 0:
            lines.append((by_label["云柔", None, "", 480.0], 1))
            shelf["wipes"] = 480.0
        if lines:
            at = time(rng.randint(9, 20), rng.randint(0, 59))
            yield Bought(family, on, at, lines)
        on += timedelta(days=1)


SHEETS_A_DIAPER = 2.5
SHARE = {Child.Feeding.BREAST: 0.05, Child.Feeding.MIXED: 0.5, Child.Feeding.FORMULA: 1.0}


def _ages(family: Family, on: date) -> Iterator[tuple[Child, int]]:
    for child in family.children:
        if child.born_on and child.born_on <= on:
            yield child, (on - child.born_on).days


def _formula_a_day(family: Family, on: date) -> float:
    return sum(
        formula_g_per_day(age) * SHARE.get(Child.Feeding(child.feeding), 1.0)
        for child, age in _ages(family, on)
        if age < 1090 and child.feeding != Child.Feeding.BREAST
    )


def _diapers_a_day(family: Family, on: date) -> float:
    return sum(diapers_per_day(age) for _child, age in _ages(family, on) if age < 1000)


def _product(
    rng: random.Random,
    family: Family,
    what: str,
    on: date,
    by_label: dict[tuple[object, ...], Product],
) -> Product:
    """Their brand, in the stage or size of the youngest."""
    age = min(age for _child, age in _ages(family, on))
    if what == "diapers":
        size = next(s for s, until in _SIZES if age < until)
        return next(p for k, p in by_label.items() if k[0] == family.nappies and k[2] == size)
    grams = 400.0 if rng.random() < 0.15 else 800.0
    stage = min(stage_at(age), 4)
    return next(
        p for k, p in by_label.items() if k[0] == family.brand and k[1] == stage and k[3] == grams
    )


_SIZES = [("NB", 45), ("S", 150), ("M", 400), ("L", 800), ("XL", 10_000)]


def write_receipts(receipts: Sequence[Bought]) -> list[Sale]:
    sales = [_sale(b) for b in receipts]
    pour(sales)
    pour(
        [
            SaleLine(
                sale=sale,
                household_id=sale.household_id,
                line_no=n,
                product=product,
                code=product.code,
                name=product.name,
                quantity=packs,
                amount=(product.price or Decimal(0)) * packs,
            )
            for sale, b in zip(sales, receipts, strict=True)
            for n, (product, packs) in enumerate(b.lines, start=1)
        ]
    )
    return sales


def _sale(b: Bought) -> Sale:
    family = b.family.household
    at = datetime.combine(b.on, b.at, family.store.zone)
    number = f"{family.store.code}{b.on:%Y%m%d}-{family.pk:06d}"
    return Sale(
        source="demo-till",
        document_no=number,
        store=family.store,
        household=family,
        member=b.family.members[0],
        member_no=b.family.members[0].member_no or "",
        guide=family.home_guide,
        sold_at=at,
        sold_on=b.on,
        total=sum(((p.price or Decimal(0)) * n for p, n in b.lines), Decimal(0)),
    )


def remember_the_past(
    rng: random.Random, families: list[Family], guides: list[Staff], here: date
) -> None:
    """Thirty days of promises and calls: most kept, some late, a few that nobody could keep."""
    from warmline.core.playbooks.models import Playbook

    scripts = {p.promise_kind: p for p in Playbook.objects.select_related("script")}
    of_guide: dict[int, list[Family]] = {}
    for f in families:
        if f.children and f.household.home_guide_id:
            of_guide.setdefault(f.household.home_guide_id, []).append(f)
    laid_out = StoreDay.objects.filter(on__lt=here).values_list("store_id", "on", "sundown_at")
    sundowns = {(store, on): at for store, on, at in laid_out}
    promises: list[Promise] = []
    contacts: list[Contact] = []
    for guide in guides:
        assert guide.store_id is not None
        diligence, hers = rng.uniform(0.88, 0.99), of_guide.get(guide.pk, [])
        for back in range(30, 0, -1):
            on = here - timedelta(days=back)
            for f in rng.sample(hers, k=_calls_a_day(rng, hers)):
                promise, contact = _one_past(
                    rng, f, guide, sundowns[guide.store_id, on], diligence, scripts
                )
                promises.append(promise)
                if contact:
                    contacts.append(contact)
    with transaction.atomic():
        pour(promises)
        by_key = {p.key: p.pk for p in promises}
        for contact in contacts:
            contact.promise_id = by_key[contact.key.removeprefix("demo:")]
        pour(contacts)
        sql.changed(SQL / "last_contacts.sql", {})


def _calls_a_day(rng: random.Random, families: list[Family]) -> int:
    """Each hears from us once in four weeks or so: more would use up what they put up with."""
    share = len(families) / 28
    return min(6, int(share) + (rng.random() < share % 1))


def _one_past(
    rng: random.Random,
    family: Family,
    guide: Staff,
    due: datetime,
    diligence: float,
    playbooks: Mapping[str, object],
) -> tuple[Promise, Contact | None]:
    store = family.household.store
    kind = rng.choices(["care.run_out", "care.age_node", "contacts.call_back"], [60, 20, 20])[0]
    playbook = playbooks.get(kind)
    on = due.astimezone(store.zone).date()
    opens = datetime.combine(on, time(9), store.zone)
    kept = rng.random() < diligence
    done = opens + (due - opens) * rng.random() if kept else None
    key = f"demo-past:{family.household.pk}:{kind}:{on:%Y%m%d}"
    promise = Promise(
        kind=kind,
        key=key,
        household=family.household,
        child=family.children[0],
        store=store,
        keeper=guide,
        script=getattr(playbook, "script", None),
        playbook_id=getattr(playbook, "pk", None),
        words="" if playbook else "答应再打个电话问问",
        why={},
        made_at=opens,
        shows_at=opens,
        due_at=due,
        status=Promise.Status.KEPT if kept else Promise.Status.BROKEN,
        closed_at=done or due,
        done_at=done or due + timedelta(hours=rng.randint(1, 20)),
    )
    promise.done_at = min(promise.done_at or due, now())
    reached = rng.random() < 0.8
    contact = Contact(
        key=f"demo:{key}",
        household=family.household,
        store=store,
        staff=guide,
        medium=Medium.PHONE,
        purpose=Purpose.CARE,
        outcome=Contact.Outcome.REACHED if reached else Contact.Outcome.LATER,
        note=rng.choice(names.CALL_NOTES),
        at=promise.done_at,
    )
    return promise, contact
