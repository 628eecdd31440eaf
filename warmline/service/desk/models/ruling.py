"""What a chain rules for its desk: how long things may take, and what kinds of matters there are."""

from datetime import timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from warmline.base.i18n import I18nTextField


class DeskRules(models.Model):
    """One row for the chain. Times of the ladder are counted while the shop is open."""

    cut_off_min = models.PositiveSmallIntegerField(
        _("Cut-off before sundown (minutes)"), default=30, validators=[MaxValueValidator(240)]
    )
    offer_min = models.PositiveSmallIntegerField(
        _("A hand-over that nobody accepts returns after (minutes)"), default=30
    )
    untouched_min = models.PositiveSmallIntegerField(
        _("A case that its owner does not touch returns to the queue (minutes)"), default=120
    )
    warn_min = models.PositiveSmallIntegerField(
        _("Its owner is reminded before the deadline (minutes)"), default=30
    )
    rung_min = models.PositiveSmallIntegerField(
        _("From one rung of the ladder to the next (minutes)"), default=30
    )
    review_days = models.PositiveSmallIntegerField(
        _("Reviewed within (open days)"), default=1, validators=[MinValueValidator(1)]
    )
    feedback_days = models.PositiveSmallIntegerField(
        _("Departments answer within (open days)"), default=3, validators=[MinValueValidator(1)]
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("Marks “no reply needed” that a reviewer looks at (per cent)"),
        default=20,
        validators=[MaxValueValidator(100)],
    )
    settled_percent = models.PositiveSmallIntegerField(
        _("Settled cases that somebody else looks at again (per cent)"),
        default=5,
        db_default=5,
        validators=[MaxValueValidator(100)],
    )

    @property
    def cut_off(self) -> timedelta:
        return timedelta(minutes=self.cut_off_min)


def rules() -> DeskRules:
    """The chain's rules; ours as long as it made none."""
    return DeskRules.objects.order_by("pk").first() or DeskRules()


class CaseKindQuerySet(models.QuerySet["CaseKind"]):
    def offered(self) -> Self:
        """What whoever asks, and whoever writes it down, may choose from."""
        return self.filter(is_on=True, is_internal=False)


class CaseKind(models.Model):
    """A kind of matter: how many days it may take, and whether a department must hear of it."""

    code = models.SlugField(max_length=20, unique=True)
    name = I18nTextField()
    finish_days = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    is_complaint = models.BooleanField(default=False)  # counts for the complaint rate
    needs_department = models.BooleanField(default=False)  # "nothing to feed back" is no answer
    is_internal = models.BooleanField(default=False, db_default=False)  # only we raise it
    is_on = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)

    objects = CaseKindQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return str(self.name)
