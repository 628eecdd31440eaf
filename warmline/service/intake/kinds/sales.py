"""Sales by the million: rows stay in PostgreSQL, and Python reads each different cell once.

A till's file repeats itself: ten lines have one receipt, a thousand one article, and hardly any
quantity and amount are new. So the rows are poured into a table, what differs is taken out three
times - receipts, articles, figures -, understood here cell by cell, and joined again. A receipt is
imported whole or comes back whole: half of one would be a lie about what a family bought.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.sheets import FAULTS, Sheet
from warmline.base.sheets.cells import (
    BadCell,
    Code,
    is_dummy_phone,
    parse_code,
    parse_count,
    parse_gtin,
    parse_moment,
    parse_money,
    parse_phone,
    parse_quantity,
    parse_text,
    parse_way,
)
from warmline.base.sheets.cells.tidy import half_width
from warmline.core.people.models import Store
from warmline.goods.sales.receipts import index_of
from warmline.service.intake.findings import Book, Found
from warmline.service.intake.kinds.reasons import (
    IN_THE_FUTURE,
    NEEDED_HERE,
    NO_STORE,
    TOO_BIG,
    TOO_LONG_AGO,
    UNKNOWN_STORE,
    sentences,
)
from warmline.service.intake.lookups import Guides, Stores
from warmline.service.intake.models import Import
from warmline.service.intake.progress import Stage, Teller

SQL = Path(__file__).resolve().parents[1] / "sql" / "sales"
CHUNK = 20_000
QUANTITY_MOST, AMOUNT_MOST = Decimal(10) ** 7, Decimal(10) ** 10
FIRST_YEAR = 2000

Said = Sequence[str]
Meant = Sequence[Any]


def stage(file: Import, sheet: Sheet, *, book: Book, tell: Teller) -> None:
    """Read the file into the staging tables of this import, understood; list what is wrong."""
    sql.changed(SQL / "forget.sql", {"import": file.pk})
    different = _pour(sheet, columns=file.columns, tell=tell)
    tell.enter(Stage.SORTING)
    means = (Receipts(file).meant, item_of, figure_of)
    for part, said, meant in zip(PARTS, different, means, strict=True):
        _understand(part, said, meant)
    with in_heaps():
        _run("heads", file)
        _run("lines", file)
        _run("items", file)
        if "line_no" in file.columns:
            _run("twice", file)
        _run("verdicts", file)
    resolve(file)
    tell.enter(Stage.COMPARING)
    with in_heaps():
        list_bad(file, book=book)


def _run(step: str, file: Import) -> int:
    asked = {"import": file.pk, "source": file.source, "now": now(), **sentences()}
    return sql.changed(SQL / f"{step}.sql", asked)


@contextlib.contextmanager
def in_heaps() -> Iterator[None]:
    """Statements over whole files: nobody has counted the staged rows for the planner, who would
    look them up one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        cursor.execute("SET LOCAL work_mem = '96MB'")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def _pour(sheet: Sheet, *, columns: Mapping[str, int], tell: Teller) -> list[Iterator[list[str]]]:
    """All rows, from the limited child straight into a table of this session; their different
    receipts, articles and figures."""
    tell.enter(Stage.READING)
    _run_all(SQL / "open.sql")
    places = [[columns.get(name) for name in part.names] for part in PARTS]
    with connection.cursor() as cursor, sheet.pour_coded(places) as blocks:
        with cursor.cursor.copy("COPY pg_temp.raw_sale FROM STDIN") as copy:
            for block in blocks:
                copy.write(block)
                tell.step(block.count(b"\n"))
        cursor.execute("SET LOCAL default_statistics_target = 10")  # how many there are is enough
        cursor.execute("ANALYZE pg_temp.raw_sale")
    return [blocks.different(n) for n in range(len(PARTS))]


def _run_all(file: Path) -> None:
    """A file of several statements without parameters."""
    with connection.cursor() as cursor:
        for statement in sql.read(file).split(";\n"):
            if statement.strip():
                cursor.execute(statement)


@dataclass(frozen=True)
class Part:
    """One part of a row that repeats: its cells, and where their meaning goes."""

    names: tuple[str, ...]
    copy: str
    count: str


RECEIPTS = Part(
    ("document_no", "store", "sold_at", "member_no", "phone", "guide"),
    "COPY pg_temp.meant_receipt FROM STDIN",
    "ANALYZE pg_temp.meant_receipt",
)
ITEMS = Part(
    ("gtin", "code", "product_name"),
    "COPY pg_temp.meant_item FROM STDIN",
    "ANALYZE pg_temp.meant_item",
)
FIGURES = Part(
    ("line_no", "qty", "price", "amount", "way"),
    "COPY pg_temp.meant_figure FROM STDIN",
    "ANALYZE pg_temp.meant_figure",
)
PARTS = (RECEIPTS, ITEMS, FIGURES)


def _understand(part: Part, different: Iterator[Said], meant: Callable[[Said], Meant]) -> None:
    """Each different combination of cells once: what it means, or which cell is at fault."""
    with connection.cursor() as cursor:
        with cursor.cursor.copy(part.copy) as copy:
            for number, said in enumerate(different):
                *facts, name, reason, details = meant(said)
                cell = said[part.names.index(name)] if name else None
                copy.write_row((number, *facts, name, reason, details, cell))
        cursor.execute(part.count)


class Receipts:
    """The head of a receipt: number, store, moment, buyer, guide."""

    def __init__(self, file: Import) -> None:
        self.stores, self.guides = Stores(), Guides()
        self.default = file.store or (self.stores.only if "store" not in file.columns else None)
        self.latest = now() + timedelta(days=1)
        self.numbering = file.numbering
        self.longest = 60 if file.numbering == Import.Numbering.CHAIN else 30
        self.store_of = lru_cache(maxsize=10_000)(self._store_of)
        self.guide_of = lru_cache(maxsize=10_000)(self._guide_of)

    def meant(self, said: Said) -> Meant:
        """document, store, sold at, sold on, member no, phone's index, guide; then field, reason
        and facts when it cannot be taken."""
        document, store, sold_at, member_no, phone, guide = said
        name, number, shop, day = "document_no", None, None, None
        try:
            number = parse_text(half_width(document), most=self.longest)
            if not number:
                return self._bad(name, NEEDED_HERE)
            name = "store"
            shop = self.store_of(store)
            if shop is None:
                return self._bad(name, UNKNOWN_STORE if store.strip() else NO_STORE, number)
            name = "sold_at"
            moment = self._moment(sold_at, shop)
            if isinstance(moment, str):
                return self._bad(name, moment, number, shop)
            day = moment.astimezone(shop.zone).date()
            name = "member_no"
            buyer = parse_text(member_no, most=40)
        except BadCell as bad:
            return self._bad(name, str(bad._sentence), number, shop, day, bad.facts)
        whole = self._whole(number, shop, day)
        seller = self.guide_of(guide, shop.pk)
        return [whole, shop.pk, moment, day, buyer, _index(phone), seller, None, None, None]

    def _bad(
        self,
        name: str,
        reason: str,
        number: str | None = None,
        store: Store | None = None,
        day: date | None = None,
        facts: dict[str, Any] | None = None,
    ) -> Meant:
        """Bad, but still of its receipt where its number can be told."""
        whole = self._whole(number, store, day) if number else None
        return [whole, None, None, None, None, None, None, name, reason, json.dumps(facts or {})]

    def _whole(self, number: str, store: Store | None, day: date | None) -> str | None:
        """The number as it is unique in the chain."""
        if self.numbering == Import.Numbering.CHAIN:
            return number
        if store is None or (day is None and self.numbering == Import.Numbering.DAY):
            return None
        daily = self.numbering == Import.Numbering.DAY and day is not None
        return f"{store.code}/{day:%Y%m%d}/{number}" if daily else f"{store.code}/{number}"

    def _moment(self, text: str, store: Store) -> datetime | str:
        moment = parse_moment(text)
        if moment is None:
            return NEEDED_HERE
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=store.zone)).astimezone(UTC)
        if moment > self.latest:
            return IN_THE_FUTURE
        return TOO_LONG_AGO if moment.year < FIRST_YEAR else moment

    def _store_of(self, text: str) -> Store | None:
        return self.stores.find(text) if text.strip() else self.default

    def _guide_of(self, text: str, store: int) -> int | None:
        found = self.guides.find(text, store=store) if text.strip() else None
        return found.pk if found else None


def _index(phone: str) -> bytes | None:
    """A buyer's phone decides nothing about the sale: one that cannot be read is not a fault."""
    try:
        number = parse_phone(phone) if phone else None
    except BadCell:
        return None
    return index_of(number) or None if number and not is_dummy_phone(number) else None


def item_of(said: Said) -> Meant:
    """Code, GTIN, name; then field, reason and facts. The catalogue is asked later, in one
    statement for all."""
    gtin, code, words = said
    name = "gtin"
    try:
        bar = _bar_code(gtin)
        name = "code"
        own = parse_code(code)
        name = "product_name"
        title = parse_text(words)[:120]
    except BadCell as bad:
        return [None, None, None, name, str(bad._sentence), json.dumps(bad.facts)]
    local = _local(own) or _local(bar) or title[:40]
    if not local:
        return [None, None, None, "code", NEEDED_HERE, "{}"]
    world = (bar and bar.gtin) or (own and own.gtin)
    return [local, world, title, None, None, None]


def _bar_code(text: str) -> Code | None:
    """It was sold, whatever the scanner read: a wrong bar code is kept as the till wrote it. One
    that Excel has rounded names some other article, and is a fault."""
    try:
        return parse_gtin(text)
    except BadCell as bad:
        if bad.code == "rounded":
            raise
        return parse_code(text)


def _local(code: Code | None) -> str:
    return code.local[:40] if code else ""


def figure_of(said: Said) -> Meant:
    """line number, quantity, amount, field, reason, facts. A return moves the other way."""
    line_no, qty, price, amount, way = said
    name = "line_no"
    try:
        line = parse_count(line_no)
        name = "qty"
        many = parse_quantity(qty)
        name = "price"
        each = parse_money(price)
        name = "amount"
        paid = parse_money(amount)
        name = "way"
        back = parse_way(way) == "return"
    except BadCell as bad:
        return [None, None, None, name, str(bad._sentence), json.dumps(bad.facts)]
    if many is None:
        return [None, None, None, "qty", NEEDED_HERE, "{}"]
    if paid is None:
        paid = (each or Decimal(0)) * many
    if back:
        many, paid = -abs(many), -abs(paid)
    if abs(many) >= QUANTITY_MOST or abs(paid) >= AMOUNT_MOST:
        return [None, None, None, "qty", TOO_BIG, "{}"]
    return [line, many, paid, None, None, None]


def resolve(file: Import) -> bool:
    """Whose receipts these are, and of what, as people and catalogue stand now; whether some of
    them are here already."""
    with in_heaps():
        _run("buyers", file)
        _run("products", file)
        return bool(_run("known", file))


def list_bad(file: Import, *, book: Book) -> None:
    assert connection.connection is not None
    with connection.connection.cursor(name="bad") as cursor:
        cursor.execute(sql.read(SQL / "bad.sql"), {"import": file.pk, **sentences()})
        while rows := cursor.fetchmany(CHUNK):
            book.pour(_found(*row) for row in rows)


def _found(no: int, fault: str, name: str, reason: str, facts: str | None, cell: str) -> Found:
    words = str(FAULTS[fault]) if fault in FAULTS else reason
    return Found(no, name or "", words, json.loads(facts or "{}"), cell or "")


def tally(file: Import) -> dict[str, Any]:
    """How many rows and receipts are new, known, left out."""
    with in_heaps():
        return sql.dicts(SQL / "counts.sql", {"import": file.pk})[0]


def counts(file: Import) -> dict[str, Any]:
    """What will come of it, and which articles the catalogue does not know."""
    told = tally(file)
    with in_heaps():
        rows = sql.run(SQL / "unknown.sql", {"import": file.pk})
    told |= {"unknown_lines": rows[0][3] if rows else 0}
    told |= {"unknown_articles": rows[0][4] if rows else 0}
    if rows:
        told["unknown"] = [[code, name, many] for code, name, many, *_of_all in rows]
    return told


def is_staged(file: Import) -> bool:
    """Unlogged tables are empty after a crash of the database; then the file is read again."""
    told = file.counts
    found = sql.run(SQL / "staged.sql", {"import": file.pk})[0][0]
    return bool(found) and found == told.get("staged")


def sell(file: Import, *, tell: Teller) -> None:
    """The receipts come in, whole or not at all."""
    tell.enter(Stage.IMPORTING)
    with in_heaps():
        _run("sell", file)
        _run("sell_lines", file)


def forget(file: Import) -> None:
    """The staging tables are empty again."""
    sql.changed(SQL / "forget.sql", {"import": file.pk})


def take_back(file: Import) -> list[int]:
    """The receipts of this file are gone; the families that had them."""
    asked = {"import": file.pk}
    families = [pk for (pk,) in sql.run(SQL / "families.sql", asked)]
    for step in ("take_back_lines", "take_back"):
        sql.changed(SQL / f"{step}.sql", asked)
    return families
