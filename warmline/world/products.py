"""A catalogue with invented brands: what a shop of this kind has on its shelves."""

from dataclasses import dataclass
from decimal import Decimal

from warmline.goods.catalog.products import ProductIn

DIAPERS = [("NB", 84, 99), ("S", 76, 105), ("M", 64, 109), ("L", 54, 112), ("XL", 44, 115)]
STAGES = {1: (298, 168), 2: (278, 158), 3: (248, 138), 4: (228, 128)}


def gtin13(number: int) -> str:
    """A bar code with a right check digit, out of a block that no brand of ours owns."""
    digits = f"6900000{number:05d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return f"{digits}{-total % 10}"


@dataclass
class Shelf:
    products: list[ProductIn]

    def add(self, **said: object) -> None:
        number = len(self.products) + 1
        self.products.append(
            ProductIn(code=f"P{number:04d}", gtin=gtin13(number), **said)  # type: ignore[arg-type]
        )


def shelf() -> list[ProductIn]:
    """Formula by brand, stage and tin; diapers by size; wipes, baby food, a few other things."""
    goods = Shelf([])
    for brand, dearer in (("晴牧", 1.0), ("暖禾", 1.15), ("初屿", 0.85)):
        for stage, (big, small) in STAGES.items():
            for grams, price in ((800, big), (400, small)):
                goods.add(
                    name=f"{brand} {stage} 段配方奶粉 {grams}g",
                    category="formula",
                    brand=brand,
                    stage=stage,
                    spec=f"{grams}g",
                    content=float(grams),
                    price=Decimal(round(price * dearer)),
                    opened_days=30,
                )
    for brand in ("云柔", "小鹿爬"):
        for size, pieces, price in DIAPERS:
            goods.add(
                name=f"{brand} 纸尿裤 {size} {pieces} 片",
                category="diapers",
                brand=brand,
                size=size,
                spec=f"{size}{pieces}片",
                content=float(pieces),
                price=Decimal(price),
            )
    goods.add(
        name="云柔 婴儿湿巾 80 抽×6", category="wipes", brand="云柔", spec="80抽×6",
        content=480.0, price=Decimal("69"),
    )  # fmt: skip
    goods.add(
        name="米朵 高铁米粉 225g", category="baby_food", brand="米朵", spec="225g", content=225.0,
        price=Decimal("48"),
    )  # fmt: skip
    goods.add(
        name="米朵 鸭嘴学饮杯 240ml", category="feeding", brand="米朵", spec="240ml",
        price=Decimal("59"),
    )  # fmt: skip
    return goods.products
