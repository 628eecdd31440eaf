"""Reviewing: somebody who did not handle it asks whether it is good; and "no" is an answer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk.answering import announce_settled, tell
from warmline.service.desk.models import Case, CaseEvent
from warmline.service.desk.saying import named, said
from warmline.service.desk.signals import CaseReopened

HANDLING = ("answered", "finished", "waiting", "resumed", "no_reply", "remedy")


def may_review(case: Case, staff: Staff) -> bool:
    """Nobody who handled it: not its owner, not who finished it, and nobody who answered for it or
    gave something on the way, to it or to one that it took in, and then let a colleague press the
    last button."""
    if staff.pk in (case.finished_by_id, case.owner_id):
        return False
    cases = latest = {case.pk}
    while latest := set(Case.objects.filter(merged_into__in=latest).values_list("pk", flat=True)):
        cases = cases | latest
    events = CaseEvent.objects.filter(case__in=cases)
    return not events.filter(kind__in=HANDLING, by=staff).exists()


@transaction.atomic
def review(
    case: Case, *, is_good: bool, words: str, by: Staff, with_family: bool = True
) -> CaseEvent:
    """The third stamp. If it is not good it was never finished, and its clocks go on."""
    words = said(words)
    case.lock()
    if not may_review(case, by):
        raise ValidationError(_("Somebody who did not handle it reviews it."))
    body = {"is_good": is_good, "with_family": with_family}
    event: CaseEvent = case.happen(
        "reviewed", by=by, words=words, is_shown=with_family and is_good, body=body
    )
    if with_family:
        tell(case, event, medium="phone")
    if not is_good:
        record(CaseReopened(**named(case)), by=by)
    announce_settled(case, by=by)
    return event


@transaction.atomic
def reopen(case: Case, *, words: str, by: Staff | None) -> CaseEvent:
    """Not solved after all: the family says so on its page, or we see it. What was done stays."""
    words = said(words)
    event: CaseEvent = case.happen(
        "reopened", by=by, words=words, is_shown=True, body={"by_family": by is None}
    )
    record(CaseReopened(**named(case)), by=by)
    return event


@transaction.atomic
def rate(case: Case, score: int) -> CaseEvent:
    """One question at the end, answered once for each end: 1 (no) to 5 (yes, gladly)."""
    if not 1 <= score <= 5:
        raise ValidationError(_("One to five."))
    case.lock()
    if case.finished_at is None or rated(case):
        raise ValidationError(_("It was rated already, or is not finished yet."))
    event: CaseEvent = case.happen("rated", by=None, is_shown=True, body={"score": score})
    return event


def rated(case: Case) -> int | None:
    """How the family liked the present end of the matter."""
    if case.finished_at is None:
        return None
    last = case.events.filter(kind__in=["rated", "finished"]).order_by("-seq").first()
    return int(last.body["score"]) if last and last.kind == "rated" else None
