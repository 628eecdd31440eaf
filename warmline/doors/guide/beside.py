"""What stands beside a family's file: a handover that is under way, the days that matter to it,
whether it is still with us."""

from typing import Any

from warmline.core.people.models import Household, Staff
from warmline.doors.guide import dates, handovers, standing


def of(family: Household, reader: Staff) -> dict[str, Any]:
    return {
        "handover": handovers.shown(family),
        "days_that_matter": dates.coming(family),
        "gone": standing.gone_words(family),
        "may_set_standing": reader.role in standing.MAY,
    }
