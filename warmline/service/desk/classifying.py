"""Classifying: why it came to this, with which goods, from whom, where and against which standard; so
that many small matters show one cause."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case as Choose
from django.db.models import IntegerField, Max, QuerySet, Value, When
from django.utils.translation import gettext as _

from warmline.core.journal.recording import record
from warmline.core.people.models import Staff, Store
from warmline.goods.catalog.models import Product
from warmline.goods.sales.models import SaleLine
from warmline.service.desk.models import Case, CaseEvent, Cause
from warmline.service.desk.saying import named
from warmline.service.desk.signals import CaseClassified

ALIKE = {"lot": 4, "product": 2, "cause": 1}  # what the same lot, goods, cause weigh
LOOKED_AT = 50  # the latest of the same lot, of the same goods, of the same cause
LATELY = 12


@transaction.atomic
def classify(
    case: Case,
    *,
    cause: Cause | None,
    by: Staff,
    product: Product | None = None,
    lot: str = "",
    supplier: str = "",
    fault_store: Store | None = None,
    sop: str = "",
) -> CaseEvent:
    """Found out, or found out better: the last word counts, every word is kept."""
    if cause is not None and cause.parent_id is None and cause.children.exists():
        raise ValidationError({"cause": _("Say which of these it was.")})
    case.lock()
    about: dict[str, Any] = {
        "cause": cause,
        "product": product,
        "lot": lot.strip()[:40],
        "supplier": supplier.strip()[:60],
        "fault_store": fault_store,
        "sop": sop.strip()[:60],
    }
    for name, value in about.items():
        setattr(case, name, value)
    Case.objects.filter(pk=case.pk).update(**about)
    body = {
        **about,
        "cause": cause.code if cause else None,
        "product": product.pk if product else None,
        "fault_store": fault_store.pk if fault_store else None,
    }
    event: CaseEvent = case.happen("classified", by=by, body=body)
    record(
        CaseClassified(**named(case), event=event.pk, product=case.product_id, lot=case.lot), by=by
    )
    return event


def similar(case: Case, *, seen_by: Staff, limit: int = 10) -> QuerySet[Case]:
    """Cases side by side with this one: the same lot weighs most, then the goods, then the cause. Of
    each the latest are looked at, so that a cause of a million cases costs no more than one of ten."""
    seen = Case.objects.seen_by(seen_by).exclude(pk=case.pk).order_by("-opened_at")
    facts = {"lot": case.lot, "product": case.product_id, "cause": case.cause_id}
    near: set[int] = set()
    weight: Any = Value(0, IntegerField())
    for field, value in facts.items():
        if value:
            near |= set(seen.filter(**{field: value}).values_list("pk", flat=True)[:LOOKED_AT])
            weight = weight + Choose(
                When(**{field: value}, then=ALIKE[field]), default=0, output_field=IntegerField()
            )
    found = Case.objects.filter(pk__in=near).annotate(alike=weight)
    return found.order_by("-alike", "-opened_at")[:limit]


def bought_lately(case: Case) -> list[Product]:
    """What the family bought last: mostly it is one of these."""
    if case.household_id is None:
        return []
    lines = SaleLine.objects.filter(
        household_id=case.household_id, quantity__gt=0, product__isnull=False
    )
    last = lines.values("product").annotate(on=Max("sale__sold_on")).order_by("-on")[:LATELY]
    ids = [row["product"] for row in last]
    return sorted(Product.objects.filter(pk__in=ids), key=lambda p: ids.index(p.pk))


def product_called(said: str) -> Product | None:
    """A product by its article number, its bar code or its name; None: nothing is called that."""
    said = said.strip()
    if not said:
        return None
    exact = Product.objects.filter(code=said).first()
    if exact is None and said.isdecimal() and len(said) <= 14:
        exact = Product.objects.filter(gtin=said.zfill(14)).first()
    if exact is not None:
        return exact
    called = list(Product.objects.filter(name__iexact=said)[:2])
    called = called or list(Product.objects.filter(name__icontains=said)[:2])
    if len(called) > 1:
        raise ValidationError(
            _("Several products are called that: say its article number or bar code.")
        )
    return called[0] if called else None
