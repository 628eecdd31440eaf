"""Goods where they should not be: eight rules, each with its evidence, none of them a verdict.

A single tin proves nothing: families travel. What counts is how many of a dealer's tins turn up
elsewhere (`suspects`); a rule writes down what it saw, and head office decides.

    R1 outside the territory of whoever had it last     R5 looked up by too many devices
    R2 received by somebody it was not sent to          R6 one case's tins in too many cities
    R3 sold where it was never received                 R7 opened, and its outer code never sold
    R4 faster than anything drives                      R8 read after it was sold, destroyed or recalled
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace import journeys, knowing, reading
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.identity.keys import parse
from warmline.goods.trace.journeys import Step
from warmline.goods.trace.models import (
    Edge,
    Event,
    Oddity,
    Party,
    Place,
    Redemption,
    ScanCount,
    Unit,
    Word,
)
from warmline.goods.trace.shredding import canonical

RULES: dict[str, Any] = {
    "R1": _("Outside the territory"),
    "R2": _("Received by somebody else"),
    "R3": _("Sold, never received"),
    "R4": _("Faster than anything drives"),
    "R5": _("Looked up by many devices"),
    "R6": _("One case, many cities"),
    "R7": _("Opened, never sold"),
    "R8": _("Read after its end"),
    "elsewhere": _("In two cases at once"),
    "in_itself": _("A case in itself"),
    "commissioned_twice": _("Coded twice"),
    "sold_twice": _("Sold twice"),
}
LOOKED_AT = ("receiving", "accepting", "stocking", "retail_selling")
EVENTS_MAX, UNITS_MAX = 300, 300  # of one document, of one event
KM_PER_HOUR, NEAR_KM = 900, 30
DEVICES_MAX, CITIES_MAX = 8, 3


@dataclass(frozen=True, slots=True)
class Hint:
    """What a rule saw of one unit."""

    rule: str
    unit: int
    event: int | None
    party: Party | None
    evidence: dict[str, Any]
    area: str = ""


def look_at(first: int, last: int) -> int:
    """Hold the events of one document against the rules; how many oddities are new."""
    words = [full(step, "bizStep") for step in LOOKED_AT]
    numbers = list(Word.objects.filter(uri__in=words).values_list("pk", flat=True))
    events = Event.objects.filter(pk__gte=first, pk__lte=last, biz_step__in=numbers)
    ids = list(events.order_by("pk").values_list("pk", flat=True)[:EVENTS_MAX])
    named: dict[int, list[int]] = {}
    for event, (said, _context) in reading.told(ids).items():
        keys = [parse(uri) for uri in said.get("epcList", ())][:UNITS_MAX]
        named[event] = list(knowing.find(keys).values())
    hints: list[Hint] = []
    for event, units in named.items():
        for unit in units:
            hints += judged(unit, event)
    return write(hints)


def judged(unit: int, event: int) -> list[Hint]:
    """What the rules say of one unit at one event of its journey."""
    steps = journeys.journey(unit)
    here = next((n for n, step in enumerate(steps) if step.event == event), None)
    if here is None:
        return []
    now_, before = steps[here], steps[:here]
    found = [
        _territory(unit, now_, before),
        _other_receiver(unit, now_, before),
        _never_received(unit, now_, before),
        _too_fast(unit, now_, before),
        _after_its_end(unit, now_, before),
    ]
    area = now_.place.area if now_.place else ""
    return [replace(hint, area=area) for hint in found if hint]


def chain(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Evidence: who had it, where and when, by which document."""
    shown = list(steps)[-8:]
    facts = dict(Event.objects.filter(pk__in=[s.event for s in shown]).values_list("pk", "facts"))
    return [
        {
            "at": step.at.isoformat(),
            "step": step.step,
            "place": str(step.place) if step.place else "",
            "city": step.place.city if step.place else "",
            "party": str(step.party or (step.place.party if step.place else "") or ""),
            "document": _document(facts.get(step.event)),
            "event": step.event,
        }
        for step in shown
    ]


def _document(facts: dict[str, Any] | None) -> str:
    """The number of the delivery note or receipt, if the event named one."""
    named = (facts or {}).get("bizTransaction", {})
    numbers = [uri for uris in named.values() for uri in uris]
    return unquote(str(numbers[0])).rsplit(":", 1)[-1].rsplit("/", 1)[-1][:60] if numbers else ""


def _party(step: Step) -> Party | None:
    return step.party or (step.place.party if step.place else None)


def _territory(unit: int, step: Step, before: list[Step]) -> Hint | None:
    """R1: only where both are known, the dealer's territory and the area of the place."""
    if not step.place or not step.place.area:
        return None
    last = next((p for p in (_party(s) for s in reversed(before)) if p and p.territory), None)
    mine = _party(step)
    if last is None or (mine and mine.pk == last.pk):
        return None
    if any(step.place.area.startswith(area) for area in last.territory):
        return None
    return Hint(
        "R1", unit, step.event, last, {"area": step.place.area, "chain": chain([*before, step])}
    )


def _other_receiver(unit: int, step: Step, before: list[Step]) -> Hint | None:
    """R2: the shipment named its receiver."""
    if step.step not in ("receiving", "accepting"):
        return None
    shipped = next((s for s in reversed(before) if s.step == "shipping"), None)
    receiver = _party(step)
    if shipped is None or receiver is None:
        return None
    meant = _meant_for(shipped.event)
    if not meant or receiver.uri in meant:
        return None
    said = {
        "meant_for": sorted(meant),
        "received_by": receiver.uri,
        "chain": chain([*before, step]),
    }
    return Hint("R2", unit, step.event, receiver, said)


def _meant_for(event: int) -> set[str]:
    facts = Event.objects.filter(pk=event).values_list("facts", flat=True).first() or {}
    listed = facts.get("destination", {})
    kinds = [full(kind, "sourceType") for kind in ("possessing_party", "owning_party")]
    return {canonical(uri) for kind in kinds for uri in listed.get(kind, ())}


def _never_received(unit: int, step: Step, before: list[Step]) -> Hint | None:
    """R3: a shop sells what it never read in; a hop is missing."""
    seller = _party(step)
    if step.step != "retail_selling" or seller is None:
        return None
    arrived = {"receiving", "accepting", "storing", "stocking", "unpacking"}
    if any(s.step in arrived and (p := _party(s)) and p.pk == seller.pk for s in before):
        return None
    return Hint("R3", unit, step.event, seller, {"chain": chain([*before, step])})


def _too_fast(unit: int, step: Step, before: list[Step]) -> Hint | None:
    """R4: two readings that no lorry and no aeroplane lies between."""
    last = next((s for s in reversed(before) if _is_on_the_map(s.place)), None)
    if last is None or not _is_on_the_map(step.place):
        return None
    assert last.place is not None
    assert step.place is not None
    km = distance_km(last.place, step.place)
    hours = max((step.at - last.at) / timedelta(hours=1), 1 / 60)
    if km < NEAR_KM or km / hours <= KM_PER_HOUR:
        return None
    said = {"km": round(km), "hours": round(hours, 2), "chain": chain([last, step])}
    return Hint("R4", unit, step.event, _party(step), said)


def _is_on_the_map(place: Place | None) -> bool:
    return place is not None and place.latitude is not None and place.longitude is not None


def distance_km(one: Place, other: Place) -> float:
    """Along the great circle."""
    lat1, lon1, lat2, lon2 = (
        radians(v or 0) for v in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def _after_its_end(unit: int, step: Step, before: list[Step]) -> Hint | None:
    """R8: sold and not returned, destroyed or recalled, and yet on the move."""
    own = [s for s in before if s.unit == unit]
    ended = ""
    for s in own:
        if s.step in ("destroying", "decommissioning") or s.disposition == "destroyed":
            ended = "destroyed"
        elif s.step == "retail_selling":
            ended = "sold"
        elif s.disposition == "returned" and ended == "sold":
            ended = ""
    if not ended or step.disposition == "returned":
        return None
    return Hint(
        "R8", unit, step.event, _party(step), {"was": ended, "chain": chain([*before, step])}
    )


def look_at_scans(unit: int) -> int:
    """R5 after a family's look: too many devices for one tin."""
    count = ScanCount.objects.filter(pk=unit).first()
    if count is None or count.devices <= DEVICES_MAX:
        return 0
    said: dict[str, Any] = {
        "devices": count.devices,
        "looks": count.looks,
        "first_at": count.first_at.isoformat(),
    }
    steps = journeys.journey(unit)
    said["chain"] = chain(steps)
    return write([Hint("R5", unit, None, _last_party(steps), said, _last_area(steps))])


def look_at_case(unit: int) -> int:
    """R6 after a sale: where the other tins of its case were sold."""
    case = next((s.unit for s in journeys.spans(unit) if s.depth == 1), None)
    if case is None:
        return 0
    tins = Edge.objects.filter(parent_id=case).values_list("child_id", flat=True)
    sold = Unit.objects.filter(unit_id__in=list(tins), state=Unit.State.SOLD)
    places = Place.objects.filter(pk__in=sold.values("place_id"))
    cities = sorted({city for city in places.values_list("city", flat=True) if city})
    if len(cities) <= CITIES_MAX:
        return 0
    return write([Hint("R6", case, None, None, {"cities": cities, "tins": len(tins)})])


def look_at_redemption(one: Redemption) -> int:
    """R7: a family opened it, and no shop ever sold it."""
    steps = journeys.journey(one.unit_id)
    if any(step.step == "retail_selling" for step in steps):
        return 0
    last = _last_party(steps)
    return write([Hint("R7", one.unit_id, None, last, {"chain": chain(steps)}, _last_area(steps))])


def _last_party(steps: list[Step]) -> Party | None:
    return next((p for p in (_party(s) for s in reversed(steps)) if p), None)


def _last_area(steps: list[Step]) -> str:
    return next((s.place.area for s in reversed(steps) if s.place and s.place.area), "")


def write(hints: list[Hint]) -> int:
    """Write down what is new; the same rule says the same of one unit and event once."""
    lots = dict(
        Unit.objects.filter(unit_id__in=[h.unit for h in hints]).values_list("unit_id", "lot_id")
    )
    rows = [
        Oddity(
            rule=h.rule,
            unit_id=h.unit,
            event_id=h.event,
            party=h.party,
            lot_id=lots.get(h.unit),
            evidence=h.evidence,
            weight=journeys.tins_ever_in([h.unit]),
            area=h.area,
        )
        for h in hints
    ]
    before = Oddity.objects.count() if rows else 0
    Oddity.objects.bulk_create(rows, ignore_conflicts=True)
    return Oddity.objects.count() - before if rows else 0


def take_up(oddity: Oddity, *, by: Staff) -> None:
    """Somebody looks into it: the others need not."""
    with oddity.move(Oddity.Status.TAKEN):
        oddity.taken_by, oddity.taken_at = by, now()


def settle(oddity: Oddity, *, outcome: str, by: Staff) -> None:
    """A person looked at it and says what it was."""
    if not outcome.strip():
        raise ValidationError({"outcome": _t("Say what it was.")})
    with oddity.move(Oddity.Status.SETTLED):
        oddity.outcome = outcome.strip()[:400]
        oddity.settled_by, oddity.settled_at = by, now()


def settle_all(oddities: Iterable[Oddity], *, outcome: str, by: Staff) -> int:
    """Many of one cause: one word for all of them; how many were not settled by somebody before."""
    if not outcome.strip():
        raise ValidationError({"outcome": _t("Say what it was.")})
    return (
        Oddity.objects.filter(pk__in=[odd.pk for odd in oddities])
        .exclude(status=Oddity.Status.SETTLED)
        .update(
            status=Oddity.Status.SETTLED,
            outcome=outcome.strip()[:400],
            settled_by=by,
            settled_at=now(),
        )
    )
