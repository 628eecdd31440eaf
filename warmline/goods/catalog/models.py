"""What moves over the counter: categories, products, and what one pack holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.i18n import I18nTextField

UNITS = {
    "g": pgettext_lazy("a unit of content", "g"),
    "ml": pgettext_lazy("a unit of content", "ml"),
    "piece": pgettext_lazy("a unit of content", "pieces"),
    "sheet": pgettext_lazy("a unit of content", "sheets"),
}


class Category(models.Model):
    """A kind of goods. A consumable one is used up day by day, and its run-out is foreseen."""

    class Use(models.TextChoices):
        """Which table of `daily_use` says how much a child needs a day."""

        FORMULA = "formula", _("Formula by age")
        DIAPERS = "diapers", _("Diapers by age")
        HABIT = "habit", _("By the family's own habit")
        NONE = "", _("Not a consumable")

    code = models.SlugField(max_length=30, unique=True)
    name = I18nTextField()
    unit = models.CharField(max_length=12, blank=True)  # of `content`: g, piece, sheet, ml
    use = models.CharField(max_length=8, choices=Use, blank=True, default=Use.NONE)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return str(self.name)

    @property
    def unit_name(self) -> str:
        """As a guide says it."""
        return str(UNITS.get(self.unit, self.unit))


class Product(models.Model):
    """One article. Stage-1 formula is locked: it may be asked about, never pushed (WHO Code)."""

    code = models.CharField(max_length=40, unique=True)  # the chain's own article number
    gtin = models.CharField(max_length=14, null=True, blank=True)  # noqa: DJ001 GTIN-14
    name = models.CharField(max_length=120)
    brand = models.CharField(max_length=60, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    stage = models.PositiveSmallIntegerField(null=True, blank=True)  # formula 1-4
    size = models.CharField(max_length=10, blank=True)  # diapers NB, S, M, L …
    spec = models.CharField(max_length=60, blank=True)  # as the supplier writes it: 900g, 54片
    content = models.FloatField(null=True, blank=True)  # of one pack, in the category's unit
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    opened_days = models.PositiveSmallIntegerField(null=True, blank=True)  # keeps, once opened
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gtin"], name="catalog_gtin", condition=models.Q(gtin__isnull=False)
            ),
            models.CheckConstraint(
                name="catalog_content_positive",
                condition=models.Q(content__isnull=True) | models.Q(content__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["category"], name="catalog_product_category")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_locked(self) -> bool:
        """Whether promotion, samples and proactive selling of it are locked by default."""
        return self.category.use == Category.Use.FORMULA and self.stage == 1
