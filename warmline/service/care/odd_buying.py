"""Odd buying is watched and resolved (S30): a night looks for what is far from usual; somebody looks into
it, and says what it was. What "usual" is stands in rows that head office changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.base.crypto import blind
from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.core.journal.recording import record, record_many
from warmline.core.people.models import Child, Staff
from warmline.core.playbooks.rounds import nightly
from warmline.goods.catalog.daily_use import CATEGORIES
from warmline.service.care.models import BuyingRule, OddBuying
from warmline.service.care.signals import BuyingRuled, OddBuyingFound, OddBuyingResolved

SQL = Path(__file__).parent / "sql"
Kind, Status = BuyingRule.Kind, OddBuying.Status
AT_MOST = 500  # of one rule in one night: what is more is found the next night
CONSIDERED = 50_000  # above the count; whether it is above their use is reckoned of so many at most
AT_ONCE = 1_000
WORDS_MAX = 500
COLUMNS = ("household", "card", "staff", "product", "store")
BEGINNING = (  # kind, days, count, per cent
    (Kind.HOARD, 30, 12, 200),
    (Kind.CARD, 1, 4, 0),
    (Kind.STAFF, 30, 6, 0),
    (Kind.RETURNS, 60, 4, 50),
)
BOUNDS = {"days": (1, 365), "count_max": (1, 1000), "percent_max": (0, 1000)}
Row = dict[str, Any]


def install(rules: Any) -> None:
    """What a chain begins with; what it changed stays."""
    for code, days, count, percent in BEGINNING:
        rules.objects.get_or_create(
            code=code.value,
            defaults={"days": days, "count_max": count, "percent_max": percent},
        )


@dataclass(frozen=True)
class Watched:
    """How much a night found."""

    found: int


@nightly("odd_buying")
def watch() -> Watched:
    """Yesterday, and as many days before it as each rule looks at."""
    yesterday = today(ZoneInfo(settings.TIME_ZONE)) - timedelta(days=1)
    return Watched(sum(look(rule, yesterday) for rule in BuyingRule.objects.filter(is_on=True)))


@transaction.atomic
def look(rule: BuyingRule, until: date) -> int:
    """Find what is odd by one rule, up to a day. Whoever was found for days that overlap is not found
    again: once is enough to look into it."""
    since = until - timedelta(days=rule.days)
    with connection.cursor() as cursor:  # all receipts of a large chain take longer than a page may
        cursor.execute("SET LOCAL statement_timeout = '30min'")
    asked = {
        "rule": rule.pk,
        "since": since,
        "until": until,
        "count_max": rule.count_max,
        "percent_max": rule.percent_max,
        "considered": CONSIDERED,
        **(_colleagues() if rule.code == Kind.STAFF else {}),
    }
    rows: Iterable[Row] = sql.dicts(SQL / f"odd_{rule.code}.sql", asked)
    if rule.code == Kind.HOARD:
        rows = _above_use(rows, rule, until)
    once: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        once.setdefault(_who(row), row)
        if len(once) == AT_MOST:
            break
    fresh = list(once.values())
    if rule.code in (Kind.HOARD, Kind.RETURNS):
        fresh = _with_receipts(fresh, since, until, is_back=rule.code == Kind.RETURNS)
    found = OddBuying.objects.bulk_create(
        [
            OddBuying(
                rule=rule,
                since=since + timedelta(days=1),
                until=until,
                figures=_figures(row),
                **{f"{name}_id": row[name] for name in COLUMNS if name != "card"},
                card=row["card"],
            )
            for row in [*fresh][-AT_MOST:]
        ]
    )
    if found:
        record_many(
            [
                OddBuyingFound(household=odd.household_id, store=odd.store_id, odd=odd.pk)
                for odd in found
            ]
        )
    return len(found)


def _with_receipts(rows: list[Row], since: date, until: date, *, is_back: bool) -> list[Row]:
    """With what there is to look into; whose receipts became another family's meanwhile is nobody's."""
    asked = {
        "households": [row["household"] for row in rows],
        "products": [row["product"] for row in rows],
        "since": since,
        "until": until,
        "is_back": is_back,
    }
    return [
        {**rows[n], "store": store, "receipts": receipts}
        for n, store, receipts in sql.run(SQL / "odd_receipts.sql", asked)
        if store
    ]


def _who(row: Row) -> tuple[Any, ...]:
    return row["household"], row["card"], row["staff"], row["product"]


def _figures(row: Row) -> Row:
    said = {name: value for name, value in row.items() if name not in COLUMNS}
    return {name: f"{v}" if isinstance(v, date) else v for name, v in said.items()}


def _colleagues() -> Row:
    """The colleagues' own numbers, as members' numbers are kept: blind."""
    found: dict[int, bytes] = {}
    for pk, phone in Staff.objects.exclude(phone="").values_list("pk", "phone"):
        try:
            number = parse_phone(phone)
        except BadCell:
            continue
        if number:
            found[pk] = blind(number)
    return {"staff": list(found), "numbers": list(found.values())}


def _above_use(rows: Iterable[Row], rule: BuyingRule, until: date) -> Iterator[Row]:
    """Only what is far above what the family's babies use in these days, fed with nothing else."""
    middle = until - timedelta(days=rule.days // 2)
    for some in _batched(rows, AT_ONCE):
        babies: dict[int, list[float]] = {row["household"]: [] for row in some}
        for child in Child.objects.filter(household__in=babies).defer("name"):
            if born := child.born_on or child.due_on:
                babies[child.household_id].append((middle - born).days)
        for row in some:
            category = CATEGORIES.get(row["category"])
            if category is None or category.per_day is None or not row["content"]:
                yield row  # nobody knows how much of it is used: the count alone is odd
                continue
            need = rule.days * sum(category.per_day(age) for age in babies[row["household"]])
            if row["content"] * 100 > need * rule.percent_max:
                yield {
                    **row,
                    "need": round(need),
                    "percent": round(100 * row["content"] / need) if need else None,
                }


def _batched(rows: Iterable[Row], size: int) -> Iterator[tuple[Row, ...]]:
    left = iter(rows)
    while some := tuple(islice(left, size)):
        yield some


def sentence(odd: OddBuying) -> str:
    """What was seen, in one sentence; who it is stands on the family's own page."""
    told: Mapping[str, Any] = {
        **odd.figures,
        "product": odd.product,
        "days": (odd.until - odd.since).days + 1,
    }
    match odd.rule.code:
        case Kind.HOARD if odd.figures.get("percent"):
            return (
                _(
                    "%(packs)g packs of %(product)s in %(days)s days: %(percent)s%% of what the babies use."
                )
                % told
            )
        case Kind.HOARD:
            return (
                _(
                    "%(packs)g packs of %(product)s in %(days)s days, and no baby known that uses them."
                )
                % told
            )
        case Kind.CARD:
            return _("The same card %(times)s times on %(on_day)s, ¥%(amount).2f together.") % told
        case Kind.STAFF:
            name = odd.staff.name if odd.staff else ""
            return _("%(name)s's own number %(times)s times in %(days)s days, ¥%(amount).2f together.") % {
                **told, "name": name,
            }  # fmt: skip
    return _("%(returned)g packs brought back in %(days)s days, of %(bought)g bought.") % told


@transaction.atomic
def opened(odd: OddBuying, case: int) -> None:
    """The desk looks into it, in this case."""
    OddBuying.objects.filter(pk=odd.pk, case_id__isnull=True).update(case_id=case)


@transaction.atomic
def resolve(odd: OddBuying, *, is_explained: bool, words: str, by: Staff) -> None:
    """It was looked into: there is a reason, or it was misuse and is stopped. Nobody resolves what is
    about herself."""
    words = words.strip()[:WORDS_MAX]
    if not words:
        raise ValidationError({"words": _("Say what it was, in a few words.")})
    if odd.staff_id == by.pk:
        raise ValidationError(_("Somebody else looks into what is about yourself."))
    with odd.move(Status.EXPLAINED if is_explained else Status.CONFIRMED):
        odd.words, odd.resolved_by, odd.resolved_at = words, by, now()
    told = OddBuyingResolved(
        household=odd.household_id,
        store=odd.store_id,
        odd=odd.pk,
        case=odd.case_id,
        is_explained=is_explained,
    )
    record(told, by=by)


@transaction.atomic
def keep_rule(rule: BuyingRule, *, by: Staff | None, **facts: Any) -> BuyingRule:
    """From when on it is odd; with who changed it, and from what."""
    wrong = {
        name: _("Between %(least)s and %(most)s.") % {"least": least, "most": most}
        for name, (least, most) in BOUNDS.items()
        if name in facts and not least <= facts[name] <= most
    }
    if wrong:
        raise ValidationError(wrong)
    changes = {n: [getattr(rule, n), v] for n, v in facts.items() if getattr(rule, n) != v}
    for name, value in facts.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save()
    if changes:
        record(BuyingRuled(rule=rule.code, changes=changes), by=by)
    return rule
