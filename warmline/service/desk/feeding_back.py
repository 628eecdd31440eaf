"""Feeding back: the fourth stamp. A named department hears the finding and says what it changed, or
why nothing; what concerns no department is dismissed with a reason and a date."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk.answering import announce_settled
from warmline.service.desk.models import Case, CaseEvent, Department, Feedback, rules
from warmline.service.desk.saying import iso, named, said
from warmline.service.desk.signals import FeedbackAnswered, FeedbackAsked


@transaction.atomic
def feed_back(
    case: Case, department: Department, *, finding: str, by: Staff, due_at: datetime | None = None
) -> Feedback:
    """A department hears of it, and owes an answer by a time of its own."""
    finding = said(finding)
    if due_at is not None and due_at <= now():
        raise ValidationError({"due_at": _("A time to come.")})
    case.lock()
    due_at = due_at or case.days().after(now(), rules().feedback_days)
    asked = Feedback.objects.create(
        case=case, department=department, finding=finding, asked_by=by, due_at=due_at
    )
    body = {"feedback": asked.pk, "department": department.code, "due_at": iso(due_at)}
    case.happen("fed_back", by=by, words=finding, body=body)
    record(FeedbackAsked(**named(case), feedback=asked.pk), by=by)
    return asked


@transaction.atomic
def answer_feedback(feedback: Feedback, *, is_change: bool, words: str, by: Staff) -> None:
    """What the department changed because of it; or a dated "no change, because"."""
    words = said(words)
    to = Feedback.Status.CHANGED if is_change else Feedback.Status.UNCHANGED
    case = Case.objects.select_related("store").get(pk=feedback.case_id)
    case.lock()
    with feedback.move(to):
        feedback.answer, feedback.answered_by, feedback.answered_at = words, by, now()
    body = {"feedback": feedback.pk, "is_change": is_change}
    case.happen("feedback_answered", by=by, words=words, is_shown=is_change, body=body)
    record(FeedbackAnswered(**named(case), feedback=feedback.pk, is_change=is_change), by=by)
    announce_settled(case, by=by)


@transaction.atomic
def nothing_to_feed_back(case: Case, *, because: str, by: Staff) -> CaseEvent:
    because = said(because)
    case.lock()
    if case.kind.needs_department:
        raise ValidationError(_("Of this kind of matter a department always hears."))
    event: CaseEvent = case.happen("no_feedback", by=by, words=because)
    announce_settled(case, by=by)
    return event


def inbox_of(staff: Staff) -> "QuerySet[Feedback]":
    """What the departments of this colleague owe an answer to, the soonest first."""
    owed = Feedback.objects.filter(status=Feedback.Status.ASKED, department__keepers=staff)
    return owed.select_related("case__kind", "department").order_by("due_at")
