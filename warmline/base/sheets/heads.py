"""Which column is which: find the row of heads, the kind of table, and what each head means."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from warmline.base.sheets.aliases import ALIASES

KINDS: dict[str, LazyText] = {
    "members": _("Members"),
    "babies": _("Babies"),
    "products": _("Products"),
    "sales": _("Sales"),
    "stores": _("Stores"),
    "staff": _("Staff"),
}
LABELS: dict[str, LazyText] = {
    "address": _("Address"),
    "amount": _("Amount"),
    "baby_birth_on": _("Baby's birthday"),
    "baby_due_on": _("Due date"),
    "baby_name": _("Baby's name"),
    "baby_sex": _("Baby's sex"),
    "birth_on": _("Birthday"),
    "birthday": _("Birthday"),
    "brand": _("Brand"),
    "category": _("Category"),
    "city": _("City"),
    "code": _("Code"),
    "consent": _("Agreed (yes or no)"),
    "content": _("Net content"),
    "document_no": _("Receipt number"),
    "due_on": _("Due date"),
    "feeding": _("Feeding"),
    "gtin": _("Barcode"),
    "guide": _("Guide"),
    "joined_on": _("Joined on"),
    "latitude": _("Latitude"),
    "line_no": _("Line"),
    "longitude": _("Longitude"),
    "member_name": _("Member's name"),
    "member_no": _("Member number"),
    "name": _("Name"),
    "note": _("Note"),
    "opened_on": _("Opened on"),
    "phone": _("Phone"),
    "points": _("Points"),
    "price": _("Price"),
    "product_name": _("Product"),
    "qty": _("Quantity"),
    "region": _("Region"),
    "role": _("Role"),
    "sale_price": _("Selling price"),
    "sex": _("Sex"),
    "sold_at": _("Sold at"),
    "spec": _("Specification"),
    "stage": _("Stage"),
    "status": _("Status"),
    "store": _("Store"),
    "supplier": _("Supplier"),
    "tier": _("Tier"),
    "unit": _("Unit"),
    "way": _("Sale or return"),
}
# What a table cannot do without: one of each group.
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "members": (("member_no", "phone"),),
    "babies": (("member_no", "phone"), ("birth_on", "due_on")),
    "products": (("code", "gtin"), ("name",)),
    "sales": (("document_no",), ("sold_at",), ("code", "gtin", "product_name"), ("qty",)),
    "stores": (("name", "code"),),
    "staff": (("name",), ("store",)),
}
# Heads that speak for one kind of table more than for the others.
TELLING: dict[str, frozenset[str]] = {
    "members": frozenset({"name", "points", "tier", "joined_on", "birthday"}),
    "babies": frozenset({"birth_on", "due_on", "feeding"}),
    "products": frozenset({"brand", "category", "spec", "unit", "stage", "supplier"}),
    "sales": frozenset({"document_no", "sold_at", "qty", "amount", "way"}),
    "stores": frozenset({"region", "address", "latitude", "city", "opened_on"}),
    "staff": frozenset({"role", "code"}),
}
HEADS_WITHIN = 30
# The columns that a file to mend carries; they say nothing when it comes back.
PROBLEM_HEADS = {"问题", "问题列", "问题行", "problem", "problemcolumn", "problemrow"}


@dataclass(frozen=True)
class Mapping:
    """Which field is in which column (counted from 0), and what is left over or lacking."""

    kind: str
    columns: dict[str, int] = field(default_factory=dict)
    unmatched: tuple[int, ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()
    score: float = 0

    def places(self, fields: Sequence[str]) -> list[int | None]:
        """The columns of these fields in this order: what `Sheet.pour` asks for."""
        return [self.columns.get(name) for name in fields]


@dataclass(frozen=True)
class Head:
    """The row of heads: its number (from 1), its cells, and what they are taken to mean."""

    row: int
    cells: list[str]
    names: list[str]
    mapping: Mapping

    @property
    def score(self) -> float:
        return self.mapping.score


def normal(head: str) -> str:
    """A head as compared: half-width, lower case, without blanks, marks and remarks in brackets."""
    text = unicodedata.normalize("NFKC", head).lower()
    text = re.sub(r"[(\[【].*?[)\]】]|必填|选填|required|optional", "", text)
    return re.sub(r"[\W_]+", "", text)


def is_problem_head(head: str) -> bool:
    return normal(head) in PROBLEM_HEADS


@cache
def _known(kind: str) -> dict[str, list[tuple[str, int]]]:
    """alias -> the fields it may mean, each with its rank in that field's list."""
    known: dict[str, list[tuple[str, int]]] = {}
    for name, aliases in ALIASES[kind].items():
        for rank, alias in enumerate([name, *aliases.split()]):
            known.setdefault(normal(alias), []).append((name, rank))
    return known


def guess(kind: str | None, headers: Sequence[str]) -> Mapping:
    """What the columns mean; of any kind when none is said, the one that fits best."""
    if kind is not None:
        return _map(kind, headers)
    return max((_map(each, headers) for each in KINDS), key=lambda mapping: mapping.score)


def _map(kind: str, headers: Sequence[str]) -> Mapping:
    offers = sorted(
        (likeness, name, column)
        for column, head in enumerate(headers)
        if not is_problem_head(head)
        for likeness, name in _offers(kind, normal(head))
    )
    columns: dict[str, int] = {}
    taken: set[int] = set()
    for _likeness, name, column in offers:
        if name not in columns and column not in taken:
            columns[name] = column
            taken.add(column)
    missing = tuple(group for group in NEEDED[kind] if not any(name in columns for name in group))
    unmatched = tuple(
        column
        for column, head in enumerate(headers)
        if column not in taken and head.strip() and not is_problem_head(head)
    )
    score = sum(2.0 if name in TELLING[kind] else 1.0 for name in columns)
    score -= 2 * len(missing) + 0.25 * len(unmatched)
    return Mapping(kind, columns, unmatched, missing, score if columns else 0)


def _offers(kind: str, head: str) -> list[tuple[int, str]]:
    """The fields a head may mean, best (lowest) first: said outright, or with words around it."""
    if not head:
        return []
    known = _known(kind)
    if head in known:
        return [(rank, name) for name, rank in known[head]]
    inside = [
        (1000 - 10 * len(alias) + rank, name)
        for alias, meanings in known.items()
        if len(alias) >= (2 if not alias.isascii() else 5) and alias in head
        for name, rank in meanings
    ]
    return sorted(inside)[:1]


def find_head(
    rows: Sequence[Sequence[str]], *, kind: str | None = None, row: int | None = None
) -> Head:
    """The heads are where most aliases are, or in the `row` that somebody says they are."""
    if row is not None and 1 <= row <= len(rows):
        return _head(rows, row - 1, kind=kind)
    best: Head | None = None
    for at, cells in enumerate(rows[:HEADS_WITHIN]):
        if not any(cell.strip() for cell in cells):
            continue
        head = _head(rows, at, kind=kind)
        if head.mapping.columns and (best is None or head.score > best.score):
            best = head
    if best is not None and best.score > 0:
        return best
    return _widest(rows, kind=kind)


def _head(rows: Sequence[Sequence[str]], at: int, *, kind: str | None) -> Head:
    names = _names(rows[at - 1] if at else (), rows[at])
    return Head(at + 1, list(rows[at]), names, guess(kind, names))


def _widest(rows: Sequence[Sequence[str]], *, kind: str | None) -> Head:
    """Nothing is known: the first of the fullest rows, for a person to say what is what."""
    top = rows[:10] or [[""]]
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in top]
    at = filled.index(max(filled))
    names = [cell.strip() for cell in top[at]]
    return Head(at + 1, list(top[at]), names, guess(kind, names))


def _names(above: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Heads of two storeys: 宝宝信息 over 姓名 is 宝宝姓名; a tall cell lends its words down."""
    groups = [cell.strip() for cell in above]
    names = [cell.strip() for cell in cells]
    if len({group for group in groups if group}) < 2:
        return names
    group = ""
    for column, name in enumerate(names):
        over = groups[column] if column < len(groups) else ""
        group = over or group
        if not name:
            names[column] = over
        elif normal(group).startswith(("宝宝", "小孩", "孩子", "baby")) and "宝" not in name:
            names[column] = re.sub("信息|资料|情况|档案", "", group) + name
    return names
