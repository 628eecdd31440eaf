"""Sales received from tills: Warmline reads them, it is not a till."""

from django.db import models
from django.db.models import Q

from warmline.base.clock import now
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.goods.catalog.models import Product


class Sale(models.Model):
    """One receipt. The same document of the same source is the same sale, however often it comes.

    A member nobody knows yet is kept as the till wrote it (`member_no`, `phone_bi`), and the sale
    finds its family when that member joins.
    """

    source = models.CharField(max_length=30)  # which till system or file shape
    document_no = models.CharField(max_length=60)
    store = models.ForeignKey(Store, models.PROTECT, related_name="sales")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="sales")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    member_no = models.CharField(max_length=40, blank=True)
    phone_bi = models.BinaryField(max_length=16, null=True)
    guide = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    sold_at = models.DateTimeField()
    sold_on = models.DateField()  # the day on the store's wall
    total = models.DecimalField(max_digits=12, decimal_places=2)
    received_at = models.DateTimeField(default=now)
    import_id = models.BigIntegerField(null=True)  # the file it came with, for its undo

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "document_no"], name="sales_document_once")
        ]
        indexes = [
            models.Index(
                fields=["household", "-sold_on"],
                name="sales_of_household",
                condition=Q(household__isnull=False),
            ),
            models.Index(
                fields=["member_no"],
                name="sales_unmatched_no",
                condition=Q(household__isnull=True) & ~Q(member_no=""),
            ),
            models.Index(
                fields=["phone_bi"],
                name="sales_unmatched_phone",
                condition=Q(household__isnull=True, phone_bi__isnull=False),
            ),
            models.Index(fields=["store", "sold_on"], name="sales_of_store"),
            models.Index(
                fields=["import_id"], name="sales_of_import", condition=Q(import_id__isnull=False)
            ),
        ]


class SaleLine(models.Model):
    """One article on a receipt; a return is a line with a negative quantity."""

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="lines")
    household_id = models.BigIntegerField(null=True)  # as on the sale: what histories are read by
    line_no = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)  # as the till wrote it
    name = models.CharField(max_length=120, blank=True)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale", "line_no"], name="sales_line_once"),
            models.CheckConstraint(name="sales_line_moves", condition=~Q(quantity=0)),
        ]
        indexes = [
            models.Index(
                fields=["code"], name="sales_line_unnamed", condition=Q(product__isnull=True)
            )
        ]
