"""The nights' works of the spine: days laid out ahead, answers forgotten that nobody asks for."""

from datetime import timedelta

from warmline.base.clock import now
from warmline.base.models import Idempotent
from warmline.core.people import calendar
from warmline.core.playbooks.rounds import nightly

KEPT = timedelta(hours=72)


@nightly("lay_out")
def lay_out() -> int:
    """The coming days of every store, as instants."""
    return calendar.lay_out_ahead()


@nightly("forget_answers")
def forget_answers() -> int:
    """Answers to keyed requests are kept for three days (G5)."""
    return Idempotent.objects.filter(created_at__lt=now() - KEPT).delete()[0]
