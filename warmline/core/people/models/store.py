"""Stores, the regions they stand in, and the days on which they are open."""

from datetime import date
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

WEEK = [[["09:00", "21:00"]] for _day in range(7)]


def open_all_week() -> list[list[list[str]]]:
    return [list(day) for day in WEEK]


class Region(models.Model):
    """A group of stores under one regional manager."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Store(models.Model):
    """A shop: where families come, and where the sun goes down on the day's promises."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="stores", null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    hours = models.JSONField(
        default=open_all_week,
        help_text=_("Opening intervals a weekday, Monday first; several a day are possible."),
    )
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class DayOff(models.Model):
    """A day that differs from the week: a holiday, or a make-up working day (调休).

    Without a store it holds for the whole chain and replaces what the national calendar says.
    """

    store = models.ForeignKey(Store, models.CASCADE, null=True, blank=True, related_name="days_off")
    on = models.DateField()
    name = models.CharField(max_length=60, blank=True)
    hours = models.JSONField(default=list, blank=True)  # the day's intervals; empty: closed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "on"], name="people_dayoff_once", nulls_distinct=False
            )
        ]


class StoreDay(models.Model):
    """One day of one store as instants: laid out ahead by `calendar`, read by every plan."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="days")
    on = models.DateField()
    opens_at = models.DateTimeField(null=True)  # null: closed all day
    closes_at = models.DateTimeField(null=True)
    sundown_at = models.DateTimeField()
    is_workday = models.BooleanField()  # by the national calendar, make-up days included

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "on"], name="people_storeday_once")]

    @property
    def is_open(self) -> bool:
        return self.opens_at is not None


def day_of(store: Store, on: date) -> StoreDay:
    return StoreDay.objects.get(store=store, on=on)
