"""What the page of a tin draws: its road from city to city; and how often codes may be guessed."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from warmline.base.clock import today
from warmline.goods.trace import looking
from warmline.goods.trace.journeys import Step
from warmline.goods.trace.models import Lot
from warmline.goods.trace.steps import STEPS
from warmline.service.desk.limiting import Limit

WRONG_CODES_FROM_ONE_PLACE = Limit("wrong-code", 30, timedelta(minutes=10))
LEFT, RIGHT = 22, 44  # the road winds between these
HEAD, LINE, GAP = 24, 21, 22


@dataclass(frozen=True, slots=True)
class Line:
    """What happened at a stop, and when."""

    y: int
    what: str
    at: datetime


@dataclass(slots=True)
class Stop:
    """One city on the road: where it is drawn, and what happened there."""

    city: str
    shop: str
    x: int
    y: int
    lines: list[Line] = field(default_factory=list)
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Journey:
    stops: list[Stop]
    height: int

    @property
    def road(self) -> str:
        """A road that winds from stop to stop."""
        first, *rest = self.stops
        said, x, y = f"M{first.x} {first.y}", first.x, first.y
        for stop in rest:
            middle = (y + stop.y) // 2
            said += f"C{x} {middle} {stop.x} {middle} {stop.x} {stop.y}"
            x, y = stop.x, stop.y
        return said


def journey_of(unit_id: int) -> Journey:
    """The stops of a tin, at the level of cities; of our own shops also the name."""
    stops: list[Stop] = []
    y = HEAD
    for step in looking.steps_for_families(unit_id):
        city, shop = _where(step)
        if not stops or (stops[-1].city, stops[-1].shop) != (city, shop):
            y += GAP if stops else 0
            stops.append(Stop(city, shop, RIGHT if len(stops) % 2 else LEFT, y - 5))
            y += LINE
        stops[-1].lines.append(Line(y, str(STEPS.get(step.step, step.step)), step.at))
        y += LINE
    if stops:
        stops[-1].is_last = True
    return Journey(stops, y)


def _where(step: Step) -> tuple[str, str]:
    if step.place is None:
        return "", ""
    place, party = step.place, step.place.party
    shop = place.name if party and party.store_id else ""
    return place.city or ("" if shop else place.name), shop


@dataclass(frozen=True, slots=True)
class Freshness:
    """How much of its time a lot has before it, as a bar and in months."""

    share_gone: float
    months_left: int

    @property
    def width(self) -> int:
        return round(300 * min(max(self.share_gone, 0), 1))


def freshness_of(lot: Lot | None) -> Freshness | None:
    if lot is None or not lot.made_on or not lot.expires_on:
        return None
    here: date = today()
    whole = max((lot.expires_on - lot.made_on).days, 1)
    left = (lot.expires_on - here).days
    return Freshness((here - lot.made_on).days / whole, left // 30) if left >= 0 else None
