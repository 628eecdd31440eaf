"""What a file brought, for whoever has to follow it up."""

from warmline.core.people.models import Child, Household, Member
from warmline.goods.sales.models import Sale
from warmline.service.intake.models import Change


def families(file: int) -> set[int]:
    """The families that a file of sales, members or babies touched."""
    sold = Sale.objects.filter(import_id=file, household__isnull=False).order_by()
    found = set(sold.values_list("household", flat=True).distinct())
    changes = Change.objects.filter(of=file)
    children = changes.filter(table=Child._meta.label).values("row_id")
    found.update(Child.objects.filter(pk__in=children).values_list("household", flat=True))
    homes = changes.filter(table=Household._meta.label).values_list("row_id", flat=True)
    return found.union(homes)


def members(file: int) -> list[int]:
    """The members that are new, or have a number or phone they had not before."""
    changes = Change.objects.filter(of=file, table=Member._meta.label)
    return sorted(set(changes.values_list("row_id", flat=True)))
