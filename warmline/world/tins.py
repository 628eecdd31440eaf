"""Tins with codes for the demo: two lots from the factory to families, by way of two dealers.

Most goes as it should. One dealer's cases turn up in another's city, one shipment never arrives, one
tin is looked up too often, one is opened that no till sold; and head office has rehearsed a recall.
"""

import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from warmline.base import typeface
from warmline.base.clock import now
from warmline.core.people.models import Staff, Store
from warmline.goods.catalog.models import Product
from warmline.goods.sales.models import SaleLine
from warmline.goods.trace import (
    batches,
    filling,
    looking,
    lots,
    partners,
    recalls,
    redeeming,
    scanning,
    scopes,
    selling,
)
from warmline.goods.trace.identity import inner
from warmline.goods.trace.identity.keys import gtin14
from warmline.goods.trace.models import CodeBatch, Lot, Party, Place
from warmline.goods.trace.scanning import What
from warmline.service.care import still_open

CASE, PALLET = 6, 40
SOLD_MOST = 36
AREAS = {"CX": "510104", "JS": "510108", "JN": "510106"}
MADE_DAYS, DEALT_DAYS, SHELVED_DAYS = 58, 47, 43


def fill_the_shelves() -> None:
    """Make it all, through the verbs that everybody else uses."""
    hq = Staff.objects.get(username="hq")
    partners.add_prefix("6900000", name="暖线母婴", is_ours=True)
    factory, near, far = _partners()
    _people(factory, near)
    product = _best_seller()
    lot = _domestic(product)
    tins, cases, pallets = (
        batches.plan(lot, size=size, level=level, by=hq)
        for size, level in ((480, "unit"), (80, "case"), (2, "pallet"))
    )
    born = _at(MADE_DAYS, 9)
    for batch in (tins, cases, pallets):
        batches.mark_printed(batch, by=hq)
        batches.activate(batch, line=factory, at=born, by=hq)
    filling.fill(cases, tins, per=CASE, place=factory, at=born + timedelta(hours=1), by=hq)
    filling.fill(pallets, cases, per=PALLET, place=factory, at=born + timedelta(hours=2), by=hq)
    first, second = _codes(pallets)
    _sent([first], factory, near, days=DEALT_DAYS, number="CK-2609-118")
    _sent([second], factory, far, days=DEALT_DAYS, number="CK-2609-119")
    listed = _codes(cases)
    shops = _shops()
    _to_the_shops(listed[:PALLET], near, shops)
    _diverted(listed[PALLET:], shops["JN"])
    _sold(lot, tins)
    _looked_up(tins)
    _imported(hq)
    _rehearsed(lot, hq)


def _at(days: int, hour: int) -> datetime:
    """So many days ago, on the hour."""
    zone = Store.objects.order_by("pk")[0].zone
    day = now().astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, time(hour), zone)


def _codes(batch: CodeBatch) -> list[str]:
    return [uri for _index, uri in batches.codes(batch)]


def _partners() -> tuple[Place, Place, Place]:
    def put(who: str, sort: str, territory: tuple[str, ...], **place: Any) -> Place:
        return partners.put_place(partners.put(name=who, sort=sort, territory=territory), **place)

    return (
        put("暖禾乳业", Party.Sort.MAKER, (), name="双城工厂 3 号线", city="哈尔滨",
            area="230113", latitude=45.38, longitude=126.31),
        put("蓉城母婴商贸", Party.Sort.DEALER, ("51",), name="蓉城商贸双流仓", city="成都",
            area="510116", latitude=30.57, longitude=103.92),
        put("渝州童品", Party.Sort.DEALER, ("50",), name="渝州童品江北仓", city="重庆",
            area="500105", latitude=29.61, longitude=106.57),
    )  # fmt: skip


def _people(factory: Place, dealer: Place) -> None:
    """Who scans at the factory's gate, and who at the dealer's."""
    for username, name, role, place in (
        ("zhao", "赵师傅", Staff.Role.LOGISTICS, factory),
        ("qin", "秦师傅", Staff.Role.DEALER, dealer),
    ):
        partners.post(Staff.objects.create_user(username, name=name, role=role), place)


def _shops() -> dict[str, Place]:
    """Our stores as places of a journey, with their city."""
    found = {}
    for store in Store.objects.order_by("pk"):
        place = selling.place_of(store)
        assert place is not None
        place.city, place.area = "成都", AREAS.get(store.code, "510100")
        place.latitude, place.longitude = store.latitude, store.longitude
        place.save(update_fields=["city", "area", "latitude", "longitude"])
        found[store.code] = place
    return found


def _best_seller() -> Product:
    """The large tin that most families bought lately, of what is made here."""
    lines = SaleLine.objects.filter(
        sale__sold_at__gte=_at(SHELVED_DAYS - 2, 0),
        product__category__code="formula",
        product__content=800,
    )
    counted = lines.values("product").annotate(n=Count("pk")).order_by("-n", "product").first()
    if counted:
        return Product.objects.get(pk=counted["product"])
    return Product.objects.filter(category__code="formula", content=800).order_by("pk")[0]


def _domestic(product: Product) -> Lot:
    assert product.gtin is not None
    made = _at(MADE_DAYS, 0).date()
    story = {
        "materials": [
            {"name": "生牛乳", "origin": "黑龙江双城 自有牧场", "maker": "青林牧场", "lot": f"M{made:%y%m%d}"},
            {"name": "乳清蛋白粉", "origin": "法国布列塔尼", "maker": "海岸乳品", "lot": "WP-2607-31"},
            {"name": "OPO 结构脂", "origin": "丹麦奥胡斯", "maker": "北岸油脂", "lot": "B-26-0712"},
        ],
        "steps": [
            {"name": "挤奶到工厂", "at": "2 小时", "note": "全程 4 ℃ 以下冷链"},
            {"name": "标准化与杀菌", "at": f"{made:%m-%d} 上午", "note": "鲜奶直接入粉，一次成粉"},
            {"name": "喷雾干燥", "at": f"{made:%m-%d} 下午"},
            {"name": "充氮灌装，逐罐赋码", "at": f"{made:%m-%d} 晚"},
            {"name": "逐批检验合格后放行", "at": f"{made + timedelta(days=7):%m-%d}", "note": "34 项指标"},
        ],
    }  # fmt: skip
    lot = lots.put(
        gtin=product.gtin,
        number=f"NH{made:%y%m%d}A",
        made_on=made,
        expires_on=made + timedelta(days=730),
        made_at="黑龙江省哈尔滨市双城区 · 双城工厂",
        story=story,
    )
    for sort, number, issuer, later in (
        ("inspection", f"HJ-{made:%Y}-20871", "黑龙江省质量监督检测研究院", 7),
        ("conformity", f"HG-{made:%y%m%d}-A", "暖禾乳业质量部", 8),
        ("origin", f"CD-{made:%y%m%d}-03", "双城区动物卫生监督所", 1),
    ):
        day = made + timedelta(days=later)
        lots.add_certificate(
            lot, sort=sort, number=number, issuer=issuer, issued_on=day,
            content=_paper(lot, number, issuer, f"{day:%Y-%m-%d}"),
        )  # fmt: skip
    return lot


def _imported(hq: Staff) -> None:
    """A smaller lot from abroad, with the documents of its import; still on its way."""
    product = Product.objects.filter(brand="初屿", stage=3, content=800).order_by("pk")[0]
    assert product.gtin is not None
    made = _at(140, 0).date()
    lot = lots.put(
        gtin=product.gtin,
        number=f"CY{made:%y%m%d}N",
        made_on=made,
        expires_on=made + timedelta(days=700),
        made_at="新西兰 坎特伯雷",
        story={
            "materials": [
                {"name": "生牛乳", "origin": "新西兰南岛 坎特伯雷平原", "maker": "三河牧场合作社"},
                {"name": "乳糖", "origin": "德国", "maker": "下萨克森乳业"},
            ],
            "steps": [
                {"name": "牧场直收，当日成粉", "at": f"{made:%Y-%m-%d}"},
                {"name": "充氮灌装", "at": f"{made + timedelta(days=2):%Y-%m-%d}"},
                {"name": "海运到港，入境检验", "at": "24 天"},
            ],
            "import": {
                "country": "新西兰",
                "port": "上海洋山港",
                "entered_on": f"{made + timedelta(days=45):%Y-%m-%d}",
                "importer": "初屿（上海）贸易",
                "declaration": "2202-2026-1-0093371",
                "quarantine": "SH-IQ-260811-77",
                "warehouse": "洋山保税 7 号库",
            },
        },
    )
    for sort, number, issuer in (
        ("customs", "2202-2026-1-0093371", "洋山海关"),
        ("quarantine", "SH-IQ-260811-77", "上海海关"),
    ):
        day = made + timedelta(days=47)
        lots.add_certificate(
            lot, sort=sort, number=number, issuer=issuer, issued_on=day,
            content=_paper(lot, number, issuer, f"{day:%Y-%m-%d}"),
        )  # fmt: skip
    batches.activate(batches.plan(lot, size=120, by=hq), at=_at(90, 10), by=hq)


def _paper(lot: Lot, number: str, issuer: str, day: str) -> bytes:
    """A paper as PDF, and it says on it that it is one of a demo."""
    lines = [
        (20, "批次文件（演示数据）"), (12, issuer), (12, f"编号 {number}"), (12, f"产品 {lot.product}"),
        (12, f"批号 {lot.number}"), (12, f"日期 {day}"), (12, "结论：合格"),
    ]  # fmt: skip
    font = typeface.with_signs(line for _size, line in lines)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    canvas.setTitle(number)
    for n, (size, line) in enumerate(lines):
        canvas.setFont(font, size)
        canvas.drawString(72, A4[1] - 96 - n * 30, line)
    canvas.save()
    return out.getvalue()


def _scan(what: What, codes: list[str], place: Place, at: datetime, **said: Any) -> None:
    scanning.take_in(
        codes, what=what, place=place, at=at, key=f"demo:{what}:{codes[0][-18:]}", **said
    )


def _sent(codes: list[str], here: Place, there: Place, *, days: int, number: str) -> None:
    """Shipped, and received two days later."""
    _shipped(codes, here, there, days=days, number=number)
    _scan(What.RECEIVE, codes, there, _at(days - 2, 10), document_no=number)


def _shipped(codes: list[str], here: Place, there: Place, *, days: int, number: str) -> None:
    _scan(What.SHIP, codes, here, _at(days, 16), to=there.party, document_no=number)


def _to_the_shops(cases: list[str], dealer: Place, shops: dict[str, Place]) -> None:
    """The dealer opens the pallet in thought: each shop gets cases, and one shipment is lost."""
    plan = {"CX": cases[:8], "JS": cases[8:13], "JN": cases[13:17]}
    for code, its in plan.items():
        _sent(its, dealer, shops[code], days=SHELVED_DAYS + 1, number=f"PS-{code}-0918")
        _scan(What.OPEN, its, shops[code], _at(SHELVED_DAYS - 2, 9))
    _shipped(cases[17:19], dealer, shops["JS"], days=21, number="PS-JS-1009")


def _diverted(cases: list[str], shop: Place) -> None:
    """Cases meant for Chongqing come in at a back door in Chengdu."""
    _scan(What.RECEIVE, cases[:5], shop, _at(30, 19))


def _sold(lot: Lot, tins: CodeBatch) -> None:
    """Whoever bought this product lately took some of these very tins."""
    shelf = {"CX": _run(tins, 0, 8), "JS": _run(tins, 8, 13), "JN": _run(tins, 13, 17)}
    lines = SaleLine.objects.filter(
        product=lot.product_id,
        sale__sold_at__gte=_at(SHELVED_DAYS - 3, 0),
        sale__household__isnull=False,
        quantity__gt=0,
    ).select_related("sale__store", "sale__household")
    sold = 0
    for line in lines.order_by("sale__sold_at", "pk"):
        for _tin in range(int(line.quantity)):
            unit = next(shelf[line.sale.store.code], None)
            if unit is None or sold >= SOLD_MOST:
                break
            selling.sell(
                unit, store=line.sale.store, household=line.sale.household, at=line.sale.sold_at,
                sale_id=line.sale_id, document_no=line.sale.document_no,
            )  # fmt: skip
            sold += 1
    # Two that no scanner of this shop ever read in.
    for unit in list(_run(tins, 25, 26))[:2]:
        selling.sell(unit, store=Store.objects.get(code="JS"), at=now() - timedelta(days=3),
                     document_no="JS-手工-03")  # fmt: skip


def _run(tins: CodeBatch, first: int, until: int) -> Iterator[int]:
    return iter(range(tins.base + first * CASE, tins.base + until * CASE))


def _looked_up(tins: CodeBatch) -> None:
    """Families look: some once, one code far too often; and one opens what no till sold."""
    listed = list(batches.codes(tins, count=40))
    for n in (1, 2, 3, 8):
        gtin, serial = _parts(listed[n][1])
        looking.look(gtin, serial, device=looking.device_of("demo", str(n)), city="成都")
    gtin, serial = _parts(listed[39][1])
    for n in range(11):
        looking.look(gtin, serial, device=looking.device_of("demo", f"copy-{n}"))
    family = (
        Store.objects.get(code="JS").households.filter(members__member_no__isnull=False).first()
    )
    if family and (member := family.members.filter(member_no__isnull=False).first()):
        unit = tins.base + 26 * CASE
        redeeming.redeem(inner.write(unit), member=str(member.member_no), unit_id=unit)


def _parts(uri: str) -> tuple[str, str]:
    _host, _01, gtin, _21, serial = uri.removeprefix("https://").split("/")
    return gtin14(gtin), serial


def _rehearsed(lot: Lot, hq: Staff) -> None:
    """Last month head office rehearsed a recall of the lot."""
    drill = recalls.declare(
        scopes.of_lots([lot]),
        title=f"{lot.product} {lot.number}",
        reason="季度召回演练：假设检测机构对该批次提出异议。",
        advice="请先停用并保留罐子。",
        is_drill=True,
        known_at=now() - timedelta(hours=2),
        by=hq,
    )
    still_open.rank(drill)
