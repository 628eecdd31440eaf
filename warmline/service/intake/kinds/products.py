"""Products: what the chain sells, and what a pack of it holds."""

import re
from collections.abc import Sequence
from typing import Any

from warmline.base.sheets.cells import parse_code, parse_gtin, parse_money, parse_number, parse_text
from warmline.base.sheets.cells.tidy import half_width
from warmline.goods.catalog.models import Category, Product
from warmline.goods.catalog.products import BATCH, content_of
from warmline.goods.catalog.signals import ProductsAdded
from warmline.service.intake.kinds.reasons import CODE_TAKEN, GTIN_TAKEN, NEEDED_HERE
from warmline.service.intake.reading import Cells
from warmline.service.intake.running import Run

# What shops call the built-in categories; the first that fits counts.
WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wipes", ("湿巾", "湿纸巾", "柔巾", "wipes")),
    ("diapers", ("纸尿裤", "尿不湿", "尿裤", "拉拉裤", "纸尿片", "尿片", "diaper", "nappies")),
    ("formula", ("奶粉", "配方乳", "formula", "milk powder")),
    ("nutrition", ("营养品", "保健", "益生菌", "钙", "dha", "维生素", "nutrition", "vitamin")),
    ("snacks", ("零食", "饼干", "泡芙", "溶豆", "snack")),
    ("baby_food", ("辅食", "米粉", "果泥", "面条", "baby food", "babyfood", "cereal")),
    ("milk", ("液态奶", "牛奶", "酸奶", "liquid milk")),
    ("laundry", ("洗衣", "清洁", "laundry")),
    ("bath", ("洗护", "沐浴", "护肤", "洗发", "bath", "skin", "toiletr")),
    ("feeding", ("奶瓶", "奶嘴", "喂养", "餐具", "bottle", "feeding")),
    ("clothes", ("服饰", "童装", "内衣", "棉品", "鞋", "clothes", "apparel")),
    ("toys", ("玩具", "图书", "toy", "book")),
    ("travel", ("推车", "童车", "床", "安全座椅", "出行", "stroller", "car seat")),
    ("maternity", ("孕", "产妇", "妈妈", "maternity")),
)
STAGE = re.compile(r"([1-4一二三四])\s*段|(?:stage|step)\s*([1-4])", re.I)
SIZE = re.compile(r"(?<![A-Za-z])(NB|X{0,4}L|S|M)(?![A-Za-z])")
CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}
GONE = ("停用", "停售", "下架", "淘汰", "作废", "删除", "disabled", "inactive", "discontinued")


class Products:
    """Known by the chain's code, else by bar code."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.categories = {category.code: category for category in Category.objects.all()}
        self.named = {
            word.lower(): category
            for category in self.categories.values()
            for word in (category.code, *category.name.values())
        }
        self.by_code = {product.code: product for product in Product.objects.all()}
        self.by_gtin = {p.gtin: p for p in self.by_code.values() if p.gtin}
        self.rows: dict[str, int] = {}
        self.added: list[Product] = []

    def take(self, rows: Sequence[Cells]) -> None:
        for cells in rows:
            facts = self._read(cells)
            if not self.run.accepts(cells):
                continue
            found = self._known(cells, facts)
            if cells.wrong:
                self.run.accepts(cells)
            elif found is None:
                product = Product(**facts)
                self.run.make(product)
                self.added.append(product)
                self._learn(product)
                self.run.tell("new")
            elif found._state.adding:
                self.run.tell("same")
            else:
                self.run.tell("changed" if self._amend(found, facts) else "same")

    def finish(self) -> None:
        """Receipts that named these before we knew them learn what they are."""
        ids = [product.pk for product in self.added]
        for n in range(0, len(ids), BATCH):
            self.run.announce(ProductsAdded(products=ids[n : n + BATCH]))

    def _known(self, cells: Cells, facts: dict[str, Any]) -> Product | None:
        found = self.by_code.get(facts["code"])
        by_gtin = self.by_gtin.get(facts["gtin"]) if facts["gtin"] else None
        if found is None and by_gtin is not None and not cells.text("code").strip():
            return by_gtin  # no number of the chain's own: the bar code says which it is
        if by_gtin is not None and by_gtin is not found:
            cells.blame("gtin", GTIN_TAKEN, code=by_gtin.code)
        before = self.rows.setdefault(facts["code"], cells.no)
        if before != cells.no and found is not None and facts["name"] != found.name:
            cells.blame("code", CODE_TAKEN, row=before)
        return found

    def _learn(self, product: Product) -> None:
        self.by_code[product.code] = product
        if product.gtin:
            self.by_gtin[product.gtin] = product

    def _amend(self, found: Product, facts: dict[str, Any]) -> bool:
        """What the file does not say stays as it is."""
        columns = self.run.file.columns
        said = {
            field: fact
            for field, fact in facts.items()
            if fact not in (None, "") and field != "code"
        }
        if "category" not in columns:
            said.pop("category", None)
        changed = self.run.amend(found, said)
        self._learn(found)
        return changed

    def _read(self, cells: Cells) -> dict[str, Any]:
        bar = cells.read("gtin", parse_gtin)
        own = cells.read("code", parse_code)
        name = cells.read("name", parse_text, most=120) or ""
        if not name:
            cells.blame("name", NEEDED_HERE)
        code = own.local if own else bar.local if bar else ""
        if not code and not cells.wrong:
            cells.blame("code", NEEDED_HERE)
        spec = cells.read("spec", parse_text, most=60) or ""
        category = self._category(cells, name)
        price = cells.read("sale_price", parse_money)
        return {
            "code": code[:40],
            "gtin": (bar and bar.gtin) or (own and own.gtin) or None,
            "name": name,
            "brand": cells.read("brand", parse_text, most=60) or "",
            "category": category,
            "stage": self._stage(cells, category, name),
            "size": self._size(category, f"{spec} {name}"),
            "spec": spec,
            "content": self._content(cells, category, [spec, name]),
            "price": cells.read("price", parse_money) if price is None else price,
            "is_active": not _is_gone(cells.text("status")),
        }

    def _category(self, cells: Cells, name: str) -> Category:
        said = half_width(cells.text("category")).lower()
        if found := self.named.get(said):
            return found
        for text in (said, name.lower()):
            for code, words in WORDS:
                if code in self.categories and any(word in text for word in words):
                    return self.categories[code]
        if said:
            self.run.tell("unknown_category")
        return self.categories["other"]

    def _stage(self, cells: Cells, category: Category, name: str) -> int | None:
        """Of formula alone: a first stage is never pushed, so it must not be missed."""
        if category.use != Category.Use.FORMULA:
            return None
        for text in (cells.text("stage"), name):
            said = half_width(text)
            if found := STAGE.search(said):
                digit = found[1] or found[2]
                return CHINESE.get(digit) or int(digit)
            if text is not name and said in ("1", "2", "3", "4"):
                return int(said)
        return None

    def _size(self, category: Category, text: str) -> str:
        found = SIZE.search(text) if category.use == Category.Use.DIAPERS else None
        return found[1] if found else ""

    def _content(self, cells: Cells, category: Category, others: list[str]) -> float | None:
        """In the category's unit: said as a number, else read off the specification or the name."""
        said = cells.text("content")
        texts = [said, *others]
        for text in texts:
            if (found := content_of(text, unit=category.unit)) is not None:
                return found
        number = cells.read("content", parse_number) if re.fullmatch(r"[\d.\s]+", said) else None
        return float(number) if number else None


def _is_gone(status: str) -> bool:
    return bool(status) and any(word in status.lower() for word in GONE)
