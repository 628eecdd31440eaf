"""Owning: who was asked first owns a case, until somebody accepts it by name. It is never nobody's:
without an owner it is the queue's."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.stateful import WrongMove
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk.models import Case, CaseEvent
from warmline.service.desk.saying import named
from warmline.service.desk.signals import CaseOffered

SUPERVISORS = (Staff.Role.MANAGER, Staff.Role.AGENT, Staff.Role.HQ)


@transaction.atomic
def take(case: Case, *, by: Staff) -> CaseEvent:
    """Take it out of the queue, or from an owner who is not there. Of two, the first gets it."""
    case.lock()
    if case.owner_id is not None and case.owner_id != by.pk and not _is_away(case):
        raise WrongMove(case, was="somebody's", to="taken")
    if case.closed_at:
        raise WrongMove(case, was=case.state, to="taken")
    event: CaseEvent = case.happen("taken", by=by, is_shown=True, body=_was(case))
    return event


@transaction.atomic
def offer(case: Case, *, to: Staff, by: Staff, words: str = "") -> CaseEvent:
    """Ask a colleague to take it over. It stays with its owner until she accepts."""
    case.lock()
    if case.owner_id != by.pk and by.role not in SUPERVISORS:
        raise ValidationError(_("Only its owner or a supervisor hands a case over."))
    if not at_work(to) or to.role == Staff.Role.AUDITOR:
        raise ValidationError({"to": _("She is not at work.")})
    body = {"to": to.pk, **_was(case)}
    event: CaseEvent = case.happen("offered", by=by, words=words, body=body)
    record(CaseOffered(**named(case), to=to.pk), by=by)
    return event


@transaction.atomic
def accept(case: Case, *, by: Staff) -> CaseEvent:
    """From now on it is hers; the family reads her name."""
    case.lock()
    event: CaseEvent = case.happen("accepted", by=by, is_shown=True, body=_was(case))
    return event


@transaction.atomic
def decline(case: Case, *, by: Staff | None, words: str = "") -> CaseEvent:
    """She cannot: it stays where it is. Who offered it may take the offer back the same way, and an
    offer that nobody answered lapses (by nobody)."""
    case.lock()
    if by and by.pk not in (case.offered_to_id, case.owner_id) and by.role not in SUPERVISORS:
        raise ValidationError(_("It was offered to somebody else."))
    event: CaseEvent = case.happen("declined", by=by, words=words, body={"to": case.offered_to_id})
    return event


@transaction.atomic
def route(
    case: Case, *, owner: Staff | None, because: str, queue: str = "", by: Staff | None = None
) -> CaseEvent:
    """Back to somebody at work, or to a queue: its owner left, is away, or let it lie."""
    case.lock()
    body = {
        "owner": owner.pk if owner else None,
        "queue": queue or case.queue,
        "because": because,
        **_was(case),
    }
    event: CaseEvent = case.happen("routed", by=by, body=body)
    return event


def at_work(staff: Staff) -> bool:
    return Staff.objects.at_work().filter(pk=staff.pk).exists()


def _is_away(case: Case) -> bool:
    return case.owner is None or not at_work(case.owner)


def _was(case: Case) -> dict[str, int | None]:
    return {"was": case.owner_id}
