"""What stands beside a family's file: a handover that is under way."""

from typing import Any

from warmline.core.people.models import Household
from warmline.doors.guide import handovers


def of(family: Household) -> dict[str, Any]:
    return {"handover": handovers.shown(family)}
