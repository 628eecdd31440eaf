"""What a file brought, for whoever has to follow it up."""

from pathlib import Path

from warmline.base import sql
from warmline.core.people.models import Child, Household, Member
from warmline.goods.sales.models import Sale
from warmline.service.intake.models import Change

SQL = Path(__file__).parent / "sql" / "sales"


def families(file: int) -> set[int]:
    """The families that a file of sales, members or babies touched."""
    sold = Sale.objects.filter(import_id=file, household__isnull=False).order_by()
    found = set(sold.values_list("household", flat=True).distinct())
    changes = Change.objects.filter(of=file)
    children = changes.filter(table=Child._meta.label).values("row_id")
    found.update(Child.objects.filter(pk__in=children).values_list("household", flat=True))
    adults = changes.filter(table=Member._meta.label).values("row_id")
    found.update(Member.objects.filter(pk__in=adults).values_list("household", flat=True))
    homes = changes.filter(table=Household._meta.label).values_list("row_id", flat=True)
    return found.union(homes)


def members(file: int, households: list[int]) -> list[int]:
    """Those of these families that are new, or have a number or phone they had not before."""
    changed = Change.objects.filter(of=file, table=Member._meta.label).values("row_id")
    found = Member.objects.filter(pk__in=changed, household__in=households)
    return list(found.order_by("pk").values_list("pk", flat=True))


def note_last_sales(households: list[int]) -> None:
    """When they bought last, by the receipts that are there. Not part of the file's own commit: each
    of its families would be held until the last row is proved, and every call to one would wait."""
    sql.changed(SQL / "last_sales.sql", {"households": households})
