"""Deciding: what may be given to whoever asked. Within her authority somebody decides alone; beyond it
she asks, and somebody with more says yes or no, on the phone if need be."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk.models import Authority, Case, Remedy, RemedyKind
from warmline.service.desk.saying import named, said
from warmline.service.desk.signals import RemedyAsked, RemedyDecided

Status = Remedy.Status


def limit_of(staff: Staff, kind: str) -> Decimal | None:
    """Up to how much she decides alone; None is without a limit, and who is not listed may nothing."""
    row = Authority.objects.filter(role=staff.role, kind=kind).first()
    return row.amount_max if row else Decimal(0)


def may_decide(staff: Staff, kind: str, amount: Decimal) -> bool:
    limit = limit_of(staff, kind)
    return limit is None or amount <= limit


@transaction.atomic
def give(case: Case, *, kind: str, amount: Decimal, why: str, by: Staff) -> Remedy:
    """Give something to whoever asked: at once if she may, else as a question to who may."""
    why = said(why)
    if kind not in RemedyKind:
        raise ValidationError({"kind": _("This cannot be given.")})
    if amount < 0 or amount > 1_000_000:
        raise ValidationError({"amount": _("This amount cannot be right.")})
    case.lock()
    if case.closed_at:
        raise WrongMove(case, was=case.state, to="remedy")
    remedy = Remedy(case=case, kind=kind, amount=amount, why=why, asked_by=by)
    if may_decide(by, kind, amount):
        remedy.status, remedy.decided_by, remedy.decided_at = Status.APPROVED, by, now()
    remedy.save(force_insert=True)
    body = {"remedy": remedy.pk, "what": kind, "amount": str(amount), "status": remedy.status}
    case.happen("remedy", by=by, words=why, body=body)
    if remedy.status == Status.ASKED:
        record(RemedyAsked(**named(case), remedy=remedy.pk), by=by)
    return remedy


@transaction.atomic
def decide(remedy: Remedy, *, is_yes: bool, by: Staff, words: str = "") -> None:
    """Yes or no, by somebody else whose authority reaches so far."""
    case = Case.objects.select_related("store").get(pk=remedy.case_id)
    case.lock()
    if by.pk == remedy.asked_by_id or not may_decide(by, remedy.kind, remedy.amount):
        raise ValidationError(_("This needs somebody with more authority."))
    with remedy.move(Status.APPROVED if is_yes else Status.REFUSED):
        remedy.decided_by, remedy.decided_at = by, now()
    body = {"remedy": remedy.pk, "status": remedy.status}
    case.happen("decided", by=by, words=words, body=body)
    record(RemedyDecided(**named(case), remedy=remedy.pk, is_yes=is_yes), by=by)


def to_decide(staff: Staff) -> QuerySet[Remedy]:
    """What waits for a yes or no that she may give."""
    asked = Remedy.objects.filter(status=Status.ASKED).exclude(asked_by=staff)
    mine = Q(pk__in=[])
    for row in Authority.objects.filter(role=staff.role):
        of_kind = Q(kind=row.kind)
        mine |= of_kind if row.amount_max is None else of_kind & Q(amount__lte=row.amount_max)
    seen = Case.objects.seen_by(staff)
    return asked.filter(mine, case__in=seen).select_related("case__kind", "asked_by")


def check_outcome(case: Case, outcome: str) -> None:
    """Money is given back only after somebody with the authority said yes; not on a word alone."""
    if outcome not in (RemedyKind.REFUNDED, RemedyKind.COMPENSATED):
        return
    if not case.remedies.filter(kind=outcome, status=Status.APPROVED).exists():
        raise ValidationError(
            {"outcome": _("Say first how much is given, so that whoever may can say yes.")}
        )
