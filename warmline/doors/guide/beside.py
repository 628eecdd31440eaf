"""What stands beside a family's file: a handover that is under way, the days that matter to it,
whether it is still with us."""

from typing import Any

from warmline.core.people.models import Household, Staff
from warmline.doors.guide import dates, handovers, standing
from warmline.doors.guide.facts import Facts


def of(family: Household, facts: Facts, reader: Staff) -> dict[str, Any]:
    return {
        "handover": handovers.shown(family) if facts.has_handover else None,
        "days_that_matter": dates.coming(family) if facts.has_days else [],
        "gone": standing.gone_words(family),
        "may_set_standing": reader.role in standing.MAY,
    }
