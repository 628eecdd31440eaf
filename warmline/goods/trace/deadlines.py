"""By when a recall has to be begun and finished: the law's hours and working days."""

from datetime import datetime, time, timedelta

from warmline.base.clock import CHINA
from warmline.core.people.opening import is_workday
from warmline.goods.trace.models import Recall


def finish_by(recall: Recall) -> datetime:
    """The end of the last working day, counted from the day after the declaration."""
    day, left = recall.declared_at.astimezone(CHINA).date(), recall.working_days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return datetime.combine(day + timedelta(days=1), time.min, CHINA)
