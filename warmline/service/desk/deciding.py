"""Deciding: what may be given to whoever asked. Within her authority somebody decides alone; beyond it
she asks, and somebody with more says yes or no, on the phone if need be."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk.models import Authority, Case, Remedy, RemedyKind
from warmline.service.desk.saying import named, said
from warmline.service.desk.signals import RemedyAsked, RemedyDecided

Status = Remedy.Status
NOTHING = Decimal(0)


def limit_of(staff: Staff, kind: str) -> Decimal | None:
    """Up to how much she decides alone; None is without a limit, and who is not listed may nothing."""
    row = Authority.objects.filter(role=staff.role, kind=kind).first()
    return row.amount_max if row else NOTHING


def may_decide(staff: Staff, kind: str, amount: Decimal, *, given: Decimal = NOTHING) -> bool:
    """`given`: what the case got of this kind already. Ten small sums are one large one."""
    limit = limit_of(staff, kind)
    return limit is None or given + amount <= limit


def given_to(case: Case, kind: str, *, besides: int | None = None) -> Decimal:
    """What was given of this kind on this case, whoever said yes to it."""
    found = case.remedies.filter(kind=kind, status=Status.APPROVED)
    if besides is not None:
        found = found.exclude(pk=besides)
    return found.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def reaches(staff: Staff, remedy: Remedy) -> bool:
    """Whether her authority reaches as far as this, together with what was given before it."""
    given = given_to(remedy.case, remedy.kind, besides=remedy.pk)
    return may_decide(staff, remedy.kind, remedy.amount, given=given)


@transaction.atomic
def give(case: Case, *, kind: str, amount: Decimal, why: str, by: Staff) -> Remedy:
    """Give something to whoever asked: at once if she may, else as a question to who may."""
    why = said(why)
    if kind not in RemedyKind:
        raise ValidationError({"kind": _("This cannot be given.")})
    money = kind in (RemedyKind.REFUNDED, RemedyKind.COMPENSATED)
    if amount < 0 or amount > 1_000_000 or (money and not amount):
        raise ValidationError({"amount": _("This amount cannot be right.")})
    case.lock()
    if case.closed_at:
        raise WrongMove(case, was=case.state, to="remedy")
    remedy = Remedy(case=case, kind=kind, amount=amount, why=why, asked_by=by)
    if may_decide(by, kind, amount, given=given_to(case, kind)):
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
    if by.pk == remedy.asked_by_id or not reaches(by, remedy):
        raise ValidationError(_("This needs somebody with more authority."))
    with remedy.move(Status.APPROVED if is_yes else Status.REFUSED):
        if not is_yes and not words.strip():
            raise ValidationError({"words": _("Say why not: who asked has to tell the family.")})
        remedy.decided_by, remedy.decided_at = by, now()
    body = {
        "remedy": remedy.pk,
        "what": remedy.kind,
        "amount": str(remedy.amount),
        "status": remedy.status,
    }
    case.happen("decided", by=by, words=words, body=body)
    record(RemedyDecided(**named(case), remedy=remedy.pk, is_yes=is_yes), by=by)


def may_say(staff: Staff, remedy: Remedy) -> bool:
    """Whether her yes or no would count."""
    if staff.pk == remedy.asked_by_id or remedy.status != Status.ASKED:
        return False
    return reaches(staff, remedy)


def limits_of(staff: Staff) -> list[tuple[str, Decimal | None]]:
    """What she decides alone, kind by kind, and up to how much."""
    mine = dict(Authority.objects.filter(role=staff.role).values_list("kind", "amount_max"))
    return [(kind, mine.get(kind, NOTHING)) for kind in RemedyKind]


def limits_in_words(staff: Staff) -> str:
    """What she decides alone; above it she asks here, and hears the answer on her phone."""
    said = [
        _("%(what)s without a limit") % {"what": RemedyKind(kind).label}
        if limit is None
        else _("%(what)s up to ¥%(amount)s")
        % {"what": RemedyKind(kind).label, "amount": f"{limit:,.0f}"}
        for kind, limit in limits_of(staff)
        if limit is None or limit > 0
    ]
    if not said:
        return _("Somebody with more authority is asked for a yes.")
    alone = _("You decide alone: %(what)s.") % {"what": _(", ").join(said)}
    return f"{alone} {_('Above it somebody with more authority is asked.')}"


def to_decide(staff: Staff) -> QuerySet[Remedy]:
    """What waits for a yes or no that she may give."""
    before = Remedy.objects.filter(
        case=OuterRef("case"), kind=OuterRef("kind"), status=Status.APPROVED
    )
    given = before.order_by().values("case").annotate(sum=Sum("amount")).values("sum")
    level = Authority.objects.filter(role=staff.role, kind=OuterRef("kind"))
    far_enough = Q(amount_max__isnull=True) | Q(amount_max__gte=OuterRef("together"))
    waiting = Remedy.objects.filter(status=Status.ASKED)
    waiting = waiting.alias(together=F("amount") + Coalesce(Subquery(given), NOTHING))
    asked = waiting.filter(Exists(level.filter(far_enough)))
    found = asked.exclude(asked_by=staff).filter(case__in=Case.objects.seen_by(staff))
    return found.select_related("case__kind", "case__store", "asked_by").order_by("asked_at")


def check_outcome(case: Case, outcome: str) -> None:
    """Money is given back only after somebody with the authority said yes; not on a word alone."""
    if outcome not in (RemedyKind.REFUNDED, RemedyKind.COMPENSATED):
        return
    if not case.remedies.filter(kind=outcome, status=Status.APPROVED).exists():
        raise ValidationError(
            {"outcome": _("Say first how much is given, so that whoever may can say yes.")}
        )
