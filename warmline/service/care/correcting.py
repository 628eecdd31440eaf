"""Two taps of a guide that are worth more than many purchases: what she heard on the telephone."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import today
from warmline.core.journal.recording import record
from warmline.core.people.models import Household, Staff
from warmline.goods.catalog.models import Category
from warmline.service.care.foreseeing import foresee_anew
from warmline.service.care.models import Correction, RunOut
from warmline.service.care.signals import ForecastCorrected

VALUED = {Correction.Kind.SHARE, Correction.Kind.STOCK, Correction.Kind.ELSEWHERE}


@transaction.atomic
def correct(
    household: Household,
    category: Category,
    kind: str,
    *,
    by: Staff | None,
    value: float | None = None,
) -> Correction:
    """Note what was heard and forecast anew. Shares are 0 to 1, stock is in the category's unit."""
    _check(kind, value)
    row = RunOut.objects.filter(household=household, category=category).first()
    if row is None:
        row = RunOut.objects.create(household=household, category=category, store=household.store)
    correction = Correction.objects.create(
        household=household,
        category=category,
        kind=kind,
        value=value,
        bought_then=row.bought if kind == Correction.Kind.STOCK else None,
        on=today(household.store.zone),
        by=by,
    )
    foresee_anew([household.pk])
    record(
        ForecastCorrected(
            household=household.pk,
            store=household.store_id,
            category=category.code,
            correction=kind,
            value=value,
        ),
        by=by,
    )
    return correction


def _check(kind: str, value: float | None) -> None:
    if kind not in Correction.Kind:
        raise ValidationError(_("This kind of correction is not known."))
    if (kind in VALUED) != (value is not None):
        raise ValidationError(_("Say how much; a share is between 0 and 1."))
    if value is not None and not 0 <= value <= (1 if kind != Correction.Kind.STOCK else 1e5):
        raise ValidationError(_("This amount cannot be right: a share is between 0 and 1."))
