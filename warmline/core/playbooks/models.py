"""Playbooks: when this happens, promise that. Rows that head office writes and tries out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.base.i18n import I18nTextField
from warmline.core.contacts.models import Medium, Purpose
from warmline.core.people.models import Staff
from warmline.core.promises.models import Script


class Playbook(models.Model):
    """A rule: on this signal, if these conditions hold, this person owes the family this, by then.

    `conditions` is a list of `{"fact", "is", "value"}`; `condition` is the same as one jsonpath
    predicate, which PostgreSQL matches against the facts of a signal (`facts @@ condition`).
    """

    class Who(models.TextChoices):
        HOME_GUIDE = "home_guide", _("The family's guide")
        MANAGER = "manager", _("The store manager")
        STORE = "store", _("Whoever of the store is free")

    class Due(models.TextChoices):
        SUNDOWN = "sundown", _("By sundown")
        CLOSING = "closing", _("By closing time")
        HOURS = "hours", _("Within hours")

    code = models.SlugField(max_length=40, unique=True)
    name = I18nTextField()
    concern = I18nTextField()  # need → concern → service means: why the family cares (S7)
    signal = models.CharField(max_length=60)
    conditions = models.JSONField(default=list, blank=True)
    condition = models.TextField(default="true", editable=False)
    promise_kind = models.CharField(max_length=40)
    who = models.CharField(max_length=10, choices=Who, default=Who.HOME_GUIDE)
    days_after = models.SmallIntegerField(default=0)  # 0: the day itself; negative: before it
    due = models.CharField(max_length=8, choices=Due, default=Due.SUNDOWN)
    within_hours = models.PositiveSmallIntegerField(default=2)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.CARE)
    channel = models.CharField(max_length=6, choices=Medium, default=Medium.PHONE)
    script = models.ForeignKey(Script, models.PROTECT, related_name="+")
    weight = models.FloatField(default=1.0)
    is_on = models.BooleanField(default=True)
    edited_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["signal"], name="playbook_on", condition=Q(is_on=True))]

    def __str__(self) -> str:
        return str(self.name)


class Round(models.Model):
    """Something done once a day, such as a morning plan; written down when it is done."""

    name = models.CharField(max_length=40)
    zone = models.CharField(max_length=40)
    on = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(default=now)
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "zone", "on"], name="playbooks_round_once")
        ]
