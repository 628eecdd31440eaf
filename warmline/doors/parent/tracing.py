"""What the page of a tin draws, and how often codes may be guessed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from warmline.goods.trace import looking
from warmline.goods.trace.journeys import Step
from warmline.service.desk.limiting import Limit

WRONG_CODES_FROM_ONE_PLACE = Limit("wrong-code", 30, timedelta(minutes=10))
ROW = 58

STEPS: dict[str, Any] = {
    "commissioning": _("Filled and coded"),
    "packing": _("Packed into its case"),
    "unpacking": _("Taken out of its case"),
    "loading": _("Loaded"),
    "departing": _("Departed"),
    "shipping": _("Shipped"),
    "transporting": _("On the road"),
    "arriving": _("Arrived"),
    "receiving": _("Received"),
    "accepting": _("Accepted"),
    "storing": _("Stored"),
    "stocking": _("Put on the shelf"),
    "inspecting": _("Inspected"),
    "holding": _("Put aside"),
    "retail_selling": _("Sold"),
    "returning": _("Sent back"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop as it is drawn: how far down, what, where and when."""

    y: int
    what: str
    where: str
    at: datetime
    is_last: bool


@dataclass(frozen=True, slots=True)
class Journey:
    stops: list[Stop]

    @property
    def height(self) -> int:
        return len(self.stops) * ROW

    @property
    def end(self) -> int:
        return self.height - ROW // 2


def journey_of(unit_id: int) -> Journey:
    """The stops of a tin, at the level of cities."""
    steps = looking.steps_for_families(unit_id)
    last = len(steps) - 1
    return Journey(
        [
            Stop(ROW * n + ROW // 2, str(STEPS.get(s.step, s.step)), _where(s), s.at, n == last)
            for n, s in enumerate(steps)
        ]
    )


def _where(step: Step) -> str:
    """The city; of a shop also its name."""
    if step.place is None:
        return ""
    place, party = step.place, step.place.party
    name = place.name if party and party.store_id else ""
    return " · ".join(part for part in (place.city or ("" if name else place.name), name) if part)
