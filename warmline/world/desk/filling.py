"""Filling the desk: two months in the order in which they happened, up to now."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Prefetch

from warmline.base.clock import now
from warmline.core.people import calendar
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.goods.catalog.models import Product
from warmline.goods.trace.models import Lot
from warmline.service.desk import freezing, macros
from warmline.service.desk.models import Department, Macro
from warmline.service.desk.reckoning import reckon_the_week
from warmline.world.desk.matters import DESKS
from warmline.world.desk.past import People, months
from warmline.world.desk.playing import Story, play, watching
from warmline.world.desk.present import LOT, TIN, present
from warmline.world.desk.today import Today

DAYS = 61  # a whole month before this one
MORNING = time(10, 30)  # before it, what is new came in the evening before
EVENING = timedelta(minutes=25)  # after sundown: what is new then is due tomorrow
SOLD_ON = [  # why head office did not stop a sale
    "同批抽检了三十罐，封口合格；只此一箱，已退回。",
    "检验报告重新看过，指标正常；是运输时压的，已和承运方说。",
    "供应商当天来人看过，同批其余封口完好，照常卖。",
]
KEEPERS = {
    "purchasing": ["ma"],
    "production": ["su"],
    "design": ["su"],
    "operations": ["hq"],
    "training": ["hq"],
}


def name_keepers() -> None:
    """Who answers for each department."""
    for code, keepers in KEEPERS.items():
        Department.objects.get(code=code).keepers.set(Staff.objects.filter(username__in=keepers))


@transaction.atomic
def fill(seed: int = 7) -> None:
    """Two months of cases in three stores whose families and sales are there already."""
    rng, at = random.Random(seed), now()
    if not Macro.objects.exists():
        macros.install(Macro)
    tin = Product.objects.get(name=TIN)
    Lot.objects.get_or_create(
        gtin=(tin.gtin or "").zfill(14), number=LOT, defaults={"product": tin}
    )
    people = _people()
    store = next(iter(people.stores.values()))
    zone, here = store.zone, at.astimezone(store.zone)
    days = [here.date() - timedelta(days=n) for n in range(DAYS, 0, -1)]
    stories = [
        *months(rng, people, DESKS, days[:-2]),
        *present(Today(people, _last_work(store, here))),
        watching(_looks(store, days, at)),
        _sold_on(days, store, people.by_name["hq"]),
        _nights([datetime.combine(d, time(2, 10), zone) for d in days[::-7][::-1]]),
    ]
    play(stories, until=at)


def _last_work(store: Store, here: datetime) -> datetime:
    """Now; at night, the evening before."""
    evening = calendar.sundown(store, here.date()) + EVENING
    if here.time() < MORNING:
        evening = calendar.sundown(store, here.date() - timedelta(days=1)) + EVENING
    elif here <= evening:
        return here
    return evening.astimezone(here.tzinfo)


def _looks(store: Store, days: list[date], at: datetime) -> Iterator[datetime]:
    """Before noon, when the sun is down, and now."""
    for day in [*days, at.astimezone(store.zone).date()]:
        yield datetime.combine(day, time(11, 45), store.zone)
        yield calendar.sundown(store, day) + timedelta(minutes=2)
    yield at


def _nights(moments: list[datetime]) -> Story:
    """What came in is laid beside what we have of it; each night looks at the week behind it."""
    for at in moments:
        yield at
        reckon_the_week()


def _sold_on(days: list[date], store: Store, by: Staff) -> Story:
    """Where a red flag named a lot, head office was asked, looked, and sold it on. Today's it has not
    looked at yet."""
    for day in days:
        yield datetime.combine(day, time(16, 30), store.zone)
        for freeze in freezing.to_decide():
            if freeze.number != LOT:
                reason = SOLD_ON[freeze.pk % len(SOLD_ON)]
                freezing.decide(freeze, is_yes=False, reason=reason, by=by)


def _people() -> People:
    """Families that bought something lately; each store's in an order of its own."""
    stores = {store.code: store for store in Store.objects.filter(code__in=[d.code for d in DESKS])}
    staff = list(Staff.objects.filter(store__in=stores.values()).select_related("store"))
    bought = Household.objects.filter(store__in=stores.values(), last_sale_on__isnull=False)
    members = Prefetch("members", Member.objects.order_by("-is_primary", "pk"))
    families: dict[int, list[Household]] = {store.pk: [] for store in stores.values()}
    lately = bought.order_by("last_sale_on", "pk").select_related("store", "home_guide")
    for family in lately.prefetch_related(members):
        families[family.store_id].append(family)
    return People(
        stores=stores,
        guides={s.pk: _of(staff, s, Staff.Role.GUIDE) for s in stores.values()},
        managers={s.pk: _of(staff, s, Staff.Role.MANAGER)[0] for s in stores.values()},
        agents=list(Staff.objects.filter(role=Staff.Role.AGENT).order_by("pk")),
        families=families,
    )


def _of(staff: list[Staff], store: Store, role: str) -> list[Staff]:
    return [one for one in staff if one.store_id == store.pk and one.role == role]
