"""Freezing: a case about food safety names a lot, and head office is asked at once whether it is sold on.
The desk proposes; only head office stops a sale, and says why, either way."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.goods.trace import holding
from warmline.goods.trace.models import Hold, Lot
from warmline.service.desk.models import Case, Freeze
from warmline.service.desk.saying import named
from warmline.service.desk.signals import FreezeDecided, FreezeProposed

Status = Freeze.Status
WORDS_MAX = 500
DANGEROUS = (Case.Urgency.SAFETY, Case.Urgency.HEALTH)


@transaction.atomic
def propose(case: Case, *, why: str = "", by: Staff | None = None) -> Freeze | None:
    """Ask head office to stop the sale of the lot that this case names. A lot that is asked about
    already, or not sold as it is, is not asked about again."""
    case.lock()
    if case.product_id is None or not case.lot:
        raise ValidationError(_("Say first which product it is, and which lot."))
    if case.merged_into_id or ((lot := lot_of(case)) and holding.held([lot.pk])):
        return None
    asked = {"product_id": case.product_id, "number": case.lot, "status": Status.PROPOSED}
    told = {
        "case": case,
        "why": why.strip()[:WORDS_MAX],  # a red flag needs no words
        "proposed_by": by,
    }
    freeze, is_new = Freeze.objects.get_or_create(**asked, defaults=told)
    if not is_new:
        return None
    body = {"freeze": freeze.pk, "lot": case.lot, "product": case.product_id}
    case.happen("freeze", by=by, words=freeze.why, body={**body, "status": freeze.status})
    record(FreezeProposed(**named(case), freeze=freeze.pk), by=by)
    return freeze


def propose_if_dangerous(case: Case) -> Freeze | None:
    """What a red flag stands on is proposed without anybody having to think of it."""
    is_known = case.product_id is not None and bool(case.lot)
    if case.urgency not in DANGEROUS or not is_known or case.closed_at:
        return None
    asked = Freeze.objects.filter(case=case, product=case.product_id, number=case.lot)
    if asked.exists():
        return None  # it was asked, and answered: this case alone asks no second time
    return propose(case)


@transaction.atomic
def decide(freeze: Freeze, *, is_yes: bool, reason: str, by: Staff) -> None:
    """Head office stops the sale, or lets it go on; either way it says why."""
    reason = reason.strip()[:WORDS_MAX]
    if by.role != Staff.Role.HQ:
        raise ValidationError(_("Only head office stops a sale."))
    if not reason:
        raise ValidationError(
            {"reason": _("Say why: whoever asked, and the stores, will read it.")}
        )
    case = Case.objects.select_related("store", "kind", "product").get(pk=freeze.case_id)
    case.lock()
    with freeze.move(Status.ACCEPTED if is_yes else Status.DECLINED):
        freeze.decided_by, freeze.decided_at, freeze.reason = by, now(), reason
        freeze.hold = _hold(freeze, by=by) if is_yes else None
    if not case.merged_into_id:
        body = {"freeze": freeze.pk, "lot": freeze.number, "status": freeze.status}
        case.happen("freeze_decided", by=by, words=reason, body=body)
    record(FreezeDecided(**named(case), freeze=freeze.pk, is_yes=is_yes), by=by)


def _hold(freeze: Freeze, *, by: Staff) -> Hold:
    lot = lot_called(freeze.product_id, freeze.number)
    if lot is None:
        raise ValidationError(
            _(
                "We know no lot %(lot)s of %(product)s: no till could refuse it. Put the number right"
                " on the case, or tell trace of the lot first."
            )
            % {"lot": freeze.number, "product": freeze.product}
        )
    return holding.hold(lot, why=freeze.reason, by=by)


def is_settled(case: Case) -> bool:
    """Its lot is asked about already, or is not sold as it is."""
    asked = Freeze.objects.filter(product=case.product_id, number=case.lot, status=Status.PROPOSED)
    lot = lot_of(case)
    return asked.exists() or bool(lot and holding.held([lot.pk]))


def lot_of(case: Case) -> Lot | None:
    return lot_called(case.product_id, case.lot)


def lot_called(product: int | None, number: str) -> Lot | None:
    """The lot of a product as trace knows it."""
    if product is None or not number:
        return None
    return Lot.objects.filter(product=product, number__iexact=number).first()


def to_decide() -> QuerySet[Freeze]:
    """What waits for head office, the oldest first."""
    waiting = Freeze.objects.filter(status=Status.PROPOSED)
    return waiting.select_related("case__store", "product", "proposed_by").order_by("proposed_at")


def cases_of(freeze: Freeze) -> QuerySet[Case]:
    """Every case that names this lot."""
    found = Case.objects.filter(product=freeze.product_id, lot=freeze.number)
    return (
        found.filter(merged_into__isnull=True)
        .select_related("store", "kind")
        .order_by("-opened_at")
    )
