"""A recall: from a word about a lot to who has it, in a second; frozen, told, counted to the last tin.

Declaring freezes what is called back (`scopes`) at once: nothing of it is sold from that moment on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.goods.trace import copying, journeys, own_events, scopes
from warmline.goods.trace.identity.keys import lgtin
from warmline.goods.trace.models import (
    Lot,
    Party,
    Place,
    Recall,
    RecallFamily,
    RecallHolding,
    RecallScope,
    Unit,
    UnitOwner,
)
from warmline.goods.trace.own_events import moment
from warmline.goods.trace.packing import DEPTH_MAX
from warmline.goods.trace.scopes import Scope
from warmline.goods.trace.signals import (
    RecallClosed,
    RecallDeclared,
    RecallTouchesFamily,
    RecallWithdrawn,
)

SQL = Path(__file__).parent / "sql"
AT_HAND = 0.97  # how likely a tin is still there that the family tells of today


@dataclass(frozen=True, slots=True)
class Stock:
    """What a shop, dealer or warehouse has of it now."""

    party: Party | None
    place: Place | None
    units: int


@dataclass(frozen=True, slots=True)
class Buyer:
    """A family that bought some."""

    household: int
    store: int
    units: list[int]
    last_sold_at: datetime


@dataclass(frozen=True, slots=True)
class Impact:
    """Who has it, as far as we know, and how long it took to know."""

    stock: list[Stock]
    buyers: list[Buyer]
    units: int
    sold: int
    destroyed: int
    took_ms: int


def impact(scope: Scope) -> Impact:
    """Who has some of it now: stock by holder, and each family. Nothing is written."""
    begun = perf_counter()
    rows = sql.run(SQL / "recall_stock.sql", scope.params())
    stock = _by_holder(rows)
    buyers = _buyers(scope)
    return Impact(
        stock=stock,
        buyers=buyers,
        units=sum(row[4] + row[5] + row[6] for row in rows),
        sold=sum(row[5] for row in rows),
        destroyed=sum(row[6] for row in rows),
        took_ms=round((perf_counter() - begun) * 1000),
    )


def _buyers(scope: Scope) -> list[Buyer]:
    return [Buyer(*row) for row in sql.run(SQL / "recall_families.sql", scope.params())]


def _by_holder(rows: Sequence[tuple[Any, ...]]) -> list[Stock]:
    """What a case or pallet was last said of holds for the tins in it."""
    above = _containers({row[0] for row in rows if row[0] is not None})
    counted: dict[tuple[int | None, int | None], int] = {}
    for parent, place, party, told_at, in_stock, _sold, _destroyed in rows:
        if not in_stock:
            continue
        holder = (place, party)
        latest = told_at if place else journeys.EVER
        while parent in above:
            up, its_place, its_party, its_time = above[parent]
            if its_place and its_time >= latest:
                holder, latest = (its_place, its_party), its_time
            parent = up
        counted[holder] = counted.get(holder, 0) + in_stock
    places = Place.objects.select_related("party__store").in_bulk({p for p, _q in counted if p})
    parties = Party.objects.select_related("store").in_bulk({q for _p, q in counted if q})
    merged: dict[tuple[int | None, int | None], Stock] = {}
    for (place, party), units in counted.items():
        where = places.get(place) if place else None
        who = (where.party if where and where.party else None) or (
            parties.get(party) if party else None
        )
        key = (who.pk if who else None, where.pk if where else None)
        known = merged.get(key)
        merged[key] = Stock(who, where, units + (known.units if known else 0))
    return sorted(merged.values(), key=lambda one: -one.units)


Container = tuple[int | None, int | None, int | None, datetime]


def _containers(ids: set[int]) -> dict[int, Container]:
    found: dict[int, Container] = {}
    level = ids
    for _depth in range(DEPTH_MAX):
        level = level - found.keys()
        if not level:
            break
        rows = Unit.objects.filter(unit_id__in=list(level)).values_list(
            "unit_id", "parent_id", "place_id", "party_id", "state_time"
        )
        fresh = {row[0]: row[1:] for row in rows}
        found |= fresh
        level = {parent for parent, *_more in fresh.values() if parent is not None}
    return found


@transaction.atomic
def declare(
    scope: Scope,
    *,
    title: str,
    reason: str,
    advice: str = "",
    level: int = Recall.Level.FIRST,
    is_drill: bool = False,
    known_at: datetime | None = None,
    by: Staff | None = None,
) -> Recall:
    """Call it back: frozen from now on; who has it is written down, and families will be told."""
    if scope.is_empty:
        raise ValidationError(_("Nothing that we know of belongs to this."))
    if not title.strip() or not reason.strip():
        raise ValidationError(_("A recall has a title and a reason."))
    found = impact(scope)
    recall = Recall.objects.create(
        title=title.strip()[:120],
        reason=reason.strip(),
        advice=advice.strip(),
        level=level,
        is_drill=is_drill,
        known_at=known_at or now(),
        declared_by=by,
        units=found.units,
        sold=found.sold,
        impact_ms=found.took_ms,
    )
    RecallScope.objects.bulk_create(
        [RecallScope(recall=recall, lot_id=lot, said=said) for lot, said in scope.lots.items()]
        + [
            RecallScope(recall=recall, first_unit=first, last_unit=last, said=said)
            for first, last, said in scope.runs
        ]
    )
    RecallHolding.objects.bulk_create(
        [
            RecallHolding(
                recall=recall,
                party=one.party,
                place=one.place,
                store=one.party.store if one.party else None,
                stock=one.units,
            )
            for one in found.stock
        ]
    )
    copying.copy_rows(
        "trace_recallfamily",
        "recall_id household_id store_id units last_sold_at chance_open told_by returned used_up",
        [
            (
                recall.pk,
                one.household,
                one.store,
                copying.array(one.units),
                one.last_sold_at,
                "0",
                "",
                0,
                0,
            )
            for one in found.buyers
        ],
    )
    if not is_drill:
        _tell_partners(scope, "set", by=by)
    record(RecallDeclared(recall=recall.pk, is_drill=is_drill), by=by)
    return recall


def _tell_partners(scope: Scope, which: str, *, by: Staff | None) -> None:
    """The event that partners read: these lots are recalled, or (`unset`) no longer."""
    at = now()
    events = [
        {
            "type": "ObjectEvent",
            **moment(at),
            "action": "OBSERVE",
            "bizStep": "holding",
            "persistentDisposition": {which: ["recalled"]},
            "quantityList": [{"epcClass": lgtin(lot.gtin, lot.number)}],
        }
        for lot in Lot.objects.filter(pk__in=scope.lots)
    ]
    if events:
        own_events.tell(events, by=by)


def tell(family: RecallFamily, *, how: str, contact_id: int | None = None) -> None:
    """The family knows: who told it, how and when stays as the proof."""
    with transaction.atomic():
        locked = RecallFamily.objects.select_for_update().get(pk=family.pk)
        if locked.told_at is None:
            locked.told_at, locked.told_by, locked.contact_id = now(), how, contact_id
            locked.save(update_fields=["told_at", "told_by", "contact_id"])


def account(family: RecallFamily, *, returned: int = 0, used_up: int = 0) -> None:
    """What became of the tins that a family had."""
    with transaction.atomic():
        locked = RecallFamily.objects.select_for_update().get(pk=family.pk)
        left = len(locked.units) - locked.returned - locked.used_up
        if returned < 0 or used_up < 0 or returned + used_up > left:
            raise ValidationError(_("The family has %(left)s left.") % {"left": left})
        locked.returned += returned
        locked.used_up += used_up
        locked.save(update_fields=["returned", "used_up"])


def account_for_strangers(recall: Recall, *, back: int) -> None:
    """Tins came back, or are known to be used up, of buyers who left no name."""
    with transaction.atomic():
        locked = Recall.objects.select_for_update().get(pk=recall.pk)
        found = effect(locked)
        left = found.strangers - found.strangers_back
        if not 0 < back <= left:
            raise ValidationError(
                _("Buyers whom nobody knows have %(left)s left.") % {"left": left}
            )
        locked.strangers_back = found.strangers_back + back
        locked.save(update_fields=["strangers_back"])


def missed(recall: Recall) -> list[UnitOwner]:
    """Sold to families between the instant the list of them was read and the one it was written at."""
    bought = {unit for one in _buyers(scopes.of_recall(recall)) for unit in one.units}
    for units in recall.families.values_list("units", flat=True):
        bought.difference_update(units)
    return list(UnitOwner.objects.filter(unit_id__in=bought, returned_at=None))


def join(recall: Recall, owner: UnitOwner, *, was_stock: bool) -> None:
    """A family turns out to have one after the declaration: it registers it, or the till told late."""
    assert owner.household_id is not None
    with transaction.atomic():
        Recall.objects.select_for_update().get(pk=recall.pk)
        rows = recall.families.select_for_update()
        if rows.with_unit(owner.unit_id).exists():
            return
        family, is_new = rows.get_or_create(
            household_id=owner.household_id,
            defaults={
                "recall": recall,
                "store_id": owner.store_id,
                "units": [],
                "last_sold_at": owner.sold_at,
                "chance_open": AT_HAND,
            },
        )
        family.units = [*family.units, owner.unit_id]
        family.save(update_fields=["units"])
        if was_stock:
            Recall.objects.filter(pk=recall.pk).update(sold=F("sold") + 1)
            left = recall.holdings.filter(store=owner.store_id, stock__gt=0).order_by("pk")[:1]
            recall.holdings.filter(pk__in=left.values("pk")).update(stock=F("stock") - 1)
        if is_new:
            record(touching(family))


def touching(family: RecallFamily) -> RecallTouchesFamily:
    """What playbooks hear: this family is owed a call."""
    recall = family.recall
    return RecallTouchesFamily(
        household=family.household_id,
        store=family.store_id or 0,
        recall=recall.pk,
        title=recall.title,
        advice=recall.advice,
        level=recall.level,
        tins=len(family.units),
        chance_open=family.chance_open,
    )


def confirm(
    holding: RecallHolding, *, set_aside: int, destroyed: int = 0, by: Staff | None = None
) -> None:
    """A shop or dealer says that it put its stock aside, and how much was destroyed."""
    with transaction.atomic():
        locked = RecallHolding.objects.select_for_update().get(pk=holding.pk)
        if set_aside < 0 or destroyed < 0 or destroyed > set_aside:
            raise ValidationError(_("No more is destroyed than was set aside."))
        locked.set_aside, locked.destroyed = set_aside, destroyed
        locked.confirmed_at, locked.confirmed_by = now(), by
        locked.save(update_fields=["set_aside", "destroyed", "confirmed_at", "confirmed_by"])


def close(recall: Recall, *, outcome: str, by: Staff | None = None) -> None:
    """All is accounted for, or head office says why not; the freeze stays with the tins."""
    with transaction.atomic():
        _end(recall, Recall.Status.CLOSED, outcome)
        record(RecallClosed(recall=recall.pk), by=by)


def withdraw(recall: Recall, *, outcome: str, by: Staff | None = None) -> None:
    """The alarm was false: what was frozen may be sold again."""
    with transaction.atomic():
        _end(recall, Recall.Status.WITHDRAWN, outcome)
        if not recall.is_drill:
            _tell_partners(scopes.of_recall(recall), "unset", by=by)
            record(RecallWithdrawn(recall=recall.pk), by=by)


def _end(recall: Recall, to: str, outcome: str) -> None:
    if not outcome.strip():
        raise ValidationError(_("Say what came of it."))
    with recall.move(to):
        recall.outcome, recall.ended_at = outcome.strip(), now()


@dataclass(frozen=True, slots=True)
class Effect:
    """How far it is: tins and families accounted for."""

    stock: int
    set_aside: int
    destroyed: int
    holders: int
    holders_confirmed: int
    families: int
    told: int
    texted: int
    sold: int
    returned: int
    used_up: int
    found: int  # of the stock that was known
    strangers: int  # tins whose buyers nobody knows
    strangers_back: int

    @property
    def share(self) -> float:
        """Of all tins out there, how many are accounted for."""
        whole = self.stock + self.sold + self.strangers
        done = self.found + self.returned + self.used_up + self.strangers_back
        return done / whole if whole else 1.0


def effect(recall: Recall) -> Effect:
    """The figures on the wall."""
    ((*figures,),) = sql.run(SQL / "recall_effect.sql", {"recall": recall.pk})
    return Effect(*figures)
