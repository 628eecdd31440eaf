"""Classifying: why it came to this, with which goods, from whom; so that many small matters show one
cause. And what is promised against a cause is looked at again: did it help?"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case as Choose
from django.db.models import F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from warmline.base.clock import now, today
from warmline.core.people.models import Staff
from warmline.goods.catalog.models import Product
from warmline.service.desk.models import Case, CaseEvent, Cause, Prevention
from warmline.service.desk.saying import said

Status = Prevention.Status


@transaction.atomic
def classify(
    case: Case,
    *,
    cause: Cause | None,
    by: Staff,
    product: Product | None = None,
    lot: str = "",
    supplier: str = "",
) -> CaseEvent:
    """Found out, or found out better: the last word counts, every word is kept."""
    if cause is not None and cause.parent_id is None and cause.children.exists():
        raise ValidationError({"cause": _("Say which of these it was.")})
    case.lock()
    case.cause, case.product = cause, product
    case.lot, case.supplier = lot.strip()[:40], supplier.strip()[:60]
    body = {
        "cause": cause.code if cause else None,
        "product": product.pk if product else None,
        "lot": case.lot,
        "supplier": case.supplier,
    }
    about = {"cause": cause, "product": product, "lot": case.lot, "supplier": case.supplier}
    Case.objects.filter(pk=case.pk).update(**about)
    event: CaseEvent = case.happen("classified", by=by, body=body)
    return event


def similar(case: Case, *, seen_by: Staff, limit: int = 10) -> QuerySet[Case]:
    """Cases side by side with this one: the same lot weighs most, then the goods, then the cause."""
    same = Q(pk__in=[])
    weight: Any = Value(0, IntegerField())
    facts = [("lot", case.lot, 4), ("product", case.product_id, 2), ("cause", case.cause_id, 1)]
    for field, value, points in facts:
        if value:
            same |= Q(**{field: value})
            weight = weight + Choose(
                When(**{field: value}, then=points), default=0, output_field=IntegerField()
            )
    found = Case.objects.seen_by(seen_by).filter(same).exclude(pk=case.pk)
    return found.annotate(alike=weight).order_by("-alike", "-opened_at")[:limit]


@transaction.atomic
def prevent(cause: Cause, *, words: str, owner: Staff, due_on: date, check_on: date) -> Prevention:
    """Somebody promises to do something against a cause, and when its effect is looked at."""
    if not today() <= due_on < check_on:
        raise ValidationError({"check_on": _("Its effect is looked at after it is done.")})
    return Prevention.objects.create(
        cause=cause, words=said(words)[:500], owner=owner, due_on=due_on, check_on=check_on
    )


def done(prevention: Prevention) -> None:
    with prevention.move(Status.DONE):
        prevention.done_at = now()


def check_effect(prevention: Prevention) -> None:
    """Did it help? As many days before it was done are held against the days since then."""
    if prevention.done_at is None or today() < prevention.check_on:
        raise ValidationError(_("It is too early to say."))
    since = prevention.done_at
    while_ = now() - since
    cases = Case.objects.filter(
        Q(cause=prevention.cause) | Q(cause__parent=prevention.cause), merged_into__isnull=True
    )
    before = cases.filter(opened_at__gte=since - while_, opened_at__lt=since).count()
    after = cases.filter(opened_at__gte=since).count()
    helped = after < before
    with prevention.move(Status.EFFECTIVE if helped else Status.WITHOUT_EFFECT):
        prevention.before, prevention.after, prevention.checked_at = before, after, now()


def owed_preventions() -> QuerySet[Prevention]:
    """What is still to be done or looked at, the soonest first."""
    open_ = Prevention.objects.filter(status__in=[Status.PROMISED, Status.DONE])
    return open_.select_related("cause", "owner").order_by(F("due_on"))
