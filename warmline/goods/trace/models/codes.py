"""What is printed: lots with their papers, batches of codes, and the kinds of goods they name."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff
from warmline.goods.catalog.models import Product
from warmline.goods.trace.identity.serials import INDEX_BITS
from warmline.goods.trace.models.places import Party


class LotQuerySet(models.QuerySet["Lot"]):
    def with_papers(self) -> Self:
        """With the papers, and which of them have a file (not the files themselves)."""
        papers = Certificate.objects.select_related("paper").defer("paper__content")
        return self.select_related("product").prefetch_related(
            models.Prefetch("certificates", papers.order_by("sort", "pk"))
        )


class Lot(models.Model):
    """One production lot: what all its tins have in common, from the raw milk to the last day.

    `story` is what a family may read: `{"materials": [...], "steps": [...], "import": {...}}`.
    """

    id = models.AutoField(primary_key=True)
    gtin = models.CharField(max_length=14)
    number = models.CharField(max_length=20)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="lots")
    made_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    made_at = models.CharField(max_length=120, blank=True)
    story = models.JSONField(default=dict, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gtin", "number"], name="trace_lot_once")]
        indexes = [models.Index(fields=["product"], name="trace_lot_product")]

    def __str__(self) -> str:
        return self.number


class Certificate(models.Model):
    """A paper about a lot: who says what, when, and the file itself."""

    class Sort(models.TextChoices):
        INSPECTION = "inspection", _("Inspection report")
        CONFORMITY = "conformity", _("Certificate of conformity")
        ORIGIN = "origin", _("Certificate of origin")
        CUSTOMS = "customs", _("Customs declaration")
        QUARANTINE = "quarantine", _("Inspection and quarantine certificate")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="certificates")
    sort = models.CharField(max_length=10, choices=Sort)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=120)
    issued_on = models.DateField()
    file = models.FileField(upload_to="certificates/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "number"], name="trace_certificate_once")
        ]

    def __str__(self) -> str:
        return self.number


class Paper(models.Model):
    """The file of a certificate, as it was put in. It lies among the books, so that whoever keeps a
    copy of the books has it too."""

    certificate = models.OneToOneField(Certificate, models.CASCADE, related_name="paper")
    content = models.BinaryField()
    mime = models.CharField(max_length=40)
    put_in_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    put_in_at = models.DateTimeField(default=now)


class Kind(models.Model):
    """A kind of thing that events name: an article (GTIN) or a lot of it (LGTIN), or a partner's."""

    id = models.AutoField(primary_key=True)
    uri = models.CharField(max_length=300, unique=True)
    gtin = models.CharField(max_length=14, blank=True)
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="kinds")

    class Meta:
        indexes = [models.Index(fields=["gtin"], name="trace_kind_gtin")]


class CodeBatch(Stateful):
    """A run of codes for one lot: tins with serials, or cases and pallets with SSCCs.

    Codes are arithmetic (`identity.serials`): a batch is one row, however many codes it holds.
    """

    class Level(models.TextChoices):
        UNIT = "unit", pgettext_lazy("of a lot", "Tins")
        CASE = "case", pgettext_lazy("of a lot", "Cases")
        PALLET = "pallet", pgettext_lazy("of a lot", "Pallets")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PRINTED = "printed", _("Printed")
        ACTIVE = "active", _("Active")
        VOID = "void", _("Void")

    MOVES = {
        Status.PLANNED: {Status.PRINTED, Status.ACTIVE, Status.VOID},
        Status.PRINTED: {Status.ACTIVE, Status.VOID},
        Status.ACTIVE: {Status.VOID},
    }

    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="batches")
    level = models.CharField(max_length=6, choices=Level, default=Level.UNIT)
    status = models.CharField(max_length=7, choices=Status, default=Status.PLANNED)
    quarter = models.PositiveSmallIntegerField()  # when it was born: its partition
    size = models.PositiveIntegerField()
    active = models.PositiveIntegerField(default=0)  # the first so many were produced
    packed = models.PositiveIntegerField(default=0)  # the first so many were put into something
    filled = models.PositiveIntegerField(default=0)  # the first so many hold something
    first_sscc = models.BigIntegerField(null=True)  # without its check digit
    planned_for = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    printed_at = models.DateTimeField(null=True)
    printed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    voided_for = models.CharField(max_length=200, blank=True)
    voided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "code batches"
        constraints = [
            models.CheckConstraint(
                name="trace_batch_size", condition=models.Q(size__gt=0, size__lte=1 << INDEX_BITS)
            ),
            models.CheckConstraint(
                name="trace_batch_active", condition=models.Q(active__lte=models.F("size"))
            ),
            models.CheckConstraint(
                name="trace_batch_packed",
                condition=models.Q(packed__lte=models.F("active"), filled__lte=models.F("active")),
            ),
            models.CheckConstraint(
                name="trace_batch_void_says_why",
                condition=~models.Q(status="void") | ~models.Q(voided_for=""),
            ),
        ]

    @property
    def base(self) -> int:
        """The unit id of its first code."""
        return (self.quarter << 53) | (self.pk << INDEX_BITS)

    def void(self, reason: str, *, by: Staff | None = None) -> None:
        """These codes hold no more: misprinted, stolen, never used."""
        if not reason.strip():
            raise ValidationError(_t("Say why."))
        with self.move(self.Status.VOID):
            self.voided_for, self.voided_by, self.voided_at = reason.strip()[:200], by, now()
