"""Sampling: whoever wants no answer, and whoever is content, is asked of again now and then. A share of
each day's marks and ends is drawn by chance, and looked at by somebody who had no part in the case."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.clock import now, today
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.core.playbooks.rounds import nightly
from warmline.service.desk.models import Case, CaseEvent, Sample, rules
from warmline.service.desk.owning import SUPERVISORS
from warmline.service.desk.reviewing import reopen
from warmline.service.desk.saying import named
from warmline.service.desk.signals import CaseReopened

SQL = Path(__file__).parent / "sql"
WEEK = 7
WORDS_MAX = 500
Status, Reason = Sample.Status, Sample.Reason


@dataclass(frozen=True)
class Drawn:
    samples: int


@nightly("desk_samples")
def draw_the_week() -> Drawn:
    """Of each day of the week behind us, so that a night without power misses none."""
    here = today(ZoneInfo(settings.TIME_ZONE))
    return Drawn(sum(draw(here - timedelta(days=n)) for n in range(1, WEEK + 1)))


@transaction.atomic
def draw(on: date) -> int:
    """The samples of one day. Said again, it draws what is missing and no more."""
    begins = datetime.combine(on, time(), ZoneInfo(settings.TIME_ZONE))
    ruled = rules()
    asked = {
        "on": on,
        "now": now(),
        "since": begins,
        "until": datetime.combine(on + timedelta(days=1), time(), begins.tzinfo),
        "sample_percent": ruled.sample_percent,
        "settled_percent": ruled.settled_percent,
    }
    return sql.changed(SQL / "draw_samples.sql", asked)


def to_look_at(staff: Staff) -> QuerySet[Sample]:
    """What she may look at: cases that she sees and had no part in, the oldest first."""
    if staff.role not in SUPERVISORS:
        return Sample.objects.none()
    hers = CaseEvent.objects.filter(case=OuterRef("case"), by=staff)
    waiting = Sample.objects.filter(~Exists(hers), status=Status.DRAWN)
    found = waiting.filter(case__in=Case.objects.seen_by(staff)).exclude(case__owner=staff)
    return found.select_related("case__kind", "case__store", "event__by").order_by("drawn_on", "pk")


def may_look(sample: Sample, staff: Staff) -> bool:
    return to_look_at(staff).filter(pk=sample.pk).exists()


@transaction.atomic
def look(sample: Sample, *, is_right: bool, by: Staff, words: str = "") -> None:
    """It was right; or it was not, and then they are owed an answer after all, or what was settled is
    open again."""
    words = words.strip()[:WORDS_MAX]
    if not is_right and not words:
        raise ValidationError({"words": _("Say what was not right: somebody has to mend it.")})
    case = Case.objects.select_related("store", "kind").get(pk=sample.case_id)
    case.lock()
    if sample.status == Status.DRAWN and not may_look(sample, by):
        raise ValidationError(_("Somebody who had no part in it looks at it."))
    with sample.move(Status.RIGHT if is_right else Status.WRONG):
        sample.seen_by, sample.seen_at, sample.words = by, now(), words
    if case.merged_into_id:
        case = Case.objects.select_related("store", "kind").get(pk=case.merged_into_id)
    if case.merged_into_id:
        return
    body = {"sample": sample.pk, "is_right": is_right, "reason": sample.reason}
    case.happen("sampled", by=by, words=words, body=body)
    if not is_right:
        _mend(case, sample, words=words, by=by)


def _mend(case: Case, sample: Sample, *, words: str, by: Staff) -> None:
    if sample.reason == Reason.SETTLED:
        if case.finished_at:
            reopen(case, words=words, by=by)
    elif case.answer_by is None:
        was_closed = case.closed_at is not None
        case.happen("owed", by=by, words=words)
        if was_closed:
            record(CaseReopened(**named(case)), by=by)
